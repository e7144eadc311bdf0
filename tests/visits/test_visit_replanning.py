"""A plan made anew keeps what it can: frozen days, visits nobody has a reason to move, and tells the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from visit_worlds import WAY, crew, dates_of, plan_visits, scene, town, visits

from quotum.adapters.printing.visit_tables import tell_moves
from quotum.engine.action_plan.checking_visits import find_visit_faults
from quotum.engine.action_plan.replanning import first_free_day, replan_visits
from quotum.engine.action_plan.visit_plan import VisitPlan
from quotum.engine.tables.company import Company
from quotum.engine.tables.visit_settings import Cadence, VisitSettings

TODAY = date(2027, 1, 11)
USUAL = visits()
SICK = {"person": "Ana", "since": "2027-01-14", "until": "2027-01-15", "kind": "ill"}


def replan(
    company: Company, published: VisitPlan, freeze: int = 1, today: date = TODAY, wanted: VisitSettings = USUAL
) -> VisitPlan:
    whole = scene(company, wanted)
    first = first_free_day(whole.dates, today, freeze)
    assert first is not None
    free = scene(company, replace(wanted, since=first))
    made = replan_visits(free, published, today, WAY)
    assert find_visit_faults(free, made.tables, WAY, frozen=(published["agenda"], first)) == []
    return made


def stay(published: VisitPlan, made: VisitPlan) -> float:
    keys = ["customer", "kind", "date"]
    old = published["visits"].filter(pl.col("date") >= made.free_from).select(keys)
    return old.join(made["visits"].select(keys), on=keys, how="semi").height / old.height


def test_nothing_happened_nothing_moves():
    rows = town(30)
    published = plan_visits(crew(rows))
    made = replan(crew(rows), published)
    assert made["moves"].height == 0
    assert made["visits"].drop("gap").equals(published["visits"].drop("gap"))


def test_evened_weeks_stay_as_they_are():
    """Weeks that were evened out stay so: what that cost in driving is no reason to move anybody."""
    rows, wanted = town(5, classes="C", spread=0.15), visits(even_weeks=100.0)
    published = plan_visits(crew(rows), wanted)
    assert replan(crew(rows), published, wanted=wanted)["moves"].height == 0


def test_a_long_plan_keeps_its_visits_where_nothing_happened():
    """A quarter is planned in blocks of four weeks; made anew in its second week it has the same ones."""
    rows, cadence = town(20), Cadence({"A": 6, "B": 15, "C": 30}, calls={"B": 9})
    wanted = replace(visits(cadence), until=date(2027, 3, 29))
    published = plan_visits(crew(rows), wanted)
    made = replan(crew(rows), published, wanted=wanted)
    assert made["moves"].height <= 2
    ill = replan(crew(rows, absences=[SICK]), published, wanted=wanted)
    day = published["visits"].filter(pl.col("date") == date(2027, 1, 14)).height
    assert ill["moves"].height <= 2 * day + 2


def test_what_became_of_the_planned_is_told_in_one_line():
    rows = town(12)
    published = plan_visits(crew(rows))
    now = [*rows[1:], {**rows[3], "customer": "N1"}]
    day = published["visits"].filter(pl.col("date") > date(2027, 1, 12), pl.col("customer") == "K03")["date"][0]
    ill = {**SICK, "since": day.isoformat(), "until": (day + timedelta(days=1)).isoformat()}
    made = replan(crew(now, absences=[ill]), published)
    moves = made["moves"]
    moved, gone, new = (moves.filter(which).height for which in (
        pl.col("before").is_not_null() & pl.col("after").is_not_null(), pl.col("after").is_null(),
        pl.col("before").is_null()))  # fmt: skip
    before = published["visits"].filter(pl.col("date") >= made.free_from).height
    assert min(moved, gone, new) > 0
    said = tell_moves(published, made)
    assert f"Of {before} visits and calls from 2027-01-12 on: {before - moved - gone} stay, " in said
    assert f"{moved} on another day, {gone} gone, {new} new; " in said
    assert said.endswith(f"{moves['customer'].n_unique()} customers affected")


def test_frozen_days_are_as_they_were_and_the_day_off_is_empty():
    rows = town(30)
    published = plan_visits(crew(rows))
    made = replan(crew(rows, absences=[SICK]), published, freeze=2)
    early = pl.col("date") < date(2027, 1, 13)
    assert made["agenda"].filter(early).equals(published["agenda"].filter(early))
    assert made["agenda"].filter(pl.col("date") == date(2027, 1, 14)).height == 0
    lost = published["visits"].filter(pl.col("date") == date(2027, 1, 14)).height
    moves = made["moves"]
    assert moves.filter(pl.col("why") == "day_off").height == lost
    assert moves.height <= 2 * lost + 2


def test_most_visits_stay_after_illness_two_lost_and_three_new_customers():
    rows = town(60)
    published = plan_visits(crew(rows))
    now = [*rows[2:], *({**row, "customer": f"N{at}"} for at, row in enumerate(town(3, spread=0.03)))]
    made = replan(crew(now, absences=[SICK]), published)
    why = dict(made["moves"].group_by("why").len().iter_rows())
    assert why["dropped"] > 0
    assert why["new_customer"] > 0
    free = published["visits"].filter(pl.col("date") >= made.free_from)
    dropped = free.filter(pl.col("customer").is_in(["K00", "K01"])).height
    off = free.filter(pl.col("date") == date(2027, 1, 14)).height
    kept = stay(published, made) * free.height / (free.height - dropped - off)
    assert kept >= 0.9
    assert dates_of(made, "K00") == [day for day in dates_of(published, "K00") if day < made.free_from]


def test_a_moved_fixed_date_is_told():
    rows = town(12)
    before = {"person": "Ana", "customer": "K02", "start": "2027-01-20 10:00", "minutes": 45, "kind": "fair"}
    published = plan_visits(crew(rows, appointments=[before]))
    made = replan(crew(rows, appointments=[{**before, "start": "2027-01-22 11:00"}]), published)
    moved = made["moves"].filter(pl.col("why") == "appointment").row(0, named=True)
    assert (moved["customer"], moved["before"], moved["after"]) == ("K02", date(2027, 1, 20), date(2027, 1, 22))


def test_a_visit_that_was_not_made_is_due_again():
    rows = town(12, classes="C")
    published = plan_visits(crew(rows))
    past = published["visits"].filter(pl.col("date") < TODAY)
    assert past.height > 1
    missed = past["customer"][0]
    log = [{"date": str(row["date"]), "person": "Ana", "customer": row["customer"], "kind": "visit"}
           for row in past.iter_rows(named=True) if row["customer"] != missed]  # fmt: skip
    made = replan(crew(rows, activities=log), published)
    assert dates_of(made, missed)[-1] >= made.free_from


def test_nothing_is_left_to_plan_anew_at_the_end():
    assert first_free_day((date(2027, 1, 4), date(2027, 1, 5)), date(2027, 1, 5), 1) is None


def test_who_sleeps_at_a_hotel_when_the_frozen_days_end_begins_there_and_drives_home():
    far = [{**row, "lat": row["lat"] + 0.7} for row in town(16, classes="C", spread=0.02)]
    limits = {"minutes_per_day": 560, "visits_per_day": 8}
    wanted = visits(overnight_after=90, overnight_cost=30)
    published = plan_visits(crew(far, person=limits), wanted)
    night = published["agenda"].filter(pl.col("kind") == "hotel").row(0, named=True)
    day = night["date"] + timedelta(days=1)
    made = replan(crew(far, person=limits), published, today=night["date"], wanted=wanted)
    begun = made["agenda"].filter(pl.col("date") == day)
    assert begun.row(0, named=True)["detail"] == "hotel"
    assert begun.row(0, named=True)["lat"] == night["lat"]
    assert stay(published, made) > 0.9
    ill = {"person": "Ana", "since": day.isoformat(), "until": (day + timedelta(days=1)).isoformat(), "kind": "ill"}
    made = replan(crew(far, person=limits, absences=[ill]), published, today=night["date"], wanted=wanted)
    assert made["agenda"].filter(pl.col("date") == day).height == 0
    later = made["agenda"].filter(pl.col("date") > day, pl.col("kind") == "start").sort("date")
    assert later.row(0, named=True)["detail"] != "hotel"
