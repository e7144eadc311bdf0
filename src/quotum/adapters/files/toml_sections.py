"""Sections of a TOML file whose keys are taken out one by one, each checked, each finding with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.basics.nearest import nearest

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
_KEY = re.compile(r"\s*([\w\"'.-]+)\s*=")


class TomlNotes:
    """The findings about one TOML file."""

    def __init__(self, file: str, text: str = "") -> None:
        self.file = file
        self.issues: list[Issue] = []
        self.overridden: set[str] = set()  # paths that came from the command line
        self._lines = _key_lines(text)

    def add(
        self,
        rule: str,
        path: str = "",
        label: str = "",
        value: object = "",
        severity: Severity = "error",
        **details: object,
    ) -> None:
        """Note a finding about the key at ``path``, which people know as ``label``."""
        over = path in self.overridden
        self.issues.append(
            Issue(
                rule=rule,
                severity=severity,
                file="--set" if over else self.file,
                line=None if over else self._lines.get(path, self._lines.get(path.rpartition(".")[0])),
                column=label or path,
                value="" if value is None else str(value)[:80],
                details=tuple((name, str(detail)) for name, detail in details.items()),
            )
        )


def _key_lines(text: str) -> dict[str, int]:
    """Return the line of every section and key: ``plan.since`` -> 3, ``step[1].cap`` -> 12."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADER.match(line):
            section = found[2].replace('"', "").replace("'", "")
            if found[1] == "[[":
                counts[section] = counts.get(section, -1) + 1
                section = f"{section}[{counts[section]}]"
            lines.setdefault(section, number)
        elif found := _KEY.match(line):
            key = found[1].replace('"', "").replace("'", "")
            lines.setdefault(f"{section}.{key}" if section else key, number)
    return lines


class Section:
    """The keys of one section. A key that is missing or wrong gives its default, and its finding goes to the notes."""

    def __init__(self, notes: TomlNotes, path: str, values: object, label: str = "") -> None:
        self.notes, self.path, self.label = notes, path, label or path
        self.values: Mapping[str, Any] = values if isinstance(values, dict) else {}
        self._asked: list[str] = []
        if not isinstance(values, dict):
            notes.add("setting_type", path, self.label, values, expected="section")

    def refuse(self, rule: str, key: str, value: object = "", **details: object) -> None:
        """Note an error about one of the section's keys."""
        self.notes.add(rule, f"{self.path}.{key}", f"{self.label}.{key}", value, "error", **details)

    def has(self, key: str) -> bool:
        """Tell whether the key is given."""
        return key in self.values

    def take(self, key: str, *, needed: bool = False) -> Any:
        """Return what the key holds, None if it is not there."""
        self._asked.append(key)
        if needed and key not in self.values:
            self.refuse("setting_missing", key)
        return self.values.get(key)

    def refuse_rest(self, rule: str = "setting_unknown") -> None:
        """Note every key that nobody asked for."""
        for key in self.values:
            if key not in self._asked:
                self.refuse(rule, key, nearest=nearest(key, self._asked))

    def text(self, key: str, default: str = "", *, choices: Collection[str] = ()) -> str:
        """Return a text, one of ``choices`` where there are any."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.refuse("setting_type", key, value, expected="text")
            return default
        if choices and value not in choices:
            self.refuse("setting_choice", key, value, known=", ".join(choices), nearest=nearest(value, choices))
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; one text alone is a list of one."""
        value = self.take(key)
        value = [value] if isinstance(value, str) else value
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse("setting_type", key, value, expected="texts")
            return ()
        return tuple(value)

    def day(self, key: str, *, needed: bool = False) -> date | None:
        """Return a date: ``2027-01-01``, in quotes or not; years that no plan or history reaches are refused."""
        value = self.take(key, needed=needed)
        if isinstance(value, str):
            with suppress(ValueError):
                value = date.fromisoformat(value)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse("setting_type", key, value, expected="date")
        elif not _FIRST_DAY <= value <= _LAST_DAY:
            self.refuse("setting_range", key, value, low=_FIRST_DAY, high=_LAST_DAY)
        else:
            return value
        return None

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """Return a whole number between two bounds."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse("setting_type", key, value, expected="whole")
            return default
        if not low <= value <= high:
            self.refuse("setting_range", key, value, low=low, high=high)
            return default
        return value

    def number(self, key: str, default: float | None = None, low: float = 0.0, high: float = 1e9) -> float | None:
        """Return a number between two bounds."""
        value = self.take(key)
        return default if value is None else self._number(key, value, low, high, default)

    def numbers(
        self, key: str, default: tuple[float, ...], sizes: Sequence[int], high: float = 1e9
    ) -> tuple[float, ...]:
        """Return a list of numbers of 0 or more, as long as one of ``sizes`` says (lowest, highest)."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, list) or not sizes[0] <= len(value) <= sizes[-1]:
            self.refuse("setting_type", key, value, expected="numbers", low=sizes[0], high=sizes[-1])
            return default
        found = [self._number(key, item, 0.0, high, None) for item in value]
        return default if None in found else tuple(item for item in found if item is not None)

    def weights(self, key: str) -> dict[str, float]:
        """Return a table of numbers of 0 or more."""
        value = self.take(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.refuse("setting_type", key, value, expected="weights")
            return {}
        found = {name: self._number(f"{key}.{name}", item, 0.0, 1e12, None) for name, item in value.items()}
        return {name: item for name, item in found.items() if item is not None}

    def _number(self, key: str, value: object, low: float, high: float, default: float | None) -> float | None:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.refuse("setting_type", key, value, expected="number")
            return default
        if not (Decimal(value).is_finite() and low <= float(value) <= high):  # as floats: 0.99 is not above 0.99
            self.refuse("setting_range", key, value, low=f"{low:g}", high=f"{high:g}")
            return default
        return float(value)

    def minor(self, key: str, decimals: int, limit: int, *, needed: bool = False, value: object = None) -> int | None:
        """Return an amount of money or pieces in smallest units, exactly; None with a finding where that cannot be."""
        given = self.take(key, needed=needed) if value is None else value
        if given is None:
            return None
        if isinstance(given, bool) or not isinstance(given, (int, Decimal)) or not Decimal(given).is_finite():
            self.refuse("setting_type", key, given, expected="amount")
            return None
        amount = Decimal(given)
        if amount < 0:
            self.refuse("amount_negative", key, given)
        elif amount.adjusted() > 30 or amount * 10**decimals >= limit:
            self.refuse("target_too_large", key, given, limit=limit)
        elif amount.adjusted() < -30 or amount.scaleb(decimals) != amount.scaleb(decimals).to_integral_value():
            if amount == 0:
                return 0
            self.refuse("money_decimals", key, given, decimals=decimals)
        else:
            return int(amount.scaleb(decimals))
        return None
