"""Setups: the targets, periods and steps of the next plan, changed on pages; what a plan was made with stays in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.setups import StepEntry, TargetEntry, new_text, write_steps, write_targets
from quotum.web.bridge.targets import read_setup
from quotum.web.queries.permissions import require
from quotum.web.queries.setups import covers_company
from quotum.web.records.models import Setup, User
from quotum.web.services.recording import record_change
from quotum.web.services.typed_amounts import read_typed


@dataclass(frozen=True, slots=True)
class TypedTarget:
    """A target as somebody typed it."""

    measure: str
    commit: str
    stretch: str


class SetupRefused(Exception):  # noqa: N818 - it is an answer, not a failure
    """A setup that cannot be kept: fields that cannot be read, findings of the settings."""

    def __init__(self, fields: dict[str, str], findings: Sequence[dict[str, Any]] = ()) -> None:
        self.fields, self.findings = fields, list(findings)
        super().__init__("refused")


def require_targets(user: User) -> None:
    """Raise PermissionDenied unless the user may set the company's targets."""
    if not covers_company(require(user, "set_target")):
        raise PermissionDenied("set_target")


def change_targets(
    setup: Setup, name: str, period: tuple[str, str], targets: Sequence[TypedTarget], language: str, *,
    as_of: str = "", focus: Sequence[str] | None = None,
) -> str:  # fmt: skip
    """Return the setup's text with what was typed; raise SetupRefused where it cannot be read. Nothing is kept.

    ``period``: since, until; ``as_of`` empty: the day before; ``focus``: a text a quarter, None: as it was.
    """
    settings, issues = read_setup(setup.text)
    if settings is None:
        raise SetupRefused({}, list_findings(issues))
    wrong: dict[str, str] = {}
    entries = []
    for target in targets:
        known = settings.measures.get(target.measure)
        decimals = known.decimals if known else 0
        amounts = {}
        for level, text in (("commit", target.commit), ("stretch", target.stretch)):
            typed = read_typed(text, decimals, language) if text.strip() else None
            if text.strip() and (typed is None or typed.operation != "set"):
                wrong[f"{target.measure}-{level}"] = text
            amounts[level] = "" if typed is None else f"{Decimal(typed.amount_minor).scaleb(-decimals):f}"
        entries.append(TargetEntry(target.measure, **amounts))
    dates: dict[str, date | None] = {"as_of": None}
    for field, text in zip(("since", "until", "as_of"), (*period, as_of), strict=True):
        try:
            if text or field != "as_of":
                dates[field] = date.fromisoformat(text)
        except ValueError:
            wrong[field] = text
    if wrong:
        raise SetupRefused(wrong)
    return write_targets(setup.text, name.strip(), dates["since"], dates["until"], entries, dates["as_of"], focus)


def change_steps(setup: Setup, steps: Sequence[StepEntry]) -> str:
    """Return the setup's text with other steps; raise SetupRefused where a number cannot be read. Nothing is kept."""
    wrong = {}
    for number, step in enumerate(steps):
        for field in ("floor", "cap", "stretch_cap"):
            text = getattr(step, field)
            try:
                if text and not Decimal(text).is_finite():
                    wrong[f"{field}-{number}"] = text
            except InvalidOperation:
                wrong[f"{field}-{number}"] = text
    if wrong:
        raise SetupRefused(wrong)
    return write_steps(setup.text, steps)


def keep_setup(user: User, setup: Setup, text: str, what: str, reason: str = "", seen: str = "") -> Setup:
    """Keep another text of a setup; raise SetupRefused where it says nothing that could be planned.

    ``seen``: when the setup had last been changed as the user saw it; what somebody has kept since is not overwritten.
    """
    require_targets(user)
    settings, issues = read_setup(text)
    findings = list_findings(issues)
    if settings is None:
        raise SetupRefused({}, findings)
    with transaction.atomic():
        kept = Setup.objects.select_for_update().get(pk=setup.pk)
        if kept.text != setup.text or (seen and seen != kept.changed.isoformat()):
            raise SetupRefused({"changed": ""})
        kept.text = text
        kept.save(update_fields=["text", "changed"])
        record_change(user, "changed", "setups", kept.name, before={"text": setup.text}, after={what: text},
                      reason=reason)  # fmt: skip
    return kept


def add_setup(
    user: User, name: str, since: date, until: date, currency: str, target: TypedTarget, language: str
) -> Setup:  # fmt: skip
    """Add a first target with steps that fit most companies; raise SetupRefused where it cannot be planned."""
    require_targets(user)
    if not name.strip() or Setup.objects.filter(name=name.strip()).exists():
        raise SetupRefused({"name": name})
    text = new_text(name.strip(), since, until, currency, target.measure)
    text = change_targets(Setup(text=text), "", (since.isoformat(), until.isoformat()), [target], language)
    settings, issues = read_setup(text)
    if settings is None:
        raise SetupRefused({}, list_findings(issues))
    return keep_new(user, name.strip(), text)


def keep_new(user: User | None, name: str, text: str, reason: str = "") -> Setup:
    """Keep the text of a new setup under a name that no other has, a number behind it where it is taken."""
    names = set(Setup.objects.values_list("name", flat=True))
    free = next(each for n in count(1) if (each := name[:190] if n == 1 else f"{name[:190]} {n}") not in names)
    with transaction.atomic():
        made = Setup.objects.create(name=free, text=text)
        record_change(user, "created", "setups", made.name, after={"text": text}, reason=reason)
    return made


def copy_setup(user: User, setup: Setup, name: str) -> Setup:
    """Add a setup that says what another says, under a name of its own."""
    require_targets(user)
    if not name.strip() or Setup.objects.filter(name=name.strip()).exists():
        raise SetupRefused({"name": name})
    with transaction.atomic():
        made = Setup.objects.create(name=name.strip()[:200], text=setup.text)
        record_change(user, "created", "setups", made.name, after={"like": setup.name})
    return made
