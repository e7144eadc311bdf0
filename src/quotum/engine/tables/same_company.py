"""Whether a plan is of the company it is held against: its currency, its people, its units, its latest sales."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import Plan, scan

_SILENT_DAYS = 14
_FEW = 0.5  # of the people of a plan


def check_same_company(company: Company, settings: PlanSettings, plan: Plan) -> list[Issue]:
    """Refuse a plan in another currency or at other plan rates than the company's, and one of other people."""
    if (settings.currency, settings.rates) != (plan.settings.currency, plan.settings.rates):
        known = _word_money(plan.settings)
        return [Issue(rule="review_other_money", value=_word_money(settings), details=(("known", known),))]
    return check_people(company, _members(plan, "person")["key"].to_list())


def check_people(company: Company, planned: Collection[str]) -> list[Issue]:
    """Refuse a plan none of whose people are in the company; tell where fewer than half of them are."""
    people = sorted(set(planned))
    known = set(company["people"]["person"].to_list())
    gone = [person for person in people if person not in known]
    if len(people) - len(gone) >= len(people) * _FEW:
        return []
    details = (("people", str(len(people))), ("known", str(len(people) - len(gone))))
    if len(gone) == len(people):
        return [Issue(rule="plan_other_company", table="people", value=gone[0], details=details)]
    return [Issue(rule="plan_few_people", severity="warning", table="people", value=gone[0], details=details)]


def check_latest_sale(company: Company, as_of: date) -> list[Issue]:
    """Tell where the sales end well before the day that is looked at: then all seem to have stopped."""
    latest = company["sales"]["date"].max()
    if not isinstance(latest, date) or latest >= as_of - timedelta(days=count_silent_days(company["sales"]["date"])):
        return []
    details = (("as_of", str(as_of)),)
    return [Issue(rule="sales_end_early", severity="warning", table="sales", value=str(latest), details=details)]


def count_silent_days(sold: pl.Series) -> int:
    """Return for how long no sale is nothing unusual: two weeks, or the longest pause between days of sales."""
    longest = sold.unique().sort().diff().dt.total_days().max()
    return max(_SILENT_DAYS, longest if isinstance(longest, int) else 0)


def check_overrides(overrides: Sequence[str], own: Collection[str]) -> list[Issue]:
    """Refuse settings of a run that belong to the plan, which is made already; ``own`` are the parts that do not."""
    foreign = [text for text in overrides if text.partition("=")[0].split(".")[0].strip() not in own]
    return [Issue(rule="setting_of_plan", value=text, details=(("own", ", ".join(sorted(own))),)) for text in foreign]


def with_units_of(company: Company, plan: Plan) -> Company:
    """Return the company with the plan's units below each other as they were in it; further ones as they are now."""
    planned = _members(plan, "unit").select(unit="key", planned="name", above="parent")
    units = company["units"].join(planned, on="unit", how="full", coalesce=True, maintain_order="left_right")
    is_planned = pl.col("unit").is_in(planned["unit"].implode())
    units = units.with_columns(
        parent=pl.when(is_planned).then("above").otherwise("parent"), name=pl.coalesce("name", "planned")
    ).select(company["units"].columns)
    return replace(company, tables={**company.tables, "units": units})


def _members(plan: Plan, dimension: str) -> pl.DataFrame:
    members = scan(plan.tables, "members").filter(pl.col("dimension") == dimension)
    return members.select("key", "name", "parent").collect()


def _word_money(settings: PlanSettings) -> str:
    return ", ".join([settings.currency, *(f"1 {code} = {rate / 10**10:g}" for code, rate in settings.rates.items())])
