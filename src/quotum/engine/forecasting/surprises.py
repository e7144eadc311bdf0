"""How many times more, or less, than expected comes in all: what ranges of a sum are made of.

Sales that miss a forecast do so by a factor: what came at twice could as well have come at half. So the error of a test
is the logarithm of what came over what was expected, both with a tenth of what is usual, so that nothing at all is no
endless surprise. How large a node's errors are is the mean of its tests, the latest ones first: half a year older
counts half. Shorter tests count as if errors grew with the root of time, and a test made on little history is off by
more than one made on much: by the root of ``1 + 1/years`` known. A node leans on the middle one of its level as far as
its tests do not reach.

What that size promises is tried out (conformal prediction; weights that fade: Barber, Candès, Ramdas and Tibshirani,
Annals of Statistics 51, 2023, p. 816). Each test is held against the size that was to be seen before it began, from
tests that had ended by then: a firm whose errors shrink gets narrower ranges than its errors alone would give, one that
keeps surprising gets wider ones. These trials are few at first, so the tests themselves count as two more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from quotum.engine.forecasting.panel import YEAR, Bools, Floats, Longs
from quotum.engine.forecasting.rolling import LEAST_TEST, Tests

_STEADY = 0.1  # of what is usual, added to what came and to what was expected
_HALF = 6.0  # months after which a test counts half
_LEAN = 1.0  # k in n/(n + k): how many horizons of own tests count as much as the middle one of the level
_LONG_ENOUGH = 0.5  # of the horizon: a shorter test is left out beside one that sees all of it
_NEARLY_LONGEST = 0.75  # of the longest test where none does
_TRIALS_BESIDE = 2.0  # trials that the tests count for, held against the size they make themselves
_FARTHEST = float(np.log(1 + 1 / _STEADY))  # as far as nothing at all is below what is usual: 11 times


@dataclass(frozen=True, slots=True)
class Surprises:
    """The size of each node's errors in logarithms, (num_nodes,), and how many times as large errors turn out.

    ``times`` (num_times,) in rising order; ``until`` is the part of chance up to each of them, the last one 1. Without
    any test both are empty.
    """

    size: Floats
    times: Floats
    until: Floats

    def take(self, at: Longs) -> Surprises:
        """Return the surprises of nodes that have the series ``at``."""
        return replace(self, size=self.size[at])

    def draw(self, node: int, chance: Floats, sign: Floats) -> Floats:
        """Return by what a node's simulated sums differ from what is expected, a factor each, (num_paths,)."""
        if not len(self.times):
            return np.ones(len(chance))
        times = self.times[np.minimum(np.searchsorted(self.until, chance, side="right"), len(self.times) - 1)]
        factor: Floats = np.exp(sign * np.minimum(times * self.size[node], _FARTHEST))
        return factor


def no_surprises(num_nodes: int) -> Surprises:
    """Return what is known where nothing was tested."""
    return Surprises(np.zeros(num_nodes), np.zeros(0), np.zeros(0))


def gather_surprises(tests: Tests, start: Longs, num_months: int, level: Longs, pooled: Bools) -> Surprises:
    """Return the surprises that tests tell of.

    ``start`` (num_nodes,) is each series' first month; nodes of one ``level`` (num_nodes,) lean on one another; trials
    of the nodes ``pooled`` (num_nodes,) are shared by all.
    """
    horizon = tests.came.shape[2]
    now = _size_errors(tests, start, num_months, horizon, level, pooled)
    if now is None:
        return no_surprises(len(start))
    times, weights = [], []
    for place, origin in enumerate(tests.origins.tolist()):
        ahead = min(horizon, num_months - origin)
        before = _size_errors(tests, start, origin, ahead, level, pooled)
        if before is None or ahead < min(LEAST_TEST, horizon):
            continue
        tried = _divide(np.abs(_log_errors(tests, place, ahead)), before.size)[pooled]
        times.append(tried[np.isfinite(tried)])
        weights.append(np.full(len(times[-1]), _fade(num_months - origin)))
    seen = _divide(np.abs(now.errors), now.size[:, None])[pooled]
    known, trials = np.isfinite(seen), sum(len(one) > 0 for one in times)
    weight = np.broadcast_to(now.weights, seen.shape)[known]
    share = sum(float(one.sum()) for one in weights) / trials * _TRIALS_BESIDE if trials else 1.0
    times.append(seen[known] * now.growth)
    weights.append(weight * (share / weight.sum() if len(weight) else 0.0))
    together, weight = np.concatenate(times), np.concatenate(weights)
    if not weight.sum() > 0:
        return no_surprises(len(start))
    order = np.argsort(together, kind="stable")
    until = np.cumsum(weight[order])
    return Surprises(now.size, together[order], until / until[-1])


