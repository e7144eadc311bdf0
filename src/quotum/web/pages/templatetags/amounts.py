"""Numbers as the reader's country writes them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.translation import get_language

register = template.Library()

_LOCALES = {"en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant", "es": "es"}


def locale_of_reader() -> str:
    """Return Babel's name of the language the page speaks."""
    return _LOCALES.get(get_language() or "en", "en")


@register.filter
def amount(minor: int | str | None, decimals: int = 2) -> str:
    """Write an amount given in smallest units, whole where it has no decimals; nothing for None.

    Templates hand over an empty text where what they ask has no such number.
    """
    if minor is None or minor == "":
        return ""
    pattern = "#,##0" if decimals == 0 else "#,##0." + "0" * decimals
    return str(format_decimal(Decimal(minor).scaleb(-decimals), format=pattern, locale=locale_of_reader()))


@register.filter
def rounded(minor: int | str | None, decimals: int = 2) -> str:
    """Write an amount in whole units, for figures that are looked at rather than added up."""
    if minor is None or minor == "":
        return ""
    whole = Decimal(minor).scaleb(-decimals).to_integral_value()
    return str(format_decimal(whole, format="#,##0", locale=locale_of_reader()))


@register.filter
def signed(minor: int | str | None, decimals: int = 2) -> str:
    """Write an amount as ``amount`` does, with its sign also where it is above 0."""
    told = amount(minor, decimals)
    return f"+{told}" if told and int(minor or 0) > 0 else told


@register.filter
def signed_rounded(minor: int | str | None, decimals: int = 2) -> str:
    """Write an amount in whole units with its sign also where it is above 0."""
    told = rounded(minor, decimals)
    return f"+{told}" if told and int(minor or 0) > 0 else told


@register.filter
def growth(now: int | str | None, before: int | str | None) -> str:
    """Write by how much a number lies above another, as a percentage; nothing where there is none before."""
    if now is None or now == "" or not before:
        return ""
    return str(format_percent(Decimal(now) / Decimal(before) - 1, format="+0.0%;-0.0%", locale=locale_of_reader()))


@register.filter
def whole_e4(value_e4: int | None) -> str:
    """Write an amount given in ten-thousandths in whole units; nothing for None."""
    return "" if value_e4 is None else amount((value_e4 + 5_000) // 10_000, 0)
