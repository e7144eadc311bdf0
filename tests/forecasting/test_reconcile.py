"""Forecasts that agree: least squares on a tree, nothing below 0, whole amounts that add up."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.forecasting.reconcile import reconcile
from quotum.engine.forecasting.whole_amounts import make_whole

PARENT = np.array([-1, 0, 0, 0, 0, 1, 1, 2, 2, 2])
GROUP = np.array([0, 1, 1, 2, 2, 1, 1, 1, 1, 1])  # two ways to split the top: nodes 1 and 2, nodes 3 and 4
numbers = st.lists(st.floats(0, 1000), min_size=10, max_size=10)
positive = st.lists(st.floats(0.1, 100), min_size=10, max_size=10)


def reconcile_twin(means, variance):
    """Least squares over the leaves of both trees, the top being the sum of either: solved as one system."""
    leaves = {1: [0, 1], 2: [2, 3, 4]}
    free = 7  # five leaves of the first tree, then nodes 3 and 4
    rows = np.zeros((10, free))
    rows[0, :5] = 1
    for node, below in leaves.items():
        rows[node, below] = 1
    rows[3, 5] = rows[4, 6] = 1
    rows[5:, :5] = np.eye(5)
    bound = np.array([1.0] * 5 + [-1.0] * 2)  # both trees have the same top
    weights = np.diag(1 / variance)
    system = np.block([[rows.T @ weights @ rows, bound[:, None]], [bound[None, :], np.zeros((1, 1))]])
    solved = np.linalg.solve(system, np.append(rows.T @ weights @ means, 0.0))[:free]
    return rows @ solved


@settings(max_examples=60, deadline=None)
@given(means=numbers, variance=positive)
def test_it_is_least_squares_where_nothing_falls_below_zero(means, variance):
    means, variance = np.array(means) + 500, np.array(variance)
    wanted = reconcile_twin(means, variance)
    if (wanted > 0).all():
        np.testing.assert_allclose(reconcile(means[:, None], variance, PARENT, GROUP)[:, 0], wanted, rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(means=numbers, variance=st.lists(st.floats(0, 100), min_size=10, max_size=10))
def test_children_add_up_and_nothing_is_below_zero(means, variance):
    agreed = reconcile(np.array(means)[:, None], np.array(variance), PARENT, GROUP)[:, 0]
    assert (agreed >= 0).all()
    for family in ([1, 2], [3, 4]):
        np.testing.assert_allclose(agreed[family].sum(), agreed[0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(agreed[[5, 6]].sum(), agreed[1], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(agreed[[7, 8, 9]].sum(), agreed[2], rtol=1e-9, atol=1e-9)


def test_the_surer_forecast_moves_less():
    parent, group = np.array([-1, 0, 0]), np.array([0, 1, 1])
    agreed = reconcile(np.array([[120.0], [60], [40]]), np.array([1e-9, 1, 3]), parent, group)[:, 0]
    np.testing.assert_allclose(agreed, [120, 65, 55], rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(leaves=st.lists(st.lists(st.floats(0, 1000), min_size=5, max_size=5), min_size=3, max_size=3))
def test_whole_amounts_add_up_and_are_floor_or_ceiling(leaves):
    amounts = np.zeros((10, 3))
    amounts[5:] = np.array(leaves).T
    amounts[1], amounts[2] = amounts[5:7].sum(axis=0), amounts[7:].sum(axis=0)
    amounts[0] = amounts[1] + amounts[2]
    amounts[3] = amounts[4] = amounts[0] / 2
    whole = make_whole(amounts, PARENT, GROUP)
    for above, below in ((0, [1, 2]), (0, [3, 4]), (1, [5, 6]), (2, [7, 8, 9])):
        assert (whole[below].sum(axis=0) == whole[above]).all()
    assert (whole[5:] >= np.floor(amounts[5:]) - 1).all()
    assert (whole[5:] <= np.ceil(amounts[5:]) + 1).all()
    assert (whole >= 0).all()
    assert abs(whole[0].sum() - amounts[0].sum()) <= 0.5 + 1e-6
