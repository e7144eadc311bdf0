"""A driver tree as a picture: plain SVG without outside fonts or files, from the goal on the left to what is known."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from quotum.adapters.printing.driver_tables import walk_tree, write_number
from quotum.adapters.printing.text_tables import printable, text_width
from quotum.engine.drivers import DriverTree

INK, SOFT, LINE, GROUND, BLUE, PALE = "#1f2a37", "#5b6b7d", "#c9d2dc", "#fbfaf6", "#2f6db5", "#dbe7f4"
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'Noto Sans', sans-serif"
_STEP, _HEIGHT, _GAP, _EDGE = 56, 42, 14, 20
_LONGEST = 30


def draw_tree(tree: DriverTree, values: Mapping[str, float | None], title: str) -> str:
    """Return the tree as SVG text: a card for each driver with its value; what is made from others is blue."""
    places = [(depth, name) for depth, name, _ in walk_tree(tree)]
    width = max([150, *(8 * text_width(_short(name)) + 28 for _, name in places)])
    rights = _EDGE * 2 + width + _STEP * max((depth for depth, _ in places), default=0)
    height = _EDGE * 2 + (_HEIGHT + _GAP) * len(places)
    shapes, above = [], list[tuple[float, float]]()
    for row, (depth, name) in enumerate(places):
        x, y = _EDGE + _STEP * depth, _EDGE + row * (_HEIGHT + _GAP)
        above[depth:] = [(x + _STEP / 2, y + _HEIGHT)]
        if depth:
            joint, top = above[depth - 1]
            way = f"{joint:g},{top:g} {joint:g},{y + _HEIGHT / 2:g} {x:g},{y + _HEIGHT / 2:g}"
            shapes.append(f'<polyline points="{way}" fill="none" stroke="{SOFT}" stroke-width="1.5"/>')
        shapes.append(_card(x, y, width, _short(name), write_number(values.get(name)), made=name in tree.formulas))
    named = escape(printable(title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {rights} {height}" width="{rights}" height="{height}" '
        f'role="img" aria-label="{named}" font-family="{FONT}">\n<title>{named}</title>\n'
        f'<rect width="{rights}" height="{height}" rx="10" fill="{GROUND}"/>\n' + "\n".join(shapes) + "\n</svg>\n"
    )


def _card(x: float, y: float, width: float, name: str, value: str, *, made: bool) -> str:
    fill, edge = (PALE, BLUE) if made else ("#ffffff", LINE)
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{_HEIGHT}" rx="6" fill="{fill}" stroke="{edge}"/>'
        f'<text x="{x + 12:g}" y="{y + 17:g}" font-size="13" fill="{SOFT}">{escape(name)}</text>'
        f'<text x="{x + 12:g}" y="{y + 35:g}" font-size="15" fill="{INK}">{escape(value)}</text>'
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
