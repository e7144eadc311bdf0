"""Driver trees in a line or two of TOML, set in a plan of a small company."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from quotum.adapters.files.plan_drivers import read_drivers
from quotum.adapters.files.toml_sections import TomlNotes
from quotum.engine.basics.issues import Issue
from quotum.engine.drivers import Play, build_tree, set_scene
from quotum.engine.tables.company import Company
from quotum.engine.tables.driver_settings import DriverSettings
from quotum.engine.tables.plan_settings import PlanSettings
from small_company import _days, firm, settings

ALONE = firm({"ann": "N"})


def read(text: str) -> tuple[DriverSettings, list[Issue]]:
    """Return the settings of TOML; without a section all lines are drivers."""
    text = text if "[" in text.split("=", maxsplit=1)[0] else f"[drivers]\n{text}"
    notes = TomlNotes("plan.toml", text)
    return read_drivers(tomllib.loads(text, parse_float=Decimal), notes), notes.issues


def plan_of(since: str = "2027-01-01", until: str = "2028-01-01", **more: object) -> PlanSettings:
    return settings(since=date.fromisoformat(since), until=date.fromisoformat(until), **more)


def play_of(
    text: str, company: Company = ALONE, wanted: PlanSettings | None = None, grain: str = "month", by: str = "",
    **values: float,
) -> Play:  # fmt: skip
    """Return a tree in its scene; ``values`` are other known values."""
    found, issues = read(text)
    assert not issues, issues
    found = replace(found, drivers=tuple(
        replace(d, value=values[d.name], estimate="") if d.name in values else d for d in found.drivers))  # fmt: skip
    tree, issues = build_tree(found)
    assert tree is not None, issues
    wanted = wanted or plan_of()
    days, _ = _days(wanted.country, wanted.since, wanted.until)
    return Play(tree, set_scene(company, wanted, days, grain=grain, by=by))


def total(play: Play, name: str, scope: int = 0) -> float:
    """Return what a driver is in the whole plan."""
    return float(play.sum_up(play.evaluate(scope=scope), name))


def by_period(play: Play, name: str, scope: int = 0) -> list[float]:
    return [float(value) for value in play.evaluate(scope=scope)[name]]
