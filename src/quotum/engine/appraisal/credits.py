"""Rows of a company's tables with whose they are: sales by dated ownership and shares, exact to the last cent.

Every table comes as a frame with ``row`` (its place in the company's table, for the way back to file and line),
``person`` (null: nobody's), ``unit``, ``date`` and the table's own columns.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import VACANT, list_holdings
from quotum.engine.tables.plan_settings import PlanSettings

_SHARED = ("amount_e4", "quantity_e4", "cost_e4", "margin_e4")
FILLED = ("name", "channel", "area", "city", "class", "potential")
"""What a customer's card should say: of these columns a part is filled."""
TABLES = ("sales", "activities", "invoices", "receipts", "projects", "costs", "ratings", "incidents", "surveys",
          "holdings", "market")  # fmt: skip


def credit_rows(company: Company, settings: PlanSettings, until: date) -> dict[str, pl.DataFrame]:
    """Return the rows of each table that appraisals read, up to a day; those of sales shared among owners.

    Customers belong to who owned them on the day (tables ownership and customers); where nobody did, a sale belongs to
    the person it names. ``first`` is the customer's first day of sale ever.
    """
    holdings = _list_holdings(company, settings, until)
    sales = _credit_sales(company, holdings, until)
    first = (
        company["sales"].filter(pl.col("amount_e4") > 0).group_by("customer").agg(first=pl.col("date").min())
    )  # fmt: skip
    found = {"sales": _tell_first(sales, first), "holdings": _describe_holdings(company, holdings)}
    activities = _plain(company, "activities", until).join(first, on="customer", how="left", maintain_order="left")
    found["activities"] = activities.with_columns(is_existing=(pl.col("first") < pl.col("date")).fill_null(value=False))
    invoices = _give_owner(_plain(company, "invoices", until), holdings)
    found["invoices"] = _tell_first(invoices, first)
    billed = (
        company["invoices"]
        .select("invoice", billed="person", billed_customer="customer")
        .unique("invoice", keep="first", maintain_order=True)
    )
    receipts = (
        _plain(company, "receipts", until)
        .join(billed, on="invoice", how="left", maintain_order="left")
        .with_columns(person=pl.col("billed"), customer=pl.coalesce("customer", "billed_customer"))
        .drop("billed", "billed_customer")
    )
    found["receipts"] = _tell_first(_give_owner(receipts, holdings), first)
    projects = _plain(company, "projects", date.max, on="close")
    projects = projects.with_columns(cycle_days=(pl.col("close") - pl.col("since")).dt.total_days())
    found["projects"] = _tell_first(projects, first)
    found["market"] = _place_market(company)
    for name in ("costs", "ratings", "incidents"):
        found[name] = _plain(company, name, until)
    found["surveys"] = _give_owner(_plain(company, "surveys", until), holdings)
    return found


def _plain(company: Company, name: str, until: date, on: str = "date") -> pl.DataFrame:
    """Return a table with row, person and unit; rows of later days left out."""
    frame = company[name].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    absent = [column for column in ("person", "unit") if column not in frame.columns]
    frame = frame.with_columns(pl.lit(None, pl.String).alias(column) for column in absent)
    return frame.filter(pl.col(on) < until) if on == "date" else frame.with_columns(date=pl.col(on))


def _place_market(company: Company) -> pl.DataFrame:
    """Return the market's capacity as rows of the top unit, one a year and cell: nobody below has one of their own."""
    tops = company["units"].filter(pl.col("parent").is_null())["unit"].sort().to_list()
    cells = company["market"].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    cells = cells.unique(["area", "category", "year"], keep="first", maintain_order=True).drop_nulls("capacity")
    return cells.select(
        "row", "capacity", date=pl.date(pl.col("year"), 1, 1), person=pl.lit(None, pl.String),
        unit=pl.lit(tops[0] if tops else None, pl.String),
    )  # fmt: skip


def _list_holdings(company: Company, settings: PlanSettings, until: date) -> pl.DataFrame:
    """Return who held which customer when, from the first sale on: ``customer, person, unit, since, until, share``."""
    first = company["sales"]["date"].min()
    since = min(first if isinstance(first, date) else settings.since, until - timedelta(days=1))
    keys = company["customers"].select(key="customer").with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    return (
        list_holdings(company, replace(settings, since=since, until=until))
        .with_columns(pl.col("customer").cast(pl.Int64))
        .join(keys, left_on="customer", right_on="at", how="left", maintain_order="left")
        .select(
            customer="key", person=pl.when(~pl.col("person").str.starts_with(VACANT)).then("person"), unit="unit",
            since="since", until="until", share="share",
        )
    )  # fmt: skip


