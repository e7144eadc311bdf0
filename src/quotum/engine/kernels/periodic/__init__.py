"""Loops of periodic routing: who is visited on which days, by whom and in which order. See ``rules`` for the arrays."""

from quotum.engine.kernels.periodic.annealing import anneal
from quotum.engine.kernels.periodic.draws import seed_draws
from quotum.engine.kernels.periodic.rules import Plan, Rules, Weights, make_plan
from quotum.engine.kernels.periodic.shifts import insert_stop

__all__ = ["Plan", "Rules", "Weights", "anneal", "insert_stop", "make_plan", "seed_draws"]
