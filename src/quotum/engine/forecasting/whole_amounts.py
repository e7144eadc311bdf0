"""Whole amounts that are shown: every node gets floor or ceiling of its own, and children add up to their parent."""

from __future__ import annotations

import numpy as np

from quotum.engine.forecasting.panel import Floats, Longs
from quotum.engine.forecasting.reconcile import list_families


def make_whole(amounts: Floats, parent: Longs, group: Longs) -> Longs:
    """Return whole amounts (num_nodes, num_periods) for real ones whose children add up to their parents.

    ``group`` tells apart the ways in which a parent is split. Parents stand before their children. The top is rounded
    on its running total over the periods, so that its year is rounded only once.
    """
    whole = np.zeros(amounts.shape, dtype=np.int64)
    top = parent < 0
    running = np.floor(np.cumsum(amounts[top], axis=1) + 0.5).astype(np.int64)
    whole[top] = np.diff(running, axis=1, prepend=0)
    for above, children in list_families(parent, group):
        whole[children] = _round_family(amounts[children], whole[above])
    return whole


def _round_family(amounts: Floats, total: Longs) -> Longs:
    """Return each amount's floor or ceiling so that the column adds up to ``total`` (num_periods,).

    Running sums are rounded with an offset θ that brings the last of them to the total.
    """
    running = np.cumsum(amounts, axis=0)
    last = running[-1]
    offset = np.clip(total - last, 0.0, 1.0) / 2 + np.clip(total + 1 - last, 0.0, 1.0) / 2
    rounded: Longs = np.floor(running + np.minimum(offset, 1 - 1e-9)).astype(np.int64)
    rounded[-1] = total
    whole: Longs = np.diff(rounded, axis=0, prepend=0)
    return whole
