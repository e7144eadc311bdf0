"""What an edit's preview in the workspace costs the processor, and a block pasted from a spreadsheet.

``python -m benchmarks.web_workspace [--size medium] [--keep FOLDER] [--cells 200] [--people 2000]``

The service of the page is asked without a server: the draft as it stands, the edit, what follows, the grid after it.
Ratios are to reading the plan's months of everybody in the same run. ``--people``: a turn of the wheel in a grid of so
many people and twelve months, in Debian's Chromium; left out where there is none.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._measuring import describe_machine
from benchmarks._web_ground import environment_of, make_data

ROOT = Path(__file__).parents[1]
WHO = "director"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="medium")
    parser.add_argument("--keep", type=Path, help="a folder for the data: it is filled once")
    parser.add_argument("--cells", type=int, default=200)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        measure_previews(asked.cells)
        return
    print(", ".join(f"{name} {value}" for name, value in describe_machine("polars", "numpy").items()))
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.keep or Path(passing) / "data"
        make_data(folder, asked.size, days=False)
        subprocess.run([sys.executable, "-m", "benchmarks.web_workspace", "--inside", "--cells", str(asked.cells)],
                       env=environment_of(folder), check=True)  # fmt: skip
    measure_scrolling(asked.people)


def cpu_ms(work: Callable[[], Any], times: int = 5) -> tuple[float, Any]:
    """Return the least milliseconds of processor that some work takes, and what it last came to."""
    least, result = float("inf"), None
    for _ in range(times):
        start = time.process_time()
        result = work()
        least = min(least, (time.process_time() - start) * 1000)
    return least, result


def measure_previews(num_cells: int) -> None:
    """Print what previews of one cell and of a block cost, within the environment of a site."""
    import django

    django.setup()
    from quotum.web.bridge.grids import read_grid
    from quotum.web.queries.permissions import require
    from quotum.web.queries.workspace import find_draft, grid_of, list_columns
    from quotum.web.records.models import PlanVersion, User
    from quotum.web.services.workspace import EditRefused, Typing, preview_edits, view_of

    version = PlanVersion.objects.order_by("at").first()
    assert version is not None
    version.state = "draft"  # here only: the record stays
    user, view = User.objects.get(username=WHO), view_of(version)
    draft = find_draft(version)
    rows, columns = grid_of(draft, view, require(user, "see_numbers")), list_columns(draft.plan.settings, view.grain)
    inner = {row.parent for row in rows}
    leaves = [row for row in rows if row.key not in inner and row.last_year]
    unit = next(row for row in rows if row.parent and row.key in inner)
    months = [at for at, column in enumerate(columns) if column.last - column.first == 1]
    decimals = draft.plan.settings.measures[view.measure].decimals

    def cell(row: Any, at: int, factor: float) -> Typing:
        return Typing(row.key, columns[at].key, f"{row.amounts[at] * factor / 10**decimals:.2f}")

    def preview(typings: list[Typing], absorb: str) -> Callable[[], int | None]:
        def ask() -> int | None:
            try:
                return sum(map(len, preview_edits(user, version, view, 0, typings, absorb).changed.values()))
            except EditRefused:
                return None

        return ask

    reading, _ = cpu_ms(lambda: read_grid(draft.plan, view, None))
    print(f"{len(rows)} rows, {len(columns)} columns; reading everybody's months: {reading:.0f} CPU-ms")
    singles = {"a person's month": [cell(leaves[5], months[5], 1.05)], "a person's year": [cell(leaves[5], 0, 1.03)],
               "a unit's month": [cell(unit, months[4], 1.02)], "a unit's year": [cell(unit, 0, 1.02)],
               "the company's year": [cell(rows[0], 0, 1.01)]}  # fmt: skip
    # People of many units, each typed in ten months: the others of a unit are there to absorb.
    apart = leaves[:: max(len(leaves) // max(num_cells // 10, 1), 1)]
    block = [cell(row, at, 1 + (1 + n % 7) / 1000) for n, row in enumerate(apart) for at in months[:10]][:num_cells]
    print(f"{'preview':26} {'absorbed by':12} {'CPU-ms':>8} {': reading':>10} {'numbers':>8}")
    for absorb in ("parent", "time", "siblings"):
        for what, typings in {**singles, f"a paste of {len(block)}": block}.items():
            spent, changed = cpu_ms(preview(typings, absorb), 2 if len(typings) > 1 else 5)
            if changed is not None:
                print(f"{what:26} {absorb:12} {spent:8.0f} {spent / reading:10.1f} {changed:8}", flush=True)


def measure_scrolling(people: int) -> None:
    """Print what turns of the wheel cost the browser's page, and the longest gap between two frames."""
    sys.path.insert(0, str(ROOT / "tests" / "web"))
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotum.web.site.tool_settings")
    import django

    django.setup()
    from browsing import find_chromium, launch
    from workspace_world import Plan, serving

    if not find_chromium():
        return
    with serving(Plan(people, 20)) as base, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 850})
        page.goto(base)
        page.wait_for_selector("q-workspace[data-state=ready] .rgCell")
        page.evaluate(
            """() => { const w = document.querySelector("q-workspace");
            for (const row of w.sheet.rows) if (row.children) w.sheet.openRows.add(row.key); w.grid.showRows();
            window.gaps = []; let last = performance.now();
            const turn = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(turn); };
            requestAnimationFrame(turn); }"""
        )
        page.wait_for_timeout(1_000)
        page.locator("revogr-data[type=rgRow] [data-rgrow='0'][data-rgcol='1']").first.hover()
        chrome = page.context.new_cdp_session(page)
        chrome.send("Performance.enable", {"timeDomain": "threadTicks"})

        def busy_ms() -> float:
            told = {metric["name"]: metric["value"] for metric in chrome.send("Performance.getMetrics")["metrics"]}
            return float(told["TaskDuration"]) * 1000

        page.evaluate("window.gaps.length = 0")
        turns = []
        for _ in range(60):
            before = busy_ms()
            page.mouse.wheel(0, 400)
            page.wait_for_timeout(50)
            turns.append(busy_ms() - before)
        gaps = sorted(page.evaluate("window.gaps"))
        drawn = page.locator("revogr-data[col-type=rgCol] .rgRow").count()
        loaded = os.getloadavg()[0]
        browser.close()
    turns.sort()
    print(json.dumps({
        "people": people, "rows drawn": drawn, "load average": round(loaded, 1),
        "page's CPU-ms a turn": {"median": round(turns[30], 1), "most": round(turns[-1], 1)},
        "ms between frames": {"median": round(gaps[len(gaps) // 2], 1), "longest": round(gaps[-1], 1)},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
