"""When a person is there: between hired and left, not absent, and at first only in part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

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
