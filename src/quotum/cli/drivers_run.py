"""The work of ``quotum drivers``: read the company, evaluate its tree, solve, print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.driver_templates import list_templates, read_template
from quotum.adapters.files.plan_drivers import LARGEST, change_drivers
from quotum.adapters.printing.driver_drawing import draw_tree
from quotum.adapters.printing.driver_tables import (
    draw_capacity,
    draw_drivers,
    draw_norms,
    draw_scopes,
    draw_solution,
    draw_worth,
    write_number,
)
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.nearest import nearest
from quotum.engine.drivers import (
    Play,
    Solution,
    build_tree,
    check_capacity,
    evaluate_drivers,
    list_goals,
    list_norms,
    list_worth,
    set_scene,
    simulate_drivers,
    solve_driver,
)
from quotum.engine.planning import calendar_span
from quotum.engine.tables.driver_settings import DriverSettings
from quotum.engine.tables.plan_settings import PlanSettings

_BAD_INPUT, _CANNOT_BE_MET = 2, 1
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def run_drivers(
    folder: Path, *, unknown: str | None, changes: Sequence[str], stretch: bool, by: str, grain: str,
    data: Path | None, svg: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Print the drivers of a company folder; return the exit code."""
    opened = open_company(folder, (), data)
    issues, settings = list(opened.issues), opened.settings
    if settings is None or stops(issues):
        return _end(issues, {}, [], as_json=as_json)
    days, found = list_days(settings.country, *calendar_span(settings))
    if not settings.drivers.drivers:
        found.append(Issue(rule="drivers_missing", file=str(folder), column="drivers"))
    given, starts, wrong = read_changes(changes, settings.drivers, unknown)
    drivers = change_drivers(settings.drivers, given, starts)
    tree, unfit = build_tree(drivers)
    issues = [issue for issue in issues if issue.severity != "note"] + found + wrong + unfit
    if tree is None or stops(issues):
        return _end(issues, {}, [], as_json=as_json)
    scene = set_scene(opened.company, settings, days, grain=grain)
    play = Play(tree, scene)
    table, gaps = evaluate_drivers(tree, scene, play)
    issues += gaps
    if stops(issues):
        return _end(issues, {}, [], as_json=as_json)
    goals = find_goals(settings, play, given, stretch=stretch)
    values = dict(table.filter(pl.col("period") == "").select("driver", "value").iter_rows())
    ranges = simulate_drivers(play, settings.seed) if play.errors else None
    shown: dict[str, Any] = {"values": table.to_dicts(), "goals": goals}
    lines = [f"{settings.name}: {settings.since} to {settings.until}, {settings.currency}", ""]
    if svg is not None:
        svg.write_text(draw_tree(tree, values, settings.name), encoding="utf-8", newline="\n")
    if unknown:
        more, solved, wrong = _solve(play, unknown, goals)
        return _end(issues + wrong, shown | {"solutions": more}, solved, as_json=as_json)
    if by:
        several, _ = evaluate_drivers(tree, set_scene(opened.company, settings, days, grain=grain, by=by))
        names = [name for name in tree.names if ":" not in name]
        lines.append(draw_scopes(several, names))
        return _end(issues, shown | {"values": several.to_dicts()}, lines, as_json=as_json)
    lines.append(draw_drivers(tree, values, ranges))
    shown["ranges"] = [] if ranges is None else ranges.to_dicts()
    if goals:
        capacity = check_capacity(play, goals)
        norms = list_norms(play, drivers.norms, goals)
        shown |= {"capacity": capacity.to_dicts(), "norms": norms.to_dicts()}
        lines += ["", draw_capacity(capacity)] + (["", draw_norms(norms)] if norms.height else [])
    worth = {goal: list_worth(play, goal) for goal in goals if goal in tree.formulas}
    worth = worth or {root: list_worth(play, root) for root in tree.roots()[:1]}
    shown["worth"] = {goal: found.to_dicts() for goal, found in worth.items()}
    lines += [part for goal, found in worth.items() if found.height for part in ("", draw_worth(found, goal))]
    return _end(issues, shown, lines, as_json=as_json)


