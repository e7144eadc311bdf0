"""What many scopes need of one driver at once: everybody's calls for everybody's number."""

from __future__ import annotations

import numpy as np

from quotum.engine.drivers.capacity import find_need
from quotum.engine.drivers.evaluate import Play
from quotum.engine.drivers.evaluating import Values
from quotum.engine.drivers.solving import find_form


def find_needs(play: Play, name: str, goal: str, wanted: Values) -> Values:
    """Return what a driver made from others must come to in the plan so that ``goal`` comes to ``wanted``.

    ``wanted`` (num_scopes,); NaN where nothing would do; 0 where nothing is wanted. The same as ``find_need`` scope by
    scope, which is what happens where the goal is not ``a + b·x`` of the driver.
    """
    num_scopes = len(play.scene.scopes)
    values = play.evaluate()
    now = np.broadcast_to(values[name], (num_scopes, len(play.scene.periods)))
    whole = np.broadcast_to(play.sum_up(values, name), (num_scopes,))
    form, driver = find_form(play, name, goal), play.tree.drivers.get(name)
    bounded = driver is not None and (driver.high is not None or driver.low != 0)
    if form is None or form[0] != 1 or name not in play.tree.formulas or bounded:
        needs = [find_need(play, name, goal, float(one), scope) if one else 0.0 for scope, one in enumerate(wanted)]
        return np.array([np.nan if need is None else need for need in needs])
    even = play.scene.working_days if play.scene.working_days.sum() else play.scene.days
    usable = np.isfinite(now).all(axis=1) & np.isfinite(whole) & (whole != 0)
    shape = np.where(usable[:, None], now / np.where(usable, whole, 1.0)[:, None], even / even.sum())

    def reach(factor: Values) -> Values:
        changed = play.evaluate({name: factor[:, None] * shape})
        return np.broadcast_to(play.sum_up(changed, goal), (num_scopes,))

    one = np.ones(num_scopes)
    first, second = reach(one), reach(2 * one)
    with np.errstate(all="ignore"):
        found = (wanted - (2 * first - second)) / (second - first)
    summed = play.sum_up(play.evaluate({name: np.nan_to_num(found)[:, None] * shape}), name)
    met = np.isfinite(found) & (found >= 0)
    return np.where(wanted == 0, 0.0, np.where(met, np.broadcast_to(summed, (num_scopes,)), np.nan))
