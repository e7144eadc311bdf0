"""Both stories on one page: tables in, everybody's numbers out; plan and actuals in, who stands where and why out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from quotum.engine.asking import months_as_asked
from quotum.engine.basics.issues import Issue, StopPlanning, stops
from quotum.engine.basics.periods import years_before
from quotum.engine.customers import CustomerTables, describe_customers, fill_classes
from quotum.engine.customers.owners import find_owners
from quotum.engine.decomposition import decompose
from quotum.engine.decomposition.ground import SEASON_BLOCKS
from quotum.engine.decomposition.locks_as_holds import list_limits, list_lock_holds
from quotum.engine.drivers import DriverAssessment, DriverGround, ground_drivers, hold_against
from quotum.engine.forecasting import NodeForecast, forecast_nodes, list_forecasts
from quotum.engine.revisions import plan_in_force
from quotum.engine.revisions.handover_list import name_holdings
from quotum.engine.revisions.replanning import Asked, replan
from quotum.engine.slices.to_date import sum_to_date
from quotum.engine.tables.company import Company
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.ownership import list_holdings
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.replan_settings import ReplanSettings
from quotum.engine.tables.review_tables import OUTSIDE, Review
from quotum.engine.tables.warning_settings import WarningSettings
from quotum.engine.targets import Feasibility, assess_feasibility
from quotum.engine.targets.market import hold_against_market
from quotum.engine.tracking import (
    PlanNumbers,
    Scene,
    count_as_sales,
    finish_review,
    join_tables,
    rest_of_plan,
    track_measure,
)
from quotum.engine.tracking.crediting import credit_sales
from quotum.engine.tracking.leading import tell_share
from quotum.engine.tracking.receivables import list_open_invoices

ISSUE_SCHEMA = {
    "rule": pl.String,
    "severity": pl.String,
    "table": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "details": pl.String,
    "more": pl.Int64,
}


def make_plan(
    company: Company, settings: PlanSettings, days: pl.DataFrame, known: list[Issue] | None = None
) -> tuple[Plan | None, list[Issue]]:
    """Return the plan of a company, or None and what forbids it.

    ``company`` and ``settings`` have passed their checks; ``days(date, kind, provisional)`` covers ``calendar_span``.
    ``known`` are the findings made before, which the plan keeps with its own. Amounts out are whole smallest units that
    add up at every node and date; bounds that cannot be met are conflicts.
    """
    known = list(known or [])
    try:
        plan, found = decompose(fill_classes(in_key_order(company), settings), settings, days)
    except StopPlanning as stop:
        return None, known + name_lines(stop.issues, company)
    issues = known + name_lines(found, company)
    if stops(issues):
        return None, issues
    ordered = in_key_order(company)
    given = {"holds": list_lock_holds(company, settings), "limits": list_limits(company, plan),
             "holdings": name_holdings(ordered, list_holdings(ordered, settings))}  # fmt: skip
    given = {name: table for name, table in given.items() if table.height}
    return replace(plan, tables={**plan.tables, **given, "issues": list_issues(issues)}), issues


def assess_targets(
    company: Company, settings: PlanSettings, days: pl.DataFrame, customers: CustomerTables | None = None
) -> Feasibility:
    """Return what the year can bring and what is asked, before anything is split.

    ``company``, ``settings`` and ``days`` as for ``make_plan``; the forecasts are those of company, units and people;
    ``customers`` is what was told of them already, if it was.
    """
    return weigh_targets(ground_targets(company, settings, days, customers), settings)


@dataclass(frozen=True, slots=True)
class TargetGround:
    """What targets are held against, whatever they are: forecasts by measure, customers, drivers."""

    company: Company
    days: pl.DataFrame
    settings: PlanSettings
    drivers: DriverGround
    forecasts: dict[str, NodeForecast]
    customers: CustomerTables | None


def ground_targets(
    company: Company, settings: PlanSettings, days: pl.DataFrame, customers: CustomerTables | None = None
) -> TargetGround:
    """Return what ``weigh_targets`` needs: all that takes time and does not depend on the amounts of the targets."""
    company = in_key_order(company)
    drivers = ground_drivers(company, settings, days)
    measures = [target.measure for target in settings.targets if not target.follows]
    if not _knows_a_month(company, settings):
        return TargetGround(company, days, settings, drivers, {}, None)
    forecasts = {measure: forecast_nodes(company, settings, days, measure, ("unit", "person")) for measure in measures}
    if customers is None and measures:
        customers = describe_customers(company, settings, settings.as_of)
    return TargetGround(company, days, settings, drivers, forecasts, customers)


def weigh_targets(ground: TargetGround, settings: PlanSettings) -> Feasibility:
    """Return what ``assess_targets`` tells; ``settings`` differ from the ground's by amounts of targets alone."""
    drivers = ground.drivers
    if settings is not ground.settings and any(d.estimate == "target" for d in settings.drivers.drivers):
        drivers = ground_drivers(ground.company, settings, ground.days)
    held = hold_against(drivers, settings)
    if not ground.forecasts:
        return with_drivers(assess_feasibility(ground.company, settings, {}), held)
    customers = ground.customers
    outlook = customers.outlook if customers else None
    if settings is not ground.settings and customers and customers.ground:
        outlook = customers.ground.outlook(settings)
    found = assess_feasibility(ground.company, settings, ground.forecasts, outlook)
    return with_drivers(replace(found, forecasts=list_forecasts(ground.forecasts)), held)


