"""Customers that changed hands since the plan was made: their part of a quota goes with them, from the day they went.

A row whose person no longer holds a customer gives that customer's part of its days to whoever holds it now; whoever
left keeps nothing. Who has no row yet gets one, with the curve of the row it comes from. No sum above people moves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.periods import cut_periods
from quotum.engine.curves.running_totals import due
from quotum.engine.revisions.cells import split_many
from quotum.engine.revisions.draft import Draft
from quotum.engine.revisions.new_rows import add_row, put_customers
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import vacant
from quotum.engine.tables.plan_dimensions import cut_dimensions
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS

Ints = npt.NDArray[np.int64]

QUOTA = {"customer": pl.String, "person": pl.String, "to": pl.String, "since": pl.Date, "until": pl.Date,
         "amount": pl.Int64}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A draft with the rows that holders need.

    By layer: ``deltas(row, since, until, delta)`` and, where the plan is split by customer, ``members(row, node,
    delta)``. ``left_over`` have no place in the plan for what they should take. ``quota(customer, person, to, since,
    until, amount)`` is what customers take along of commit, where the plan is split by customer.
    """

    draft: Draft
    deltas: dict[str, pl.DataFrame]
    members: dict[str, pl.DataFrame]
    left_over: list[str]
    quota: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=QUOTA))


def hand_over(draft: Draft, company: Company, holdings: pl.DataFrame, measure: str) -> HandedOver:
    """Return the draft after all that changed hands since the plan was made.

    ``holdings`` are those of ``tables.ownership`` over the plan, as the company is now.
    """
    plan = draft.plan
    rows = plan["quotas"].filter(pl.col("measure") == measure)
    moves, customers = _list_moves(plan, company, holdings, rows)
    if moves.is_empty():
        return HandedOver(draft, {}, {}, [])
    before = set(rows["row"])
    target, draft, left_over = _find_targets(draft, company, rows, moves, customers)
    moves = moves.join(target, on=["row", "to"], how="inner").sort("row", "since", "target")
    if moves.is_empty():
        return HandedOver(draft, {}, {}, left_over)
    lines = rows.filter(pl.col("row").is_in(moves["row"].implode()))
    edges = sorted({*moves["since"], *moves["until"]})
    at = {number: k for k, number in enumerate(lines["row"].to_list())}
    line = np.array([at[number] for number in moves["row"].to_list()], dtype=np.int64)
    begin, end = (np.array([edges.index(day) for day in moves[name]], dtype=np.int64) for name in ("since", "until"))
    running = due(plan, lines, edges, LAYERS)
    deltas, members, quota = {}, {}, pl.DataFrame(schema=QUOTA)
    customers = customers.join(target, on=["row", "to"], how="inner")
    if any(cut_dimensions(plan, step)[:1] == ["customer"] for step in plan.cuts):
        draft, nodes = put_customers(draft, rows, customers.filter(pl.col("target").is_in(sorted(before))))
    else:
        nodes = None
    for layer in LAYERS:
        amount = running[layer][line, end] - running[layer][line, begin]
        given = _share(moves, amount)
        pair = moves.select("row", "target", "since", "until", delta=pl.Series(given, dtype=pl.Int64))
        both = pl.concat([pair.select("row", "since", "until", -pl.col("delta")),
                          pair.select(row="target", since="since", until="until", delta="delta")])  # fmt: skip
        sums = both.group_by("row", "since", "until").agg(pl.col("delta").sum()).filter(pl.col("delta") != 0)
        deltas[layer] = sums.sort("row", "since")
        if nodes is not None:
            moved = _share_customers(pair, customers)
            members[layer] = _sum_members(moved, nodes)
            if layer == LAYERS[0]:
                quota = _name_people(moved, draft["quotas"])
    return HandedOver(draft, deltas, members, left_over, quota)


