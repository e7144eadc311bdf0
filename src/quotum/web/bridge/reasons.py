"""Why a number of a plan is what it is, and what differs between two plans, with the names people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from quotum.adapters.printing.member_names import MemberNames
from quotum.engine.basics.issues import stops
from quotum.engine.slices import Request, compare_plans
from quotum.engine.slices.explaining import Explanation, explain_number
from quotum.engine.tables.plan_tables import Plan
from quotum.web.bridge.findings import list_findings

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A number opened to its reasons, the name of every member in them, and what could not be told."""

    explanation: Explanation | None
    names: dict[tuple[str, str], str]
    findings: list[dict[str, Any]]


def open_number(
    plan: Plan, pairs: Pairs, measure: str, level: str, since: date | None, until: date | None
) -> Opened:  # fmt: skip
    """Return the ledger of a number from the target down."""
    found, issues = explain_number(plan, pairs, measure=measure, level=level, since=since, until=until)
    names, told = MemberNames(plan), {}
    for step in {step for way in found.ways for step in way} if found else ():
        names.learn(step.dimension, [step.member])
        told[step.dimension, step.member] = names.of(step.dimension, step.member)
    return Opened(found, told, list_findings(issues))


def differ_plans(
    before: Plan, after: Plan, request: Request
) -> tuple[list[dict[str, Any]], dict[tuple[str, str], str], list[dict[str, Any]]]:
    """Return the lines of a slice that differ between two plans, the names of their members, and what is wrong."""
    frame, issues = compare_plans(before, after, request)
    if stops(issues) or not frame.width:
        return [], {}, list_findings(issues)
    told: dict[tuple[str, str], str] = {}
    for plan in (before, after):
        names = MemberNames(plan)
        for by in request.by:
            keys = frame[by].unique().drop_nulls().to_list()
            names.learn(by, keys)
            for key in keys:
                name = names.of(by, key)
                if name != key or (by, key) not in told:
                    told[by, key] = name
    return frame.to_dicts(), told, list_findings(issues)


__all__ = ["Explanation", "Opened", "Request", "differ_plans", "open_number"]
