"""The drivers of a plan in one go: what they come to, and whether there is enough for the targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from quotum.engine.basics.issues import Issue, stops
from quotum.engine.drivers.capacity import check_capacity
from quotum.engine.drivers.evaluate import Play, evaluate_drivers
from quotum.engine.drivers.scenes import set_scene
from quotum.engine.drivers.trees import build_tree
from quotum.engine.tables.company import Company
from quotum.engine.tables.driver_tables import DRIVER_SCHEMAS
from quotum.engine.tables.plan_settings import LEVELS, PlanSettings

_MOST_WAYS = 5


@dataclass(frozen=True, slots=True)
class DriverAssessment:
    """Tables as in ``DRIVER_SCHEMAS``, ``capacity`` for commit and stretch; what is short is an issue."""

    drivers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DRIVER_SCHEMAS["drivers"]))
    capacity: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DRIVER_SCHEMAS["driver_capacity"]))
    issues: list[Issue] = field(default_factory=list)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables a plan keeps; none without drivers."""
        return {"drivers": self.drivers, "driver_capacity": self.capacity} if self.drivers.height else {}


@dataclass(frozen=True, slots=True)
class DriverGround:
    """Drivers evaluated once, so that other targets can be held against them; ``play`` None: they could not be."""

    play: Play | None = None
    drivers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DRIVER_SCHEMAS["drivers"]))
    issues: list[Issue] = field(default_factory=list)


def assess_drivers(company: Company, settings: PlanSettings, days: pl.DataFrame) -> DriverAssessment:
    """Return what the drivers of a plan come to month by month, and what its targets need of them.

    ``days(date, kind)`` covers the plan. Nothing raises: drivers that cannot be evaluated are warnings, and then there
    is no table.
    """
    return hold_against(ground_drivers(company, settings, days), settings)


def ground_drivers(company: Company, settings: PlanSettings, days: pl.DataFrame) -> DriverGround:
    """Return the drivers of a plan, evaluated; as ``assess_drivers``, but for what the targets need."""
    if not settings.drivers.drivers:
        return DriverGround()
    tree, issues = build_tree(settings.drivers)
    if tree is None:
        return DriverGround(issues=issues)
    scene = set_scene(company, settings, days)
    play = Play(tree, scene)
    table, found = evaluate_drivers(tree, scene, play)
    issues = issues + found
    return DriverGround(issues=issues) if stops(issues) else DriverGround(play, table, issues)


def hold_against(ground: DriverGround, settings: PlanSettings) -> DriverAssessment:
    """Return what the targets of the settings need of drivers that were evaluated."""
    if ground.play is None:
        return DriverAssessment(issues=[replace(issue, severity="warning") for issue in ground.issues])
    levels = [
        check_capacity(ground.play, list_goals(settings, ground.play.tree.names, level)).select(
            pl.lit(level).alias("level"), pl.all()
        )
        for level in LEVELS
    ]
    capacity = pl.concat(levels).select(*DRIVER_SCHEMAS["driver_capacity"])
    short = _tell_short(capacity.filter(pl.col("level") == "commit"))
    return DriverAssessment(ground.drivers, capacity, [*ground.issues, *short])


def list_goals(settings: PlanSettings, names: Iterable[str], level: str) -> dict[str, float]:
    """Return the targets that drivers are called as, in major units."""
    known = set(names)
    return {
        target.measure: target.of_level(level) / 10 ** settings.measures[target.measure].decimals
        for target in settings.targets
        if target.measure in known and not target.follows
    }


def _tell_short(capacity: pl.DataFrame) -> list[Issue]:
    """Return a warning for each goal or supply that falls short, with the ways out."""
    short = capacity.filter(~pl.col("enough"), pl.col("kind").is_in(["goal", "supply"]))
    issues = []
    for line in short.iter_rows(named=True):
        never = line["need"] is None
        issues.append(Issue(rule="capacity_never" if never else "capacity_short", severity="warning", table="plan",
                            column=f"drivers.{line['node']}", value=line["node"],
                            details=tuple(_details(line).items())))  # fmt: skip
    return issues


def _details(line: Mapping[str, Any]) -> dict[str, str]:
    ways = [f"{way['driver']} {_say(way['now'])} → {_say(way['needed'])}" for way in line["ways_out"][:_MOST_WAYS]]
    covers = f"{100 * line['have'] / line['need']:.0f} %" if line["need"] else ""
    return {"goal": line["goal"], "need": _say(line["need"]), "have": _say(line["have"]), "covers": covers,
            "ways": "; ".join(ways)}  # fmt: skip


def _say(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
