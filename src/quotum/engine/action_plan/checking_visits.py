"""Is a visit plan what it promises? Written apart from the planner: from the company's tables and plain arithmetic.

It reads the tables of the plan as anybody could, and believes nothing that planning has counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from quotum.engine.action_plan.person_tasks import TravelMinutes
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.tables.opening_hours import read_hours, read_moment
from quotum.engine.tables.visit_tables import REASONS

_AT_A_TIME = 100
"""People whose days are looked at together: rows in Python take far more memory than tables."""

Days = dict[tuple[str, date], list[dict[str, Any]]]
Nights = dict[str, tuple[date, Any, Any]]
"""By person the last day that ended at a hotel, and where that is."""


@dataclass(frozen=True, slots=True)
class VisitFault:
    """One promise that a visit plan breaks."""

    rule: str
    person: str = ""
    customer: str = ""
    day: date | None = None
    found: str = ""


def find_visit_faults(
    scene: Scene, tables: Mapping[str, pl.DataFrame], travel: TravelMinutes, *,
    frozen: tuple[pl.DataFrame, date] | None = None,
) -> list[VisitFault]:  # fmt: skip
    """Return every broken promise; an empty list means that the plan may be stored.

    ``frozen``: the agenda of the published plan and the first day that was free to change.
    """
    first_free = scene.since if frozen is None else frozen[1]
    agenda = tables["agenda"].filter(pl.col("date") >= first_free)
    people = agenda["person"].unique(maintain_order=True)
    faults: list[VisitFault] = []
    for at in range(0, len(people), _AT_A_TIME):
        own = agenda.filter(pl.col("person").is_in(people[at : at + _AT_A_TIME].implode()))
        slept = {} if frozen is None else _list_nights(scene, own, *frozen)
        faults += _check_days(_only(scene, own), own, travel, slept)
    return [
        *faults,
        *_check_appointments(scene, tables, first_free),
        *_check_counts(scene, tables, first_free),
        *_check_spacing(scene, tables, first_free),
        *_check_both_tables(tables, first_free),
        *([] if frozen is None else _check_frozen(tables["agenda"], *frozen)),
    ]


def _list_nights(scene: Scene, agenda: pl.DataFrame, published: pl.DataFrame, first_free: date) -> Nights:
    """Return where people slept before the first free day; who does not work on it any more has gone home unplanned."""
    known = agenda["person"].unique()
    away = scene.company["absences"].filter(pl.col("since") <= first_free, pl.col("until") > first_free)["person"]
    slept = published.filter(
        pl.col("kind") == "hotel", pl.col("date") == first_free - timedelta(days=1),
        pl.col("person").is_in(known.implode()), ~pl.col("person").is_in(away.implode()),
    )  # fmt: skip
    lines = slept.select("person", "date", "lat", "lon").iter_rows()
    return {person: (day, lat, lon) for person, day, lat, lon in lines}


def _check_days(scene: Scene, agenda: pl.DataFrame, travel: TravelMinutes, slept: Nights) -> list[VisitFault]:
    """Check the days of some people one by one; ``slept``: where they were before the first of them."""
    days: Days = {}
    for line in agenda.iter_rows(named=True):
        days.setdefault((line["person"], line["date"]), []).append(line)
    return [
        *_check_persons(scene, days),
        *_check_times(scene, days, travel),
        *_check_customers(scene, days),
        *_check_kinds(scene, days),
        *_check_nights(days, slept),
    ]


def _only(scene: Scene, agenda: pl.DataFrame) -> Scene:
    """Return the scene with those people and customers alone whom some days speak of."""
    tables = dict(scene.company.tables)
    for name, key in (("people", "person"), ("customers", "customer")):
        tables[name] = tables[name].filter(pl.col(key).is_in(agenda[key].drop_nulls().unique().implode()))
    owners = scene.owners.filter(pl.col("customer").is_in(tables["customers"]["customer"].implode()))
    return replace(scene, company=replace(scene.company, tables=tables), owners=owners)


def _check_nights(days: Days, slept: Nights) -> list[VisitFault]:
    """Who sleeps in a hotel begins the next day there, and who begins a day there has slept there."""
    faults = []
    for (person, day), lines in sorted(days.items(), key=lambda pair: pair[0]):
        begun = next((line for line in lines if line["kind"] == "start"), None)
        expected = slept.pop(person, None)
        if begun is None and expected is None:
            continue
        away = begun is not None and begun["detail"] == "hotel"
        here = None if begun is None else (day - timedelta(days=1), begun["lat"], begun["lon"])
        if (expected is not None or away) and here != expected:
            faults.append(VisitFault("not_where_it_slept", person, "", day))
        if lines[-1]["kind"] == "hotel":
            slept[person] = day, lines[-1]["lat"], lines[-1]["lon"]
    return faults + [VisitFault("not_back_home", person, "", day) for person, (day, _, _) in sorted(slept.items())]


def _check_persons(scene: Scene, days: Days) -> list[VisitFault]:
    """Nobody works on a day off, while absent, before hired or after leaving; caps and minutes hold."""
    faults = []
    worked = set(scene.dates)
    people = {row["person"]: row for row in scene.company["people"].iter_rows(named=True)}
    away: dict[str, list[tuple[date, date]]] = {}
    for person, since, until in scene.company["absences"].select("person", "since", "until").iter_rows():
        away.setdefault(person, []).append((since, until))
    begins, ends = scene.settings.day
    for (person, day), lines in days.items():
        row = people[person]
        if day not in worked or any(since <= day < until for since, until in away.get(person, ())):
            faults.append(VisitFault("works_on_day_off", person, "", day))
        if (row["hired"] and day < row["hired"]) or (row["left"] and day >= row["left"]):
            faults.append(VisitFault("works_while_not_there", person, "", day))
        counts = {kind: sum(line["kind"] == kind for line in lines) for kind in ("visit", "call")}
        counts["visit"] += sum(line["kind"] == "appointment" and bool(line["customer"]) for line in lines)
        for kind, column, usual in (("visit", "visits_per_day", scene.settings.visits_per_day),
                                    ("call", "calls_per_day", scene.settings.calls_per_day)):  # fmt: skip
            most = usual if row[column] is None else round(row[column])
            if counts[kind] > most:
                faults.append(VisitFault(f"too_many_{kind}s", person, "", day, str(counts[kind])))
        whole = ends - begins - scene.settings.lunch[1]
        most = round(whole if row["minutes_per_day"] is None else row["minutes_per_day"])
        if _worked_minutes(lines) > most:
            faults.append(VisitFault("too_many_minutes", person, "", day, str(_worked_minutes(lines))))
        if lines[0]["start"] < begins or lines[-1]["end"] > ends:
            faults.append(VisitFault("outside_working_time", person, "", day))
    return faults


def _worked_minutes(lines: list[dict[str, Any]]) -> int:
    """Return the minutes from leaving home until back, with the calls before, without lunch."""
    calls = sum(int(line["end"]) - int(line["start"]) for line in lines if line["kind"] == "call")
    way = [line for line in lines if line["kind"] != "call"]
    left = next((at for at, line in enumerate(way) if line["kind"] == "start"), None)
    if left is None:
        return calls
    lunch = sum(line["end"] - line["start"] for line in way[left:] if line["kind"] == "lunch")
    return calls + int(way[-1]["end"]) - int(way[left]["start"]) - int(lunch)


def _check_times(scene: Scene, days: Days, travel: TravelMinutes) -> list[VisitFault]:
    """Every way takes as long as it does, nothing overlaps, the lunch break is kept."""
    faults = []
    lunch_start, lunch_minutes = scene.settings.lunch
    for (person, day), lines in days.items():
        placed = [line for line in lines if line["kind"] not in ("call", "lunch")]
        here = placed[0] if placed else None
        places = [_where(line, here) for line in placed]
        minutes = travel(places, [line["customer"] or "" for line in placed]) if placed else None
        free, position, eaten = 0, 0, False
        dated = any(line["kind"] == "appointment" and lunch_start <= line["start"] < lunch_start + lunch_minutes
                    for line in lines)  # fmt: skip
        for line in lines:
            if line["start"] < free or line["end"] < line["start"]:
                faults.append(VisitFault("overlaps", person, line["customer"] or "", day))
            if line["kind"] not in ("call", "lunch"):
                if position and minutes is not None:
                    needed = round(float(minutes[position - 1, position]))
                    own = placed[position - 1]["end"]
                    rest = sum(other["end"] - other["start"] for other in lines
                               if other["kind"] == "lunch" and own <= other["start"] <= line["start"])  # fmt: skip
                    if line["travel"] != needed or line["start"] < own + needed + rest:
                        faults.append(VisitFault("way_too_short", person, line["customer"] or "", day, str(needed)))
                position += 1
            eaten |= line["kind"] == "lunch"
            works = line["kind"] in ("visit", "appointment") and line["start"] >= lunch_start + lunch_minutes
            began = min(other["start"] for other in lines) < lunch_start
            if works and lunch_minutes and began and not eaten and not dated:
                faults.append(VisitFault("no_lunch", person, "", day))
            free = line["end"]
    return faults


def _where(line: dict[str, Any], home: dict[str, Any] | None) -> tuple[float, float]:
    """Return where a line is; dates without a place are kept at home."""
    if line["lat"] is not None:
        return line["lat"], line["lon"]
    return (home["lat"], home["lon"]) if home and home["lat"] is not None else (0.0, 0.0)


def _check_customers(scene: Scene, days: Days) -> list[VisitFault]:
    """Visits are made by the customer's own person, once a day, on its weekdays, while it is open."""
    faults = []
    customers = {row["customer"]: row for row in scene.company["customers"].iter_rows(named=True)}
    owners: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for customer, person, since, until in scene.owners.iter_rows():
        owners.setdefault((customer, person), []).append((since, until))
    for (person, day), lines in days.items():
        seen: set[tuple[str, str]] = set()
        for line in lines:
            customer, kind = line["customer"], line["kind"]
            if kind not in ("visit", "call"):
                continue
            if not any(since <= day < until for since, until in owners.get((customer, person), [])):
                faults.append(VisitFault("not_the_owner", person, customer, day))
            if (customer, kind) in seen:
                faults.append(VisitFault("twice_a_day", person, customer, day))
            seen.add((customer, kind))
            row = customers[customer]
            opens, closes = read_hours(row["opens"], row["closes"], row["weekdays"])[day.weekday()]
            if opens == closes:
                faults.append(VisitFault("not_its_weekday", person, customer, day))
            opens = max(opens, scene.settings.visits_from) if kind == "visit" else opens
            if not (opens <= line["start"] and line["end"] <= closes):
                faults.append(VisitFault("closed", person, customer, day, str(line["start"])))
    return faults


