"""Spacing becomes sets of days, strictly or at a cost."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotum.engine.action_plan.routing.patterns import Spacing, spaced_patterns


@given(st.integers(0, 3), st.integers(1, 4), st.integers(0, 3), st.integers(0, 9),
       st.sets(st.integers(0, 9), max_size=8))  # fmt: skip
def test_strict_spacing_lists_exactly_the_sets_that_keep_it(visits, gap_min, more, first_max, days):
    spacing = Spacing(visits, gap_min, gap_min + more, first_max)
    expected = sorted(
        chosen
        for chosen in combinations(sorted(days), visits)
        if (not chosen or chosen[0] <= first_max)
        and all(gap_min <= b - a <= gap_min + more for a, b in pairwise(chosen))
    )
    assert [days for days, _ in spaced_patterns(spacing, list(days), 10_000)] == expected


def test_soft_spacing_asks_for_each_day_off():
    found = dict(spaced_patterns(Spacing(2, 4, 4, 0, slack=1, cost_per_day=7.0), range(7)))
    assert found == {(0, 4): 0.0, (0, 3): 7.0, (0, 5): 7.0, (1, 5): 7.0, (1, 4): 14.0, (1, 6): 14.0}


def test_too_many_sets_are_thinned_evenly_and_cheap_ones_stay():
    found = spaced_patterns(Spacing(2, 1, 30, 40, slack=3, cost_per_day=1.0), range(60), 50)
    assert len(found) == 50
    assert {cost for _, cost in found} == {0.0}
    assert min(days[0] for days, _ in found) <= 2
    assert max(days[0] for days, _ in found) >= 38


def test_no_visits_are_one_set_without_days():
    assert spaced_patterns(Spacing(0, 1, 1, 1), range(5)) == [((), 0.0)]
    with pytest.raises(StopIteration):
        next(iter(spaced_patterns(Spacing(1, 1, 1, 1), [])))
