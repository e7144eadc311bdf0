"""Where everybody stands: attainment, pace and gap to date, what the rest must bring, and how the plan will end."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from quotum.engine.curves.day_weights import weigh_days
from quotum.engine.forecasting import NodeForecast, chance_of_reaching
from quotum.engine.tables.plan_settings import LEVELS, AlongStep, Measure, PlanSettings
from quotum.engine.tables.review_tables import COMPANY, REVIEW_SCHEMAS

WORKING_WEEK = 5
_SUMS = ("target_commit", "target_stretch", "to_date_commit", "to_date_stretch", "actual", "last_year", "rest")


def attain(
    places: pl.DataFrame, above: pl.DataFrame, forecast: NodeForecast | None, measure: Measure, working_days: int
) -> pl.DataFrame:
    """Return the table ``attainment`` of a measure.

    ``places`` have their ``AMOUNTS`` with ``actual`` and ``last_year``; ``above`` are the nodes with the places below
    them. ``forecast`` is that of the rest of the plan, None when nothing of it is left, and of a level, which stays
    as it is for all that is known, without a range. A node is the sum of its places, also in its outlook; its range is
    that of its own series, moved to where that sum lies.
    """
    rest = _rest_of_places(places, forecast)
    lines = places.with_columns(rest=rest, place=pl.int_range(pl.len(), dtype=pl.Int32))
    nodes = (
        above.join(lines.select("place", "in_plan", *_SUMS), on="place")
        .group_by("dimension", "node")
        .agg(pl.col("unit").first(), pl.col("in_plan").any(), pl.col(_SUMS).sum())
        .sort("dimension", "node")
    )
    tables = [_tell_level(nodes, level, forecast, measure, working_days) for level in LEVELS]
    order = pl.col("dimension").replace_strict({COMPANY: 0, "unit": 1, "person": 2}, return_dtype=pl.Int8)
    return pl.concat(tables).sort(order, "node", "level")


def count_working_days(days: pl.DataFrame, settings: PlanSettings) -> int:
    """Return the days of the plan after as_of on which work is done."""
    along = next((step for step in settings.steps if isinstance(step, AlongStep)), AlongStep("calendar"))
    since = max(settings.since, settings.as_of + timedelta(days=1))
    left = days.filter((pl.col("date") >= since) & (pl.col("date") < settings.until)).sort("date")
    return int((weigh_days(left, along.weekdays, along.holiday) > 0).sum())


def rest_of_plan(settings: PlanSettings) -> tuple[date, date]:
    """Return the days of the plan after as_of; empty when it is over."""
    return max(settings.since, settings.as_of + timedelta(days=1)), settings.until


def _rest_of_places(places: pl.DataFrame, forecast: NodeForecast | None) -> pl.Series:
    """Return what the rest of the plan is expected to bring each place; places without people take their unit's."""
    if forecast is None:
        return pl.repeat(0, places.height, dtype=pl.Int64, eager=True)
    known = {(d, n): mean for d, n, mean in forecast.totals.select("dimension", "node", "mean_minor").iter_rows()}
    means = [
        known.get(("person", person), 0) if person else known.get(("unit", unit) if unit else (COMPANY, ""), 0)
        for unit, person in places.select("unit", "person").iter_rows()
    ]
    return pl.Series(means, dtype=pl.Int64)


def _tell_level(
    nodes: pl.DataFrame, level: str, forecast: NodeForecast | None, measure: Measure, working_days: int
) -> pl.DataFrame:
    target = nodes[f"target_{level}"].to_numpy()
    actual, rest = nodes["actual"].to_numpy(), nodes["rest"].to_numpy()
    low: list[int | None] = []
    high: list[int | None] = []
    chance: list[float | None] = []
    lines = {} if forecast is None else {
        (d, n): (at, mean, lo, hi)
        for at, (d, n, mean, lo, hi) in enumerate(
            forecast.totals.select("dimension", "node", "mean_minor", "low_minor", "high_minor").iter_rows()
        )
    }  # fmt: skip
    for place, node in enumerate(nodes.select("dimension", "node").iter_rows()):
        wanted, outlook = int(target[place]), int(actual[place] + rest[place])
        found = lines.get(node)
        if forecast is None and measure.kind != "level":
            low.append(outlook)
            high.append(outlook)
            chance.append(float(outlook >= wanted))
        elif forecast is None or found is None or found[2] is None:
            low.append(None)
            high.append(None)
            chance.append(None)
        else:
            at, mean, lo, hi = found
            moved = outlook - mean
            low.append(moved + lo)
            high.append(moved + hi)
            chance.append(float(chance_of_reaching(forecast.paths[at], float(wanted - moved))))
    needed = np.maximum(target - actual, 0) / working_days if working_days else None
    frame = nodes.select(
        "dimension", "node", "unit", "in_plan", "actual", "last_year",
        measure=pl.lit(measure.name), level=pl.lit(level), decimals=pl.lit(measure.decimals, pl.Int64),
        target=f"target_{level}", plan_to_date=f"to_date_{level}", outlook=pl.col("actual") + pl.col("rest"),
        low=pl.Series(low, dtype=pl.Int64), high=pl.Series(high, dtype=pl.Int64),
        chance=pl.Series(chance, dtype=pl.Float64),
        needed_day=pl.lit(None, pl.Float64) if needed is None else pl.Series(needed),
        needed_week=pl.lit(None, pl.Float64) if needed is None else pl.Series(needed * WORKING_WEEK),
    )  # fmt: skip
    return frame.select(list(REVIEW_SCHEMAS["attainment"]))
