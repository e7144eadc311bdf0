"""What the plan needs of customers, node by node: what existing ones bring, what new ones must, who is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from quotum.engine.basics.trees import Tree
from quotum.engine.customers.existing import Existing
from quotum.engine.customers.measures import add_up_tree
from quotum.engine.customers.purchases import Floats, day_number
from quotum.engine.customers.winning import count_needed
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import VACANT, list_holdings
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import E4

NEW_BUSINESS = "new_business:"
OUTLOOK_SCHEMA: dict[str, type[pl.DataType]] = {
    "dimension": pl.String, "key": pl.String, "member": pl.String, "target_minor": pl.Int64, "done_minor": pl.Int64,
    "existing_minor": pl.Int64, "new_needed_minor": pl.Int64, "new_each_minor": pl.Int64,
    "customers_needed": pl.Int64, "customers_if_full_year": pl.Int64, "prospects": pl.Int64, "in_hand": pl.Float64,
    "in_hand_minor": pl.Int64, "missing_minor": pl.Int64, "missing": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What one new customer brings in smallest units: in a full year, and in the plan if won evenly over it."""

    yearly_minor: float
    each_minor: float


def expect_holdings(
    company: Company,
    settings: PlanSettings,
    existing: Existing,
    running: Floats,
    span: tuple[date, date],
    decimals: int,
) -> pl.DataFrame:
    """Return what existing customers will bring by holder: ``customer, person, unit, existing_minor``.

    A customer that changes hands or is shared in the rest of the plan (``span``) counts for each holder by its days and
    share; ``running`` (num_days + 1,) is the part of a yearly amount that has come in by each day of the span.
    """
    held = list_holdings(company, replace(settings, since=span[0], until=span[1]))
    customer = held["customer"].to_numpy()
    start = day_number(span[0])
    since, until = (held[name].to_physical().to_numpy() - start for name in ("since", "until"))
    part = (running[until] - running[since]) * held["share"].to_numpy()
    expected = (existing.yearly_e4 * existing.alive)[customer] * part * 10.0**decimals / E4
    return held.select("customer", "person", "unit", existing_minor=pl.Series(np.rint(expected).astype(np.int64)))


def share_target(weights: pl.DataFrame, units: Tree, total_minor: int) -> pl.DataFrame:
    """Return targets ``dimension, key, target_minor`` of people and units after the weights ``person, unit, weight``.

    For a company whose plan is not made yet: whole units by largest remainder, smaller keys first; equal parts where
    nobody weighs anything.
    """
    people = weights.group_by("person").agg(pl.col("unit").first(), pl.col("weight").sum()).sort("person")
    weight = np.maximum(people["weight"].to_numpy(), 0).astype(np.float64)
    weight = weight if weight.sum() > 0 else np.ones(len(weight))
    real = total_minor * weight / weight.sum() if len(weight) else weight
    whole = np.floor(real).astype(np.int64)
    order = np.argsort(whole - real, kind="stable")
    whole[order[: total_minor - int(whole.sum())]] += 1
    shared = people.with_columns(target_minor=pl.Series(whole, dtype=pl.Int64))
    return sum_nodes(shared, units, ["target_minor"]).filter(pl.col("dimension") != "")


def list_outlook(parts: pl.DataFrame, units: Tree, targets: pl.DataFrame, new: NewCustomer | None) -> pl.DataFrame:
    """Return the outlook of the company, every unit (all below it counted) and every person: ``OUTLOOK_SCHEMA``.

    ``parts(person, unit, done_minor, existing_minor, prospects, in_hand, in_hand_minor)`` are whole sums by holder;
    ``targets(dimension, key, target_minor)`` the numbers of the nodes, the company's under the empty dimension. ``new``
    is what one new customer brings, None where nobody knows. ``member`` is the reserved member of a plan that stands
    for a node's new business.
    """
    names = ["done_minor", "existing_minor", "prospects", "in_hand", "in_hand_minor"]
    sums = sum_nodes(parts, units, names)
    frame = (
        sums.join(targets, on=["dimension", "key"], how="full", coalesce=True)
        .with_columns(pl.col(*names).fill_null(0))
        .with_columns(needed=pl.col("target_minor") - pl.col("done_minor") - pl.col("existing_minor"))
        .with_columns(new_needed_minor=pl.col("needed").clip(lower_bound=0))
        .with_columns(missing_minor=(pl.col("new_needed_minor") - pl.col("in_hand_minor")).clip(lower_bound=0))
    )
    each, yearly = (0.0, 0.0) if new is None else (new.each_minor, new.yearly_minor)
    counted = {
        name: [None if amount is None else count_needed(amount, brings) for amount in frame[source].to_list()]
        for name, source, brings in (
            ("customers_needed", "new_needed_minor", each),
            ("customers_if_full_year", "new_needed_minor", yearly),
            ("missing", "missing_minor", each),
        )
    }
    order = {"": 0, "unit": 1, "person": 2}
    return (
        frame.with_columns(pl.Series(name, values, dtype=pl.Int64) for name, values in counted.items())
        .with_columns(
            new_each_minor=pl.lit(None if new is None else round(each), pl.Int64),
            member=pl.when(pl.col("dimension") != "").then(pl.concat_str(pl.lit(NEW_BUSINESS), "key")),
            order=pl.col("dimension").replace_strict(order, return_dtype=pl.Int64),
        )
        .sort("order", "key")
        .select(list(OUTLOOK_SCHEMA))
        .cast(OUTLOOK_SCHEMA)  # type: ignore[arg-type]
    )


def list_quota_targets(quotas: pl.DataFrame, company: Company, measure: str) -> pl.DataFrame:
    """Return ``dimension, key, target_minor`` of the units and people of a plan, from its table ``quotas``.

    What a plan does not split by unit belongs to the unit of its person.
    """
    rows = quotas.filter(pl.col("measure") == measure).select("person", "unit", target_minor="commit")
    of_people = company["people"].select("person", own_unit="unit")
    vacant = pl.when(pl.col("person").str.starts_with(VACANT)).then(pl.col("person").str.strip_prefix(VACANT))
    placed = rows.join(of_people, on="person", how="left").with_columns(unit=pl.coalesce("unit", "own_unit", vacant))
    frame = company["units"]
    tree = Tree.of(frame["unit"].to_list(), frame["parent"].to_list())
    return sum_nodes(placed, tree, ["target_minor"]).filter(pl.col("dimension") != "").drop_nulls("key")


def sum_nodes(parts: pl.DataFrame, units: Tree, names: list[str]) -> pl.DataFrame:
    """Return sums of ``names`` for the company, each unit with all below it, and each person."""
    people = parts.group_by("person").agg(pl.col(*names).sum()).sort("person")
    own = parts.group_by("unit").agg(pl.col(*names).sum()).drop_nulls("unit")
    place = {key: at for at, key in enumerate(units.keys)}
    sums = {}
    for name in names:
        values = np.zeros(len(units.keys), dtype=parts[name].to_numpy().dtype)
        values[[place[key] for key in own["unit"].to_list()]] = own[name].to_numpy()
        sums[name] = add_up_tree(units, values)
    of_units = pl.DataFrame({"key": list(units.keys), **sums}, schema_overrides={"key": pl.String})
    whole = parts.select(pl.lit("").alias("dimension"), pl.lit("").alias("key"), pl.col(*names).sum())
    columns = ["dimension", "key", *names]
    return pl.concat(
        [
            whole.select(columns),
            of_units.with_columns(dimension=pl.lit("unit")).select(columns),
            people.select(pl.lit("person").alias("dimension"), pl.col("person").alias("key"), *names),
        ]
    )
