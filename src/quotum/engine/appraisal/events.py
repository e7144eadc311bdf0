"""What events cost: points by kind and severity, what a unit's heads bear of them, and what they void."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.facts import place_rows
from quotum.engine.appraisal.schemes import Line, Scorecard, Veto
from quotum.engine.appraisal.subjects import Subjects, spread
from quotum.engine.basics.periods import Period

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def sum_deductions(
    line: Line, card: Scorecard, incidents: pl.DataFrame, subjects: Subjects, periods: Sequence[Period]
) -> Floats:
    """Return the points that events cost everybody in every period, (num_subjects, num_periods).

    An event costs what the first deduction says that fits its kind and severity. Heads (people of the card's
    ``head_roles``) bear the share of those in their own unit, their own events aside.
    """
    own = np.zeros((subjects.num, len(periods)))
    shared = np.zeros_like(own)
    left = placed_events(incidents, periods)
    for rule in line.deductions:
        fits = _fits("kind", (rule.kind,)) & (
            _fits("severity", (rule.severity,)) if rule.severity else pl.lit(value=True)
        )
        own += rule.points * _count(left.filter(fits), subjects, own.shape)
        if rule.share:
            shared += rule.points * rule.share * _count_in_unit(left.filter(fits), subjects, own.shape)
        left = left.filter(~fits)
    heads = list_heads(card, subjects)
    own[heads] += shared[heads]
    return own


def count_events(
    incidents: pl.DataFrame, kinds: Sequence[str], subjects: Subjects, periods: Sequence[Period]
) -> Floats:
    """Return how many events of some kinds everybody had."""
    found = placed_events(incidents, periods).filter(_fits("kind", kinds))
    return _count(found, subjects, (subjects.num, len(periods)))


def find_vetoes(
    veto: Veto, card: Scorecard, incidents: pl.DataFrame, subjects: Subjects, periods: Sequence[Period]
) -> Bools:
    """Tell for whom an event voids something, (num_subjects, num_periods); a unit by events in it and below it."""
    shape = subjects.num, len(periods)
    events = placed_events(incidents, periods).filter(_fits("kind", veto.kinds))
    if veto.severities:
        events = events.filter(_fits("severity", veto.severities))
    is_person = subjects.frame["person"].is_not_null().to_numpy()
    struck = _count(events, subjects, shape) > 0
    found = struck & (is_person[:, None] if "person" in veto.levels else ~is_person[:, None])
    in_unit = _count_in_unit(events, subjects, shape, but_own=False) > 0
    if "head" in veto.levels:
        found[list_heads(card, subjects)] |= in_unit[list_heads(card, subjects)]
    if "unit" in veto.levels:
        found |= in_unit
    return np.asarray(found, dtype=np.bool_)


def list_heads(card: Scorecard, subjects: Subjects) -> Bools:
    """Tell who is the head of a unit, (num_subjects,)."""
    heads = subjects.frame["role"].is_in(list(card.head_roles)).fill_null(value=False)
    return np.asarray(heads.to_numpy(), dtype=np.bool_)


def placed_events(incidents: pl.DataFrame, periods: Sequence[Period]) -> pl.DataFrame:
    """Return the events of the periods with the place of theirs."""
    return place_rows(incidents, periods, so_far=False)


def _fits(column: str, values: Sequence[str]) -> pl.Expr:
    held = pl.col(column).fill_null("").str.strip_chars().str.to_lowercase()
    return held.is_in([value.lower() for value in values])


def _count(events: pl.DataFrame, subjects: Subjects, shape: tuple[int, int]) -> Floats:
    counts = np.zeros(shape)
    found = spread(events, subjects).group_by("subject", "period").agg(value=pl.len())
    counts[found["subject"].to_numpy(), found["period"].to_numpy()] = found["value"].to_numpy()
    return counts


def _count_in_unit(events: pl.DataFrame, subjects: Subjects, shape: tuple[int, int], *, but_own: bool = True) -> Floats:
    """Return for each person the events in the own unit itself; without the person's own if ``but_own``."""
    people = subjects.frame.filter(pl.col("person").is_not_null()).select("subject", "person", home="unit")
    homes = people.select("person", "home")
    known = events.join(homes, on="person", how="left", maintain_order="left").with_columns(
        unit=pl.coalesce("unit", "home")
    )
    by_unit = known.group_by("unit", "period").agg(value=pl.len())
    counts = np.zeros(shape)
    found = people.join(by_unit, left_on="home", right_on="unit", how="inner")
    counts[found["subject"].to_numpy(), found["period"].to_numpy()] = found["value"].to_numpy()
    if but_own:
        same = known.filter(pl.col("unit") == pl.col("home"))
        own = people.join(same.group_by("person", "period").agg(value=pl.len()), on="person", how="inner")
        counts[own["subject"].to_numpy(), own["period"].to_numpy()] -= own["value"].to_numpy()
    return counts
