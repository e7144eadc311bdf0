"""What passes to whom from when: customers with their part of the quota, and what hangs on them.

Two lists of holdings are held beside each other, those the plan was made with and those of now. Where a customer's
shares differ, who has less hands over to who has more. Open projects, receivables and fixed dates go with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import vacant
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import GIVEN_SCHEMAS
from quotum.engine.tables.schema import E4

HANDOVERS = GIVEN_SCHEMAS["handovers"]
_LEAST = 1e-9  # part of a customer below which nothing has passed
_KEYS = ["customer", "since", "until"]


@dataclass(frozen=True, slots=True)
class Passing:
    """What the list is made of.

    ``before`` and ``now`` are holdings (``customer, person, unit, since, until, share``) by key; ``quota`` is what
    customers took along of the plan's numbers: ``customer, person, to, since, until, amount``; ``owed(customer,
    invoice, amount)`` is what is open.
    """

    before: pl.DataFrame
    now: pl.DataFrame
    quota: pl.DataFrame
    owed: pl.DataFrame


def list_handovers(company: Company, settings: PlanSettings, as_of: date, passing: Passing) -> pl.DataFrame:
    """Return the table ``handovers``, sorted: amounts in smallest units, of the plan's currency but for quotas."""
    customers = _list_customers(passing.before, passing.now)
    parts = [
        _add_quota(customers, passing.quota),
        _list_projects(company, settings, as_of, passing.now, customers),
        _list_owed(customers, passing.owed),
        _list_dates(company, as_of, customers),
    ]
    told = pl.concat([part.select(pl.col(name).cast(dtype) for name, dtype in HANDOVERS.items()) for part in parts])
    return told.sort("person", "to", "since", "kind", "customer", "key", nulls_last=True)


def name_holdings(company: Company, holdings: pl.DataFrame) -> pl.DataFrame:
    """Return holdings of ``tables.ownership`` with the keys of customers in place of their positions."""
    names = company["customers"].select(key="customer", at=pl.int_range(pl.len(), dtype=pl.Int64))
    named = holdings.with_columns(pl.col("customer").cast(pl.Int64)).join(names, left_on="customer", right_on="at")
    schema = GIVEN_SCHEMAS["holdings"]
    return named.select(
        customer="key", person="person", unit="unit", since="since", until="until", share="share"
    ).cast(schema).sort("customer", "since", "person", "until")  # type: ignore[arg-type] # fmt: skip


