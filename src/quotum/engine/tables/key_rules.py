"""Rules on keys: given once, and there where other tables name them."""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import MOST_LISTED, counted, finding, list_lines
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import DIMENSIONS, TABLES, Table

_MOST_NEAREST = 20  # orphans for which a likely name is looked up
_MANY_KEYS = 10_000
_RESERVED = ("vacant:", "new_business:", "other")


def check_keys(company: Company) -> list[Issue]:
    """Check that keys identify rows, and that every key named elsewhere exists."""
    issues: list[Issue] = []
    for table in TABLES.values():
        if company[table.name].height:
            issues += _check_duplicates(company, table)
            for column in table.columns:
                if column.refers_to:
                    issues += _check_references(company, table.name, column.name, column.refers_to)
    issues += _check_references(company, "sales", "person", "people", severity_error=False)
    return issues + _check_members(company)


def check_plan_measures(company: Company, settings: PlanSettings) -> list[Issue]:
    """Locks, totals and proposals for a measure without a target are of no effect: an issue a measure and table."""
    targets = [target.measure for target in settings.targets]
    issues = []
    for table in ("locks", "totals", "proposals"):
        lines = company[table].with_row_index("row").filter(~pl.col("measure").is_in(targets))
        counts = lines.group_by("measure").agg(pl.col("row").first(), pl.len()).sort("row")
        for measure, row, count in counts.iter_rows():
            details = (("rows", str(count)), ("nearest", nearest(measure, targets)), ("known", ", ".join(targets)))
            issues.append(finding(company, table, "measure_without_target", row=row, severity="warning",
                                  column="measure", value=measure, details=details))  # fmt: skip
    return issues


def _check_duplicates(company: Company, table: Table) -> list[Issue]:
    """A key stands for one row: an issue a key with all its lines."""
    frame = company[table.name]
    if not table.key or frame[table.key[0]].n_unique() == frame.height:
        return []
    rows = frame.select(table.key).with_row_index("row").drop_nulls()
    doubles = rows.group_by(table.key).agg(pl.col("row")).filter(pl.col("row").list.len() > 1)
    doubles = doubles.sort(pl.col("row").list.first())
    found = [finding(company, table.name, "key_twice", row=every[1], column=table.key[0], value=" ".join(keys),
                     details=(("rows", str(len(every))), ("lines", list_lines(company, table.name, every))))
             for *keys, every in doubles.head(MOST_LISTED).iter_rows()]  # fmt: skip
    return counted(found, doubles.height)


def _check_references(
    company: Company, table: str, column: str, target: str, *, severity_error: bool = True
) -> list[Issue]:
    """Every key must exist in the table it refers to: an issue a missing key, with its first line and its rows.

    Where that table was not given at all, one warning says so; where it could not be read, nothing can be said.
    """
    named = company[table][column]
    if named.null_count() == len(named) or target in company.unreadable:
        return []
    known = company[target][TABLES[target].key[0]]
    if not len(known):
        return [
            finding(company, table, "table_not_given", severity="warning", column=column, details=(("target", target),))
        ]
    missing = _absent(named, known.drop_nulls())
    if not missing.any():
        return []
    rows = pl.DataFrame({"key": named}).with_row_index("row").filter(missing)
    orphans = rows.group_by("key").agg(pl.col("row").first(), pl.len()).sort("row")
    names = known.drop_nulls().to_list()
    found = []
    for place, (key, row, count) in enumerate(orphans.head(MOST_LISTED).iter_rows()):
        near = nearest(key, names) if place < _MOST_NEAREST else ""
        found.append(finding(company, table, "orphan_key", row=row, column=column, value=key,
                             severity="error" if severity_error else "warning",
                             details=(("target", target), ("rows", str(count)), ("nearest", near))))  # fmt: skip
    return counted(found, orphans.height)


def _absent(named: pl.Series, known: pl.Series) -> pl.Series:
    """Tell which of the named keys are not known.

    Many keys are compared by their 64-bit hashes, three times as fast; that an orphan hides behind an equal hash of a
    million keys has a chance of one in 10^13.
    """
    if len(known) < _MANY_KEYS:
        return ~named.is_in(known.implode())
    return (~named.hash().is_in(known.hash().implode())) & named.is_not_null()


def _check_members(company: Company) -> list[Issue]:
    """Keys of locks and totals, and of the scopes of events, must exist in the dimension they name."""
    issues = []
    for table, dimension, named, column in _named_members(company):
        home, field = DIMENSIONS[dimension]
        keys = company[home][field].drop_nulls()
        if dimension == "channel":
            keys = pl.concat([keys, company["sales"]["channel"].unique().drop_nulls()])
        known = set(keys.to_list())
        for row, name in named:
            if home not in company.unreadable and not name.startswith(_RESERVED) and name not in known:
                near = (("target", dimension), ("rows", "1"), ("nearest", nearest(name, sorted(known))))
                issues.append(finding(company, table, "orphan_key", row=row, column=column, value=name, details=near))
    return issues


def _named_members(company: Company) -> list[tuple[str, str, list[tuple[int, str]], str]]:
    """Return (table, dimension, its named keys with their rows, column) of locks, totals and events."""
    named: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    for table in ("locks", "totals"):
        for row, (dimension, key) in enumerate(company[table].select("dimension", "key").iter_rows()):
            if dimension in DIMENSIONS and key is not None:
                named.setdefault((table, dimension, "key"), []).append((row, key))
    for row, scope in enumerate(company["events"]["scope"]):
        dimension, _, key = (scope or "").partition("=")
        if dimension.strip() in DIMENSIONS and key.strip():
            named.setdefault(("events", dimension.strip(), "scope"), []).append((row, key.strip()))
    return [(table, dimension, rows, column) for (table, dimension, column), rows in named.items()]
