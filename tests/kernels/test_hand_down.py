"""Cuts follow their row: halving is exact, never falls, and both versions of it say the same."""

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.curves.halving import hand_down
from quotum.engine.kernels import halve

member_lists = st.one_of(
    st.lists(st.integers(0, 9), max_size=12),
    st.lists(st.integers(0, 10**6), max_size=12),
    st.lists(st.integers(0, 2**49), max_size=15),
    st.integers(0, 52).map(lambda n: [2**k for k in range(n)]),
).map(lambda amounts: sorted(amounts, reverse=True))
rows = st.tuples(member_lists, st.lists(st.floats(0, 1), min_size=3, max_size=3))


def shape(world):
    starts = np.cumsum([0] + [len(amounts) for amounts, _ in world])
    members = np.array([amount for amounts, _ in world for amount in amounts], np.int64)
    totals = [[0, *sorted(int(sum(amounts) * c) for c in curve), sum(amounts)] for amounts, curve in world]
    return starts, members, np.array(totals, np.int64)


@settings(max_examples=300, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4))
def test_both_versions_are_those_of_the_twin(world):
    starts, members, totals = shape(world)
    handed = halve(starts, members, totals)
    assert (hand_down(starts, members, totals) == handed).all()
    for p, (amounts, _) in enumerate(world):
        for b, due in enumerate(totals[p].tolist()):
            assert handed[starts[p] : starts[p + 1], b].tolist() == twins.hand_down(amounts, due)


@settings(max_examples=200, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4))
def test_members_add_up_never_fall_and_end_with_their_amount(world):
    starts, members, totals = shape(world)
    handed = halve(starts, members, totals)
    for p in range(len(world)):
        part = handed[starts[p] : starts[p + 1]]
        assert part.sum(axis=0).tolist() == (totals[p].tolist() if len(part) else [0] * 5)
    assert (np.diff(handed, axis=1) >= 0).all()
    assert (handed[:, 0] == 0).all()
    assert (handed[:, -1] == members).all()


def random_rows(num_rows, seed):
    chance = np.random.default_rng(seed)
    for _ in range(num_rows):
        amounts = np.sort((chance.pareto(1.1, chance.integers(2, 400)) * chance.choice([3, 30, 3000])).astype(np.int64))
        if amounts.sum() > 0:
            yield amounts[::-1], np.sort(np.floor(chance.random(51) * amounts.sum()).astype(np.int64))


def test_a_cut_stays_within_about_a_unit_of_its_share():
    """1.2 over 300 random rows; the bar leaves some room, a whole second unit would be a fault."""
    worst = 0.0
    for amounts, totals in random_rows(300, seed=7):
        handed = halve(np.array([0, len(amounts)]), amounts, totals[None, :])
        share = totals[None, :] * (amounts / amounts.sum())[:, None]
        worst = max(worst, float(np.abs(handed - share).max()))
    assert worst < 1.5


def test_wide_products_are_exact():
    amounts = [2**52, 2**51, 2**50 + 1, 12345, 1]
    totals = [1, 2**40 + 1, sum(amounts) // 3, sum(amounts) - 1]
    handed = halve(np.array([0, 5]), np.array(amounts), np.array([totals]))
    assert handed.T.tolist() == [twins.hand_down(amounts, due) for due in totals]
    assert (hand_down(np.array([0, 5]), np.array(amounts), np.array([totals])) == handed).all()


def test_members_out_of_order_do_no_harm():
    amounts = np.array([2**k for k in range(45)])
    starts, totals = np.array([0, 45]), np.array([[0, 77, amounts.sum() // 3, amounts.sum()]])
    handed = halve(starts, amounts, totals)
    assert handed.sum(axis=0).tolist() == totals[0].tolist()
    assert (hand_down(starts, amounts, totals) == handed).all()


def test_totals_of_another_number_of_rows_are_refused():
    with pytest.raises(ValueError, match="belong together"):
        halve(np.array([0, 1]), np.array([1]), np.zeros((2, 1), np.int64))
