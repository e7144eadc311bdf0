"""Customers for people: equal parts of work and potential, near each other, and as few changes as may be.

Every customer goes to the person who is nearest at that person's price; prices rise where there is too much and fall
where there is too little (a capacitated clustering by prices, as in auction methods; simple and good, not optimal).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.action_plan.travel_ways import GreatCircle
from quotum.engine.action_plan.visit_tasks import curve_positions
from quotum.engine.tables.company import Company
from quotum.engine.tables.visit_settings import VisitSettings

Floats = npt.NDArray[np.float64]

_ROUNDS, _CENTRES = 300, 12
_KEEP_MINUTES = 15.0  # another person must be nearer by this before a customer changes hands
_NEAREST = 24  # people that are looked at for each customer
_CHUNK = 2_000


def assign_customers(company: Company, settings: VisitSettings, owners: pl.DataFrame, first: Any) -> pl.DataFrame:
    """Return ``customer, owner`` with the customers of nobody given to people, or with all of them given anew.

    ``settings.assign``: ``vacant`` or ``all``; only people who are there on the day ``first`` count. Customers without
    coordinates keep their owner, or go to whoever has least. Work is the minutes of visits in twenty days, with a
    quarter of an hour for each way.
    """
    people = company["people"].filter(
        pl.col("hired").is_null() | (pl.col("hired") <= first), pl.col("left").is_null() | (pl.col("left") > first)
    ).sort("person")  # fmt: skip
    customers = company["customers"].join(owners, on="customer", how="left").sort("customer")
    wanted = list(settings.cadence.classes)
    if not settings.cadence.everyone and wanted:
        customers = customers.filter(pl.col("class").is_in(wanted) | pl.col("owner").is_not_null())
    if settings.assign == "none" or not people.height or not customers.height:
        return owners
    keys = people["person"].to_list()
    place_of = {person: at for at, person in enumerate(keys)}
    owner = np.array([place_of.get(person, -1) for person in customers["owner"].to_list()], np.int64)
    free = owner < 0 if settings.assign == "vacant" else np.ones(len(owner), np.bool_)
    places, known = _places(customers)
    weight = _weigh(customers, settings)
    capacity = people["minutes_per_day"].fill_null(480.0).to_numpy()
    base = np.bincount(owner[~free], weights=weight[~free], minlength=len(keys)).astype(np.float64)
    goal = capacity / capacity.sum() * weight.sum()
    chosen = owner.copy()
    movable = np.flatnonzero(free & known)
    homes, given = _homes(people)
    for _ in range(1 if given.all() else _CENTRES):
        homes = homes if given.all() else _centres(homes, given, places, weight, chosen, movable, len(keys))
        chosen[movable] = _share_out(places[movable], weight[movable], homes, goal - base, owner[movable])
    for at in np.flatnonzero(free & ~known & (owner < 0)):
        load = np.bincount(chosen[chosen >= 0], weights=weight[chosen >= 0], minlength=len(keys))
        chosen[at] = int(np.argmin(load / goal))
    return pl.DataFrame({
        "customer": customers["customer"], "owner": [keys[at] if at >= 0 else None for at in chosen.tolist()],
    }).drop_nulls().sort("customer")  # fmt: skip


def _weigh(customers: pl.DataFrame, settings: VisitSettings) -> Floats:
    """Return each customer's part of all work and all potential, on average."""
    cadence = settings.cadence
    every = [cadence.classes.get(name or "", cadence.everyone or 60) for name in customers["class"].to_list()]
    minutes = customers["minutes"].fill_null(float(settings.minutes)).to_numpy() + 15.0
    work: Floats = minutes * 20.0 / np.array(every, np.float64)
    potential = customers["potential"].fill_null(0.0).to_numpy()
    whole = potential.sum()
    part: Floats = work / work.sum()
    return (part + potential / whole) / 2 if whole > 0 else part


