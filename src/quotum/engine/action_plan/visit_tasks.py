"""From the company's tables to one task a person: whose customers, how often, since when, on which days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from quotum.engine.action_plan.handing_over import hand_over
from quotum.engine.action_plan.person_tasks import Away, Booking, Contact, PersonTask, Place
from quotum.engine.tables.availability import list_availability
from quotum.engine.tables.company import Company
from quotum.engine.tables.opening_hours import read_hours, read_moment
from quotum.engine.tables.visit_settings import VisitSettings

STATES = ("new", "old")
"""Names of [visits.per_day] that are no classes: customers who have not bought, and who have."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What all people have in common: settings, horizon, the company's working days, known and published contacts."""

    company: Company
    settings: VisitSettings
    since: date
    until: date
    working: tuple[date, ...]  # all known working days, also before the horizon
    seed: int
    owners: pl.DataFrame  # customer, owner, since, until
    classes: Mapping[str, str] = field(default_factory=dict)  # where the table customers has none
    quadrants: Mapping[str, str] = field(default_factory=dict)  # of prospects
    last: Mapping[tuple[str, str], date] = field(default_factory=dict)  # customer, kind -> date
    due: Mapping[tuple[str, str], date] = field(default_factory=dict)  # first due dates of a published plan
    published: pl.DataFrame | None = None  # visits of a published plan within the horizon
    most: Mapping[tuple[str, str], int] = field(default_factory=dict)  # contacts that the published plan needs at most
    as_planned: Mapping[tuple[str, str], int] = field(default_factory=dict)  # cadence of whom nothing has changed
    begun: int = 0  # working days of the published plan before the horizon
    away: Mapping[str, Away] = field(default_factory=dict)  # who sleeps at a hotel before the horizon
    of_nobody: tuple[str, ...] = ()  # names of cadences and costs that fit no customer of the whole company
    buyers: frozenset[str] = frozenset()  # who bought before the horizon, where [visits.per_day] asks for it

    @property
    def first(self) -> int:
        """The position of the horizon's first working day among all."""
        return bisect_left(self.working, self.since)

    @property
    def dates(self) -> tuple[date, ...]:
        """The horizon's working days."""
        return tuple(day for day in self.working if self.since <= day < self.until)


def list_tasks(scene: Scene) -> Iterator[PersonTask]:
    """Yield the task of everybody who owns a customer with a cadence, or has a fixed date, by key."""
    people = scene.company["people"].sort("person")
    bookings, away = _bookings_by_person(scene), _days_away(scene)
    contacts = _contacts_by_person(scene, _fixed_days(bookings, away))
    published, dates = _published_by_person(scene), scene.dates
    usual = scene.settings.day[1] - scene.settings.day[0] - scene.settings.lunch[1]
    for row in people.iter_rows(named=True):
        person = row["person"]
        visits, calls = contacts.pop(person, ((), ()))
        if not visits and not calls and not bookings.get(person):
            continue
        yield PersonTask(
            person,
            _place(row["lat"], row["lon"]),
            _place(row["end_lat"], row["end_lon"]),
            dates,
            tuple(day not in away.get(person, frozenset()) for day in dates),
            round(usual if row["minutes_per_day"] is None else row["minutes_per_day"]),
            scene.settings.visits_per_day if row["visits_per_day"] is None else round(row["visits_per_day"]),
            scene.settings.calls_per_day if row["calls_per_day"] is None else round(row["calls_per_day"]),
            visits,
            calls,
            bookings.get(person, ()),
            published.get(person, ()),
            scene.seed,
            scene.away.get(person),
            scene.begun,
        )


def list_seen(company: Company, before: date) -> dict[tuple[str, str], date]:
    """Return when each customer was last visited and called before a day, by customer and kind."""
    seen = (
        company["activities"]
        .filter(pl.col("kind").is_in(["visit", "call"]), pl.col("date") < before, pl.col("customer").is_not_null())
        .group_by("customer", "kind")
        .agg(pl.col("date").max())
    )
    return {(customer, kind): day for customer, kind, day in seen.iter_rows()}


def _contacts_by_person(
    scene: Scene, fixed: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[tuple[Contact, ...], tuple[Contact, ...]]]:
    """Return everybody's visits and calls; who changes hands is shared out among its owners."""
    owned = scene.owners.sort("customer", "since")
    customers = scene.company["customers"].join(owned.unique("customer", keep="first"), on="customer", how="inner")
    stretches, dates = _stretches(scene), scene.dates
    stages = _stages(scene.company, scene.since)
    found: dict[str, tuple[list[Contact], list[Contact]]] = {}
    for _, group in customers.sort("customer").group_by("owner", maintain_order=True):
        order = _along_a_curve(group)
        for rank, row in zip(order, group.iter_rows(named=True), strict=True):
            phase, customer = (rank + 0.5) / group.height, row["customer"]
            for kind, contact in _contacts_of(scene, row, stages.get(customer, ()), phase, fixed.get(customer, ())):
                spans = stretches.get(customer, [(row["owner"], 0, len(dates))])
                tolerance = scene.settings.days_of_tolerance(contact.every)
                whole = len(spans) == 1 and spans[0][1:] == (0, len(dates))
                for owner, part in [(row["owner"], contact)] if whole else hand_over(contact, spans, tolerance):
                    found.setdefault(owner, ([], []))[kind == "call"].append(part)
    return {
        person: (tuple(sorted(visits, key=_by_customer)), tuple(sorted(calls, key=_by_customer)))
        for person, (visits, calls) in found.items()
    }


