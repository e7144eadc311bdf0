"""Takes a whole company's tables into the database: rows are updated by key, facts become a new file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from quotum.web.bridge.company import MASTER, rows_of, store_facts, updated_fields
from quotum.web.bridge.stored import remove_stored
from quotum.web.records.models import Area, Category, Customer, FactTable, Unit, User
from quotum.web.services.recording import record_change

if TYPE_CHECKING:
    import polars as pl

_BATCH = 2_000


def take_tables(user: User | None, tables: Mapping[str, pl.DataFrame], reason: str) -> dict[str, int]:
    """Take checked tables in, all or nothing, and return the number of rows of each; one line on record a table.

    Rows of tables that people edit are added, or updated by their key; ownership and events are replaced as a whole.
    Facts are replaced by what is given.
    """
    written: list[str] = []
    try:
        with transaction.atomic():
            counts = {}
            for name in (name for name in MASTER if name in tables):
                counts[name] = take_rows(name, rows_of(name, tables[name]))
            for name in (name for name in tables if name not in MASTER):
                address, digest = store_facts(name, tables[name])
                written.append(address)
                values = {"address": address, "digest": digest, "rows": tables[name].height}
                FactTable.objects.update_or_create(table=name, defaults=values)
                counts[name] = tables[name].height
            set_paths()
            set_search_texts()
            for name, rows in counts.items():
                record_change(user, "imported", name, name, after={"rows": rows}, reason=reason)
    except BaseException:
        for address in written:
            remove_stored(address)
        raise
    return counts


def take_rows(table: str, rows: Iterable[Mapping[str, object]]) -> int:
    """Add or update the rows of a table that people edit."""
    model: Any = MASTER[table]
    made: list[Any] = [model(**row) for row in rows]
    if table in {"ownership", "events"}:
        model.objects.all().delete()
        model.objects.bulk_create(made, batch_size=_BATCH)
        return len(made)
    if table in {"units", "areas", "categories"}:
        made = _parents_first(made)
    model.objects.bulk_create(
        made, batch_size=_BATCH, update_conflicts=True, unique_fields=[model._meta.pk.attname],
        update_fields=updated_fields(table),
    )  # fmt: skip
    return len(made)


def _parents_first(nodes: Sequence[Unit | Area | Category]) -> list[Unit | Area | Category]:
    """Return the nodes of a tree, each after its parent."""
    by_key = {node.pk: node for node in nodes}
    ordered: dict[str, Unit | Area | Category] = {}

    def add(node: Unit | Area | Category) -> None:
        if node.pk in ordered:
            return
        if node.parent_id in by_key:
            add(by_key[node.parent_id])
        ordered[node.pk] = node

    for node in nodes:
        add(node)
    return list(ordered.values())


def set_paths() -> None:
    """Write into every unit the keys from the top down to it."""
    units = {unit.pk: unit for unit in Unit.objects.all()}

    def path(unit: Unit) -> str:
        above = path(units[unit.parent_id]) if unit.parent_id else ""
        return f"{above}{unit.pk}\n"

    stale = []
    for unit in units.values():
        if unit.path != (found := path(unit)):
            unit.path = found
            stale.append(unit)
    Unit.objects.bulk_update(stale, ["path"], batch_size=_BATCH)


def search_text_of(customer: Customer) -> str:
    """Return what the search looks into; short enough for an index in every database."""
    return f"{customer.pk} {customer.name} {customer.city} {customer.phone}".casefold()[:400]


def set_search_texts() -> None:
    """Write into every customer what the search looks into."""
    customers = list(Customer.objects.only("pk", "name", "city", "phone", "search_text"))
    stale = []
    for customer in customers:
        if customer.search_text != (text := search_text_of(customer)):
            customer.search_text = text
            stale.append(customer)
    Customer.objects.bulk_update(stale, ["search_text"], batch_size=_BATCH)
