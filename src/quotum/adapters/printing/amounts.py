"""Amounts as people write them: smallest units in, major units out, without ever passing through a float."""

from __future__ import annotations


def write_major(amount_minor: int, decimals: int) -> str:
    """Return 123450 with 2 decimals as ``1234.50``: for files that programs read."""
    return _write(amount_minor, decimals, "d")


def format_amount(amount_minor: int | None, decimals: int) -> str:
    """Return 123450 with 2 decimals as ``1,234.50``: for people; an unknown amount is empty."""
    return "" if amount_minor is None else _write(amount_minor, decimals, ",d")


def format_growth(amount: int | None, last_year: int | None) -> str:
    """Return the growth over last year as ``+4.2%``; empty where there is nothing sound to compare with."""
    if amount is None or not last_year or last_year < 0:
        return ""
    tenths = (2000 * (amount - last_year) + last_year) // (2 * last_year)
    sign = "+" if tenths > 0 else "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10:,d}.{abs(tenths) % 10}%"


def _write(amount_minor: int, decimals: int, form: str) -> str:
    whole, part = divmod(abs(amount_minor), 10**decimals)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{whole:{form}}.{part:0{decimals}d}" if decimals else f"{sign}{whole:{form}}"
