"""What each node is asked for beside what it is likely to bring: chance, growth on last year and on its usual year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.periods import years_before
from quotum.engine.forecasting import NodeForecast, chance_of_reaching
from quotum.engine.tables.company import Company
from quotum.engine.tables.feasibility_tables import NODES_SCHEMA
from quotum.engine.tables.plan_settings import LEVELS, PlanSettings, Target
from quotum.engine.tables.schema import E4

Floats = npt.NDArray[np.float64]

COMPANY = "company"
OWN, BY_LAST_YEAR = "own", "last_year"
"""Where a node's target comes from: given to it, or its part of the company's by last year's amounts."""


def weigh_nodes(
    company: Company, settings: PlanSettings, target: Target, forecast: NodeForecast | None
) -> pl.DataFrame:
    """Return a line a node and level (``NODES_SCHEMA``), the company first.

    Without a forecast there is the company alone, with what is asked and nothing beside it. ``chance`` is the part of
    the simulated years that reach the target, null where the node has no history.
    """
    if forecast is None:
        nodes = pl.DataFrame({"dimension": [COMPANY], "node": [""]})
        return _lines(nodes, target, {level: np.array([float(target.of_level(level))]) for level in LEVELS})
    at = forecast.totals["dimension"].is_in([COMPANY, "unit", "person"]).arg_true().to_numpy()
    totals = forecast.totals[at]
    sold = totals["last_year_minor"].to_numpy().astype(np.float64)
    part = sold / sold[0] if sold[0] > 0 else np.where(totals["dimension"] == COMPANY, 1.0, np.nan)
    given = _read_own_targets(company, settings, target)
    own = [given.get(key, {}) for key in totals.select("dimension", "node").iter_rows()]
    asked = {level: np.rint(target.of_level(level) * part) for level in LEVELS}
    for place, levels in enumerate(own):
        if "commit" in levels:
            asked["stretch"][place] += levels["commit"] - asked["commit"][place]
        for level, amount in levels.items():
            asked[level][place] = amount
    average = _average_years(settings, forecast)
    nodes = totals.select(
        "dimension", "node", "last_year_minor", "mean_minor", "low_minor", "high_minor",
        basis=pl.Series([OWN if levels or d == COMPANY else BY_LAST_YEAR
                         for levels, d in zip(own, totals["dimension"], strict=True)]),
    ).join(average, on=("dimension", "node"), how="left", maintain_order="left")  # fmt: skip
    return _lines(nodes, target, asked, forecast.paths[at])


def _lines(
    nodes: pl.DataFrame, target: Target, asked: dict[str, Floats], paths: Floats | None = None
) -> pl.DataFrame:
    """Return the lines of both levels; nodes of which nothing is asked are left out."""
    frames = []
    for level in LEVELS:
        frame = nodes.with_columns(measure=pl.lit(target.measure), level=pl.lit(level))
        wanted = pl.Series("target_minor", asked[level], dtype=pl.Float64, nan_to_null=True)
        frame = frame.with_columns(wanted.cast(pl.Int64))
        if paths is not None and paths.shape[1]:
            chance = np.where(asked[level] > 0, chance_of_reaching(paths, asked[level]), np.nan)
            known = pl.col("high_minor") > pl.col("low_minor")  # without tests there is no range, and no chance
            frame = frame.with_columns(chance=pl.when(known).then(pl.Series(chance, nan_to_null=True)))
        frames.append(frame)
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in NODES_SCHEMA.items() if name not in frames[0]]
    lines = pl.concat(frames).with_columns(missing).with_columns(
        growth=_growth("last_year_minor"), growth_on_average=_growth("average_minor")
    )  # fmt: skip
    order = {level: place for place, level in enumerate(LEVELS)}
    place = pl.col("level").replace_strict(order, return_dtype=pl.Int8)
    ranked = lines.with_row_index("line").with_columns(pl.col("line") % nodes.height)
    asked_of = (pl.col("target_minor") > 0) | (pl.col("dimension") == COMPANY)
    return ranked.sort("line", place).filter(asked_of).select(list(NODES_SCHEMA)).cast(NODES_SCHEMA)  # type: ignore[arg-type]


def _growth(before: str) -> pl.Expr:
    return pl.when(pl.col(before) > 0).then(pl.col("target_minor") / pl.col(before) - 1)


def _read_own_targets(
    company: Company, settings: PlanSettings, target: Target
) -> dict[tuple[str, str], dict[str, float]]:
    """Return the amounts of the whole plan that tables totals and locks give to units and people, by level."""
    unit = 10 ** settings.measures[target.measure].decimals / E4
    found: dict[tuple[str, str], dict[str, float]] = {}
    locks = company["locks"].filter(pl.col("kind") == "lock")
    for table in (company["totals"], locks):
        whole = table.filter(
            pl.col("measure") == target.measure,
            pl.col("dimension").is_in(["unit", "person"]),
            pl.col("since").is_null() | (pl.col("since") <= settings.since),
            pl.col("until").is_null() | (pl.col("until") >= settings.until),
        ).sort("dimension", "key", "layer", "amount_e4")
        for dimension, key, layer, amount in whole.select("dimension", "key", "layer", "amount_e4").iter_rows():
            found.setdefault((dimension, key), {})[layer] = round(amount * unit)
    for levels in found.values():
        extra = levels.pop("extra", None)
        if extra is not None and "commit" in levels:
            levels["stretch"] = levels["commit"] + extra
    return {node: levels for node, levels in found.items() if levels}


def _average_years(settings: PlanSettings, forecast: NodeForecast) -> pl.DataFrame:
    """Return ``dimension, node, average_minor``: the mean of the plan's dates in the years that are wholly known.

    Months are counted whole, so a plan that cuts a month has no average.
    """
    history, years = forecast.history, []
    span = history.select(first=pl.col("month").min(), last=pl.col("month").max().dt.offset_by("1mo")).row(0)
    for back in range(1, len(settings.history_years) + 1):
        since, until = years_before(settings.since, back), years_before(settings.until, back)
        whole = settings.since.day == 1 and settings.until.day == 1
        if whole and None not in span and span[0] <= since and until <= span[1]:
            years.append(history.filter((pl.col("month") >= since) & (pl.col("month") < until)))
    if not years:
        return pl.DataFrame(schema={"dimension": pl.String, "node": pl.String, "average_minor": pl.Int64})
    sums = pl.concat(years).group_by("dimension", "node").agg(pl.col("amount_minor").sum())
    return sums.select("dimension", "node", average_minor=(pl.col("amount_minor") / len(years)).round().cast(pl.Int64))
