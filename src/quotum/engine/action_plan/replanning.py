"""A visit plan made anew while it runs: the past and the next days stay, the rest moves as little as it must.

What changed is in the company's tables: absences, customers that came or went, owners, fixed dates. A moved visit must
save ``change_cost`` minutes of driving or be forced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from quotum.engine.action_plan.person_tasks import Away, Place, TravelMinutes
from quotum.engine.action_plan.visit_plan import RunAll, VisitPlan, make_visit_plan, one_by_one
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.tables.opening_hours import read_moment
from quotum.engine.tables.visit_tables import MOVE_SCHEMA

Key = tuple[str, str]


def first_free_day(working: tuple[date, ...], today: date, frozen_days: int) -> date | None:
    """Return the first working day that may change after ``frozen_days`` working days that stay; None: none left."""
    at = bisect_left(working, today) + frozen_days
    return working[at] if at < len(working) else None


def reopen_scene(scene: Scene, published: VisitPlan, today: date) -> Scene:
    """Return a scene that begins on the first free day with what the published plan leaves to keep.

    The last contact of a customer is the one that was made (activities before today) or that is planned on days that
    stay; where the log knows no contact of the plan's days before today at all, they are taken for made.
    """
    first = scene.since
    visits = published["visits"].with_columns(kind=pl.col("kind").replace({"appointment": "visit"}))
    logged = scene.company["activities"].filter((pl.col("date") >= published.since) & (pl.col("date") < today))
    stay = visits.filter(pl.col("date") < first)
    stay = stay.filter(pl.col("date") >= today) if logged.height else stay
    last = dict(scene.last)
    for customer, kind, day in stay.group_by("customer", "kind").agg(pl.col("date").max()).iter_rows():
        last[customer, kind] = max(day, last.get((customer, kind), day))
    free = visits.filter((pl.col("date") >= first) & ~pl.col("fixed"))
    told = published["cadences"].select("customer", "kind", "due").drop_nulls()
    due = {(c, k): day for c, k, day in told.iter_rows()}
    keys = ["person", "customer", "date", "kind"]
    places = published["agenda"].select(*keys, "position")
    free = free.join(places, on=keys, how="left").sort("person", "date", "position", "customer").drop("position")
    due |= {(c, k): day for c, k, day in free.group_by("customer", "kind").agg(pl.col("date").min()).iter_rows()}
    most = _count_most(published, free, logged, today)
    away = find_away(published["agenda"], scene.dates[0]) if scene.dates else {}
    begun = bisect_left(scene.working, first) - bisect_left(scene.working, published.since)
    return replace(scene, last=last, due=due, published=free, most=most, away=away, begun=begun,
                   as_planned=_find_unchanged(scene, published, last))  # fmt: skip


def _find_unchanged(scene: Scene, published: VisitPlan, last: Mapping[Key, date]) -> dict[Key, int]:
    """Return the cadence of contacts that stand as they were planned: same person, last contact and fixed dates."""
    first = scene.since
    visits = published["visits"].with_columns(kind=pl.col("kind").replace({"appointment": "visit"}))
    before = visits.filter(pl.col("date") < first).group_by("customer", "kind").agg(pl.col("date").max())
    made = {(customer, kind): day for customer, kind, day in before.iter_rows()}
    spans = scene.owners.filter((pl.col("since") <= first) & (pl.col("until") >= scene.until))
    owners = dict(spans.select("customer", "owner").iter_rows())
    moved = _fixed_dates(scene) ^ set(
        visits.filter(pl.col("date") >= first, pl.col("fixed")).select("customer", "date").iter_rows()
    )
    changed = {customer for customer, _ in moved}
    told = published["cadences"].filter(pl.col("every").is_not_null())
    shared = set(told.filter(pl.struct("customer", "kind").is_duplicated())["customer"])
    keys = ("person", "customer", "kind", "every", "last")
    return {
        (customer, kind): every
        for person, customer, kind, every, seen in told.select(keys).iter_rows()
        if customer not in changed | shared and owners.get(customer) == person
        if last.get((customer, kind)) == made.get((customer, kind), seen)
    }


def _fixed_dates(scene: Scene) -> set[tuple[str, date]]:
    """Return customers and days of the fixed dates of the horizon."""
    found = set()
    for customer, start in scene.company["appointments"].select("customer", "start").iter_rows():
        when = read_moment(start)
        if customer and when is not None and scene.since <= when.date() < scene.until:
            found.add((customer, when.date()))
    return found


def find_away(agenda: pl.DataFrame, first: date) -> dict[str, Away]:
    """Return who sleeps at a hotel in the night before a day, and until when the trip was to last.

    Nobody stays away over a weekend, so the days of a trip follow each other in the calendar.
    """
    nights: dict[str, dict[date, Place]] = {}
    slept = agenda.filter(pl.col("kind") == "hotel", pl.col("date") >= first - timedelta(days=1))
    for person, day, lat, lon in slept.select("person", "date", "lat", "lon").iter_rows():
        nights.setdefault(person, {})[day] = (lat, lon)
    found = {}
    for person, places in nights.items():
        hotel, last = places.get(first - timedelta(days=1)), 0
        while hotel is not None and places.get(first + timedelta(days=last)) == hotel:
            last += 1
        if hotel is not None:
            found[person] = Away(hotel, last)
    return found


def _count_most(
    published: VisitPlan, free: pl.DataFrame, logged: pl.DataFrame, today: date
) -> dict[Key, int]:
    """Return how many contacts each customer of the published plan still needs: planned ahead, missed, not made."""
    told = published["cadences"].group_by("customer", "kind").agg(pl.col("missed").sum())
    most = {(customer, kind): missed for customer, kind, missed in told.iter_rows()}
    for customer, kind, count in free.group_by("customer", "kind").len().iter_rows():
        most[customer, kind] = most.get((customer, kind), 0) + count
    if logged.height:
        made = {(c, k) for c, k in logged.select("customer", "kind").iter_rows()}
        past = published["visits"].filter((pl.col("date") < today) & ~pl.col("fixed"))
        for customer, kind in past.select("customer", "kind").unique().iter_rows():
            if (customer, kind) not in made:
                most[customer, kind] = most.get((customer, kind), 0) + 1
    return most


def replan_visits(
    scene: Scene, published: VisitPlan, today: date, travel: TravelMinutes, run: RunAll = one_by_one
) -> VisitPlan:
    """Return the published plan with its free days made anew, and the table ``moves`` (``MOVE_SCHEMA``).

    ``scene`` begins on the first free day. Tables hold the days that stay as they were; ``cadences`` tell of the free
    days only.
    """
    reopened = reopen_scene(scene, published, today)
    made = make_visit_plan(reopened, travel, run)
    first = scene.since
    tables = dict(made.tables)
    for name in ("visits", "agenda", "visit_days"):
        tables[name] = pl.concat([published[name].filter(pl.col("date") < first), made[name]])
    for name, key in (("visit_customers", "customer"), ("visit_people", "person")):
        gone = published[name].join(made[name], on=key, how="anti")
        tables[name] = pl.concat([made[name], gone]).sort(key)
    tables["moves"] = list_moves(published, made, first, _days_off(made))
    return replace(made, since=published.since, tables=tables, free_from=first)


def list_moves(
    published: VisitPlan, made: VisitPlan, first: date, days_off: Mapping[str, frozenset[date]]
) -> pl.DataFrame:
    """Return what moved, came or went from ``first`` on, and why: ``MOVE_SCHEMA``."""
    before, after = _contacts(published, first), _contacts(made, first)
    known = set(published["cadences"].select("customer", "kind").iter_rows())
    wanted = set(made["cadences"].select("customer", "kind").iter_rows())
    missed = set(made["cadences"].filter(pl.col("missed") > 0).select("customer", "kind").iter_rows())
    fixed = {c for plan in (published, made) for c, k in plan["cadences"].select("customer", "kind").iter_rows()
             if k == "appointment"}  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for key in sorted(before.keys() | after.keys()):
        customer, kind = key
        old, new = before.get(key, {}), after.get(key, {})
        gone = sorted(day for day in old if day not in new or new[day] != old[day])
        came = sorted(day for day in new if day not in old or new[day] != old[day])
        for at in range(max(len(gone), len(came))):
            was, now = (days[at] if at < len(days) else None for days in (gone, came))
            person = new[now] if now is not None else old[was] if was is not None else ""
            if kind == "appointment" or (customer in fixed and (was is None or now is None)):
                why = "appointment"
            elif key not in wanted:
                why = "dropped"
            elif key not in known:
                why = "new_customer"
            elif was is not None and now is not None and old[was] != new[now]:
                why = "owner"
            elif was is not None and was in days_off.get(old[was], frozenset()):
                why = "day_off"
            else:
                why = "no_room" if now is None and key in missed else "made_room"
            rows.append((person, customer, kind, was, now, why))
    moves = pl.DataFrame(rows, schema=MOVE_SCHEMA, orient="row")
    events = moves.filter(~pl.col("why").is_in(["made_room", "no_room"]))["person"].unique()
    quiet = (pl.col("why") == "made_room") & ~pl.col("person").is_in(events.implode())
    moves = moves.with_columns(why=pl.when(quiet).then(pl.lit("better")).otherwise("why"))
    return moves.sort("person", "customer", "kind", "before", "after")


def _contacts(plan: VisitPlan, first: date) -> dict[Key, dict[date, str]]:
    """Return the person of each contact by (customer, kind) and day."""
    found: dict[Key, dict[date, str]] = {}
    for person, customer, kind, day in plan["visits"].select("person", "customer", "kind", "date").iter_rows():
        if day >= first:
            found.setdefault((customer, kind), {})[day] = person
    return found


def _days_off(made: VisitPlan) -> dict[str, frozenset[date]]:
    off = made["visit_days"].filter(~pl.col("is_open")).group_by("person").agg("date")
    return {person: frozenset(days) for person, days in off.iter_rows()}