def _check_kinds(scene: Scene, days: Days) -> list[VisitFault]:
    """No day has more visits to a class, or to new or old customers, than [visits.per_day] allows; fixed dates may."""
    faults: list[VisitFault] = []
    if not scene.settings.per_day:
        return faults
    known = dict(scene.company["customers"].select("customer", "class").iter_rows())
    bought = scene.company["sales"].filter(pl.col("amount_e4") > 0, pl.col("date") < scene.since)["customer"]
    buyers = set(bought)
    named = {*scene.settings.cadence.classes, *scene.settings.classes}
    for (person, day), lines in days.items():
        for name, most in scene.settings.per_day.items():
            made = {"visit": 0, "appointment": 0}
            for line in lines:
                customer = line["customer"]
                if line["kind"] in made and customer:
                    state = "old" if customer in buyers else "new"
                    is_class = (known.get(customer) or scene.classes.get(customer)) == name
                    made[line["kind"]] += is_class or (state == name and name not in named)
            if made["visit"] and sum(made.values()) > most:
                faults.append(VisitFault("too_many_of_a_kind", person, name, day, str(sum(made.values()))))
    return faults


def _check_appointments(scene: Scene, tables: Mapping[str, pl.DataFrame], first_free: date) -> list[VisitFault]:
    """A fixed date is at its time, or told to be impossible."""
    kept = {
        (line["person"], line["date"], line["start"], line["customer"])
        for line in tables["agenda"].filter(pl.col("kind") == "appointment").iter_rows(named=True)
    }
    missed = tables["cadences"].filter((pl.col("kind") == "appointment") & (pl.col("missed") > 0))
    told = {(person, customer or None) for person, customer in missed.select("person", "customer").iter_rows()}
    faults = []
    for row in scene.company["appointments"].iter_rows(named=True):
        when = read_moment(row["start"])
        if when is None or not first_free <= when.date() < scene.until:
            continue
        key = (row["person"], when.date(), when.hour * 60 + when.minute, row["customer"])
        if key not in kept and (row["person"], row["customer"]) not in told:
            faults.append(VisitFault("appointment_moved", row["person"], row["customer"] or "", when.date()))
    return faults


