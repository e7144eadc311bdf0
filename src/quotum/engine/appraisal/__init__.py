"""Appraisal: indicators, scorecards, pay effects, vetoes, commissions and cost quotas; dated rules, never code."""

from quotum.engine.appraisal.appraise import APPRAISAL_SCHEMAS, Appraisal, appraise
from quotum.engine.appraisal.checking import check_schemes
from quotum.engine.appraisal.handing_down import compare_goals, hand_down
from quotum.engine.appraisal.simulating import Simulation, simulate
from quotum.engine.appraisal.sources import list_sources, open_sources

__all__ = [
    "APPRAISAL_SCHEMAS", "Appraisal", "Simulation", "appraise", "check_schemes", "compare_goals", "hand_down",
    "list_sources", "open_sources", "simulate",
]  # fmt: skip
