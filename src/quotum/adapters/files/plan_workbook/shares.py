"""Products and customers: what the numbers are made of."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.adapters.files.plan_workbook.amounts import amount_columns, keep_largest
from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.plan_workbook.figures import Rows
from quotum.adapters.files.plan_workbook.trees import list_paths
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.reason_words import is_reserved
from quotum.engine.tables.plan_tables import scan

MAX_CUSTOMERS = 2_000
_MAX_PRODUCTS = 50_000


def write_products(book: Book, rows: Rows, names: MemberNames, title: str) -> None:
    """Write products with their categories, or categories alone; no sheet where the plan was split over neither."""
    dimension = next((d for d in ("product", "category") if _is_split(rows, d)), None)
    if dimension is None:
        return
    totals = rows.total_cut([dimension])
    assert totals is not None
    frame, others = keep_largest(totals, _MAX_PRODUCTS)
    keys = frame[dimension].to_list()
    names.learn(dimension, keys)
    paths = list_paths(rows.plan, "category", names)
    above = keys
    if dimension == "product":
        category = dict(_attributes(rows, "product", frame["product"], ["category"]).rows())
        above = [category.get(key) for key in keys]
    ways = [paths.get(key, (len(paths), names.of("category", key))) for key in above]
    frame = frame.with_columns(
        pl.Series("place", [place for place, _ in ways], dtype=pl.Int64),
        pl.Series("way", [way for _, way in ways], dtype=pl.String),
    ).sort("place", "commit", dimension, descending=[False, True, False], nulls_last=True)
    frame = pl.concat([frame, others], how="diagonal")
    heads = [Column("category", WORDS["category"], frame["way"].to_list())]
    if dimension == "product":
        heads += [_keys(frame, "product"), _names(frame, "product", names)]
    _write(book, rows, WORDS["products_sheet"], title, WORDS["products_note"], heads, frame, len(totals) - len(keys))


def write_customers(book: Book, rows: Rows, names: MemberNames, title: str) -> None:
    """Write the largest customers and one line for all others; no sheet where the plan was not split over them."""
    if not _is_split(rows, "customer"):
        return
    totals = rows.total_cut(["customer"])
    assert totals is not None
    frame, others = keep_largest(totals.sort("commit", "customer", descending=[True, False]), MAX_CUSTOMERS)
    names.learn("customer", frame["customer"].to_list())
    said = _attributes(rows, "customer", frame["customer"], ["channel", "class", "area"])
    kept = [name for name in said.columns[1:] if said[name].count()]
    frame = frame.join(said.select("key", *kept), left_on="customer", right_on="key", how="left", maintain_order="left")
    frame = frame.join(_owners(rows, frame["customer"], names), on="customer", how="left", maintain_order="left")
    frame = pl.concat([frame, others], how="diagonal")
    note = WORDS["customers_note" if len(others) else "all_customers_note"]
    heads = [
        _keys(frame, "customer"),
        _names(frame, "customer", names),
        *([Column("owner", WORDS["owner"], frame["owner"].to_list())] if frame["owner"].count() else []),
        *(Column(d, WORDS[d], [names.of(d, key) for key in frame[d].to_list()]) for d in kept),
    ]
    note = note.format(count=MAX_CUSTOMERS, all=len(totals))
    _write(book, rows, WORDS["customers_sheet"], title, note, heads, frame, len(totals) - len(frame) + len(others))


def _write(
    book: Book, rows: Rows, name: str, title: str, note: str, heads: list[Column], frame: pl.DataFrame, left_out: int
) -> None:
    """Write a list of members with their amounts; ``left_out``: how many the last line stands for."""
    if left_out:
        heads[0] = replace(heads[0], values=[*heads[0].values[:-1], WORDS["further"].format(count=left_out)])
    heads[0] = replace(heads[0], total=WORDS["total"])
    columns = [*heads, *amount_columns(frame, stretch=rows.has_stretch)]
    book.write_list(
        name, title, note, columns, decimals=rows.measure.decimals, frozen=len(heads), further=bool(left_out)
    )


def _is_split(rows: Rows, dimension: str) -> bool:
    return dimension in rows.dimensions or rows.find_cut([dimension]) is not None


def _attributes(rows: Rows, dimension: str, keys: pl.Series, wanted: list[str]) -> pl.DataFrame:
    """Return what the plan knows about members: ``key, wanted …``."""
    members = scan(rows.plan.tables, "members").filter(pl.col("dimension") == dimension)
    return members.filter(pl.col("key").is_in(keys.implode())).select("key", *wanted).collect()


def _owners(rows: Rows, customers: pl.Series, names: MemberNames) -> pl.DataFrame:
    """Return the names of everybody who carries a part of a customer: ``customer, owner``."""
    step = rows.find_cut(["customer"])
    if "person" not in rows.dimensions or step is None:
        return pl.DataFrame(schema={"customer": pl.String, "owner": pl.String})
    held = (
        scan(rows.plan.cuts, step)
        .filter(pl.col("customer").is_in(customers.implode()))
        .select("row", "customer")
        .join(rows.frame.lazy().select("row", "person"), on="row")
        .select("customer", "person")
        .unique()
        .sort("customer", "person")
        .collect()
    )
    names.learn("person", held["person"].unique().to_list())
    called = pl.Series("owner", [names.of("person", key) for key in held["person"].to_list()], dtype=pl.String)
    return held.with_columns(called).group_by("customer", maintain_order=True).agg(pl.col("owner").str.join(", "))


def _keys(frame: pl.DataFrame, dimension: str) -> Column:
    shown = ["" if is_reserved(key or "") else key for key in frame[dimension].to_list()]
    return Column(dimension, WORDS[dimension], shown)


def _names(frame: pl.DataFrame, dimension: str, names: MemberNames) -> Column:
    called = [names.of(dimension, key) or WORDS["not_split"] for key in frame[dimension].to_list()]
    return Column(f"{dimension}_name", WORDS["name"], called)
