"""Running totals of rows: never falling, whole, and complete at the end."""

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.kernels import due_cells, due_totals

fractions = st.floats(0, 1, exclude_max=True)
curves = st.lists(fractions, max_size=20).map(lambda inner: [0.0, *sorted(inner), 1.0])
amounts = st.one_of(st.integers(0, 20), st.integers(0, 2**53 - 1))


@settings(max_examples=200, deadline=None)
@given(curves, st.lists(st.tuples(amounts, fractions), min_size=1, max_size=5))
def test_running_totals_are_those_of_the_twin(curve, rows):
    amount, offset = (np.array(column) for column in zip(*rows, strict=True))
    which, lines = np.zeros(len(rows), np.int32), np.array([curve])
    due = due_totals(amount, offset, which, lines)
    assert due.tolist() == [twins.due_totals(*row, curve) for row in rows]
    assert due_cells(amount, offset, which, lines).tolist() == np.diff(due, axis=1).tolist()


@settings(max_examples=200, deadline=None)
@given(curves, amounts, fractions)
def test_cells_are_never_negative_add_up_and_stay_near_the_curve(curve, amount, offset):
    lines = np.array([curve])
    cells = due_cells(np.array([amount]), np.array([offset]), np.zeros(1, np.int32), lines)[0]
    assert (cells >= 0).all()
    assert cells.sum() == amount
    assert (np.abs(cells - amount * np.diff(curve)) <= 1 + amount * 2.0**-50).all()


def test_each_row_follows_its_own_curve():
    lines = np.array([[0.0, 0.5, 1.0], [0.0, 0.0, 1.0]])
    due = due_totals(np.array([9, 9, 9]), np.array([0.0, 0.0, 0.6]), np.array([0, 1, 0], np.int32), lines)
    assert due.tolist() == [[0, 4, 9], [0, 0, 9], [0, 5, 9]]


def test_an_array_can_be_filled_again():
    out = np.full((1, 2), -1)
    cells = due_cells(np.array([9]), np.zeros(1), np.zeros(1, np.int32), np.array([[0.0, 0.5, 1.0]]), out)
    assert cells is out
    assert out.tolist() == [[4, 5]]


def test_offsets_keep_the_sum_of_many_small_rows_near_its_curve():
    """Without offsets whole units of 20,000 rows of 3 units would all fall due late."""
    count, curve = 20_000, np.linspace(0, 1, 13)[None, :]
    amount, which = np.full(count, 3), np.zeros(count, np.int32)
    golden = np.arange(count) * 0.6180339887498949 % 1
    asked = 3 * count * curve[0]
    assert np.abs(due_totals(amount, golden, which, curve).sum(axis=0) - asked).max() < 10
    assert np.abs(due_totals(amount, np.zeros(count), which, curve).sum(axis=0) - asked).max() > 1000


def test_a_row_without_a_curve_is_refused():
    with pytest.raises(ValueError, match="curve_of_row"):
        due_totals(np.array([1]), np.zeros(1), np.array([1], np.int32), np.array([[0.0, 1.0]]))
