"""Where everybody stands: the plan in force against what was sold, this month and this year, counted as reviews do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from threading import Lock

import numpy as np
import polars as pl

from quotum.engine.planning import up_to
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.ownership import list_holdings
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tracking.crediting import credit_sales, to_minor
from quotum.engine.tracking.sources import count_as_sales
from quotum.web.bridge.company import open_records
from quotum.web.bridge.plans import open_plan
from quotum.web.bridge.visits import working_days


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's amounts in smallest units: what a period asks in all and up to the day, and what came of it."""

    month: int = 0
    month_due: int = 0
    month_actual: int = 0
    year: int = 0
    year_due: int = 0
    year_actual: int = 0


@dataclass(frozen=True, slots=True)
class Standings:
    """Everybody's standing on a day, and the working days of its month from that day on."""

    measure: str
    currency: str
    decimals: int
    days_left: int
    people: Mapping[str, Standing] = field(default_factory=dict)


_one_at_a_time = Lock()


def tell_standings(address: str, text: str, day: date, version: str) -> Standings | None:
    """Return where everybody stands on a day by the plan at an address; None where the plan has no numbers of people.

    ``text`` is the plan's plan.toml. ``version`` names the state of the tables; while it stays, so does the answer,
    which is worked out once a process.
    """
    with _one_at_a_time:
        return _work_out(address, text, day, version)


@lru_cache(maxsize=4)
def _work_out(address: str, text: str, day: date, version: str) -> Standings | None:  # noqa: ARG001
    plan, opened = open_plan(address), open_records(text)
    settings = replace(plan.settings, as_of=day)
    measure = settings.measures[settings.targets[0].measure]
    if opened.settings is None or measure.kind != "flow" or not settings.since <= day < settings.until:
        return None
    company = count_as_sales(up_to(in_key_order(opened.company), day), measure)
    first = day.replace(day=1)
    end = (first + timedelta(days=32)).replace(day=1)
    lines, _ = credit_sales(company, settings, measure, list_holdings(company, settings))
    after = day + timedelta(days=1)
    spans = {
        "month": (first, end), "month_due": (first, after), "year": (settings.since, settings.until),
        "year_due": (settings.since, after),
    }  # fmt: skip
    parts: dict[str, dict[str, int]] = {name: _planned(plan, *span) for name, span in spans.items()}
    parts["month_actual"] = _came(lines.filter(pl.col("date") >= first), measure.decimals)
    parts["year_actual"] = _came(lines, measure.decimals)
    people = sorted({person for part in parts.values() for person in part})
    told = {person: Standing(**{name: part.get(person, 0) for name, part in parts.items()}) for person in people}
    left = len(working_days(settings.country, day, end))
    return Standings(measure.name, settings.currency, measure.decimals, left, told)


def _planned(plan: Plan, since: date, until: date) -> dict[str, int]:
    """Return what the plan asks of each person in a span."""
    since, until = max(since, plan.settings.since), min(until, plan.settings.until)
    frame, _ = cut_slice(plan, Request(by=("person",), since=since, until=until))
    return dict(frame.select("person", "amount").drop_nulls("person").iter_rows()) if "amount" in frame.columns else {}


def _came(lines: pl.DataFrame, decimals: int) -> dict[str, int]:
    """Return what was credited to each person."""
    sums = lines.group_by("person").agg(pl.col("value_e4").sum()).drop_nulls("person").sort("person")
    amounts = to_minor(sums["value_e4"].to_numpy().astype(np.int64), decimals)
    return dict(zip(sums["person"].to_list(), amounts.tolist(), strict=True))
