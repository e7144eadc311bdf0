"""Whether formulas mix like with like: what adds up over time with what does not, and one unit with another.

A flow adds up over time once: so many visits a month make so many in the year. Numbers and rates do not. Multiplying
adds, dividing subtracts: visits × conversion is a flow, a flow by a flow is a rate, days × days is a mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from quotum.engine.basics.issues import Issue
from quotum.engine.drivers.expressions import (
    Binary,
    Call,
    Expression,
    If,
    Lag,
    Minus,
    Name,
    Number,
    SoFar,
    write_expression,
)
from quotum.engine.tables.driver_settings import Driver

_CALENDAR_UNITS = {"working_days": "day", "weeks": "week", "months": "month", "people": "person"}
Units = Counter[str] | None
"""A unit's names and how often each is multiplied; None: not said, so it fits to anything."""


class _Unlike(Exception):  # noqa: N818 - it never leaves this file
    def __init__(self, rule: str, part: Expression, **details: str) -> None:
        self.rule, self.part, self.details = rule, part, details
        super().__init__(rule)


@dataclass(frozen=True, slots=True)
class _Nature:
    grain: int | None  # how often it adds up over time; None: a bare number, which fits to anything
    units: Units


def check_grains(
    drivers: Mapping[str, Driver],
    formulas: Mapping[str, Expression],
    supplies: Mapping[str, Expression],
    calendar: Mapping[str, int],
    estimates: Mapping[str, int],
) -> tuple[dict[str, int], list[Issue]]:
    """Return for every name whether it adds up over time, and what does not fit. ``formulas`` are in order."""
    issues: list[Issue] = []
    natures = {name: _Nature(grain, read_units(_CALENDAR_UNITS.get(name, ""))) for name, grain in calendar.items()}
    for name, driver in drivers.items():
        if name not in formulas:
            grain = estimates.get(driver.estimate, 0) if driver.estimate else int(bool(driver.per))
            natures[name] = _Nature(grain, read_units(driver.measured_in))
    places = [("drivers", name, formula) for name, formula in formulas.items()]
    places += [("capacity", name, formula) for name, formula in supplies.items()]
    for section, name, formula in places:
        said = drivers[name].measured_in if name in drivers and section == "drivers" else ""
        try:
            found = _judge(formula, natures)
            if found.grain not in (None, 0, 1):
                raise _Unlike("driver_grain_twice", formula, grain=str(found.grain))
            if section == "capacity" and found.grain is not None and found.grain != natures[name].grain:
                raise _Unlike("driver_grain", formula, left=_word(natures[name].grain), right=_word(found.grain))
            wanted = read_units(said)
            if wanted is not None and found.units is not None and wanted != found.units:
                raise _Unlike("driver_units", formula, left=said, right=write_units(found.units))
        except _Unlike as unlike:
            details = (("at", str(max(unlike.part.at, 1))), *unlike.details.items())
            text = write_expression(unlike.part)
            issues.append(Issue(rule=unlike.rule, column=f"{section}.{name}", value=text[:80], details=details))
            found = _Nature(None, None)
        if section == "drivers":
            natures[name] = _Nature(found.grain, read_units(said) or found.units)
    return {name: nature.grain or 0 for name, nature in natures.items()}, issues


def read_units(text: str) -> Units:
    """Return ``EUR/order`` as counts; ``1`` is a bare ratio, an empty text says nothing."""
    if not text.strip():
        return None
    found: Counter[str] = Counter()
    sign = 1
    for word in re.split(r"([*/])", text.replace(" ", "")):
        if word in ("*", "/"):
            sign = 1 if word == "*" else -1
        elif word not in ("", "1"):
            found[word] += sign
    return Counter({name: count for name, count in found.items() if count})


def write_units(units: Counter[str]) -> str:
    """Return the counts as ``EUR/order``."""
    over = "*".join(name for name, count in sorted(units.items()) for _ in range(count))
    under = "".join(f"/{name}" for name, count in sorted(units.items()) for _ in range(-count))
    return (over or "1") + under


def _judge(part: Expression, natures: Mapping[str, _Nature]) -> _Nature:
    match part:
        case Number():
            return _Nature(None, None)
        case Name() | Lag():
            return natures[part.name]
        case SoFar():
            nature = natures[part.name]
            if nature.grain == 0:
                raise _Unlike("driver_so_far", part, name=part.name)
            return _Nature(0, nature.units)
        case Minus():
            return _judge(part.of, natures)
        case Binary():
            return _judge_binary(part, _judge(part.left, natures), _judge(part.right, natures))
        case Call():
            found = _judge(part.arguments[0], natures)
            for argument in part.arguments[1:]:
                found = _alike(part, found, _judge(argument, natures))
            return found
        case If():
            _alike(part, _judge(part.left, natures), _judge(part.right, natures))
            return _alike(part, _judge(part.then, natures), _judge(part.otherwise, natures))


def _judge_binary(part: Binary, left: _Nature, right: _Nature) -> _Nature:
    if part.operator in ("+", "-"):
        return _alike(part, left, right)
    if part.operator == "^":
        power = part.right.value if isinstance(part.right, Number) else None
        if right.grain or (left.grain and power != 1):
            raise _Unlike("driver_grain_twice", part, grain="^")
        return _Nature(left.grain, None)
    sign = 1 if part.operator == "*" else -1
    grain = None if left.grain is None and right.grain is None else (left.grain or 0) + sign * (right.grain or 0)
    # A bare number has no unit of its own, so it leaves the other's as it is: 2 × EUR are EUR.
    mine = left.units if left.grain is not None or left.units else Counter()
    other = right.units if right.grain is not None or right.units else Counter()
    if mine is None or other is None:
        return _Nature(grain, None)
    units = Counter(mine)
    for name, count in other.items():
        units[name] += sign * count
    return _Nature(grain, Counter({name: count for name, count in units.items() if count}))


def _alike(part: Expression, left: _Nature, right: _Nature) -> _Nature:
    """Return the nature of two things that are added or compared; they must be of one kind."""
    if left.grain is not None and right.grain is not None and left.grain != right.grain:
        raise _Unlike("driver_grain", part, left=_word(left.grain), right=_word(right.grain))
    if left.units is not None and right.units is not None and left.units != right.units:
        raise _Unlike("driver_units", part, left=write_units(left.units), right=write_units(right.units))
    return _Nature(right.grain if left.grain is None else left.grain, left.units or right.units)


def _word(grain: int | None) -> str:
    return "flow" if grain == 1 else "number" if not grain else f"flow^{grain}"
