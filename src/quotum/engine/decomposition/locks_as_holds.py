"""Locks and totals of the company go on to count: revisions leave locks as they are, and tell what else they break."""

from __future__ import annotations

import numpy as np
import polars as pl

from quotum.engine.decomposition.bounds import timed_locks, whole_down, whole_locks, whole_up
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import GIVEN_SCHEMAS, REVISION_SCHEMAS, Plan
from quotum.engine.tables.schema import DIMENSIONS, E4


def list_lock_holds(company: Company, settings: PlanSettings) -> pl.DataFrame:
    """Return the table ``holds``: a line for each lock in force in the plan; floors and caps hold nothing.

    A lock of stretch holds both layers. Keys with a semicolon have a backslash before it.
    """
    targets = [target.measure for target in settings.targets]
    locks = company["locks"].filter(
        pl.col("kind") == "lock",
        pl.col("measure").is_in(targets),
        pl.col("dimension").is_in(list(DIMENSIONS)),
        ~(pl.col("expires") <= settings.as_of).fill_null(value=False),
    )
    held = locks.select(
        "measure",
        pl.when(pl.col("layer") != "stretch").then(pl.col("layer")).alias("layer"),
        pl.concat_str("dimension", pl.lit("="), pl.col("key").str.replace_all(";", "\\;", literal=True)).alias("under"),
        since=pl.max_horizontal(pl.col("since").fill_null(settings.since), pl.lit(settings.since)),
        until=pl.min_horizontal(pl.col("until").fill_null(settings.until), pl.lit(settings.until)),
        owner="owner",
        reason="reason",
        expires="expires",
    )
    schema = REVISION_SCHEMAS["holds"]
    held = held.filter(pl.col("since") < pl.col("until")).unique(list(schema), maintain_order=True)
    return held.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(list(schema))


def list_limits(company: Company, plan: Plan) -> pl.DataFrame:
    """Return the table ``limits``: totals, floors and caps that no split of the plan shows.

    Those of a part of the plan, and those of members that several parents have. Measures that follow have none.
    """
    settings, schema = plan.settings, GIVEN_SCHEMAS["limits"]
    found = [pl.DataFrame(schema=schema)]
    if company["locks"].is_empty() and company["totals"].is_empty():
        return found[0]
    several = _members_of_several(plan["splits"])
    for target in settings.targets:
        measure = settings.measures[target.measure]
        if target.follows:
            continue
        whole = whole_locks(company, settings, measure).with_columns(
            since=pl.lit(settings.since), until=pl.lit(settings.until), measure=pl.lit(measure.name)
        )
        whole = whole.join(several, on=["measure", "dimension", "key"], how="semi")
        timed = timed_locks(company, settings, measure).with_columns(measure=pl.lit(measure.name))
        lines = pl.concat([timed, whole.select(timed.columns)])
        lines = lines.filter((pl.col("table") == "totals") | (pl.col("kind") != "lock"))
        amount = lines["amount_e4"].to_numpy() * (10.0**measure.decimals / E4)
        is_cap = (lines["kind"] == "cap").to_numpy()
        whole_amount = pl.Series(np.where(is_cap, whole_down(amount), whole_up(amount)), dtype=pl.Float64)
        places = [(company.sources[t].file_at(n), company.sources[t].line(n)) if t in company.sources else ("", n)
                  for t, n in lines.select("table", "line").iter_rows()]  # fmt: skip
        lines = lines.with_columns(
            kind=pl.when(pl.col("table") == "totals").then(pl.lit("total")).otherwise("kind"),
            amount=whole_amount,
            file=pl.Series([file for file, _ in places], dtype=pl.String),
            line=pl.Series([line for _, line in places], dtype=pl.Int64),
        )
        found.append(lines.select(pl.col(name).cast(dtype) for name, dtype in schema.items()))
    said = [name for name in schema if name not in ("file", "line")]
    return pl.concat(found).sort(*said, "file", "line")  # what they say comes first: the order of input cannot matter


def _members_of_several(splits: pl.DataFrame) -> pl.DataFrame:
    """Return ``measure, dimension, key`` of the members that several parents have."""
    keys = ("measure", "dimension", "member")
    members = splits.filter(pl.col("layer") == "commit").select(*keys, "node", "parent")
    # A place of a tree stands there twice when it has a part of its own, below itself.
    parts = members.join(members.select(*keys, parent="node"), on=[*keys, "parent"], how="anti")
    return parts.group_by(*keys).len().filter(pl.col("len") > 1).select("measure", "dimension", key="member")
