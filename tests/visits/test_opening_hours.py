"""Opening hours that differ by weekday: how they are written, and that visits and calls keep them."""

from __future__ import annotations

import polars as pl
import pytest
from visit_worlds import crew, dates_of, plan_visits, told, town, visits

from quotum.engine.tables.opening_hours import CLOSED, check_hours, read_hours
from quotum.engine.tables.visit_settings import Cadence
from small_company import firm


@pytest.mark.parametrize(
    ("cells", "monday", "saturday", "sunday"),
    [
        ((None, None, None), (0, 1440), (0, 1440), (0, 1440)),
        (("09:00", "18:00", None), (540, 1080), (540, 1080), (540, 1080)),
        (("9.30", "00:00", None), (570, 1440), (570, 1440), (570, 1440)),
        (("mon-fri 09:00; sat 10:00", "18:00; sat 13:00", None), (540, 1080), (600, 780), CLOSED),
        (("Mo-Fr 09:00, Sa 10:00", None, None), (540, 1440), (600, 1440), CLOSED),
        (("08:00", "1-5 17:00; 6 12:00", None), (480, 1020), (480, 720), CLOSED),
        (("fri-mon 10:00", "18:00", None), (600, 1080), (600, 1080), (600, 1080)),
        (("09:00; sun 11:00", "17:00:00", None), (540, 1020), (540, 1020), (660, 1020)),
        (("noon", "18:00", "mon-sat"), (0, 1080), (0, 1080), CLOSED),
        (("mon,wed 09:00", None, "1,2,6"), (540, 1440), CLOSED, CLOSED),
    ],
)
def test_hours_are_read_by_weekday(cells, monday, saturday, sunday):
    week = read_hours(*cells)
    assert (week[0], week[5], week[6]) == (monday, saturday, sunday)


def test_what_cannot_be_read_is_told():
    rows = town(3, K00={"opens": "noon"}, K01={"closes": "18:00-20:00", "weekdays": "all"}, K02={"opens": "9:00"})
    booked = [{"person": "Ana", "customer": "K01", "start": "Tuesday"}]
    found = {(issue.rule, issue.column, issue.severity) for issue in check_hours(crew(rows, appointments=booked))}
    assert found == {("hours_syntax", "opens", "warning"), ("hours_syntax", "closes", "warning"),
                     ("hours_syntax", "weekdays", "warning"), ("not_a_moment", "start", "error")}  # fmt: skip
    assert check_hours(firm({"Ana": "North"})) == []


def test_visits_keep_hours_that_differ_by_weekday():
    hours = {"opens": "mon 14:00; wed-thu 09:00", "closes": "mon 16:00; wed-thu 10:30"}
    plan = plan_visits(crew(town(9, K00=hours, K03=hours)))
    for customer in ("K00", "K03"):
        assert dates_of(plan, customer)
        for row in plan["agenda"].filter(pl.col("customer") == customer).iter_rows(named=True):
            weekday = row["date"].isoweekday()
            assert weekday in (1, 3, 4)
            begin, end = (840, 960) if weekday == 1 else (540, 630)
            assert begin <= row["start"] <= row["end"] <= end


def test_calls_wait_until_the_customer_opens():
    wanted = visits(Cadence(calls={"A": 5}))
    rows = town(9, classes="A", K00={"opens": "tue 11:00", "closes": "tue 11:30"}, K01={"opens": "10:00"})
    plan = plan_visits(crew(rows), wanted)
    calls = plan["agenda"].filter(pl.col("kind") == "call")
    own = calls.filter(pl.col("customer") == "K00")
    assert set(own["date"].dt.weekday()) == {2}
    assert own["start"].min() >= 660
    assert own["end"].max() <= 690
    assert len(own) == 4
    assert calls.filter(pl.col("customer") == "K01")["start"].min() >= 600


def test_who_is_closed_all_morning_is_not_called_and_told():
    wanted = visits(Cadence(calls={"A": 5}))
    plan = plan_visits(crew(town(3, classes="A", K00={"opens": "14:00"})), wanted)
    assert dates_of(plan, "K00", "call") == []
    assert told(plan, "K00", "call")["reason"] == "closed"
    assert told(plan, "K01", "call")["missed"] == 0