def _credit_sales(company: Company, holdings: pl.DataFrame, until: date) -> pl.DataFrame:
    """Return sales lines by owner: amounts of a shared line are given out whole, the first owners' rounded down."""
    products = company["products"].select("product", "category", "price_e4", unit_cost="cost_e4")
    sales = company["sales"].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64), named="person")
    sales = sales.filter(pl.col("date") < until).join(products, on="product", how="left", maintain_order="left")
    planned = (pl.col("amount_e4") * ((pl.col("price_e4") - pl.col("unit_cost")) / pl.col("price_e4"))).round(0)
    made = pl.coalesce(pl.col("amount_e4") - pl.col("cost_e4"), planned.cast(pl.Int64, strict=False))
    sales = sales.with_columns(margin_e4=made).drop("person", "price_e4", "unit_cost")
    held = (
        sales.join(holdings, on="customer", how="inner")
        .filter(pl.col("date") >= pl.col("since"), pl.col("date") < pl.col("until"))
        .drop("since", "until")
    )
    named = company["people"].select("person", home="unit")
    held = held.join(named, left_on="named", right_on="person", how="left", maintain_order="left")
    nobodys = pl.col("person").is_null() & pl.col("home").is_not_null()
    held = held.with_columns(
        person=pl.when(nobodys).then("named").otherwise("person"), unit=pl.when(nobodys).then("home").otherwise("unit")
    ).drop("named", "home")
    order = ("row", "person", "unit")
    shared, whole = held.filter(pl.col("share") < 1.0), held.filter(pl.col("share") >= 1.0).drop("share")
    if shared.is_empty():
        return whole.sort(order, nulls_last=True)
    shared = shared.sort(order, nulls_last=True)
    reach = pl.col("share").cum_sum().over("row", order_by=["person", "unit"])
    before = (reach - pl.col("share")).clip(0.0, 1.0)
    last = pl.when(reach > 1.0 - 1e-9).then(1.0).otherwise(reach)
    parts = [((pl.col(c) * last).floor() - (pl.col(c) * before).floor()).cast(pl.Int64).alias(c) for c in _SHARED]
    return pl.concat([whole, shared.with_columns(parts).drop("share")]).sort(order, nulls_last=True)


def _tell_first(rows: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Add the customer's first day of sale, and whether a row is a sale, of that day, or of who bought before.

    A return is none of them: nobody is served by bringing something back.
    """
    found = rows.join(first, on="customer", how="left", maintain_order="left")
    sold = (pl.col("amount_e4") > 0).fill_null(value=False)
    return found.with_columns(
        is_sale=sold,
        is_first=sold & (pl.col("date") == pl.col("first")).fill_null(value=False),
        is_returning=sold & (pl.col("date") > pl.col("first")).fill_null(value=False),
    )


def _give_owner(rows: pl.DataFrame, holdings: pl.DataFrame) -> pl.DataFrame:
    """Fill the person of rows that name none: the owner of the customer on the day, of several the largest."""
    largest = holdings.sort("customer", "since", "share", "person", descending=[False, False, True, False],
                            nulls_last=True)  # fmt: skip
    largest = largest.unique(["customer", "since"], keep="first", maintain_order=True)
    found = (
        rows.select("row", "customer", "date")
        .join(largest, on="customer", how="inner")
        .filter(pl.col("date") >= pl.col("since"), pl.col("date") < pl.col("until"))
        .select("row", owner="person", owner_unit="unit")
        .unique("row", keep="first", maintain_order=True)
    )
    return (
        rows.join(found, on="row", how="left", maintain_order="left")
        .with_columns(person=pl.coalesce("person", "owner"), unit=pl.coalesce("unit", "owner_unit"))
        .drop("owner", "owner_unit")
    )


def _describe_holdings(company: Company, holdings: pl.DataFrame) -> pl.DataFrame:
    """Return who holds whom, with the part of the customer's card that is filled; ``row`` is that of customers."""
    card = company["customers"].with_row_index("row").select(
        pl.col("row").cast(pl.Int64), "customer", "class", "channel", "area",
        filled=pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int64) for name in FILLED) / len(FILLED),
    )  # fmt: skip
    return holdings.join(card, on="customer", how="left", maintain_order="left").with_columns(date=pl.col("since"))
