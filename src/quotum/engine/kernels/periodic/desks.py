"""Room to work in, made once per search so that loops need not make arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quotum.engine.kernels.periodic.rules import Rules

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Desk(NamedTuple):
    """Room to work in: what a round needs and nobody looks at afterwards."""

    gone: Ints  # (N,)
    is_gone: Bools
    hit: Bools  # (R,)
    touched: Ints  # (R,)
    is_touched: Bools
    keys: Floats  # (N,)
    costs: Floats  # (T,)
    shifts: Ints
    places: Ints
    blink: Ints  # (1,)
    dirty: Bools  # (T,)
    extra: Floats  # (N, R) travel that the best place of a customer in a shift adds
    kept: Ints  # (N, R) that place, in the low bits, and the mark of the stops for which it was found


def make_desk(rules: Rules) -> Desk:
    """Return the room to work in."""
    N, T, R = len(rules.load), len(rules.shift_first) - 1, len(rules.shift_day)
    return Desk(
        np.empty(N, np.int64), np.zeros(N, np.bool_), np.zeros(R, np.bool_), np.empty(R, np.int64),
        np.zeros(R, np.bool_), np.empty(N), np.full(T, np.inf), np.zeros(T, np.int64), np.zeros(T, np.int64),
        np.zeros(1, np.int64), np.zeros(T, np.bool_), np.zeros((N, R)), np.full((N, R), -1, np.int64),
    )  # fmt: skip
