"""How long one changed node takes in a plan that lies in memory, beside copying the table it changes.

``python -m benchmarks.revising [--rows 100000] [--json]``

The plan is made up: units of a hundred people, every person a row with ten customers below it. Each figure is a whole
``revise_plan``: slice found, difference shared and absorbed, cuts followed, tables of the new plan made.
"""

from __future__ import annotations

import argparse
import json
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import polars as pl

from benchmarks._measuring import describe_machine, measure, print_table
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, Measure, PlanSettings, Target
from quotum.engine.tables.plan_tables import PLAN_SCHEMAS, Plan

SINCE, UNTIL = date(2027, 1, 1), date(2028, 1, 1)
CUSTOMERS, PEOPLE = 10, 100


def make_plan(num_rows: int) -> Plan:
    """Return a plan of people in units of a hundred, each with ten customers."""
    chance = np.random.default_rng(1)
    num_units = num_rows // PEOPLE
    person, unit = np.arange(num_rows), np.arange(num_rows) // PEOPLE
    customers = chance.integers(1, 50_000, num_rows * CUSTOMERS)
    amounts = customers.reshape(num_rows, CUSTOMERS).sum(axis=1)
    steps = (AcrossStep("unit", "unit"), AcrossStep("person", "person", of="unit"), AlongStep("calendar", of="person"),
             AcrossStep("customer", "customer", of="person"))  # fmt: skip
    total = int(amounts.sum())
    settings = PlanSettings("Made up", SINCE, UNTIL, date(2026, 12, 31), (Target("revenue", total, total),), steps,
                            {"revenue": Measure("revenue", decimals=2)})  # fmt: skip
    units, people = [f"U{k:05}" for k in range(num_units)], [f"P{k:07}" for k in range(num_rows)]
    days = [SINCE + timedelta(days=k) for k in range((UNTIL - SINCE).days)]
    tables = {name: pl.DataFrame(schema=schema) for name, schema in PLAN_SCHEMAS.items()}
    tables["quotas"] = _table("quotas", row=person, measure="revenue", unit=[units[k] for k in unit], person=people,
                              since=SINCE, until=UNTIL, curve=person % 50, offset=person * 0.618 % 1, commit=amounts,
                              extra=np.zeros(num_rows, dtype=np.int64))  # fmt: skip
    parts = [
        _split("unit", np.arange(num_units), np.full(num_units, -1), units, np.add.reduceat(amounts, person[::PEOPLE])),
        _split("person", num_units + person, unit, people, amounts),
        _split("customer", num_units + num_rows + np.arange(len(customers)), np.repeat(num_units + person, CUSTOMERS),
               [f"C{k:08}" for k in range(len(customers))], customers),
    ]  # fmt: skip
    tables["splits"] = pl.concat(parts)
    tables["curves"] = _table("curves", curve=np.arange(50), season=np.arange(50), calendar=0, since=SINCE, until=UNTIL)
    tables["seasons"] = _table("seasons", season=np.repeat(np.arange(50), 12), month=np.tile(np.arange(1, 13), 50),
                               rate=chance.random(600) + 0.5)  # fmt: skip
    tables["days"] = _table("days", calendar=0, date=days, weight=[float(d.weekday() < 5) for d in days])
    tables["members"] = _table("members", dimension=["unit"] * num_units + ["person"] * num_rows, key=units + people,
                               unit=[None] * num_units + [units[k] for k in unit])  # fmt: skip
    cut = pl.DataFrame({"row": np.repeat(person, CUSTOMERS).astype(np.int32), "customer": parts[2]["member"],
                        "commit": customers, "extra": np.zeros_like(customers)})  # fmt: skip
    return Plan(settings, tables, {"customer": cut})


def _table(name: str, **columns: object) -> pl.DataFrame:
    schema = PLAN_SCHEMAS[name]
    given = pl.DataFrame({k: v for k, v in columns.items() if not isinstance(v, str | int | date)})
    given = given.with_columns(pl.lit(v).alias(k) for k, v in columns.items() if isinstance(v, str | int | date))
    missing = [pl.lit(None).alias(k) for k in schema if k not in given.columns]
    return given.with_columns(missing).select(list(schema)).cast(schema)  # type: ignore[arg-type]


def _split(step: str, node: np.ndarray, parent: np.ndarray, members: list[str], amounts: np.ndarray) -> pl.DataFrame:
    total = pl.col("amount").sum().over("parent")
    return _table("splits", step=step, measure="revenue", node=node, parent=parent, dimension=step, member=members,
                  layer="commit", amount=amounts, why="free").with_columns(
        share=pl.col("amount") / total, real=pl.col("amount").cast(pl.Float64))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked, _ = parser.parse_known_args()
    plan = make_plan(asked.rows)
    march = {"since": date(2027, 3, 1), "until": date(2027, 4, 1)}
    cases = {
        "a person, siblings absorb": Change(
            "scale", (("person", "P0000123"),), factor=Fraction(11, 10), absorb="siblings"
        ),
        "a unit, the parent absorbs": Change("scale", (("unit", "U00007"),), factor=Fraction(11, 10)),
        "a unit's March, other months absorb": Change(
            "scale", (("unit", "U00007"),), factor=Fraction(11, 10), absorb="time", **march
        ),
        "a customer, others of its row absorb": Change(
            "scale", (("customer", "C00000456"),), factor=Fraction(11, 10), absorb="siblings"
        ),
        "the whole company's March": Change("scale", (), factor=Fraction(11, 10), **march),
    }
    copied = measure(lambda: plan["quotas"].select(pl.all().gather(np.arange(asked.rows))))
    rows = []
    for name, change in cases.items():
        made, issues = revise_plan(plan, [change])
        assert made is not None, issues
        timing = measure(lambda change=change: revise_plan(plan, [change]), runs=5)
        rows.append({"change": name, "milliseconds": round(timing.least * 1000, 1),
                     "ratio": round(timing.least / copied.least, 1)})  # fmt: skip
    if asked.json:
        print(json.dumps({"rows": asked.rows, "copy_milliseconds": copied.least * 1000, "results": rows}))
        return
    machine = ", ".join(f"{k} {v}" for k, v in describe_machine("polars", "numpy", "numba").items())
    print(machine)
    cells = [[r["change"], f"{r['milliseconds']:.1f}", f"{r['ratio']:.1f}"] for r in rows]
    print_table(f"{asked.rows:,} rows, {len(plan.cuts['customer']):,} customers: one change in memory",
                ["change", "milliseconds", f": copy of the rows ({copied.least * 1000:.1f} ms)"], cells)  # fmt: skip


if __name__ == "__main__":
    main()
