"""Every figure that formulas name, by grain: facts of tables, measures with their targets, heads, days, scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.events import count_events
from quotum.engine.appraisal.facts import Rows, measure_facts
from quotum.engine.appraisal.formulas import score_name
from quotum.engine.appraisal.schemes import Fact
from quotum.engine.appraisal.subjects import Subjects
from quotum.engine.basics.periods import Period, years_before
from quotum.engine.tables.plan_settings import Measure

Floats = npt.NDArray[np.float64]

TARGET_SCHEMA: dict[str, type[pl.DataType]] = {
    # Targets of people and units by month, as slices tell them: amounts in smallest units.
    "kind": pl.String, "key": pl.String, "measure": pl.String, "level": pl.String, "since": pl.Date, "until": pl.Date,
    "amount": pl.Int64,
}  # fmt: skip
ENDINGS = {"_target": "commit", "_stretch": "stretch"}
LAST_YEAR = "_last_year"
ALWAYS = ("heads", "working_days")
_HISTORY = {"amount": ("sum", "amount_e4"), "quantity": ("sum", "quantity_e4"), "margin": ("sum", "margin_e4"),
            "orders": ("distinct", "order"), "customers": ("distinct", "customer")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """What figures are taken from. ``days(date, weight)`` are those of the calendar; ``targets`` have TARGET_SCHEMA."""

    rows: Rows
    subjects: Subjects
    measures: Mapping[str, Measure]
    targets: pl.DataFrame
    days: pl.DataFrame
    scores: dict[str, tuple[list[Period], Floats]] = field(default_factory=dict)  # by score_name, as they are found


def fact_of_measure(measure: Measure) -> Fact:
    """Return the fact that counts what a measure of the plan counts."""
    how, column = _HISTORY[measure.history]
    return Fact(measure.name, "sales", how, column)


def known_names(facts: Mapping[str, Fact], measures: Mapping[str, Measure], scorecards: Sequence[str]) -> list[str]:
    """Return every name a formula may use."""
    flows = [name for name, measure in measures.items() if measure.kind != "ratio"]
    of_measures = [name + ending for name in flows for ending in ("", *ENDINGS, LAST_YEAR)]
    return [*facts, *of_measures, *ALWAYS, *(score_name(name) for name in scorecards)]


def find_figure(name: str, facts: Mapping[str, Fact], scene: Scene, periods: Sequence[Period]) -> Floats:
    """Return the figure of a name for everybody and every period; NaN where there is none."""
    shape = scene.subjects.num, len(periods)
    if name == "heads":
        return _count_heads(scene.subjects, periods)
    if name == "working_days":
        return np.broadcast_to(_count_days(scene.days, periods), shape).copy()
    if name.startswith("score_"):
        return _mean_score(scene.scores.get(name), periods, shape)
    for ending, level in ENDINGS.items():
        if name.endswith(ending) and name.removesuffix(ending) in scene.measures:
            return _sum_targets(scene, scene.measures[name.removesuffix(ending)], level, periods)
    measure = name.removesuffix(LAST_YEAR)
    if measure in scene.measures:
        fact = fact_of_measure(scene.measures[measure])
        asked = [a_year_before(p) for p in periods] if name.endswith(LAST_YEAR) else list(periods)
        return measure_facts(fact, scene.rows, scene.subjects, asked)
    fact = facts[name]
    if fact.table == "incidents" and not fact.column and set(dict(fact.where)) == {"kind"} and fact.window == "period":
        events = scene.rows["incidents"]
        kinds = dict(fact.where)["kind"]
        return count_events(events, kinds, scene.subjects, periods) if events.height else np.full(shape, np.nan)
    return measure_facts(fact, scene.rows, scene.subjects, periods)


def a_year_before(period: Period) -> Period:
    """Return the same dates a year earlier."""
    return replace(period, since=years_before(period.since, 1), until=years_before(period.until, 1))


def _count_heads(subjects: Subjects, periods: Sequence[Period]) -> Floats:
    """Return 1 for a person who is there, and for a unit how many are, in it and below."""
    present = subjects.present(periods).astype(np.float64)
    people = subjects.frame.filter(pl.col("person").is_not_null()).select("subject", "unit")
    pairs = people.join(subjects.above, on="unit", how="inner")
    heads = np.where(subjects.frame["person"].is_not_null().to_numpy()[:, None], present, 0.0)
    np.add.at(heads, pairs["above"].to_numpy(), present[pairs["subject"].to_numpy()])
    return heads


def _count_days(days: pl.DataFrame, periods: Sequence[Period]) -> Floats:
    """Return the working days of each period; NaN where the calendar says nothing of it."""
    found = [days.filter(pl.col("date") >= p.since, pl.col("date") < p.until) for p in periods]
    return np.array([float((frame["weight"] > 0).sum()) if frame.height else np.nan for frame in found])


def _mean_score(known: tuple[list[Period], Floats] | None, periods: Sequence[Period], shape: tuple[int, int]) -> Floats:
    """Return the mean of another scorecard's scores within each period."""
    found = np.full(shape, np.nan)
    if known is None:
        return found
    theirs, scores = known
    for place, period in enumerate(periods):
        inside = [i for i, p in enumerate(theirs) if p.since >= period.since and p.until <= period.until]
        part = scores[:, inside]
        count = (~np.isnan(part)).sum(axis=1)
        total = np.where(np.isnan(part), 0.0, part).sum(axis=1)
        found[:, place] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found


def _sum_targets(scene: Scene, measure: Measure, level: str, periods: Sequence[Period]) -> Floats:
    """Return targets in major units: months added up, of a level the last one."""
    found = np.full((scene.subjects.num, len(periods)), np.nan)
    frame = scene.targets.filter(pl.col("measure") == measure.name, pl.col("level") == level)
    keys = scene.subjects.frame.select(
        "subject", key=pl.coalesce("person", "unit"),
        kind=pl.when(pl.col("person").is_null()).then(pl.lit("unit")).otherwise(pl.lit("person")),
    )  # fmt: skip
    frame = frame.join(keys, on=["kind", "key"], how="inner")
    for place, period in enumerate(periods):
        inside = frame.filter(pl.col("since") >= period.since, pl.col("until") <= period.until)
        by = inside.sort("since").group_by("subject")
        amount = pl.col("amount").last() if measure.kind == "level" else pl.col("amount").sum()
        sums = by.agg(amount)
        found[sums["subject"].to_numpy(), place] = sums["amount"].to_numpy() / 10**measure.decimals
    return found
