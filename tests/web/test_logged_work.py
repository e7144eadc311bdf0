"""Calls and visits logged in the browser count as activities, those an import brought as well only once."""

import polars as pl
import pytest
from day_world import MONDAY, build_days, log

from quotum.engine.tables.company import Company
from quotum.engine.tables.schema import TABLES
from quotum.web.bridge.logged import with_log

pytestmark = pytest.mark.django_db


def test_logged_work_is_among_the_activities_once():
    build_days()
    for result in ("interest", "order", "absent"):
        log("ann", MONDAY, result, customer_id="c-ann")
    brought = [{"date": MONDAY, "person": "ann", "customer": "c-ann", "kind": "visit", "result": "interest"}]
    company = Company.of({"activities": pl.DataFrame(brought, schema=TABLES["activities"].schema)})
    told = with_log(company)["activities"].select("date", "person", "customer", "kind", "result").rows()
    assert told == [(MONDAY, "ann", "c-ann", "visit", "interest"), (MONDAY, "ann", "c-ann", "visit", "order")]