def _list_customers(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return ``customer, person, to, unit, since, until, share``: which part of whom passes from whom to whom."""
    both = pl.concat([before, now])
    moved = both.filter(~both.is_duplicated())["customer"].unique()
    old, new = (held.filter(pl.col("customer").is_in(moved.implode())) for held in (before, now))
    edges = pl.concat([held.select("customer", day=name) for held in (old, new) for name in ("since", "until")])
    parts = edges.unique().sort("customer", "day").select(
        "customer", since="day", until=pl.col("day").shift(-1).over("customer")
    ).drop_nulls()  # fmt: skip
    shares = [
        parts.join(held, on="customer", suffix="_held")
        .filter(pl.col("since_held") <= pl.col("since"), pl.col("until_held") >= pl.col("until"))
        .group_by(*_KEYS, "person").agg(pl.col("unit").first(), pl.col("share").sort().sum())
        for held in (old, new)
    ]  # fmt: skip
    change = shares[1].join(shares[0], on=[*_KEYS, "person"], how="full", coalesce=True, suffix="_old").with_columns(
        more=pl.col("share").fill_null(0.0) - pl.col("share_old").fill_null(0.0)
    )  # fmt: skip
    less = change.filter(pl.col("more") < -_LEAST).with_columns(
        part=pl.col("more") / pl.col("more").sort().sum().over(_KEYS)
    )
    pairs = less.select(*_KEYS, "person", "part").join(
        change.filter(pl.col("more") > _LEAST).select(*_KEYS, to="person", unit="unit", more="more"), on=_KEYS
    )  # fmt: skip
    pairs = pairs.with_columns(share=(pl.col("more") * pl.col("part")).round(9))
    keys = ["customer", "person", "to", "unit", "share"]
    ordered = pairs.sort(*keys, "since", nulls_last=True)
    follows = (pl.col("since") == pl.col("until").shift(1).over(keys)).fill_null(value=False)
    runs = ordered.with_columns(run=(~follows).cum_sum())
    return runs.group_by(*keys, "run").agg(pl.col("since").min(), pl.col("until").max()).drop("run")


def _add_quota(customers: pl.DataFrame, quota: pl.DataFrame) -> pl.DataFrame:
    """Return a line a customer, with what it takes along of the quota of who had it."""
    found = customers.join(quota, on=["customer", "person", "to"], how="inner", suffix="_of")
    found = found.filter(pl.col("since_of") >= pl.col("since"), pl.col("until_of") <= pl.col("until"))
    sums = found.group_by("customer", "person", "to", "since").agg(pl.col("amount").sum())
    told = customers.join(sums, on=["customer", "person", "to", "since"], how="left")
    return told.with_columns(kind=pl.lit("customer"), key=pl.col("customer"))


def _list_projects(
    company: Company, settings: PlanSettings, as_of: date, now: pl.DataFrame, customers: pl.DataFrame
) -> pl.DataFrame:
    """Return a line an open project whose person leaves, or whose customer passes from this person."""
    own = company["projects"].filter(pl.col("close").is_null() | (pl.col("close") > as_of)).drop_nulls("person")
    staff = company["people"].select("person", home="unit", left="left")
    own = own.select("project", "customer", "person", "amount_e4").join(staff, on="person", how="left")
    passed = own.join(customers.select("customer", "person", "since"), on=["customer", "person"], how="left")
    passed = passed.with_columns(since=pl.min_horizontal("since", "left")).drop_nulls("since")
    passed = passed.filter(pl.col("since") < settings.until).sort("project", "since").unique("project", keep="first")
    day = pl.max_horizontal("since", pl.lit(settings.since))
    held = passed.join(now.rename({"person": "to", "since": "from", "until": "end"}), on="customer", how="left").filter(
        pl.col("from").is_null() | ((pl.col("from") <= day) & (pl.col("end") > day))
    )
    held = held.sort("project", "share", "to", descending=[False, True, False]).unique("project", keep="first")
    found = passed.join(held.select("project", "to", "unit"), on="project", how="left").with_columns(
        pl.col("unit").fill_null(pl.col("home")),
        pl.col("to").fill_null(pl.concat_str(pl.lit(vacant("")), "home")),
        kind=pl.lit("project"), key=pl.col("project"), until=pl.lit(settings.until), share=pl.lit(1.0),
        amount=_to_minor(pl.col("amount_e4"), settings.currency_decimals),
    )  # fmt: skip
    return found.filter(pl.col("to") != pl.col("person"))


def _list_owed(customers: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    """Return a line an open invoice of a customer that passes as a whole or in part: to who gets most of it first."""
    order = customers.sort("customer", "share", "since", "to", descending=[False, True, False, False])
    first = order.unique("customer", keep="first", maintain_order=True)
    return owed.join(first, on="customer", how="inner").with_columns(kind=pl.lit("receivable"), key=pl.col("invoice"))


def _list_dates(company: Company, as_of: date, customers: pl.DataFrame) -> pl.DataFrame:
    """Return a line a fixed date of a customer on a day on which somebody else has it."""
    day = pl.col("start").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    own = company["appointments"].select("customer", "person", key="start", day=day).drop_nulls()
    found = own.filter(pl.col("day") > as_of).join(customers, on=["customer", "person"], how="inner")
    found = found.filter(pl.col("day") >= pl.col("since"), pl.col("day") < pl.col("until"))
    return found.with_columns(kind=pl.lit("appointment"), amount=pl.lit(None, pl.Int64))


def _to_minor(amount_e4: pl.Expr, decimals: int) -> pl.Expr:
    """Return ten-thousandths in smallest units, halves up."""
    size = E4 // 10**decimals
    halves: pl.Expr = amount_e4.mul(2) + size if size else amount_e4 * 10**decimals
    return halves.floordiv(2 * size if size else E4)


def apply_handovers(company: Company, handovers: pl.DataFrame) -> Company:
    """Return the company whose open projects and fixed dates are with whoever took them over.

    Customers are not touched: who holds them when, the tables of the company say. What passed to nobody stays.
    """
    tables = dict(company.tables)
    taken = handovers.filter(~pl.col("to").str.starts_with(vacant("")))
    for table, kind, key in (("projects", "project", "project"), ("appointments", "appointment", "start")):
        names = ["person", key] if table == "projects" else ["person", "customer", key]
        lines = taken.filter(kind=kind).select("person", "to", "customer", pl.col("key").alias(key))
        lines = lines.unique(names, keep="first", maintain_order=True).select(*names, "to")
        told = tables[table].join(lines, on=names, how="left", maintain_order="left", nulls_equal=True)
        tables[table] = told.with_columns(person=pl.coalesce("to", "person")).drop("to")
    return Company(tables, company.sources, company.unreadable)
