"""Who buys from the sample company, how much, and who owns them when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.sample.catalogue import CATEGORIES
from quotum.sample.organisation import Organisation, day_date
from quotum.sample.rhythm import CHANNELS
from quotum.sample.sizes import NEVER, NUM_HISTORY_DAYS, Size, stream
from quotum.sample.words import customer_names, keys

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ZIPF = 0.8  # the customer of rank r is r^-0.8 times the largest
_NAME, _SIZE, _PLACE, _OWNER = range(10, 14)
_SOON = 19


@dataclass(frozen=True, slots=True)
class Customers:
    """Customers as arrays, all (num_customers,).

    ``weight`` is the size, 1 on average. ``first_day`` and ``last_day`` (half open): when they buy. ``owner`` is the
    person at first (-1: nobody), ``next_owner`` the one from ``change_day`` on (-1: no change); where ``is_shared``,
    both own it from then on, 0.6 and 0.4.
    """

    weight: Floats
    channel: Ints
    top: Ints
    taste: Ints
    office: Ints
    first_day: Ints
    last_day: Ints
    owner: Ints
    next_owner: Ints
    change_day: Ints
    is_shared: Flags


def make_customers(size: Size, organisation: Organisation, seed: int) -> Customers:
    """Return the customers: sizes after Zipf, in random order, spread over the offices."""
    rng, count = stream(seed, _SIZE), size.num_customers
    rank = rng.permutation(count) + 1
    weight = rank.astype(np.float64) ** -ZIPF
    weight /= weight.sum() / count
    channel = _draw(rng, [channel.customers for channel in CHANNELS], count)
    is_large = rank <= count // 12
    channel = np.where(is_large & (rng.random(count) < 0.6), 1, channel)
    top = _draw(rng, [category.weight for category in CATEGORIES], count)
    num_offices = len(organisation.office_city)
    office = _draw(rng, (1 + 0.5 * rng.random(num_offices)).tolist(), count)

    steady = rank <= count // 50  # losing the largest would make a year that nobody believes
    luck = rng.random(count)
    first = np.where((luck < 0.12) & ~steady, rng.integers(60, NUM_HISTORY_DAYS - 60, count), 0)
    last = np.where((luck > 0.88) & ~steady, rng.integers(200, NUM_HISTORY_DAYS - 30, count), NUM_HISTORY_DAYS)
    first = np.where((luck > 0.875) & (luck < 0.88) & ~steady, NUM_HISTORY_DAYS, first)  # asked, never bought
    # Nobody's customers stopped buying before the last year: somebody is to win them back.
    is_orphan = (rng.random(count) < 0.007) & ~steady & (luck > 0.12)
    last = np.where(is_orphan, rng.integers(300, NUM_HISTORY_DAYS - 400, count), last)
    first = np.where(is_orphan, 0, first)
    taste = rng.integers(0, 10_000, count)
    is_key = (channel == 1) & (weight > 2) & (first == 0) & (last == NUM_HISTORY_DAYS)
    owners = _draw_owners(stream(seed, _OWNER), organisation, office, is_key=is_key, orphan=is_orphan)
    return Customers(weight, channel, top, taste, office, first, last, *owners)


def _draw(rng: np.random.Generator, weights: list[float], count: int) -> Ints:
    bounds = np.cumsum(weights) / np.sum(weights)
    return np.minimum(np.searchsorted(bounds, rng.random(count), side="right"), len(weights) - 1)


def _draw_owners(
    rng: np.random.Generator, org: Organisation, office: Ints, *, is_key: Flags, orphan: Flags
) -> tuple[Ints, Ints, Ints, Flags]:
    """Return owner, next_owner, change_day and is_shared of each customer."""
    count = len(office)
    owner = org.owners[org.first_owner[office] + (rng.random(count) ** 1.3 * org.num_owners[office]).astype(np.int64)]
    manager = org.manager[org.office_region[office]]
    owner = np.where(is_key & (manager >= 0) & (rng.random(count) < max(0.1, 120 / count)), manager, owner)
    owner = np.where(orphan, -1, owner)

    colleague = org.core[org.first_core[office] + (rng.random(count) * org.num_core[office]).astype(np.int64)]
    left = org.left_day[owner]
    leaves = (owner >= 0) & (left < NEVER)
    newcomer = org.newcomer[office]
    passed = ~leaves & (owner >= 0) & (newcomer >= 0) & (rng.random(count) < 0.8 / (org.num_owners[office] + 1))
    is_steady_pair = np.isin(owner, org.core) & (colleague != owner) & ~leaves & ~passed
    luck = rng.random(count)
    moved = is_steady_pair & (luck < 0.025)
    shared = is_steady_pair & (luck > 0.992)

    next_owner = np.where(leaves | moved | shared, colleague, np.where(passed, newcomer, -1))
    some_day = rng.integers(100, NUM_HISTORY_DAYS + 300, count)
    change_day = np.where(leaves, left, np.where(passed, org.hired_day[newcomer], some_day))
    return owner, next_owner, np.where(next_owner >= 0, change_day, NEVER), shared


def customers_table(
    customers: Customers, organisation: Organisation, size: Size, seed: int, bought: dict[str, Floats]
) -> pl.DataFrame:
    """Return the table customers; ``bought`` holds per customer amount and orders of the history."""
    rng, count = stream(seed, _PLACE), size.num_customers
    people = organisation.people["person"]
    has_changed = (customers.change_day < NUM_HISTORY_DAYS) & ~customers.is_shared
    now = np.where(has_changed, customers.next_owner, customers.owner)
    city = organisation.areas[organisation.office_city[customers.office].tolist()]
    spread = 0.05 if len(size.branching) == 2 else 0.03
    rank = np.argsort(np.argsort(-customers.weight, kind="stable"), kind="stable") / count
    years = np.maximum(np.minimum(customers.last_day, NUM_HISTORY_DAYS) - customers.first_day, 30) / 365.25
    usual = np.maximum(bought["amount"] / years, 2_000 * customers.weight)
    orders, soon = bought["orders"], stream(seed, _SOON).choice([15, 30, 60, 120], count)
    to_order = np.where(orders > 0, years * 365.25 / np.maximum(orders, 1), soon)
    minutes = np.array([channel.minutes for channel in CHANNELS])[customers.channel]
    return pl.DataFrame({
        "customer": keys("C", count),
        "name": customer_names(stream(seed, _NAME), city["name"]),
        "person": people_of(people, now),
        "channel": pl.Series([channel.name for channel in CHANNELS])[customers.channel],
        "area": city["area"],
        "city": city["name"],
        "lat": (organisation.office_lat[customers.office] + rng.normal(0, spread, count)).round(5),
        "lon": (organisation.office_lon[customers.office] + rng.normal(0, spread, count)).round(5),
        "class": pl.Series(["VIP", "A", "B", "C"])[np.searchsorted([0.02, 0.15, 0.5], rank, side="right")],
        "potential": (usual * rng.uniform(1.1, 2.2, count)).round(-1),
        "monthly_demand": (usual / 12).round(0),
        "days_to_order": to_order.round(0),
        "opens": pl.Series([channel.hours[0] for channel in CHANNELS])[customers.channel],
        "closes": pl.Series([channel.hours[1] for channel in CHANNELS])[customers.channel],
        "minutes": minutes + 5 * rng.integers(0, 4, count),
    })


def people_of(people: pl.Series, person: npt.NDArray[np.integer]) -> pl.Series:
    """Return the keys of people by number; -1 is nobody."""
    owners: pl.Series = people[np.maximum(person, 0)]
    return owners.set(pl.Series(person < 0), None)


def ownership_table(customers: Customers, people: pl.Series) -> pl.DataFrame:
    """Return the table ownership: the customers that change hands or are shared, without gaps and open at the end.

    It begins with the first day of the history. A customer that is shared belongs to the first owner alone before.
    """
    key = keys("C", len(customers.owner))
    rows: list[tuple[str, str, object, object, float]] = []
    for row in np.flatnonzero(customers.next_owner >= 0).tolist():
        customer = key[row]
        first, second = people[int(customers.owner[row])], people[int(customers.next_owner[row])]
        change = day_date(int(customers.change_day[row]))
        rows.append((customer, first, day_date(0), change, 1.0))
        if customers.is_shared[row]:
            rows.append((customer, first, change, None, 0.6))
        rows.append((customer, second, change, None, 0.4 if customers.is_shared[row] else 1.0))
    schema = {"customer": pl.String, "person": pl.String, "since": pl.Date, "until": pl.Date, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
