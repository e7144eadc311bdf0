"""Calls and visits that people have logged here, as rows of the company's table of activities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from django.utils import timezone

from quotum.engine.tables.company import Company
from quotum.engine.tables.schema import TABLES
from quotum.web.records.models import LogEntry

_NAMES = ("date", "person", "customer", "kind", "result", "minutes")
_SAME = ("date", "person", "customer", "kind")


def with_log(company: Company) -> Company:
    """Return the company with what was logged among its activities.

    What an import brought as well, of the same person, day, customer and kind, is there once.
    """
    given = company["activities"].select(_NAMES)
    place = pl.int_range(pl.len()).over(_SAME).alias("place")
    fresh = read_log().with_columns(place).join(
        given.with_columns(place), on=[*_SAME, "place"], how="anti", nulls_equal=True, maintain_order="left"
    )  # fmt: skip
    return replace(company, tables={**company.tables, "activities": pl.concat([given, fresh.select(_NAMES)])})


def read_log(since: date | None = None) -> pl.DataFrame:
    """Return the calls and visits logged, by their order; where nobody was met there was no contact."""
    logged = LogEntry.objects.filter(kind__in=("call", "visit"), customer__isnull=False).exclude(result="absent")
    if since is not None:
        logged = logged.filter(at__date__gte=since)
    rows = [(timezone.localtime(at).date(), person, customer, kind, result, None if minutes is None else float(minutes))
            for at, person, customer, kind, result, minutes in logged.order_by("pk").values_list(
                "at", "person_id", "customer_id", "kind", "result", "minutes")]  # fmt: skip
    schema = TABLES["activities"].schema
    return pl.DataFrame(rows, schema={name: schema[name] for name in _NAMES}, orient="row")
