"""Actuals against a plan: the tables of a review, measure by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import years_before
from quotum.engine.forecasting import NodeForecast
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import list_holdings
from quotum.engine.tables.plan_settings import LEVELS, Measure, PlanSettings
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS
from quotum.engine.tables.sales_values import positions
from quotum.engine.tables.warning_settings import WarningSettings
from quotum.engine.tracking.attaining import attain, count_working_days
from quotum.engine.tracking.contacts import count_contacts_by_customer, count_contacts_by_month
from quotum.engine.tracking.crediting import credit_sales, to_minor
from quotum.engine.tracking.factors import average_prices, sum_leaves
from quotum.engine.tracking.leading import tell_figures
from quotum.engine.tracking.monthly import tell_months
from quotum.engine.tracking.needed import tell_needed
from quotum.engine.tracking.newcomers import list_newcomers
from quotum.engine.tracking.node_names import list_node_names
from quotum.engine.tracking.places import PlanNumbers, list_nodes_above, list_places, place_lines
from quotum.engine.tracking.ratios import list_ratios, tell_ratios
from quotum.engine.tracking.receivables import list_open_invoices, sum_ages, sum_cash
from quotum.engine.tracking.standing_levels import credit_level
from quotum.engine.tracking.variance import (
    DRIVERS,
    explain_gaps,
    gather_leaves,
    stand_customers,
    sum_parts,
    tell_variance,
)
from quotum.engine.tracking.warning_rules import Standing, find_warnings

_KEYS = ["person", "unit", "customer", "product", "date"]
_EMPTY_PLANS = {"place": pl.Int32, "customer": pl.Int32, "to_date_commit": pl.Int64, "to_date_stretch": pl.Int64}


@dataclass(frozen=True, slots=True)
class Scene:
    """What all measures of a review share.

    ``settings`` are the plan's with ``as_of`` the day of the review; ``company`` is in key order and knows nothing
    later; ``customers(customer, state, first_order, last_order, interval_days)`` tells of each customer on that day, in
    the order of the company's table; ``days`` is the calendar; ``working_days`` of the plan lie after as_of.
    """

    company: Company
    settings: PlanSettings
    days: pl.DataFrame
    customers: pl.DataFrame
    holdings: pl.DataFrame
    contacts: pl.DataFrame
    working_days: int

    @classmethod
    def of(cls, company: Company, settings: PlanSettings, days: pl.DataFrame, customers: pl.DataFrame) -> Scene:
        """Return the scene of a company's review."""
        return cls(company, settings, days, customers, list_holdings(company, settings),
                   count_contacts_by_customer(company, settings), count_working_days(days, settings))  # fmt: skip


def track_measure(
    scene: Scene, measure: Measure, numbers: PlanNumbers, forecast: NodeForecast | None
) -> tuple[dict[str, pl.DataFrame], list[Issue]]:
    """Return the tables ``attainment, variance, movers, months, actuals`` of a measure and what was found.

    Everything sold on the plan's dates up to as_of is in them, also that of people without a number and of customers
    without an owner; every table adds up to the same total.
    """
    company, settings = scene.company, scene.settings
    is_level = measure.kind == "level"
    forecast = None if is_level else forecast  # a level does not add up over the days to come
    credit = credit_level if is_level else credit_sales
    (now, issues), (before, _) = (credit(company, settings, measure, scene.holdings, back) for back in (0, 1))
    coming = _list_coming(forecast)
    places = list_places(numbers, [now, before, coming], company)
    now, before = (place_lines(lines, places, numbers.key, company) for lines in (now, before))
    same_dates = before.filter(pl.col("date") <= settings.as_of)
    year_before = before.filter(pl.col("date") < years_before(settings.since, -1))
    cells = _list_cells(now, measure)
    places = places.with_columns(
        actual=_sum_places(cells, places.height),
        last_year=pl.Series(_sum_minor(same_dates, places.height, measure)),
    )
    above = list_nodes_above(places, company)
    attainment = attain(places, above, forecast, measure, scene.working_days)
    variance, movers = _explain(scene, measure, numbers, places, above, now, (same_dates, year_before), cells)
    return {
        "attainment": attainment,
        "variance": variance,
        "movers": movers,
        "months": tell_months(numbers, places, above, cells, forecast, measure, settings.as_of),
        "actuals": _name_cells(cells, company, measure),
    }, [*issues, *_tell_beside(places, measure)]


