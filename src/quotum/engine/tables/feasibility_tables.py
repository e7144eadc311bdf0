"""The tables in which a plan keeps whether its targets can be met."""

from __future__ import annotations

import polars as pl

FEASIBILITY_SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    # A line a node, measure and level. node is empty for the company. basis: where the target comes from, `own` or
    # `last_year` (the node's part of the company's). average: the mean of the years known. low to high: 80 of 100
    # simulated years. share: of the whole market, of the company only. chance: null without history.
    "feasibility": {
        "dimension": pl.String, "node": pl.String, "measure": pl.String, "level": pl.String, "basis": pl.String,
        "target_minor": pl.Int64, "last_year_minor": pl.Int64, "average_minor": pl.Int64, "mean_minor": pl.Int64,
        "low_minor": pl.Int64, "high_minor": pl.Int64, "chance": pl.Float64, "growth": pl.Float64,
        "growth_on_average": pl.Float64, "share": pl.Float64},
    # A line a cell of the market, the whole market first (area and category null). Amounts in major units a year.
    # growth: the market's since the year before. factor: the commit's share over today's.
    "market_shares": {
        "measure": pl.String, "area": pl.String, "category": pl.String, "year": pl.Int64, "capacity": pl.Float64,
        "growth": pl.Float64, "own": pl.Float64, "competitors": pl.Float64, "share_now": pl.Float64,
        "last_year": pl.Float64, "commit": pl.Float64, "stretch": pl.Float64, "share_commit": pl.Float64,
        "share_stretch": pl.Float64, "factor": pl.Float64},
    # Which of the five rules of a good target are met.
    "five_rules": {"rule": pl.String, "met": pl.Boolean},
}  # fmt: skip
NODES_SCHEMA, SHARES_SCHEMA = FEASIBILITY_SCHEMAS["feasibility"], FEASIBILITY_SCHEMAS["market_shares"]
