"""The database's tables as a company of the engine, checked as a company folder is."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from quotum.adapters.files.company_folder import OpenedCompany
from quotum.adapters.files.plan_toml import make_settings, read_document
from quotum.engine.basics.issues import shorten
from quotum.engine.tables.cleaning import clean_company
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_rates import at_plan_rates
from quotum.engine.tables.rate_effects import EFFECTS_SCHEMA
from quotum.engine.tables.rules import check_company
from quotum.engine.tables.schema import TABLES, Column
from quotum.web.bridge.stored import new_address, stored
from quotum.web.records.models import (
    Area,
    Category,
    Customer,
    Event,
    FactTable,
    Ownership,
    Person,
    Product,
    Unit,
)

MasterModel = Unit | Area | Category | Product | Person | Customer | Ownership | Event
MASTER: dict[str, type[MasterModel]] = {
    "units": Unit, "areas": Area, "categories": Category, "products": Product, "people": Person,
    "customers": Customer, "ownership": Ownership, "events": Event,
}  # fmt: skip
"""The tables that people edit, in an order in which every row finds the rows it names; the others are facts."""

_RENAMED = {"class": "class_name"}


def field_of(table: str, column: Column) -> str:
    """Return what the record calls a column: keys of other tables end in ``_id``."""
    name = _RENAMED.get(column.name, column.field)
    is_key_of_another = column.refers_to and TABLES[table].key != (column.name,)
    return f"{name}_id" if is_key_of_another else name


def updated_fields(table: str) -> list[str]:
    """Return the fields that an import of a table writes into a record that is there: others are people's own."""
    columns = [column for column in TABLES[table].columns if (column.name,) != TABLES[table].key]
    return [field_of(table, column).removesuffix("_id") for column in columns]


def open_records(text: str) -> OpenedCompany:
    """Return the company in the database with the settings that ``text`` (a plan.toml) says, and all findings."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.toml"
        path.write_text(text, encoding="utf-8")
        document, notes = read_document(path)
    settings = make_settings(document, notes)
    company = Company.of({**read_master(), **read_facts()})
    issues = notes.issues + check_company(company, settings)
    cleaned, effects = clean_company(company), pl.DataFrame(schema=EFFECTS_SCHEMA)
    if settings is not None:
        cleaned, effects, found = at_plan_rates(cleaned, settings)
        issues += found
    return OpenedCompany(cleaned, settings, shorten(issues), {}, effects)


def read_master() -> dict[str, pl.DataFrame]:
    """Return the tables that people edit, in the engine's types; an empty text is a missing value."""
    return {name: _read(name, model) for name, model in MASTER.items()}


def read_facts(names: frozenset[str] = frozenset()) -> dict[str, pl.DataFrame]:
    """Return the tables that programs fill, all of them or those named."""
    facts = FactTable.objects.filter(table__in=names) if names else FactTable.objects.all()
    return {fact.table: pl.read_parquet(stored(fact.address), glob=False) for fact in facts}


def store_facts(table: str, frame: pl.DataFrame) -> tuple[str, str]:
    """Write a table of facts as a new file and return its address and digest; the database does not name it yet."""
    address = new_address(f"facts/{table}") + ".parquet"
    path = stored(address)
    unfinished = path.with_suffix(".unfinished")
    frame.write_parquet(unfinished, compression="zstd")
    with unfinished.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    unfinished.replace(path)
    return address, digest


def rows_of(table: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as fields of its records: missing texts are empty."""
    columns = TABLES[table].columns
    renamed = frame.select(pl.col(column.field).alias(field_of(table, column)) for column in columns)
    texts = [field_of(table, c) for c in columns if c.kind not in {"date", "amount", "number", "whole"}
             and not field_of(table, c).endswith("_id")]  # fmt: skip
    return renamed.with_columns(pl.col(texts).fill_null("")).to_dicts()


def _read(table: str, model: type[MasterModel]) -> pl.DataFrame:
    columns = TABLES[table].columns
    objects: Any = model.objects
    rows = objects.order_by("pk").values_list(*(field_of(table, column) for column in columns))
    frame = pl.DataFrame(list(rows), schema=TABLES[table].schema, orient="row")
    texts = [name for name, kind in TABLES[table].schema.items() if kind == pl.String]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts)
