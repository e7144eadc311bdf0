"""Ranges: what else the coming months may bring, as simulated paths.

What a path brings in all is what is expected times a factor, one way or the other alike (``surprises``). How the path
runs to it is what the errors of one test forecast were, month after month, so that what goes on for a while goes on in
the path: months are not drawn one by one. Errors are kept as parts of what a month usually brings, and come back as
parts of what it brings now; those of a series that has grown grow with the root of it, as those of a sum of orders do.
A node has few tests of its own; they count n/(n + 3), n being how many times the horizon fits into the time they cover,
and the paths of all nodes, brought to the size of the node's own errors, count for the rest. That size leans on the
middle one of its level in the same way. Never are ranges made by adding up the ranges of the leaves.

A series with many empty months has no such paths: its errors are lopsided, many small ones below and few large ones
above. Its months are drawn from its own months instead (a bootstrap of demand: Willemain, Smart and Schwarz, Int. J.
Forecasting 20, 2004, p. 375-387, without their chain of empty months), and so is its level, which forecasts know no
better than nine months tell it: as many count when each latest one counts a fifth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator

from quotum.engine.forecasting.panel import YEAR, Bools, Floats, Longs, Panel
from quotum.engine.forecasting.surprises import Surprises, lean_on_level, no_surprises

_LEAN_ON_PATHS = 3.0  # the same for what a path looks like, which takes more tests to know
_LONG_ENOUGH = 0.5  # of the horizon: a shorter test is left out
_NEARLY_LONGEST = 0.75  # of the longest test where none sees the whole horizon
_MANY_EMPTY = 1 / 3  # of a series' months
_TOLD_BY = 9  # months: (2 - α)/α of exponential smoothing with α = 0.2
_BY_CHANCE = 0.5  # of what empty months differ by: as much must not come back at the same time of the year


@dataclass(frozen=True, slots=True)
class ErrorPaths:
    """Errors of the tests as parts of usual months.

    ``own`` holds each node's paths (num_tests_of_node, horizon), ``pool`` (num_pooled, horizon) those of all nodes
    divided by the node's size. ``size`` (num_nodes,) is the mean absolute error of a node, ``own_size`` before it
    leaned on its level, ``trust`` (num_nodes,) the part of its paths that are its own. ``orders`` are the months of
    each series with many empty ones, (num_months_since_start,), as parts of their mean; nothing for others.
    ``surprises`` tell what sums differ by.
    """

    own: list[Floats]
    pool: Floats
    size: Floats
    own_size: Floats
    trust: Floats
    orders: list[Floats]
    surprises: Surprises


@dataclass(frozen=True, slots=True)
class Draws:
    """What chance decides, the same for every node.

    Whether a path is an own one, which one, its sign, and how far its sum is off, (num_paths,) each; for series with
    many empty months which months come, (num_paths, horizon), and which tell the level, (num_paths, 9).
    """

    whose: Floats
    which: Floats
    sign: Floats
    far: Floats
    months: Floats
    past: Floats


def draw_chance(seed: int, num_paths: int, horizon: int) -> Draws:
    """Return the draws of ``num_paths`` simulated years; the same seed gives the same draws."""
    chance = Generator(PCG64(seed))
    whose, which = chance.random(num_paths), chance.random(num_paths)
    past, months = chance.random((num_paths, _TOLD_BY)), chance.random((horizon, num_paths)).T
    pairs = Generator(PCG64([seed, num_paths])).permutation(-(-num_paths // 2))
    far = (np.repeat(pairs, 2)[:num_paths] + 0.5) / len(pairs)  # each once up, once down
    return Draws(whose, which, np.where(np.arange(num_paths) % 2 == 0, 1.0, -1.0), far, months, past)


def list_orders(panel: Panel) -> list[Floats]:
    """Return each series' known months as parts of their mean where many are empty by chance, nothing elsewhere.

    Empty months that come back at the same time of every year are a season. In a single year nobody can tell.
    """
    orders = []
    for values, start in zip(panel.values, panel.start.tolist(), strict=True):
        months = values[start:]
        mean = float(months.mean()) if len(months) else 0.0
        sparse = mean > 0 and (months == 0).mean() > _MANY_EMPTY and _empty_by_chance(months)
        orders.append(months / mean if sparse else np.zeros(0))
    return orders


def gather_paths(
    parts: Floats, horizon: int, level: Longs, pooled: Bools, orders: list[Floats] | None = None,
    surprises: Surprises | None = None,
) -> ErrorPaths:  # fmt: skip
    """Return the error paths of tests: ``parts`` (num_nodes, num_origins, test horizon), NaN where not known.

    Paths of the nodes ``pooled`` (num_nodes,) are lent to all. ``orders`` is what ``list_orders`` returns; without
    ``surprises`` all paths bring the same in all.

    A test that is shorter than ``horizon`` goes on as it ended. Where all are, they repeat, and errors grow with the
    root of the time ahead.
    """
    known = np.isfinite(parts)
    length = known.sum(axis=2)
    longest = int(length[pooled].max(initial=0))
    own_size = np.where(known, np.abs(parts), 0.0).sum(axis=(1, 2)) / np.maximum(length.sum(axis=1), 1)
    tests = (length > 0).sum(axis=1) / max(longest, 1)  # origins follow one another month by month
    size, trust = lean_on_level(own_size, tests, level, pooled), tests / (tests + _LEAN_ON_PATHS)
    size *= np.sqrt(max(horizon / max(longest, 1), 1.0))
    own, least = [], longest * (_LONG_ENOUGH if longest >= horizon else _NEARLY_LONGEST)
    for part, months in zip(parts, length, strict=True):
        whole = part[months >= max(1.0, least)]
        own.append(np.array([_go_on(path[np.isfinite(path)], longest, horizon) for path in whole]).reshape(-1, horizon))
    lent = zip(own, own_size, pooled, strict=True)
    scaled = [paths / one for paths, one, pool in lent if pool and one > 0 and len(paths)]
    pool = np.vstack(scaled) if scaled else np.zeros((0, horizon))
    unknown = no_surprises(len(parts))
    return ErrorPaths(own, pool, size, own_size, trust, orders or [np.zeros(0)] * len(parts), surprises or unknown)


def draw_paths(errors: ErrorPaths, node: int, means: Floats, usual: Floats, draws: Draws) -> Floats:
    """Return the simulated months of a node, (num_paths, horizon), around ``means`` and not below 0.

    Half of the paths bring less than the sum of ``means``, half more.

    ``usual`` (horizon,) is what the coming months bring by the node's level and season.
    """
    if len(errors.orders[node]):
        return _around(_draw_orders(errors.orders[node], draws) * means, means)
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
    factor = errors.surprises.draw(node, draws.far, draws.sign)
    apart = parts * usual
    apart -= apart.sum(axis=1, keepdims=True) * usual / max(float(usual.sum()), 1e-300)  # what the factor tells
    return _bring(factor[:, None] * means + draws.sign[:, None] * apart, factor * means.sum())


def chance_of_reaching(paths: Floats, amount_minor: Floats | float) -> Floats:
    """Return the part of simulated totals that reach an amount: ``paths`` (…, num_paths), one amount for each row."""
    reached: Floats = (paths >= np.asarray(amount_minor, dtype=np.float64)[..., None]).mean(axis=-1)
    return reached


def _draw_orders(orders: Floats, draws: Draws) -> Floats:
    """Return months drawn from ``orders``, (num_paths, horizon), at a level that drawn months tell."""
    level = orders[(draws.past * len(orders)).astype(np.int64)].mean(axis=1, keepdims=True)
    drawn: Floats = orders[(draws.months * len(orders)).astype(np.int64)] * level
    return drawn


def _around(paths: Floats, means: Floats) -> Floats:
    """Return the paths cut at 0, which lifts them, and brought back to their means."""
    paths = np.maximum(paths, 0.0)
    middle = paths.mean(axis=0)
    around: Floats = paths * np.divide(means, middle, out=np.ones_like(middle), where=middle > 0)
    return around


def _bring(paths: Floats, totals: Floats) -> Floats:
    """Return the paths cut at 0, which lifts them, and brought back to their totals."""
    paths = np.maximum(paths, 0.0)
    sums = paths.sum(axis=1)
    brought: Floats = paths * np.divide(totals, sums, out=np.ones_like(sums), where=sums > 0)[:, None]
    return brought


def _go_on(path: Floats, longest: int, horizon: int) -> Floats:
    """Return a path as long as the horizon.

    Beside tests that see all of it a shorter one goes on with its last months, for errors are larger the further ahead.
    Where no test does, all of it comes again: a season that could not be known yet is no year that went wrong.
    """
    missing = horizon - len(path) if longest >= horizon else 0
    return np.resize(np.concatenate([path, path[len(path) - missing :]]), horizon)


def _empty_by_chance(months: Floats) -> bool:
    """Return whether empty months do not come at the same time of every year."""
    filled, time = (months != 0).astype(np.float64), np.arange(len(months)) % YEAR
    count = np.bincount(time)
    share = np.bincount(time, filled) / count
    if len(months) <= YEAR:
        return True
    within = float((count * share * (1 - share)).sum() / (count - 1).sum())
    return within > _BY_CHANCE * float(filled.mean() * (1 - filled.mean()))
