"""The tables in which a plan keeps its drivers: what they come to, and what the targets need of them."""

from __future__ import annotations

from typing import Any

import polars as pl

DRIVER_SCHEMAS: dict[str, dict[str, Any]] = {
    # A line a driver and period, and one with an empty period for the whole plan. Values in major units; null where
    # there is none. scope: empty, a unit or a person.
    "drivers": {"scope": pl.String, "driver": pl.String, "period": pl.String, "since": pl.Date, "until": pl.Date,
                "value": pl.Float64},
    # What the targets need of each driver beside what there is. kind: goal (a target and what the tree makes of it),
    # step (a formula on the way), driver (a known value), supply (what [capacity] or a norm says there is). ways_out
    # of what is short: each driver that could mend it alone, and how large it would have to be.
    "driver_capacity": {"level": pl.String, "goal": pl.String, "node": pl.String, "kind": pl.String,
                        "need": pl.Float64, "have": pl.Float64, "unit": pl.String, "enough": pl.Boolean,
                        "ways_out": pl.List(pl.Struct({"driver": pl.String, "now": pl.Float64,
                                                       "needed": pl.Float64}))},
}  # fmt: skip
