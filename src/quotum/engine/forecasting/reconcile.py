"""Makes forecasts of a tree agree: children add up to their parent, and the surer a forecast the less it moves.

Least squares with each node weighed by the variance of its errors (Hyndman, Lee and Wang, Computational Statistics and
Data Analysis 97, 2016, p. 16), in the closed form a tree allows. On the way up a node's own forecast and the sum of its
children's are averaged, each in inverse proportion to its variance; on the way down what a parent has more or less than
its children together is shared out in proportion to their variances. Nothing falls below 0: what a member cannot give,
the others do. Several trees may hang on the same top.
"""

from __future__ import annotations

import numpy as np

from quotum.engine.forecasting.panel import Floats, Longs


def reconcile(means: Floats, variance: Floats, parent: Longs, group: Longs, lead: int | None = None) -> Floats:
    """Return the forecasts (num_nodes, num_months) that agree; ``variance`` and ``parent`` are (num_nodes,).

    Parents stand before their children. Children of one parent that belong to different ``group`` (num_nodes,) are
    different ways to split it: each group adds up to the parent by itself. Where one group leads, the others do not
    move the top: what it is does not depend on who else is looked at.
    """
    families = list_families(parent, group)
    means, spread = np.maximum(means, 0.0), np.maximum(variance.astype(np.float64), 0.0)
    for above, children in reversed(families):
        if lead is not None and parent[above] < 0 and group[children[0]] != lead:
            continue
        together, sum_of_spreads = means[children].sum(axis=0), spread[children].sum()
        both = spread[above] + sum_of_spreads
        own = sum_of_spreads / both if both > 0 else 0.0  # without any variance the children are believed
        means[above] = own * means[above] + (1 - own) * together
        spread[above] = spread[above] * sum_of_spreads / both if both > 0 else 0.0
    for above, children in families:
        means[children] = _share_difference(means[above], means[children], spread[children])
    return means


def list_families(parent: Longs, group: Longs) -> list[tuple[int, Longs]]:
    """Return (parent, its children of one group), in the order of the parents."""
    children = np.flatnonzero(parent >= 0)
    order = children[np.lexsort((children, group[children], parent[children]))]
    if not len(order):
        return []
    edges = np.flatnonzero((np.diff(parent[order]) != 0) | (np.diff(group[order]) != 0)) + 1
    return [(int(parent[family[0]]), family) for family in np.split(order, edges)]


def _share_difference(total: Floats, means: Floats, spread: Floats) -> Floats:
    """Return ``means`` (num_children, num_months) moved so that they add up to ``total`` (num_months,)."""
    moved = means.copy()
    for _ in range(len(means)):
        rest = total - moved.sum(axis=0)
        open_ = (rest >= 0) | (moved > 0)
        weight = np.where(open_, spread[:, None], 0.0)
        weight = np.where(weight.sum(axis=0) > 0, weight, np.where(open_, moved, 0.0))
        weight = np.where(weight.sum(axis=0) > 0, weight, 1.0)
        moved = moved + rest * weight / weight.sum(axis=0)
        if (moved >= 0).all():
            break
        moved = np.maximum(moved, 0.0)
    whole = moved.sum(axis=0)
    agreed: Floats = moved * np.divide(total, whole, out=np.ones_like(total), where=whole > 0)
    return agreed