def with_drivers(found: Feasibility, drivers: DriverAssessment) -> Feasibility:
    """Return the feasibility with what the drivers say: what they come to, whether there is enough."""
    issues = [*found.issues, *drivers.issues]
    return replace(found, drivers=drivers.drivers, capacity=drivers.capacity, issues=issues)


def keep_customers(plan: Plan, told: CustomerTables) -> Plan:
    """Return the plan with what its customers were when it was made: composition of sales and measures."""
    tables = {"customer_groups": told.composition, "customer_measures": told.measures}
    return replace(plan, tables={**plan.tables, **tables})


def _knows_a_month(company: Company, settings: PlanSettings) -> bool:
    """Tell whether the history holds a whole month: without one there is nothing to go on."""
    first = company["sales"]["date"].min()
    return isinstance(first, date) and first < (settings.as_of + timedelta(days=1)).replace(day=1)


def keep_feasibility(plan: Plan, found: Feasibility) -> Plan:
    """Return the plan with what was said before it was made."""
    return replace(plan, tables={**plan.tables, **found.tables()})


def review_plan(
    company: Company, plan: Plan, days: pl.DataFrame, as_of: date, known: list[Issue] | None = None,
    warnings: WarningSettings | None = None,
) -> tuple[Review | None, list[Issue]]:  # fmt: skip
    """Return where everybody stands on a day, how the plan will end and why, or None and what forbids it.

    ``company`` has passed its checks; nothing in it that lies after ``as_of`` is looked at. The numbers are those of
    the plan in force on that day, which is not worked out again; months behind keep what was asked in them.
    ``days`` covers ``calendar_span`` of the plan with this ``as_of``.
    ``warnings``: their thresholds, the plan's own if left out.
    """
    settings = replace(plan.settings, as_of=as_of)
    issues = [*(known or []), *_check_day(settings)]
    then = plan_in_force(plan, as_of)
    if stops(issues):
        return None, issues
    company = up_to(in_key_order(company), as_of)
    customers = describe_customers(company, settings, as_of).customers
    scene = Scene.of(company, settings, days, customers)
    parts = []
    for target in settings.targets:
        measure = settings.measures[target.measure]
        counted = replace(scene, company=count_as_sales(company, measure))
        forecast = _forecast_rest(counted.company, settings, days, target.measure)
        tables, found = track_measure(counted, measure, _read_numbers(plan, then, target.measure, as_of), forecast)
        parts.append(tables)
        issues += found
    tables = finish_review(scene, join_tables(parts), warnings or settings.warnings)
    tables["figures"] = pl.concat([*_tell_share(company, settings), tables["figures"]])
    return Review(settings, {**tables, "issues": list_issues(issues)}), issues


def _tell_share(company: Company, settings: PlanSettings) -> list[pl.DataFrame]:
    """Return the share of the market in the 12 months up to as_of and in those before, where a market is told."""
    ends = [years_before(settings.as_of + timedelta(days=1), back) for back in (0, 1)]
    found = [hold_against_market(company, replace(settings, since=end, until=years_before(end, -1))) for end in ends]
    now, before = (market.shares["last_year"][0] / market.capacity if market.capacity else None for market in found)
    return [] if now is None else [tell_share(now, before)]


