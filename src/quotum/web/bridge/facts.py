"""What the tables that programs fill say of a record."""

from __future__ import annotations

import polars as pl

from quotum.engine.tables.schema import TABLES
from quotum.web.bridge.stored import stored
from quotum.web.records.models import FactTable


def tables_naming(table: str, key: str) -> list[str]:
    """Return the tables of facts in which a key of ``table`` (units, people, customers …) stands."""
    naming = []
    for fact in FactTable.objects.order_by("table"):
        columns = [column.name for column in TABLES[fact.table].columns if column.refers_to == table]
        if columns:
            rows = pl.scan_parquet(stored(fact.address), glob=False)
            if rows.filter(pl.any_horizontal(pl.col(columns) == key)).head(1).collect().height:
                naming.append(fact.table)
    return naming
