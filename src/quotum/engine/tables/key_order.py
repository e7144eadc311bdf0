"""A company in the order of its keys: the order of input cannot matter."""

from __future__ import annotations

from quotum.engine.tables.company import Company
from quotum.engine.tables.schema import TABLES


def in_key_order(company: Company) -> Company:
    """Return the company with its keyed tables in the order of their keys."""
    tables = company.tables.items()
    return Company({name: frame.sort(TABLES[name].key) if TABLES[name].key else frame for name, frame in tables})
