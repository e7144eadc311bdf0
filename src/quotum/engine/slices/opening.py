"""Opening an attainment: from the figure of a node to why it stands there, and to the sales it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.basics.trees import Tree
from quotum.engine.tables.company import Company
from quotum.engine.tables.review_tables import Review

SOURCE_SCHEMA = {"date": pl.Date, "order": pl.String, "customer": pl.String, "product": pl.String,
                 "amount_e4": pl.Int64, "quantity_e4": pl.Int64, "file": pl.String, "line": pl.Int64}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenedActual:
    """What an actual is made of.

    ``standing`` is the line of the node in ``attainment`` and ``drivers`` its reasons, where the whole node is asked
    for; ``lines(date, person, unit, customer, product, amount)`` add up to ``actual``, in smallest units. ``sources``:
    the rows of the company's sales that they stand for, with file and line.
    """

    measure: str
    decimals: int
    actual: int
    lines: pl.DataFrame
    standing: dict[str, object] | None = None
    drivers: tuple[tuple[str, int], ...] = ()
    sources: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SOURCE_SCHEMA))


def open_actual(
    review: Review, keys: Sequence[tuple[str, str]], measure: str | None = None, level: str = "commit",
    since: date | None = None, until: date | None = None, company: Company | None = None,
) -> tuple[OpenedActual | None, list[Issue]]:  # fmt: skip
    """Return what the actual of a person, unit, customer or product is made of, or None and which key nobody knows.

    ``keys`` are (dimension, key), all of them at once; ``since`` and ``until`` (half open) bound the days. With
    ``company``, in the order of its files, the rows behind the lines are found there: those of the same day, customer
    and product, of measures that count sales. A line of a shared customer is a part of its row. A unit holds those
    below it, which only the company knows: without it, a unit is opened to its own people.
    """
    measure = measure or review.settings.targets[0].measure
    lines = review["actuals"].filter(measure=measure).drop("measure")
    issues: list[Issue] = []
    for dimension, key in keys:
        issues += _check_key(review, dimension, key)
        allowed = _units_below(company, key) if dimension == "unit" and company is not None else [key]
        lines = lines.filter(pl.col(dimension).is_in(allowed))
    if issues:
        return None, issues
    lines = lines.filter(pl.col("date") >= since) if since else lines
    lines = lines.filter(pl.col("date") < until) if until else lines
    lines = lines.sort("date", "person", "customer", "product", nulls_last=True)
    standing: dict[str, object] | None = None
    drivers: tuple[tuple[str, int], ...] = ()
    if len(keys) == 1 and keys[0][0] in ("unit", "person") and since is None and until is None:
        node = {"dimension": keys[0][0], "node": keys[0][1], "measure": measure, "level": level}
        found = review["attainment"].filter(**node)
        standing = found.row(0, named=True) if found.height else None
        drivers = tuple(review["variance"].filter(**node).select("driver", "amount").iter_rows())
    from_sales = company is not None and review.settings.measures[measure].actual == "sales"
    sources = _find_rows(lines, company) if company is not None and from_sales else pl.DataFrame(schema=SOURCE_SCHEMA)
    decimals = review.settings.measures[measure].decimals
    actual = int(lines["amount"].sum())
    return OpenedActual(measure, decimals, actual, lines, standing, drivers, sources), []


def _check_key(review: Review, dimension: str, key: str) -> list[Issue]:
    known = set(review["actuals"][dimension].drop_nulls().unique())
    known |= set(review["attainment"].filter(dimension=dimension)["node"])
    if dimension in ("customer", "product"):
        known |= set(review["movers"].filter(dimension=dimension)["key"].drop_nulls())
    if key in known:
        return []
    return [Issue(rule="unknown_key", column=dimension, value=key, details=(("nearest", nearest(key, sorted(known))),))]


def _units_below(company: Company, unit: str) -> list[str]:
    units = company["units"]
    tree = Tree.of(units["unit"].to_list(), units["parent"].to_list())
    return sorted(tree.subtree(unit)) if unit in tree.keys else [unit]


def _find_rows(lines: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return the sales of the same days, customers and products, in the order of the lines."""
    sales = company["sales"].with_row_index("row")
    keys = lines.select("date", "customer", "product").unique(maintain_order=True).with_row_index("at")
    found = sales.join(keys, on=["date", "customer", "product"], nulls_equal=True).sort("at", "row")
    source, rows = company.sources.get("sales"), found["row"].to_list()
    return found.with_columns(
        file=pl.Series([source.file_at(row) if source else None for row in rows], dtype=pl.String),
        line=pl.Series([source.line(row) if source else None for row in rows], dtype=pl.Int64),
    ).select(list(SOURCE_SCHEMA))
