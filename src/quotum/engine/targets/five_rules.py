"""The five rules of a good target, each met or not: quantified, grounded, achievable and linked, one focus, dated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import cut_periods
from quotum.engine.tables.plan_settings import AlongStep, PlanSettings

RULES = ("quantified", "grounded", "achievable", "focused", "dated")
GROUNDS = {"forecast": "sales", "customers": "customers", "prospects": "projects", "competition": "market"}
"""What targets are grounded in, and the table that tells it."""


@dataclass(frozen=True, slots=True)
class FiveRules:
    """Which of ``RULES`` are met, and what is said about those that are not."""

    met: dict[str, bool]
    issues: list[Issue]


def check_five_rules(settings: PlanSettings, grounds: Collection[str], likely: Collection[bool]) -> FiveRules:
    """Return how the targets stand by the five rules.

    ``grounds`` are those of ``GROUNDS`` that are there; ``likely`` tells for each target whether its commit is likely
    enough, as far as that is known. Unmet rules are notes: a plan can be made, but it stands on less.
    """
    found = {
        "quantified": _check_quantified(settings),
        "grounded": _check_grounded(grounds),
        "achievable": _check_linked(settings),
        "focused": _check_focus(settings),
        "dated": [],  # since and until are needed of every plan
    }
    met = {rule: not found[rule] for rule in RULES}
    met["achievable"] &= bool(likely) and all(likely)
    return FiveRules(met, [issue for rule in RULES for issue in found[rule]])


def _check_quantified(settings: PlanSettings) -> list[Issue]:
    return [
        _note("rule_not_quantified", target.measure)
        for target in settings.targets
        if not target.follows and target.stretch_minor == 0
    ]


def _check_grounded(grounds: Collection[str]) -> list[Issue]:
    missing = [ground for ground in GROUNDS if ground not in grounds]
    tables = ", ".join(dict.fromkeys(GROUNDS[ground] for ground in missing))
    return [_note("rule_not_grounded", ", ".join(missing), tables=tables)] if missing else []


def _check_linked(settings: PlanSettings) -> list[Issue]:
    """Without steps the usual ones are taken, the calendar among them."""
    linked = not settings.steps or any(isinstance(step, AlongStep) for step in settings.steps)
    return [] if linked else [_note("rule_not_linked")]


def _check_focus(settings: PlanSettings) -> list[Issue]:
    quarters = cut_periods(settings.since, settings.until, "quarter", settings.fiscal_start)
    labels = [period.label for period in quarters]
    bare = [label for label in labels if not settings.focus.get(label)]
    issues = [_note("rule_no_focus", ", ".join(bare), first=bare[0])] if bare else []
    return issues + [
        _note("rule_many_focuses", label, count=str(len(names)), names=", ".join(names))
        for label in labels
        if len(names := settings.focus.get(label, ())) > 1
    ]


def _note(rule: str, value: str = "", **details: str) -> Issue:
    return Issue(rule=rule, severity="note", table="plan", value=value, details=tuple(details.items()))
