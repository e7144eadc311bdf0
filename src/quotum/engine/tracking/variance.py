"""Why a gap is what it is: lost and new customers first, then what each customer's sales are made of.

The plan is taken to be reached as the sales of the same dates a year earlier were: the same orders a contact, order
size, mix and prices; what it asks more of a customer, it asks of contacts. (A customer who bought nothing on those
dates is held against the whole year before the plan.) Against that stands what happened. Each customer's gap is split
by Shapley, the parts are summed up by person and made whole once, so that they add up to the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS
from quotum.engine.tables.schema import E4
from quotum.engine.tracking.factors import SUMS, list_factors
from quotum.engine.tracking.shapley import split_product

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

DRIVERS = ("lost_customers", "new_customers", "won_back", "not_planned", "returns", "activity", "conversion", "orders",
           "order_size", "mix", "price", "margin", "unexplained")  # fmt: skip
"""What may explain a gap, in the order in which people read it."""
GONE = ("lost", "dormant")
_NOTHING = 1e-6  # of a smallest unit: what floats are off


@dataclass(frozen=True, slots=True)
class Leaves:
    """Customers of places, sorted by place and customer: what they brought, brought a year before, were to bring.

    ``frame(place, customer, to_date_commit, to_date_stretch, …)`` with the ``SUMS`` of now and, ending in ``_before``,
    of a year earlier, ``contacts`` and ``contacts_before``; money in ten-thousandths, plans in smallest
    units. ``is_gone`` (num_leaves,): the customer is lost or dormant; ``is_old``: it bought before the plan began.
    """

    frame: pl.DataFrame
    is_gone: npt.NDArray[np.bool_]
    is_old: npt.NDArray[np.bool_]


def stand_customers(customers: pl.DataFrame, since: date) -> pl.DataFrame:
    """Return ``customer, is_gone, is_old`` by position: lost or dormant; bought something before the plan began."""
    return customers.select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("customer"),
        is_gone=pl.col("state").is_in(list(GONE)).fill_null(value=False),
        is_old=(pl.col("first_order") < since).fill_null(value=False),
    )


def gather_leaves(
    now: pl.DataFrame, before: pl.DataFrame, planned: pl.DataFrame, contacts: pl.DataFrame, standing: pl.DataFrame
) -> Leaves:
    """Return the leaves of a measure.

    ``now`` and ``before`` are sums by place and customer, ``planned(place, customer, to_date_commit, to_date_stretch)``
    (customer -1: not a customer of the company's table), ``contacts`` of
    ``count_contacts_by_customer``, ``standing`` of ``stand_customers``. ``before`` says with ``in_year`` 1 that it
    counts the whole year before the plan instead of the same dates.
    """
    keys = ["place", "customer"]
    frame = now.join(before, on=keys, how="full", coalesce=True, suffix="_before")
    frame = frame.join(planned, on=keys, how="full", coalesce=True)
    frame = frame.join(contacts, on="customer", how="left").fill_null(0)
    in_year = pl.when(pl.col("in_year") == 1).then("contacts_year").otherwise("contacts_before")
    frame = frame.with_columns(contacts_before=in_year).drop("contacts_year", "in_year")
    frame = frame.join(standing, on="customer", how="left").sort(keys)
    marks = (frame[name].fill_null(value=False).to_numpy() for name in ("is_gone", "is_old"))
    return Leaves(frame.drop("is_gone", "is_old"), *marks)


def explain_gaps(leaves: Leaves, level: str, measure: Measure, *, has_contacts: bool) -> dict[str, Floats]:
    """Return how far each driver moves each leaf from its plan, (num_leaves,) each, in smallest units."""
    frame, unit = leaves.frame, 10.0**measure.decimals / E4
    plan = frame[f"to_date_{level}"].to_numpy().astype(np.float64)
    actual = frame["value"].to_numpy() * unit
    gap = actual - plan
    gross_before = frame["gross_before"].to_numpy() * unit
    net_before = frame["value_before"].to_numpy() * unit
    known = (gross_before > 0) & (net_before > 0)
    nothing = frame["gross"].to_numpy() <= 0
    lost = nothing & (leaves.is_gone | (leaves.is_old & ~known))
    back = ~known & ~lost & leaves.is_old
    is_new = ~known & ~lost & ~back
    unplanned = known & ~lost & (plan <= 0)
    parts = {name: np.zeros(len(gap)) for name in DRIVERS}
    for name, chosen in (("lost_customers", lost), ("new_customers", is_new), ("won_back", back),
                         ("not_planned", unplanned)):  # fmt: skip
        parts[name][chosen] = gap[chosen]
    rest = np.flatnonzero(~(lost | is_new | back | unplanned))
    if not len(rest):
        return parts
    some = frame[rest.tolist()]
    scale = plan[rest] / net_before[rest]
    returned = (frame["value"] - frame["gross"]).to_numpy()[rest] * unit
    returned_before = (frame["value_before"] - frame["gross_before"]).to_numpy()[rest] * unit
    parts["returns"][rest] = returned - scale * returned_before
    _split_rest(parts, rest, some, scale, unit, has_contacts=has_contacts)
    if measure.history == "margin":
        parts["margin"], parts["price"] = parts["price"], parts["margin"]
    return parts


def _split_rest(
    parts: dict[str, Floats], rest: Longs, some: pl.DataFrame, scale: Floats, unit: float, *, has_contacts: bool
) -> None:
    """Split the gaps of customers that are there in both years by what their sales are made of."""
    one = some.select(*(pl.col(f"{name}_before").alias(name) for name in SUMS))
    two = some.select(SUMS)
    contacts, unknown = None, np.zeros(len(rest), dtype=np.bool_)
    if has_contacts:
        seen = [some[name].to_numpy().astype(np.float64) for name in ("contacts_before", "contacts")]
        unknown = (seen[0] <= 0) | (seen[1] <= 0)
        orders = [frame["orders"].to_numpy().astype(np.float64) for frame in (one, two)]
        contacts = np.where(unknown, orders[0], seen[0]), np.where(unknown, orders[1], seen[1])
    factors = list_factors(one, two, contacts)
    factors.before[:, 0] *= scale  # what the plan asks more of a customer, it asks of contacts
    moved = split_product(factors.before, factors.after) * unit
    for at, name in enumerate(factors.names):
        if has_contacts and name in ("activity", "conversion"):
            parts["unexplained"][rest[unknown]] += moved[unknown, at]
            parts[name][rest[~unknown]] += moved[~unknown, at]
        else:
            parts[name][rest] += moved[:, at]


def sum_parts(parts: dict[str, Floats], place: Longs, gaps: Longs) -> Longs:
    """Return the drivers of each place, (num_places, num_drivers): whole units that add up to its gap."""
    sums = np.column_stack([np.bincount(place, weights=parts[name], minlength=len(gaps)) for name in DRIVERS])
    whole = np.floor(sums).astype(np.int64)
    missing = gaps - whole.sum(axis=1)
    part = np.where(sums - whole > _NOTHING, sums - whole, 0.0)
    order = np.lexsort((-np.abs(sums), -part), axis=1)
    given = np.minimum(np.maximum(missing, 0), (part > 0).sum(axis=1))
    np.put_along_axis(part, order, np.arange(len(DRIVERS)) < given[:, None], axis=1)
    whole += part.astype(np.int64)
    # What running sums gave to a neighbour, a cent or so, goes to the largest driver.
    whole[np.arange(len(gaps)), np.abs(sums).argmax(axis=1)] += missing - given
    return whole


def tell_variance(whole: Longs, above: pl.DataFrame, measure: str, level: str) -> pl.DataFrame:
    """Return the table ``variance`` of all nodes from the drivers of their places; drivers of 0 are left out."""
    lines = pl.DataFrame(
        {
            "place": np.repeat(np.arange(len(whole), dtype=np.int32), len(DRIVERS)),
            "driver": list(DRIVERS) * len(whole),
            "amount": whole.reshape(-1),
        },
        schema={"place": pl.Int32, "driver": pl.String, "amount": pl.Int64},
    ).filter(pl.col("amount") != 0)
    sums = above.join(lines, on="place").group_by("dimension", "node", "driver").agg(pl.col("amount").sum())
    rank = pl.col("driver").replace_strict({name: at for at, name in enumerate(DRIVERS)}, return_dtype=pl.Int8)
    return (
        sums.filter(pl.col("amount") != 0)
        .with_columns(measure=pl.lit(measure), level=pl.lit(level))
        .sort("dimension", "node", rank)
        .select(list(REVIEW_SCHEMAS["variance"]))
    )
