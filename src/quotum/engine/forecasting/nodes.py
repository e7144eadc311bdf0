"""Whose series are forecast: the company and the trees below it, with what each sold in every month.

Every dimension is a tree of its own below the company: units with their people, areas, categories with their products,
channels. What has no key stands in ``other``. What hangs on an inner place itself is one more child of it that is not
shown, so that children always add up to their parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.trees import Tree
from quotum.engine.forecasting.months import Months
from quotum.engine.forecasting.panel import Floats, Longs
from quotum.engine.forecasting.sold import (
    Held,
    Sold,
    hand_to_holdings,
    list_edges,
    sum_history,
    sum_sales,
    weigh_holdings,
)
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.sales_values import channel_of_customers, positions
from quotum.engine.tables.schema import TREES

COMPANY = "company"
"""The dimension of the one node that stands for everything; its key is empty."""
OTHER = "other"
_ABOVE = {"person": "unit", "product": "category"}
_BELOW = {"unit": "person", "category": "product"}


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes, parents before their children; arrays are (num_nodes,), ``parent`` is -1 for the company.

    ``level`` numbers the pairs of dimension and depth. ``sold_e4`` (num_nodes, num_slots) are sums by slot, see
    ``Sold``. ``reach`` (num_nodes, num_events) is the part of the node's sales that each scoped event reaches.
    """

    dimension: list[str]
    key: list[str]
    shown: npt.NDArray[np.bool_]
    parent: Longs
    level: Longs
    sold_e4: Longs
    reach: Floats


@dataclass(slots=True)
class _Growing:
    """Nodes in the making: lists that a tree at a time is added to."""

    dimension: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    sums: list[Longs] = field(default_factory=list)
    reached: list[Floats] = field(default_factory=list)

    def add(self, dimension: str, key: str, parent: int, *, shown: bool = True) -> int:
        """Add a node and return its position."""
        self.dimension.append(dimension)
        self.key.append(key)
        self.parent.append(parent)
        self.depth.append(self.depth[parent] + 1 if parent >= 0 else 0)
        self.shown.append(shown)
        return len(self.key) - 1

    def take(self, sums: Longs, reached: Floats) -> None:
        """Keep what the node added last has sold."""
        self.sums.append(sums)
        self.reached.append(reached)


@dataclass(frozen=True, slots=True)
class _Book:
    """Sums of sales and what holdings have of them."""

    sold: Sold
    held: Held


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all trees are summed from.

    ``slots`` are the sums by slot of time, ``history`` those of all known months, for which ``inside`` (num_events,
    num_sums) tells the part that each scoped event reaches.
    """

    company: Company
    holdings: pl.DataFrame
    slots: _Book
    history: _Book
    inside: Floats

    def sum_by(self, dimension: str, keys: Sequence[str]) -> tuple[Longs, Floats]:
        """Return sums by member and slot, (num_keys + 1, num_slots), what has no key last.

        And what events reach of each member's history, (num_keys + 1, num_events).
        """
        leaf, place, value = self._members(self.slots, dimension, keys)
        num_slots = self.slots.sold.num_slots
        sums = np.zeros((len(keys) + 1) * num_slots, dtype=np.int64)
        np.add.at(sums, leaf * num_slots + self.slots.sold.slot[place], value)
        reached = np.zeros((len(keys) + 1, len(self.inside)))
        if len(self.inside):
            leaf, place, value = self._members(self.history, dimension, keys)
            for event, part in enumerate(self.inside):
                weights = value * part[place]
                reached[:, event] = np.bincount(leaf, weights=weights, minlength=len(keys) + 1)
        return sums.reshape(len(keys) + 1, -1), reached

    def _members(self, book: _Book, dimension: str, keys: Sequence[str]) -> tuple[Longs, Longs, Longs]:
        """Return for each sum, or each holding's part of it, the member it belongs to, which sum it is, its value."""
        company, sold, held = self.company, book.sold, book.held
        place, value = np.arange(len(sold.slot)), sold.value_e4
        if dimension == COMPANY:
            return np.zeros(len(place), dtype=np.int64), place, value
        if dimension in ("unit", "person"):
            code = positions(self.holdings[dimension], keys).astype(np.int64)[held.holding]
            place, value = held.place, held.value_e4
        elif dimension in ("category", "product"):
            code = np.append(positions(company["products"][dimension], keys).astype(np.int64), -1)[sold.product]
        else:
            values = channel_of_customers(company) if dimension == "channel" else company["customers"][dimension]
            code = positions(values, keys).astype(np.int64)[sold.customer]
        return np.where(code >= 0, code, len(keys)), place, value


