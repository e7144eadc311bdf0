"""What one more of a driver is worth, and how far a goal may be off because known values are not certain."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.random import PCG64, Generator, SeedSequence

from quotum.engine.drivers.evaluate import Play
from quotum.engine.drivers.evaluating import Values
from quotum.engine.drivers.solving import find_shape, value_now

WORTH_SCHEMA = {"driver": pl.String, "value": pl.Float64, "step": pl.Float64, "worth": pl.Float64,
                "elasticity": pl.Float64}  # fmt: skip
RANGE_SCHEMA = {"driver": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
SHARE, DRAWS = 0.8, 2_000
"""Of the draws that lie within low and high, and how many draws there are."""
_NUDGE = 1e-4
_MANY = 1_000  # from here on one more is nothing that anybody would notice
_NOT_OURS = ("days", "weeks", "months")


def list_worth(play: Play, goal: str, scope: int = 0) -> pl.DataFrame:
    """Return ``driver, value, step, worth, elasticity`` of each known driver that the goal is made from.

    ``worth`` is what the goal gains in the whole plan from one ``step`` more of the driver, see ``choose_step``.
    ``elasticity`` is by how many per cent the goal moves for 1 % of the driver. Most
    worth for 1 % first.
    """
    base = float(play.sum_up(play.evaluate(scope=scope), goal))
    lines = []
    for name in play.tree.names:
        if name in play.tree.formulas or name in _NOT_OURS or name not in play.tree.below(goal):
            continue
        value = value_now(play, name, scope)
        driver = play.tree.drivers.get(name)
        heads = name == "people" or (driver is not None and driver.people is not None)
        step = 1.0 if heads else choose_step(value)
        points = np.array([value + step, value * (1 + _NUDGE), value * (1 - _NUDGE)])
        changed = {name: points[:, None] * find_shape(play, name, scope)}
        found = np.broadcast_to(play.sum_up(play.evaluate(changed, scope), goal), (3,))
        bent = (found[1] - found[2]) / (2 * _NUDGE * base) if base and value else float("nan")
        lines.append((name, value, step, float(found[0]) - base, float(bent)))
    table = pl.DataFrame(lines, schema=WORTH_SCHEMA, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))
    return table.sort(pl.col("elasticity").abs(), descending=True, nulls_last=True, maintain_order=True)


def choose_step(value: float) -> float:
    """Return what people call one more: a percentage point of what is not above 1, one, a round part of thousands."""
    if abs(value) <= 1:
        return 0.01
    return 1.0 if abs(value) < _MANY else 10.0 ** (math.floor(math.log10(abs(value))) - 1)


def simulate_drivers(play: Play, seed: int, scope: int = 0) -> pl.DataFrame:
    """Return ``driver, value, low, high`` of everything that is not certain: SHARE of the draws lie between.

    Each known driver with an error is drawn for itself, DRAWS times, from a lognormal distribution of its mean and
    error (normal where it is not above 0), kept within its bounds, the same value for the whole plan. A driver's draws
    depend on the seed and its name alone, not on what else there is. What has no value in some draw has no range.
    """
    sure = play.evaluate(scope=scope)
    drawn = {name: draw_driver(play, name, error, seed, scope) for name, error in sorted(play.errors.items())}
    drawn = {name: values for name, values in drawn.items() if np.isfinite(values).all()}
    values = play.evaluate(drawn, scope)
    lines = []
    for name in play.tree.names:
        if play.tree.below(name) & set(drawn):
            totals = np.broadcast_to(play.sum_up(values, name), (DRAWS,))
            if np.isfinite(totals).all():
                low, high = np.quantile(totals, [(1 - SHARE) / 2, (1 + SHARE) / 2])
                lines.append((name, float(play.sum_up(sure, name)), float(low), float(high)))
    return pl.DataFrame(lines, schema=RANGE_SCHEMA, orient="row")


def draw_driver(play: Play, name: str, error: float, seed: int, scope: int = 0) -> Values:
    """Return draws of a known driver over the periods, (DRAWS, num_periods)."""
    value = value_now(play, name, scope)
    normal = Generator(PCG64(SeedSequence([seed, *name.encode()]))).standard_normal(DRAWS)
    if value > 0:
        spread = np.sqrt(np.log1p((error / value) ** 2))
        draws = value * np.exp(spread * normal - spread**2 / 2)
    else:
        draws = value + error * normal
    driver = play.tree.drivers.get(name)
    if driver is not None:
        draws = np.clip(draws, driver.low, driver.high)
    return np.asarray(draws[:, None] * find_shape(play, name, scope))
