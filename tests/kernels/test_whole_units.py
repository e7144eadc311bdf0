"""Whole units and lots: floor or ceiling of the real share, and not a unit lost."""

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.kernels import round_lots, round_whole, split_bounded

shares = st.lists(
    st.one_of(st.integers(0, 10**6).map(float), st.floats(0, 1e6), st.sampled_from([0.5, 1 / 3, 2.25])),
    min_size=1, max_size=40,
)  # fmt: skip


def round_one(total, real, f=(), c=()):
    return round_whole(np.array([0, len(real)]), np.array([total]), np.array(real), np.array(f), np.array(c)).tolist()


@settings(max_examples=300, deadline=None)
@given(shares, st.booleans())
def test_units_are_those_of_the_exact_twin(real, up):
    total = int(np.ceil(sum(real)) if up else np.floor(sum(real)))
    units = round_one(total, real)
    assert sum(units) == total
    expected = twins.round_whole(total, real)
    if expected is not None:
        assert units == expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=40
    ),
    st.floats(0, 1),
)  # fmt: skip
def test_split_and_rounding_keep_total_bounds_and_stay_within_a_unit(lines, place):
    w, f, room = (np.array(column, float) for column in zip(*lines, strict=True))
    c = f + room
    least, most = f.sum(), np.where(w > 0, c, f).sum()
    starts, total = np.array([0, len(w)]), np.array([round(least + place * (most - least))])
    real, status = split_bounded(starts, total.astype(float), w, f, c)
    units = round_whole(starts, total, real, f, c)
    assert status.tolist() == [0]
    assert units.sum() == total[0]
    assert (units >= f).all()
    assert (units <= c).all()
    assert (units[w == 0] == f[w == 0]).all()
    assert (np.abs(units - real) < 1 + 1e-6).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any), st.integers(0, 2**53 - 1))
def test_totals_up_to_two_to_the_53rd_are_conserved(w, total):
    starts, weights = np.array([0, len(w)]), np.array(w, float)
    real, _ = split_bounded(starts, np.array([float(total)]), weights)
    units = round_whole(starts, np.array([total]), real)
    assert units.sum() == total
    assert (units[weights == 0] == 0).all()
    noise = 1 + real * 2.0**-48
    assert (np.abs(units - real) <= noise).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(1, 10**6), min_size=1, max_size=8), min_size=1, max_size=8), st.integers(0, 10**9))
def test_real_shares_down_a_tree_then_units_from_the_top(tree, total):
    tops = np.array([float(sum(leaves)) for leaves in tree])
    starts = np.cumsum([0] + [len(leaves) for leaves in tree])
    top_starts = np.array([0, len(tree)])
    top_real, _ = split_bounded(top_starts, np.array([float(total)]), tops)
    leaf_real, _ = split_bounded(starts, top_real, np.array([float(x) for leaves in tree for x in leaves]))
    top_units = round_whole(top_starts, np.array([total]), top_real)
    leaf_units = round_whole(starts, top_units, leaf_real)
    assert np.add.reduceat(leaf_units, starts[:-1]).tolist() == top_units.tolist()
    assert top_units.sum() == total
    assert (np.abs(leaf_units - leaf_real) < 1 + 1e-6).all()


def test_equal_fractions_go_by_position():
    assert round_one(5, [1.5, 1.5, 1.5]) == [2, 2, 1]
    assert round_one(667, [0.667] * 1000) == [1] * 667 + [0] * 333


def test_a_whole_share_never_gets_a_unit_more():
    assert round_one(10, [0.0, 3.0, 3.5, 3.5]) == [0, 3, 4, 3]
    assert round_one(7, [3.0000000001, 2.9999999999, 0.5, 0.5]) == [3, 3, 1, 0]


def test_noise_that_fractions_cannot_take_is_settled_within_the_bounds():
    assert round_one(11, [0.0, 5.0, 5.0]) == [0, 6, 5]  # nobody has a fraction: not the member without weight
    assert round_one(9, [0.0, 5.0, 5.0]) == [0, 4, 5]
    assert round_one(11, [0.0, 5.0, 5.0], f=[0.0, 0.0, 0.0], c=[9.0, 5.0, 6.0]) == [0, 5, 6]
    assert round_one(9, [0.0, 5.0, 5.0], f=[0.0, 5.0, 0.0], c=[9.0, 9.0, 9.0]) == [0, 5, 4]
    assert round_one(10**15, [5.0, 5.0], f=[0.0, 0.0], c=[7.0, 1e16]) == [7, 10**15 - 7]


def test_many_small_shares_share_out_few_units():
    count = 100_000
    real = 100 / np.arange(1, count + 1) ** 1.1
    total = int(real.sum())
    units = round_one(total, real)
    assert sum(units) == total
    assert units == twins.round_whole(total, real.tolist())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.sampled_from([1, 12, 1000]))
def test_lots_are_whole_but_for_the_largest_member(real, lot):
    total = int(sum(real))
    units = round_lots(np.array([0, len(real)]), np.array([total]), np.array(real), lot).tolist()
    assert sum(units) == total
    largest = real.index(max(real))
    assert all(amount % lot == 0 for i, amount in enumerate(units) if i != largest)
    if twins.round_whole(total // lot, [share / lot for share in real]) is not None:
        assert units == twins.round_lots(total, real, lot)


def test_parents_do_not_touch_one_another():
    starts, totals = np.array([0, 2, 2, 5]), np.array([3, 0, 7])
    assert round_whole(starts, totals, np.array([1.5, 1.5, 2.4, 2.4, 2.2])).tolist() == [2, 1, 3, 2, 2]


def test_arrays_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="belong together"):
        round_whole(np.array([0, 2]), np.array([1, 2]), np.ones(2))
