"""The work of ``quotum show --visits``: who is seen when, from a plan with visits or a folder of visits."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.visit_folder import read_visits
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.adapters.printing.visit_tables import (
    answer_visits,
    draw_days,
    draw_missed,
    draw_moves,
    draw_people,
    sum_visits,
    tell_answer,
)
from quotum.engine.action_plan.visit_plan import VisitPlan
from quotum.engine.basics.issues import Issue


def run_show_visits(
    folder: Path, under: tuple[tuple[str, str], ...], since: date | None, until: date | None, *, missed: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Print visits and return the exit code: 0, or 2 for bad input."""
    plan, name, issues = read_visits(folder)
    people = [key for dimension, key in under if dimension == "person"]
    if plan is not None:
        known = set(plan["visit_people"]["person"])
        issues += [Issue(rule="visits_under", value=f"{d}={k}") for d, k in under if d != "person"]
        issues += [Issue(rule="person_unknown", column="person", value=p) for p in people if p not in known]
    if as_json:
        rows = {} if plan is None or issues else _as_plain(plan, people, since, until)
        told = {**rows, "issues": [issue_for_json(issue) for issue in issues]}
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
    elif plan is None or issues:
        print_issues(issues)
    elif missed:
        click.echo(draw_missed(plan, people) or "Nothing is missed.")
    else:
        click.echo(f"{name}, visits from {plan.since} until {plan.until}")
        if not people:
            click.echo(tell_answer(plan.tables, plan.free_from))
        click.echo(draw_days(plan, people, since, until) if people else draw_people(plan))
        if "moves" in plan.tables and not people:
            click.echo(f"\n{draw_moves(plan)}")
    return 2 if plan is None or issues else 0


def _as_plain(plan: VisitPlan, people: list[str], since: date | None, until: date | None) -> dict[str, object]:
    """Return sums, and the days of the people asked for or of everybody, as plain values."""
    wanted = pl.lit(value=True) if not people else pl.col("person").is_in(people)
    wanted &= pl.lit(value=True) if since is None else pl.col("date") >= since
    wanted &= pl.lit(value=True) if until is None else pl.col("date") < until
    whose = pl.lit(value=True) if not people else pl.col("person").is_in(people)
    return {
        "answer": answer_visits({"cadences": plan["cadences"].filter(whose)}),
        "people": sum_visits(plan).filter(whose).to_dicts(),
        "visits": plan["visits"].filter(wanted).to_dicts(),
        "agenda": plan["agenda"].filter(wanted).to_dicts(),
        "missed": plan["cadences"].filter(whose & (pl.col("missed") > 0)).to_dicts(),
    }
