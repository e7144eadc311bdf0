"""A row more in a finished plan: for somebody who takes over what the plan gave to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from quotum.engine.revisions.draft import Draft
from quotum.engine.revisions.nodes import find_nodes
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import VACANT
from quotum.engine.tables.plan_dimensions import cut_dimensions
from quotum.engine.tables.plan_settings import HEDGE
from quotum.engine.tables.plan_tables import PLAN_SCHEMAS
from quotum.engine.tables.schema import DIMENSIONS

_WHY = "no_history"


def add_row(
    draft: Draft, company: Company, like: Mapping[str, Any], holder: tuple[str, str | None], taken: Mapping[str, float]
) -> tuple[Draft, int] | None:
    """Return the draft with an empty row of ``holder`` (person, unit), with the keys and season of the row ``like``.

    The row has its place in ``splits`` (a share of 0: what it gets, it gets by changes) and the members of cuts of the
    row it is like, of customers only those ``taken``, in these shares. Measures that follow this one row by row get a
    row too. The second result is its number. None where the plan has no node of the unit.
    """
    made = _add_one(draft, company, like["row"], holder, taken)
    if made is None:
        return None
    draft, number = made
    for target in draft.plan.settings.targets:
        if target.follows != like["measure"]:
            continue
        quotas, names = draft["quotas"], (like["measure"], target.measure)
        lead, own = (quotas.filter(pl.col("measure") == name)["row"].to_list() for name in names)
        followed = _add_one(draft, company, own[lead.index(like["row"])], holder, taken)
        if followed is None:
            return None
        draft, _ = followed
    return draft, number


def _add_one(
    draft: Draft, company: Company, like: int, holder: tuple[str, str | None], taken: Mapping[str, float]
) -> tuple[Draft, int] | None:
    """Return the draft with a row of one measure more."""
    plan, (person, unit) = draft.plan, holder
    quotas = plan["quotas"]
    source = quotas.filter(pl.col("row") == like)
    number = int(quotas["row"].max()) + 1  # type: ignore[arg-type]
    nodes = _Nodes(draft, taken)
    leaf = nodes.put_leaf(source, person, unit)
    if leaf is None:
        return None
    curves = plan["curves"]
    curve = int(curves["curve"].max()) + 1  # type: ignore[arg-type]
    who = None if person.startswith(VACANT) else person
    of_row = curves.filter(pl.col("curve") == source["curve"][0]).with_columns(
        curve=pl.lit(curve, pl.Int32), person=pl.lit(who, pl.String), since=pl.lit(plan.settings.since),
        until=pl.lit(plan.settings.until),
    )  # fmt: skip
    amounts = [pl.lit(0, pl.Int64).alias(name) for name in ("commit", "extra", HEDGE) if name in quotas.columns]
    row = source.with_columns(
        row=pl.lit(number, pl.Int32), person=pl.lit(person), unit=pl.lit(unit, pl.String),
        curve=pl.lit(curve, pl.Int32), since=pl.lit(plan.settings.since), until=pl.lit(plan.settings.until),
    ).with_columns(amounts)  # fmt: skip
    tables = {
        "quotas": pl.concat([quotas, row]),
        "curves": pl.concat([curves, of_row]),
        "splits": pl.concat([nodes.splits, *nodes.made]),
        "members": _with_member(plan["members"], company, person, unit),
    }
    draft = draft.with_tables(**tables)
    for step, cut in plan.cuts.items():
        own = cut.filter(pl.col("row") == like)
        if taken and "customer" in own.columns:
            own = own.filter(pl.col("customer").is_in(list(taken)))
        dimensions = cut_dimensions(plan, step)
        empty = own.with_columns(pl.lit(number, pl.Int32).alias("row"), *(
            pl.lit(0, pl.Int64).alias(name) for name in own.columns if name not in ("row", *dimensions)
        ))  # fmt: skip
        draft = draft.with_cut(step, pl.concat([cut, empty]))
    known = {**draft.nodes, **nodes.moved, number: leaf}
    return replace(draft, nodes=known), number


def _with_member(members: pl.DataFrame, company: Company, person: str, unit: str | None) -> pl.DataFrame:
    """Return the members with a person, if it is not there yet."""
    if members.filter((pl.col("dimension") == "person") & (pl.col("key") == person)).height:
        return members
    known = company["people"].filter(pl.col("person") == person)["name"].to_list()
    line = {"dimension": "person", "key": person, "name": known[0] if known and known[0] else person, "unit": unit}
    return pl.concat([members, pl.DataFrame([line], schema=PLAN_SCHEMAS["members"])])


class _Nodes:
    """The splits of a plan while nodes are put beside those of a row: empty ones, each with a share of 0."""

    def __init__(self, draft: Draft, taken: Mapping[str, float]) -> None:
        self.splits, self.quotas, self.draft, self.taken = draft["splits"], draft["quotas"], draft, taken
        self.next = int(self.splits["node"].max()) + 1  # type: ignore[arg-type]
        self.made: list[pl.DataFrame] = []
        self.moved: dict[int, int] = {}  # nodes of rows that another one stands for now

    def put_leaf(self, source: pl.DataFrame, person: str, unit: str | None) -> int | None:
        """Return the node of a new row like ``source`` (one line of quotas), None where it has no place."""
        below = self._path_from_person(source)
        if not below:
            return None
        parent: int | None = int(below[0]["parent"])
        if source["unit"][0] != unit:
            parent = self._parent_of(source["measure"][0], unit)
        if parent is None:
            return None
        for line in below:
            if line["dimension"] != "window":
                member = person if line["dimension"] == "person" else line["member"]
                parent = self._put(line["node"], parent, member, 0.0)
                if line["dimension"] == "person":
                    parent = self._put_window(parent, source, person, unit)
        self._put_below(int(below[-1]["node"]), parent)
        return parent

    def _put_window(self, place: int, source: pl.DataFrame, person: str, unit: str | None) -> int:
        """Return the node of the whole plan below a person's, where the person has rows of other days; else itself."""
        settings = self.draft.plan.settings
        whole = f"{settings.since}/{settings.until}"
        keys = [name for name in DIMENSIONS if name not in ("person", "unit", "product", "customer")]
        mine = self.quotas.filter(
            pl.col("measure") == source["measure"][0], pl.col("person") == person,
            pl.col("unit").eq_missing(pl.lit(unit, pl.String)),
            *(pl.col(name).eq_missing(pl.lit(source[name][0], pl.String)) for name in keys),
        ).sort("row")  # fmt: skip
        others = sorted({f"{since}/{until}" for since, until in mine.select("since", "until").iter_rows()} - {whole})
        if not others:
            return place
        below = self.splits.filter(pl.col("parent") == place, pl.col("dimension") == "window", layer="commit")
        if below.is_empty():  # one stretch of days had no line of its own
            self._wrap(place, others[0], set(mine["row"]))
            below = self.splits.filter(pl.col("parent") == place, pl.col("dimension") == "window", layer="commit")
        return self._put(int(below["node"][0]), place, whole, 0.0)

    def _wrap(self, place: int, window: str, rows: set[int]) -> None:
        """Put a node of a window between a node and all below it; rows that had the node have the new one."""
        node, self.next = self.next, self.next + 1
        lines = self.splits.filter(pl.col("node") == place).with_columns(
            node=pl.lit(node, pl.Int32), parent=pl.lit(place, pl.Int32), dimension=pl.lit("window"),
            member=pl.lit(window), share=pl.lit(1.0),
        )  # fmt: skip
        moved = pl.when(pl.col("parent") == place).then(pl.lit(node, pl.Int32)).otherwise("parent").alias("parent")
        self.splits = pl.concat([self.splits.with_columns(moved), lines.select(self.splits.columns)])
        self.made = [frame.with_columns(moved) for frame in self.made]
        self.moved = {row: node for row in rows if self.draft.nodes.get(row) == place}

    def _path_from_person(self, row: pl.DataFrame) -> list[dict[str, Any]]:
        """Return the lines of the splits from a row's person down to the row."""
        node = int(find_nodes(self.draft.plan, row)[0][0])
        commit = self.splits.filter(pl.col("layer") == "commit")
        path: list[dict[str, Any]] = []
        while node >= 0:
            line = commit.filter(pl.col("node") == node).row(0, named=True)
            path.insert(0, line)
            if line["dimension"] == "person":
                return path
            node = int(line["parent"])
        return []

    def _parent_of(self, measure: str, unit: str | None) -> int | None:
        """Return the node below which the people of a unit stand."""
        rows = self.quotas.filter((pl.col("measure") == measure) & pl.col("unit").eq_missing(pl.lit(unit, pl.String)))
        path = self._path_from_person(rows.head(1)) if rows.height else []
        return int(path[0]["parent"]) if path else None

    def _put(self, like: int, parent: int, member: str, share: float) -> int:
        """Return a node beside another one, made where ``parent`` has no such member."""
        for lines in (self.splits, *self.made):
            found = lines.filter(pl.col("parent") == parent, pl.col("member") == member, pl.col("layer") == "commit")
            if found.height:
                return int(found["node"][0])
        node, self.next = self.next, self.next + 1
        lines = self.splits.filter(pl.col("node") == like)
        self.made.append(lines.with_columns(
            node=pl.lit(node, pl.Int32), parent=pl.lit(parent, pl.Int32), member=pl.lit(member), share=pl.lit(share),
            floor=pl.lit(None, pl.Float64), cap=pl.lit(None, pl.Float64), real=pl.lit(0.0),
            amount=pl.lit(0, pl.Int64), why=pl.lit(_WHY),
        ).select(self.splits.columns))  # fmt: skip
        return node

    def _put_below(self, like: int, parent: int) -> None:
        """Copy the members of cuts below a node, with their shares."""
        below = self.splits.filter(pl.col("parent") == like, pl.col("layer") == "commit",
                                   pl.col("step").is_in(list(self.draft.plan.cuts)))  # fmt: skip
        for line in below.sort("node").iter_rows(named=True):
            by_taken = self.taken and line["dimension"] == "customer"
            if not by_taken or line["member"] in self.taken:
                share = self.taken[line["member"]] if by_taken else float(line["share"])
                self._put_below(int(line["node"]), self._put(int(line["node"]), parent, line["member"], share))

    def put_customer(self, like: int, parent: int, customer: str) -> int:
        """Return the node of a customer below another row, with what is split below it and a share of 0."""
        made = self._put(like, parent, customer, 0.0)
        self._put_below(like, made)
        return made


