"""What a plan is: immutable tables that together give the number of anybody on any day, and why."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import polars as pl

from quotum.engine.tables.customer_tables import CUSTOMER_SCHEMAS
from quotum.engine.tables.driver_tables import DRIVER_SCHEMAS
from quotum.engine.tables.feasibility_tables import FEASIBILITY_SCHEMAS
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import DIMENSIONS
from quotum.engine.tables.visit_tables import VISIT_SCHEMAS

_KEYS: dict[str, type[pl.DataType]] = dict.fromkeys(DIMENSIONS, pl.String)

PLAN_SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    # A row is a running total with a curve of its own: the members of the step before `along`. A dimension that the
    # steps did not split is null. since/until: the part of the plan in which the row can be due. offset: θ in [0, 1).
    "quotas": {"row": pl.Int32, "measure": pl.String, **_KEYS, "since": pl.Date, "until": pl.Date,
               "curve": pl.Int32, "offset": pl.Float64, "commit": pl.Int64, "extra": pl.Int64},
    # One line a split: why a member of a parent got what it got. node: this member; parent: the node that was split
    # (-1: the target). Weights are columns `weight_<basis>`, raw. real: the share before whole units.
    "splits": {"step": pl.String, "measure": pl.String, "node": pl.Int32, "parent": pl.Int32, "dimension": pl.String,
               "member": pl.String, "layer": pl.String, "share": pl.Float64, "floor": pl.Float64, "cap": pl.Float64,
               "real": pl.Float64, "amount": pl.Int64, "why": pl.String},
    # Known running totals of a row; between two of them the curve is renormalised.
    "anchors": {"row": pl.Int32, "layer": pl.String, "date": pl.Date, "amount": pl.Int64, "reason": pl.String},
    # Every key of the plan with what readers group and filter by.
    "members": {"dimension": pl.String, "key": pl.String, "name": pl.String, "parent": pl.String, "unit": pl.String,
                "channel": pl.String, "area": pl.String, "class": pl.String, "category": pl.String},
    # Day weights without seasons; calendar 0 is the country's, others carry the events of a scope.
    "days": {"calendar": pl.Int32, "date": pl.Date, "weight": pl.Float64, "kind": pl.String, "provisional": pl.Boolean},
    # Rate per unit of day weight in a calendar month, 1 to 12.
    "seasons": {"season": pl.Int32, "month": pl.Int32, "rate": pl.Float64},
    # Availability of a person between two dates (half open); days that no line covers count 1.
    "availability": {"person": pl.String, "since": pl.Date, "until": pl.Date, "factor": pl.Float64},
    # A curve is the product of its factors on the days of its window, summed and brought to 1. person null: always
    # available. The number of a day: rate of the month × weight of the day × availability.
    "curves": {"curve": pl.Int32, "season": pl.Int32, "calendar": pl.Int32, "person": pl.String,
               "since": pl.Date, "until": pl.Date},
    # What the same slice did a year earlier. date: the day of the plan it stands beside (the day of sale + 1 year).
    "last_year": {"row": pl.Int32, "measure": pl.String, "customer": pl.String, "product": pl.String,
                  "date": pl.Date, "amount_e4": pl.Int64},
}  # fmt: skip

REVISION_SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    # One line a change of the plan, in the order made. amount, before, after: the slice's number, in smallest units.
    # in_force: the first day that it counts for, null: from the beginning; earlier months were asked without it.
    "changes": {"change": pl.Int32, "operation": pl.String, "measure": pl.String, "layer": pl.String,
                "under": pl.String, "since": pl.Date, "until": pl.Date, "amount": pl.Int64, "before": pl.Int64,
                "after": pl.Int64, "absorb": pl.String, "shape": pl.String, "owner": pl.String, "reason": pl.String,
                "in_force": pl.Date},
    # What a change adds to a row between two dates; `quotas` holds the sums already, `due` bends running totals.
    "deltas": {"change": pl.Int32, "row": pl.Int32, "layer": pl.String, "since": pl.Date, "until": pl.Date,
               "delta": pl.Int64},
    # What a change adds to a member of a cut, named by its node in `splits`; the cuts hold the sums already.
    "member_deltas": {"change": pl.Int32, "row": pl.Int32, "node": pl.Int32, "layer": pl.String, "delta": pl.Int64},
    # Parts of the plan that revisions must leave as they are. layer null: all; under as `unit=North;person=Ana`.
    "holds": {"measure": pl.String, "layer": pl.String, "under": pl.String, "since": pl.Date, "until": pl.Date,
              "owner": pl.String, "reason": pl.String, "expires": pl.Date},
}  # fmt: skip
"""Tables that only a revised plan has, or one with holds."""

GIVEN_SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    # Prices that pieces follow and implied prices are held against; only plans that count with them.
    "prices": {"product": pl.String, "price_e4": pl.Int64},
    # Totals, floors and caps of the company that the splits do not show: of a part of the plan, or of several parents.
    "limits": {"table": pl.String, "file": pl.String, "line": pl.Int64, "measure": pl.String, "layer": pl.String,
               "dimension": pl.String, "key": pl.String, "since": pl.Date, "until": pl.Date, "kind": pl.String,
               "amount": pl.Int64},
    # Who holds which customer when (half open), as it was known when the plan was made or made anew.
    "holdings": {"customer": pl.String, "person": pl.String, "unit": pl.String, "since": pl.Date, "until": pl.Date,
                 "share": pl.Float64},
    # What passed to somebody else when the rest was planned anew. kind: customer (amount: the part of the first
    # target's commit that goes along, smallest units), project, receivable (money) or appointment (key: its start).
    "handovers": {"kind": pl.String, "key": pl.String, "customer": pl.String, "person": pl.String, "to": pl.String,
                  "unit": pl.String, "since": pl.Date, "until": pl.Date, "share": pl.Float64, "amount": pl.Int64},
    # What the plan before this one asked in the months until this one took over; unit, person null: not split by them.
    "earlier": {"measure": pl.String, "unit": pl.String, "person": pl.String, "since": pl.Date, "until": pl.Date,
                "period": pl.String, "commit": pl.Int64, "stretch": pl.Int64},
    **FEASIBILITY_SCHEMAS,
    **CUSTOMER_SCHEMAS,
    **VISIT_SCHEMAS,
    **DRIVER_SCHEMAS,
}  # fmt: skip
"""Tables that a plan has only if the company gave what they hold; revisions look there."""


class StoredTables(Mapping[str, pl.DataFrame]):
    """Tables that lie elsewhere: a whole one is read when it is asked for, ``scan`` reads only what a query needs."""

    @abstractmethod
    def scan(self, name: str) -> pl.LazyFrame:
        """Return the table called ``name`` as a query that has not read anything yet."""


def scan(tables: Mapping[str, pl.DataFrame], name: str) -> pl.LazyFrame:
    """Return a table as a query, whether it lies in memory or elsewhere."""
    return tables.scan(name) if isinstance(tables, StoredTables) else tables[name].lazy()


def revision_table(plan: Plan, name: str) -> pl.DataFrame:
    """Return one of the tables of revisions, empty where the plan was never revised."""
    return plan.tables[name] if name in plan.tables else pl.DataFrame(schema=REVISION_SCHEMAS[name])


Found = TypeVar("Found")
_MOST_REMEMBERED = 4_096


class Memory:
    """What was looked up in one plan and is the same in all its revisions: keys, nodes, bounds, curves; no amounts.

    Whoever revises a plan again and again gives it one; it is bounded by the number of things it holds.
    """

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def recall(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what is remembered under ``key``, found now where it was never looked for."""
        if key in self._found:
            return cast(Found, self._found[key])
        if len(self._found) >= _MOST_REMEMBERED:
            self._found = {}
        self._found[key] = found = find()
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """A finished plan.

    ``tables`` holds the tables of ``PLAN_SCHEMAS`` (``splits`` with its further weight columns). ``cuts`` holds, for
    each split made after ``along`` or below a row, a table ``(row, <dimension> …, commit, extra)``: the members of a
    row that follow its curve, in amounts that add up exactly to the row. A cut of a cut carries the keys of both: its
    amounts add up to those of the cut above. Keys of ``cuts`` are step names; the last dimension column is the one the
    step split. ``memory`` is there while a plan is revised, or for one that will
    be revised again and again; whoever makes another plan of it by other means than revisions leaves it out.
    """

    settings: PlanSettings
    tables: Mapping[str, pl.DataFrame]
    cuts: Mapping[str, pl.DataFrame]
    memory: Memory | None = field(default=None, compare=False, repr=False)

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the table called ``name``."""
        return self.tables[name]

    def recall(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what ``find`` finds, looked for once where the plan has a memory."""
        return find() if self.memory is None else self.memory.recall(key, find)