def _check_counts(scene: Scene, tables: Mapping[str, pl.DataFrame], first_free: date) -> list[VisitFault]:
    """Who has a cadence is listed; what is needed is planned, or missed with a reason."""
    cadences, visits = tables["cadences"], tables["visits"].filter(pl.col("date") >= first_free)
    counted = visits.group_by("person", "customer", "kind").len()
    planned = {(person, customer, kind): count for person, customer, kind, count in counted.iter_rows()}
    faults = []
    for row in cadences.iter_rows(named=True):
        if row["kind"] == "appointment":
            continue
        count = planned.pop((row["person"], row["customer"], row["kind"]), 0)
        fits = row["planned"] == count and row["needed"] == count + row["missed"]
        if not fits or (row["missed"] > 0) != (row["reason"] in REASONS):
            faults.append(VisitFault("counts_differ", row["person"], row["customer"], None, row["kind"]))
    faults += [VisitFault("without_cadence", *key[:2]) for key in planned if key[2] != "appointment"]
    listed = set(cadences["customer"])
    given = scene.settings.cadence
    classed = scene.company["customers"].join(scene.owners, on="customer", how="inner")
    for customer, own in classed.select("customer", "class").iter_rows():
        if (given.everyone or (own or scene.classes.get(customer)) in given.classes) and customer not in listed:
            faults.append(VisitFault("not_listed", "", customer))
    return faults


