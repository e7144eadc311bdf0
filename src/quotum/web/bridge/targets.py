"""Targets tried while they are typed: what the year can bring is worked out once, other amounts are held against it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from quotum.adapters.calendars import list_days
from quotum.adapters.files.plan_toml import make_settings, read_document
from quotum.adapters.printing.feasibility_tables import feasibility_for_json
from quotum.adapters.printing.member_names import MemberNames
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.planning import TargetGround, calendar_span, ground_targets, make_plan, weigh_targets
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, PlanSettings, Target
from quotum.web.bridge.company import MASTER, open_records
from quotum.web.bridge.findings import list_findings
from quotum.web.records.models import Change, FactTable

_MOST_KEPT = 3
_MOST_MEMBERS = 60
_NOT_COMPANY = (
    "accounts", "plans", "setups", "edits", "comments", "jobs", "approvals", "challenges", "agenda", "log",
    "open_items", "contacts", "remarks", "reviews", "tokens", "uploads",
)  # fmt: skip
"""Tables of the record of changes that a company's tables do not depend on."""
_kept: OrderedDict[str, TargetGround | list[Issue]] = OrderedDict()
_lock, _working = Lock(), Lock()


@dataclass(frozen=True, slots=True)
class Tried:
    """What targets come to: the feasibility as pages show it (empty where it could not be told), findings, settings."""

    settings: PlanSettings | None
    feasibility: dict[str, Any]
    findings: list[dict[str, Any]]


def read_setup(text: str) -> tuple[PlanSettings | None, list[Issue]]:
    """Return the settings that a plan.toml says and what is wrong with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.toml"
        path.write_text(text, encoding="utf-8")
        document, notes = read_document(path)
    return make_settings(document, notes), notes.issues


def digest_company() -> str:
    """Return a digest that is another one whenever the company's tables are others."""
    last = Change.objects.exclude(table__in=_NOT_COMPANY).order_by("-sequence").values_list("digest", flat=True).first()
    facts = list(FactTable.objects.order_by("table").values_list("table", "digest"))
    counts = [model._default_manager.count() for model in MASTER.values()]
    return hashlib.sha256(json.dumps([last, facts, counts]).encode()).hexdigest()


def preview_split(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what each unit and person would get by the steps in ``text``, nothing written: rows and findings.

    Rows: step across, member, its parent's name, amount, decimals, last year; the largest first within a parent.
    """
    opened = open_records(text)
    issues = list(opened.issues)
    if opened.settings is None or stops(issues):
        return [], list_findings(issues)
    days, found = list_days(opened.settings.country, *calendar_span(opened.settings))
    if stops(found):
        return [], list_findings([*issues, *found])
    steps = opened.settings.steps
    along = next((at for at, step in enumerate(steps) if isinstance(step, AlongStep)), len(steps))
    short = replace(opened.settings, steps=steps[: along + 1])  # what comes after follows its row
    plan, issues = make_plan(opened.company, short, days, issues)
    if plan is None:
        return [], list_findings(issues)
    rows: list[dict[str, Any]] = []
    names = MemberNames(plan)
    for by in [step.across for step in short.steps if isinstance(step, AcrossStep)]:
        frame, _ = cut_slice(plan, Request((by,)))
        names.learn(by, frame[by].to_list())
        rows += [
            {"across": by, "name": names.of(by, line[by]) or "-", "amount": line["amount"],
             "decimals": line["decimals"], "last_year": line["last_year"]}
            for line in frame.sort("amount", by, descending=[True, False]).head(_MOST_MEMBERS).iter_rows(named=True)
        ]  # fmt: skip
    return rows, list_findings(issues)


def try_targets(text: str) -> Tried:
    """Return what the targets in ``text`` (a plan.toml) come to; quick where only their amounts are new.

    The company, its forecasts and customers are kept in the process for the last few settings that differ otherwise.
    """
    settings, issues = read_setup(text)
    if settings is None or stops(issues):
        return Tried(None, {}, list_findings(issues))
    ground = _find_ground(text, settings)
    if isinstance(ground, list):
        return Tried(settings, {}, list_findings(ground))
    found = weigh_targets(ground, settings)
    return Tried(settings, feasibility_for_json(found), list_findings(found.issues))


def _find_ground(text: str, settings: PlanSettings) -> TargetGround | list[Issue]:
    """Return what stands whatever the amounts of the targets, from memory where it was worked out before."""
    targets = tuple(Target(t.measure, 0, 0, t.follows) for t in settings.targets)
    plain = replace(settings, name="", targets=targets, steps=())
    key = hashlib.sha256(f"{digest_company()}\n{plain!r}".encode()).hexdigest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    with _working:  # two at once would only wait for each other's memory
        with _lock:
            if key in _kept:
                return _kept[key]
        ground = _make_ground(text)
        with _lock:
            _kept[key] = ground
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
    return ground


def _make_ground(text: str) -> TargetGround | list[Issue]:
    opened = open_records(text)
    issues = list(opened.issues)
    if opened.settings is None or stops(issues):
        return issues
    days, found = list_days(opened.settings.country, *calendar_span(opened.settings))
    if stops(found):
        return found
    return ground_targets(in_key_order(opened.company), opened.settings, days)

