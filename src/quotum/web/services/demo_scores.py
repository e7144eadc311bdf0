"""Scores in the demonstration: a quarter, a month, and the month that is not over."""

from __future__ import annotations

from quotum.web.bridge.demo import DEMO_PLAN, demo_scheme
from quotum.web.queries.scores import list_own
from quotum.web.records.models import PlanVersion, User
from quotum.web.services.scores import keep_appraisal, keep_scheme, object_to, release, score_period

PERIODS = ("2026-Q3", "2026-10", "2026-11")


def fill_scores(plan: PlanVersion) -> None:
    """Score the periods, let everybody see them, and let the rep object to a line."""
    scheme, _findings = keep_scheme(None, "sales", demo_scheme(), DEMO_PLAN)
    texts = {scheme.name: scheme.text}
    for period in PERIODS:
        made = score_period(plan, period, texts)
        release(None, keep_appraisal(None, plan, period, texts, made, DEMO_PLAN))
    rep = User.objects.get(username="rep")
    score = next((score for score in list_own(rep) if score.period == PERIODS[1]), None)
    if score is not None:
        object_to(rep, score, 1, "The payment of 29 October was booked to the customer's branch.")
