"""What is owed, by whom, since when; and how fast what was billed comes in.

A receipt pays the invoice it names; one that names none pays its customer's oldest open invoices. Who has to see to it
is who holds the customer on the day of the review: a debt goes with the customer, as promises do.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS
from quotum.engine.tracking.crediting import to_minor

AGES = (("not_due", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90))
OLDEST = "over_90"


def list_open_invoices(company: Company, settings: PlanSettings, owners: pl.DataFrame) -> pl.DataFrame:
    """Return what is open of each invoice on as_of: ``person, unit, customer, invoice, date, due, amount, days``.

    ``amount`` in smallest units, ``days`` since it was due (0 or less: not yet). ``owners(customer, person, unit)`` on
    that day; an invoice without a customer stays with its own person. An invoice that was overpaid is not open.
    """
    invoices = company["invoices"].sort("customer", "date", "invoice", nulls_last=True)
    paid = company["receipts"].filter(pl.col("invoice").is_in(invoices["invoice"].implode()))
    by_invoice = paid.group_by("invoice").agg(paid=pl.col("amount_e4").sum())
    loose = company["receipts"].join(invoices.select("invoice"), on="invoice", how="anti")
    by_customer = loose.drop_nulls("customer").group_by("customer").agg(loose=pl.col("amount_e4").sum())
    left = invoices.join(by_invoice, on="invoice", how="left", maintain_order="left").with_columns(
        left_e4=(pl.col("amount_e4") - pl.col("paid").fill_null(0))
    )
    left = left.join(by_customer, on="customer", how="left", maintain_order="left")
    # What is paid without naming an invoice runs down the customer's open ones, oldest first.
    owed = pl.col("left_e4").clip(lower_bound=0)
    before = owed.cum_sum().over("customer") - owed
    left = left.with_columns(
        open_e4=owed - (pl.col("loose").fill_null(0) - before).clip(lower_bound=0, upper_bound=owed)
    )
    units = company["people"].select("person", home="unit")
    named = (
        left.filter(pl.col("open_e4") > 0)
        .join(owners.select("customer", holder="person", held="unit"), on="customer", how="left", maintain_order="left")
        .with_columns(person=pl.coalesce("holder", "person"))
        .join(units, on="person", how="left", maintain_order="left")
        .with_columns(unit=pl.coalesce("held", "home"), due=pl.coalesce("due", "date"))
    )
    return named.select(
        "person", "unit", "customer", "invoice", "date", "due",
        amount=pl.Series(to_minor(named["open_e4"].to_numpy(), settings.currency_decimals), dtype=pl.Int64),
        days=(pl.lit(settings.as_of) - pl.col("due")).dt.total_days(),
    )  # fmt: skip


def sum_ages(open_invoices: pl.DataFrame) -> pl.DataFrame:
    """Return the table ``receivables``: what is open by person and age."""
    age = pl.lit(OLDEST)
    for name, most in reversed(AGES):
        age = pl.when(pl.col("days") <= most).then(pl.lit(name)).otherwise(age)
    order = {name: place for place, name in enumerate([*(name for name, _ in AGES), OLDEST])}
    sums = open_invoices.group_by("person", "unit", age=age).agg(
        invoices=pl.len().cast(pl.Int64), amount=pl.col("amount").sum()
    )
    rank = pl.col("age").replace_strict(order, return_dtype=pl.Int8)
    return sums.sort("person", "unit", rank, nulls_last=True).select(list(REVIEW_SCHEMAS["receivables"]))


def sum_cash(
    company: Company, settings: PlanSettings, open_invoices: pl.DataFrame, owners: pl.DataFrame
) -> pl.DataFrame:
    """Return the table ``cash``: billed and received on the plan's dates up to as_of, by person and in all.

    ``collection_rate``: received ÷ billed; ``turnover_days``: open ÷ what is billed a day. Null where nothing was
    billed.
    """
    until = min(settings.as_of + timedelta(days=1), settings.until)
    num_days = (until - settings.since).days
    inside = (pl.col("date") >= settings.since) & (pl.col("date") < until)
    known = company["invoices"].select("invoice", of="customer", by="person")
    holder = owners.select("customer", holder="person")
    billed = company["invoices"].filter(inside).join(holder, on="customer", how="left", maintain_order="left")
    received = company["receipts"].filter(inside).join(known, on="invoice", how="left", maintain_order="left")
    received = received.with_columns(customer=pl.coalesce("customer", "of"))
    received = received.join(holder, on="customer", how="left", maintain_order="left")
    amount, person = pl.col("amount_e4").sum(), pl.coalesce("holder", "person")
    overdue = pl.col("amount").filter(pl.col("days") > 0).sum()
    frames = [
        billed.group_by(person=person).agg(invoiced_e4=amount),
        received.group_by(person=pl.coalesce("holder", "by")).agg(received_e4=amount),
        open_invoices.group_by("person").agg(open=pl.col("amount").sum(), overdue=overdue),
    ]
    sums = pl.concat(frames, how="diagonal").group_by("person").agg(pl.all().sum()).sort("person", nulls_last=True)
    minor = {
        name: pl.Series(to_minor(sums[f"{name}_e4"].to_numpy(), settings.currency_decimals), dtype=pl.Int64)
        for name in ("invoiced", "received")
    }
    whole = sums.with_columns(**minor).select("person", "invoiced", "received", "open", "overdue")
    total = whole.select(pl.lit(None, pl.String).alias("person"), pl.exclude("person").sum())
    both = pl.concat([total, whole.drop_nulls("person")]) if whole.height else whole
    billed_any = pl.col("invoiced") > 0
    return both.with_columns(
        collection_rate=pl.when(billed_any).then(pl.col("received") / pl.col("invoiced")),
        turnover_days=pl.when(billed_any).then(pl.col("open") * num_days / pl.col("invoiced")),
    ).select(list(REVIEW_SCHEMAS["cash"]))