def list_nodes(
    company: Company, settings: PlanSettings, months: Months, measure: Measure, dimensions: Sequence[str]
) -> tuple[Nodes, list[Issue]]:
    """Return the company and the nodes of ``dimensions``, with their sums; the company's tables are in key order."""
    events = scoped_events(company)
    of_products = {"category", "product"}
    by_scope = {event["scope"].partition("=")[0] for event in events}
    by_product = bool(of_products & {*dimensions, *by_scope})
    holdings, num_customers = weigh_holdings(company, settings, months), company["customers"].height
    edges = list_edges(holdings, settings)
    sold, issues = sum_sales(company, settings, months, measure, edges, by_product=by_product)
    history = sum_history(sold, by_product=by_product)
    slots, whole = (_Book(s, hand_to_holdings(s, holdings, edges, num_customers)) for s in (sold, history))
    inside = np.zeros((len(events), len(history.slot)))
    for place, event in enumerate(events):
        inside[place] = _reach(company, holdings, history, event["scope"])
    ground = _Ground(company, holdings, slots, whole, inside)
    nodes = _Growing()
    top = nodes.add(COMPANY, "", -1)
    sums, reached = ground.sum_by(COMPANY, ())
    nodes.take(sums[0], reached[0])
    wanted = [dimension for dimension in dict.fromkeys(dimensions) if dimension != COMPANY]
    for dimension in wanted:
        if dimension in TREES:
            leaves = _BELOW.get(dimension, "")
            _add_tree(nodes, ground, top, dimension, leaves if leaves in wanted else "", shown=True)
        elif _ABOVE.get(dimension) not in wanted:
            _add_flat(nodes, ground, top, dimension)
    levels: dict[tuple[str, int], int] = {}
    level = [levels.setdefault(pair, len(levels)) for pair in zip(nodes.dimension, nodes.depth, strict=True)]
    amounts = np.vstack(nodes.sums)
    total = amounts[:, : months.num_known].sum(axis=1)[:, None].astype(np.float64)
    reach = np.divide(np.vstack(nodes.reached), total, out=np.zeros((len(total), len(events))), where=total > 0)
    return Nodes(
        nodes.dimension, nodes.key, np.array(nodes.shown), np.array(nodes.parent), np.array(level), amounts,
        np.clip(reach, 0.0, 1.0),
    ), issues  # fmt: skip


def scoped_events(company: Company) -> list[dict[str, Any]]:
    """Return the events that reach only a part of the company, in a fixed order."""
    events = company["events"].filter(pl.col("scope").fill_null("") != "")
    return list(events.sort("since", "until", "scope", "effect", "kind", "note").iter_rows(named=True))


def _reach(company: Company, holdings: pl.DataFrame, sold: Sold, scope: str) -> Floats:
    """Return the part of each sum that lies in a scope such as ``unit=North``, (num_sums,)."""
    dimension, _, key = scope.partition("=")
    keys = {key}
    if dimension in TREES:
        table = company[TREES[dimension]]
        tree = Tree.of(table[dimension].to_list(), table["parent"].to_list())
        keys = tree.subtree(key) if key in tree.keys else keys
    if dimension in ("unit", "person"):
        mine = np.where(holdings[dimension].is_in(sorted(keys)).fill_null(value=False), holdings["part"], 0.0)
        of_customer = np.bincount(holdings["customer"], weights=mine, minlength=company["customers"].height)
        return of_customer.astype(np.float64)[sold.customer]
    if dimension in ("category", "product"):
        of_product = company["products"][dimension].is_in(sorted(keys)).fill_null(value=False).to_numpy()
        return np.append(of_product, False)[sold.product].astype(np.float64)
    values = channel_of_customers(company) if dimension == "channel" else company["customers"][dimension]
    inside: Floats = values.is_in(sorted(keys)).fill_null(value=False).to_numpy()[sold.customer].astype(np.float64)
    return inside


