"""Proposals beside the number from the top: who asks for more, who for less, and what the plan made of it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.engine.slices.requests import Request
from quotum.engine.slices.slicing import cut_slice
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.schema import E4

PROPOSAL_SCHEMA: dict[str, type[pl.DataType]] = {
    "measure": pl.String, "layer": pl.String, "person": pl.String, "customer": pl.String, "since": pl.Date,
    "until": pl.Date, "proposal": pl.Int64, "trust": pl.Float64, "top_down": pl.Int64, "difference": pl.Int64,
    "planned": pl.Int64, "decimals": pl.Int64, "reason": pl.String,
}  # fmt: skip


def compare_proposals(proposals: pl.DataFrame, top_down: Plan, plan: Plan) -> pl.DataFrame:
    """Return each proposal with the number from the top and the planned one, the largest difference first.

    ``proposals`` are lines of the company's table, ``top_down`` is the plan made without them. Amounts are in smallest
    units of the measure, in the dates of the proposal; ``difference`` is the proposal less the number from the top. A
    member without a number has 0. Lines of measures without a target are left out.
    """
    settings = plan.settings
    frames = [pl.DataFrame(schema=PROPOSAL_SCHEMA)]
    lines = proposals.with_columns(
        since=pl.max_horizontal(pl.col("since").fill_null(settings.since), pl.lit(settings.since)),
        until=pl.min_horizontal(pl.col("until").fill_null(settings.until), pl.lit(settings.until)),
        trust=pl.col("trust").fill_null(1.0),
    ).filter(
        (pl.col("since") < pl.col("until")) & pl.col("measure").is_in([t.measure for t in settings.targets])
    )  # fmt: skip
    asked = lines.with_columns(by_customer=pl.col("customer").is_not_null())
    for keys, group in asked.group_by("measure", "layer", "since", "until", "by_customer", maintain_order=True):
        measure, layer, since, until, by_customer = keys
        by = ("person", "customer") if by_customer else ("person",)
        decimals = settings.measures[str(measure)].decimals
        found = group.with_columns(
            proposal=(pl.col("amount_e4") * 10.0**decimals / E4).round().cast(pl.Int64),
            decimals=pl.lit(decimals, pl.Int64),
        )
        for name, made in (("top_down", top_down), ("planned", plan)):
            request = Request(by=by, measure=str(measure), since=since, until=until)
            numbers = _read_layer(made, request, str(layer)).rename({"amount": name})
            found = found.join(numbers, on=list(by), how="left").with_columns(pl.col(name).fill_null(0))
        found = found.with_columns(difference=pl.col("proposal") - pl.col("top_down"))
        frames.append(found.select(list(PROPOSAL_SCHEMA)).cast(PROPOSAL_SCHEMA))  # type: ignore[arg-type]
    return pl.concat(frames).sort(
        pl.col("difference").abs(), "person", "customer", "since", "layer", "measure",
        descending=[True, *[False] * 5], nulls_last=True,
    )  # fmt: skip


def sum_by_person(compared: pl.DataFrame) -> pl.DataFrame:
    """Return the lines summed up by person (measure, layer), the largest difference first."""
    keys = ["measure", "layer", "person", "decimals"]
    amounts = ["proposal", "top_down", "difference", "planned"]
    summed = compared.group_by(keys).agg(pl.len().alias("lines"), pl.col(amounts).sum())
    return summed.sort(pl.col("difference").abs(), *keys, descending=[True, *[False] * 4])


def _read_layer(plan: Plan, request: Request, layer: str) -> pl.DataFrame:
    """Return the amount of each key in a layer or the stretch; empty where the plan has no such numbers."""
    levels = {"commit": ("commit",), "stretch": ("stretch",), "extra": ("stretch", "commit")}[layer]
    frames = [cut_slice(plan, replace(request, level=level))[0].select(*request.by, "amount") for level in levels]
    if len(frames) == 1:
        return frames[0].drop_nulls(request.by)
    both = frames[0].join(frames[1], on=list(request.by), suffix="_commit")
    return both.select(*request.by, pl.col("amount") - pl.col("amount_commit")).drop_nulls(request.by)
