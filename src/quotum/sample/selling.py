"""What the sample company sold: orders drawn customer by customer, in blocks, all in arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.sample.catalogue import CATEGORIES, Catalogue, money
from quotum.sample.customers import Customers, people_of
from quotum.sample.organisation import Organisation, days
from quotum.sample.rhythm import CHANNELS, Event, is_promotion, make_day_masses
from quotum.sample.sizes import AS_OF, FIRST_DAY, LINES_PER_CUSTOMER, NUM_HISTORY_DAYS, stream
from quotum.sample.words import keys

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BLOCK = 50_000  # customers drawn at a time; each block has a stream of its own
LINES_PER_ORDER = 2.5
_DONE, _RETURNED, _CANCELLED = range(3)
_STATUS = pl.Series(["done", "returned", "cancelled"])


@dataclass(frozen=True, slots=True)
class Lines:
    """Sales lines as columns of one length. ``order`` numbers the orders in the order of their dates."""

    day: npt.NDArray[np.int16]
    order: npt.NDArray[np.int32]
    customer: npt.NDArray[np.int32]
    product: npt.NDArray[np.int16]
    person: npt.NDArray[np.int32]
    quantity: npt.NDArray[np.int32]
    amount_cents: Ints
    status: npt.NDArray[np.int8]

    def take(self, rows: npt.NDArray[np.integer]) -> Lines:
        """Return the lines at ``rows``."""
        return Lines(*(getattr(self, field.name)[rows] for field in fields(self)))


def _join(parts: list[Lines]) -> Lines:
    return Lines(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Lines)))


@dataclass(frozen=True, slots=True)
class _World:
    """What every block of customers is drawn from; ``masses`` and ``promotion`` as in the rhythm of the year."""

    customers: Customers
    organisation: Organisation
    catalogue: Catalogue
    masses: Floats
    promotion: npt.NDArray[np.bool_]


def sell(
    customers: Customers, organisation: Organisation, catalogue: Catalogue, events: list[Event], *, seed: int,
    progress: Callable[[str], None],
) -> Lines:  # fmt: skip
    """Return the sales lines of the history, sorted by date and order."""
    world = _World(customers, organisation, catalogue, make_day_masses(events), is_promotion(events))
    expected = _expected_orders(customers, world.masses)
    parts: list[Lines] = []
    count, num_orders = len(expected), 0
    for block, first in enumerate(range(0, count, BLOCK)):
        rng, rows = stream(seed, 30, block), np.arange(first, min(first + BLOCK, count))
        part, orders = _draw_block(rng, rows, expected[rows], world, num_orders)
        parts.append(part)
        num_orders += orders
        progress(f"sales of {rows[-1] + 1:,} of {count:,} customers")
    progress("sorting the sales by date")
    return _sort_by_date(_join(parts), num_orders)


def _expected_orders(customers: Customers, masses: Floats) -> Floats:
    """Return the expected number of orders, (num_customers,): half of a customer's size shows in how often it buys."""
    channel, top = customers.channel, customers.top
    active = masses[channel, top, customers.last_day] - masses[channel, top, customers.first_day]
    often = np.sqrt(customers.weight) * active / masses[channel, top, -1]
    scale = len(often) * LINES_PER_CUSTOMER / LINES_PER_ORDER / float(often.sum())
    return np.asarray(often * scale)


