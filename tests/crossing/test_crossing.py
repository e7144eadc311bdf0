"""Cells that meet their rows and claims in a second direction: exact, near to the fit, or told which totals clash."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotum.engine.decomposition.crossing import Cells, Claim, cross_totals


def fit_slowly(weights, totals, claims, sweeps=4000):
    """The twin: scale rows and claims in turn, one list at a time, until nothing moves."""
    cells = [list(map(float, row)) for row in weights]
    for _ in range(sweeps):
        for r, total in enumerate(totals):
            now = sum(cells[r])
            cells[r] = [c * total / now if now else 0.0 for c in cells[r]]
        for places, amount in claims:
            now = sum(cells[r][c] for r, c in places)
            for r, c in places:
                cells[r][c] *= amount / now if now else 0.0
    return [c for row in cells for c in row]


def table_of(weights, totals):
    weights = np.array(weights, dtype=float)
    rows = np.repeat(np.arange(len(weights)), weights.shape[1])
    return Cells(rows, weights.ravel(), np.array(totals), np.zeros(weights.size), np.full(weights.size, np.inf))


def columns(num_rows, num_columns, amounts, rows=None):
    rows = np.arange(num_rows) if rows is None else np.array(rows)
    return [Claim(rows * num_columns + c, amount, amount) for c, amount in enumerate(amounts) if amount is not None]


@st.composite
def crossings(draw):
    """A table that can be met: whole cells are drawn first, their sums are the totals; units lie side by side."""
    num_rows, num_columns = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    amounts = st.integers(0, draw(st.sampled_from([3, 1000, 10**9])))
    known = np.array(draw(st.lists(amounts, min_size=num_rows * num_columns, max_size=num_rows * num_columns)))
    weights = np.array(draw(st.lists(st.floats(0.01, 100), min_size=known.size, max_size=known.size)))
    unit = np.sort(np.array(draw(st.lists(st.integers(0, 2), min_size=num_rows, max_size=num_rows))))
    grid = known.reshape(num_rows, num_columns)
    claims = []
    for c in range(num_columns):
        groups = [np.arange(num_rows)] if draw(st.booleans()) else []
        groups += [np.flatnonzero(unit == u) for u in np.unique(unit) if draw(st.booleans())]
        for group in groups:
            total = int(grid[group, c].sum())
            slack = draw(st.sampled_from([(0, 0), (0, None), (None, 0)]))
            low, high = (None if s is None else total for s in slack)
            claims.append(Claim(group * num_columns + c, low or 0, high))
    rows = np.repeat(np.arange(num_rows), num_columns)
    return Cells(rows, weights, grid.sum(axis=1), np.zeros(known.size), np.full(known.size, np.inf)), claims


@given(crossings())
def test_rows_and_claims_are_met_to_the_unit(case):
    cells, claims = case
    found = cross_totals(cells, claims)
    assert found.met
    assert found.amounts.min() >= 0
    sums = np.zeros(len(cells.totals), dtype=np.int64)
    np.add.at(sums, cells.rows, found.amounts)
    assert sums.tolist() == cells.totals.tolist()
    for claim in claims:
        total = found.amounts[claim.cells].sum()
        assert claim.low <= total <= (total if claim.high is None else claim.high)


@given(crossings(), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter_for_what_is_met(case, chance):
    cells, claims = case
    mixed = list(claims)
    chance.shuffle(mixed)
    assert cross_totals(cells, mixed).met


@st.composite
def inner_tables(draw):
    """A table of real cells away from 0 that can be met well inside: weights lightly bent."""
    num_rows, num_columns = draw(st.integers(2, 8)), draw(st.integers(2, 6))
    size = num_rows * num_columns
    known = np.array(draw(st.lists(st.integers(50, 5000), min_size=size, max_size=size))).reshape(num_rows, -1)
    bend = np.array(draw(st.lists(st.floats(0.5, 2), min_size=size, max_size=size))).reshape(num_rows, -1)
    return known, known * bend


@given(inner_tables())
def test_cells_lie_within_a_unit_of_the_fit_and_the_fit_is_the_slow_one(case):
    known, weights = case
    found = cross_totals(table_of(weights, known.sum(axis=1)), columns(*known.shape, known.sum(axis=0).tolist()))
    assert np.abs(found.amounts - found.fitted).max() < 1 + 1e-6
    places = [([(r, c) for r in range(len(known))], int(known[:, c].sum())) for c in range(known.shape[1])]
    slow = fit_slowly(weights, known.sum(axis=1), places, 300)
    assert np.allclose(found.fitted, slow, rtol=1e-5, atol=1e-3)


def test_weights_that_fit_already_stay():
    found = cross_totals(table_of([[10, 20], [30, 40]], [30, 70]), columns(2, 2, [40, 60]))
    assert found.amounts.tolist() == [10, 20, 30, 40]


def test_a_claim_with_room_pulls_only_when_it_must():
    cells = table_of([[10, 20], [30, 40]], [30, 70])
    assert cross_totals(cells, [Claim(np.array([0, 2]), 30, 50)]).amounts.tolist() == [10, 20, 30, 40]
    assert cross_totals(cells, [Claim(np.array([0, 2]), 50, None)]).amounts[[0, 2]].sum() == 50
    assert cross_totals(cells, [Claim(np.array([0, 2]), 0, 33)]).amounts[[0, 2]].sum() == 33


def test_what_a_unit_takes_leaves_nothing_for_the_others():
    """The unit's month is the company's: the others get nothing in it, at once and exactly."""
    company, unit = Claim(np.array([0, 2, 4]), 40, 40), Claim(np.array([0, 2]), 40, 40)
    found = cross_totals(table_of([[10, 20], [30, 40], [5, 5]], [30, 70, 10]), [company, unit])
    assert found.amounts[4] == 0
    assert found.fitted[4] == 0


def test_a_cell_of_no_weight_stays_empty():
    found = cross_totals(table_of([[0, 1], [1, 1]], [10, 10]), columns(2, 2, [8, 12]))
    assert found.amounts.tolist() == [0, 10, 8, 2]


def test_a_quarter_of_a_row_may_hold_its_months():
    claims = [Claim(np.array([0, 1, 2]), 50, 50), Claim(np.array([0]), 5, 5), *columns(2, 4, [15, 45])]
    found = cross_totals(table_of([[1] * 4, [1] * 4], [100, 100]), claims).amounts
    assert (found[0], found[:3].sum(), found[[0, 4]].sum(), found[[1, 5]].sum()) == (5, 50, 15, 45)


def test_columns_above_the_rows_name_both():
    found = cross_totals(table_of([[1, 1], [1, 1]], [10, 20]), columns(2, 2, [20, 15]))
    assert not found.met
    assert sum(amount for *_, amount in found.needed) == 35
    assert sum(amount for *_, amount in found.possible) == 30
    assert {(kind, k) for kind, k, _ in found.needed} == {("claim", 0), ("claim", 1)}


def test_only_the_totals_in_conflict_are_named():
    """Row 0 may sell in the first column only, and that column is 5: rows 1 and 2 have nothing to do with it."""
    found = cross_totals(table_of([[1, 0, 0], [1, 1, 1], [1, 1, 1]], [9, 20, 20]), columns(3, 3, [5, None, 10]))
    assert list(found.needed) == [("row", 0, 9)]
    assert [bound for bound in found.possible if bound[2]] == [("claim", 0, 5)]


def test_claims_that_overlap_crosswise_are_a_third_direction():
    found = cross_totals(
        table_of([[1, 1], [1, 1]], [10, 20]), [Claim(np.array([0, 2]), 5, 5), Claim(np.array([2, 3, 1]), 9, 9)]
    )
    assert not found.met
    assert found.crossed is not None
    assert set(found.crossed) == {0, 1}


@pytest.mark.parametrize("totals", [[2**52, 2**51], [1, 2]])
def test_very_large_and_very_small_rows(totals):
    half = sum(totals) // 2
    found = cross_totals(
        table_of([[1.0 * t, 2.0 * t] for t in totals], totals), columns(2, 2, [half, sum(totals) - half])
    )
    assert found.amounts.reshape(2, 2).sum(axis=0).tolist() == [half, sum(totals) - half]


def test_ten_rows_thrice_as_large_give_the_same_bytes_twice():
    weights = np.arange(1, 121, dtype=float).reshape(10, 12)
    totals = weights.sum(axis=1).astype(int)
    amounts = [int(totals.sum()) // 12 + (c < int(totals.sum()) % 12) for c in range(12)]
    runs = [cross_totals(table_of(weights, totals), columns(10, 12, amounts)).amounts.tobytes() for _ in range(2)]
    assert runs[0] == runs[1]
