"""How many days of work people give in each period: hired, left, away, and at first only in part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.periods import Period
from quotum.engine.curves.day_weights import Floats
from quotum.engine.tables.availability import list_availability
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings

_AT_ONCE = 500
"""People looked at together: their days fit into memory also in plans of ten years."""


def find_working_days(settings: PlanSettings, days: pl.DataFrame) -> tuple[npt.NDArray[np.datetime64], Floats]:
    """Return the plan's dates and 1 for each that people work, (num_days,): working days and make-up days.

    ``days(date, kind)`` must cover the plan. What sells on a Sunday is another matter: a person does not work every day
    on which a shop is open. A firm with other weeks says so by a driver, such as ``working_days = "days * 6 / 7"``.
    """
    inside = days.filter(pl.col("date") >= settings.since, pl.col("date") < settings.until).sort("date")
    worked = inside["kind"].is_in(["workday", "makeup"]).to_numpy()
    return inside["date"].to_numpy().astype("datetime64[D]"), worked.astype(np.float64)


def period_edges(periods: Sequence[Period], dates: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """Return where each period begins among the dates, and the end of the last, (num_periods + 1,)."""
    return np.searchsorted(dates, np.array([*(p.since for p in periods), periods[-1].until], dtype="datetime64[D]"))


def count_person_days(
    company: Company, settings: PlanSettings, dates: npt.NDArray[np.datetime64], worked: Floats,
    edges: npt.NDArray[np.int64],
) -> Floats:  # fmt: skip
    """Return the days of work of each person in each period, (num_people, num_periods), people in the table's order."""
    people = company["people"]["person"].to_list()
    counted = np.tile(np.add.reduceat(worked, edges[:-1]) if len(worked) else worked, (len(people), 1))
    lines = list_availability(company, settings.since, settings.until, settings.ramp)
    position = {person: at for at, person in enumerate(people)}
    someone = np.array([position[person] for person in lines["person"]], dtype=np.int64)
    since = np.searchsorted(dates, lines["since"].to_numpy())
    until = np.searchsorted(dates, lines["until"].to_numpy())
    factor = lines["factor"].to_numpy()
    touched = np.unique(someone)
    for start in range(0, len(touched), _AT_ONCE):
        some = touched[start : start + _AT_ONCE]
        there = np.tile(worked, (len(some), 1))
        for line in np.flatnonzero(np.isin(someone, some)):
            there[np.searchsorted(some, someone[line]), since[line] : until[line]] *= factor[line]
        counted[some] = np.add.reduceat(there, edges[:-1], axis=1)
    return counted


def count_head_days(
    since: date | None, until: date | None, ramp: Sequence[float], dates: npt.NDArray[np.datetime64], worked: Floats,
    edges: npt.NDArray[np.int64],
) -> Floats:  # fmt: skip
    """Return the days of work that one head gives in each period, (num_periods,).

    Heads begin on ``since`` (the plan's first day where it is not said, then without a ramp) and end before ``until``.
    """
    there = worked.copy()
    if since is not None:
        start = np.datetime64(since)
        there[dates < start] = 0.0
        first = pl.Series([since])
        for month, factor in enumerate(ramp):
            low, high = (np.datetime64(first.dt.offset_by(f"{month + more}mo")[0]) for more in (0, 1))
            there[(dates >= low) & (dates < high)] *= factor
    if until is not None:
        there[dates >= np.datetime64(until)] = 0.0
    return np.add.reduceat(there, edges[:-1])
