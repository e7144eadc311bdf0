"""What the pictures of the docs are made of: colours, words, boxes, lines, a frame. Plain SVG without outside files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

INK, SOFT, LINE, GROUND = "#1f2a37", "#5b6b7d", "#c9d2dc", "#fbfaf6"
BLUE, GREEN, AMBER, RED, PALE = "#2f6db5", "#3c8d5f", "#d98a1f", "#b8443c", "#dbe7f4"
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'Noto Sans', sans-serif"
WIDTH = 720

Shapes = list[str]


def text(
    x: float, y: float, words: str, *, size: int = 15, color: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    """Return words with their base line at y."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def box(x: float, y: float, width: float, height: float, fill: str, edge: str = "none", radius: float = 4) -> str:
    """Return a rectangle."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}" '
        f'stroke="{edge}" stroke-width="1.5"/>'
    )


def line(points: Sequence[tuple[float, float]], color: str = SOFT, width: float = 1.5, dash: str = "") -> str:
    """Return a line through points."""
    way = " ".join(f"{x:g},{y:g}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{way}" fill="none" stroke="{color}" stroke-width="{width:g}"{dashes}/>'


def arrow(start: tuple[float, float], end: tuple[float, float], color: str = SOFT) -> str:
    """Return a line with a head at its end."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    sides = [(end[0] - 8 * math.cos(angle + turn), end[1] - 8 * math.sin(angle + turn)) for turn in (0.45, -0.45)]
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in [end, *sides])
    return line([start, end], color) + f'<polygon points="{head}" fill="{color}"/>'


def card(x: float, y: float, width: float, words: Sequence[str], *, strong: bool = False) -> str:
    """Return a box with a name and a number under it."""
    fill, edge = (PALE, BLUE) if strong else ("#ffffff", LINE)
    middle = x + width / 2
    return "".join(
        [
            box(x, y, width, 52, fill, edge, 6),
            text(middle, y + 21, words[0], size=14, color=SOFT, anchor="middle"),
            text(middle, y + 42, words[1], size=16, anchor="middle", bold=strong),
        ]
    )


def picture(height: int, title: str, shapes: Sequence[str]) -> str:
    """Return the whole SVG on its light ground."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FONT}">\n<title>{escape(title)}</title>\n'
        + box(0.75, 0.75, WIDTH - 1.5, height - 1.5, GROUND, LINE, 10)
        + "\n"
        + "\n".join(shapes)
        + "\n</svg>\n"
    )
