"""Words and numbers of the target and steps pages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from babel.numbers import format_decimal, format_percent
from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.translation import gettext as _

from quotum.web.bridge.setups import StepEntry
from quotum.web.pages.templatetags.amounts import locale_of_reader
from quotum.web.queries.permissions import may

register = template.Library()


@register.simple_tag(takes_context=True)
def may_do(context: Context, capability: str) -> bool:
    """Tell whether the reader has a capability; what is done with it, services decide."""
    return may(context["user"], capability)


@register.simple_tag
def typed(fields: Mapping[str, str], name: str, kept: object) -> object:
    """Return what was typed into a field, else what is kept."""
    return fields.get(name, kept)


@register.simple_tag
def focus_text(fields: Mapping[str, str], place: int, kept: str) -> str:
    """Return what was typed as the focus of a quarter, else what is kept."""
    return fields.get(f"focus-{place}", kept)


@register.simple_tag
def major(fields: Mapping[str, str], measure: str, level: str, kept: str) -> str:
    """Return an amount as it was typed, else as it is kept, in the reader's writing."""
    if f"{measure}-{level}" in fields:
        return fields[f"{measure}-{level}"]
    try:
        return str(format_decimal(Decimal(kept), format="#,##0.######", locale=locale_of_reader())) if kept else ""
    except InvalidOperation:
        return kept


@register.simple_tag
def weight_of(step: StepEntry, basis: str) -> str:
    """Return the weight of a basis in a step's mix, empty for none."""
    weight = step.basis.get(basis, 0.0)
    return f"{weight:g}" if weight else ""


@register.simple_tag
def between(low: int, high: int) -> int:
    """Return how wide a range is drawn."""
    return max(high - low, 1)


_HEIGHTS = {"stretch": (20, 76, 14), "commit": (40, 76, 34), "last_year": (44, 84, 100), "likely": (44, 104, 122)}
"""Of each mark: where its line begins and ends, where its words stand; no two on one height, for they may be close."""


@register.simple_tag
def mark_lines(kind: str) -> str:
    """Return how high the line of a mark is drawn."""
    top, bottom, _label = _HEIGHTS[kind]
    return format_html('y1="{}" y2="{}"', top, bottom)


@register.simple_tag
def mark_label(kind: str) -> int:
    """Return how high the words of a mark stand."""
    return _HEIGHTS[kind][2]


@register.simple_tag
def mark_name(kind: str) -> str:
    """Return what a mark on the chart, or a level, is called."""
    return {"last_year": _("Last year"), "likely": _("Likely"), "commit": _("Commit"),
            "stretch": _("Stretch")}.get(kind, kind)  # fmt: skip


@register.simple_tag
def rule_name(rule: str) -> str:
    """Return what one of the five rules of a good target is called."""
    return {
        "quantified": _("quantified"), "grounded": _("grounded"), "achievable": _("achievable"),
        "focused": _("one focus a quarter"), "dated": _("dated"),
    }.get(rule, rule)  # fmt: skip


@register.filter
def chance(value: float | None) -> str:
    """Write a chance in whole percent: simulated years tell no more."""
    if value is None:
        return ""
    return "< 1%" if value < 0.01 else "> 99%" if value > 0.99 else part(value, "#0%")


@register.filter
def part(value: float | None, pattern: str = "#0.0%") -> str:
    """Write a part as a percentage; nothing for None."""
    return "" if value is None else str(format_percent(value, format=pattern, locale=locale_of_reader()))


@register.filter
def plain(value: float | None) -> str:
    """Write a number with few decimals; nothing for None."""
    if value is None:
        return ""
    pattern = "#,##0" if abs(value) >= 100 else "#,##0.##"
    return str(format_decimal(value, format=pattern, locale=locale_of_reader()))