def _by_customer(contact: Contact) -> str:
    return contact.customer


def _stretches(scene: Scene) -> dict[str, list[tuple[str, int, int]]]:
    """Return the owners of customers that are not somebody's for the whole time, with their days by number."""
    dates = scene.dates
    whole = (pl.col("since") == scene.since) & (pl.col("until") == scene.until)
    found: dict[str, list[tuple[str, int, int]]] = {}
    for customer, owner, since, until in scene.owners.filter(~whole).sort("customer", "since").iter_rows():
        span = bisect_left(dates, since), bisect_left(dates, until)
        found.setdefault(customer, []).append((owner, *span))
    return found


def _fixed_days(
    bookings: Mapping[str, Sequence[Booking]], away: Mapping[str, frozenset[date]]
) -> dict[str, tuple[int, ...]]:
    """Return the days on which customers have fixed dates, whoever keeps them."""
    found: dict[str, set[int]] = {}
    for person, of in bookings.items():
        for booking in of:
            if booking.customer and booking.day >= 0 and booking.when not in away.get(person, frozenset()):
                found.setdefault(booking.customer, set()).add(booking.day)
    return {customer: tuple(sorted(days)) for customer, days in found.items()}


def _contacts_of(
    scene: Scene, row: Mapping[str, Any], stages: Sequence[str], phase: float, fixed: tuple[int, ...]
) -> Iterator[tuple[str, Contact]]:
    """Yield the visits and calls a customer is to have; who has no place is called instead of visited."""
    customer, cadence = row["customer"], scene.settings.cadence
    known = row["class"] or scene.classes.get(customer, "")
    options = [(cadence.classes[known], "class", known)] if known in cadence.classes else []
    options += [(cadence.stages[stage], "stage", stage) for stage in stages if stage in cadence.stages]
    quadrant = scene.quadrants.get(customer, "")
    options += [(cadence.prospects[quadrant], "prospect", quadrant)] if quadrant in cadence.prospects else []
    options += [(cadence.everyone, "round", "")] if cadence.everyone and not options else []
    place = _place(row["lat"], row["lon"])
    wanted = {"visit": min(options)} if options else {}
    if place is None and wanted:
        every, why, detail = wanted.pop("visit")
        wanted["call"] = (every, why, detail)
    if known in cadence.calls and ("call" not in wanted or cadence.calls[known] < wanted["call"][0]):
        wanted["call"] = (cadence.calls[known], "class", known)
    for kind, (every, why, detail) in wanted.items():
        costs = scene.settings.cost_of(known, detail)
        last, due = _history(scene, customer, kind, every, phase)
        minutes = scene.settings.call_minutes if kind == "call" else round(row["minutes"] or 0)
        yield kind, Contact(
            customer, known, every, why, detail, last, due,
            minutes or costs.minutes or scene.settings.minutes, place,
            read_hours(row["opens"], row["closes"], row["weekdays"]),
            costs.missed, costs.late, costs.early, scene.last.get((customer, kind)), _date_of(scene, due),
            scene.most.get((customer, kind)), limits_of(scene, customer, known) if kind == "visit" else (),
            fixed if kind == "visit" else (),
            as_planned=scene.as_planned.get((customer, kind)) == every,
        )  # fmt: skip


def limits_of(scene: Scene, customer: str, known: str | None) -> tuple[str, ...]:
    """Return the names of [visits.per_day] that count a customer of the class ``known``.

    A name is a class; ``new`` and ``old``, where no class is called so, are those who have not and who have bought.
    """
    state = "old" if customer in scene.buyers else "new"
    return tuple(name for name in scene.settings.per_day if name == known or (name == state and _is_state(scene, name)))


def _is_state(scene: Scene, name: str) -> bool:
    cadence = scene.settings.cadence
    return name in STATES and name not in cadence.classes and name not in scene.settings.classes


def list_buyers(company: Company, settings: VisitSettings, before: date) -> frozenset[str]:
    """Return who bought before a day, where limits of new and old customers ask for it; a return buys nothing."""
    if not set(settings.per_day) & set(STATES):
        return frozenset()
    sold = company["sales"].filter(pl.col("date") < before, pl.col("amount_e4") > 0)
    return frozenset(sold["customer"].drop_nulls().unique())