def _check_spacing(scene: Scene, tables: Mapping[str, pl.DataFrame], first_free: date) -> list[VisitFault]:
    """Two contacts of a customer are at least half of its cadence apart, fixed dates aside."""
    at = {day: number for number, day in enumerate(scene.working)}
    every = {
        (row["customer"], row["kind"]): row["every"] for row in tables["cadences"].iter_rows(named=True) if row["every"]
    }
    before: dict[tuple[str, str], tuple[date, bool]] = {
        key: (day, True) for key, day in scene.last.items() if day < first_free
    }
    logged = scene.company["activities"]["date"].max()
    faults = []
    for row in tables["visits"].sort("date").iter_rows(named=True):
        if row["date"] < first_free and isinstance(logged, date) and row["date"] <= logged:
            continue  # the log tells what was made of it
        fixed = row["kind"] == "appointment"
        key = row["customer"], "visit" if fixed else row["kind"]
        if key in every and key in before and not fixed and row["date"] >= first_free:
            last, _ = before[key]
            if last in at and at[row["date"]] - at[last] < max(1, every[key] // 2):
                faults.append(VisitFault("too_close", row["person"], row["customer"], row["date"]))
        before[key] = row["date"], fixed
    return faults


def _check_both_tables(tables: Mapping[str, pl.DataFrame], first_free: date) -> list[VisitFault]:
    """What the days say is what the visits say."""
    keys = ["person", "customer", "date", "kind"]
    wanted = pl.col("kind").is_in(["visit", "call", "appointment"]) & pl.col("customer").is_not_null()
    free = pl.col("date") >= first_free
    days, visits = tables["agenda"].filter(wanted, free).select(keys), tables["visits"].filter(free).select(keys)
    lost = pl.concat([days.join(visits, on=keys, how="anti"), visits.join(days, on=keys, how="anti")])
    return [VisitFault("tables_differ", person, customer, day) for person, customer, day, _ in lost.iter_rows()]


def _check_frozen(agenda: pl.DataFrame, published: pl.DataFrame, first_free: date) -> list[VisitFault]:
    """Days that may not change are as they were."""
    early = pl.col("date") < first_free
    old, new = (frame.filter(early).sort("person", "date", "position") for frame in (published, agenda))
    return [] if old.equals(new) else [VisitFault("frozen_day_changed")]
