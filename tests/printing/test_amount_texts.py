"""Amounts are written exactly, from whole numbers."""

import pytest

from quotum.adapters.printing.amounts import format_amount, format_growth, write_major
from quotum.adapters.printing.text_tables import draw_table, text_width


@pytest.mark.parametrize(
    ("minor", "decimals", "shown", "written"),
    [
        (123_456_789, 2, "1,234,567.89", "1234567.89"),
        (5, 2, "0.05", "0.05"),
        (-5, 2, "-0.05", "-0.05"),
        (-123_450, 1, "-12,345.0", "-12345.0"),
        (7, 0, "7", "7"),
        (2**53 - 1, 2, "90,071,992,547,409.91", "90071992547409.91"),
    ],
)
def test_amounts_in_major_units(minor, decimals, shown, written):
    assert format_amount(minor, decimals) == shown
    assert write_major(minor, decimals) == written


@pytest.mark.parametrize(
    ("now", "before", "growth"),
    [
        (110, 100, "+10.0%"),
        (95, 100, "-5.0%"),
        (100, 100, "0.0%"),
        (5, 0, ""),
        (5, None, ""),
        (5, -3, ""),
        (None, 3, ""),
    ],
)
def test_growth_over_last_year(now, before, growth):
    assert format_growth(now, before) == growth


def test_wide_characters_count_two_and_combining_ones_none():
    assert text_width("上海 abc") == 8
    assert text_width("e\u0301") == 1


def test_columns_stand_under_each_other():
    table = draw_table(["name", "n"], [["上海", "1"], ["Bo", "22"]], left=1, total=["total", "23"])
    assert table.splitlines() == ["name    n", "-----  --", "上海    1", "Bo     22", "-----  --", "total  23"]
