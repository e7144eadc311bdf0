"""When a person is there: between hired and left, not absent, and at first only in part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.day_weights import Floats
from quotum.engine.tables.company import Company


def list_availability(company: Company, since: date, until: date, ramp: Sequence[float]) -> pl.DataFrame:
    """Return the times people are not, or not wholly, there: ``person, since, until, factor``, sorted.

    Factors of lines that overlap multiply; days that no line covers count 1. A newcomer's first months count
    ``ramp[0], ramp[1] …`` of a full person; ``left`` is the first day without the person.
    """
    people = company["people"].select("person", "hired", "left")
    start, end = pl.lit(since), pl.lit(until)
    lines = [
        people.filter(pl.col("hired") > start).select("person", since=start, until="hired", factor=pl.lit(0.0)),
        people.filter(pl.col("left") < end).select("person", since="left", until=end, factor=pl.lit(0.0)),
        company["absences"].select("person", "since", "until", factor=pl.lit(0.0)),
    ]
    for month, factor in enumerate(ramp):
        first, last = pl.col("hired").dt.offset_by(f"{month}mo"), pl.col("hired").dt.offset_by(f"{month + 1}mo")
        lines.append(people.drop_nulls("hired").select("person", since=first, until=last, factor=pl.lit(factor)))
    return (
        pl.concat(lines)
        .with_columns(pl.max_horizontal("since", start), pl.min_horizontal("until", end))
        .filter(pl.col("since") < pl.col("until"))
        .sort("person", "since", "until", "factor")
    )


def mean_presence(
    company: Company, availability: pl.DataFrame, dates: npt.NDArray[np.datetime64], day_weights: Floats
) -> Floats:
    """Return the part of the plan's day weights that each person is there for, (num_people,)."""
    presence = np.ones(company["people"].height)
    running = np.concatenate([[0.0], np.cumsum(day_weights if day_weights.sum() > 0 else np.ones(len(dates)))])
    position = {person: i for i, person in enumerate(company["people"]["person"])}
    since = np.searchsorted(dates, availability["since"].to_numpy())
    until = np.searchsorted(dates, availability["until"].to_numpy())
    person = np.array([position[key] for key in availability["person"]], dtype=np.int64)
    factor = availability["factor"].to_numpy()
    first = np.flatnonzero(np.append(True, person[1:] != person[:-1])) if len(person) else np.empty(0, dtype=np.int64)
    for start, end in zip(first, np.append(first, len(person))[1:], strict=True):
        edges = np.unique(np.concatenate([[0, len(dates)], since[start:end], until[start:end]]))
        there = np.ones(len(edges) - 1)
        for i in range(start, end):
            there[(edges[:-1] >= since[i]) & (edges[1:] <= until[i])] *= factor[i]
        presence[person[start]] = float((there * np.diff(running[edges])).sum()) / running[-1]
    return presence
