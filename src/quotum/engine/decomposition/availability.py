"""How much of a plan each person is there for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.day_weights import Floats
from quotum.engine.tables.availability import list_availability
from quotum.engine.tables.company import Company

__all__ = ["list_availability", "mean_presence"]


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
