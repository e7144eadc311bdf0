"""Locks of the company go on to hold: revisions of the plan leave what they fix as it is."""

from __future__ import annotations

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import REVISION_SCHEMAS
from quotum.engine.tables.schema import DIMENSIONS


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
