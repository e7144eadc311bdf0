"""Who is appraised: people and units, and which rows of a table count for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.schemes import Commission, CostQuota, Scorecard
from quotum.engine.basics.periods import Period
from quotum.engine.basics.trees import Tree
from quotum.engine.tables.company import Company

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Subjects:
    """People, then units, each in the order of their keys.

    ``frame(subject, person, unit, role, hired, left)``: a unit has no person. ``above(unit, above)``: the
    places of the units that a unit's rows count for: itself and those above it.
    """

    frame: pl.DataFrame
    above: pl.DataFrame
    tree: Tree

    @property
    def num(self) -> int:
        """How many there are."""
        return self.frame.height

    def present(self, periods: Sequence[Period]) -> Bools:
        """Tell who is there in which period, (num_subjects, num_periods)."""
        epoch = np.datetime64("1970-01-01")
        hired = self.frame["hired"].to_physical().fill_null(-(10**6)).to_numpy()[:, None]
        left = self.frame["left"].to_physical().fill_null(10**6).to_numpy()[:, None]
        since = np.array([(np.datetime64(p.since) - epoch).astype(np.int64) for p in periods])[None, :]
        until = np.array([(np.datetime64(p.until) - epoch).astype(np.int64) for p in periods])[None, :]
        return np.asarray((hired < until) & (left > since), dtype=np.bool_)

    def chosen(self, card: Scorecard | Commission | CostQuota) -> Bools:
        """Tell whom a scorecard, a commission or a quota is for, (num_subjects,)."""
        of = getattr(card, "of", "person")
        is_person = self.frame["person"].is_not_null().to_numpy()
        found = is_person if of == "person" else ~is_person
        for column, wanted in (("role", getattr(card, "roles", ())), ("person", getattr(card, "people", ())),
                               ("kind", getattr(card, "kinds", ()))):  # fmt: skip
            if wanted:
                found = found & self.frame[column].is_in(list(wanted)).fill_null(value=False).to_numpy()
        units = getattr(card, "units", ())
        if units:
            known = [unit for unit in units if unit in self.tree.keys]
            below = known if of == "unit" else sorted(set().union(*(self.tree.subtree(unit) for unit in known)))
            found = found & self.frame["unit"].is_in(below).fill_null(value=False).to_numpy()
        return np.asarray(found, dtype=np.bool_)


def list_subjects(company: Company) -> Subjects:
    """Return the people and units of a company."""
    people = company["people"].sort("person").select(
        "person", "unit", "role", "hired", "left", kind=pl.lit(None, pl.String)
    )  # fmt: skip
    units = company["units"].sort("unit").select(
        pl.lit(None, pl.String).alias("person"), "unit", pl.lit(None, pl.String).alias("role"),
        pl.lit(None, pl.Date).alias("hired"), pl.lit(None, pl.Date).alias("left"), "kind",
    )  # fmt: skip
    frame = pl.concat([people, units]).with_row_index("subject").with_columns(pl.col("subject").cast(pl.Int64))
    tree = Tree.of(company["units"]["unit"].to_list(), company["units"]["parent"].to_list())
    place = dict(frame.filter(pl.col("person").is_null()).select("unit", "subject").iter_rows())
    pairs = [
        (key, place[tree.keys[above]])
        for key, path in zip(tree.keys, tree.paths().tolist(), strict=True)
        for above in path
        if above >= 0
    ]
    above = pl.DataFrame(pairs, schema={"unit": pl.String, "above": pl.Int64}, orient="row")
    return Subjects(frame, above, tree)


def spread(rows: pl.DataFrame, subjects: Subjects) -> pl.DataFrame:
    """Return the rows with ``subject``: each once for its person, and once for each unit above it.

    ``rows`` have ``person`` and ``unit``; a row without a unit counts in that of its person, one with neither nowhere.
    """
    people = subjects.frame.filter(pl.col("person").is_not_null()).select("person", "subject", own="unit")
    known = rows.join(people, on="person", how="left", maintain_order="left").with_columns(
        unit=pl.coalesce("unit", "own")
    )
    own = known.filter(pl.col("subject").is_not_null()).drop("own")
    by_unit = known.drop("subject", "own").join(subjects.above, on="unit", how="inner").rename({"above": "subject"})
    return pl.concat([own, by_unit.select(own.columns)])
