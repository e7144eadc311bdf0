"""Loops of periodic routing: who is visited on which days, by whom and in which order. See ``rules`` for the arrays."""

from quotum.engine.kernels.periodic.annealing import anneal
from quotum.engine.kernels.periodic.comparing_plans import find_distances, list_links, pack, unpack
from quotum.engine.kernels.periodic.compile_ahead import compile_periodic
from quotum.engine.kernels.periodic.crossing_over import cross, make_cradle
from quotum.engine.kernels.periodic.desks import make_desk
from quotum.engine.kernels.periodic.draws import draw, draw_below, seed_draws
from quotum.engine.kernels.periodic.educating import educate, scatter
from quotum.engine.kernels.periodic.rules import Plan, Rules, Weights, make_plan
from quotum.engine.kernels.periodic.shifts import copy_plan, find_excess, insert_stop, reweigh
from quotum.engine.kernels.periodic.tracks import make_track

__all__ = [
    "Plan",
    "Rules",
    "Weights",
    "anneal",
    "compile_periodic",
    "copy_plan",
    "cross",
    "draw",
    "draw_below",
    "educate",
    "find_distances",
    "find_excess",
    "insert_stop",
    "list_links",
    "make_cradle",
    "make_desk",
    "make_plan",
    "make_track",
    "pack",
    "reweigh",
    "scatter",
    "seed_draws",
    "unpack",
]
