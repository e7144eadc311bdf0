"""Reads `[rates]` of plan.toml, and targets that are given in another currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quotum.adapters.files.currencies import currency_decimals, foreign_decimals
from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.adapters.files.typed_columns import rate_e10
from quotum.adapters.printing.amounts import format_amount
from quotum.engine.tables.findings import rate_text
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR, Measure
from quotum.engine.tables.rates import to_plan_minor
from quotum.engine.tables.schema import E10


@dataclass(frozen=True, slots=True)
class PlanRates:
    """The plan's currency, its decimals, and what one of each other currency is worth in it, in parts of 10^-10."""

    currency: str
    decimals: int
    rates: Mapping[str, int]

    def read_amount(self, section: Section, key: str, measure: Measure | None, *, needed: bool) -> int | None:
        """Return a target's amount in smallest units of its measure; one of another currency at its plan rate."""
        decimals = measure.decimals if measure else 6
        code = _code(section)
        if code in ("", self.currency) or measure is None:
            return section.minor(key, decimals, MAX_AMOUNT_MINOR, needed=needed)
        if not measure.is_money or code not in self.rates:
            section.take(key)
            return None
        theirs = foreign_decimals(measure, self.decimals, code)
        given = section.minor(key, theirs, MAX_AMOUNT_MINOR, needed=needed)
        if given is None:
            return None
        amount = to_plan_minor(given, theirs, self.rates[code], decimals)
        if amount >= MAX_AMOUNT_MINOR:
            section.refuse("target_too_large", key, section.values[key])
            return None
        section.notes.add(
            "target_converted", f"{section.path}.{key}", f"{section.label}.{key}", format_amount(amount, decimals),
            "note", given=format_amount(given, theirs), code=code, plan=self.currency, rate=rate_text(self.rates[code]),
        )  # fmt: skip
        return amount

    def check_currency(self, section: Section, measure: Measure | None) -> None:
        """Note a target's currency that is none, has no plan rate, or does not go with what is counted."""
        code = _code(section)
        if not code or code == self.currency:
            return
        if measure is not None and not measure.is_money:
            section.refuse("currency_of_count", "currency", code, measure=measure.name)
        elif code not in self.rates:
            section.refuse("rate_missing", "currency", code, plan=self.currency)


def read_rates(values: object, currency: str, notes: TomlNotes) -> PlanRates:
    """Return the plan rates of `[rates]`; those that are none are findings."""
    section = Section(notes, "rates", values)
    rates: dict[str, int] = {}
    for name in section.values:
        given, code = section.take(name), name.upper()
        rate = _rate(given)
        if not re.fullmatch("[A-Z]{3}", code):
            section.refuse("not_a_currency", name, name)
        elif code in rates:
            section.refuse("rate_twice", name, code)
        elif rate is None:
            section.refuse("setting_type", name, given, expected="number")
        elif isinstance(rate, str):
            section.refuse(rate, name, given)
        elif code == currency:
            if rate != E10:
                section.refuse("rate_of_plan_currency", name, code)
        else:
            rates[code] = rate
    return PlanRates(currency, currency_decimals(currency), dict(sorted(rates.items())))


def _rate(given: Any) -> int | str | None:
    """Return a rate in parts of 10^-10, the rule it breaks, or None for what is no number."""
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        return None
    rate = rate_e10(f"{given:f}" if isinstance(given, Decimal) and given.is_finite() else str(given))
    return "rate_range" if rate == "not_a_number" else rate


def _code(section: Section) -> str:
    return section.text("currency", "").upper()
