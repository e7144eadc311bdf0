"""A believable made-up company, as big as wished: the same seed gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from quotum.sample.catalogue import make_catalogue
from quotum.sample.customers import customers_table, make_customers, ownership_table
from quotum.sample.organisation import make_organisation
from quotum.sample.plan_file import plan_text
from quotum.sample.rhythm import events_table, make_events
from quotum.sample.selling import bought_by_customer, own_sales, sales_table, sell
from quotum.sample.side_tables import (
    LAST_YEAR,
    VALID,
    absences_table,
    activities_table,
    invoices_and_receipts,
    locks_table,
    market_table,
)
from quotum.sample.sizes import SIZES, Size
from quotum.sample.writing import new_folder, write_tables

Progress = Callable[[str], None]


def _silent(_: str) -> None:
    """Say nothing."""


def write_sample(folder: Path, size: str = "small", seed: int = 1, progress: Progress = _silent) -> None:
    """Write a made-up company into ``folder``, which must be new or empty.

    ``size`` is a key of SIZES; ``progress`` is told what is being done. Raises FolderInUseError (nothing is written).
    """
    chosen = SIZES[size]
    with new_folder(folder) as part:
        tables = make_tables(chosen, seed, progress)
        last_year = tables["sales"].lazy().filter(VALID & LAST_YEAR).select(pl.col("amount").sum()).collect().item()
        text = plan_text(people=chosen.num_people, customers=chosen.num_customers, folder=folder.name,
                         person=tables["people"]["person"][0], last_year=float(last_year), seed=seed,
                         with_drivers=chosen.has_activities)  # fmt: skip
        (part / "plan.toml").write_text(text, encoding="utf-8", newline="\n")
        write_tables(part, tables, chosen.file_format, progress)


def make_tables(size: Size, seed: int, progress: Progress = _silent) -> dict[str, pl.DataFrame]:
    """Return the company's tables as they are written: names and columns of the schema, amounts in major units."""
    organisation, catalogue, events = make_organisation(size, seed), make_catalogue(size, seed), make_events()
    customers = make_customers(size, organisation, seed)
    lines = sell(customers, organisation, catalogue, events, seed=seed, progress=progress)
    bought = bought_by_customer(lines, size.num_customers)
    people = organisation.people["person"]
    tables = {
        "units": organisation.units,
        "areas": organisation.areas,
        "categories": catalogue.categories,
        "products": catalogue.products,
        "people": organisation.people,
        "customers": customers_table(customers, organisation, size, seed, bought),
        "ownership": ownership_table(customers, people),
        "sales": sales_table(lines, customers, catalogue, people),
        "events": events_table(events),
        "absences": absences_table(organisation, seed),
    }
    tables["market"] = market_table(own_sales(lines, customers, organisation, catalogue), seed)
    del lines
    progress("the locks")
    tables["locks"] = locks_table(organisation, tables["sales"])
    if size.has_activities:
        tables["activities"] = activities_table(organisation, tables["customers"], seed)
    if size.has_invoices:
        tables["invoices"], tables["receipts"] = invoices_and_receipts(tables["sales"], seed)
    return tables
