"""How often the range of an outlook holds: real sales, reviewed in the middle of every year that can be cut out.

``python -m benchmarks.outlooks [--json]``

AdventureWorks, July 2019 to June 2022: reseller sales, as the example plans them (company, units, people), and all
sales (areas, channels and categories too; June 2022 is not complete). At every month's end from September 2020 on, a
plan is laid so that three, six or nine of its months are left; what the forecast says of them, as ``quotum review``
uses it, is held against what came. A node that is a copy of another counts once.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks._forecast_sets import ADVENTUREWORKS, DIMENSIONS, INTERNET, ROOT
from benchmarks._measuring import describe_machine, print_table
from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.engine.forecasting import NodeForecast, forecast_nodes
from quotum.engine.planning import calendar_span, up_to
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings

BAR = (0.75, 0.85)
LEFT = (3, 6, 9)
FIRST = date(2020, 10, 1)  # the first day of the first rest
KEYS = ["dimension", "node"]
SETS = {"resellers": (("unit", "person"), date(2022, 7, 1)), "all sales": (DIMENSIONS, date(2022, 6, 1))}
"""By set: the trees, and the day after the last sale that counts."""


def read_set(folder: Path, name: str) -> tuple[Company, PlanSettings]:
    """Return AdventureWorks with its reseller sales, or with all."""
    text = (ROOT / "examples" / "adventureworks" / "plan.toml").read_text(encoding="utf-8")
    later = text.replace("until = 2021-07-01 }", "until = 2022-07-01 }")
    assert later != text
    if name != "resellers":
        later = later[: later.index("[import.sales]")].replace("[import.customers]", "[[import.customers]]") + INTERNET
    (folder / "plan.toml").write_text(later, encoding="utf-8")
    opened = open_company(folder, (), ADVENTUREWORKS)
    assert opened.settings is not None, opened.issues
    return opened.company, opened.settings


def move(day: date, months: int) -> date:
    """Return the first of a month so many months later."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def look_ahead(company: Company, settings: PlanSettings, since: date, left: int, trees: Sequence[str]) -> NodeForecast:
    """Return the forecast of the months from ``since``, made on what was known before."""
    rest = replace(settings, since=since, until=move(since, left), as_of=since - timedelta(days=1))
    days, _ = list_days(rest.country, *calendar_span(rest))
    return forecast_nodes(up_to(company, rest.as_of), rest, days, "revenue", trees)


def measure(company: Company, settings: PlanSettings, trees: Sequence[str], last: date) -> pl.DataFrame:
    """Return every range: ``dimension, node, mean_minor, low_minor, high_minor, came, since, left``."""
    sold = look_ahead(company, settings, last, 1, trees).history
    frames = []
    for left in LEFT:
        since = FIRST
        while move(since, left) <= last:
            ahead = sold.filter(pl.col("month") >= since, pl.col("month") < move(since, left))
            came = ahead.group_by(KEYS).agg(came=pl.col("amount_minor").sum())
            found = look_ahead(company, settings, since, left, trees).totals.drop_nulls("low_minor")
            both = found.join(came, on=KEYS).sort(KEYS)
            once = both.unique(["mean_minor", "came", "last_year_minor"], keep="first", maintain_order=True)
            figures = once.select(*KEYS, "mean_minor", "low_minor", "high_minor", "came")
            frames.append(figures.with_columns(since=pl.lit(since), left=pl.lit(left)))
            since = move(since, 1)
    return pl.concat(frames)


def summarize(frame: pl.DataFrame) -> dict[str, Any]:
    """Return how many ranges there are, how many hold, and how many were left below and above."""
    below, above = frame["came"] < frame["low_minor"], frame["came"] > frame["high_minor"]
    return {
        "origins": frame["since"].n_unique(), "ranges": frame.height, "held": 1 - (below | above).mean(),
        "below": below.mean(), "above": above.mean(),
        "width": ((frame["high_minor"] - frame["low_minor"]) / frame["mean_minor"].clip(1)).median(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for name, (trees, last) in SETS.items():
        with tempfile.TemporaryDirectory() as folder:
            found = measure(*read_set(Path(folder), name), trees, last)
        parts = [(left, found.filter(pl.col("left") == left)) for left in LEFT]
        rows += [{"set": name, "left": left, **summarize(part)} for left, part in [*parts, (0, found)]]
    if asked.json:
        print(json.dumps({"machine": describe_machine("numpy", "polars"), "rows": rows}, indent=2))
        return
    print_table(
        f"Ranges of 80 % of the outlook on AdventureWorks; bar {BAR[0]:.0%} to {BAR[1]:.0%}",
        ["set", "months left", "reviews", "ranges", "held", "came below", "came above", "median width : mean"],
        [[row["set"], str(row["left"] or "all"), str(row["origins"]), str(row["ranges"]), f"{row['held']:.1%}",
          f"{row['below']:.1%}", f"{row['above']:.1%}", f"{row['width']:.0%}"] for row in rows],
    )  # fmt: skip


if __name__ == "__main__":
    main()
