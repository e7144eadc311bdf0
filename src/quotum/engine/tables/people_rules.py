"""Rules on people and on who owns a customer when."""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import MOST_LISTED, counted, finding, findings

SHARE_TOLERANCE = 0.002
"""Thirds are written 0.333: three of them are taken for one whole."""


def check_people(company: Company) -> list[Issue]:
    """Check employment, absences, and that the owners of a customer make one whole on every day."""
    return [*_check_employment(company), *_check_absences(company), *_check_shares(company), *_check_owners(company)]


def _check_employment(company: Company) -> list[Issue]:
    people = company["people"]
    rows = (people["left"] <= people["hired"]).fill_null(value=False).arg_true()
    return findings(company, "people", "left_before_hired", rows, column="left")


def _check_absences(company: Company) -> list[Issue]:
    """Absences before somebody came or after they left are of no effect."""
    if not company["absences"].height:
        return []
    known = company["people"].select("person", "hired", "left").drop_nulls("person").unique("person", keep="first")
    away = company["absences"].join(known, on="person", how="left", maintain_order="left")
    early, late = away["until"] <= away["hired"], away["since"] >= away["left"]
    outside = early.fill_null(value=False) | late.fill_null(value=False)
    return findings(company, "absences", "absence_outside", outside.arg_true(), column="since", severity="warning")


def _check_shares(company: Company) -> list[Issue]:
    """The shares of a customer add up to 1 on every day between its first and its last owner.

    Every share is added where it begins and taken away where it ends; the running sum holds until the next date.
    """
    rows = (
        company["ownership"]
        .with_row_index("row")
        .filter(
            pl.col("customer").is_not_null()
            & pl.col("since").is_not_null()
            & (pl.col("until").is_null() | (pl.col("until") > pl.col("since")))
        )
    )
    if not rows.height:
        return []
    share = pl.col("share").fill_null(1.0)
    changes = pl.concat(
        [
            rows.select("customer", "row", date="since", change=share, owners=pl.lit(1)),
            rows.filter(pl.col("until").is_not_null()).select(
                "customer", "row", date="until", change=-share, owners=pl.lit(-1)
            ),
        ]
    )
    days = (
        changes.group_by("customer", "date")
        .agg(pl.col("change", "owners").sum(), pl.col("row").min())
        .sort("customer", "date")
    )
    days = days.with_columns(
        pl.col("change").cum_sum().over("customer").alias("sum"),
        pl.col("owners").cum_sum().over("customer").alias("count"),
        pl.col("date").shift(-1).over("customer").alias("until"),
        pl.col("row").cum_max().over("customer").alias("row"),
    )
    last = pl.col("until").is_null()
    kinds = (
        ("shares_above_one", pl.col("sum") > 1 + SHARE_TOLERANCE, "error"),
        ("shares_below_one", (pl.col("sum") < 1 - SHARE_TOLERANCE) & (pl.col("count") > 0), "error"),
        ("owner_gap", (pl.col("count") == 0) & ~last, "warning"),
    )
    issues = []
    for rule, wrong, severity in kinds:
        found = days.filter(wrong)
        listed = [
            finding(company, "ownership", rule, row=row, severity=severity, column="share", value=customer,  # type: ignore[arg-type]
                    details=(("since", str(since)), ("until", str(until or "")), ("sum", f"{total:.4g}")))
            for customer, since, until, row, total in
            found.select("customer", "date", "until", "row", "sum").head(MOST_LISTED).iter_rows()
        ]  # fmt: skip
        issues += counted(listed, found.height)
    return issues


def _check_owners(company: Company) -> list[Issue]:
    """Customers that nobody owns are planned for as vacant: one note with their number."""
    customers = company["customers"]
    if not customers.height or "ownership" in company.unreadable:
        return []
    alone = customers["person"].is_null() & ~customers["customer"].is_in(
        company["ownership"]["customer"].drop_nulls().implode()
    )
    rows = alone.arg_true()
    if not len(rows):
        return []
    return [
        finding(
            company,
            "customers",
            "no_owner",
            row=int(rows[0]),
            severity="note",
            column="person",
            details=(("rows", str(len(rows))), ("example", str(customers["customer"][int(rows[0])]))),
        )
    ]
