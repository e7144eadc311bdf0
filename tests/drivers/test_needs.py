"""Needs of many scopes at once are those of each alone."""

from __future__ import annotations

import numpy as np
import pytest

from quotum.engine.drivers import find_need, find_needs
from small_company import firm
from small_drivers import play_of

TEAM = firm({"ann": "N", "bob": "N", "cy": "S"}, people=[{"person": "cy", "hired": "2027-04-01"}])
TREE = """
revenue = "orders * 100{more}"
orders = "{orders}"
visits = "person_days * each"
each = {{ value = 1, each = "person" }}
[capacity]
visits = "person_days * 2"
"""


@pytest.mark.parametrize(("orders", "more"), [
    ("visits * 0.5", ""), ("visits * 0.5", " + 5000"), ("lag(visits, 20 days) * 0.5", ""),
    ("min(visits, 100)", ""),
])  # fmt: skip
@pytest.mark.parametrize("by", ["person", "unit", ""])
def test_many_at_once_are_each_alone(orders, more, by):
    play = play_of("[drivers]" + TREE.format(orders=orders, more=more), TEAM, by=by)
    wanted = np.array([4000.0 * (1 + scope) for scope in range(len(play.scene.scopes))])
    found = find_needs(play, "visits", "revenue", wanted)
    alone = [find_need(play, "visits", "revenue", one, scope) for scope, one in enumerate(wanted.tolist())]
    assert found.tolist() == pytest.approx([np.nan if one is None else one for one in alone], nan_ok=True)
