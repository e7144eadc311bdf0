"""Words and times of the working day: kinds, reasons, results, minutes of a day, keys of forms, built scripts."""

from __future__ import annotations

from datetime import date, time
from functools import cache

from django import template
from django.contrib.staticfiles import finders
from django.template import Context
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from quotum.web.pages.kept_pages import new_key
from quotum.web.queries.clock import today
from quotum.web.records.day import RESULTS

register = template.Library()

KINDS = {
    "call": _("Call"), "visit": _("Visit"), "appointment": _("Appointment"), "job": _("Job"), "lunch": _("Lunch"),
    "start": pgettext_lazy("on the way", "Start"), "end": pgettext_lazy("on the way", "Home"), "hotel": _("Hotel"),
}  # fmt: skip
REASONS = {
    "class": _("Due by its class"), "stage": _("A project is in this stage"), "prospect": _("A prospect to win"),
    "round": _("The round that reaches everybody"), "appointment": _("A fixed date"), "added": _("Added by hand"),
    "postponed": _("Moved from another day"),
}  # fmt: skip
CONTACTS = frozenset({"call", "visit", "appointment", "job"})


@register.filter
def kind_word(kind: str) -> str:
    """Name a kind of entry."""
    return str(KINDS.get(kind, kind))


@register.filter
def why_word(why: str) -> str:
    """Say why a contact is planned; other words are those of the company's own settings."""
    return str(REASONS.get(why, why))


@register.filter
def result_word(result: str) -> str:
    """Name a result."""
    return str(RESULTS.get(result, result))


@register.filter
def clock(minute: int) -> str:
    """Write a minute of the day as a time."""
    return formats.time_format(time(min(minute, 1439) // 60, min(minute, 1439) % 60), "H:i")


@register.filter
def is_contact(kind: str) -> bool:
    """Tell whether an entry is something to do, not a way or a break."""
    return kind in CONTACTS


@register.filter
def days_late(day: date) -> int:
    """Return by how many days a date has passed; 0 or less: it has not."""
    return (today() - day).days


@register.filter
def late_words(day: date) -> str:
    """Say how late something is, nothing where it is not."""
    late = days_late(day)
    return "" if late <= 0 else ngettext("%(days)s day late", "%(days)s days late", late) % {"days": late}


@register.simple_tag(takes_context=True)
def form_key(context: Context) -> str:
    """Return a key that makes a form count once, however often it is sent; of a page to keep, the place for it."""
    return str(context.get("fresh_key") or new_key())


@register.filter
def same(one: object, other: object) -> bool:
    """Tell whether two values are the same."""
    return one == other


@register.simple_tag
@cache
def has_built(name: str) -> bool:
    """Tell whether a script of the charts and maps was built; without it pages show tables and lists."""
    return finders.find(f"built/{name}") is not None
