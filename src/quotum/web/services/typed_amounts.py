"""Reads an amount as somebody typed it: ``1,200``, ``12万``, ``+5%``, ``-300``, ``×1.1``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_SIZES = {"": 1, "k": 10**3, "m": 10**6, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_COMMA_LANGUAGES = ("es",)
"""Languages that write decimals behind a comma."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: ``set`` or ``add`` an amount in smallest units, or ``scale`` by a factor."""

    operation: str
    amount_minor: int = 0
    factor: Fraction = Fraction(1)


def read_typed(text: str, decimals: int, language: str = "en") -> Typed | None:
    """Return what a text asks for, None where it is no amount, is negative or finer than the smallest unit.

    A sign before it adds or takes away, a sign and a percentage change by so much, ``×1.1`` and ``105%`` are factors.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("×", "*").lower()
    plain = re.sub(r"[\s'_]", "", plain)
    found = re.fullmatch(r"([+\-*]?)([\d.,]+)(%|[km万萬亿億]?)", plain)
    if found is None:
        return None
    sign, digits, size = found.groups()
    number = _read_number(digits, language)
    if number is None:
        return None
    if size == "%":
        part = Fraction(number) / 100
        factor = {"+": 1 + part, "-": 1 - part}.get(sign, part)
        return Typed("scale", factor=factor) if factor >= 0 else None
    if sign == "*":
        return Typed("scale", factor=Fraction(number) * _SIZES[size])
    minor = number * _SIZES[size] * 10**decimals
    if minor != minor.to_integral_value() or minor >= 2**53:
        return None
    return Typed("add" if sign else "set", -int(minor) if sign == "-" else int(minor))


def _read_number(digits: str, language: str) -> Decimal | None:
    """Return a number with its groups and decimals as the language writes them."""
    mark, group = (",", ".") if language.startswith(_COMMA_LANGUAGES) else (".", ",")
    whole, _, rest = digits.partition(mark)
    if group in whole:
        if not re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+", whole):
            return None
        whole = whole.replace(group, "")
    if not (whole + rest).isdecimal() or len(whole + rest) > 20:
        return None
    return Decimal(f"{whole or 0}.{rest or 0}")
