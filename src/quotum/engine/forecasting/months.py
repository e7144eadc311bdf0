"""Which months are known, which are to come, what each weighs, and which part of it the plan has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.periods import cut_periods, years_before
from quotum.engine.curves.day_weights import apply_events, weigh_days
from quotum.engine.forecasting.panel import YEAR, Floats
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AlongStep, PlanSettings

Event = tuple[date, date, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """A month, or the part of it that lies before the plan, in it, or was sold already."""

    since: date
    until: date
    in_plan: bool
    known: bool  # it ends on as_of or before: what was sold then is no forecast


@dataclass(frozen=True, slots=True)
class Months:
    """The months of the history and those to come, side by side in columns.

    ``first`` is the first column's first day, ``num_known`` the whole months up to as_of. ``dates`` and ``weights``
    (num_days,) are the calendar with the events for everybody. ``pieces`` tile the time from the day after as_of, or
    from the plan's first day if that is earlier, to the plan's end.
    """

    first: date
    num_known: int
    horizon: int
    dates: npt.NDArray[np.datetime64]
    weights: Floats
    pieces: tuple[Piece, ...]

    def columns(self) -> npt.NDArray[np.int64]:
        """Return the column of every day, (num_days,), -1 outside."""
        month = self.dates.astype("datetime64[M]").astype(np.int64) - month_number(self.first)
        inside = (month >= 0) & (month < self.num_known + self.horizon)
        return np.where(inside, month, -1)

    def day_of(self, column: int) -> date:
        """Return the first day of a column's month."""
        number = month_number(self.first) + column
        return date(1970 + number // YEAR, number % YEAR + 1, 1)

    def column_of(self, day: pl.Expr) -> pl.Expr:
        """Return the column of a day's month, -1 where it is not known."""
        month = (day.dt.year().cast(pl.Int64) - 1970) * YEAR + day.dt.month() - 1 - month_number(self.first)
        return pl.when((month >= 0) & (month < self.num_known)).then(month).otherwise(-1)

    def weigh(self, events: Sequence[Event] = ()) -> Floats:
        """Return what each month weighs, (num_known + horizon,); with ``events``, only what these add to it."""
        weights = self.weights
        if events:
            weights = apply_events(self.dates, weights, events) - weights
        column = self.columns()
        inside = column >= 0
        size = self.num_known + self.horizon
        return np.bincount(column[inside], weights=weights[inside], minlength=size).astype(np.float64)

    def parts(self) -> Floats:
        """Return which part of each coming month's weight a piece has, (num_pieces, horizon); 0 for known pieces."""
        column, whole = self.columns(), self.weigh()
        parts = np.zeros((len(self.pieces), self.horizon))
        for place, piece in enumerate(self.pieces):
            if piece.known:
                continue
            inside = (self.dates >= np.datetime64(piece.since)) & (self.dates < np.datetime64(piece.until))
            month = month_number(piece.since) - month_number(self.first)
            weight = float(self.weights[inside & (column == month)].sum())
            days = (piece.until - piece.since).days / (_next_month(piece.since) - piece.since.replace(day=1)).days
            parts[place, month - self.num_known] = weight / whole[month] if whole[month] > 0 else days
        return parts


def list_months(company: Company, settings: PlanSettings, days: pl.DataFrame) -> Months:
    """Return the months for a plan; history begins with the month of the first sale, or as far back as days reach."""
    days = days.sort("date")
    along = next((step for step in settings.steps if isinstance(step, AlongStep)), AlongStep("calendar"))
    common = [
        (e["since"], e["until"], float(e["effect"])) for e in company["events"].iter_rows(named=True) if not e["scope"]
    ]
    dates = days["date"].to_numpy()
    weights = apply_events(dates, weigh_days(days, along.weekdays, along.holiday), common)
    end = (settings.as_of + timedelta(days=1)).replace(day=1)  # the first month that is not wholly known
    sold = company["sales"].filter(pl.col("date") <= settings.as_of)["date"].min()
    began = sold.replace(day=1) if isinstance(sold, date) else end
    reach: date = days["date"][0]
    first = max(reach if reach.day == 1 else _next_month(reach), years_before(end, settings.forecast.years), began)
    first = min(first, end)
    last = (settings.until - timedelta(days=1)).replace(day=1)
    horizon = max(month_number(last) - month_number(end) + 1, 0)
    return Months(first, month_number(end) - month_number(first), horizon, dates, weights, _cut_pieces(settings))


def _cut_pieces(settings: PlanSettings) -> tuple[Piece, ...]:
    after = settings.as_of + timedelta(days=1)
    edges = sorted({min(settings.since, after), settings.since, max(after, settings.since), settings.until})
    return tuple(
        Piece(period.since, period.until, period.since >= settings.since, period.until <= after)
        for since, until in pairwise(edges)
        for period in cut_periods(since, until, "month")
    )


def month_number(day: date) -> int:
    """Return the months from January 1970 to the month of a day."""
    return (day.year - 1970) * YEAR + day.month - 1


def _next_month(day: date) -> date:
    return date(day.year + day.month // YEAR, day.month % YEAR + 1, 1)
