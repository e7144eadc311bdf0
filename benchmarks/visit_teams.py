"""Visits of a whole team, and a plan made anew: ``python -m benchmarks.visit_teams [--people N] [--jobs N]``.

Prints seconds a person, the memory, and what stays of a plan after an illness, two lost and three new customers.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import polars as pl

from quotum.adapters.calendars import list_days
from quotum.adapters.computing import run_kept
from quotum.engine.action_plan.checking_visits import find_visit_faults
from quotum.engine.action_plan.replanning import first_free_day, reopen_scene, replan_visits
from quotum.engine.action_plan.travel_ways import GreatCircle
from quotum.engine.action_plan.visit_plan import VisitPlan, make_visit_plan, set_scene
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.visit_settings import Cadence, VisitSettings

SINCE, UNTIL, TODAY = date(2027, 1, 4), date(2027, 2, 1), date(2027, 1, 11)
CUSTOMERS = 100


def make_company(people: int, seed: int = 3) -> Company:
    """Return people somewhere in a country, each with a hundred customers around."""
    rng = np.random.default_rng(seed)
    keys, count = [f"P{at:04d}" for at in range(people)], people * CUSTOMERS
    lat, lon = rng.uniform(45, 55, people), rng.uniform(5, 15, people)
    customers = pl.DataFrame({
        "customer": [f"C{at:06d}" for at in range(count)], "person": np.repeat(keys, CUSTOMERS),
        "lat": np.repeat(lat, CUSTOMERS) + rng.normal(0, 0.15, count),
        "lon": np.repeat(lon, CUSTOMERS) + rng.normal(0, 0.22, count),
        "class": rng.choice(["A", "B", "C", "D"], count, p=[0.1, 0.2, 0.4, 0.3]),
        "minutes": rng.choice([20.0, 30.0, 45.0], count),
    })  # fmt: skip
    crew = pl.DataFrame({"person": keys, "lat": lat, "lon": lon}).with_columns(
        unit=pl.lit("U"), minutes_per_day=pl.lit(480.0), visits_per_day=pl.lit(10.0)
    )
    return Company.of({"units": pl.DataFrame({"unit": ["U"]}), "people": crew, "customers": customers})


def open_scene(company: Company, since: date = SINCE) -> Scene:
    cadence = Cadence({"A": 5, "B": 10, "C": 20, "D": 40})
    settings = PlanSettings("Bench", SINCE, UNTIL, date(2027, 1, 3), (), (), {}, seed=7)
    days, _ = list_days("", date(2026, 1, 1), UNTIL)
    return set_scene(company, settings, VisitSettings(cadence, since, UNTIL), days)


def something_happens(company: Company) -> Company:
    """Return the company after everybody was ill for a day, lost two customers and won three."""
    customers, people = company["customers"], company["people"]["person"]
    number = pl.col("customer").str.slice(1).cast(pl.Int64) % CUSTOMERS
    new = customers.filter(number < 3).with_columns(
        customer=pl.format("N{}", pl.col("customer")), lat=pl.col("lat") + 0.02
    )
    ill = pl.DataFrame({"person": people}).with_columns(since=date(2027, 1, 14), until=date(2027, 1, 15))
    kept = pl.concat([customers.filter(number >= 2), new])
    return Company.of({**company.tables, "customers": kept, "absences": ill})


def measure_replan(company: Company, published: VisitPlan) -> str:
    """Return how much stays, what it costs on the road, and the seconds a person."""
    changed = something_happens(company)
    first = first_free_day(open_scene(changed).dates, TODAY, 1)
    assert first is not None
    scene, way = open_scene(changed, first), GreatCircle()
    start = time.process_time()
    made = replan_visits(scene, published, TODAY, way)
    seconds = (time.process_time() - start) / company["people"].height
    assert not find_visit_faults(scene, made.tables, way, frozen=(published["agenda"], first))
    anew = make_visit_plan(replace(reopen_scene(scene, published, TODAY), published=None), way)
    old = published["visits"].filter(pl.col("date") >= first, pl.col("date") != date(2027, 1, 14))
    old = old.join(changed["customers"].select("customer"), on="customer", how="semi")
    kept = old.join(made["visits"], on=["customer", "date"], how="semi").height / old.height
    ways = [plan["agenda"].filter(pl.col("date") >= first)["travel"].sum() for plan in (made, anew)]
    missed = [int(plan["cadences"]["missed"].sum()) for plan in (made, anew)]
    return (f"made anew: {kept:.1%} of {old.height:,} keepable visits stay, {ways[0] / ways[1] - 1:+.1%} driving "
            f"against a plan from nothing, missed {missed[0]} and {missed[1]}, {seconds:.2f} s a person")  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=20)
    asked.add_argument("--jobs", type=int, default=1)
    given = asked.parse_args()
    company = make_company(given.people)
    make_visit_plan(open_scene(make_company(1)), GreatCircle())  # compiled loops are loaded
    start, used = time.perf_counter(), time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    scene, way = open_scene(company), GreatCircle()
    plan = make_visit_plan(scene, way, partial(run_kept, kept=None, processes=given.jobs))
    wall = time.perf_counter() - start
    used = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used
    faults = find_visit_faults(scene, plan.tables, way)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{given.people:,} people x {CUSTOMERS} customers x {len(scene.dates)} days, {given.jobs} processes: "
          f"{wall:.1f} s, {used / given.people:.2f} s of processor a person, {peak // 1024} MB in the largest; "
          f"{plan['visits'].height:,} visits, {plan['cadences']['missed'].sum()} missed, {len(faults)} faults")
    if given.people <= 50:
        print(measure_replan(company, plan))


if __name__ == "__main__":
    main()
