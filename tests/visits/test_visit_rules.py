"""Visits keep what was asked: cadence, history, hours, weekdays, days off, caps, fixed dates; or they say why not."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from visit_worlds import HOME, SINCE, UNTIL, WAY, crew, dates_of, plan_visits, scene, told, town, visits

from quotum.engine.action_plan.checking_visits import find_visit_faults
from quotum.engine.tables.visit_settings import Cadence, ClassCosts
from small_company import firm


def working_days(first: date, second: date) -> int:
    return sum((first + timedelta(days=k)).weekday() < 5 for k in range((second - first).days))


def test_each_class_is_seen_as_often_as_its_cadence_says():
    plan = plan_visits(crew(town(12)))
    counts = dict(plan["visits"].group_by("every").len().iter_rows())
    assert counts == {5: 16, 10: 8, 20: 4}
    for customer in ("K00", "K03"):
        days = dates_of(plan, customer)
        gaps = [working_days(a, b) for a, b in pairwise(days)]
        assert all(4 <= gap <= 6 for gap in gaps)


def test_the_shortest_cadence_of_class_stage_and_quadrant_counts_and_is_named():
    wanted = Cadence({"A": 20}, stages={"early design": 5}, prospects={"large_soon": 10}, everyone=15)
    projects = [{"project": "P1", "customer": "K01", "stage": "early design", "person": "Ana", "since": "2026-11-01"}]
    made = crew(town(4, K03={"class": None}), projects=projects)
    plan = plan_visits(made, visits(wanted), quadrants={"K02": "large_soon"})
    why = [tuple(told(plan, c)[key] for key in ("every", "why", "detail")) for c in ("K00", "K01", "K02", "K03")]
    assert why == [
        (20, "class", "A"), (5, "stage", "early design"), (10, "prospect", "large_soon"), (15, "round", "")
    ]  # fmt: skip


def test_the_slow_round_reaches_every_customer():
    plan = plan_visits(crew(town(30, classes="Z")), visits(Cadence(everyone=20)))
    assert plan["visits"]["customer"].n_unique() == 30


def test_rare_visits_are_spread_over_their_round():
    plan = plan_visits(crew(town(40, classes="Z")), visits(Cadence(everyone=40)))
    assert 15 <= plan["visits"].height <= 25


def test_the_last_visit_before_the_horizon_decides_when_the_next_is_due():
    seen = [{"date": "2026-12-31", "person": "Ana", "customer": "K00", "kind": "visit"},
            {"date": "2026-11-20", "person": "Ana", "customer": "K01", "kind": "visit"}]  # fmt: skip
    made = crew(town(4, classes="C", K00={"class": "D"}), activities=seen)
    plan = plan_visits(made, visits(Cadence({"C": 20, "D": 40})))
    assert dates_of(plan, "K00") == []  # due after the horizon
    assert told(plan, "K00")["last"] == date(2026, 12, 31)
    assert told(plan, "K00")["needed"] == 0
    assert working_days(SINCE, dates_of(plan, "K01")[0]) <= 2  # long overdue: at once, late days cost


def test_opening_hours_and_weekdays_are_kept():
    hours = {"opens": "14:00", "closes": "16:00", "weekdays": "2,4"}
    plan = plan_visits(crew(town(9, K00=hours, K03=hours)))
    for customer in ("K00", "K03"):
        assert dates_of(plan, customer)
        own = plan["agenda"].filter((pl.col("customer") == customer) & (pl.col("kind") == "visit"))
        assert set(own["date"].dt.weekday()) <= {2, 4}
        assert own["start"].min() >= 14 * 60
        assert own["end"].max() <= 16 * 60


def test_nobody_works_on_days_off_and_the_others_take_the_visits():
    away = [{"person": "Ana", "since": "2027-01-11", "until": "2027-01-18", "kind": "ill"}]
    plan = plan_visits(crew(town(8), absences=away))
    days = set(plan["agenda"]["date"])
    assert not any(date(2027, 1, 11) <= day < date(2027, 1, 18) for day in days)
    assert all(day.weekday() < 5 for day in days)
    assert plan["cadences"]["planned"].sum() >= plan["cadences"]["needed"].sum() - 3


def test_who_leaves_makes_no_visits_after():
    plan = plan_visits(crew(town(8), person={"left": "2027-01-13"}))
    assert plan["agenda"]["date"].max() < date(2027, 1, 13)


def test_caps_hold_and_what_is_too_much_is_told_with_the_binding_reason():
    plan = plan_visits(crew(town(30, classes="A"), person={"visits_per_day": 2}))
    assert plan["visits"].group_by("date").len()["len"].max() == 2
    missed = plan["cadences"].filter(pl.col("missed") > 0)
    assert missed["missed"].sum() == 120 - 40
    assert set(missed["reason"]) == {"visits_cap"}
    short = plan_visits(crew(town(12, classes="A"), person={"minutes_per_day": 60}))
    assert set(short["cadences"].filter(pl.col("missed") > 0)["reason"]) <= {"no_minutes", "spacing"}
    assert {issue.rule for issue in short.issues} == {"visits_missed", "cadence_of_nobody"}


def test_who_is_never_open_has_no_open_day():
    plan = plan_visits(crew(town(3, K00={"opens": "19:00", "closes": "21:00"}, K01={"weekdays": "7"})))
    assert {told(plan, c)["reason"] for c in ("K00", "K01")} == {"no_open_day"}


def test_dear_visits_are_kept_where_time_is_short():
    costs = {"A": ClassCosts(missed=5000.0), "B": ClassCosts(missed=10.0)}
    wanted = visits(Cadence({"A": 10, "B": 10}), classes=costs)
    plan = plan_visits(crew(town(32, classes="AB"), person={"visits_per_day": 2}), wanted)
    left_out = plan["cadences"].filter(pl.col("missed") > 0)["class"].unique().to_list()
    assert left_out == ["B"]


def test_prospects_are_worth_what_is_said_of_their_place():
    """D2: large and soon comes first where time is short."""
    rows = [{**row, "class": None} for row in town(24)]
    quadrants = {row["customer"]: "large_soon" if at % 2 else "small_later" for at, row in enumerate(rows)}
    costs = {"large_soon": ClassCosts(missed=2000.0), "small_later": ClassCosts(missed=50.0)}
    wanted = visits(Cadence(prospects={"large_soon": 10, "small_later": 10}), classes=costs)
    plan = plan_visits(crew(rows, person={"visits_per_day": 1}), wanted, quadrants=quadrants)
    made = dict(plan["visits"].group_by("detail").len().iter_rows())
    assert made["large_soon"] > 3 * made["small_later"]


def test_a_class_that_nobody_has_is_told():
    plan = plan_visits(crew(town(3)), visits(Cadence({"A": 5, "Vip": 5}), classes={"vip": ClassCosts(missed=900.0)}))
    assert [issue.value for issue in plan.issues if issue.rule == "cadence_of_nobody"] == ["Vip, vip"]


def test_fixed_dates_stay_and_count_as_visits():
    booked = [{"person": "Ana", "customer": "K02", "start": "2027-01-13 10:00", "minutes": 45, "kind": "fair"},
              {"person": "Ana", "start": "2027-01-14 09:00", "minutes": 60, "kind": "meeting"}]  # fmt: skip
    plan = plan_visits(crew(town(6), appointments=booked))
    fixed = plan["agenda"].filter(pl.col("kind") == "appointment").sort("date")
    assert fixed.select("customer", "date", "start", "end").rows() == [
        ("K02", date(2027, 1, 13), 600, 645), (None, date(2027, 1, 14), 540, 600),
    ]  # fmt: skip
    assert dates_of(plan, "K02") == []  # seen every four weeks, and that is the visit


def test_a_fixed_date_that_overlaps_or_lies_on_a_day_off_is_told():
    booked = [{"person": "Ana", "customer": "K02", "start": "2027-01-13 10:00", "minutes": 45, "kind": "fair"},
              {"person": "Ana", "customer": "K01", "start": "2027-01-13 10:15", "minutes": 45, "kind": "fair"},
              {"person": "Ana", "customer": "K00", "start": "2027-01-16 10:00", "kind": "fair"}]  # fmt: skip
    plan = plan_visits(crew(town(3), appointments=booked))
    missed = plan["cadences"].filter((pl.col("kind") == "appointment") & (pl.col("missed") == 1))
    assert "K00" in missed["customer"]
    assert missed.height == 2
    assert set(missed["reason"]) == {"appointment", "day_off"}


def test_calls_come_in_the_morning_and_visits_in_the_afternoon():
    wanted = visits(Cadence({"A": 5, "B": 10}, calls={"A": 5, "C": 5}), visits_from=13 * 60)
    plan = plan_visits(crew(town(12)), wanted)
    ends = plan["agenda"].filter(pl.col("kind") == "call")["end"].max()
    begins = plan["agenda"].filter(pl.col("kind") == "visit")["start"].min()
    assert ends is not None
    assert begins is not None
    assert ends <= 12 * 60 <= 13 * 60 <= begins
    both = plan["visits"].group_by("customer", "date").len().filter(pl.col("len") > 1)
    assert both.height == 0  # nobody is called on the day of a visit


def test_calls_keep_away_from_visits_where_they_can(monkeypatch: pytest.MonkeyPatch):
    def count_close() -> int:
        cadence = Cadence({"A": 10, "B": 20, "C": 20}, calls={"A": 5, "B": 10, "C": 20})
        plan = plan_visits(crew(town(30)), visits(cadence))
        seen = {key: dates_of(plan, key) for key in plan["visits"]["customer"].unique()}
        calls = plan["visits"].filter(pl.col("kind") == "call").select("customer", "date")
        return sum(any(abs((day - other).days) <= 2 for other in seen[key]) for key, day in calls.iter_rows())

    close = count_close()
    monkeypatch.setattr("quotum.engine.action_plan.person_blocks._SOON", 0)
    assert close < count_close()


def test_customers_without_place_are_called_and_told():
    plan = plan_visits(crew(town(6, K00={"lat": None}, K03={"lat": 0.0, "lon": 0.0})))
    assert dates_of(plan, "K00") == []
    assert len(dates_of(plan, "K00", "call")) == 4
    issue = next(issue for issue in plan.issues if issue.rule == "visits_without_place")
    assert dict(issue.details)["customers"] == "2"


def test_who_has_only_calls_drives_nowhere():
    plan = plan_visits(crew(town(3, K00={"lat": None}, K01={"lat": None}, K02={"lat": None})))
    assert set(plan["agenda"]["kind"]) == {"call"}


def test_customers_of_nobody_are_told():
    rows = town(3)
    company = firm({"Ana": "North"}, {"K00": "Ana", "K01": None, "K02": None}, customers=rows,
                   people=[{"person": "Ana", "lat": HOME[0], "lon": HOME[1]}])  # fmt: skip
    plan = plan_visits(company)
    assert {issue.rule for issue in plan.issues} == {"visits_without_person"}


def test_the_day_may_end_elsewhere():
    plan = plan_visits(crew(town(6), person={"end_lat": 56.0, "end_lon": -3.3}))
    ends = plan["agenda"].filter(pl.col("kind") == "end")
    assert set(ends["lat"]) == {56.0}
    starts = plan["agenda"].filter(pl.col("kind") == "start")
    assert set(starts["lat"]) == {HOME[0]}


def test_a_far_town_is_worth_a_night_when_it_saves_ways():
    far = [{**row, "lat": row["lat"] + 0.7} for row in town(16, classes="C", spread=0.02)]
    near = visits(overnight_after=90, overnight_cost=30)
    plan = plan_visits(crew(far, person={"minutes_per_day": 560, "visits_per_day": 8}), near)
    assert (plan["agenda"]["kind"] == "hotel").any()
    never = plan_visits(crew(far, person={"minutes_per_day": 560}), visits(overnight_after=0))
    assert not (never["agenda"]["kind"] == "hotel").any()
    assert plan["agenda"]["travel"].sum() < never["agenda"]["travel"].sum()


def test_the_ways_to_and_from_a_hotel_are_driven_even_if_nobody_is_seen_on_these_days():
    """Three full days' visits lie five hours away: who sleeps there has driven there, and drives home."""
    far = [{**row, "lat": row["lat"] + 1.2} for row in town(18, classes="C", spread=0.02)]
    company = crew(far, person={"minutes_per_day": 480, "visits_per_day": 8})
    plan = plan_visits(company, visits(overnight_after=90, overnight_cost=30))
    away = plan["agenda"].filter(pl.col("kind") == "hotel")
    assert away.height > 0
    for day in away["date"]:
        legs = plan["agenda"].filter(pl.col("date").is_in([day - timedelta(days=k) for k in range(-4, 5)]))
        assert legs.filter(pl.col("travel") > 120).height >= 2  # there and back
    lost = plan["agenda"].filter(pl.col("date") != away["date"].min())
    seen = scene(company, visits(overnight_after=90, overnight_cost=30))
    rules = {fault.rule for fault in find_visit_faults(seen, {**plan.tables, "agenda": lost}, WAY)}
    assert "not_where_it_slept" in rules


@pytest.mark.parametrize("until", [date(2027, 1, 9), date(2027, 3, 28)])
def test_horizons_from_a_week_to_many(until):
    from dataclasses import replace

    plan = plan_visits(crew(town(8)), replace(visits(), until=until))
    assert plan["visits"]["date"].max() < until
    weekly = dates_of(plan, "K00")
    weeks = (until - SINCE).days / 7
    assert abs(len(weekly) - weeks) <= 1
    assert UNTIL > SINCE


def test_same_seed_same_plan_and_order_of_rows_is_irrelevant():
    rows = town(12)
    first, second = plan_visits(crew(rows)), plan_visits(crew(rows[::-1]))
    assert all(first[name].equals(second[name]) for name in first.tables)
