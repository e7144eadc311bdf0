"""Words of the record of changes: what was done, to what, and its fields before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quotum.web.pages.known_words import KINDS, LEVELS, MEASURES
from quotum.web.pages.score_words import INDICATORS
from quotum.web.pages.templatetags.amounts import amount
from quotum.web.pages.templatetags.company import fields_of
from quotum.web.pages.templatetags.importing import table_name
from quotum.web.queries.company_rooms import ROOMS
from quotum.web.records.day import AGENDA_STATES, RESULTS
from quotum.web.records.plans import PLAN_STATES
from quotum.web.records.roles import ROLES

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

register = template.Library()
_MOST = 600

_ACTIONS: dict[str, StrPromise] = {
    "created": _("created"), "changed": _("changed"), "removed": _("removed"), "imported": _("imported"),
    "took in": _("took in"), "brought": _("brought files"), "dropped": _("dropped"), "moved": _("moved"),
    "handed over": _("handed over"), "planned": _("planned"), "proposed": _("proposed"), "approved": _("approved"),
    "returned": _("returned"), "put in force": _("put in force"),
    "put in force without approvals": _("put in force without approvals"), "superseded": _("superseded"),
    "edited": _("edited"), "commented": _("commented"), "challenged": _("challenged"), "granted": _("granted"),
    "declined": _("declined"), "reviewed": _("reviewed"), "scored": _("scored"), "released": _("released"),
    "objected": _("objected"), "answered": _("answered"), "logged": _("logged"), "revoked": _("revoked"),
    "renewed": _("renewed"), "linked": _("made a welcome link"), "opened": _("opened"), "closed": _("closed"),
    "gave a post": _("gave a post"), "ended a post": _("ended a post"),
    "chose a password": _("chose a password"), "changed the password": _("changed the password"),
    "added a second factor": _("added a second factor"), "removed a second factor": _("removed a second factor"),
    "renewed a second factor": _("renewed a second factor"), "ended the second factor": _("ended the second factor"),
}  # fmt: skip
_TABLES: dict[str, StrPromise] = {
    "accounts": _("Account"), "plans": _("Plan"), "setups": _("Target"), "uploads": _("Files"), "agenda": _("Agenda"),
    "visits": _("Visits"), "log": _("Log"), "open_items": _("Open item"), "remarks": _("Remark"),
    "challenges": _("Challenge"), "approvals": _("Approval"), "tokens": _("Key for programs"), "norms": _("Norms"),
    "calendar_feeds": _("Calendar"), "contacts": _("Contact"), "schemes": _("Scheme"), "appraisals": _("Scores"),
    "objections": _("Objection"), "reviews": _("Review"),
}  # fmt: skip
_FIELDS: dict[str, StrPromise] = {
    "role": _("Role"), "unit": _("Unit"), "person": _("Person"), "since": _("Since"), "until": _("Until"),
    "name": _("Name"), "state": _("State"), "rows": _("Rows"), "files": _("Files"), "tables": _("Tables"),
    "customer": _("Customer"), "customers": _("Customers"), "date": _("Day"), "due": _("By"), "text": _("Text"),
    "kind": _("What"), "result": _("Result"), "detail": _("What to do"), "username": _("User name"),
    "share": _("Share"), "posts": _("Posts"), "reason": _("Why"), "entries": _("Entries"), "note": _("Note"),
    "like": _("Like"), "first": _("First"), "kept": _("Kept"), "minutes": _("Minutes"), "price": _("Price"),
    "demand": _("Demand"), "promised": _("Promised to the customer"), "next_step": _("Next step"),
    "was": _("Before"), "digest": _("Digest"), "period": _("Period"), "expires": _("Expires"), "scopes": _("It may"),
    "kinds": _("Kind"), "as_of": _("Up to"), "scores": _("Scores"), "under": _("Whose number"),
    "changes": _("Changes"), "totals": _("Totals"), "scorecard": _("Scorecard"), "line": _("Indicator"),
    "sequence": _("Number"), "batch": _("Together"), "amount": _("Amount"), "measure": _("Measure"),
    "level": _("Level"), "commit": _("Commit"), "stretch": _("Stretch"),
}  # fmt: skip
_CODES: dict[str, Mapping[str, StrPromise | Promise | str]] = {
    "role": ROLES, "state": {**PLAN_STATES, **AGENDA_STATES}, "kind": KINDS, "result": RESULTS, "line": INDICATORS,
    "measure": MEASURES, "level": LEVELS,
}  # fmt: skip
"""Fields whose values are codes."""


@register.filter
def action_word(action: str) -> StrPromise | str:
    """Return what was done in the reader's language."""
    return _ACTIONS.get(action, action)


@register.filter
def changed_table(table: str) -> StrPromise | str:
    """Return what kind of thing was changed."""
    return _TABLES.get(table) or table_name(table)


@register.filter
def changed_fields(value: Any, table: str = "") -> str:
    """Write what a line keeps as fields with their labels, shortened where it is long."""
    text = fields_of(_labelled(value, table))
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def _labelled(value: Any, table: str) -> Any:
    """Return a value with labels in the place of fields' names."""
    if isinstance(value, list):
        return [_labelled(each, table) for each in value]
    if not isinstance(value, dict):
        return str(PLAN_STATES.get(value, value)) if isinstance(value, str) else value
    labels = {field.name: field.label for field in ROOMS[table].fields} if table in ROOMS else {}
    return {str(labels.get(name) or _FIELDS.get(name) or name.replace("_", " ")): _value(name, each)
            for name, each in value.items()}  # fmt: skip


def _value(name: str, value: Any) -> Any:
    """Return a value as text where it is more than one, or a code that every company shares."""
    if isinstance(value, str) and name in _CODES:
        return str(_CODES[name].get(value, value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "totals" and isinstance(value, list):
        return ", ".join(map(_total, value))
    if isinstance(value, list):
        return ", ".join(str(_value(name, each)) for each in value)
    return ", ".join(f"{key}: {each}" for key, each in value.items()) if isinstance(value, dict) else value


def _total(total: Any) -> str:
    """Write the total of a plan: what is counted, its commit and stretch."""
    if not isinstance(total, dict):
        return str(total)
    amounts = " / ".join(amount(total[level], total.get("decimals", 2)) for level in LEVELS if total.get(level))
    return " ".join(filter(None, (str(MEASURES.get(total.get("measure", ""), total.get("measure", ""))), amounts,
                                  total.get("currency", ""))))  # fmt: skip
