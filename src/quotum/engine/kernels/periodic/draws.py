"""Chance for compiled loops: a stream of its own per run, so that a seed gives the same plan everywhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from quotum.engine.kernels.periodic.compiling import compiled, inlined

_STEP, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


def seed_draws(seed: int) -> npt.NDArray[np.uint64]:
    """Return the state of a stream; neighbouring seeds give unlike streams (splitmix64, Steele et al. 2014)."""
    z = (seed * _STEP + _STEP) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return np.array([(z ^ (z >> 31)) | 1], np.uint64)


@inlined
def draw(state):
    """Return a float in [0, 1) (xorshift64*, Vigna 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return ((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inlined
def draw_below(state, n):
    """Return an integer in [0, n)."""
    return int(draw(state) * n)


@compiled
def shuffle(state, values, n):
    """Put the first n values into a random order."""
    for i in range(n - 1, 0, -1):
        j = draw_below(state, i + 1)
        values[i], values[j] = values[j], values[i]
