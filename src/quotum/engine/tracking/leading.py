"""What leads a start page beside attainment: customers who buy, profit made, projects that are open."""

from __future__ import annotations

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS
from quotum.engine.tracking.crediting import credit_sales, to_minor

_SCHEMA = REVIEW_SCHEMAS["figures"]


def tell_figures(
    company: Company, settings: PlanSettings, holdings: pl.DataFrame, owners: pl.DataFrame
) -> pl.DataFrame:
    """Return the table ``figures`` of customers, profit and projects, the company's lines first.

    ``holdings`` say who is credited with a sale; a customer who is shared counts for each holder, once for the company.
    ``owners(customer, person)`` have the projects that name nobody. What there is no data of has no lines.
    """
    parts = [_count_customers(company, settings, holdings)]
    if company["sales"]["cost_e4"].count() or company["products"]["cost_e4"].count():
        parts.append(_sum_profit(company, settings, holdings))
    if company["projects"].height:
        parts.append(_sum_projects(company, settings, owners))
    whole = [pl.DataFrame(schema=_SCHEMA), *(part.select(*_SCHEMA) for part in parts)]
    return pl.concat(whole).sort("person", "figure", nulls_last=False)


def tell_share(now: float, before: float | None) -> pl.DataFrame:
    """Return the line of the company's share of the market in 12 months, and in the 12 before them."""
    line = {"figure": "share", "decimals": 4, "amount": round(now * 10**4),
            "before": None if before is None else round(before * 10**4)}  # fmt: skip
    return pl.DataFrame([line], schema=_SCHEMA)


def _count_customers(company: Company, settings: PlanSettings, holdings: pl.DataFrame) -> pl.DataFrame:
    """Return who bought on the plan's dates so far and on the same dates a year earlier."""
    lines = [_credit(company, settings, holdings, "amount", back).filter(pl.col("value_e4") > 0).select(
        "customer", "person", at=pl.lit(back)) for back in (0, 1)]  # fmt: skip
    both = pl.concat(lines)
    each = pl.concat([both.with_columns(person=pl.lit(None, pl.String)), both])
    bought = each.group_by("person", "customer").agg(now=(pl.col("at") == 0).any(), then=(pl.col("at") == 1).any())
    now, then = pl.col("now"), pl.col("then")
    return bought.group_by("person").agg(
        figure=pl.lit("customers"), decimals=pl.lit(0, pl.Int64), count=now.sum().cast(pl.Int64),
        amount=pl.lit(None, pl.Int64), before=then.sum().cast(pl.Int64), gained=(now & ~then).sum().cast(pl.Int64),
        lost=(then & ~now).sum().cast(pl.Int64),
    )  # fmt: skip


def _sum_profit(company: Company, settings: PlanSettings, holdings: pl.DataFrame) -> pl.DataFrame:
    """Return what was earned above cost on the plan's dates so far and on the same dates a year earlier."""
    sums = [_credit(company, settings, holdings, "margin", back).group_by("person").agg(
        pl.col("value_e4").sum().alias(name)) for back, name in ((0, "amount"), (1, "before"))]  # fmt: skip
    both = pl.concat(sums, how="diagonal").group_by("person").agg(pl.col("amount", "before").sum()).sort("person")
    decimals = settings.currency_decimals
    minor = both.with_columns(
        pl.Series(name, to_minor(both[name].to_numpy(), decimals), dtype=pl.Int64) for name in ("amount", "before")
    )
    return _with_company(minor, "profit", decimals)


def _sum_projects(company: Company, settings: PlanSettings, owners: pl.DataFrame) -> pl.DataFrame:
    """Return how many projects are open on as_of, and what they are worth."""
    to_come = pl.col("close").is_null() | (pl.col("close") > settings.as_of)
    opened = company["projects"].filter(to_come, pl.col("chance").fill_null(1.0) > 0)
    held = opened.join(owners.select("customer", holder="person"), on="customer", how="left")
    sums = held.group_by(person=pl.coalesce("person", "holder").fill_null("")).agg(
        count=pl.len().cast(pl.Int64), amount=pl.col("amount_e4").fill_null(0).sum()
    ).sort("person")  # fmt: skip
    minor = pl.Series("amount", to_minor(sums["amount"].to_numpy(), settings.currency_decimals), dtype=pl.Int64)
    return _with_company(sums.with_columns(minor), "projects", settings.currency_decimals)


def _with_company(sums: pl.DataFrame, figure: str, decimals: int) -> pl.DataFrame:
    """Return the lines of people with that of the company, in all columns of the table."""
    whole = sums.select(pl.exclude("person").sum()).with_columns(person=pl.lit(None, pl.String))
    told = pl.concat([whole.select(sums.columns), sums]).with_columns(
        figure=pl.lit(figure), decimals=pl.lit(decimals, pl.Int64)
    )
    missing = [pl.lit(None, kind).alias(name) for name, kind in _SCHEMA.items() if name not in told.columns]
    return told.with_columns(missing)


def _credit(
    company: Company, settings: PlanSettings, holdings: pl.DataFrame, history: str, years_back: int
) -> pl.DataFrame:
    """Return the lines credited on the plan's dates up to as_of, or on the same dates a year earlier."""
    measure = Measure(history, decimals=settings.currency_decimals, history=history)
    lines, _ = credit_sales(company, settings, measure, holdings, years_back)
    # Those of a year earlier are dated as the plan is, and reach on to its whole year where the plan is short.
    return lines.filter((pl.col("date") >= settings.since) & (pl.col("date") <= settings.as_of))
