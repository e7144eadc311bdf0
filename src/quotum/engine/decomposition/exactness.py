"""The last look before a plan is handed out: does everything add up, to the last unit?"""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.plan_settings import HEDGE, LAYERS
from quotum.engine.tables.plan_tables import Plan


def check_exact(plan: Plan) -> list[Issue]:
    """Return a conflict for every sum that does not hold: rows to targets, cuts to rows (splits: see the ledger).

    There is none as long as the engine keeps its promise; a plan that breaks it is not handed out.
    """
    issues = []
    for target in plan.settings.targets:
        rows = plan["quotas"].filter(pl.col("measure") == target.measure)
        sums = {layer: int(rows[layer].sum()) for layer in LAYERS}
        if sums != {"commit": target.commit_minor, "extra": target.extra_minor}:
            issues.append(sum_differs("quotas", target.measure))
    for name, cut in plan.cuts.items():
        layers = [layer for layer in (*LAYERS, HEDGE) if layer in cut.columns and layer in plan["quotas"].columns]
        rows = plan["quotas"].select("row", *layers)
        sums_of_cut = cut.group_by("row").agg(pl.col(layer).sum().alias(f"cut_{layer}") for layer in layers)
        off = rows.join(sums_of_cut, on="row", how="inner").filter(
            pl.any_horizontal(pl.col(layer) != pl.col(f"cut_{layer}") for layer in layers)
        )
        issues += [sum_differs(f"{name}_shares", str(row)) for row in off["row"].to_list()[:20]]
    return issues


def sum_differs(table: str, value: str) -> Issue:
    """Name the table and the place where a sum does not hold."""
    return Issue(rule="sums_differ", severity="conflict", table=table, value=value)