def _add_tree(nodes: _Growing, ground: _Ground, top: int, dimension: str, leaves: str, *, shown: bool) -> None:
    """Add the places of a tree and, where ``leaves`` names a dimension that hangs on it, its members below them."""
    table = ground.company[TREES[dimension]]
    tree = Tree.of(table[dimension].to_list(), table["parent"].to_list())
    size = len(tree.keys)
    keys, place = _list_leaves(ground, leaves, tree) if leaves else (tree.keys, np.arange(size))
    own, reached = ground.sum_by(leaves or dimension, keys)
    place = np.append(np.where(place >= 0, place, size), size)  # the last place is for what has no key
    at_place, reached_at = np.zeros((size + 1, own.shape[1]), dtype=np.int64), np.zeros((size + 1, reached.shape[1]))
    np.add.at(at_place, place, own)
    np.add.at(reached_at, place, reached)
    direct, reached_direct = at_place.copy(), reached_at.copy()
    for depth in range(int(tree.depth.max(initial=0)), 0, -1):
        below = np.flatnonzero(tree.depth == depth)
        np.add.at(at_place, tree.parent[below], at_place[below])
        np.add.at(reached_at, tree.parent[below], reached_at[below])
    node = np.full(size + 1, -1, dtype=np.int64)
    for position in np.argsort(tree.depth, kind="stable").tolist():
        above = int(tree.parent[position])
        node[position] = nodes.add(dimension, tree.keys[position], top if above < 0 else int(node[above]), shown=shown)
        nodes.take(at_place[position], reached_at[position])
    if direct[size].any():
        node[size] = nodes.add(dimension, OTHER, top, shown=shown)
        nodes.take(direct[size], reached_direct[size])
    if not leaves:
        for position in np.flatnonzero(tree.inner() & direct[:size].any(axis=1)).tolist():
            nodes.add(dimension, tree.keys[position], int(node[position]), shown=False)
            nodes.take(direct[position], reached_direct[position])
        return
    for leaf, key in enumerate((*keys, OTHER)):
        if node[place[leaf]] >= 0 and (leaf < len(keys) or own[leaf].any()):
            nodes.add(leaves, key, int(node[place[leaf]]))
            nodes.take(own[leaf], reached[leaf])


def _list_leaves(ground: _Ground, dimension: str, tree: Tree) -> tuple[Sequence[str], Longs]:
    """Return the members that hang on a tree, and each one's place in it."""
    if dimension == "product":
        products = ground.company["products"]
        return products["product"].to_list(), positions(products["category"], tree.keys).astype(np.int64)
    people = pl.concat([ground.company["people"].select("person", "unit"), ground.holdings.select("person", "unit")])
    people = people.drop_nulls("person").unique("person", keep="first", maintain_order=True).sort("person")
    return people["person"].to_list(), positions(people["unit"], tree.keys).astype(np.int64)


def _add_flat(nodes: _Growing, ground: _Ground, top: int, dimension: str) -> None:
    """Add the members of a dimension that is no tree, side by side below the company."""
    company = ground.company
    if dimension == "person":
        keys = _list_leaves(ground, "person", Tree.of([], []))[0]
    elif dimension == "channel":
        keys = channel_of_customers(company).drop_nulls().unique().sort().to_list()
    else:
        table = "products" if dimension == "product" else "customers"
        keys = company[table][dimension].drop_nulls().unique().sort().to_list()
    own, reached = ground.sum_by(dimension, keys)
    for leaf, key in enumerate((*keys, OTHER)):
        if leaf < len(keys) or own[leaf].any():
            nodes.add(dimension, key, top)
            nodes.take(own[leaf], reached[leaf])