def finish_review(
    scene: Scene, tables: Mapping[str, pl.DataFrame], rules: WarningSettings
) -> dict[str, pl.DataFrame]:
    """Return the tables of a review: those of its measures, and what is told once: cash, contacts, warnings."""
    company, settings = scene.company, scene.settings
    owners = scene.customers.select("customer", "person", "unit")
    invoices = list_open_invoices(company, settings, owners)
    standing = Standing(tables["attainment"], scene.customers, invoices)
    ratios, reasons = tell_ratios(tables["attainment"], list_ratios(settings))
    return {
        **tables,
        "attainment": pl.concat([tables["attainment"], ratios]),
        "variance": pl.concat([tables["variance"], reasons]),
        "needed": tell_needed(company, settings, scene.days, tables["attainment"], scene.working_days),
        "newcomers": list_newcomers(company, scene.customers, settings.since),
        "figures": tell_figures(company, settings, scene.holdings, owners),
        "names": list_node_names(company, tables["attainment"]),
        "warnings": find_warnings(company, settings, rules, standing),
        "receivables": sum_ages(invoices),
        "cash": sum_cash(company, settings, invoices, owners),
        "contacts": count_contacts_by_month(company, settings),
    }


def _list_coming(forecast: NodeForecast | None) -> pl.DataFrame:
    """Return the people of whom something is expected, though they may not have sold anything yet."""
    if forecast is None:
        return pl.DataFrame(schema={"person": pl.String, "unit": pl.String})
    people = forecast.totals.filter((pl.col("dimension") == "person") & (pl.col("mean_minor") != 0))
    return people.select(person="node", unit="parent")


def _list_cells(lines: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Return ``place`` with the keys of a cell and its amount in smallest units, in the order of the keys."""
    cells = lines.group_by("place", *_KEYS).agg(pl.col("value_e4").sum()).sort("place", *_KEYS)
    amount = to_minor(cells["value_e4"].to_numpy(), measure.decimals)
    return cells.with_columns(amount=pl.Series(amount, dtype=pl.Int64))


def _sum_places(cells: pl.DataFrame, num_places: int) -> pl.Series:
    sums = np.zeros(num_places, dtype=np.int64)
    np.add.at(sums, cells["place"].to_numpy(), cells["amount"].to_numpy())
    return pl.Series(sums)


def _sum_minor(lines: pl.DataFrame, num_places: int, measure: Measure) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    sums = np.zeros(num_places, dtype=np.int64)
    np.add.at(sums, lines["place"].to_numpy(), lines["value_e4"].to_numpy())
    return to_minor(sums, measure.decimals)


def _explain(
    scene: Scene, measure: Measure, numbers: PlanNumbers, places: pl.DataFrame, above: pl.DataFrame,
    now: pl.DataFrame, before: tuple[pl.DataFrame, pl.DataFrame], cells: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Return the tables ``variance`` and ``movers``.

    ``before``: lines of the same dates a year earlier, and of the whole year before the plan for customers who bought
    nothing on those dates.
    """
    prices = average_prices([before[1], now])
    same, year = (sum_leaves(lines, prices).with_columns(in_year=pl.lit(k)) for k, lines in enumerate(before))
    same = same.filter((pl.col("gross") > 0) & (pl.col("value") > 0))
    sums_before = pl.concat([same, year.join(same, on=["place", "customer"], how="anti")]).sort("place", "customer")
    planned = _plan_of_customers(scene.company, numbers, places, sums_before)
    standing = stand_customers(scene.customers, scene.settings.since)
    leaves = gather_leaves(sum_leaves(now, prices), sums_before, planned, scene.contacts, standing)
    seen = scene.contacts["contacts"].sum() > 0 and scene.contacts["contacts_before"].sum() > 0
    place = leaves.frame["place"].to_numpy()
    tables, why = [], pl.Series([], dtype=pl.String)
    for level in LEVELS:
        parts = explain_gaps(leaves, level, measure, has_contacts=bool(seen))
        gaps = (places["actual"] - places[f"to_date_{level}"]).to_numpy()
        tables.append(tell_variance(sum_parts(parts, place, gaps), above, measure.name, level))
        if level == LEVELS[0] and leaves.frame.height:
            largest = np.argmax(np.abs(np.column_stack([parts[name] for name in DRIVERS])), axis=1)
            why = pl.Series([DRIVERS[at] for at in largest.tolist()])
    movers = _list_movers(scene.company, places, leaves.frame, cells, why, measure)
    by_product = _list_products(scene.company, numbers, places, cells, measure)
    return pl.concat(tables), pl.concat([movers, by_product])


def _plan_of_customers(
    company: Company, numbers: PlanNumbers, places: pl.DataFrame, before: pl.DataFrame
) -> pl.DataFrame:
    """Return what each customer was to bring by now; a plan without customers hands it down as last year's sales."""
    at = {name: position for position, name in enumerate(places["key"].to_list())}
    amounts = ["to_date_commit", "to_date_stretch"]
    if numbers.customers is not None:
        frame = numbers.customers
        customer = positions(frame["customer"], company["customers"]["customer"])
        place = pl.Series([at[key] for key in frame[numbers.key].to_list()], dtype=pl.Int32)
        coded = frame.select(amounts).with_columns(place=place, customer=pl.Series(customer, dtype=pl.Int32))
        return coded.group_by("place", "customer").agg(pl.col(amounts).sum()).sort("place", "customer")
    known = before.filter((pl.col("gross") > 0) & (pl.col("value") > 0)).select("place", "customer", "value")
    share = pl.col("value") / pl.col("value").sum().over("place")
    asked = places.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("place"), *amounts)
    shared = known.join(asked, on="place").with_columns((pl.col(name) * share).alias(name) for name in amounts)
    alone = asked.join(known, on="place", how="anti").with_columns(customer=pl.lit(-1, pl.Int32))
    frames = [shared.select("place", "customer", *amounts),
              alone.select("place", "customer", pl.col(amounts).cast(pl.Float64))]  # fmt: skip
    return pl.concat(frames).sort("place", "customer")


