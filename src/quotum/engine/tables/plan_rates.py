"""Amounts of other currencies at plan rates, each row rounded once: planning never sees a rate move."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import MOST_LISTED, counted, finding
from quotum.engine.tables.money_rules import check_sums
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.rate_effects import EFFECTS_SCHEMA, find_effects
from quotum.engine.tables.rates import at_rate, check_rates, latest_rates
from quotum.engine.tables.schema import E4, E10

MONEY: dict[str, tuple[str, ...]] = {
    "products": ("price_e4", "cost_e4"), "customers": ("potential", "monthly_demand"),
    "sales": ("amount_e4", "cost_e4"), "invoices": ("amount_e4",), "receipts": ("amount_e4",),
    "projects": ("amount_e4",), "costs": ("amount_e4",), "market": ("capacity", "own"),
    "locks": ("amount_e4",), "totals": ("amount_e4",), "proposals": ("amount_e4",),
}  # fmt: skip
"""The columns of each table that are money in the row's `currency`."""


def at_plan_rates(company: Company, settings: PlanSettings) -> tuple[Company, pl.DataFrame, list[Issue]]:
    """Return the company with every amount in the plan's currency, what actual rates would change, and issues.

    Rows and their lines stay; `currency` is empty afterwards, which means the plan's. The effects have
    ``EFFECTS_SCHEMA``. A currency without a plan rate (with its first row, all of them at once), a count that names a
    currency and an amount that grows too large are errors.
    """
    tables, issues = dict(company.tables), check_rates(company, settings)
    effects = [pl.DataFrame(schema=EFFECTS_SCHEMA)]
    for name, columns in MONEY.items():
        foreign, counts = find_foreign(company[name], settings)
        issues += _refuse_counts(company, name, counts)
        if not foreign.any():
            continue
        missing = _missing_rates(company, name, foreign, settings)
        rates = company[name]["currency"].replace_strict(settings.rates, default=E10, return_dtype=pl.Int64)
        tables[name] = convert_rows(company[name], columns, rates, foreign, settings)
        issues += [*missing, *_too_large(company, name, columns, tables[name])]
        if "date" in company[name].columns and not missing:
            found, more = find_effects(company, name, foreign, rates, tables[name]["amount_e4"], settings.currency)
            effects.append(found)
            issues += more
    after = replace(company, tables=tables)
    sums = check_sums(after) if len(effects) > 1 else []
    return after, pl.concat(effects), issues + sums


def find_foreign(table: pl.DataFrame, settings: PlanSettings) -> tuple[pl.Series, pl.Series]:
    """Return the masks of the rows whose money is of another currency, and of counts that name one.

    Rows of locks, totals and proposals are money where their measure is.
    """
    named = (table["currency"] != settings.currency).fill_null(value=False)
    if "measure" not in table.columns:
        return named, named & False
    money = {name: measure.is_money for name, measure in settings.measures.items()}
    is_money = table["measure"].replace_strict(money, default=None, return_dtype=pl.Boolean)
    return named & is_money.fill_null(value=False), named & ~is_money.fill_null(value=True)


def convert_rows(
    table: pl.DataFrame, columns: tuple[str, ...], rates: pl.Series, foreign: pl.Series, settings: PlanSettings
) -> pl.DataFrame:
    """Return the table with the money of its ``foreign`` rows times ``rates`` (10^-10), both (num_rows,).

    History keeps ten-thousandths; amounts that belong to a measure become whole in its smallest unit. Numbers that are
    weights only (a customer's potential) stay floats. What would be too large becomes null.
    """
    unit = pl.lit(1)
    if "measure" in table.columns:
        sizes = {name: max(1, E4 // 10**measure.decimals) for name, measure in settings.measures.items()}
        unit = pl.col("measure").replace_strict(sizes, default=1, return_dtype=pl.Int64)
    rate = pl.lit(rates)
    converted = {
        name: at_rate(pl.col(name), rate, unit) if name.endswith("_e4") else pl.col(name) * (rate / E10)
        for name in columns
    }
    return table.with_columns(
        *(pl.when(pl.lit(foreign)).then(value).otherwise(name).alias(name) for name, value in converted.items()),
        currency=pl.lit(None, pl.String),
    )


def _refuse_counts(company: Company, name: str, counts: pl.Series) -> list[Issue]:
    """Return an issue for each row of a count, such as units, that names another currency."""
    table, rows = company[name], counts.arg_true()
    found = [
        finding(company, name, "currency_of_count", row=row, column="currency", value=table["currency"][row],
                details=(("measure", table["measure"][row]),))
        for row in rows.head(MOST_LISTED).to_list()
    ]  # fmt: skip
    return counted(found, len(rows))


def _missing_rates(company: Company, name: str, foreign: pl.Series, settings: PlanSettings) -> list[Issue]:
    """Return an issue for each currency that has no plan rate, with its first row and the latest actual rate."""
    rows = company[name].select("currency").with_row_index("row").filter(foreign)
    unknown = rows.filter(~pl.col("currency").is_in(list(settings.rates)))
    found = unknown.group_by("currency").agg(pl.col("row").min(), pl.len()).sort("row")
    latest = latest_rates(company, settings) if found.height else {}
    return [
        finding(company, name, "rate_missing", row=row, column="currency", value=code,
                details=(("rows", str(count)), ("plan", settings.currency), ("latest", latest.get(code, ""))))
        for code, row, count in found.iter_rows()
    ]  # fmt: skip


def _too_large(company: Company, name: str, columns: tuple[str, ...], converted: pl.DataFrame) -> list[Issue]:
    """Return an issue for the first amount of each column that left what can be counted."""
    issues = []
    for column in columns:
        lost = (company[name][column].is_not_null() & converted[column].is_null()).arg_true()
        if len(lost):
            row, code = int(lost[0]), company[name]["currency"][int(lost[0])]
            issues.append(finding(company, name, "converted_too_large", row=row, column=column.removesuffix("_e4"),
                                  value=code, details=(("rows", str(len(lost))),)))  # fmt: skip
    return issues
