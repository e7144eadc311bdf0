"""How long 10,000 rows take to meet twelve months of the company and of every unit, beside splitting and reading them.

``python -m benchmarks.crossing [--rows N] [--units N] [--runs N] [--json]``

The months are the season bent by up to a fifth, unit by unit; in the second table one of them is too high by a cent,
so that the totals in conflict have to be found.
"""

from __future__ import annotations

import argparse
import json
from datetime import date

import numpy as np
import polars as pl

from benchmarks._measuring import describe_machine, measure, print_table
from quotum.adapters.calendars import list_days
from quotum.engine.basics.issues import Issue
from quotum.engine.decomposition.anchors import anchor_locks
from quotum.engine.planning import calendar_span, make_plan
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, Measure, PlanSettings, Target
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.schema import TABLES

BAR_SECONDS = 5.0
SINCE, UNTIL = date(2027, 1, 1), date(2028, 1, 1)


def build(num_rows: int, num_units: int) -> tuple[Company, Plan]:
    """Return a company of people in units, and its plan without totals."""
    units = ["top", *(f"U{u:04}" for u in range(num_units))]
    people = [f"P{p:05}" for p in range(num_rows)]
    ability = np.random.default_rng(7).pareto(2.0, num_rows) + 0.1
    tables = {
        "units": pl.DataFrame({"unit": units, "parent": [None, *["top"] * num_units]}),
        "people": pl.DataFrame({"person": people, "unit": [units[1 + p % num_units] for p in range(num_rows)],
                                "ability": ability}),
    }  # fmt: skip
    company = Company.of(tables)
    ability_basis = (("ability", 1.0),)
    settings = PlanSettings(
        name="Crossing", since=SINCE, until=UNTIL, as_of=date(2026, 12, 31), country="DE",
        targets=(Target("revenue", 10**11, 10**11),), measures={"revenue": Measure("revenue", decimals=2)},
        steps=(AcrossStep("unit", "unit", basis=ability_basis), AcrossStep("person", "person", basis=ability_basis),
               AlongStep("calendar", season="flat")),
    )  # fmt: skip
    days, _ = list_days(settings.country, *calendar_span(settings))
    plan, issues = make_plan(company, settings, days)
    assert plan is not None, issues
    return company, plan


def give_months(company: Company, plan: Plan, off_minor: int = 0) -> Company:
    """Return the company with a total for each month of each unit and of the company, one of them off."""
    found, _ = cut_slice(plan, Request(by=("unit",), grain="month"))
    months = found["amount"].to_numpy().reshape(-1, 12)
    bent = np.floor(months * np.random.default_rng(8).uniform(0.8, 1.2, months.shape)).astype(np.int64)
    bent[:, -1] += months.sum(axis=1) - bent.sum(axis=1)
    keys = found["unit"].to_list()[::12]
    of_company = bent.sum(axis=0)
    of_company[0] += off_minor
    starts = [date(2027, m, 1) for m in range(1, 13)]
    lines = [
        {"measure": "revenue", "layer": "commit", "dimension": unit and "unit", "key": unit, "since": start,
         "until": until, "amount_e4": int(amount) * 100}
        for unit, amounts in zip([*keys, None], [*bent, of_company], strict=True)
        for start, until, amount in zip(starts, [*starts[1:], UNTIL], amounts, strict=True)
    ]  # fmt: skip
    return Company.of({**company.tables, "totals": pl.DataFrame(lines, schema=TABLES["totals"].schema)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=40)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    company, plan = build(asked.rows, asked.units)
    given, clash = give_months(company, plan), give_months(company, plan, off_minor=1)
    anchors, issues = anchor_locks(given, plan)
    assert not issues, issues
    assert anchors.height == 11 * asked.rows

    def conflict() -> list[Issue]:
        return anchor_locks(clash, plan)[1]

    assert [issue.rule for issue in conflict()] == ["totals_conflict"]
    timings = {
        "read the months of all rows": measure(
            lambda: cut_slice(plan, Request(by=("person",), grain="month")), asked.runs
        ),
        "meet the totals": measure(lambda: anchor_locks(given, plan), asked.runs),
        "find the totals in conflict": measure(conflict, asked.runs),
    }
    machine = describe_machine("polars", "numba", "numpy")
    if asked.json:
        print(json.dumps({"machine": machine, "seconds": {name: t.median for name, t in timings.items()}}, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    read = timings["read the months of all rows"].least
    print_table(
        f"{asked.rows:,} rows x 12 months, {asked.units} units and the company (bar: {BAR_SECONDS:g} s)",
        ["what", "least / median / most", "ratio to reading"],
        [[name, str(timing), f"{timing.least / read:.1f}"] for name, timing in timings.items()],
    )


if __name__ == "__main__":
    main()