def _list_movers(
    company: Company, places: pl.DataFrame, leaves: pl.DataFrame, cells: pl.DataFrame, why: pl.Series, measure: Measure
) -> pl.DataFrame:
    """Return a line a place and customer: its plan to date, what it brought, the driver that moved it most."""
    if leaves.is_empty():
        return pl.DataFrame(schema=REVIEW_SCHEMAS["movers"])
    brought = cells.group_by("place", "customer").agg(actual=pl.col("amount").sum())
    lines = leaves.select("place", "customer", "to_date_commit", why=why).join(
        brought, on=["place", "customer"], how="left", maintain_order="left"
    )
    names = company["customers"]["customer"]
    return _lay_out_movers("customer", lines, names, places, measure)


def _list_products(
    company: Company, numbers: PlanNumbers, places: pl.DataFrame, cells: pl.DataFrame, measure: Measure
) -> pl.DataFrame:
    """Return a line a place and product, of a plan that has products."""
    if numbers.products is None:
        return pl.DataFrame(schema=REVIEW_SCHEMAS["movers"])
    at = {name: position for position, name in enumerate(places["key"].to_list())}
    names = company["products"]["product"]
    planned = numbers.products.select(
        place=pl.Series([at[key] for key in numbers.products[numbers.key].to_list()], dtype=pl.Int32),
        product=pl.Series(positions(numbers.products["product"], names), dtype=pl.Int32),
        to_date_commit="to_date_commit",
    ).group_by("place", "product").agg(pl.col("to_date_commit").sum())  # fmt: skip
    brought = cells.group_by("place", "product").agg(actual=pl.col("amount").sum())
    lines = planned.join(brought, on=["place", "product"], how="full", coalesce=True).sort("place", "product")
    return _lay_out_movers("product", lines.with_columns(why=pl.lit("")), names, places, measure)


def _lay_out_movers(
    dimension: str, lines: pl.DataFrame, names: pl.Series, places: pl.DataFrame, measure: Measure
) -> pl.DataFrame:
    planned = pl.col("to_date_commit").fill_null(0).round().cast(pl.Int64)
    actual = pl.col("actual").fill_null(0)
    at = lines.select(pl.when(pl.col(dimension) >= 0).then(dimension)).to_series()  # no customer: -1, then null
    return lines.select(
        dimension=pl.lit(dimension),
        person=places["key"].gather(lines["place"]).cast(pl.String),
        key=names.gather(at).cast(pl.String),
        measure=pl.lit(measure.name), plan_to_date=planned, actual=actual, gap=actual - planned, why="why",
    ).filter((pl.col("plan_to_date") != 0) | (pl.col("actual") != 0))  # fmt: skip


def _name_cells(cells: pl.DataFrame, company: Company, measure: Measure) -> pl.DataFrame:
    """Return the table ``actuals``: keys instead of positions."""
    products = company["products"].select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("product"), pl.col("product").alias("name")
    )
    customers = company["customers"].select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("customer"), pl.col("customer").alias("who")
    )
    return (
        cells.join(products, on="product", how="left", maintain_order="left")
        .join(customers, on="customer", how="left", maintain_order="left")
        .select(measure=pl.lit(measure.name), date="date", person="person", unit="unit", customer="who",
                product="name", amount="amount")
    )  # fmt: skip


def _tell_beside(places: pl.DataFrame, measure: Measure) -> list[Issue]:
    """Tell who sold without a number in the plan: it counts for the units above, not for anybody's number."""
    beside = places.filter(~pl.col("in_plan") & (pl.col("actual") != 0))
    if beside.is_empty():
        return []
    details = (("measure", measure.name), ("people", str(beside.height)),
               ("amount", f"{beside['actual'].sum() / 10**measure.decimals:,.{measure.decimals}f}"))  # fmt: skip
    named = ", ".join(beside["key"].to_list()[:5])
    return [Issue(rule="review_beside_plan", severity="warning", table="sales", value=named, details=details)]


def join_tables(parts: Sequence[Mapping[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Return the tables of several measures one below the other."""
    return {name: pl.concat([part[name] for part in parts]) for name in parts[0]} if parts else {}
