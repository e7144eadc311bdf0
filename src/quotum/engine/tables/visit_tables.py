"""The tables of a visit plan: whom to see how often, which days, and each day in order with times."""

from __future__ import annotations

import polars as pl

Schema = dict[str, type[pl.DataType]]

VISIT_SCHEMAS: dict[str, Schema] = {
    # One line a customer, person and kind of contact (visit, call): how often and why, how many of the needed ones are
    # planned, why some are not. every: working days. due: the day on which the first is due; may lie after the end.
    "cadences": {"person": pl.String, "customer": pl.String, "kind": pl.String, "class": pl.String, "every": pl.Int32,
                 "why": pl.String, "detail": pl.String, "last": pl.Date, "due": pl.Date, "needed": pl.Int32,
                 "planned": pl.Int32, "missed": pl.Int32, "reason": pl.String},
    # One line a contact: kind visit, call or appointment; gap: working days since the one before, null: not known.
    "visits": {"person": pl.String, "customer": pl.String, "date": pl.Date, "kind": pl.String, "why": pl.String,
               "detail": pl.String, "gap": pl.Int32, "every": pl.Int32, "fixed": pl.Boolean},
    # A person's day in order. kind: start, call, visit, appointment, lunch, end, hotel. Minutes of the day; travel is
    # the way to this entry, arrive its end; start is when the work begins.
    "agenda": {"person": pl.String, "date": pl.Date, "position": pl.Int32, "kind": pl.String, "customer": pl.String,
               "arrive": pl.Int32, "start": pl.Int32, "end": pl.Int32, "travel": pl.Int32, "lat": pl.Float64,
               "lon": pl.Float64, "detail": pl.String},
    # The working days of the horizon; is_open: the person works.
    "visit_days": {"person": pl.String, "date": pl.Date, "is_open": pl.Boolean},
    # Who is seen and by whom, as sheets and maps show them.
    "visit_customers": {"customer": pl.String, "name": pl.String, "class": pl.String, "channel": pl.String,
                        "city": pl.String, "address": pl.String, "lat": pl.Float64, "lon": pl.Float64},
    "visit_people": {"person": pl.String, "name": pl.String, "unit": pl.String, "lat": pl.Float64, "lon": pl.Float64},
}  # fmt: skip

MOVE_SCHEMA: Schema = {"person": pl.String, "customer": pl.String, "kind": pl.String, "before": pl.Date,
                       "after": pl.Date, "why": pl.String}  # fmt: skip
"""What a new plan moved: no ``before``: a contact that was not planned; no ``after``: one that is not any more."""

REASONS = ("no_open_day", "no_minutes", "visits_cap", "kind_cap", "calls_cap", "closed", "spacing", "too_far",
           "hours", "too_dear", "appointment", "day_off", "outside_time", "unreachable")  # fmt: skip


def empty_tables() -> dict[str, pl.DataFrame]:
    """Return the tables of a visit plan in which nothing is planned."""
    return {name: pl.DataFrame(schema=schema) for name, schema in VISIT_SCHEMAS.items()}