def _share_out(places: Floats, weight: Floats, homes: Floats, room: Floats, owner: npt.NDArray[np.int64]) -> Any:
    """Return for each customer the number of its person, so that loads come close to ``room``."""
    near, minutes = _nearest(places, homes, owner)
    minutes = minutes - _KEEP_MINUTES * (near == owner[:, None])
    prices = np.zeros(len(homes))
    goal = np.maximum(room, room.sum() * 1e-3)
    scale = float(np.median(minutes.max(axis=1))) or 1.0
    best, best_miss = np.zeros(len(places), np.int64), np.inf
    for step in range(_ROUNDS):
        pick = np.argmin(minutes + prices[near], axis=1)
        chosen = near[np.arange(len(places)), pick]
        load = np.bincount(chosen, weights=weight, minlength=len(homes))
        off = load / goal - 1.0
        miss = float(np.abs(off).max())
        if miss < best_miss - 1e-9:
            best, best_miss = chosen, miss
        if miss < 0.03:
            break
        prices += scale * 0.25 / (1.0 + step / 20.0) * np.clip(off, -1.0, 1.0)
    return best


def _nearest(places: Floats, homes: Floats, owner: npt.NDArray[np.int64]) -> tuple[Any, Floats]:
    """Return the nearest people of each customer and the minutes to them, the owner always among them."""
    count = min(_NEAREST, len(homes))
    near = np.empty((len(places), count), np.int64)
    minutes = np.empty((len(places), count))
    way = GreatCircle()
    speed = way.factor * 60.0 / way.kmh * 6371.0088
    for start in range(0, len(places), _CHUNK):
        part = places[start : start + _CHUNK]
        own = speed * _angles(part, homes)
        order = np.argsort(own, axis=1, kind="stable")[:, :count]
        mine = owner[start : start + _CHUNK]
        lost = np.flatnonzero((mine >= 0) & ~(order == mine[:, None]).any(axis=1))
        order[lost, -1] = mine[lost]
        near[start : start + _CHUNK] = order
        minutes[start : start + _CHUNK] = np.take_along_axis(own, order, axis=1)
    return near, minutes


def _angles(places: Floats, homes: Floats) -> Floats:
    """Return the great circle angles (num_places, num_homes) in radians."""
    one, two = np.radians(places), np.radians(homes)
    half = np.sin((one[:, None, 0] - two[None, :, 0]) / 2) ** 2 + np.cos(one[:, None, 0]) * np.cos(
        two[None, :, 0]
    ) * np.sin((one[:, None, 1] - two[None, :, 1]) / 2) ** 2
    angles: Floats = 2 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return angles


def _centres(
    homes: Floats, given: Any, places: Floats, weight: Floats, chosen: npt.NDArray[np.int64], movable: Any, count: int
) -> Floats:
    """Return where people stand: at home, or in the middle of their customers; at first on parts of a curve."""
    moved = homes.copy()
    if not np.isfinite(homes).all():
        order = movable[np.argsort(curve_positions(places[movable, 0], places[movable, 1]), kind="stable")]
        part = np.minimum((np.cumsum(weight[order]) / weight[order].sum() * count).astype(np.int64), count - 1)
        groups, members = part, order
    else:
        groups, members = chosen[movable], movable
    for at in range(count):
        own = members[groups == at]
        if not given[at] and len(own):
            moved[at] = np.average(places[own], axis=0, weights=weight[own])
    middle = places[movable].mean(axis=0)
    return np.where(np.isfinite(moved), moved, middle)


def _homes(people: pl.DataFrame) -> tuple[Floats, Any]:
    places, known = _places(people)
    return np.where(known[:, None], places, np.nan), known


def _places(frame: pl.DataFrame) -> tuple[Floats, Any]:
    """Return (n, 2) degrees and whether they are known; 0, 0 counts as unknown."""
    places = np.column_stack([frame[name].cast(pl.Float64).fill_null(0.0).to_numpy() for name in ("lat", "lon")])
    return places, (places != 0.0).any(axis=1) & frame["lat"].is_not_null().to_numpy()
