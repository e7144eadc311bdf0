"""Real shares within bounds: the nearest to the weights that add up."""

import math

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.kernels import CAPS_FALL_SHORT, FINE, FLOORS_EXCEED, NO_WEIGHT, split_bounded

LARGE = 1e15

weights = st.one_of(st.just(0.0), st.integers(1, 10**9).map(float), st.floats(1e-6, 1e6))
members = st.tuples(weights, st.integers(0, 10**9), st.one_of(st.just(0), st.integers(0, 10**9), st.just(10**15)))
parents = st.tuples(st.lists(members, min_size=1, max_size=12), st.floats(0, 1), st.booleans())


def shape(world):
    """Turn drawn parents into arrays; most totals lie between what floors ask for and what caps allow."""
    starts, totals, w, f, c = [0], [], [], [], []
    for lines, place, is_loose in world:
        starts.append(starts[-1] + len(lines))
        w += [weight for weight, _, _ in lines]
        f += [floor * 1.0 for _, floor, _ in lines]
        c += [float(floor + room) for _, floor, room in lines]
        least = sum(floor for _, floor, _ in lines)
        most = sum(floor + room if weight else floor for weight, floor, room in lines)
        most = min(most, least * 3 + 10)
        totals.append(float(round(2 * place * most) if is_loose else round(least + place * (most - least))))
    return np.array(starts), np.array(totals), np.array(w), np.array(f), np.array(c)


def split_one(total, w, f=(), c=()):
    real, status = split_bounded(np.array([0, len(w)]), np.array([total]), np.array(w), np.array(f), np.array(c))
    return real.tolist(), int(status[0])


@settings(max_examples=300, deadline=None)
@given(st.lists(parents, min_size=1, max_size=4))
def test_shares_are_those_of_the_exact_twin(world):
    starts, totals, w, f, c = shape(world)
    real, status = split_bounded(starts, totals, w, f, c)
    for p, total in enumerate(totals):
        part = slice(starts[p], starts[p + 1])
        expected = twins.split(int(total), w[part], f[part], c[part])
        if isinstance(expected, int):
            assert status[p] == expected
        else:
            assert status[p] == FINE
            assert real[part] == pytest.approx([float(x) for x in expected], rel=1e-12, abs=1e-12 * max(total, 1))


@settings(max_examples=200, deadline=None)
@given(st.lists(parents, min_size=1, max_size=4))
def test_totals_are_met_bounds_are_kept_and_free_members_share_one_scale(world):
    starts, totals, w, f, c = shape(world)
    real, status = split_bounded(starts, totals, w, f, c)
    for p in np.flatnonzero(status == FINE):
        part = slice(starts[p], starts[p + 1])
        x, weight, floor, cap = real[part], w[part], f[part], c[part]
        assert math.fsum(x) == pytest.approx(totals[p], rel=1e-14)
        assert (x >= floor).all()
        assert (x <= cap).all()
        assert (x[weight == 0] == floor[weight == 0]).all()
        free = (x > floor) & (x < cap)
        if free.any():
            scale = (x[free] / weight[free])[0]
            assert x == pytest.approx(np.clip(scale * weight, floor, cap), rel=1e-14)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 10**6).map(float), min_size=1, max_size=30), st.integers(0, 2**53 - 1), st.randoms())
def test_the_order_of_members_does_not_matter(w, total, chance):
    real, _ = split_one(float(total), w)
    order = list(range(len(w)))
    chance.shuffle(order)
    shuffled, _ = split_one(float(total), [w[i] for i in order])
    assert shuffled == [real[i] for i in order]


def test_a_split_without_bounds_is_one_with_bounds_that_do_not_bind():
    w, total = [3.0, 1.0, 0.0, 4.0], 1000.0
    assert split_one(total, w) == ([375.0, 125.0, 0.0, 500.0], FINE)
    assert split_one(total, w, f=[0.0] * 4) == split_one(total, w)
    assert split_one(total, w, c=[1e12] * 4) == split_one(total, w)


def test_what_cannot_be_met_says_why_and_shows_the_bounds():
    assert split_one(10.0, [1.0, 1.0], f=[8.0, 3.0]) == ([8.0, 3.0], FLOORS_EXCEED)
    assert split_one(10.0, [1.0, 0.0], f=[0.0, 2.0], c=[5.0, 9.0]) == ([5.0, 2.0], CAPS_FALL_SHORT)
    assert split_one(10.0, [0.0, 0.0], f=[1.0, 2.0]) == ([1.0, 2.0], NO_WEIGHT)
    assert split_one(10.0, [0.0, 0.0]) == ([0.0, 0.0], NO_WEIGHT)
    assert split_one(10.0, []) == ([], NO_WEIGHT)
    assert split_one(3.0, [0.0, 0.0], f=[1.0, 2.0]) == ([1.0, 2.0], FINE)
    assert split_one(0.0, [0.0, 0.0]) == ([0.0, 0.0], FINE)


def test_amounts_near_two_to_the_53rd_are_met():
    total = float(2**53 - 1)
    real, status = split_one(total, [1.0, 1.0, 1.0], f=[0.0, 0.0, float(2**52)], c=[float(2**50), LARGE * 8, total])
    assert status == FINE
    assert real == [float(2**50), float(2**53 - 1 - 2**50 - 2**52), float(2**52)]


def test_weights_of_very_different_size_stay_finite():
    real, status = split_one(100.0, [1e-300, 1e300, 5e-324], c=[60.0, 50.0, 60.0])
    assert status == FINE
    assert real[1] == 50.0
    assert np.isfinite(real).all()


def test_a_parent_whose_members_are_fixed_one_after_another_still_ends():
    count = 400
    w = np.ones(count)
    f = np.round(1e9 / np.arange(2, count + 2))
    total = float(f.sum() + 5)
    real, status = split_one(total, w, f)
    expected = twins.split(int(total), w, f, [10**12] * count)
    assert status == FINE
    assert real == pytest.approx([float(x) for x in expected], rel=1e-12)


def test_arrays_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="starts"):
        split_bounded(np.array([0, 3]), np.array([1.0]), np.ones(2))
    with pytest.raises(ValueError, match="belong together"):
        split_bounded(np.array([0, 2]), np.array([1.0]), np.ones(2), np.ones(1))
