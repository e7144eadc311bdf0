"""Compile all loops of periodic routing on the smallest problem there is, so that the first plan does not wait."""

from __future__ import annotations

import numpy as np

from quotum.engine.kernels.periodic.annealing import anneal
from quotum.engine.kernels.periodic.comparing_plans import find_distances, list_links, pack, unpack
from quotum.engine.kernels.periodic.crossing_over import cross, make_cradle
from quotum.engine.kernels.periodic.desks import make_desk
from quotum.engine.kernels.periodic.draws import draw, draw_below, seed_draws
from quotum.engine.kernels.periodic.educating import educate, scatter
from quotum.engine.kernels.periodic.image import write_image
from quotum.engine.kernels.periodic.rules import Rules, Weights, make_plan
from quotum.engine.kernels.periodic.shifts import copy_plan, find_excess, insert_stop, reweigh
from quotum.engine.kernels.periodic.tracks import make_track


def compile_periodic() -> None:
    """Call each loop once, on two customers, one day, one shift, and keep the code."""
    rules, weights, state = smallest_rules(), Weights(1.0, 1.0), seed_draws(0)
    one, two, three = make_plan(rules), make_plan(rules), make_plan(rules)
    desk, track = make_desk(rules), make_track(rules)
    scatter(rules, one, weights, state, desk, 0.5)
    educate(rules, one, track, weights, state, desk, 1, 1)
    copy_plan(rules, one, two)
    cross(rules, weights, one, two, three, make_cradle(rules), state, desk)
    anneal(rules, one, two, three, weights, state, desk, 1.0, 1.0, 1, 0.0, 0.0, 0.0)
    reweigh(rules, one, weights)
    find_excess(rules, one)
    flat, length, pattern = np.zeros(2, np.int64), np.zeros(1, np.int64), np.zeros(2, np.int64)
    before, after = np.zeros((2, 1), np.int64), np.zeros((2, 1), np.int64)
    pack(rules, one, flat, length, pattern)
    unpack(rules, weights, flat, length, pattern, one)
    list_links(rules, one, before, after)
    find_distances(rules, flat[None], length[None], 1, before, after, np.zeros(1))
    insert_stop(rules, make_plan(rules), weights, 0, 0, 1)
    draw_below(state, 2)
    draw(state)
    loops = (anneal, copy_plan, cross, draw, draw_below, educate, find_distances, find_excess, insert_stop, list_links,
             pack, reweigh, scatter, unpack)  # fmt: skip
    write_image({loop.__name__: loop for loop in loops})


def smallest_rules() -> Rules:
    """Return two customers and a base, one unit apart, and a day with one shift."""
    ones, zero, two = np.ones(2), np.zeros(1, np.int64), np.array([0, 1, 2])
    travel = np.ones((3, 3)) - np.eye(3)
    return Rules(
        travel, travel.copy(), ones, ones, 9.0 * ones, two, 0.0 * ones, two, np.zeros(2, np.int64), two,
        np.zeros(2, np.int64), two[:2], zero, zero, two[:2], zero + 2, zero + 2, np.zeros(1), np.full(1, 9.0),
        np.full(1, 9.0), np.array([[1], [0]]), np.zeros((0, 0)), np.zeros((0, 0)),
    )  # fmt: skip