@dataclass(frozen=True, slots=True)
class _Sized:
    """The size of each node's errors, the errors it was found from, (num_nodes, num_tests), and what each counts."""

    size: Floats
    errors: Floats
    weights: Floats
    growth: float


def _size_errors(tests: Tests, start: Longs, when: int, horizon: int, level: Longs, pooled: Bools) -> _Sized | None:
    """Return how large errors of a horizon are, as known before the month ``when``; None where no test had ended."""
    length = np.minimum(horizon, when - tests.origins)
    places = np.flatnonzero((tests.origins < when) & (length >= min(LEAST_TEST, horizon)))
    if not len(places):
        return None
    longest = int(length[places].max())
    places = places[length[places] >= longest * (_LONG_ENOUGH if longest >= horizon else _NEARLY_LONGEST)]
    length, origins = length[places], tests.origins[places]
    each = zip(places.tolist(), length.tolist(), strict=True)
    errors = np.column_stack([_log_errors(tests, place, ahead) for place, ahead in each])
    errors *= np.sqrt(longest / length) / _by_history(origins[None, :] - start[:, None])
    counts = np.isfinite(errors) * _fade(origins.max() - origins)
    total = counts.sum(axis=1)
    own = np.divide(np.nansum(np.abs(errors) * counts, axis=1), total, out=np.zeros(len(start)), where=total > 0)
    growth = float(np.sqrt(max(horizon / longest, 1.0)))
    size = lean_on_level(own, total / longest, level, pooled) * growth
    to_now = _by_history(when - start)
    return _Sized(size * to_now, errors * to_now[:, None], _fade(origins.max() - origins), growth)


def _log_errors(tests: Tests, place: int, months: int) -> Floats:
    """Return the errors of the sums of a test's first months, (num_nodes,), NaN where they are not known."""
    came, expected, usual = (part[:, place, :months].sum(axis=1) for part in (tests.came, tests.expected, tests.usual))
    known = (usual > 0) & np.isfinite(came)
    ratio = np.divide(came + _STEADY * usual, expected + _STEADY * usual, out=np.full_like(came, np.nan), where=known)
    errors: Floats = np.log(np.where(ratio > 0, ratio, np.nan))
    return errors


def _by_history(months: Longs) -> Floats:
    """Return how much larger errors are by what little is known: the root of 1 + 1/years."""
    return np.sqrt(1 + YEAR / np.maximum(months, 1))


def _fade(age: Longs | int) -> Floats:
    faded: Floats = 0.5 ** (np.asarray(age) / _HALF)
    return faded


def lean_on_level(own: Floats, tests: Floats, level: Longs, pooled: Bools) -> Floats:
    """Return the size of each node's errors, as its tests tell it, leaning on the middle one of its level."""
    size, tested = np.zeros_like(own), tests > 0
    everybody = float(np.median(own[pooled & tested])) if (pooled & tested).any() else 0.0
    for number in np.unique(level).tolist():
        mine = level == number
        usual = float(np.median(own[mine & tested])) if (mine & tested).any() else everybody
        size[mine] = (tests[mine] * own[mine] + _LEAN * usual) / (tests[mine] + _LEAN)
    return size


def _divide(above: Floats, below: Floats) -> Floats:
    quotient: Floats = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    return quotient
