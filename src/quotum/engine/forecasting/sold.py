"""What was sold, summed by customer, product and slot of time; and which part of a customer each holding has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import years_before
from quotum.engine.forecasting.months import Months
from quotum.engine.forecasting.panel import Floats, Longs
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import list_holdings
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.sales_values import positions, value_lines


@dataclass(frozen=True, slots=True)
class Sold:
    """Sums of sales in ten-thousandths, (num_sums,) each; ``product`` is -1 for none.

    Slots are the known months, then the pieces of the plan that are over, then the plan's dates a year earlier. Those
    are told apart by ``window``, the stretch of the plan they stand beside in which nothing changes hands; it is -1 in
    all other slots.
    """

    customer: Longs
    product: Longs
    slot: Longs
    window: Longs
    value_e4: Longs
    num_slots: int
    num_known: int


@dataclass(frozen=True, slots=True)
class Held:
    """Sums handed on to holdings: ``place`` (num_held,) is the sum, ``holding`` whose, ``value_e4`` its part of it."""

    place: Longs
    holding: Longs
    value_e4: Longs


def sum_sales(
    company: Company, settings: PlanSettings, months: Months, measure: Measure, edges: Sequence[date], *,
    by_product: bool,
) -> tuple[Sold, list[Issue]]:  # fmt: skip
    """Return the sales up to as_of by customer, product (if asked for) and slot, in a fixed order.

    ``edges`` are the first days of the stretches of the plan in which nothing changes hands.
    """
    earliest = min(months.first, years_before(settings.since, 1))
    sales = company["sales"].filter((pl.col("date") <= settings.as_of) & (pl.col("date") >= earliest))
    products = tuple(company["products"]["product"])
    plain = measure.history in ("amount", "quantity") and not by_product
    product = pl.lit(-1, pl.Int32) if plain else pl.Series(positions(sales["product"], products))
    coded = sales.select(
        "date", "order", "amount_e4", "quantity_e4", "cost_e4",
        customer=pl.Series(positions(sales["customer"], company["customers"]["customer"])), product=product,
    ).filter(pl.col("customer") >= 0)  # fmt: skip
    value, actual, issues = value_lines(coded, company, measure)
    wide, last_slot = len(products) + 1, months.num_known + len(months.pieces)
    num_cells = last_slot + len(edges)
    member = pl.col("customer").cast(pl.Int64) * wide + (pl.col("product") + 1 if by_product else 0)
    lines = coded.lazy().select(member=member, day=pl.col("date"), value=value, actual=actual)
    parts = [
        lines.select(cell=pl.col("member") * num_cells + slot, value=kind).filter(pl.col("cell").is_not_null())
        for slot, kind in zip(_slots(settings, months, edges), ("value", "actual", "actual"), strict=True)
    ]
    sums = pl.concat(parts).group_by("cell").agg(pl.col("value").sum()).sort("cell").collect()
    cell = sums["cell"].to_numpy()
    found, slot = cell // num_cells, cell % num_cells
    amount, window = sums["value"].cast(pl.Int64).to_numpy(), np.maximum(slot - last_slot, -1)
    slot = np.minimum(slot, last_slot)
    return Sold(found // wide, found % wide - 1, slot, window, amount, last_slot + 1, months.num_known), issues


def _slots(settings: PlanSettings, months: Months, edges: Sequence[date]) -> list[pl.Expr]:
    """Return the slots of a day, null for none: its known month, its piece of the plan that is over, last year."""
    day = pl.col("day")
    month = months.column_of(day)
    past = [(place, piece) for place, piece in enumerate(months.pieces) if piece.known]
    piece = pl.coalesce(
        *(pl.when((day >= p.since) & (day < p.until)).then(months.num_known + place) for place, p in past),
        pl.lit(None, pl.Int64),
    )
    since, until = years_before(settings.since, 1), years_before(settings.until, 1)
    dates = pl.date_range(since, until, closed="left", eager=True)
    changes = np.array([years_before(edge, 1) for edge in edges], dtype="datetime64[D]")
    window = np.searchsorted(changes, dates.to_numpy(), side="right") - 1
    first = months.num_known + len(months.pieces)
    last = day.replace_strict(dates, pl.Series(first + window), default=None, return_dtype=pl.Int64)
    return [pl.when(month >= 0).then(month), piece, last]


def sum_history(sold: Sold, *, by_product: bool) -> Sold:
    """Return the sums of all known months together, by customer and product: a single slot."""
    known = sold.slot < sold.num_known
    wide = int(sold.product.max(initial=-1)) + 2
    cell = sold.customer[known] * wide + (sold.product[known] + 1 if by_product else 0)
    cells, place = np.unique(cell, return_inverse=True)
    value = np.zeros(len(cells), dtype=np.int64)
    np.add.at(value, place, sold.value_e4[known])
    none = np.zeros(len(cells), dtype=np.int64)
    return Sold(cells // wide, cells % wide - 1, none, none - 1, value, 1, 1)


def weigh_holdings(company: Company, settings: PlanSettings, months: Months) -> pl.DataFrame:
    """Return the holdings with the part of its customer that each has over the plan.

    ``customer, person, unit, since, until, share, part``.
    """
    held = list_holdings(company, settings)
    running = np.concatenate([[0.0], np.cumsum(months.weights)])
    since, until, first, last = (
        running[np.searchsorted(months.dates, at)]
        for at in (held["since"].to_numpy(), held["until"].to_numpy(),
                   np.datetime64(settings.since), np.datetime64(settings.until))
    )  # fmt: skip
    whole = (held["since"] == settings.since) & (held["until"] == settings.until)
    part = np.where(whole.to_numpy() | (last <= first), 1.0, (until - since) / max(last - first, 1e-300))
    return held.with_columns(part=pl.Series(part) * pl.col("share"))


def list_edges(holdings: pl.DataFrame, settings: PlanSettings) -> list[date]:
    """Return the first days of the stretches of the plan in which nothing changes hands, the plan's own first."""
    days = pl.concat([holdings["since"], holdings["until"]]).unique().sort()
    return [settings.since, *days.filter((days > settings.since) & (days < settings.until)).to_list()]


def hand_to_holdings(sold: Sold, holdings: pl.DataFrame, edges: Sequence[date], num_customers: int) -> Held:
    """Return each sum's parts for the holdings of its customer; ``holdings`` are sorted by customer.

    A part is that of the whole plan; what was sold on the plan's dates a year earlier is theirs who hold the customer
    on those dates.
    """
    starts = np.searchsorted(holdings["customer"].to_numpy(), np.arange(num_customers + 1))
    count = np.diff(starts)[sold.customer]
    place = np.repeat(np.arange(len(sold.customer)), count)
    within = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    holding = starts[sold.customer[place]] + within
    part: Floats = holdings["part"].to_numpy()[holding]
    first = np.array(edges, dtype="datetime64[D]")[np.maximum(sold.window, 0)][place]
    there = (holdings["since"].to_numpy()[holding] <= first) & (first < holdings["until"].to_numpy()[holding])
    part = np.where(sold.window[place] < 0, part, there * holdings["share"].to_numpy()[holding])
    return Held(place, holding, np.rint(sold.value_e4[place] * part).astype(np.int64))
