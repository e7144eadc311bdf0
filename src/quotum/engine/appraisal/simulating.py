"""A scheme tried on last year's figures before it is adopted: who would have got what, and how weights matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from quotum.engine.appraisal.appraise import Appraisal, appraise
from quotum.engine.appraisal.schemes import Scheme, Scorecard
from quotum.engine.basics.periods import years_before
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.schema import E4

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
    people's together are what was really sold, so 100 % is the share that the plan gives everybody. ``more``: by how
    many points each weight is raised in turn.
    """
    begin, end = years_before(since, 1), years_before(until, 1)
    always = tuple(replace(scheme, since=date.min, until=None) for scheme in schemes)
    earlier = replace(settings, since=years_before(settings.since, 1), until=years_before(settings.until, 1))
    scaled = bring_down(targets, company, earlier, begin, end)
    made = appraise(company, earlier, always, scaled, days, begin, end)
    lines = [pl.DataFrame(schema=SENSITIVITY_SCHEMA)]
    for place, scheme in enumerate(always):
        for card in scheme.scorecards:
            for at, line in enumerate(card.lines):
                tried = line.weight + more
                if line.weight <= 0 or tried >= card.weights:
                    continue
                other = replace(scheme, scorecards=(raise_weight(card, at, more),))
                changed = appraise(company, earlier, (*always[:place], other), scaled, days, begin, end)
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


def bring_down(
    targets: pl.DataFrame, company: Company, settings: PlanSettings, since: date, until: date
) -> pl.DataFrame:
    """Return the plan's targets a year earlier, those of people together as large as what was really sold."""
    moved = targets.with_columns(pl.col("since", "until").dt.offset_by("-1y"))
    inside = moved.filter(pl.col("since") >= since, pl.col("until") <= until)
    sales = company["sales"].filter(pl.col("date") >= since, pl.col("date") < until)
    parts = [moved.clear()]
    for name in moved["measure"].unique().sort().to_list():
        measure = settings.measures.get(name, Measure(name))
        of_measure = moved.filter(measure=name)
        asked = int(inside.filter(measure=name, kind="person", level="commit")["amount"].sum())
        sold = _count_sales(sales, measure)
        factor = sold * 10**measure.decimals / asked if asked and sold is not None else 1.0
        parts.append(of_measure.with_columns((pl.col("amount") * factor).round(0).cast(pl.Int64)))
    return pl.concat(parts)


def _count_sales(sales: pl.DataFrame, measure: Measure) -> float | None:
    """Return what was sold of a measure, in major units; None where sales lines do not say it."""
    column = {"amount": "amount_e4", "quantity": "quantity_e4"}.get(measure.history)
    return None if column is None or measure.kind != "flow" else int(sales[column].sum()) / E4


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
