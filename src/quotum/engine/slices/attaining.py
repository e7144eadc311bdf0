"""Attainment of any slice: what a plan asks by any keys and periods, beside what a review says came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from quotum.engine.basics.issues import Issue, stops
from quotum.engine.slices.requests import Question, Request, check_request
from quotum.engine.slices.slicing import cut_slice
from quotum.engine.tables.plan_dimensions import attach_wanted
from quotum.engine.tables.plan_tables import PLAN_SCHEMAS, Plan, scan
from quotum.engine.tables.review_tables import Review
from quotum.engine.tables.whole_ratios import divide_amounts

OTHER = "other"
CARRIERS = {"channel": "customer", "area": "customer", "class": "customer", "category": "product"}
"""The column of actuals that tells a dimension; the others tell themselves."""
_AMOUNTS = ("amount", "due", "actual")
_SCHEMA = {"since": pl.Date, "until": pl.Date, "period": pl.String, "measure": pl.String, "level": pl.String,
           "amount": pl.Int64, "due": pl.Int64, "actual": pl.Int64, "last_year": pl.Int64,
           "decimals": pl.Int64}  # fmt: skip


def attain_slice(plan: Plan, review: Review, request: Request) -> tuple[pl.DataFrame, list[Issue]]:
    """Return a line a member and period, and what is wrong.

    Columns: ``by …, since, until, period, measure, level, amount, due, actual, last_year, decimals``. ``amount`` is the
    plan of a period, ``due`` its part up to the day of the review, ``actual`` what was credited in it, ``last_year``
    what the same dates up to the day brought a year earlier, null where that is not known. Keys that sold without
    having a number stand there with amounts of 0, customers of no known channel under null, so that every table adds up
    to the same totals. A level is told in the period of the day alone; a ratio is computed from the slices of its
    parts. The frame is empty where the request is an error.
    """
    question, issues = check_request(plan, request)
    keys = list(dict.fromkeys(request.by))
    empty = pl.DataFrame(schema={**dict.fromkeys(keys, pl.String), **_SCHEMA})
    if question is None or stops(issues):
        return empty, issues
    if question.measure.kind == "ratio":
        return _divide_parts(plan, review, request, question, issues)
    planned, _ = cut_slice(plan, request)
    planned = planned.select(*keys, "since", "until", "period", "amount").join(
        _list_due(plan, request, question, review.as_of), on=[*keys, "since"], how="left", nulls_equal=True
    )
    came = _sum_actuals(plan, review, question, planned)
    on = [*keys, "since"]
    both = planned.join(came, on=on, how="full", coalesce=True, nulls_equal=True)
    spans = pl.DataFrame([(p.since, p.until, p.label) for p in question.periods], orient="row",
                         schema={"since": pl.Date, "until": pl.Date, "period": pl.String})  # fmt: skip
    both = both.drop("until", "period").join(spans, on="since")
    if question.measure.kind == "level":
        day = min(review.as_of, plan.settings.until - timedelta(days=1))
        both = both.filter((pl.col("since") <= day) & (pl.col("until") > day))
    frame = both.with_columns(
        pl.col(_AMOUNTS).fill_null(0), measure=pl.lit(question.measure.name), level=pl.lit(question.level),
        decimals=pl.lit(question.measure.decimals, pl.Int64),
    )  # fmt: skip
    return frame.select(*keys, *_SCHEMA).sort(*keys, "since", nulls_last=True), issues


def _divide_parts(
    plan: Plan, review: Review, request: Request, question: Question, issues: list[Issue]
) -> tuple[pl.DataFrame, list[Issue]]:
    ratio = question.measure
    above, found = attain_slice(plan, review, replace(request, measure=ratio.numerator))
    below, more = attain_slice(plan, review, replace(request, measure=ratio.denominator))
    issues = list(dict.fromkeys([*issues, *found, *more]))
    on = [*dict.fromkeys(request.by), "since", "until", "period", "level"]
    both = above.join(below, on=on, how="full", coalesce=True, nulls_equal=True, suffix="_below")
    told = both.select(
        *on[:-1], "level", *(divide_amounts(name, ratio.decimals) for name in (*_AMOUNTS, "last_year")),
        measure=pl.lit(ratio.name), decimals=pl.lit(ratio.decimals, pl.Int64),
    )  # fmt: skip
    return told.select(above.columns).sort(*on[:-4], "since", nulls_last=True), issues


def _list_due(plan: Plan, request: Request, question: Question, as_of: date) -> pl.DataFrame:
    """Return ``by …, since, due, last_year``: of periods up to a day, of the one that it cuts in two its first part."""
    until, keys = as_of + timedelta(days=1), list(dict.fromkeys(request.by))
    cut = next((p for p in question.periods if p.since < until < p.until), None)
    whole, _ = cut_slice(plan, request)
    past = pl.col("until") <= until
    due = whole.select(*keys, "since", due=pl.when(past).then("amount").otherwise(0),
                       last_year=pl.when(past).then("last_year"))  # fmt: skip
    if cut is None:
        return due
    part, _ = cut_slice(plan, replace(request, grain=None, since=cut.since, until=until))
    begun = part.select(*keys, "last_year", since=pl.lit(cut.since), due="amount").select(due.columns)
    return pl.concat([due.filter(pl.col("since") != cut.since), begun])


def _sum_actuals(plan: Plan, review: Review, question: Question, planned: pl.DataFrame) -> pl.DataFrame:
    """Return ``by …, since, actual``: what was credited, by the keys and periods asked for."""
    keys, periods = [want.text for want in question.by], question.periods
    lines = scan(review.tables, "actuals").filter(
        pl.col("measure") == question.measure.name, pl.col("date") >= periods[0].since,
        pl.col("date") < periods[-1].until,
    )  # fmt: skip
    for dimension in {want.dimension for want in [*question.by, *question.under]} & {"person", "product", "customer"}:
        lines = _name_others(lines, dimension, planned)
    place = {want.text: CARRIERS.get(want.dimension, want.dimension) for want in [*question.by, *question.under]}
    lines = attach_wanted(lines, _with_newcomers(plan, review), question.by, question.under, place)
    starts = pl.Series("since", [period.since for period in periods])
    dated = lines.select(*keys, "date", "amount").collect()
    which = starts.search_sorted(dated["date"], side="right") - 1
    dated = dated.with_columns(since=starts.gather(which))
    return dated.group_by(*keys, "since").agg(actual=pl.col("amount").sum())


def _name_others(lines: pl.LazyFrame, dimension: str, planned: pl.DataFrame) -> pl.LazyFrame:
    """Return actuals under ``other`` where the plan has such a member and none of their own key."""
    if dimension not in planned.columns or not (planned[dimension] == OTHER).any():
        return lines
    own = planned[dimension].unique().drop_nulls().implode()
    key = pl.col(dimension)
    return lines.with_columns(pl.when(key.is_in(own)).then(key).otherwise(pl.lit(OTHER)).alias(dimension))


def _with_newcomers(plan: Plan, review: Review) -> Plan:
    """Return the plan with members that came later: they are what the review says; others stay as they were planned."""
    known = plan["members"].select(list(PLAN_SCHEMAS["members"]))
    more = review["newcomers"].join(known, on=["dimension", "key"], how="anti")
    members = pl.concat([known, more], how="diagonal")
    return Plan(plan.settings, {"members": members}, {})
