"""What actual rates would make of amounts that are counted at plan rates: the effect of currency, kept apart."""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import amount_text, finding, rate_text
from quotum.engine.tables.rates import at_rate

EFFECTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "table": pl.String, "currency": pl.String, "month": pl.Date, "rate_e10": pl.Int64, "rows": pl.Int64,
    "unrated": pl.Int64, "amount_e4": pl.Int64, "plan_e4": pl.Int64, "actual_e4": pl.Int64,
}  # fmt: skip
"""A line a table, currency and month (its first day): plan rate, rows, and the sums as given, at the plan rate and at
the rates of their days. ``unrated`` rows have no actual rate; they stand in ``actual_e4`` at the plan rate."""


def find_effects(
    company: Company, name: str, foreign: pl.Series, rates: pl.Series, planned: pl.Series, currency: str
) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the effects of one dated table, with a note for each currency.

    ``foreign`` (mask), ``rates`` (plan rates in 10^-10) and ``planned`` (ten-thousandths at plan rates) are of the
    table's rows, (num_rows,) each; ``currency`` is the plan's. An actual rate holds from its `since` to the next one.
    Rows before the first are a warning where there are actual rates at all.
    """
    rows = company[name].select("currency", "date", "amount_e4").with_columns(rate_e10=rates, plan_e4=planned)
    rows = rows.with_row_index("row").filter(foreign).drop_nulls()
    known = company["rates"].select("currency", since="since", actual="rate_e10").drop_nulls().sort("since", "actual")
    rows = rows.sort("date", "row").join_asof(
        known, left_on="date", right_on="since", by="currency", strategy="backward", check_sortedness=False
    )
    rows = rows.with_columns(actual_e4=at_rate(pl.col("amount_e4"), pl.col("actual")).fill_null(pl.col("plan_e4")))
    effects = rows.group_by("currency", "rate_e10", month=pl.col("date").dt.truncate("1mo")).agg(
        pl.len().cast(pl.Int64).alias("rows"),
        pl.col("actual").null_count().cast(pl.Int64).alias("unrated"),
        pl.col("amount_e4", "plan_e4", "actual_e4").sum(),
    )
    effects = effects.with_columns(table=pl.lit(name)).select(list(EFFECTS_SCHEMA)).sort("currency", "month")
    first = dict(rows.group_by("currency").agg(pl.col("row").min()).iter_rows())
    notes = [
        finding(company, name, "counted_at_plan_rate", row=first[line["currency"]], severity="note", column="currency",
                value=line["currency"], details=_tell(line, currency))
        for line in sum_effects(effects, "currency").iter_rows(named=True)
    ]  # fmt: skip
    return effects, notes + (_tell_unrated(company, name, rows) if known.height else [])


def sum_effects(effects: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return the effects summed by columns and plan rate, with ``effect_e4`` and ``rounding_e4``.

    The effect is null where no row has an actual rate. Rounding is what rounding row by row added to the sum times the
    rate: at most half a ten-thousandth a row and another half for the sum.
    """
    summed = effects.group_by(*by, "rate_e10").agg(
        pl.col("rows", "unrated", "amount_e4", "plan_e4", "actual_e4").sum()
    )
    rated = pl.when(pl.col("unrated") < pl.col("rows"))
    return summed.sort(*by, "rate_e10").with_columns(
        rated.then("actual_e4").alias("actual_e4"),
        rated.then(pl.col("actual_e4") - pl.col("plan_e4")).alias("effect_e4"),
        (pl.col("plan_e4") - at_rate(pl.col("amount_e4"), pl.col("rate_e10"))).alias("rounding_e4"),
    )


def by_year(effects: pl.DataFrame) -> pl.DataFrame:
    """Return the effects of each table, currency and calendar year."""
    return sum_effects(effects.with_columns(year=pl.col("month").dt.year()), "table", "currency", "year")


def _tell(line: dict[str, int], currency: str) -> tuple[tuple[str, str], ...]:
    effect = line["effect_e4"]
    more, less = ("", "") if not effect else (amount_text(effect), "") if effect > 0 else ("", amount_text(-effect))
    return (("rows", str(line["rows"])), ("rate", rate_text(line["rate_e10"])), ("plan", currency),
            ("amount", amount_text(line["plan_e4"])), ("more", more), ("less", less))  # fmt: skip


def _tell_unrated(company: Company, name: str, rows: pl.DataFrame) -> list[Issue]:
    """Return a warning for each currency with rows before its first actual rate."""
    unrated = rows.filter(pl.col("actual").is_null())
    found = unrated.group_by("currency").agg(pl.col("row").min(), pl.len(), pl.col("date").max()).sort("currency")
    return [
        finding(company, name, "actual_rate_missing", row=row, severity="warning", column="currency", value=code,
                details=(("rows", str(count)), ("last", str(last))))
        for code, row, count, last in found.iter_rows()
    ]  # fmt: skip