def replan_plan(
    company: Company, plan: Plan, days: pl.DataFrame, as_of: date, rules: ReplanSettings
) -> tuple[Plan | None, list[Issue]]:
    """Return the plan with what was sold up to a day in place of what was planned, and the rest planned anew.

    ``company`` has passed its checks, owners are those it has now; ``days`` covers ``calendar_span`` of the plan with
    this ``as_of``. What forbids it or cannot be met comes back instead, with the figures.
    """
    settings = replace(plan.settings, as_of=as_of)
    company = up_to(in_key_order(company), as_of)
    holdings = list_holdings(company, settings)
    credited, outlook = {}, {}
    for target in settings.targets:
        measure, found = settings.measures[target.measure], None
        if not settings.since <= as_of < settings.until or measure.kind == "level" or target.follows:
            continue
        counted = count_as_sales(company, measure)
        credited[measure.name], _ = credit_sales(counted, settings, measure, holdings)
        if rules.looks_ahead:
            found = _forecast_rest(counted, settings, days, measure.name)
        outlook[measure.name] = None if found is None else found.months.filter("in_plan", ~pl.col("known"))
    owners = company["customers"].select("customer").with_columns(find_owners(company, settings, as_of).get_columns())
    owed = list_open_invoices(company, settings, owners).select("customer", "invoice", "amount")
    return replan(plan, company, Asked(as_of, rules, holdings, credited, outlook, owed))


def up_to(company: Company, as_of: date) -> Company:
    """Return the company as it was known on a day: rows dated later are not there."""
    dated = ("sales", "invoices", "receipts", "activities", "costs", "ratings", "incidents")
    tables = {name: company[name].filter(pl.col("date") <= as_of) for name in dated}
    return replace(company, tables={**company.tables, **tables})


def _check_day(settings: PlanSettings) -> list[Issue]:
    """Tell a day on which there is nothing to review."""
    if settings.as_of >= settings.since - timedelta(days=1):
        return []
    return [Issue(rule="review_before_plan", value=str(settings.as_of), details=(("since", str(settings.since)),))]


def _read_numbers(whole: Plan, plan: Plan, measure: str, as_of: date) -> PlanNumbers:
    """Return what the plan asks by now and in all, by its people; else by its units; else in one number.

    ``plan`` is the one in force on as_of, ``whole`` knows the changes before it: months it closed keep their numbers.
    """
    until = as_of + timedelta(days=1)
    for by in (("unit", "person"), ("person",), ("unit",), ()):
        places = sum_to_date(plan, measure, by, until, whole=True)
        if places is not None:
            break
    assert places is not None
    places = places.with_columns(pl.lit(OUTSIDE).alias(name) for name in ("unit", "person") if name not in by)
    holder = next((name for name in ("person", "unit") if name in by), None)
    above = (holder,) if holder else ()
    customers, products = (sum_to_date(plan, measure, (*above, name), until) for name in ("customer", "product"))
    months = months_as_asked(whole, plan, measure, above, as_of)
    if holder is None:
        outside = pl.lit(OUTSIDE).alias("unit")
        customers, products = (None if cut is None else cut.with_columns(outside) for cut in (customers, products))
        months = months.with_columns(outside)
    return PlanNumbers(places, customers, products, months)


def _forecast_rest(
    company: Company, settings: PlanSettings, days: pl.DataFrame, measure: str
) -> NodeForecast | None:
    """Return what the rest of the plan brings if things go on as they do; None when nothing of it is left."""
    since, until = rest_of_plan(settings)
    if since >= until:
        return None
    return forecast_nodes(company, replace(settings, since=since), days, measure, ("unit", "person"))


def calendar_span(settings: PlanSettings) -> tuple[date, date]:
    """Return the first day of history that a plan may look at, and the plan's end: the days ``make_plan`` needs."""
    end = settings.as_of.replace(day=1)
    earliest = min(years_before(settings.since, len(settings.history_years)), years_before(end, SEASON_BLOCKS))
    return min(earliest, years_before(end, settings.forecast.years), settings.since), settings.until


def name_lines(issues: list[Issue], company: Company) -> list[Issue]:
    """Return the issues with the file and line of the rows they name by position."""
    sources = company.sources
    return [
        replace(issue, file=sources[issue.table].file_at(issue.line), line=sources[issue.table].line(issue.line))
        if issue.line is not None and issue.table in sources
        else issue
        for issue in issues
    ]


def list_issues(issues: list[Issue]) -> pl.DataFrame:
    """Return findings as the table the plan keeps; details are JSON."""
    rows = [{**issue.as_dict(), "details": json.dumps(dict(issue.details), ensure_ascii=False)} for issue in issues]
    return pl.DataFrame(rows, schema=ISSUE_SCHEMA)
