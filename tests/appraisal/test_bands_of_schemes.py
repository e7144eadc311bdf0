"""Bands: gaps and overlaps are found wherever they are, and nowhere else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quotum.engine.appraisal.bands import find_band, find_faults
from quotum.engine.appraisal.schemes import INFINITE, Band

BANDS = st.lists(
    st.tuples(st.integers(0, 10), st.integers(0, 10), st.booleans(), st.booleans()).map(
        lambda t: Band("", float(min(t[:2])), float(max(t[:2])), t[2], t[3])
    ), min_size=1, max_size=5)  # fmt: skip


@given(BANDS)
def test_faults_are_where_numbers_lie_in_no_band_or_in_two(bands):
    places = np.arange(0, 10.25, 0.25)
    held = sum(np.array([i >= 0 for i in find_band(places, [band])]).astype(int) for band in bands)
    faults = [fault for fault in find_faults(bands, 0.0, 10.0) if fault.kind in ("gap", "overlap")]
    if all(band.is_empty for band in bands):
        return
    assert bool((held == 0).any()) == any(fault.kind == "gap" for fault in faults)
    assert bool((held > 1).any()) == any(fault.kind == "overlap" for fault in faults)


def test_case_9_95_lies_in_both_and_70_to_80_and_80_to_85_in_none():
    bands = [Band("excellent", 95), Band("good", 85, 95), Band("pass", 80, 80), Band("fail", -INFINITE, 70)]
    faults = [(f.kind, f.low, f.high) for f in find_faults(bands, 0, 100)]
    assert faults == [("gap", 70, 80), ("gap", 80, 85), ("overlap", 95, 95)]
    assert find_band(np.array([95.0, 94.9, 82.0, 80.0, 70.0]), bands).tolist() == [0, 1, -1, 2, 3]


def test_bands_that_meet_have_no_fault():
    assert find_faults([Band("b", 60), Band("a", -INFINITE, 60, high_in=False)], 0, 100) == []
    apart = find_faults([Band("b", 60, low_in=False), Band("a", 0, 60, high_in=False)], 0, 100)
    assert [(fault.kind, fault.low, fault.high) for fault in apart] == [("gap", 60, 60)]
