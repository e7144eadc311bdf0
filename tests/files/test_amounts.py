"""Amounts are exact: what stands in a file is what is counted with."""

from decimal import Decimal, InvalidOperation

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quotum.adapters.files.typed_columns import MAX_AMOUNT_E4, _read_amount, _read_date, _read_number, _read_text

TEXT = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14), max_value=10**14).map(str),
    st.from_regex(r"[+-]?[0-9]{0,18}(\.[0-9]{0,9})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.text(alphabet="0123456789.,eE+-_ naNiIfxX１", max_size=12),
)


def expected(text: str) -> int | None:
    """The slow, obvious twin: ten-thousandths of a plain decimal, None where it is refused."""
    text = text.strip()
    if not text.isascii() or "_" in text:
        return None
    try:
        scaled = Decimal(text) * 10_000
    except InvalidOperation:
        return None
    if not scaled.is_finite() or abs(scaled) >= MAX_AMOUNT_E4 or scaled != scaled.to_integral_value():
        return None
    return int(scaled)


@given(st.lists(TEXT, min_size=1, max_size=20))
@example(["1.23455", "1.50000", "-0.00001", "1e-5", "1.5e3", "0e-9", ".5", "5.", "+3", "--1", "1e400", "1.", "."])
def test_text_becomes_exact_ten_thousandths_or_a_finding(texts):
    values, failures = _read_amount(pl.Series("amount", texts, dtype=pl.String))
    assert values.to_list() == [expected(text) for text in texts]
    failed = [sum(mask[k] for _, mask in failures) for k in range(len(texts))]
    assert failed == [int(value is None) for value in values]


@given(st.lists(st.floats(), max_size=10))
def test_floats_are_rounded_to_four_places_or_refused(floats):
    values, failures = _read_amount(pl.Series("amount", floats, dtype=pl.Float64))
    refused = {k for _, mask in failures for k in range(len(floats)) if mask[k]}
    for k, (number, value) in enumerate(zip(floats, values, strict=True)):
        assert (value is None) == (k in refused)
        if value is not None:
            assert abs(value - Decimal(number) * 10_000) <= Decimal("0.51") + abs(Decimal(number)) * Decimal("1e-11")


def test_decimals_and_whole_numbers_of_a_typed_file_are_exact():
    decimals = pl.Series([Decimal("1.23450"), Decimal("-7.00000"), Decimal("1.23456")], dtype=pl.Decimal(20, 5))
    values, failures = _read_amount(decimals)
    assert values.to_list() == [12_345, -70_000, None]
    assert [rule for rule, _ in failures] == ["too_many_decimals"]
    assert _read_amount(pl.Series([3, -4, 2**62]))[0].to_list() == [30_000, -40_000, None]


@pytest.mark.parametrize(("cells", "keys"), [
    ([1001.0, 2.5, None], ["1001", "2.5", None]), ([1001, None], ["1001", None]), (["1001.0"], ["1001.0"]),
])  # fmt: skip
def test_numbers_as_keys_are_written_as_people_write_them(cells, keys):
    assert _read_text(pl.Series(cells))[0].to_list() == keys


def test_dates_in_usual_spellings():
    texts = ["2027-01-05", "2027/1/5", "2027-1-5", "2027-01-05 00:00:00", "2027-01-05T13:30:00Z", "9999-12-31"]
    values, failures = _read_date(pl.Series("date", texts))
    assert not any(mask.any() for _, mask in failures)
    assert [str(day) for day in values] == ["2027-01-05"] * 5 + ["9999-12-31"]


def test_dates_that_could_be_two_days_are_refused():
    texts = ["05/01/2027", "1.5.2027", "20270105", "46000", "27-01-05", "2027-13-01", "2027-02-29", "2027/01/05 x"]
    values, failures = _read_date(pl.Series("date", texts))
    assert values.null_count() == len(texts)
    assert failures[0][1].all()


def test_numbers_must_be_finite_and_sensible():
    values, failures = _read_number(pl.Series("lat", ["1.5", "nan", "1e999", "1e300", "x", None]))
    assert values.to_list() == [1.5, None, None, None, None, None]
    assert {rule: mask.arg_true().to_list() for rule, mask in failures} == {
        "not_finite": [1], "number_too_large": [2, 3], "not_a_number": [4]}  # fmt: skip
