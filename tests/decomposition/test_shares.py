"""Shares of ownership that people write down cut short."""

from datetime import date

import polars as pl
import pytest

from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import list_holdings
from quotum.engine.tables.plan_settings import Measure, PlanSettings, Target

SETTINGS = PlanSettings(
    name="shares", since=date(2027, 1, 1), until=date(2028, 1, 1), as_of=date(2026, 12, 31),
    targets=(Target("revenue", 100, 100),), steps=(), measures={"revenue": Measure("revenue", "flow", 2)},
)  # fmt: skip


def company_with_shares(*shares: float) -> Company:
    people = [f"p{i}" for i in range(len(shares))]
    return Company.of(
        {
            "units": pl.DataFrame({"unit": ["U"]}),
            "people": pl.DataFrame({"person": people, "unit": ["U"] * len(people)}),
            "customers": pl.DataFrame({"customer": ["c"]}),
            "ownership": pl.DataFrame(
                {"customer": ["c"] * len(people), "person": people, "since": [date(2020, 1, 1)] * len(people),
                 "share": list(shares)}
            ),
        }
    )  # fmt: skip


def test_thirds_cut_to_three_places_leave_nothing_vacant():
    holdings = list_holdings(company_with_shares(0.333, 0.333, 0.333), SETTINGS)
    assert holdings["person"].to_list() == ["p0", "p1", "p2"]
    assert holdings["share"].sum() == pytest.approx(1.0, abs=1e-12)


def test_a_real_gap_is_vacant():
    holdings = list_holdings(company_with_shares(0.5, 0.4), SETTINGS)
    assert holdings.filter(pl.col("person") == "vacant:U")["share"].to_list() == pytest.approx([0.1])
