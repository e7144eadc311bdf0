"""Ranges keep what they promise on real sales, and forecasts are better than last year's months."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from benchmarks._forecast_sets import ADVENTUREWORKS, make_set, read_adventureworks  # noqa: E402
from benchmarks.forecasting import hold_out  # noqa: E402


@pytest.mark.slow
@pytest.mark.skipif(
    not (ADVENTUREWORKS / "sales_lines.csv").is_file(),
    reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
)
def test_ranges_of_four_fifths_hold_in_three_quarters_to_seventeen_twentieths(tmp_path):
    panel, level = read_adventureworks(tmp_path)
    found = [hold_out(panel, level, horizon, list(range(first, panel.num_months - horizon + 1, 2)))
             for horizon, first in ((3, 16), (6, 15), (12, 14))]  # fmt: skip
    num_ranges = sum(one["origins"] for one in found)
    assert num_ranges >= 400
    assert 0.75 <= sum(one["held"] * one["origins"] for one in found) / num_ranges <= 0.85
    assert all(one["error"] <= one["naive"] for one in found)


@pytest.mark.parametrize("kind", ["season", "trend", "walk", "flat", "intermittent", "short"])
def test_made_up_series_are_forecast_better_than_by_last_year(kind):
    panel, level = make_set(kind, 60)
    found = hold_out(panel, level, 5 if kind == "short" else 12, [12 if kind == "short" else 36])
    assert found["error"] < found["naive"]


def test_ranges_hold_for_series_with_many_empty_months():
    panel, level = make_set("intermittent")
    assert 0.68 <= hold_out(panel, level, 12, [24, 36])["held"] <= 0.88
