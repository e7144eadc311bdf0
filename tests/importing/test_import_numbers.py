"""Numbers of every style are read exactly, or not at all."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from import_worlds import SALES, errors, opened
from quotum.adapters.files.importing.numbers import NONE, read_number, read_numbers, weigh

MARKS = st.sampled_from([".", ","])


def obvious(text: str, mark: str) -> Decimal | None:
    """Read a number letter by letter: an optional sign, spaces, digits in groups of three with one mark, decimals."""
    text = text.strip()
    sign = -1 if text[:1] == "-" else 1
    text = text[1:].lstrip(" ") if text[:1] in ("+", "-") else text
    whole, _, decimals = text.partition(mark)
    if decimals and not (decimals.isascii() and decimals.isdigit()):
        return None
    marks = {letter for letter in whole if not letter.isdigit()}
    if len(marks) > 1 or not whole.isascii():
        return None
    groups = whole.split(marks.pop()) if marks else [whole]
    separators = [letter for letter in whole if not letter.isdigit()]
    if separators and (separators[0] not in (" ", "'", "." if mark == "," else ",")
                       or not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):  # fmt: skip
        return None
    digits = "".join(groups)
    if not digits and not decimals:
        return None
    return sign * Decimal(f"{digits or 0}.{decimals or 0}")


@given(st.lists(st.text("0123456789.,' -+", max_size=12), min_size=1, max_size=20), MARKS)
def test_columns_are_read_as_the_obvious_twin_reads_them(texts, mark):
    cells, wrong = read_numbers(pl.Series("n", texts), mark)
    for place, text in enumerate(texts):
        trailing = text.strip().endswith("-") and text.strip() not in NONE  # SAP writes 12-; the twin does not know it
        if trailing or text.strip() in ("", *NONE):
            continue
        refused = wrong is not None and wrong[place]
        expected = obvious(text, mark)
        assert (None if refused else Decimal(cells[place])) == expected, text


@given(st.decimals(-(10**9), 10**9, places=2), MARKS, st.sampled_from(["", ",", ".", " ", "'", "\u00a0"]))
def test_every_number_survives_being_written_in_a_style(number, mark, group):
    if group == mark:
        group = ""
    text = f"{number:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group)
    assert Decimal(read_number(text, mark)) == number
    assert Decimal(read_numbers(pl.Series([text]), mark)[0][0]) == number


@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from([1, 1000, 10_000, 10**8]))
def test_scaling_is_exact(number, scale):
    cells, wrong = read_numbers(pl.Series([str(number)]), ".", Decimal(scale))
    assert wrong is None
    assert Decimal(cells[0]) == number * scale


@pytest.mark.parametrize(("text", "mark", "number"), [
    ("$1,234.50", ".", "1234.50"), ("€ 1.234,50", ",", "1234.50"), ("1.234,50 EUR", ",", "1234.50"),
    ("12.5%", ".", "0.125"), ("12,5 %", ",", "0.125"), ("- 12.5", ".", "-12.5"),
    ("(1,200)", ".", "-1200"), ("1200-", ".", "-1200"),
    ("−5", ".", "-5"), ("１２３．５", ".", "123.5"), ("1.2万", ".", "12000"), ("3億", ".", "300000000"),
    ("¥5,000", ".", "5000"), ("5000元", ".", "5000"), ("1.5e3", ".", "1500"), ('="0012"', ".", "12"),
    ("1,23", ".", None), ("1.23.4", ".", None), ("12,34,567", ".", None), ("1 23", ".", None), ("abc", ".", None),
    ("1.234.567,8", ".", None), ("--5", ".", None), ("=1+1", ".", None), ("9" * 90, ".", None),
])  # fmt: skip
def test_words_and_signs(text, mark, number):
    assert read_number(text, mark) == number


@pytest.mark.parametrize(("values", "tells"), [
    (["1.5"], "point"), (["1,5"], "comma"), (["1.234,5"], "comma"), (["1,234.5"], "point"), (["1.234.567"], "comma"),
    (["1,234,567"], "point"), (["1234.567"], "point"), (["0.125"], "point"), (["1 234,5"], "comma"),
    (["1.234"], "unclear"), (["1,234"], "unclear"), (["12", "7"], None), (["€ 1.234,50"], "comma"),
])  # fmt: skip
def test_values_tell_the_decimal_mark(values, tells):
    found = weigh(pl.Series(values))
    assert {name for name in ("point", "comma", "unclear") if getattr(found, name)} == ({tells} if tells else set())


def test_a_small_bound_tells_the_mark_too():
    assert weigh(pl.Series(["47.659"]), most=90).point
    assert not weigh(pl.Series(["47.659"]), most=90).unclear


def sales(tmp_path, rows, extra=""):
    return opened(tmp_path, extra + SALES, {"orders.csv": "Day;Client;Net\n" + rows})


def test_a_decimal_comma_is_found_and_read(tmp_path):
    company = sales(tmp_path, "2026-05-01;C;1.234,50\n2026-05-02;C;12\n2026-05-03;C;-\n2026-05-03;C;1 000\n")
    assert errors(company) == [("value_missing", "orders.csv", 4, "Net", "")]
    assert company.company["sales"]["amount_e4"].to_list() == [12_345_000, 120_000, None, 10_000_000]


def test_unclear_numbers_are_told_and_can_be_stated(tmp_path):
    rows = "2026-05-01;C;1.234\n"
    assert errors(sales(tmp_path, rows)) == [("import_decimal_unclear", "orders.csv", None, "Net", "1.234")]
    for mark, amount in ((".", 12_340), (",", 12_340_000)):
        company = sales(tmp_path, rows, f'[import]\ndecimal = "{mark}"\n')
        assert company.company["sales"]["amount_e4"].to_list() == [amount]
        own = f'[import.files."orders.csv"]\ndecimal = "{mark}"\n'
        assert sales(tmp_path, rows, own).company["sales"]["amount_e4"].to_list() == [amount]


def test_two_styles_in_one_file_are_told(tmp_path):
    found = errors(sales(tmp_path, "2026-05-01;C;1,5\n2026-05-01;C;1.5\n"))
    assert ("import_decimal_mixed", "orders.csv", None, "Net", "1,5") in found


def test_another_style_far_down_is_told_too(tmp_path):
    found = errors(sales(tmp_path, "2026-05-01;C;1,5\n" * 2_500 + "2026-05-01;C;1.5\n"))
    assert ("import_decimal_mixed", "orders.csv", None, "Net", "1,5") in found


def test_what_is_no_number_in_the_files_style_is_told_with_its_line(tmp_path):
    company = sales(tmp_path, "2026-05-01;C;1,55\n2026-05-01;C;7,x\n2026-05-01;C;12.50\n", '[import]\ndecimal = ","\n')
    assert errors(company) == [("import_not_a_number", "orders.csv", 3, "Net", "7,x"),
                               ("import_not_a_number", "orders.csv", 4, "Net", "12.50")]  # fmt: skip
    assert company.company["sales"]["amount_e4"].to_list() == [15_500, None, None]


@pytest.mark.parametrize(
    ("scale", "amount"), [("1000", 1_500), ('"thousands"', 1_500), ('"万"', 15_000), ("0.01", 0.015)]
)
def test_amounts_are_scaled(tmp_path, scale, amount):
    mapping = SALES.replace('amount = "Net"', f'amount = {{ column = "Net", scale = {scale} }}')
    company = opened(tmp_path, mapping, {"orders.csv": "Day,Client,Net\n2026-05-01,C,1.5\n"})
    assert company.company["sales"]["amount_e4"].to_list() == [amount * 10_000]
