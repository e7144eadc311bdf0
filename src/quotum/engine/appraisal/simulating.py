"""A scheme tried on last year's figures before it is adopted: who would have got what, and how weights matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from quotum.engine.appraisal.appraise import Appraisal, appraise_scene
from quotum.engine.appraisal.credits import credit_rows
from quotum.engine.appraisal.facts import measure_facts
from quotum.engine.appraisal.figures import Scene, fact_of_measure
from quotum.engine.appraisal.schemes import Scheme, Scorecard
from quotum.engine.appraisal.subjects import list_subjects
from quotum.engine.basics.periods import Period, cut_periods, years_before
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings

SENSITIVITY_SCHEMA: dict[str, type[pl.DataType]] = {
    # What a weight more for one indicator would do, the others giving way in proportion. moved: of those ranked.
    "scheme": pl.String, "scorecard": pl.String, "indicator": pl.String, "weight": pl.Float64, "tried": pl.Float64,
    "mean_change": pl.Float64, "largest_change": pl.Float64, "moved": pl.Int64, "grades_changed": pl.Int64,
    "scores": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simulation:
    """An appraisal of last year's figures, and the sensitivity of its scores to weights."""

    appraisal: Appraisal
    sensitivity: pl.DataFrame


def simulate(
    company: Company, settings: PlanSettings, schemes: Sequence[Scheme], targets: pl.DataFrame, days: pl.DataFrame,
    since: date, until: date, *, more: float = 10.0,
) -> Simulation:  # fmt: skip
    """Return what the schemes would have said of the same dates a year before ``since`` to ``until``.

    Dates of schemes do not matter. Nobody had the plan's targets last year: they are brought down (or up) so that the
    people's together are what they really did, so 100 % is the share that the plan gives everybody. ``more``: by how
    many points each weight is raised in turn.
    """
    begin, end = years_before(since, 1), years_before(until, 1)
    always = tuple(replace(scheme, since=date.min, until=None) for scheme in schemes)
    earlier = replace(settings, since=years_before(settings.since, 1), until=years_before(settings.until, 1))
    rows, subjects = credit_rows(company, earlier, end), list_subjects(company)
    moved = targets.with_columns(pl.col("since", "until").dt.offset_by("-1y"))
    scene = Scene(rows, subjects, settings.measures, moved, days)
    scene = replace(scene, targets=bring_down(scene, cut_periods(begin, end, "month", settings.fiscal_start)))
    made = appraise_scene(scene, earlier, always, begin, end)
    lines = [pl.DataFrame(schema=SENSITIVITY_SCHEMA)]
    for place, scheme in enumerate(always):
        for card in scheme.scorecards:
            for at, line in enumerate(card.lines):
                tried = line.weight + more
                if line.weight <= 0 or tried >= card.weights:
                    continue
                other = replace(scheme, scorecards=(raise_weight(card, at, more),))
                changed = appraise_scene(scene, earlier, (*always[:place], other), begin, end)
                lines.append(_compare(made, changed, scheme.name, card.name, line.indicator, line.weight, tried))
    return Simulation(made, pl.concat(lines))


def raise_weight(card: Scorecard, at: int, more: float) -> Scorecard:
    """Return a scorecard with a line's weight raised, the others lowered in proportion."""
    left = card.weights - card.lines[at].weight
    factor = (left - more) / left
    lines = [
        replace(line, weight=line.weight + more if place == at else line.weight * factor)
        for place, line in enumerate(card.lines)
    ]
    return replace(card, lines=tuple(lines))


def bring_down(scene: Scene, months: Sequence[Period]) -> pl.DataFrame:
    """Return the scene's targets, those of people together as large as what people really did in some months.

    A flow is summed over the months, a level is that of the last one. Where either is nothing or unknown the targets
    stay as they are.
    """
    parts = [scene.targets.clear()]
    people = scene.subjects.frame["person"].drop_nulls()
    for name in scene.targets["measure"].unique().sort().to_list():
        measure, of_measure = scene.measures[name], scene.targets.filter(measure=name)
        asked = months[-1:] if measure.kind == "level" else months
        done = measure_facts(fact_of_measure(measure), scene.rows, scene.subjects, asked)[: len(people)]
        inside = of_measure.filter(
            pl.col("key").is_in(people.implode()), pl.col("since") >= asked[0].since,
            pl.col("until") <= asked[-1].until, kind="person", level="commit",
        )  # fmt: skip
        wanted, found = int(inside["amount"].sum()), float(np.nansum(done))
        factor = found * 10**measure.decimals / wanted if wanted and found > 0 else 1.0
        running = (pl.col("amount").cum_sum() * factor).round(0).cast(pl.Int64)  # few orders must not vanish one by one
        whole = running - running.shift(1, fill_value=0)
        parts.append(of_measure.sort("kind", "level", "key", "since").with_columns(amount=whole.over("kind", "level")))
    return pl.concat(parts)


def _compare(
    before: Appraisal, after: Appraisal, scheme: str, card: str, indicator: str, weight: float, tried: float
) -> pl.DataFrame:
    keys = ["person", "unit", "scheme", "scorecard", "period"]
    one = before["scores"].filter(scheme=scheme, scorecard=card).select(*keys, "score_e2", "rank", "grade")
    both = one.join(after["scores"].select(*keys, "score_e2", "rank", "grade"), on=keys, suffix="_after")
    change = (pl.col("score_e2_after") - pl.col("score_e2")) / 100
    told = both.select(
        mean_change=change.mean(), largest_change=change.abs().max(),
        moved=(pl.col("rank") != pl.col("rank_after")).sum().cast(pl.Int64),
        grades_changed=pl.col("grade").ne_missing(pl.col("grade_after")).sum().cast(pl.Int64),
        scores=pl.len().cast(pl.Int64),
    )  # fmt: skip
    return told.with_columns(
        scheme=pl.lit(scheme), scorecard=pl.lit(card), indicator=pl.lit(indicator), weight=pl.lit(weight),
        tried=pl.lit(tried),
    ).select(list(SENSITIVITY_SCHEMA)).cast(SENSITIVITY_SCHEMA)  # type: ignore[arg-type] # fmt: skip
