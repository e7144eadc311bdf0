"""Charts and maps in a browser under the policy of the site: drawn without eval, style elements or other hosts."""

import json
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from little_site import BUILT, little_site, page_with

pytestmark = pytest.mark.skipif(
    not (BUILT / "charts.js").exists(),
    reason="the scripts of the pages are not built (no Node or no network at set-up)",
)
MONTHS = [{"month": month, "amount": 100_000 * month} for month in range(1, 13)]
CHART = {
    "spec": {
        "data": {"values": MONTHS}, "mark": {"type": "bar", "tooltip": True}, "height": 200,
        "transform": [{"calculate": "datum.amount * 1", "as": "shown"}],
        "encoding": {
            "x": {"field": "month", "type": "ordinal"},
            "y": {"field": "shown", "type": "quantitative", "axis": {"format": "short", "formatType": "amount"}},
        },
    }
}  # fmt: skip
MAP = {
    "areas": {"type": "FeatureCollection", "features": [{
        "type": "Feature", "properties": {"name": "East"},
        "geometry": {"type": "Polygon", "coordinates": [[[117, 36], [118, 36], [118, 37], [117, 37], [117, 36]]]},
    }]},
    "points": [
        *({"lat": 36 + n / 1e4, "lon": 117 + n / 1e4, "label": f"No {n}", "kind": "customer"} for n in range(5000)),
        {"lat": 36.5, "lon": 117.5, "label": "<b>First</b> & Sons", "kind": "visit", "number": 1, "href": "#first"},
        {"lat": 36.6, "lon": 117.4, "label": "Second", "kind": "done", "number": 2},
    ],
    "lines": [{"points": [[36.5, 117.5], [36.6, 117.4]], "kind": "visit"}],
}  # fmt: skip


def showing(module: str, given: dict) -> AbstractContextManager[str]:
    """A page with one element, its JSON beside it, and what people see without scripts inside."""
    name = module.removesuffix("s")
    inside = json.dumps(given).replace("<", "\\u003c")
    table = "<table><caption>By month</caption><tr><th>1</th></tr></table>"
    body = f'<script type="application/json" id="given">{inside}</script>'
    body += f'<q-{name} for="given" data-label="By month" data-fallback="As a table">{table}</q-{name}>'
    return little_site(lambda *request: (200, page_with(module, body, "zh-Hans")))


def test_a_chart_is_drawn_with_amounts_in_the_readers_units(open_page, barriers):
    with showing("charts", CHART) as base:
        page = open_page(base)
        page.wait_for_selector("q-chart[data-state=drawn] svg")
        assert page.locator("q-chart svg").get_attribute("aria-label") == "By month"
        assert page.locator("q-chart svg text", has_text="万").count() > 3  # 100万, not 1M
        assert page.locator("q-chart svg path[aria-roledescription=bar]").count() == 12
        page.locator("q-chart svg path[aria-roledescription=bar]").nth(11).hover()
        page.wait_for_selector("#vg-tooltip-element.visible")
        assert page.locator("q-chart details caption").count() == 1  # the table is still there, folded away
        assert barriers(page) == []


def test_a_map_is_drawn_without_tiles(open_page, barriers):
    with showing("map", MAP) as base:
        page = open_page(base, profile="phone")
        page.wait_for_selector("q-map[data-state=drawn]")
        assert page.locator("q-map canvas").count() == 1  # thousands of dots on one canvas
        stop = page.locator("q-map .q-stop-visit")
        assert stop.inner_text() == "1"
        stop.focus()
        page.keyboard.press("Enter")
        popup = page.locator(".leaflet-popup-content a")
        popup.wait_for()
        assert popup.inner_text() == "1. <b>First</b> & Sons"  # text, never markup
        assert popup.get_attribute("href") == "#first"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert barriers(page) == []


def test_points_are_shifted_for_chinese_tiles(open_page):
    """The datum of Chinese providers: a published pair of coordinates, and none outside China."""
    module = (Path(__file__).parents[2] / "src/quotum/web/assets/datum.js").read_text(encoding="utf-8")
    with showing("map", {"points": []}) as base:
        page = open_page(base)
        points = "\n;[toGcj02(39.915, 116.404), toGcj02(48.85, 2.35)]"
        shifted = page.evaluate(module.replace("export function", "function") + points)
    assert shifted[0] == pytest.approx([39.91640428, 116.41024450], abs=1e-7)
    assert shifted[1] == [48.85, 2.35]


