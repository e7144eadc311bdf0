"""The third story on one page: plan, schemes and what happened in; everybody's scores out.

Everybody is held against what was asked at the time: each month has the target of the plan that was in force on its
first day, whatever was planned anew since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from quotum.engine.appraisal import Appraisal, Simulation, appraise, simulate
from quotum.engine.appraisal.figures import TARGET_SCHEMA
from quotum.engine.appraisal.schemes import Scheme
from quotum.engine.asking import list_earlier
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.nearest import nearest
from quotum.engine.basics.periods import Period, cut_periods
from quotum.engine.revisions import list_changes_of_force, plan_in_force
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import Plan

_GRAINS = ("month", "quarter", "half", "year")


def appraise_company(
    company: Company, plan: Plan, schemes: Sequence[Scheme], days: pl.DataFrame, since: date, until: date
) -> Appraisal:
    """Return what the schemes in force say of everybody between two days of a plan.

    ``days(date, weight)``: 1 on a working day. Targets are those of the plan in force in each month.
    """
    return appraise(company, plan.settings, schemes, list_targets(plan, company), days, since, until)


def simulate_company(
    company: Company, plan: Plan, schemes: Sequence[Scheme], days: pl.DataFrame, since: date, until: date
) -> Simulation:
    """Return what the schemes would have said of the same dates a year earlier; ``days`` cover those."""
    return simulate(company, plan.settings, schemes, list_targets(plan, company), days, since, until)


def list_periods(settings: PlanSettings) -> dict[str, Period]:
    """Return the periods of a plan that can be scored, by their names: months, quarters, halves, the year."""
    return {
        period.label: period
        for grain in _GRAINS
        for period in cut_periods(settings.since, settings.until, grain, settings.fiscal_start)
    }


def find_period(text: str, settings: PlanSettings) -> tuple[tuple[date, date] | None, list[Issue]]:
    """Return the days of a period of the plan, called as `quotum show` calls it."""
    known = list_periods(settings)
    if text in known:
        return (known[text].since, known[text].until), []
    details = (("nearest", nearest(text, known)),)
    return None, [Issue(rule="appraisal_period", table="schemes", value=text, details=details)]


def list_targets(plan: Plan, company: Company) -> pl.DataFrame:
    """Return what was due of people and units by month (``TARGET_SCHEMA``); units with all below them.

    Each month is that of the plan in force on its first day. Measures that the plan does not split by person, or by
    unit, have no targets there.
    """
    settings = plan.settings
    edges = [settings.since, *(day for day in list_changes_of_force(plan) if settings.since < day < settings.until)]
    months = cut_periods(settings.since, settings.until, "month", settings.fiscal_start)
    parts = [pl.DataFrame(schema=TARGET_SCHEMA)]
    for edge, end in zip(edges, [*edges[1:], settings.until], strict=True):
        own = [month for month in months if edge <= month.since < end]
        if own:
            told = _cut_targets(plan_in_force(plan, edge), company)
            parts.append(told.filter(pl.col("since") >= own[0].since, pl.col("until") <= own[-1].until))
    return _with_earlier(pl.concat(parts), plan, company)


def _with_earlier(targets: pl.DataFrame, plan: Plan, company: Company) -> pl.DataFrame:
    """Return targets with the months that a plan before this one asked in place of its own."""
    upwards = _list_upwards(company)
    for measure in targets["measure"].unique(maintain_order=True).to_list():
        for kind in ("person", "unit"):
            asked = list_earlier(plan, measure, (kind,))
            if asked.is_empty():
                continue
            told = asked.unpivot(("commit", "stretch"), index=[kind, "since", "until"], variable_name="level",
                                 value_name="amount")  # fmt: skip
            told = told.select(pl.lit(kind).alias("kind"), pl.col(kind).alias("key"), pl.lit(measure).alias("measure"),
                               "level", "since", "until", "amount")  # fmt: skip
            told = _roll_up(told, upwards) if kind == "unit" else told
            own = (pl.col("kind") == kind) & (pl.col("measure") == measure)
            left = targets.filter(~own | (pl.col("since") > asked["since"].max()))
            targets = pl.concat([left, told.cast(TARGET_SCHEMA)])  # type: ignore[arg-type]
    return targets


def _cut_targets(plan: Plan, company: Company) -> pl.DataFrame:
    """Return the months of one version of a plan."""
    parts = [pl.DataFrame(schema=TARGET_SCHEMA)]
    upwards = _list_upwards(company)
    for measure in dict.fromkeys(target.measure for target in plan.settings.targets):
        for level in ("commit", "stretch"):
            for kind in ("person", "unit"):
                frame, found = cut_slice(plan, Request((kind,), "month", measure, level))
                if stops(found) or frame.is_empty():
                    continue
                told = frame.drop_nulls(kind).select(
                    pl.lit(kind).alias("kind"), pl.col(kind).alias("key"), "measure", "level", "since", "until",
                    "amount",
                )  # fmt: skip
                told = _roll_up(told, upwards) if kind == "unit" else told
                parts.append(told.cast(TARGET_SCHEMA))  # type: ignore[arg-type]
    return pl.concat(parts)


def _list_upwards(company: Company) -> pl.DataFrame:
    """Return each unit with itself and all above it: ``key, above``."""
    top = dict(company["units"].select("unit", "parent").iter_rows())
    pairs = [(unit, above) for unit in top for above in _line_of(unit, top)]
    return pl.DataFrame(pairs, schema={"key": pl.String, "above": pl.String}, orient="row")


def _roll_up(targets: pl.DataFrame, upwards: pl.DataFrame) -> pl.DataFrame:
    """Return targets of units with all below them."""
    told = targets.join(upwards, on="key").with_columns(key="above").drop("above")
    return told.group_by(list(TARGET_SCHEMA)[:-1], maintain_order=True).agg(pl.col("amount").sum())


def _line_of(unit: str, parents: dict[str, str | None]) -> list[str]:
    """Return a unit and all above it."""
    line: list[str] = []
    above: str | None = unit
    while above is not None and above in parents:
        line.append(above)
        above = parents[above]
    return line
