"""Walks the stories of director, manager and rep through the demonstration and takes the pictures of the web's pages.

``python scripts/web_pictures.py`` starts the demonstration (``--base ADDRESS`` takes one that runs), walks on desktop
and phone in English and Chinese, checks that no page is wider than its window, and writes docs/images/web/*.png, each
with a palette and of no more than 80 kB.
"""

from __future__ import annotations

import argparse
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "web"))
PICTURES = ROOT / "docs" / "images" / "web"
MOST_BYTES = 80_000
HEIGHTS = {"desktop": 850, "phone": 740}


@dataclass(frozen=True)
class Shot:
    """A page in a story: who, on what, in which language, where it lies or what is clicked to get there."""

    name: str
    who: str
    profile: str
    language: str
    path: str
    click: str = ""


SHOTS = (
    Shot("director-standing", "director", "desktop", "en", "/"),
    Shot("director-target", "director", "desktop", "zh-hans", "/setups/", "a.button"),
    Shot("director-scores", "director", "desktop", "en", "/scores/"),
    Shot("director-standing-phone", "director", "phone", "zh-hans", "/"),
    Shot("manager-team", "manager", "desktop", "en", "/monday/"),
    Shot("manager-plan", "manager", "desktop", "zh-hans", "/plans/", "tbody th a"),
    Shot("manager-scores-phone", "manager", "phone", "en", "/scores/"),
    Shot("manager-team-phone", "manager", "phone", "zh-hans", "/monday/"),
    Shot("rep-today-phone", "rep", "phone", "en", "/"),
    Shot("rep-score-phone", "rep", "phone", "zh-hans", "/scores/", ".score-bar a"),
    Shot("rep-line-phone", "rep", "phone", "en", "/scores/", ".score-bar a >> table a"),
    Shot("rep-week", "rep", "desktop", "zh-hans", "/week/"),
    Shot("director-workspace", "director", "desktop", "en", "/plans/", "tbody th a >> a[href$='/workspace/']"),
    Shot("director-workspace-phone", "director", "phone", "zh-hans", "/plans/", "tbody th a >> a[href$='/workspace/']"),
)


@contextmanager
def demonstration(base: str) -> Iterator[str]:
    """Yield the address of a demonstration: the one given, else one of our own."""
    if base:
        yield base
        return
    from running_site import running_site

    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder) / "data", "--demo") as own:
        yield own


def sign_in(context: Any, who: str) -> Any:
    """Return a page of somebody who has signed in."""
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto("/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", "demo-quotum")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    return page


def make_draft(page: Any) -> None:
    """Make a plan, for the demonstration's own is in force and its numbers are only looked at."""
    page.goto("/setups/")
    page.locator("form[action$='/plan/'] button").first.click()
    page.wait_for_selector(".job a[href^='/plans/']")


def walk(browser: Any, base: str, only: list[str], *, check: bool) -> list[str]:
    """Take every picture and return what was wrong: pages wider than the window, serious barriers."""
    from browsing import AXE, PROFILES, find_barriers

    wrong: list[str] = []
    for shot in (shot for shot in SHOTS if not only or shot.name in only):
        context = browser.new_context(base_url=base, **PROFILES[shot.profile])
        page = sign_in(context, shot.who)
        if shot.name == "director-workspace":
            make_draft(page)
        if page.locator("#language").input_value() != shot.language:
            with page.expect_navigation():
                page.locator("#language").select_option(shot.language)
        page.goto(shot.path)
        for target in filter(None, shot.click.split(" >> ")):
            page.locator(target).first.click()
            page.wait_for_load_state()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)  # charts draw themselves
        wide, window = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        device = PROFILES[shot.profile]["viewport"]["width"]
        if max(wide, window) > device:
            wrong.append(f"{shot.name}: {max(wide, window)} pixels wide, the window has {device}")
        if check and AXE.exists():
            wrong += [f"{shot.name}: {barrier}" for barrier in find_barriers(page)]
        path = PICTURES / f"{shot.name}.png"
        page.screenshot(path=path, clip={"x": 0, "y": 0, "width": device, "height": HEIGHTS[shot.profile]},
                        scale="css")  # fmt: skip
        shrink(path)
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB", flush=True)
        context.close()
    return wrong


def shrink(path: Path) -> None:
    """Write a picture with a palette: its commonest colours, fewer until it is small enough."""
    pixels = read_png(path.read_bytes())
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    colours, place, counts = np.unique(packed, return_inverse=True, return_counts=True)
    for most in (96, 48, 24, 12):
        kept = colours[np.argsort(-counts, kind="stable")[:most]]
        known, every = unpack(kept), unpack(colours)
        nearest = np.concatenate([
            np.abs(part[:, None, :] - known[None]).sum(axis=2).argmin(axis=1) for part in np.array_split(every, 64)
        ])  # fmt: skip
        content = write_png(nearest[place].reshape(pixels.shape[:2]).astype(np.uint8), known.astype(np.uint8))
        if len(content) <= MOST_BYTES:
            break
    path.write_bytes(content)


def unpack(colours: np.ndarray) -> np.ndarray:
    """Return colours as red, green, blue."""
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)


def read_png(content: bytes) -> np.ndarray:
    """Return the pixels (rows, columns, 3) of a browser's picture: eight bits, no palette, not interlaced."""
    at, data = 8, b""
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        part = content[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, _bits, colour = struct.unpack(">IIBB", part[:10])
        data += part if kind == b"IDAT" else b""
        at += size + 12
    depth = {2: 3, 6: 4}[colour]
    raw = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, 1 + width * depth)
    rows = np.zeros((height + 1, width * depth), dtype=np.uint8)
    for k in range(height):
        rows[k + 1] = unfilter(raw[k, 0], raw[k, 1:], rows[k], depth)
    return rows[1:].reshape(height, width, depth)[:, :, :3]


def unfilter(kind: int, row: np.ndarray, above: np.ndarray, depth: int) -> np.ndarray:
    """Undo what a row of a PNG was filtered with."""
    if kind in (0, 2):
        return row + above if kind else row
    if kind == 1:
        return row.reshape(-1, depth).cumsum(axis=0, dtype=np.uint64).astype(np.uint8).ravel()
    out, up, given = [0] * depth, [0] * depth + above.tolist(), row.tolist()
    for k, value in enumerate(given):
        left, over, corner = out[k], up[k + depth], up[k]
        guess = left + over - corner
        near = min((abs(guess - each), order, each) for order, each in enumerate((left, over, corner)))[2]
        out.append((value + (near if kind == 4 else (left + over) // 2)) & 255)
    return np.array(out[depth:], dtype=np.uint8)


def write_png(places: np.ndarray, palette: np.ndarray) -> bytes:
    """Return a picture of places in a palette."""
    height, width = places.shape

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = np.concatenate([np.zeros((height, 1), dtype=np.uint8), places], axis=1)
    return (b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
            + part(b"PLTE", palette.tobytes()) + part(b"IDAT", zlib.compress(rows.tobytes(), 9)) + part(b"IEND", b""))


def main() -> int:
    """Take the pictures; return 1 where a page was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="", help="the address of a demonstration that runs")
    parser.add_argument("--check", action="store_true", help="also look for barriers with axe")
    parser.add_argument("only", nargs="*", help="names of pictures; all without any")
    asked = parser.parse_args()
    from browsing import launch
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    with demonstration(asked.base) as base, sync_playwright() as playwright:
        browser = launch(playwright)
        wrong = walk(browser, base, asked.only, check=asked.check)
        browser.close()
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
