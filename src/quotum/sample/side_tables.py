"""The sample's smaller tables: absences, the market, locks, activities, invoices and receipts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.sample.organisation import Organisation, days
from quotum.sample.sizes import AS_OF, FIRST_DAY, NUM_DAYS, NUM_HISTORY_DAYS, stream

Floats = npt.NDArray[np.float64]

VALID = pl.col("status") != "cancelled"
LAST_YEAR = pl.col("date").dt.year() == AS_OF.year


def absences_table(organisation: Organisation, seed: int) -> pl.DataFrame:
    """Return when people are away in the plan year: a long holiday each, a training for some, seldom a long leave."""
    rng, count = stream(seed, 40), len(organisation.people)
    start = NUM_HISTORY_DAYS + rng.integers(60, 330, count)
    kinds = [("holiday", start, rng.integers(5, 16, count), np.ones(count, dtype=np.bool_)),
             ("training", NUM_HISTORY_DAYS + rng.integers(10, 50, count), np.full(count, 3), rng.random(count) < 0.3),
             ("parental", NUM_HISTORY_DAYS + rng.integers(20, 200, count), np.full(count, 98),
              rng.random(count) < 0.02)]  # fmt: skip
    parts = []
    for kind, since, length, chosen in kinds:
        until = since + length
        there = (organisation.hired_day < since) & (organisation.left_day > until) & (until <= NUM_DAYS)
        rows = np.flatnonzero(chosen & there)
        people = organisation.people["person"][rows]
        parts.append(pl.DataFrame({"person": people, "since": days(since[rows]), "until": days(until[rows])})
                     .with_columns(kind=pl.lit(kind)))  # fmt: skip
    return pl.concat(parts).sort("person", "since")


def market_table(own: Floats, seed: int) -> pl.DataFrame:
    """Return the market by part of the country, top category and year: our own sales within a larger capacity.

    ``own``: yuan, (num_regions, num_top_categories, num_years).
    """
    rng = stream(seed, 41)
    region, top, year = (index.ravel() for index in np.indices(own.shape))
    count = own.size
    return pl.DataFrame({
        "area": [f"A{r + 1}" for r in region],
        "category": [f"G{t + 1}" for t in top],
        "year": FIRST_DAY.year + year,
        "capacity": (own.ravel() / rng.uniform(0.05, 0.25, count)).round(-4),
        "own": own.ravel().round(-3),
        "competitor": pl.Series(["Meiju", "Casa Viva", "Northlight"])[rng.integers(0, 3, count)],
        "competitor_share": rng.uniform(0.1, 0.35, count).round(3),
    })


def locks_table(organisation: Organisation, sales: pl.DataFrame) -> pl.DataFrame:
    """Return one floor and one cap on people who are there all year, wide enough to be met."""
    steady = organisation.people["person"][organisation.core]
    best = (
        sales.filter(VALID & LAST_YEAR & pl.col("person").is_in(steady.implode()))
        .group_by("person").agg(pl.col("amount").sum().cast(pl.Float64))
        .sort(["amount", "person"], descending=[True, False])
    )  # fmt: skip
    first, second = best.row(len(best) // 2), best.row(0)
    rows = [
        ("revenue", "commit", "person", first[0], "floor", round(first[1] * 0.75, -4), "director", "Contract signed"),
        ("revenue", "commit", "person", second[0], "cap", round(second[1] * 1.5, -4), "director", "Otro proyecto"),
    ]
    schema = ["measure", "layer", "dimension", "key", "kind", "amount", "owner", "reason"]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("amount").cast(pl.Int64))


def activities_table(organisation: Organisation, customers: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the calls and visits of the history's last three months, on working days, to people's customers."""
    rng, months = stream(seed, 42), 92
    first = NUM_HISTORY_DAYS - months
    owned = customers.filter(pl.col("person").is_not_null()).select("customer", "person", "minutes")
    people = organisation.people.filter(pl.Series(organisation.hired_day < first)).select("person", "visits_per_day")
    weekdays = pl.DataFrame({"date": days(np.arange(first, NUM_HISTORY_DAYS))}).filter(
        (pl.col("date").dt.weekday() < 6) & ~((pl.col("date").dt.month() == 10) & (pl.col("date").dt.day() < 8))
    )
    slots = people.join(weekdays, how="cross")
    slots = slots.select(pl.all().repeat_by("visits_per_day").explode()).drop("visits_per_day")
    groups = owned.sort("person", "customer").with_row_index("row").group_by("person").agg(
        start=pl.col("row").min(), num=pl.len())  # fmt: skip
    slots = slots.join(groups, on="person").sort("date", "person")
    row = slots["start"].to_numpy() + (rng.random(len(slots)) * slots["num"].to_numpy()).astype(np.int64)
    seen = owned.sort("person", "customer")[row]
    is_call = rng.random(len(slots)) < 0.35
    minutes = np.where(is_call, rng.integers(3, 15, len(slots)), seen["minutes"].to_numpy())
    results = pl.Series(["order", "interest", "none", "absent"])
    return pl.DataFrame({
        "date": slots["date"],
        "person": slots["person"],
        "customer": seen["customer"],
        "kind": pl.Series(["visit", "call"])[is_call.astype(np.int64)],
        "result": results[np.searchsorted([0.3, 0.55, 0.9], rng.random(len(slots)), side="right")],
        "minutes": minutes,
    })


def invoices_and_receipts(sales: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what key accounts and dealers were billed in the last year, and what they paid until the last day."""
    rng = stream(seed, 43)
    billed = (
        sales.filter((pl.col("status") == "done") & LAST_YEAR & pl.col("channel").is_in(["key_account", "dealer"]))
        .group_by("order")
        .agg(pl.col("date", "customer", "person").first(), pl.col("amount").sum(), pl.col("channel").first())
        .sort("date", "order")
    )
    term = pl.when(pl.col("channel") == "key_account").then(60).otherwise(30)
    invoices = billed.select(
        "date", "customer", "person", "amount", invoice="I" + pl.col("order").str.slice(1),
        due=pl.col("date") + pl.duration(days=term),
    )  # fmt: skip
    late = np.round(rng.normal(2, 9, len(invoices))).astype(np.int64)
    share = np.where(rng.random(len(invoices)) < 0.05, 50, 100)
    paid = invoices.with_columns(late=pl.Series(late), share=pl.Series(share)).select(
        "invoice", "customer",
        date=pl.max_horizontal(pl.col("due") + pl.duration(days="late"), pl.col("date")),
        amount=(pl.col("amount") * pl.col("share") / 100).round(2).cast(pl.Decimal(18, 2)),
    )  # fmt: skip
    return invoices, paid.filter(pl.col("date") <= AS_OF).sort("date", "invoice")
