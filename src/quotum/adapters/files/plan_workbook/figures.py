"""The numbers of the sheets: whole-plan sums of rows and cuts, and the months of people.

Amounts are whole smallest units; ``last_year`` is null where there was nothing, as in a slice of the plan. Whole-plan
sums are taken from the tables themselves: a row's total is what is due at the plan's end, so no curve is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.plan_dimensions import cut_dimensions, row_dimensions
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS, E4

AMOUNTS = ("commit", "stretch", "last_year")
_MAX_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one measure with what they did last year: ``frame(row, dimensions …, commit, stretch, e4)``."""

    plan: Plan
    measure: Measure
    frame: pl.DataFrame

    @classmethod
    def read(cls, plan: Plan, measure: Measure) -> Rows:
        """Read the rows of a measure that has a target."""
        history = _history(plan, measure).group_by("row").agg(pl.col("amount_e4").sum().alias("e4"))
        frame = (
            scan(plan.tables, "quotas")
            .filter(pl.col("measure") == measure.name)
            .select("row", *DIMENSIONS, "commit", stretch=pl.col("commit") + pl.col("extra"))
            .join(history, on="row", how="left", maintain_order="left")
            .collect()
        )
        return cls(plan, measure, frame)

    @property
    def dimensions(self) -> list[str]:
        """The dimensions that the rows carry, in the order of the schema."""
        carried = row_dimensions(self.frame)
        return [dimension for dimension in DIMENSIONS if dimension in carried]

    @property
    def has_stretch(self) -> bool:
        """Tell whether the stretch asks more than the commitment."""
        return bool((self.frame["stretch"] > self.frame["commit"]).any())

    def total(self, by: Sequence[str] = ()) -> pl.DataFrame:
        """Return ``(by …, commit, stretch, last_year)``, sorted by the keys that rows carry."""
        return _sum_up(self.frame.lazy(), by, self.measure).collect()

    def find_cut(self, by: Sequence[str]) -> str | None:
        """Return the cut that carries the dimensions together, of several the one with the fewest splits."""
        carrying = {step: cut_dimensions(self.plan, step) for step in self.plan.cuts}
        found = [step for step, carried in carrying.items() if set(by) <= set(carried)]
        return min(found, key=lambda step: len(carrying[step]), default=None)

    def total_cut(self, by: Sequence[str]) -> pl.DataFrame | None:
        """Return the same for dimensions that lie in rows or together in a cut; None where the plan has no such.

        What a cut leaves out of its rows comes under the key null, so that the sums are always those of the rows.
        """
        if set(by) <= set(self.dimensions):
            return self.total(by)
        step = self.find_cut(by)
        if step is None:
            return None
        rows = self.frame["row"].implode()
        members = (
            scan(self.plan.cuts, step)
            .filter(pl.col("row").is_in(rows))
            .group_by(by)
            .agg(pl.col("commit").sum(), stretch=pl.col("commit").sum() + pl.col("extra").sum())
        )
        history = _history(self.plan, self.measure)
        carried = set(by) <= set(history.collect_schema())
        past = history.group_by(by).agg(pl.col("amount_e4").sum().alias("e4")) if carried else None
        joined = members.with_columns(e4=pl.lit(None, pl.Int64)) if past is None else members.join(
            past, on=list(by), how="full", coalesce=True, nulls_equal=True)  # fmt: skip
        found = joined.collect()
        left = {name: int(self.frame[name].sum()) - int(found[name].sum()) for name in ("commit", "stretch")}
        if any(left.values()):
            found = pl.concat([found, pl.DataFrame([left])], how="diagonal")
        return _sum_up(found.lazy(), by, self.measure).collect()

    @property
    def line_dimensions(self) -> list[str]:
        """What a line of the sheet by month stands for: a person of a unit, or else a row of the plan."""
        return ["unit", "person"] if "person" in self.dimensions else self.dimensions

    def months(self, by: Sequence[str] = (), level: str = "commit") -> pl.DataFrame:
        """Return ``(by …, period, amount, last_year …)`` at a level, by keys and date, each key with every period.

        Plans of more than three years are shown by year.
        """
        settings = self.plan.settings
        months = (settings.until.year - settings.since.year) * 12 + settings.until.month - settings.since.month
        grain = "month" if months <= _MAX_MONTHS else "year"
        frame, _ = cut_slice(self.plan, Request(tuple(by), grain, self.measure.name, level))
        return frame


def add_up(frame: pl.DataFrame, column: str) -> int | None:
    """Return the sum of a column of amounts; None where none of them is known."""
    return int(frame[column].sum()) if frame[column].count() else None


def _history(plan: Plan, measure: Measure) -> pl.LazyFrame:
    """Return last year's lines; a level has none, for it does not add up over time."""
    wanted = pl.lit(measure.kind != "level") & (pl.col("measure") == measure.name)
    return scan(plan.tables, "last_year").filter(wanted)


def _sum_up(frame: pl.LazyFrame, by: Sequence[str], measure: Measure) -> pl.LazyFrame:
    sums = [
        pl.col("commit").fill_null(0).sum(),
        pl.col("stretch").fill_null(0).sum(),
        pl.when(pl.col("e4").count() > 0).then(_to_minor(pl.col("e4").sum(), measure.decimals)).alias("last_year"),
    ]
    return frame.group_by(by).agg(sums).sort(by, nulls_last=True) if by else frame.select(sums)


def _to_minor(amount_e4: pl.Expr, decimals: int) -> pl.Expr:
    """Return ten-thousandths in smallest units, rounded half up as slices do."""
    if 10**decimals >= E4:
        return amount_e4.mul(10**decimals // E4)
    size = E4 // 10**decimals
    return amount_e4.mul(2).add(size).floordiv(2 * size)
