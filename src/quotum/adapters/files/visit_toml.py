"""Reads [cadence], [visits] and [travel] of plan.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.tables.visit_settings import (
    ASSIGNS,
    EFFORTS,
    Assign,
    Cadence,
    ClassCosts,
    Effort,
    Travel,
    VisitSettings,
)

VISIT_SECTIONS = ("cadence", "visits", "travel")
QUADRANTS = ("large_soon", "small_soon", "large_later", "small_later", "unknown")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_MOST_DAYS = 366


def read_visits(document: Mapping[str, Any], since: date | None, until: date | None, notes: TomlNotes) -> VisitSettings:
    """Return what a parsed plan.toml says of visits; what is wrong goes to ``notes``."""
    cadence = _read_cadence(Section(notes, "cadence", document.get("cadence", {})))
    travel = _read_travel(Section(notes, "travel", document.get("travel", {})))
    section = Section(notes, "visits", document.get("visits", {}))
    usual = VisitSettings()
    first, end = section.day("since"), section.day("until")
    if "visits" in document:
        first, end = first or since, end or until
    if first and end and first >= end:
        section.refuse("period_empty", "until", end, since=first)
    elif first and end and (end - first).days > _MOST_DAYS:
        section.refuse("period_too_long", "until", end, since=first, days=_MOST_DAYS)
    begins, ends = _clocks(section, "day", usual.day)
    if begins >= ends:
        section.refuse("day_ends_first", "day", section.values.get("day"))
    lunch = section.text("lunch")
    costs = _read_costs(section, usual.costs)
    settings = VisitSettings(
        cadence=cadence, since=first, until=end, travel=travel,
        effort=cast(Effort, section.text("effort", usual.effort, choices=EFFORTS)),
        day=(begins, ends),
        visits_from=_clock(section, "visits_from", section.text("visits_from"), usual.visits_from),
        lunch=(_clock(section, "lunch", lunch, usual.lunch[0]),
               section.whole("lunch_minutes", usual.lunch[1], 0, 240)),
        minutes=section.whole("minutes", usual.minutes, 1, 1440),
        call_minutes=section.whole("call_minutes", usual.call_minutes, 1, 240),
        visits_per_day=section.whole("visits_per_day", usual.visits_per_day, 0, 200),
        calls_per_day=section.whole("calls_per_day", usual.calls_per_day, 0, 500),
        per_day=_read_limits(section),
        tolerance=section.number("tolerance", usual.tolerance, 0, 1) or 0.0,
        costs=costs,
        classes={name: _read_class(notes, name, values, costs) for name, values in
                 Section(notes, "visits.classes", section.take("classes") or {}).values.items()},
        even_weeks=_number(section, "even_weeks", usual.even_weeks),
        overnight_after=section.whole("overnight_after", usual.overnight_after, 0, 1440),
        overnight_cost=section.whole("overnight_cost", usual.overnight_cost, 0, 10_000),
        assign=cast(Assign, section.text("assign", usual.assign, choices=ASSIGNS)),
        change_cost=_number(section, "change_cost", usual.change_cost),
    )  # fmt: skip
    section.refuse_rest()
    return settings


def _read_cadence(section: Section) -> Cadence:
    """Return the cadence: a key of the section itself is a class."""
    parts = {}
    for part in ("stages", "prospects", "calls"):
        sub = Section(section.notes, f"cadence.{part}", section.take(part) or {})
        parts[part] = {key: sub.whole(key, 1, 1, 1000) for key in sub.values}
        if part == "prospects":
            for key in sub.values:
                if key not in QUADRANTS:
                    sub.refuse("setting_choice", key, key, known=", ".join(QUADRANTS), nearest="")
    everyone = section.whole("everyone", 0, 1, 1000)
    given = [key for key in section.values if key not in ("stages", "prospects", "calls", "everyone")]
    return Cadence({key: section.whole(key, 1, 1, 1000) for key in given}, everyone=everyone, **parts)


def _read_costs(section: Section, usual: ClassCosts) -> ClassCosts:
    missed, late, early = (_number(section, key, getattr(usual, key)) for key in ("missed", "late", "early"))
    return ClassCosts(missed, late, early)


def _read_limits(section: Section) -> dict[str, int]:
    """Return the most visits a day by class, or to new and old customers."""
    limits = Section(section.notes, "visits.per_day", section.take("per_day") or {})
    return {name: limits.whole(name, 0, 0, 200) for name in limits.values}


def _read_class(notes: TomlNotes, name: str, values: object, usual: ClassCosts) -> ClassCosts:
    section = Section(notes, f"visits.classes.{name}", values)
    costs = _read_costs(section, usual)
    minutes = section.whole("minutes", 0, 1, 1440)
    section.refuse_rest()
    return ClassCosts(costs.missed, costs.late, costs.early, minutes)


def _read_travel(section: Section) -> Travel:
    usual = Travel()
    travel = Travel(
        _number(section, "factor", usual.factor, 1.0, 5.0), _number(section, "kmh", usual.kmh, 1.0, 300.0),
        section.text("file"), section.text("url"),
        cast(Any, section.text("service", usual.service, choices=("osrm", "valhalla"))),
        _number(section, "timeout_seconds", usual.timeout_seconds, 0.1, 600.0),
    )  # fmt: skip
    if travel.file and travel.url:
        section.refuse("travel_twice", "url", travel.url)
    if travel.url and not re.match(r"https?://", travel.url):
        section.refuse("setting_type", "url", travel.url, expected="url")
    section.refuse_rest()
    return travel


def _clocks(section: Section, key: str, usual: tuple[int, int]) -> tuple[int, int]:
    """Return two times of the day as minutes."""
    texts = section.texts(key)
    if not texts:
        return usual
    if len(texts) != 2:
        section.refuse("setting_type", key, ", ".join(texts), expected="two_times")
        return usual
    return _clock(section, key, texts[0], usual[0]), _clock(section, key, texts[1], usual[1])


def _clock(section: Section, key: str, text: str, usual: int) -> int:
    if not text:
        return usual
    found = _CLOCK.fullmatch(text)
    if not found:
        section.refuse("setting_type", key, text, expected="time")
        return usual
    return int(found[1]) * 60 + int(found[2])


def _number(section: Section, key: str, usual: float, low: float = 0.0, high: float = 1e6) -> float:
    found = section.number(key, usual, low, high)
    return usual if found is None else found
