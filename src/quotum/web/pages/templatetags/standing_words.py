"""Words for how somebody stands."""

from __future__ import annotations

from babel.numbers import format_percent
from django import template
from django.utils.functional import Promise

from quotum.web.pages.templatetags.amounts import locale_of_reader
from quotum.web.pages.warning_words import WARNING_WORDS

register = template.Library()


@register.filter
def percent(part: float | None) -> str:
    """Write a ratio as a whole percentage; nothing for None."""
    return "" if part is None else str(format_percent(part, format="0%", locale=locale_of_reader()))


@register.filter
def percent_e4(part: int | None) -> str:
    """Write a part given in ten-thousandths as a percentage with one decimal; nothing for None."""
    return "" if part is None else str(format_percent(part / 10_000, format="0.0%", locale=locale_of_reader()))


@register.filter
def warning_title(rule: str) -> str | Promise:
    """Return what a warning is called."""
    return WARNING_WORDS[rule][0] if rule in WARNING_WORDS else rule


@register.filter
def warning_remedy(rule: str) -> str | Promise:
    """Return what to do about a warning."""
    return WARNING_WORDS[rule][1] if rule in WARNING_WORDS else ""
