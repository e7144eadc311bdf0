"""Ranges: what else the coming months may bring, as simulated paths of a node's own errors.

A path is what the errors of one test forecast were, month after month, so that what goes on for a while goes on in the
path: months are not drawn one by one. Errors are kept as parts of what a month usually brings, and come back as parts
of what it brings now; those of a series that has grown grow with the root of it, as those of a sum of orders do. A node
has few tests of its own; they count n/(n + 1), n being how many times the horizon fits into the time they cover, and
the paths of all nodes, brought to the size of the node's own errors, count for the rest. That size leans on the middle
one of its level in the same way. Each path comes with either sign: a year that went better than expected could as well
have gone worse. Never are ranges made by adding up the ranges of the leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator

from quotum.engine.forecasting.panel import Bools, Floats, Longs

_LEAN = 1.0  # k in n/(n + k): how many independent tests count as much as what the others say
_LONG_ENOUGH = 0.75  # of the longest test: a shorter one is left out


@dataclass(frozen=True, slots=True)
class ErrorPaths:
    """Errors of the tests as parts of usual months.

    ``own`` holds each node's paths (num_tests_of_node, horizon), ``pool`` (num_pooled, horizon) those of all nodes
    divided by the node's size. ``size`` (num_nodes,) is the mean absolute error of a node, ``own_size`` before it
    leaned on its level, ``trust`` (num_nodes,) the part of its paths that are its own.
    """

    own: list[Floats]
    pool: Floats
    size: Floats
    own_size: Floats
    trust: Floats


@dataclass(frozen=True, slots=True)
class Draws:
    """What chance decides, the same for every node: whether a path is an own one, which one, and its sign."""

    whose: Floats
    which: Floats
    sign: Floats


def draw_chance(seed: int, num_paths: int) -> Draws:
    """Return the draws of ``num_paths`` simulated years; the same seed gives the same draws."""
    chance = Generator(PCG64(seed))
    whose, which = chance.random(num_paths), chance.random(num_paths)
    return Draws(whose, which, np.where(np.arange(num_paths) % 2 == 0, 1.0, -1.0))


def gather_paths(parts: Floats, horizon: int, level: Longs, pooled: Bools) -> ErrorPaths:
    """Return the error paths of tests: ``parts`` (num_nodes, num_origins, test horizon), NaN where not known.

    Paths of the nodes ``pooled`` (num_nodes,) are lent to all.

    A test that is shorter than ``horizon`` goes on from its beginning, and errors grow with the root of the time ahead.
    """
    known = np.isfinite(parts)
    length = known.sum(axis=2)
    longest = int(length[pooled].max(initial=0))
    own_size = np.where(known, np.abs(parts), 0.0).sum(axis=(1, 2)) / np.maximum(length.sum(axis=1), 1)
    tests = (length > 0).sum(axis=1) / max(longest, 1)  # origins follow one another month by month
    size, trust = _lean_on_level(own_size, tests, level, pooled), tests / (tests + _LEAN)
    size *= np.sqrt(max(horizon / max(longest, 1), 1.0))
    own = []
    for part, months in zip(parts, length, strict=True):
        whole = part[months >= max(1.0, _LONG_ENOUGH * longest)]
        own.append(np.array([np.resize(path[np.isfinite(path)], horizon) for path in whole]).reshape(-1, horizon))
    lent = zip(own, own_size, pooled, strict=True)
    scaled = [paths / one for paths, one, pool in lent if pool and one > 0 and len(paths)]
    return ErrorPaths(own, np.vstack(scaled) if scaled else np.zeros((0, horizon)), size, own_size, trust)


def draw_paths(errors: ErrorPaths, node: int, means: Floats, usual: Floats, draws: Draws) -> Floats:
    """Return the simulated months of a node, (num_paths, horizon), around ``means`` and not below 0.

    ``usual`` (horizon,) is what the coming months bring by the node's level and season.
    """
    own, pool = errors.own[node], errors.pool
    parts = np.zeros((len(draws.which), len(means)))
    mine = draws.whose < errors.trust[node] if len(pool) else np.ones(len(parts), dtype=bool)
    if len(own) and errors.own_size[node] > 0:
        grown = errors.size[node] / errors.own_size[node]
        parts[mine] = own[(draws.which[mine] * len(own)).astype(np.int64)] * grown
    elif len(pool):
        mine = np.zeros(len(parts), dtype=bool)
    if not mine.all():
        parts[~mine] = pool[(draws.which[~mine] * len(pool)).astype(np.int64)] * errors.size[node]
    paths = np.maximum(means + draws.sign[:, None] * parts * usual, 0.0)
    middle = paths.mean(axis=0)  # cutting at 0 has lifted it
    around: Floats = paths * np.divide(means, middle, out=np.ones_like(middle), where=middle > 0)
    return around


def chance_of_reaching(paths: Floats, amount_minor: Floats | float) -> Floats:
    """Return the part of simulated totals that reach an amount: ``paths`` (…, num_paths), one amount for each row."""
    reached: Floats = (paths >= np.asarray(amount_minor, dtype=np.float64)[..., None]).mean(axis=-1)
    return reached


def _lean_on_level(own_size: Floats, tests: Floats, level: Longs, pooled: Bools) -> Floats:
    """Return the size of each node's errors, leaning on the middle one of its level."""
    size = np.zeros_like(own_size)
    everybody = float(np.median(own_size[pooled & (tests > 0)])) if (pooled & (tests > 0)).any() else 0.0
    for number in np.unique(level).tolist():
        mine = level == number
        tested = mine & (tests > 0)
        usual = float(np.median(own_size[tested])) if tested.any() else everybody
        size[mine] = (tests[mine] * own_size[mine] + _LEAN * usual) / (tests[mine] + _LEAN)
    return size