def _history(
    scene: Scene, customer: str, kind: str, every: int, phase: float
) -> tuple[int | None, int]:
    """Return the day of the last contact and of the next due one; without history neighbours are due together."""
    seen = scene.last.get((customer, kind))
    if seen is not None:
        last = bisect_right(scene.working, seen) - 1 - scene.first
        return min(last, -1), max(0, last + every)
    given = scene.due.get((customer, kind))
    if given is not None:
        return None, max(0, bisect_left(scene.working, given) - scene.first)
    return None, int(phase * every)


def _date_of(scene: Scene, day: int) -> date:
    """Return the date of a working day's number; beyond the known ones five of seven days are taken for worked."""
    at = scene.first + day
    if at < len(scene.working):
        return scene.working[at]
    return scene.working[-1] + timedelta(days=round((at - len(scene.working) + 1) * 1.4))


def _along_a_curve(group: pl.DataFrame) -> list[int]:
    """Return each customer's rank along a curve through the plane, on which neighbours follow each other."""
    lat = group["lat"].fill_null(0.0).to_numpy()
    lon = group["lon"].fill_null(0.0).to_numpy()
    order = np.lexsort((np.arange(len(lat)), curve_positions(lat, lon)))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return [int(rank) for rank in ranks]


def curve_positions(lat: Any, lon: Any) -> Any:
    """Return the position of places along a Hilbert curve over them, 0 to 4^10 - 1."""
    side = 1 << 10
    x, y = (_scale(values, side) for values in (lon, lat))
    position = np.zeros(len(x), np.int64)
    step = side // 2
    while step:
        right, up = (x & step) > 0, (y & step) > 0
        position += step * step * ((3 * right) ^ up)
        flip = ~up & right
        x, y = np.where(flip, side - 1 - x, x), np.where(flip, side - 1 - y, y)
        x, y = np.where(~up, y, x), np.where(~up, x, y)
        step //= 2
    return position


def _scale(values: Any, side: int) -> Any:
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    return np.minimum((values - low) / max(high - low, 1e-9) * side, side - 1).astype(np.int64)


def _stages(company: Company, since: date) -> dict[str, tuple[str, ...]]:
    """Return the stages of each customer's projects that are open at the horizon's begin."""
    open_ones = company["projects"].filter(
        pl.col("customer").is_not_null(), pl.col("stage").is_not_null(),
        pl.col("close").is_null() | (pl.col("close") >= since),
    )  # fmt: skip
    listed = open_ones.group_by("customer").agg(pl.col("stage").unique().sort())
    return {customer: tuple(stages) for customer, stages in listed.iter_rows()}


def _bookings_by_person(scene: Scene) -> dict[str, tuple[Booking, ...]]:
    """Return the fixed dates within the horizon; those on other than working days have no day, -1."""
    customers = scene.company["customers"]
    places = {c: _place(lat, lon) for c, lat, lon in customers.select("customer", "lat", "lon").iter_rows()}
    usual = dict(customers.select("customer", "minutes").iter_rows())
    known = dict(customers.select("customer", "class").iter_rows())
    place_of = {day: at for at, day in enumerate(scene.dates)}
    found: dict[str, list[Booking]] = {}
    for row in scene.company["appointments"].iter_rows(named=True):
        when = read_moment(row["start"])
        if when is None or not scene.since <= when.date() < scene.until:
            continue
        customer = row["customer"] or ""
        minutes = row["minutes"] or usual.get(customer) or scene.settings.minutes
        found.setdefault(row["person"], []).append(
            Booking(customer, place_of.get(when.date(), -1), when.hour * 60 + when.minute, round(minutes),
                    row["kind"] or "", places.get(customer), when.date(),
                    limits_of(scene, customer, known.get(customer) or scene.classes.get(customer)) if customer else ())
        )  # fmt: skip
    return {p: tuple(sorted(of, key=lambda b: (b.when, b.start, b.customer))) for p, of in found.items()}


def _days_away(scene: Scene) -> dict[str, frozenset[date]]:
    """Return the working days of the horizon on which each person is not there."""
    away = list_availability(scene.company, scene.since, scene.until, ()).filter(pl.col("factor") == 0.0)
    days: dict[str, set[date]] = {}
    dates = scene.dates
    for person, since, until, _ in away.iter_rows():
        days.setdefault(person, set()).update(day for day in dates if since <= day < until)
    return {person: frozenset(of) for person, of in days.items()}


def _published_by_person(scene: Scene) -> dict[str, tuple[tuple[str, str, int], ...]]:
    if scene.published is None:
        return {}
    place_of = {day: at for at, day in enumerate(scene.dates)}
    found: dict[str, list[tuple[str, str, int]]] = {}
    for person, customer, kind, day in scene.published.select("person", "customer", "kind", "date").iter_rows():
        if day in place_of and kind in ("visit", "call"):
            found.setdefault(person, []).append((customer, kind, place_of[day]))
    return {person: tuple(of) for person, of in found.items()}


def _place(lat: float | None, lon: float | None) -> Place | None:
    """Return a place, none where it is not known; 0, 0 counts as unknown."""
    return None if lat is None or lon is None or (lat == 0 and lon == 0) else (lat, lon)
