"""What a day counts for before the season and the person are looked at: weekday, holiday, make-up day, events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]


def weigh_days(days: pl.DataFrame, weekdays: Sequence[float], holiday: float) -> Floats:
    """Return the weight of each day of ``days(date, kind)``, (num_days,).

    A day weighs what its weekday weighs (Monday first), a holiday ``holiday``, and a make-up working day what a Monday
    to Friday weighs on average.
    """
    by_weekday = np.array(weekdays, dtype=np.float64)
    weekday = days["date"].dt.weekday().to_numpy() - 1
    kind = days["kind"].to_numpy()
    return np.where(kind == "holiday", holiday, np.where(kind == "makeup", by_weekday[:5].mean(), by_weekday[weekday]))


def apply_events(
    dates: npt.NDArray[np.datetime64], weights: Floats, events: Sequence[tuple[date, date, float]]
) -> Floats:
    """Return the weights with each event's factor on its days [since, until), (num_days,)."""
    weights = weights.copy()
    for since, until, effect in events:
        weights[(dates >= np.datetime64(since)) & (dates < np.datetime64(until))] *= effect
    return weights
