"""The season of a series: how its calendar months stand to one another, steadied by the series it is a part of.

The last twelve months are one block, the twelve before another. Within a block the sales of a month are divided by what
the month weighs and by the block's level, which rises or falls as the blocks around it say: growth is no season. What
the blocks agree on is kept, where they contradict one another the season of the parent is taken: the own one counts
``A / (A + V)``, V being the variance of a monthly index over the blocks and A what is left of its distance from the
parent's (Miller and Williams, Shrinkage estimators of time series seasonal factors, Int. J. Forecasting 19, 2003,
p. 669-684). One block alone cannot contradict itself: it counts n/(n + 2), n being its months with sales. A series
shorter than a year has the season of its parent.
"""

from __future__ import annotations

import numpy as np

from quotum.engine.forecasting.panel import YEAR, Bools, Floats, Longs, Panel

_MAX_BLOCKS = 5
_STEEPEST = 0.09  # of a block's level a month: half of it from the middle of a block to its ends
_ALONE = 2.0  # k in n/(n + k) of a series that has one block only


def estimate_seasons(panel: Panel) -> Floats:
    """Return the season of each series, (num_series, 12), 1 on average, from the parents down."""
    season = np.ones((len(panel.values), YEAR))
    roots = np.flatnonzero(panel.parent < 0)
    top = pool_season(panel.values[roots], panel.exposure, panel.first_month) if len(roots) > 1 else np.ones((1, YEAR))
    done = np.zeros(len(season), dtype=bool)
    level = roots
    above = np.repeat(top, len(roots), axis=0)
    while len(level):
        season[level] = steady_seasons(_some(panel, level), above)
        done[level] = True
        parent = panel.parent
        level = np.flatnonzero(~done & (parent >= 0) & done[parent])
        above = season[parent[level]]
    return season


def pool_season(values: Floats, exposure: Floats, first_month: int) -> Floats:
    """Return the season of all series together, (1, 12): what series without a parent lean on."""
    start = np.zeros(1, dtype=np.int64)
    together = Panel(
        values.sum(axis=0, keepdims=True), exposure.mean(axis=0, keepdims=True), first_month, start - 1, start
    )
    return steady_seasons(together, np.ones((1, YEAR)))


def steady_seasons(panel: Panel, above: Floats) -> Floats:
    """Return the season of each series, (num_series, 12), leaning on ``above`` (num_series or 1, 12)."""
    num_series, num_months = panel.values.shape
    num_blocks = min(num_months // YEAR, _MAX_BLOCKS)
    above = np.broadcast_to(above, (num_series, YEAR))
    if num_blocks == 0:
        return above.copy()
    first = num_months - YEAR * num_blocks
    shape = (-1, num_blocks, YEAR)
    sold = panel.values[:, first:].reshape(shape)
    exposure = np.broadcast_to(panel.exposure[:, first:num_months], (num_series, num_months - first)).reshape(shape)
    whole = panel.start[:, None] <= first + YEAR * np.arange(num_blocks)
    level = _divide(sold.sum(axis=2), exposure.sum(axis=2))
    whole = whole & (level > 0)
    index = _divide(sold, exposure * _bend(level, whole)[..., :]) * whole[..., None]
    count = whole.sum(axis=1)
    own = _divide(index.sum(axis=1), np.broadcast_to(count[:, None], (num_series, YEAR)))
    own = np.roll(own, (panel.first_month + first) % YEAR, axis=1)
    own = _with_mean_one(np.maximum(own, 0.0), above)
    weight = _trust(index, whole, count, own, above, (panel.first_month + first) % YEAR)
    return _with_mean_one(weight * own + (1 - weight) * above, above)


def _trust(index: Floats, whole: Bools, count: Longs, own: Floats, above: Floats, turn: int) -> Floats:
    """Return how much of its own season a series keeps, (num_series, 1)."""
    rolled = np.roll(index, turn, axis=2)
    spread = ((rolled - own[:, None, :]) ** 2 * whole[..., None]).sum(axis=(1, 2)) / YEAR
    variance = _divide(spread, (np.maximum(count - 1, 1) * count).astype(np.float64))
    distance = ((own - above) ** 2).mean(axis=1)
    several = _divide(np.maximum(distance - variance, 0.0), np.maximum(distance, variance))
    filled = (index != 0).sum(axis=(1, 2))
    alone = filled / (filled + _ALONE)
    weight: Floats = np.where(count >= 2, several, np.where(count == 1, alone, 0.0))
    return weight[:, None]


def _bend(level: Floats, whole: Bools) -> Floats:
    """Return the level of every month, (num_series, num_blocks, 12), rising or falling within a block as around it."""
    num_blocks = level.shape[1]
    slope = np.zeros_like(level)
    steps = np.zeros_like(level)
    for before, after in ((-1, 0), (0, 1)):
        for block in range(num_blocks):
            a, b = block + before, block + after
            if a < 0 or b >= num_blocks:
                continue
            known = whole[:, a] & whole[:, b]
            slope[:, block] += np.where(known, (level[:, b] - level[:, a]) / YEAR, 0.0)
            steps[:, block] += known
    slope = _divide(slope, steps)
    slope = np.clip(slope, -_STEEPEST * level, _STEEPEST * level)
    bent: Floats = level[..., None] + slope[..., None] * (np.arange(YEAR) - (YEAR - 1) / 2)
    return bent


def _some(panel: Panel, chosen: Longs) -> Panel:
    exposure = panel.exposure if len(panel.exposure) == 1 else panel.exposure[chosen]
    return Panel(panel.values[chosen], exposure, panel.first_month, panel.parent[chosen], panel.start[chosen])


def _with_mean_one(season: Floats, otherwise: Floats) -> Floats:
    mean = season.mean(axis=1, keepdims=True)
    return np.where(mean > 0, _divide(season, np.broadcast_to(mean, season.shape)), otherwise)


def _divide(above: Floats, below: Floats) -> Floats:
    """Return the quotient, 0 where it would divide by 0."""
    return np.divide(above, below, out=np.zeros_like(above, dtype=np.float64), where=below != 0)