def read_changes(
    changes: Sequence[str], drivers: DriverSettings, unknown: str | None
) -> tuple[dict[str, float], dict[str, date], list[Issue]]:
    """Return the values and the starts of heads that --set gives by name; what is neither is an issue.

    ``each=4`` is a value, ``new_office.since=2027-07-10`` a start. A name that no driver has is an issue too.
    """
    given: dict[str, float] = {}
    starts: dict[str, date] = {}
    names = [driver.name for driver in drivers.drivers]
    issues = []
    for change in changes:
        name, _, text = (part.strip() for part in change.partition("="))
        try:
            if name.endswith(".since"):
                starts[name.removesuffix(".since")] = _read_day(text)
            else:
                given[name] = _read_number(text)
        except ValueError:
            issues.append(Issue(rule="driver_change", file="--set", value=change))
    for name in (*given, *starts, *([unknown] if unknown else [])):
        if name not in names and not (name == unknown and name in ("people", "working_days")):
            issues.append(Issue(rule="driver_not_there", value=name,
                                details=(("nearest", nearest(name, names)), ("known", ", ".join(names)))))  # fmt: skip
    return given, starts, issues


def _read_day(text: str) -> date:
    """Return a day that a calendar reaches. Raises ValueError for another."""
    day = date.fromisoformat(text)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(text)
    return day


def _read_number(text: str) -> float:
    """Return a number that a driver can have. Raises ValueError for another."""
    value = float(text)
    if not abs(value) <= LARGEST:
        raise ValueError(text)
    return value


def find_goals(settings: PlanSettings, play: Play, given: Mapping[str, float], *, stretch: bool) -> dict[str, float]:
    """Return the goals in major units: what --set says of drivers that are made from others, else the targets."""
    said = {name: value for name, value in given.items() if name in play.tree.formulas}
    if said:
        return said
    targets = list_goals(settings, play.tree.names, "stretch" if stretch else "commit")
    return {name: wanted for name, wanted in targets.items() if name not in given}


def _solve(
    play: Play, unknown: str, goals: Mapping[str, float]
) -> tuple[list[dict[str, Any]], list[str], list[Issue]]:
    """Solve the unknown for every goal it matters to: (for programs, lines, what cannot be met)."""
    shown, lines, issues = [], [], []
    for goal, wanted in goals.items():
        if goal in play.tree.formulas and goal != unknown and unknown in play.tree.below(goal):
            found = solve_driver(play, unknown, goal, wanted)
            shown.append({name: getattr(found, name) for name in Solution.__slots__} | {"value": found.value})
            lines += draw_solution(found)
            issues += [] if found.answer != "none" else [_not_solved(play, found)]
    if not shown:
        issues.append(Issue(rule="driver_goal_missing", value=unknown))
    return shown, lines, issues


def _not_solved(play: Play, found: Solution) -> Issue:
    driver = play.tree.drivers.get(found.unknown)
    bounded = driver is not None and driver.high is not None
    details = {
        "goal": found.goal, "wanted": write_number(found.wanted), "now": write_number(found.now),
        "reached": write_number(found.reached), "low": write_number(driver.low) if bounded and driver else "",
        "high": write_number(driver.high) if bounded and driver else "",
        "needed": " or ".join(map(write_number, found.outside)),
    }  # fmt: skip
    return Issue(rule="driver_not_solved", severity="conflict", value=found.unknown, details=tuple(details.items()))


def _end(issues: list[Issue], shown: Mapping[str, Any], lines: Sequence[str], *, as_json: bool) -> int:
    """Print what was found; return the exit code."""
    severities = {issue.severity for issue in issues}
    if as_json:
        every = {**shown, "issues": [issue_for_json(issue) for issue in issues]}
        click.echo(json.dumps(_plain(every), ensure_ascii=False, default=str, indent=2))
    else:
        print_issues(issues)
        if lines:
            click.echo("\n".join(lines))
    return _BAD_INPUT if "error" in severities else _CANNOT_BE_MET if "conflict" in severities else 0


def _plain(value: Any) -> Any:
    """Return a value for JSON, which has no NaN."""
    if isinstance(value, dict):
        return {key: _plain(inside) for key, inside in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inside) for inside in value]
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124


def print_templates(name: str | None) -> int:
    """Print the list of templates, or one of them."""
    known = list_templates()
    if name is None:
        width = max(map(len, known))
        click.echo("\n".join(f"{key.ljust(width)}  {about}" for key, about in known.items()))
        return 0
    if name not in known:
        details = (("nearest", nearest(name, known)), ("known", ", ".join(known)))
        print_issues([Issue(rule="driver_template_unknown", value=name, details=details)])
        return _BAD_INPUT
    click.echo(read_template(name), nl=False)
    return 0
