"""What somebody should do something about: each with its owner, its size in money, what was found and the limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.review_tables import OUTSIDE, REVIEW_SCHEMAS
from quotum.engine.tables.schema import E4
from quotum.engine.tables.visit_settings import Cadence
from quotum.engine.tables.warning_settings import WarningSettings
from quotum.engine.tracking.attaining import WORKING_WEEK

RULES = ("behind_pace", "activity_fading", "silent_customer", "missed_cadence", "overdue", "tender", "margin_floor")
WINDOW_DAYS = 28  # contacts of four weeks are held against those of the four before
LEAST_CONTACTS = 8  # fewer say nothing of fading
SETTLED = ("won", "lost", "cancelled", "canceled", "payment", "done", "closed")
"""Stages of projects that no tender is waited for any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What warnings are found in: the review's ``attainment``, customers as they are on as_of, open invoices.

    ``customers(customer, person, unit, state, last_order, interval_days, amount_minor)``: ``amount_minor`` of the last
    twelve months.
    """

    attainment: pl.DataFrame
    customers: pl.DataFrame
    open_invoices: pl.DataFrame


def find_warnings(
    company: Company, settings: PlanSettings, rules: WarningSettings, standing: Standing
) -> pl.DataFrame:
    """Return the table ``warnings``, by rule and, within a rule, the largest first.

    Sizes are smallest units of the plan's currency, or of the measure where that is none.
    """
    found = [
        _find_behind(settings, rules, standing),
        _find_fading(company, settings, rules, standing),
        _find_silent(settings, rules, standing),
        _find_missed(company, settings, settings.visits.cadence, standing),
        _find_overdue(rules, standing),
        _find_tenders(company, settings, rules, standing),
        _find_margins(company, settings, rules),
    ]
    least = round(rules.least * 10**settings.currency_decimals)
    frames = [
        frame.select(pl.lit(rule).alias("rule"), *(
            pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)
            for name, dtype in REVIEW_SCHEMAS["warnings"].items() if name != "rule"
        )).filter(pl.col("size") >= least).sort("size", "person", "customer", "key",
                                               descending=[True, False, False, False], nulls_last=True)
        for rule, frame in zip(RULES, found, strict=True)
    ]  # fmt: skip
    return pl.concat(frames)


def _find_behind(settings: PlanSettings, rules: WarningSettings, standing: Standing) -> pl.DataFrame:
    """Find people, or units of a plan without people, who are too far behind what is due."""
    frame = standing.attainment.filter(pl.col("level") == "commit")
    finest = "person" if (frame["dimension"] == "person").any() else "unit"
    late = frame.filter(
        (pl.col("dimension") == finest) & (pl.col("plan_to_date") > 0)
        & (pl.col("actual") < rules.behind * pl.col("plan_to_date"))
    )  # fmt: skip
    return late.select(
        person=pl.col("node") if finest == "person" else pl.lit(OUTSIDE), unit="unit", key="measure",
        date=pl.lit(settings.as_of), size=pl.col("plan_to_date") - pl.col("actual"),
        found=pl.col("actual") / pl.col("plan_to_date"), limit=pl.lit(rules.behind),
    )  # fmt: skip


def _find_fading(
    company: Company, settings: PlanSettings, rules: WarningSettings, standing: Standing
) -> pl.DataFrame:
    """Find people whose calls and visits have become fewer; at stake is what the rest of the plan is to bring."""
    day, as_of = pl.col("date"), settings.as_of
    now = day > as_of - timedelta(days=WINDOW_DAYS)
    before = ~now & (day > as_of - timedelta(days=2 * WINDOW_DAYS))
    counts = company["activities"].group_by("person").agg(now=now.sum(), before=before.sum())
    rest = standing.attainment.filter(
        (pl.col("level") == "commit") & (pl.col("dimension") == "person")
        & (pl.col("measure") == settings.targets[0].measure)
    ).select("unit", person="node", rest=pl.col("outlook") - pl.col("actual"))  # fmt: skip
    ratio = pl.col("now") / pl.col("before")
    fading = counts.filter((pl.col("before") >= LEAST_CONTACTS) & (ratio < rules.fading)).join(rest, on="person")
    size = ((1 - ratio) * pl.col("rest").clip(lower_bound=0)).round()
    return fading.select("person", "unit", date=pl.lit(as_of), size=size, found=ratio, limit=pl.lit(rules.fading))


def _find_silent(settings: PlanSettings, rules: WarningSettings, standing: Standing) -> pl.DataFrame:
    """Find customers who have stayed away longer than their own rhythm, but are not lost."""
    days = (pl.lit(settings.as_of) - pl.col("last_order")).dt.total_days()
    waited = days / pl.col("interval_days")
    silent = standing.customers.filter(
        (pl.col("state") != "lost") & (waited > rules.silent) & (pl.col("amount_minor") > 0)
    )
    return silent.select("person", "unit", "customer", date="last_order", size="amount_minor", found=waited,
                         limit=pl.lit(rules.silent))  # fmt: skip


def _find_missed(
    company: Company, settings: PlanSettings, cadence: Cadence, standing: Standing
) -> pl.DataFrame:
    """Find customers not seen for longer than the cadence of their class; weeks have five working days."""
    if not cadence.classes and not cadence.everyone:
        return pl.DataFrame(schema=REVIEW_SCHEMAS["warnings"])
    every: Mapping[str, int] = cadence.classes
    seen = company["activities"].drop_nulls("customer").group_by("customer").agg(last=pl.col("date").max())
    limit = pl.col("class").replace_strict(every, default=cadence.everyone, return_dtype=pl.Int64)
    customers = company["customers"].select("customer", "class").join(seen, on="customer")
    waited = (pl.lit(settings.as_of) - pl.col("last")).dt.total_days() * WORKING_WEEK / 7
    late = customers.with_columns(limit=limit.fill_null(cadence.everyone), found=waited).filter(
        (pl.col("limit") > 0) & (pl.col("found") > pl.col("limit"))
    )
    owners = standing.customers.select("customer", "person", "unit", "amount_minor")
    return late.join(owners, on="customer").select(
        "person", "unit", "customer", key="class", date="last", size="amount_minor", found="found", limit="limit"
    )


def _find_overdue(rules: WarningSettings, standing: Standing) -> pl.DataFrame:
    """Find customers whose invoices should have been paid."""
    late = standing.open_invoices.filter(pl.col("days") > rules.overdue_days)
    return late.group_by("person", "unit", "customer").agg(
        date=pl.col("due").min(), size=pl.col("amount").sum(), found=pl.col("days").max(),
        limit=pl.lit(rules.overdue_days),
    )  # fmt: skip


def _find_tenders(
    company: Company, settings: PlanSettings, rules: WarningSettings, standing: Standing
) -> pl.DataFrame:
    """Find projects that are decided soon, or should have been; papers are due two days before."""
    left = (pl.col("close") - pl.lit(settings.as_of)).dt.total_days()
    stage = pl.col("stage").fill_null("").str.strip_chars().str.to_lowercase()
    chance = pl.col("chance").fill_null(0.5)
    waiting = ~stage.is_in(list(SETTLED)) & (chance > 0) & (chance < 1)
    known = pl.col("since").is_null() | (pl.col("since") <= settings.as_of)
    soon = company["projects"].filter(waiting & known & (left <= rules.tender_days) & (left >= -rules.tender_days))
    owners = standing.customers.select("customer", holder="person", held="unit")
    units = company["people"].select("person", home="unit")
    size = 10.0**settings.currency_decimals / E4
    return (
        soon.join(owners, on="customer", how="left")
        .with_columns(person=pl.coalesce("person", "holder"))
        .join(units, on="person", how="left")
        .select(
            "person", "customer", unit=pl.coalesce("home", "held"), key="project", date="close",
            size=(pl.col("amount_e4").fill_null(0) * size).round(), found=left, limit=pl.lit(rules.tender_days),
        )
    )


def _find_margins(company: Company, settings: PlanSettings, rules: WarningSettings) -> pl.DataFrame:
    """Find categories whose sales bring less margin than they should, by what they miss."""
    if rules.margin is None:
        return pl.DataFrame(schema=REVIEW_SCHEMAS["warnings"])
    categories = company["products"].select("product", "category").drop_nulls()
    sold = company["sales"].filter((pl.col("date") >= settings.since) & pl.col("cost_e4").is_not_null())
    sums = (
        sold.join(categories, on="product")
        .group_by("category")
        .agg(amount=pl.col("amount_e4").sum(), cost=pl.col("cost_e4").sum())
        .filter(pl.col("amount") > 0)
        .with_columns(found=1 - pl.col("cost") / pl.col("amount"))
        .filter(pl.col("found") < rules.margin)
    )
    size = 10.0**settings.currency_decimals / E4
    return sums.select(
        person=pl.lit(OUTSIDE), key="category", date=pl.lit(settings.as_of), found="found", limit=pl.lit(rules.margin),
        size=((rules.margin - pl.col("found")) * pl.col("amount") * size).round(),
    )  # fmt: skip