def _share_customers(pair: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return ``row, target, customer, since, until, amount``: what each takes along of what its row gives."""
    cells = customers.join(pair, on=["row", "target", "since", "until"]).filter(pl.col("delta") > 0)
    cells = cells.sort("row", "target", "since", "customer")
    if cells.is_empty():
        return cells.select("row", "target", "customer", "since", "until", amount="delta")
    begins = cells.select(pl.struct("row", "target", "since").rle_id()).to_series().to_numpy()
    first = np.flatnonzero(np.append(True, begins[1:] != begins[:-1]))
    part = cells["part"].to_numpy()
    shared, _ = split_many(np.append(first, len(cells)).astype(np.int64), cells["delta"].to_numpy()[first], part,
                           np.ones(len(cells)))  # fmt: skip
    return cells.select("row", "target", "customer", "since", "until", amount=pl.Series(shared, dtype=pl.Int64))


def _sum_members(moved: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return ``row, node, delta``: what customers take off the rows they leave and bring to those they come to."""
    both = pl.concat([moved.select("row", "customer", delta=-pl.col("amount")),
                      moved.select(pl.col("target").alias("row"), "customer", delta="amount")])  # fmt: skip
    sums = both.join(nodes, on=["row", "customer"]).group_by("row", "node").agg(pl.col("delta").sum())
    if sums.is_empty():
        return pl.DataFrame(schema={"row": pl.Int32, "node": pl.Int32, "delta": pl.Int64})
    return sums.filter(pl.col("delta") != 0).sort("row", "node")


def _name_people(moved: pl.DataFrame, quotas: pl.DataFrame) -> pl.DataFrame:
    """Return what customers take along by the people of their rows."""
    names = quotas.select("row", "person")
    told = moved.join(names, on="row").join(names.rename({"row": "target", "person": "to"}), on="target")
    return told.select(pl.col(name).cast(dtype) for name, dtype in QUOTA.items())


def _list_moves(
    plan: Plan, company: Company, holdings: pl.DataFrame, rows: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``row, to, unit, since, until, part``: which part of a row's days goes to whom, and the same by customer.

    Parts of a row and day add up to 1 or less.
    """
    schema = {"row": pl.Int32, "to": pl.String, "unit": pl.String, "since": pl.Date, "until": pl.Date,
              "part": pl.Float64}  # fmt: skip
    none = pl.DataFrame(schema=schema), pl.DataFrame(schema={**schema, "customer": pl.String})
    if rows["person"].null_count() == len(rows):
        return none
    weights = _weigh_customers(plan, rows)
    names = company["customers"].select("customer", position=pl.int_range(pl.len()).cast(holdings["customer"].dtype))
    now = holdings.rename({"customer": "position", "person": "to", "since": "from", "until": "end"})
    now = now.join(names, on="position")
    own = rows.select("row", "person", "since", "until")
    held = weights.join(own, on="row").join(now, on="customer")
    first, last = pl.max_horizontal("since", "from"), pl.min_horizontal("until", "end")
    held = held.with_columns(since=first, until=last).filter(pl.col("since") < pl.col("until"))
    gone = held.filter(pl.col("to") != pl.col("person"))
    left = _leavers(company, own)
    if gone.is_empty() and left.is_empty():
        return none
    settings = plan.settings
    months = [p.since for p in cut_periods(settings.since, settings.until, "month", settings.fiscal_start)]
    passed = _find_passed(plan, weights, own)
    days = [*months, settings.until, *(day for frame in (gone, passed) for name in ("since", "until")
                                       for day in frame[name]), *left["left"]]  # fmt: skip
    edges = sorted(set(days))
    parts = pl.DataFrame({"a": edges[:-1], "b": edges[1:]}, schema={"a": pl.Date, "b": pl.Date})
    inside = (pl.col("a") >= pl.col("since")) & (pl.col("b") <= pl.col("until"))
    touched = held.join(gone.select("row", "customer").unique(), on=["row", "customer"], how="semi")
    lost = passed.join(parts, how="cross").filter(inside).select("row", "customer", "a", "weight")
    cells = touched.join(parts, how="cross").filter(inside).join(lost, on=["row", "customer", "a"], how="anti")
    still = (pl.col("to") == pl.col("person")).any().over("row", "customer", "a")
    moved = cells.filter(~still).with_columns(
        part=pl.col("weight") * pl.col("share") / pl.col("share").sum().over("row", "customer", "a")
    )
    sums = moved.group_by("row", "to", "unit", "a", "b").agg(pl.col("part").sort().sum())
    fewer = lost.group_by("row", "a").agg(lost=pl.col("weight").sort().sum())
    whole = weights.group_by("row").agg(pl.col("weight").sum())
    sums = sums.join(whole, on="row").join(fewer, on=["row", "a"], how="left")
    left_there = pl.col("weight") - pl.col("lost").fill_null(0.0)
    sums = sums.with_columns(part=pl.col("part") / left_there).drop("weight", "lost")
    rest = left.join(parts, how="cross").filter(inside & (pl.col("a") >= pl.col("left")))
    told = _leave_nothing(sums, rest).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return told.sort("row", "since", "to"), moved.select(
        "row", "to", "unit", "customer", "part", since="a", until="b"
    ).sort("row", "since", "to", "customer")  # fmt: skip


def _find_passed(plan: Plan, weights: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return ``row, customer, weight, since, until``: days on which a customer had left its row when the plan was made.

    Planning anew keeps the months behind of a customer where they were sold, so its weight stays in the row; what it
    took along once is not to be taken again.
    """
    if "holdings" not in plan.tables:
        return weights.clear().with_columns(since=pl.lit(None, pl.Date), until=pl.lit(None, pl.Date))
    held = weights.join(own, on="row").join(plan["holdings"], on="customer", suffix="_held")
    mine = held.filter(pl.col("person_held") == pl.col("person"))
    covers = (pl.col("since_held") <= pl.col("since")) & (pl.col("until_held") >= pl.col("until"))
    whole = mine.filter(covers).select("row", "customer")
    others = held.join(whole, on=["row", "customer"], how="anti").filter(pl.col("person_held") != pl.col("person"))
    others = others.with_columns(
        since=pl.max_horizontal("since", "since_held"), until=pl.min_horizontal("until", "until_held")
    ).filter(pl.col("since") < pl.col("until"))
    shared = others.join(mine.select("row", "customer", "since_held", "until_held"), on=["row", "customer"], how="left",
                         suffix="_mine")  # fmt: skip
    both = (pl.col("since_held_mine") < pl.col("until")) & (pl.col("until_held_mine") > pl.col("since"))
    none = shared.filter((~both.fill_null(value=False)).all().over("row", "customer", "since", "until"))
    return none.select("row", "customer", "weight", "since", "until").unique().sort("row", "customer", "since")


def _leave_nothing(sums: pl.DataFrame, rest: pl.DataFrame) -> pl.DataFrame:
    """Return the parts; of people who left they add up to 1, where nobody holds anything it is the unit's vacancy."""
    gone = rest.select("row", "a", has_left=pl.lit(value=True))
    told = sums.join(gone, on=["row", "a"], how="left")
    told = told.with_columns(
        part=pl.when(pl.col("has_left")).then(pl.col("part") / pl.col("part").sum().over("row", "a")).otherwise("part")
    )
    bare = rest.join(sums, on=["row", "a"], how="anti")
    bare = bare.select("row", to=pl.concat_str(pl.lit(vacant("")), "unit"), unit="unit", a="a", b="b", part=pl.lit(1.0))
    both = pl.concat([told.select("row", "to", "unit", "a", "b", "part"), bare], how="vertical_relaxed")
    return both.rename({"a": "since", "b": "until"})


def _leavers(company: Company, own: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of people who leave before the row ends: ``row, since, until, unit, left``."""
    people = company["people"].select("person", "unit", "left").drop_nulls("left")
    found = own.join(people, on="person").filter(pl.col("left") < pl.col("until"))
    return found.with_columns(left=pl.max_horizontal("left", "since")).select("row", "since", "until", "unit", "left")


def _weigh_customers(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``row, customer, weight``: what of a row is a customer's, by its cut, else by last year's sales."""
    if rows["customer"].null_count() < len(rows):
        return rows.select("row", "customer", weight=pl.lit(1.0)).drop_nulls("customer")
    step = next((step for step in plan.cuts if cut_dimensions(plan, step)[:1] == ["customer"]), None)
    if step is not None:
        lines, amount = scan(plan.cuts, step), pl.col("commit")
    else:
        lines, amount = scan(plan.tables, "last_year"), pl.col("amount_e4")
    sums = lines.filter(pl.col("row").is_in(rows["row"].implode())).group_by("row", "customer").agg(amount.sum())
    found = sums.collect().rename({"commit" if step is not None else "amount_e4": "weight"}).drop_nulls("customer")
    return found.filter(pl.col("weight") > 0).with_columns(pl.col("weight").cast(pl.Float64)).sort("row", "customer")


def _find_targets(
    draft: Draft, company: Company, rows: pl.DataFrame, moves: pl.DataFrame, customers: pl.DataFrame
) -> tuple[pl.DataFrame, Draft, list[str]]:
    """Return ``row, to, target``: the row that takes what leaves a row, made where there is none; and who has none."""
    keys = [name for name in DIMENSIONS if name not in ("person", "unit")]
    spans = moves.group_by("row", "to", "unit").agg(pl.col("since").min(), pl.col("until").max()).sort("row", "to")
    lines = {line["row"]: line for line in rows.iter_rows(named=True)}
    by_key: dict[tuple[object, ...], list[tuple[date, date, int]]] = {}
    for line in rows.iter_rows(named=True):
        key = (line["person"], *(line[k] for k in keys))
        by_key.setdefault(key, []).append((line["since"], line["until"], line["row"]))
    found: list[tuple[int, str, int]] = []
    left_over: list[str] = []
    for move in spans.iter_rows(named=True):
        key = (move["to"], *(lines[move["row"]][k] for k in keys))
        known = by_key.get(key, [])
        fits = [(s - u, number) for s, u, number in known if s <= move["since"] and u >= move["until"]]
        if fits:
            found.append((move["row"], move["to"], min(fits)[1]))
            continue
        mine = customers.filter(pl.col("row") == move["row"], pl.col("to") == move["to"])
        taken = mine.group_by("customer").agg(pl.col("part").sort().sum()).sort("customer")
        taken = taken.with_columns(pl.col("part") / pl.col("part").sum())
        made = add_row(draft, company, lines[move["row"]], (move["to"], move["unit"]), dict(taken.iter_rows()))
        if made is None:
            left_over.append(move["to"])
            continue
        draft, number = made
        settings = draft.plan.settings
        by_key.setdefault(key, []).append((settings.since, settings.until, number))
        found.append((move["row"], move["to"], number))
    schema = {"row": pl.Int32, "to": pl.String, "target": pl.Int32}
    return pl.DataFrame(found, schema=schema, orient="row"), draft, sorted(set(left_over))


def _share(moves: pl.DataFrame, amount: Ints) -> Ints:
    """Return what each move takes of the ``amount`` of its row and days, in whole units; the rest stays."""
    if moves.is_empty():
        return amount
    begins = moves.select(pl.struct("row", "since").rle_id()).to_series().to_numpy()
    first = np.flatnonzero(np.append(True, begins[1:] != begins[:-1]))
    taken = np.add.reduceat(moves["part"].to_numpy(), first)
    stays = np.clip(1.0 - taken, 0.0, 1.0)
    weights = np.insert(moves["part"].to_numpy(), first, np.where(stays > 1e-9, stays, 0.0))
    starts = np.append(first + np.arange(len(first)), len(weights)).astype(np.int64)
    shared, _ = split_many(starts, amount[first], weights, np.ones(len(weights)))
    return np.delete(shared, starts[:-1])
