"""Which band a number lies in, and whether bands leave gaps or lie over one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotum.engine.appraisal.schemes import Band

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fault:
    """A stretch from low to high that no band covers (first, second: its neighbours) or that two bands cover."""

    kind: str  # gap | overlap | empty | hidden
    low: float
    high: float
    first: str = ""
    second: str = ""


def find_band(values: Floats, bands: Sequence[Band]) -> Ints:
    """Return the place of the first band that holds each value, -1 where none does; NaN lies in none."""
    found = np.full(values.shape, -1, dtype=np.int64)
    for place in range(len(bands) - 1, -1, -1):
        found[holds(values, bands[place])] = place
    return found


def holds(values: Floats, band: Band) -> npt.NDArray[np.bool_]:
    """Tell which values lie in a band."""
    above = values >= band.low if band.low_in else values > band.low
    below = values <= band.high if band.high_in else values < band.high
    return above & below


def find_faults(bands: Sequence[Band], low: float, high: float) -> list[Fault]:
    """Return gaps and overlaps of bands between two numbers, from the lowest on; bands that hold nothing too."""
    faults = [Fault("empty", band.low, band.high, band.name) for band in bands if band.is_empty]
    order = sorted((b for b in bands if not b.is_empty), key=lambda b: (b.low, not b.low_in, b.high, b.high_in))
    if not order:
        return faults
    if order[0].low > low or (order[0].low == low and not order[0].low_in):
        faults.append(Fault("gap", low, order[0].low, "", order[0].name))
    reach = order[0]
    for band in order[1:]:
        touch = band.low == reach.high
        if band.low < reach.high or (touch and band.low_in and reach.high_in):
            faults.append(Fault("overlap", band.low, min(band.high, reach.high), reach.name, band.name))
        elif band.low > reach.high or not (band.low_in or reach.high_in):
            faults.append(Fault("gap", reach.high, band.low, reach.name, band.name))
        if (band.high, band.high_in) > (reach.high, reach.high_in):
            reach = band
    if reach.high < high or (reach.high == high and not reach.high_in and np.isfinite(high)):
        faults.append(Fault("gap", reach.high, high, reach.name, ""))
    for place, band in enumerate(bands):
        if not band.is_empty and any(_covers(other, band) for other in bands[:place]):
            faults.append(Fault("hidden", band.low, band.high, band.name))
    return faults


def _covers(outer: Band, inner: Band) -> bool:
    """Tell whether everything in one band lies in the other."""
    low = outer.low < inner.low or (outer.low == inner.low and (outer.low_in or not inner.low_in))
    high = outer.high > inner.high or (outer.high == inner.high and (outer.high_in or not inner.high_in))
    return low and high
