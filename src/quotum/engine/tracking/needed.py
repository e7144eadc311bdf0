"""What the rest of a plan takes in calls, visits and whatever else people are to do, told through the drivers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.drivers import DriverTree, Play, build_tree, find_needs, find_supply, set_scene
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LEVELS, PlanSettings
from quotum.engine.tables.review_tables import COMPANY, OUTSIDE, REVIEW_SCHEMAS
from quotum.engine.tables.sales_values import positions
from quotum.engine.tracking.attaining import WORKING_WEEK, rest_of_plan

Counts = dict[str, npt.NDArray[np.int64]]
_WEEKS = 4  # before as_of: what was done lately
_MONTH_WEEKS = 365.25 / 12 / 7
_TABLES = {"": COMPANY, "unit": "unit", "person": "person"}


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked: ``pairs`` of (goal, activity); ``made`` of each activity lately; weeks left in the plan."""

    pairs: Sequence[tuple[str, str]]
    made: Counts
    weeks: float


def tell_needed(
    company: Company, settings: PlanSettings, days: pl.DataFrame, attainment: pl.DataFrame, working_days: int
) -> pl.DataFrame:
    """Return the table ``needed``: how much of each activity the rest of the plan takes of everybody.

    An activity is a driver that a measure's goal is made from and that ``[capacity]`` or a norm says there is so much
    of. The goal is what the measure lacks, never below 0; all else stays as the drivers know it on as_of; lags look
    back to what was done lately. ``working_days`` are left. Empty without such drivers, and when nothing of the plan is
    left.
    """
    empty = pl.DataFrame(schema=REVIEW_SCHEMAS["needed"])
    since, until = rest_of_plan(settings)
    tree, _ = build_tree(settings.drivers)
    if tree is None or since >= until or not working_days:
        return empty
    pairs = [
        (target.measure, activity)
        for target in settings.targets if target.measure in tree.formulas and not target.follows
        for activity in tree.supplies if activity in tree.below(target.measure) - {target.measure}
    ]  # fmt: skip
    if not pairs:
        return empty
    made = _count_made(company, settings, list(dict.fromkeys(activity for _, activity in pairs)))
    rest = replace(settings, since=since)
    tree = _carry_on(tree, company, settings, rest, days, made)
    ask = _Ask(pairs, made, working_days / WORKING_WEEK)
    lines = [line for by in _TABLES for line in _tell(by, tree, company, rest, days, attainment, ask)]
    return pl.DataFrame(lines, schema=REVIEW_SCHEMAS["needed"], orient="row").with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )


def _tell(
    by: str, tree: DriverTree, company: Company, rest: PlanSettings, days: pl.DataFrame, attainment: pl.DataFrame,
    ask: _Ask,
) -> Iterator[tuple[str | float | None, ...]]:  # fmt: skip
    """Yield the lines of the company, of the units or of the people that have numbers."""
    known = company[{"unit": "units"}.get(by, "people")][by].to_list() if by else [OUTSIDE]
    own = attainment.filter((pl.col("dimension") == _TABLES[by]) & pl.col("in_plan") & pl.col("node").is_in(known))
    nodes = own["node"].unique().sort().to_list()
    if not nodes:
        return
    play = Play(tree, set_scene(company, rest, days, by=by, only=nodes if by else ()))
    for (goal, activity), level in product(ask.pairs, LEVELS):
        lines = own.filter(pl.col("measure") == goal, pl.col("level") == level)
        missing = {node: max(target - actual, 0) / 10**decimals for node, target, actual, decimals in
                   lines.select("node", "target", "actual", "decimals").iter_rows()}  # fmt: skip
        need = find_needs(play, activity, goal, np.array([missing.get(node, 0.0) for node in nodes]))
        there, made = find_supply(play, activity), ask.made.get(activity)
        for scope, node in enumerate(nodes):
            if node in missing:
                done = None if made is None else float(made[play.scene.belongs[scope]].sum()) / _WEEKS
                weekly = float(need[scope]) / ask.weeks
                yield (_TABLES[by], node, goal, level, activity, float(need[scope]), weekly / WORKING_WEEK, weekly,
                       float(there[scope]) / ask.weeks, done)  # fmt: skip


def _carry_on(
    tree: DriverTree, company: Company, settings: PlanSettings, rest: PlanSettings, days: pl.DataFrame, made: Counts
) -> DriverTree:
    """Return the tree for the rest of the plan.

    Lags find what was done lately: so much a month as people wrote down, else as the drivers made of it. What is given
    for the whole plan is there in part.
    """
    if rest.since <= settings.since:
        return tree
    before = Play(tree, set_scene(company, replace(settings, until=rest.since), days))
    values, months = before.evaluate(scope=0), float(before.scene.months.sum())
    left = set_scene(company, rest, days).working_days.sum()
    part = left / max(left + before.scene.working_days.sum(), 1.0)
    drivers = {}
    for name, driver in tree.drivers.items():
        done = float(before.sum_up(values, name)) / (months if tree.adds_up[name] else 1)
        done = float(made[name].sum()) * _MONTH_WEEKS / _WEEKS if name in made else done
        carried = replace(driver, before=done) if np.isfinite(done) else driver
        shared = driver.per == "plan" and driver.value is not None
        drivers[name] = replace(carried, value=driver.value * part) if shared and driver.value else carried
    return replace(tree, drivers=drivers)


def _count_made(company: Company, settings: PlanSettings, activities: Sequence[str]) -> Counts:
    """Return how many of each activity everybody made in the last four weeks, (num_people,) each.

    The activity ``visits`` is what stands as the kind visit or visits in the table activities; one that nobody wrote
    down has no line.
    """
    lines = company["activities"].filter(pl.col("date") > settings.as_of - timedelta(weeks=_WEEKS))
    kind = pl.col("kind").fill_null("").str.strip_chars().str.to_lowercase()
    people = tuple(company["people"]["person"])
    found = {}
    for activity in activities:
        named = activity.lower()
        mine = lines.filter(kind.is_in([named, named.removesuffix("s")]))
        if mine.height:
            at = positions(mine["person"], people)
            found[activity] = np.bincount(at[at >= 0], minlength=len(people))
    return found
