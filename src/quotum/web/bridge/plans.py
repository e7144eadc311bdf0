"""Plans as folders: made from the database's company, opened once, cut into slices, revised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from quotum.adapters.calendars import list_days
from quotum.adapters.files.digests import digest_file
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.adapters.files.plan_workbook import write_plan_workbook
from quotum.adapters.printing.feasibility_tables import feasibility_for_json
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.customers import describe_customers
from quotum.engine.planning import assess_targets, calendar_span, keep_customers, keep_feasibility, make_plan
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.plan_tables import Plan as Plan  # noqa: PLC0414 - services name what they hand on
from quotum.web.bridge.company import open_records
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.stored import new_address, stored

Progress = Callable[[str], None]
"""Told the name of each stage; raises to stop the work."""


@dataclass(frozen=True, slots=True)
class MadePlan:
    """What planning brought: where the plan lies (empty: it was refused), and what to keep of it in the database."""

    address: str = ""
    digest: str = ""
    name: str = ""
    since: date | None = None
    until: date | None = None
    totals: list[dict[str, Any]] = field(default_factory=list)
    feasibility: dict[str, Any] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)


def plan_company(text: str, progress: Progress = lambda _: None) -> MadePlan:
    """Plan the database's company with the settings in ``text`` and write the plan; nothing is left where refused."""
    progress("reading")
    opened = open_records(text)
    issues = list(opened.issues)
    if opened.settings is None or stops(issues):
        return MadePlan(findings=list_findings(issues))
    settings, company = opened.settings, in_key_order(opened.company)
    days, found = list_days(settings.country, *calendar_span(settings))
    issues += found
    if stops(issues):
        return MadePlan(findings=list_findings(issues))
    progress("weighing")
    customers = describe_customers(company, settings, settings.as_of)
    answer = assess_targets(company, settings, days, customers)
    feasibility = feasibility_for_json(answer)
    progress("planning")
    plan, issues = make_plan(opened.company, settings, days, issues + answer.issues)
    if plan is None:
        return MadePlan(findings=list_findings(issues), feasibility=feasibility)
    progress("writing")
    address, digest, found = keep_plan(keep_customers(keep_feasibility(plan, answer), customers))
    issues += found
    return MadePlan(address, digest, settings.name, settings.since, settings.until, list_totals(plan), feasibility,
                    list_findings(issues))  # fmt: skip


def keep_plan(plan: Plan, parent: str = "") -> tuple[str, str, list[Issue]]:
    """Write a plan with its workbook and return its address, digest and findings; no address where it failed."""
    address = new_address("plans")
    issues = write_plan(
        plan, stored(address), inputs={}, run={}, parent=parent,
        finish=lambda unfinished: write_plan_workbook(plan, unfinished / "plan.xlsx"),
    )  # fmt: skip
    if stops(issues):
        return "", "", issues
    return address, digest_file(stored(address) / "plan.json"), issues


@lru_cache(maxsize=8)
def open_plan(address: str) -> Plan:
    """Return the plan at an address, read once a process; raise ValueError where it cannot be read."""
    plan, issues = read_plan(stored(address))
    if plan is None:
        raise ValueError(f"The plan at {address} cannot be read: {issues[0].rule}.")
    return plan


def list_totals(plan: Plan) -> list[dict[str, Any]]:
    """Return each target in smallest units with its decimals."""
    return [
        {"measure": t.measure, "commit": t.commit_minor, "stretch": t.stretch_minor,
         "decimals": plan.settings.measures[t.measure].decimals, "currency": plan.settings.currency}
        for t in plan.settings.targets
    ]  # fmt: skip


def cut_plan(address: str, request: Request) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a slice's rows (keys, since, until, period, amount, decimals, last_year) and what is wrong with it."""
    frame, issues = cut_slice(open_plan(address), request)
    return frame.to_dicts(), list_findings(issues)


__all__ = ["MadePlan", "Request", "cut_plan", "keep_plan", "list_totals", "open_plan", "plan_company"]
