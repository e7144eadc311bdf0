"""A plan while it is being revised: the deltas of its changes, the sums they make, and how they are taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.running_totals import due, least_of_bends
from quotum.engine.revisions.cells import Cells, Held
from quotum.engine.tables.plan_settings import HEDGE, LAYERS, Target
from quotum.engine.tables.plan_tables import REVISION_SCHEMAS, Plan, revision_table

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan with the tables of its revisions; ``touched`` are rows whose cuts do not follow yet, by layer.

    ``change`` is the number that the next change gets. ``trailing`` are the deltas of what follows others (hedge and
    pieces): they are no part of the plan's ``deltas`` until the draft is closed. ``nodes`` are those of rows that were
    looked for before.
    """

    plan: Plan
    touched: Mapping[str, frozenset[int]]
    change: int
    trailing: pl.DataFrame
    nodes: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Draft:
        """Open a plan; its tables are read where they are stored elsewhere."""
        tables = {**plan.tables, **{name: revision_table(plan, name) for name in REVISION_SCHEMAS}}
        last, deltas = tables["changes"]["change"].max(), tables["deltas"]
        trailing = deltas.clear()
        followers = [target.measure for target in plan.settings.targets if target.follows]
        if deltas.height and (followers or HEDGE in tables["quotas"].columns):
            quotas = tables["quotas"]
            rows = quotas["row"].filter(quotas["measure"].is_in(followers))
            follows = (pl.col("layer") == HEDGE) | pl.col("row").is_in(rows.implode())
            trailing, tables["deltas"] = deltas.filter(follows), deltas.filter(~follows)
        return cls(replace(plan, tables=tables), {layer: frozenset() for layer in LAYERS},
                   int(last) + 1 if isinstance(last, int) else 1, trailing)  # fmt: skip

    def close(self) -> Draft:
        """Return the draft as a finished plan: nothing left to follow, all deltas in one table."""
        whole = pl.concat([self["deltas"], self.trailing])
        return replace(self.with_tables(deltas=whole), touched={layer: frozenset() for layer in LAYERS},
                       trailing=self.trailing.clear())  # fmt: skip

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return a table of the plan as it stands."""
        return self.plan.tables[name]

    def with_tables(self, **tables: pl.DataFrame) -> Draft:
        """Return the draft with other tables in place of some."""
        return replace(self, plan=replace(self.plan, tables={**self.plan.tables, **tables}))

    def with_cut(self, step: str, cut: pl.DataFrame) -> Draft:
        """Return the draft with another cut in place of one."""
        return replace(self, plan=replace(self.plan, cuts={**self.plan.cuts, step: cut}))

    def add_deltas(self, layer: str, deltas: pl.DataFrame) -> Draft:
        """Return the draft with ``deltas(row, since, until, delta)`` of the next change, and the sums they make."""
        if deltas.is_empty():
            return self
        lines = self._of_change(layer, deltas, "deltas")
        return self.with_tables(deltas=pl.concat([self["deltas"], lines], rechunk=True))._sum_up(layer, lines)

    def add_member_deltas(self, layer: str, deltas: pl.DataFrame) -> Draft:
        """Return the draft with ``deltas(row, node, delta)`` of members of cuts."""
        if deltas.is_empty():
            return self
        lines = self._of_change(layer, deltas, "member_deltas")
        return self.with_tables(member_deltas=pl.concat([self["member_deltas"], lines])).touch(layer, lines["row"])

    def _of_change(self, layer: str, deltas: pl.DataFrame, table: str) -> pl.DataFrame:
        """Return deltas as lines of a table, of the next change in a layer."""
        said = {"change": pl.lit(self.change), "layer": pl.lit(layer)}
        return deltas.select(
            said.get(name, pl.col(name)).cast(dtype).alias(name) for name, dtype in REVISION_SCHEMAS[table].items()
        )

    def add_change(self, line: Mapping[str, Any]) -> Draft:
        """Return the draft with the line of the change just made, and the next number."""
        frame = pl.DataFrame([{**line, "change": self.change}], schema=REVISION_SCHEMAS["changes"])
        changes = pl.concat([self["changes"], frame], rechunk=True)
        return replace(self.with_tables(changes=changes), change=self.change + 1)

    def touch(self, layer: str, rows: pl.Series) -> Draft:
        """Return the draft with rows whose cuts have to follow."""
        return replace(self, touched={**self.touched, layer: self.touched[layer] | frozenset(rows.to_list())})

    def take_out(self, change: int) -> Draft:
        """Return the draft without a change: its deltas are taken back."""
        out = self
        for layer in LAYERS:
            of_change = (pl.col("change") == change) & (pl.col("layer") == layer)
            lines = self["deltas"].filter(of_change).with_columns(-pl.col("delta"))
            members = self["member_deltas"].filter(of_change)
            out = out._sum_up(layer, lines).touch(layer, members["row"])
        keep = pl.col("change") != change
        return out.with_tables(**{name: out[name].filter(keep) for name in ("changes", "deltas", "member_deltas")})

    def _sum_up(self, layer: str, deltas: pl.DataFrame) -> Draft:
        """Add deltas to the amounts of rows and to the totals of their measures."""
        if deltas.is_empty():
            return self
        quotas = self["quotas"]
        amounts = quotas[layer].to_numpy().copy()
        at, delta = find_rows(quotas, deltas["row"]), deltas["delta"].to_numpy()
        np.add.at(amounts, at, delta)
        measures = quotas["measure"].gather(at.tolist())
        sums = {measure: int(delta[(measures == measure).to_numpy()].sum()) for measure in measures.unique().to_list()}
        settings = self.plan.settings
        targets = tuple(move_target(target, layer, sums.get(target.measure, 0)) for target in settings.targets)
        settings = replace(settings, targets=targets)
        tables = {**self.plan.tables, "quotas": put_amounts(quotas, layer, amounts)}
        return replace(self, plan=replace(self.plan, tables=tables, settings=settings)).touch(layer, deltas["row"])

    def below_zero(self, layer: str, rows: pl.Series) -> list[int]:
        """Return which of some rows a change would leave with less than nothing in some period."""
        lines = self["quotas"][find_rows(self["quotas"], rows.unique().sort())]
        least = least_of_bends(self.plan, lines, layer)
        return [int(row) for row in lines["row"].filter(pl.Series(least < 0))]

    def restore_rows(self) -> Draft:
        """Return the draft without the deltas of rows that are, at every edge of them, as the plan was before any."""
        out, deltas = self, self["deltas"]
        if deltas.is_empty():
            return self
        for layer in LAYERS:
            sums = (
                deltas.filter(pl.col("layer") == layer)
                .group_by("row")
                .agg(pl.col("delta").sum(), pl.col("change").n_unique())
            )
            still = sums.filter((pl.col("delta") == 0) & (pl.col("change") > 1))["row"].sort()
            if still.is_empty():
                continue
            lines = out["quotas"][find_rows(out["quotas"], still)]
            of_rows = deltas.filter((pl.col("layer") == layer) & pl.col("row").is_in(still.implode()))
            edges = sorted(set(of_rows["since"]) | set(of_rows["until"]))
            without = out.with_tables(deltas=deltas.filter(pl.col("layer") != layer))
            same = due(out.plan, lines, edges, [layer])[layer] == due(without.plan, lines, edges, [layer])[layer]
            back = lines["row"].filter(pl.Series(same.all(axis=1)))
            out = out.with_tables(
                deltas=out["deltas"].filter((pl.col("layer") != layer) | ~pl.col("row").is_in(back.implode()))
            )
        if len(out["deltas"]) == len(deltas):
            return out
        gone = set(deltas["change"]) - set(out["deltas"]["change"]) - set(out["member_deltas"]["change"])
        return out.with_tables(changes=out["changes"].filter(~pl.col("change").is_in(sorted(gone))))


def move_target(target: Target, layer: str, delta: int) -> Target:
    """Return a target that is larger in one layer; stretch is commit and extra together."""
    commit = target.commit_minor + (delta if layer == "commit" else 0)
    return replace(target, commit_minor=commit, stretch_minor=target.stretch_minor + delta)


def put_amounts(quotas: pl.DataFrame, layer: str, amounts: Ints) -> pl.DataFrame:
    """Return lines of quotas with other amounts in a layer."""
    return quotas.clone().replace_column(quotas.get_column_index(layer), pl.Series(layer, amounts))


def find_rows(quotas: pl.DataFrame, rows: pl.Series) -> Ints:
    """Return where rows stand in quotas, which are in the order of their numbers."""
    return np.searchsorted(quotas["row"].to_numpy(), rows.to_numpy()).astype(np.int64)


def list_deltas(rows: pl.DataFrame, cells: Cells, new: Ints) -> pl.DataFrame:
    """Return ``(row, since, until, delta)`` of the cells whose amount changes to ``new`` (num_cells,)."""
    delta = new - cells.amount
    used = np.flatnonzero(delta)
    return pl.DataFrame(
        {
            "row": rows["row"].to_numpy()[cells.line[used]],
            "since": pl.Series(cells.since[used]),
            "until": pl.Series(cells.until[used]),
            "delta": delta[used],
        },
        schema={"row": pl.Int32, "since": pl.Date, "until": pl.Date, "delta": pl.Int64},
    )


def touches_hold(draft: Draft, change: int, held: list[Held]) -> bool:
    """Tell whether taking a change out would move something that is held."""
    quotas = draft["quotas"]
    deltas = draft["deltas"].filter(pl.col("change") == change)
    members = draft["member_deltas"].filter(pl.col("change") == change).select("row", "layer")
    members = members.with_columns(since=pl.lit(date.min), until=pl.lit(date.max))
    lines = pl.concat([deltas.select("row", "layer", "since", "until"), members])
    at = find_rows(quotas, lines["row"])
    for hold in held:
        hit = lines.filter(pl.Series(hold.mask[at], dtype=pl.Boolean), pl.col("layer").is_in(hold.layers),
                           pl.col("since") < hold.until, pl.col("until") > hold.since)  # fmt: skip
        if len(hit):
            return True
    return False


def stands_alone(draft: Draft, change: int) -> bool:
    """Tell whether a change can be taken out without moving what later changes did.

    Bends build on one another, so nothing may follow on the same rows; sums of whole rows are in any order the same.
    """
    settings, deltas = draft.plan.settings, draft["deltas"]
    own = deltas.filter(pl.col("change") == change)
    related = deltas.join(own.select("row", "layer").unique(), on=["row", "layer"], how="semi")
    after = related.filter(pl.col("change") > change)
    if after.is_empty():
        return True
    changes = draft["changes"]
    shapes = changes.filter(pl.col("shape").is_not_null(), pl.col("change").is_in(after["change"].implode()))
    if shapes.height and changes.filter(pl.col("change") == change)["shape"].null_count():
        return False  # a later shape was drawn upon this amount
    later = after.select("row", "layer").unique()
    whole = (pl.col("since") <= settings.since) & (pl.col("until") >= settings.until)
    bent = related.join(later, on=["row", "layer"], how="semi").filter(~whole)
    anchored = later.join(draft["anchors"].select("row", "layer"), on=["row", "layer"], how="semi")
    return bent.is_empty() and anchored.is_empty()
