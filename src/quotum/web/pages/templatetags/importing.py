"""Words of the import's codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext_lazy as _

from quotum.web.pages.templatetags.amounts import amount

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

register = template.Library()

_MODES: dict[str, StrPromise] = {
    "update": _("Update by key, add new ones"), "add": _("Only add new ones"),
    "days": _("Replace the days in the files"), "all": _("Replace all rows"), "skip": _("Leave out"),
}  # fmt: skip
_STAGES: dict[str, StrPromise] = {
    "": _("waiting"), "reading": _("reading the files"), "comparing": _("comparing with what is there"),
    "checking": _("checking"), "marking": _("marking cells"), "writing": _("writing"),
}  # fmt: skip
_SEVERITIES: dict[str, StrPromise] = {
    "error": _("error"), "conflict": _("conflict"), "warning": _("warning"), "note": _("note"),
}  # fmt: skip
_TABLES: dict[str, StrPromise] = {
    "units": _("Units"), "areas": _("Areas"), "categories": _("Categories"), "products": _("Products"),
    "people": _("People"), "customers": _("Customers"), "ownership": _("Owners of customers"), "sales": _("Sales"),
    "invoices": _("Invoices"), "receipts": _("Receipts"), "activities": _("Activities"),
    "appointments": _("Appointments"), "absences": _("Absences"), "projects": _("Projects"), "events": _("Events"),
    "market": _("Market"), "locks": _("Locks"), "totals": _("Totals"), "proposals": _("Proposals"),
    "costs": _("Costs"), "rates": _("Exchange rates"), "ratings": _("Ratings"), "incidents": _("Incidents"),
    "surveys": _("Surveys"),
}  # fmt: skip


@register.filter
def mode(code: str) -> StrPromise | str:
    """Return what is done with a table in words."""
    return _MODES.get(code, code)


@register.filter
def stage(code: str) -> StrPromise | str:
    """Return what the work does just now in words."""
    return _STAGES.get(code, code)


@register.filter
def severity(code: str) -> StrPromise | str:
    """Return how grave a finding is in words."""
    return _SEVERITIES.get(code, code)


@register.filter
def table_name(code: str) -> StrPromise | str:
    """Return what a table is called."""
    return _TABLES.get(code, code)


@register.filter
def whole(number: int | None) -> str:
    """Write a number of rows."""
    return amount(number, 0)