def put_customers(draft: Draft, rows: pl.DataFrame, customers: pl.DataFrame) -> tuple[Draft, pl.DataFrame]:
    """Return the draft whose rows have the customers they take over, and ``row, customer, node`` of both sides.

    ``customers(row, target, customer)`` go from a row to another one that stood there before.
    """
    pairs = customers.select("row", "target", "customer").unique().sort("target", "customer", "row")
    wanted = rows.filter(pl.col("row").is_in(pl.concat([pairs["row"], pairs["target"]]).implode()))
    leaf = dict(zip(wanted["row"], find_nodes(draft.plan, wanted)[0].tolist(), strict=True))
    nodes = _Nodes(draft, {})
    found: dict[tuple[int, str], int] = {}
    for row, target, customer in pairs.iter_rows():
        below = nodes.splits.filter(pl.col("parent") == leaf[row], pl.col("member") == customer,
                                    pl.col("dimension") == "customer")  # fmt: skip
        if below.is_empty():
            continue
        own = int(below["node"][0])
        found[row, customer] = own
        found[target, customer] = nodes.put_customer(own, leaf[target], customer)
        for step, cut in draft.plan.cuts.items():
            dimensions = cut_dimensions(draft.plan, step)
            if dimensions[0] != "customer":
                continue
            if cut.filter(pl.col("row") == target, pl.col("customer") == customer).is_empty():
                lines = cut.filter(pl.col("row") == row, pl.col("customer") == customer).with_columns(
                    pl.lit(target, pl.Int32).alias("row"),
                    *(pl.lit(0, pl.Int64).alias(name) for name in cut.columns if name not in ("row", *dimensions)),
                )
                draft = draft.with_cut(step, pl.concat([cut, lines]).sort("row", maintain_order=True))
    draft = draft.with_tables(splits=pl.concat([nodes.splits, *nodes.made]))
    schema = {"row": pl.Int32, "customer": pl.String, "node": pl.Int32}
    return draft, pl.DataFrame([(*key, node) for key, node in found.items()], schema=schema, orient="row")
