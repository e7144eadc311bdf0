"""Everything a plan wants to know of customers on one page: classes, states, measures, composition, outlook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.trees import Tree
from quotum.engine.customers.composition import compose_customers, compose_products
from quotum.engine.customers.existing import Existing, expect_existing, rate_days
from quotum.engine.customers.measures import MONEY, count_year, sum_measures
from quotum.engine.customers.outlook import NewCustomer, expect_holdings, list_outlook, share_target
from quotum.engine.customers.owners import find_owners
from quotum.engine.customers.prospects import list_prospects
from quotum.engine.customers.purchases import Floats, Purchases, day_number, day_of, gather_purchases
from quotum.engine.customers.states import PROSPECT, STATES
from quotum.engine.customers.winning import Parts, list_parts
from quotum.engine.customers.years import Year, list_classes, look_back
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, PlanSettings, Target
from quotum.engine.tables.sales_values import channel_of_customers
from quotum.engine.tables.schema import E4, TREES

GROUPS = ("unit", "person", "class", "state", "channel", "area", "category")
"""What figures of customers can be told by, beside the further classings."""


@dataclass(frozen=True, slots=True)
class CustomerTables:
    """Customers as they were on a day.

    ``customers``: a row each with classes, state, rhythm and amounts. ``measures``: counts and rates by key.
    ``composition``: what the year's sales are made of. ``outlook``: what the plan needs, by node. ``prospects``: who is
    in hand, best first. ``parts``: what a customer won in each month brings. ``facts``: the rates the outlook rests on.
    """

    as_of: date
    measure: Measure
    customers: pl.DataFrame
    measures: pl.DataFrame
    composition: pl.DataFrame
    outlook: pl.DataFrame
    prospects: pl.DataFrame
    parts: Parts
    facts: dict[str, float | None]
    issues: list[Issue] = field(default_factory=list)
    ground: OutlookGround | None = None


@dataclass(frozen=True, slots=True)
class OutlookGround:
    """What an outlook rests on beside the target, so that another target can be tried at once.

    ``parts``: what each holder has, as ``list_outlook`` takes it; ``weights(person, unit, weight)``: by what the target
    is shared out.
    """

    parts: pl.DataFrame
    units: Tree
    weights: pl.DataFrame
    new: NewCustomer | None

    def outlook(self, settings: PlanSettings) -> pl.DataFrame:
        """Return the outlook for the first target of the settings."""
        target, _ = lead_target(settings)
        shared = share_target(self.weights, self.units, target.commit_minor)
        return list_outlook(self.parts, self.units, pl.concat([_whole(target), shared]), self.new)


def describe_customers(
    company: Company,
    settings: PlanSettings,
    as_of: date,
    *,
    by: Sequence[str] = (),
    targets: pl.DataFrame | None = None,
) -> CustomerTables:
    """Return what is to be said of a company's customers at the end of a day; nothing sold later is looked at.

    Cancelled sales are out, returns stand as negative lines. Amounts are those of the first target's measure.
    ``by``: further dimensions of ``GROUPS`` (or classings) for measures and composition, which always have the
    company, the classings, the states, areas and categories. ``targets(dimension, key, target_minor)`` are the numbers
    of units and people; without them the first target is shared out by the last twelve months' sales.
    """
    target, measure = lead_target(settings)
    purchases, issues = gather_purchases(company, measure, as_of)
    years = look_back(company, settings.customers, purchases, as_of)
    issues = issues + _check_history(purchases, years, as_of)
    classes = list_classes(company, settings.customers.classings, years, is_today=as_of >= settings.as_of)
    owners = find_owners(company, settings, as_of)
    keys = _list_keys(company, years, classes, owners)
    existing = expect_existing(years, settings.history_years, settings.customers.states)
    new_yearly, found = _value_new(settings, years, existing, measure, as_of)
    span = (min(max(settings.since, as_of + timedelta(days=1)), settings.until), settings.until)
    is_prospect = years[0].states == PROSPECT
    prospects = list_prospects(company, is_prospect, new_yearly, settings.customers.prospects, as_of, span)
    parts = list_parts(*span, settings.customers.new.ramp)
    size = 10**measure.decimals
    new = None if new_yearly is None else NewCustomer(new_yearly * size, new_yearly * size * parts.mean)
    running = rate_days(purchases, years, day_number(span[0]), day_number(span[1]), existing.loss)
    expected = expect_holdings(company, settings, existing, running, span, measure.decimals)
    done = _sum_done(purchases, settings, as_of, measure)
    ground = OutlookGround(
        _parts_of_nodes(owners, done, expected, prospects, size), _tree(company, "unit"),
        owners.with_columns(weight=pl.Series(years[0].amount_e4)), new,
    )  # fmt: skip
    if targets is None:
        outlook = ground.outlook(settings)
    else:
        targets = pl.concat([_whole(target), targets.select("dimension", "key", "target_minor")])
        outlook = list_outlook(ground.parts, ground.units, targets, new)
    wanted = dict.fromkeys([*(c.name for c in settings.customers.classings), "state", "area", "category", *by])
    return CustomerTables(
        as_of=as_of,
        measure=measure,
        customers=_list_customers(company, years, classes[0], keys[0], existing, expected, prospects, size),
        measures=_measure(company, settings, measure, years, keys[0], by),
        composition=_compose(company, purchases, years, keys, tuple(wanted), measure.decimals),
        outlook=outlook,
        prospects=prospects.drop("position"),
        parts=parts,
        facts={
            "interval_days": years[0].rhythm.company_interval,
            "loss": existing.loss,
            "loss_of_first": existing.loss_of_first,
            "new_yearly": new_yearly,
            "new_part": parts.mean,
        },
        issues=issues + found,
        ground=ground,
    )


def lead_target(settings: PlanSettings) -> tuple[Target, Measure]:
    """Return the target that figures of customers are held against: the first with a total of its own, a flow first."""
    own = [target for target in settings.targets if not target.follows]
    flows = [target for target in own if settings.measures[target.measure].kind == "flow"]
    target = (flows or own)[0]
    return target, settings.measures[target.measure]


def _check_history(purchases: Purchases, years: list[Year], as_of: date) -> list[Issue]:
    """Tell where history is too short to know who was there before."""
    ordered = purchases.day[purchases.is_order]
    told = (("as_of", as_of.isoformat()),)
    if not len(ordered):
        return [Issue(rule="customers_without_history", severity="note", table="sales", details=told)]
    if int(ordered.min()) > years[1].since + 31:
        first = day_of(int(ordered.min())).isoformat()
        return [Issue(rule="customers_short_history", severity="note", table="sales", value=first, details=told)]
    return []


def _list_keys(
    company: Company, years: list[Year], classes: list[pl.DataFrame], owners: pl.DataFrame
) -> list[dict[str, pl.Series]]:
    """Return to which key of each dimension a customer belongs, in the latest year and in the one before it."""
    fixed = {
        "unit": owners["unit"],
        "person": owners["person"],
        "area": company["customers"]["area"],
        "channel": channel_of_customers(company),
    }
    names = pl.Series(STATES)
    return [
        {**fixed, "state": names[year.states.astype(np.int64)], **{name: columns[name] for name in columns.columns}}
        for year, columns in zip(years, classes, strict=False)
    ]


def _value_new(
    settings: PlanSettings, years: list[Year], existing: Existing, measure: Measure, as_of: date
) -> tuple[float | None, list[Issue]]:
    """Return what a new customer brings in a full year, in major units: as set, else as those of two years did."""
    given = settings.customers.new.amount
    if given is not None:
        return given, []
    won = years[0].is_new | (years[1].is_new & years[0].rhythm.has_ordered)
    brought = float(np.mean(existing.yearly_e4[won])) / E4 if won.any() else 0.0
    if brought > 0:
        return brought, []
    details = (("as_of", as_of.isoformat()),)
    return None, [Issue(rule="new_customer_unknown", severity="note", value=measure.name, details=details)]


def _sum_done(purchases: Purchases, settings: PlanSettings, as_of: date, measure: Measure) -> Floats:
    """Return what each customer has brought of the plan already, in smallest units, (num_customers,)."""
    until = min(as_of + timedelta(days=1), settings.until)
    done_e4 = purchases.sum_between(purchases.amount_e4, day_number(settings.since), day_number(until))
    return np.rint(done_e4 * 10.0**measure.decimals / E4)


def _parts_of_nodes(
    owners: pl.DataFrame, done: Floats, expected: pl.DataFrame, prospects: pl.DataFrame, size: int
) -> pl.DataFrame:
    """Return what each holder has done, may expect and has in hand: the lines that nodes sum up."""
    in_hand = pl.concat(
        [
            owners[prospects["position"].cast(pl.Int64)],
            prospects.select(
                prospects=pl.lit(1, pl.Int64),
                in_hand="chance",
                in_hand_minor=(pl.col("amount") * pl.col("chance") * size).round().cast(pl.Int64),
            ),
        ],
        how="horizontal",
    )
    of_today = owners.with_columns(done_minor=pl.Series(done.astype(np.int64)))
    holder = ["person", "unit"]
    sums = [
        lines.group_by(holder).agg(pl.exclude(holder, "in_hand").sum(), pl.col("^in_hand$").sort().sum())
        for lines in (of_today, expected.drop("customer"), in_hand)
    ]
    return pl.concat(sums, how="diagonal").group_by(holder).agg(pl.all().sum()).sort(holder)


def _whole(target: Target) -> pl.DataFrame:
    return pl.DataFrame({"dimension": "", "key": "", "target_minor": target.commit_minor})


def _tree(company: Company, dimension: str) -> Tree:
    frame = company[TREES[dimension]]
    return Tree.of(frame[dimension].to_list(), frame["parent"].to_list())


def _list_customers(
    company: Company, years: list[Year], classes: pl.DataFrame, keys: dict[str, pl.Series], existing: Existing,
    expected: pl.DataFrame, prospects: pl.DataFrame, size: int,
) -> pl.DataFrame:  # fmt: skip
    """Return a row for each customer, in the order of its table."""
    now, before = years[0], years[1]
    rhythm = now.rhythm
    expects = expected.group_by("customer").agg(pl.col("existing_minor").sum())
    rows = pl.DataFrame({"position": pl.int_range(len(now.states), dtype=pl.UInt32, eager=True)})
    beside = rows.join(expects, left_on="position", right_on="customer", how="left", maintain_order="left").join(
        prospects.select("position", "quadrant"), on="position", how="left", maintain_order="left"
    )
    ordered = pl.Series(rhythm.has_ordered)
    frame = pl.DataFrame(
        {
            "customer": company["customers"]["customer"],
            **{name: classes[name] for name in classes.columns},
            **{name: keys[name] for name in ("state", "person", "unit")},
            "orders": rhythm.orders,
            "first_order": pl.Series(rhythm.first).cast(pl.Date),
            "last_order": pl.Series(rhythm.last).cast(pl.Date),
            "interval_days": rhythm.interval,
            "own_interval": rhythm.is_own,
            "amount_e4": now.amount_e4,
            "before_e4": before.amount_e4,
            "chance_to_stay": existing.alive,
            "existing_minor": beside["existing_minor"].fill_null(0),
            "quadrant": beside["quadrant"],
        }
    )
    unknown = ("first_order", "last_order", "interval_days", "chance_to_stay")
    return frame.with_columns(pl.when(ordered).then(pl.col(name)).alias(name) for name in unknown).with_columns(
        amount_minor=(pl.col("amount_e4") * size / E4).round().cast(pl.Int64),
        before_minor=(pl.col("before_e4") * size / E4).round().cast(pl.Int64),
    ).drop("amount_e4", "before_e4")  # fmt: skip


def _measure(
    company: Company, settings: PlanSettings, measure: Measure, years: list[Year], keys: dict[str, pl.Series],
    by: Sequence[str],
) -> pl.DataFrame:  # fmt: skip
    """Return the measures of the company and of every key of the dimensions asked for, money in smallest units.

    A share of the potential, which is money, is told where sales are counted in money.
    """
    known = company["customers"]["potential"].fill_null(0.0) * (E4 if measure.history == "amount" else 0)
    potential = known.round().cast(pl.Int64).to_numpy()
    counts = [count_year(years[k], years[k + 1], potential) for k in (0, 1)]
    whole = pl.repeat("", len(years[0].states), eager=True)
    tables = [sum_measures(counts, "", whole, None)]
    for dimension in by:
        if dimension in keys:
            tree = _tree(company, dimension) if dimension in TREES else None
            tables.append(sum_measures(counts, dimension, keys[dimension], tree))
    is_money, size = pl.col("measure").is_in(MONEY), 10.0**settings.currency_decimals
    minor = [
        pl.when(is_money).then((pl.col(name) * size / E4).round().cast(pl.Int64)).otherwise(name).alias(name)
        for name in ("value", "of", "value_before", "of_before")
    ]
    return pl.concat(tables).with_columns(minor)


def _compose(
    company: Company, purchases: Purchases, years: list[Year], keys: list[dict[str, pl.Series]],
    dimensions: Sequence[str], decimals: int,
) -> pl.DataFrame:  # fmt: skip
    """Return what the year's sales are made of, by each of the dimensions."""
    amounts, served = (years[0].amount_e4, years[1].amount_e4), (years[0].is_served, years[1].is_served)
    tables = []
    for dimension in dimensions:
        if dimension == "category":
            names = company["products"]["category"]
            tables.append(compose_products(dimension, names, purchases.by_product, decimals))
        elif dimension in keys[0]:
            pair = (keys[0][dimension], keys[1][dimension])
            tables.append(compose_customers(dimension, pair, amounts, served, decimals))
    return pl.concat(tables)
