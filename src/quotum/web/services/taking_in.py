"""Writes compared tables into the database: only what is new or different, with what changed on record."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from django.db import transaction

from quotum.web.bridge.company import MASTER, rows_of, store_facts
from quotum.web.bridge.merging import Merged
from quotum.web.bridge.stored import remove_stored, stored
from quotum.web.records.models import Customer, FactTable, Ownership, Person, User
from quotum.web.services.company_tables import set_paths, set_search_texts, take_rows
from quotum.web.services.recording import record_change

MOST_LINES = 1_000
"""Records with a line of their own in the record of changes; of a larger import the table's line tells the counts."""
KEPT_SECONDS = 24 * 3600
"""How long a file of facts stays that another has replaced: somebody may be reading it."""
_BATCH = 500
_CHUNK = 20_000
Tell = Callable[[int, int], None]


def take_merged(
    user: User | None, merged: Mapping[str, Merged], reason: str, tell: Tell = lambda _done, _total: None
) -> None:
    """Write tables within the transaction of the caller; new files of facts go where it fails.

    ``tell`` is told rows written and rows in all, and may raise to give everything up; after it was told that all are
    written nothing stops the work any more.
    """
    written: list[str] = []
    rows = {name: merged[name].given.height for name in merged if not merged[name].is_idle}
    done, total = 0, sum(rows.values())
    tell(done, total)
    try:
        with transaction.atomic():
            for name in (name for name in MASTER if name in rows):
                _take_master(user, name, merged[name], reason, _tell_after(tell, done, total))
                done += rows[name]
                tell(min(done, total - 1), total)
            for name in (name for name in merged if name not in MASTER and name in rows):
                written.append(_take_facts(name, merged[name]))
                done += rows[name]
                tell(min(done, total - 1), total)
            set_paths()
            if "customers" in rows:
                set_search_texts()
            tell(total, total)
            for name, each in merged.items():
                record_change(user, "imported", name, name, after=each.counts, reason=reason)
    except BaseException:
        for address in written:
            remove_stored(address)
        raise


def _tell_after(tell: Tell, before: int, total: int) -> Callable[[int], None]:
    """Return what tells of rows of one table; not yet that all are written."""
    return lambda more: tell(min(before + more, total - 1), total)


def _take_master(
    user: User | None, name: str, merged: Merged, reason: str, tell: Callable[[int], None]
) -> None:
    """Write a table that people edit; ``tell`` is told the rows written, every some thousand."""
    if name == "events":
        take_rows(name, rows_of(name, pl.concat([merged.given, merged.kept])))
        return
    touched = merged.given.filter(merged.news | merged.changes)
    if name == "ownership":
        _take_owners(merged)
        return
    whole = name in {"units", "areas", "categories"}  # trees: parents come first
    for at in range(0, touched.height, max(touched.height, 1) if whole else _CHUNK):
        take_rows(name, rows_of(name, touched if whole else touched[at : at + _CHUNK]))
        tell(min(at + _CHUNK, touched.height))
    changed = {each["key"] for each in merged.differences}
    if int(merged.changes.sum()) > MOST_LINES:
        return
    units = _units_of(name, changed)
    for key in sorted(changed):
        cells = [each for each in merged.differences if each["key"] == key]
        record_change(user, "changed", name, key, before={each["column"]: each["before"] for each in cells},
                      after={each["column"]: each["after"] for each in cells}, reason=reason,
                      unit=units.get(key) or "")  # fmt: skip


def _units_of(name: str, keys: set[str]) -> dict[str, str | None]:
    """Return the unit that each of some records belongs to, so that its managers find the change on record."""
    match name:
        case "units":
            return {key: key for key in keys}
        case "people":
            return dict(Person.objects.filter(pk__in=keys).values_list("pk", "unit"))
        case "customers":
            return dict(Customer.objects.filter(pk__in=keys).values_list("pk", "person__unit"))
        case _:
            return {}


def _take_owners(merged: Merged) -> None:
    """Replace the owners' lines of the customers whose lines differ."""
    everybody = merged.kept.height == 0
    touched = merged.given.filter(merged.news | merged.changes)["customer"].unique()
    keys = touched.sort().to_list()
    if everybody or merged.gone:  # lines may be gone without any that is new
        keys = merged.given["customer"].unique().sort().to_list()
    if everybody:
        Ownership.objects.all().delete()
    for at in range(0, len(keys), _BATCH):
        Ownership.objects.filter(customer__in=keys[at : at + _BATCH]).delete()
    rows: list[dict[str, Any]] = rows_of("ownership", merged.given.filter(pl.col("customer").is_in(keys)))
    Ownership.objects.bulk_create([Ownership(**row) for row in rows], batch_size=2_000)


def _take_facts(name: str, merged: Merged) -> str:
    """Write a table that programs fill as a new file and return its address."""
    frame = pl.concat([merged.kept, merged.given], how="vertical_relaxed")
    address, digest = store_facts(name, frame)
    values = {"address": address, "digest": digest, "rows": frame.height}
    FactTable.objects.update_or_create(table=name, defaults=values)
    transaction.on_commit(lambda: _sweep(name))
    return address


def _sweep(name: str) -> None:
    """Remove files of a table of facts that were replaced long ago."""
    named = set(FactTable.objects.values_list("address", flat=True))
    for path in stored(f"facts/{name}").glob("*.parquet"):
        if f"facts/{name}/{path.name}" not in named and path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