def _draw_block(
    rng: np.random.Generator, rows: Ints, expected: Floats, world: _World, first_order: int
) -> tuple[Lines, int]:
    """Return the lines of the customers ``rows`` and how many orders (returns included) they make."""
    customers, catalogue = world.customers, world.catalogue
    orders = np.floor(expected + rng.random(len(expected))).astype(np.int64)
    buyer = np.repeat(rows, orders)
    # Customers buy at fairly even steps of their year, not by pure chance: order k falls into the k-th part of it.
    part = np.arange(len(buyer)) - np.repeat(np.cumsum(orders) - orders, orders) + rng.random(len(buyer))
    day = _find_days(part / np.repeat(orders, orders), buyer, customers, world.masses)
    line_order = np.repeat(np.arange(len(buyer)), 1 + rng.poisson(LINES_PER_ORDER - 1, len(buyer)))
    line_buyer, line_day = buyer[line_order], day[line_order]
    product = _draw_products(rng, line_buyer, customers, catalogue)
    usual = 3_500 * np.sqrt(customers.weight[line_buyer]) / (catalogue.price_cents[product] / 100)
    quantity = np.maximum(np.round(usual * np.exp(rng.normal(-0.1, 0.5, len(usual)))), 1).astype(np.int64)
    channel = customers.channel[line_buyer]
    discount = np.array([c.discount for c in CHANNELS])[channel] + rng.integers(0, 5, len(usual))
    discount += 4 * world.promotion[channel, line_day]
    amount = (quantity * catalogue.price_cents[product] * (100 - discount) + 50) // 100
    status = np.where(rng.random(len(buyer)) < 0.008, _CANCELLED, _DONE)[line_order]
    person = _sellers(rng, buyer, day, world)[line_order]
    lines = Lines(line_day.astype(np.int16), (first_order + line_order).astype(np.int32), line_buyer.astype(np.int32),
                  product.astype(np.int16), person.astype(np.int32), quantity.astype(np.int32), amount,
                  status.astype(np.int8))  # fmt: skip
    returns = _draw_returns(rng, lines, first_order + len(buyer))
    return _join([lines, returns]), len(buyer) + len(returns.day)


def _find_days(part: Floats, buyer: Ints, customers: Customers, masses: Floats) -> Ints:
    """Return the day by which ``part`` of what a customer buys is due, in the rhythm of its channel and category."""
    day = np.zeros(len(buyer), dtype=np.int64)
    for channel in range(len(CHANNELS)):
        for top in range(len(CATEGORIES)):
            mine = np.flatnonzero((customers.channel[buyer] == channel) & (customers.top[buyer] == top))
            running = masses[channel, top]
            low, high = running[customers.first_day[buyer[mine]]], running[customers.last_day[buyer[mine]]]
            day[mine] = np.searchsorted(running, low + part[mine] * (high - low), side="right") - 1
    return np.minimum(day, NUM_HISTORY_DAYS - 1)


def _draw_products(rng: np.random.Generator, buyer: Ints, customers: Customers, catalogue: Catalogue) -> Ints:
    """Return the product of each line: mostly of the customer's own category, best sellers first (Zipf).

    Half of the lines follow the company's ranking, half the customer's own taste.
    """
    count = len(buyer)
    bounds = np.cumsum([category.weight for category in CATEGORIES])
    other = np.minimum(np.searchsorted(bounds, rng.random(count), side="right"), len(CATEGORIES) - 1)
    top = np.where(rng.random(count) < 0.65, customers.top[buyer], other)
    num = catalogue.count[top]
    rank = np.minimum(np.power(num + 1.0, rng.random(count)).astype(np.int64) - 1, num - 1)
    shift = np.where(rng.random(count) < 0.5, customers.taste[buyer], 0)
    # 7: neighbours in rank are not neighbours in the list
    return np.asarray(catalogue.first[top] + (rank * 7 + shift) % num)


def _sellers(rng: np.random.Generator, buyer: Ints, day: Ints, world: _World) -> Ints:
    """Return who sold each order: the owner of that day, before the owner was hired the area manager (or nobody)."""
    customers, org = world.customers, world.organisation
    owner, changed = customers.owner[buyer], day >= customers.change_day[buyer]
    second = np.where(customers.is_shared[buyer], rng.random(len(buyer)) < 0.4, True)
    owner = np.where(changed & second, customers.next_owner[buyer], owner)
    waits = (owner >= 0) & (org.hired_day[owner] > day)
    return np.where(waits, org.manager[org.office_region[customers.office[buyer]]], owner)


