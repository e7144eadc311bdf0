"""How fields of the company's records are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quotum.web.pages.known_words import KINDS
from quotum.web.pages.templatetags.amounts import amount, locale_of_reader
from quotum.web.queries.company_lists import edit_reach
from quotum.web.records.models import User

register = template.Library()
_PRICES = ("price_e4", "cost_e4")


@register.filter
def shown(value: Any, name: str = "") -> str:
    """Write a value of a field as people read it; nothing for a missing one."""
    if value is None or value == "":
        return ""
    if name in _PRICES:
        return amount(value // 100 if value % 100 == 0 else value, 2 if value % 100 == 0 else 4)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, float):
        return str(format_decimal(value, format="#,##0.######", locale=locale_of_reader()))
    return str(KINDS.get(value, value)) if name == "kind" else str(value)


@register.filter
def is_number(name: str) -> bool:
    """Tell whether a column holds numbers."""
    return name in {*_PRICES, "effect", "ability"}


@register.filter
def fields_of(value: Any) -> str:
    """Write what a line of the record of changes keeps, a field after the other."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(each, name)}" for name, each in value.items())
    return "; ".join(map(fields_of, value)) if isinstance(value, list) else str(value)


def _plain(value: Any, name: str) -> str:
    """Write one value: amounts in major units, dates by locale."""
    if isinstance(value, str) and (day := _day(value)):
        return date_format(day, "SHORT_DATE_FORMAT")
    return shown(value, name) or "—"


def _day(text: str) -> date | None:
    """Return the date that a text is."""
    try:
        return parse_date(text)
    except ValueError:
        return None


@register.filter
def edits_everything(user: User) -> bool:
    """Tell whether somebody may edit the whole company."""
    return edit_reach(user).everywhere


@register.filter
def norm_section(section: str) -> str:
    """Return what a section of norms is called."""
    if section.startswith("norms."):
        return _("What a %(role)s does") % {"role": section.removeprefix("norms.")}
    return {
        "cadence": _("Working days between visits, by class"), "cadence.calls": _("Calls besides visits, by class"),
        "cadence.prospects": _("Visits of prospects, by quadrant"),
        "cadence.stages": _("Visits of projects, by stage"), "norms": _("What a role does"),
        "visits": _("A day of visits"),
    }.get(section, section)  # fmt: skip


@register.filter
def norm_name(name: str) -> str:
    """Return what a line of norms is called; classes and stages keep their own names."""
    return {
        "everyone": _("everyone else"), "visits_per_day": _("most visits a day"), "calls_per_day": _("calls a day"),
        "minutes": _("minutes of a visit"), "call_minutes": _("minutes of a call"), "large_soon": _("large and soon"),
        "small_soon": _("small and soon"), "large_later": _("large and later"), "small_later": _("small and later"),
        "unknown": _("not known"),
    }.get(name, name)  # fmt: skip
