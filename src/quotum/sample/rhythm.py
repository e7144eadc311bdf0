"""When the sample company sells: growth, seasons, weekdays, holidays and events as weights of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.sample.catalogue import CATEGORIES
from quotum.sample.sizes import FIRST_DAY, NUM_HISTORY_DAYS

Floats = npt.NDArray[np.float64]
GROWTH = 1.08  # a year


class Channel(NamedTuple):
    """A channel: its share of customers, what its weekdays and holidays sell, its discount in percent, its visits."""

    name: str
    customers: float
    weekdays: tuple[float, ...]
    holiday: float
    discount: int
    minutes: int
    hours: tuple[str | None, str | None]


CHANNELS = (
    Channel("own_store", 0.12, (1, 1, 1, 1, 1.1, 1.5, 1.4), 1.6, 0, 45, ("09:00", "21:00")),
    Channel("key_account", 0.08, (1, 1, 1, 1, 1, 0, 0), 0.05, 8, 60, ("09:00", "17:30")),
    Channel("dealer", 0.55, (1, 1, 1, 1, 1, 0, 0), 0.05, 5, 30, ("08:30", "18:00")),
    Channel("online", 0.25, (1, 1, 1, 1, 1, 0.8, 0.8), 0.8, 2, 15, (None, None)),
)

NEW_YEAR = {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6)}
"""The first day of the Chinese year."""


class Event(NamedTuple):
    """A row of the table events."""

    since: date
    until: date
    kind: str
    scope: str | None
    effect: float
    note: str


def make_events() -> list[Event]:
    """Return the events of the history and of the plan year; those of the history shaped the sales."""
    events = []
    for year, new_year in NEW_YEAR.items():
        before = new_year - timedelta(days=24), new_year - timedelta(days=3)
        events += [
            Event(*before, "promotion", None, 1.3, f"春节促销 Chinese New Year promotion {year}"),
            Event(date(year, 6, 10), date(year, 6, 21), "promotion", "channel=online", 1.8, "618"),
            Event(date(year, 9, 20), date(year, 10, 1), "promotion", "channel=own_store", 1.25, "国庆 National Day"),
            Event(date(year, 11, 1), date(year, 11, 12), "promotion", "channel=online", 2.2, "双11 Singles' Day"),
            Event(date(year, 4, 15), date(year, 4, 20), "exhibition", "channel=dealer", 1.2, "Feria de Cantón"),
        ]
    events += [
        Event(date(2025, 5, 5), date(2025, 6, 2), "price_war", "category=G3", 0.8, "Rival cuts the price of fans"),
        Event(date(2026, 8, 10), date(2026, 9, 7), "price_war", "category=G1", 0.85, "价格战 Rice cookers"),
        Event(date(2027, 8, 9), date(2027, 8, 30), "price_war", "category=G1", 0.9, "Expected again"),
    ]
    return sorted(events, key=lambda event: (event.since, event.scope or ""))


def events_table(events: list[Event]) -> pl.DataFrame:
    """Return the table events."""
    return pl.DataFrame(events, schema=Event._fields, orient="row")


def _is_holiday(day: date) -> bool:
    """Tell whether shops feel a holiday: New Year, the eight days of the Chinese year, May, the first of October."""
    in_new_year = timedelta(-1) <= day - NEW_YEAR[day.year] < timedelta(7)
    starts = {1: 1, 5: 3, 10: 7}  # month, and how many of its first days
    return in_new_year or day.day <= starts.get(day.month, 0)


def make_day_masses(events: list[Event]) -> Floats:
    """Return the running weight of the history's days, (num_channels, num_top_categories, num_days + 1), from 0.

    A line of the result divided by its last value is the chance that an order came before a day.
    """
    days = [FIRST_DAY + timedelta(days=d) for d in range(NUM_HISTORY_DAYS)]
    growth = np.array([GROWTH ** (d / 365.25) for d in range(NUM_HISTORY_DAYS)])
    month = np.array([day.month - 1 for day in days])
    weekday = np.array([day.weekday() for day in days])
    holiday = np.array([_is_holiday(day) for day in days])
    season = np.array([category.months for category in CATEGORIES])[:, month]
    rhythm = np.array([channel.weekdays for channel in CHANNELS])[:, weekday]
    rhythm = np.where(holiday, np.array([[channel.holiday] for channel in CHANNELS]), rhythm)
    weight = rhythm[:, None, :] * season[None, :, :] * growth
    for event in events:
        first, last = (event.since - FIRST_DAY).days, (event.until - FIRST_DAY).days
        weight[(*_scope_of(event.scope), slice(first, last))] *= event.effect
    return np.concatenate([np.zeros((*weight.shape[:2], 1)), np.cumsum(weight, axis=2)], axis=2)


def _scope_of(scope: str | None) -> tuple[slice, slice]:
    """Return which channels and top categories an event touches."""
    everything = slice(None)
    dimension, _, key = (scope or "").partition("=")
    if dimension == "channel":
        row = [channel.name for channel in CHANNELS].index(key)
        return slice(row, row + 1), everything
    if dimension == "category":
        return everything, slice(int(key[1:]) - 1, int(key[1:]))
    return everything, everything


def is_promotion(events: list[Event]) -> npt.NDArray[np.bool_]:
    """Return for each day of the history and each channel whether prices are cut, (num_channels, num_days)."""
    cut = np.zeros((len(CHANNELS), NUM_HISTORY_DAYS), dtype=np.bool_)
    for event in events:
        if event.kind == "promotion":
            cut[_scope_of(event.scope)[0], (event.since - FIRST_DAY).days : (event.until - FIRST_DAY).days] = True
    return cut