def _draw_returns(rng: np.random.Generator, lines: Lines, first_order: int) -> Lines:
    """Return negative lines for one line in a hundred: part of what was bought comes back within a month."""
    back = lines.day + rng.integers(3, 30, len(lines.day))
    back += np.where(back % 7 > 4, 2, 0)  # day 0 is a Monday, and nothing is taken back on weekends
    is_back = (rng.random(len(back)) < 0.01) & (lines.status == _DONE) & (back < NUM_HISTORY_DAYS)
    part = lines.take(np.flatnonzero(is_back))
    count = len(part.day)
    quantity = np.maximum((part.quantity * rng.uniform(0.1, 1.0, count)).astype(np.int64), 1)
    amount = (part.amount_cents * quantity * 2 + part.quantity) // (2 * part.quantity)
    orders = np.arange(first_order, first_order + count, dtype=np.int32)
    return Lines(back[is_back].astype(np.int16), orders, part.customer, part.product, part.person,
                 (-quantity).astype(np.int32), -amount, np.full(count, _RETURNED, dtype=np.int8))  # fmt: skip


def _sort_by_date(lines: Lines, num_orders: int) -> Lines:
    """Return the lines sorted by date and order, orders numbered anew in that order."""
    order_day = np.zeros(num_orders, dtype=np.int64)
    order_day[lines.order] = lines.day
    number = np.empty(num_orders, dtype=np.int32)
    number[np.argsort(order_day, kind="stable")] = np.arange(num_orders, dtype=np.int32)
    numbered = Lines(lines.day, number[lines.order], lines.customer, lines.product, lines.person, lines.quantity,
                     lines.amount_cents, lines.status)  # fmt: skip
    return numbered.take(np.argsort(numbered.order, kind="stable"))


def bought_by_customer(lines: Lines, num_customers: int) -> dict[str, Floats]:
    """Return amount and number of order dates of each customer, cancelled lines left out."""
    valid = lines.status != _CANCELLED
    who = lines.customer[valid]
    first = np.diff(lines.order, prepend=-1) > 0
    return {
        "amount": np.bincount(who, lines.amount_cents[valid], num_customers) / 100,
        "orders": np.bincount(lines.customer[first & (lines.quantity > 0)], minlength=num_customers).astype(np.float64),
    }


def own_sales(lines: Lines, customers: Customers, organisation: Organisation, catalogue: Catalogue) -> Floats:
    """Return what was sold in yuan by region, top category and year, (num_regions, num_top_categories, num_years)."""
    shape = int(organisation.office_region.max()) + 1, len(CATEGORIES), AS_OF.year - FIRST_DAY.year + 1
    year = np.array([day.year - FIRST_DAY.year for day in days(np.arange(NUM_HISTORY_DAYS))])
    region = organisation.office_region[customers.office]
    top = np.repeat(np.arange(len(CATEGORIES)), catalogue.count)
    cell = (region[lines.customer] * shape[1] + top[lines.product]) * shape[2] + year[lines.day]
    amount = np.where(lines.status == _CANCELLED, 0, lines.amount_cents)
    return np.bincount(cell, amount, int(np.prod(shape))).reshape(shape) / 100


def sales_table(lines: Lines, customers: Customers, catalogue: Catalogue, people: pl.Series) -> pl.DataFrame:
    """Return the table sales."""
    channel = customers.channel[lines.customer]
    num_orders = int(lines.order[-1]) + 1
    return pl.DataFrame({
        "date": days(lines.day),
        "order": keys("S", num_orders)[lines.order],
        "customer": keys("C", len(customers.owner))[lines.customer],
        "product": catalogue.products["product"][lines.product],
        "person": people_of(people, lines.person),
        "channel": pl.Series([c.name for c in CHANNELS])[channel],
        "quantity": lines.quantity,
        "amount": money(lines.amount_cents),
        "cost": money(lines.quantity * catalogue.cost_cents[lines.product]),
        "status": _STATUS[lines.status],
    })
