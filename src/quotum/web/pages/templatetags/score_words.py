"""How scores, figures and the words of schemes are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise

from quotum.web.pages import score_words as words
from quotum.web.pages.templatetags.amounts import amount, locale_of_reader

register = template.Library()
_BY_KIND: dict[str, dict[str, str | Promise]] = {
    "why": words.WHY, "how": words.HOW, "every": words.EVERY, "indicator": words.INDICATORS, "table": words.TABLES,
    "column": words.COLUMNS, "effect": words.EFFECTS, "grade": words.GRADES,
}  # fmt: skip


@register.filter
def points(value_e2: int | None) -> str:
    """Write hundredths of a point as points."""
    return amount(value_e2, 2)


@register.filter
def figure(value: float | None) -> str:
    """Write a figure with as many decimals as it needs, four at most; nothing for None."""
    return "" if value is None else str(format_decimal(value, format="#,##0.####", locale=locale_of_reader()))


@register.filter
def weight(value: float) -> str:
    """Write a weight."""
    return str(format_decimal(value, format="#,##0.#", locale=locale_of_reader()))


@register.filter
def word(code: str, kind: str) -> str | Promise:
    """Return what a code of a scheme is called; a company's own names stay as they are."""
    return _BY_KIND[kind].get(code, code.replace("_", " ") if kind == "indicator" else code)


@register.filter
def cell(value: Any) -> str:
    """Write a cell of a source row."""
    if value is None:
        return ""
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return figure(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


@register.filter
def is_figure(value: Any) -> bool:
    """Tell whether a cell holds a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
