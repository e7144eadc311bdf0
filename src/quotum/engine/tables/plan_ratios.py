"""Two measures with totals of their own, held together: is the implied price right, does the margin hold?"""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.plan_dimensions import read_tree
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import E4

_MOST_NAMED = 20


def check_ratios(plan: Plan) -> list[Issue]:
    """Return a warning for each product whose implied price is off, and each category below its floor.

    A ratio is that of the committed amounts of its two measures, summed up over the plan. One that cannot be told,
    because its measures are not both split by product, is told instead. Prices are the plan's own table ``prices``.
    """
    issues: list[Issue] = []
    targets = {target.measure for target in plan.settings.targets}
    for ratio in plan.settings.measures.values():
        parts = (ratio.numerator, ratio.denominator)
        if ratio.kind != "ratio" or not targets.issuperset(parts) or (ratio.tolerance is None and not ratio.floors):
            continue
        above, below = (_sum_products(plan, plan.settings.measures[name]) for name in parts)
        if above is None or below is None:
            column = "tolerance" if ratio.tolerance is not None else "floors"
            issues.append(_issue("ratio_not_by_product", ratio.name, column, parts=", ".join(parts)))
            continue
        both = above.join(below, on="product", how="full", coalesce=True, suffix="_below").fill_null(0.0)
        if ratio.tolerance is not None:
            issues += _check_prices(plan["prices"], ratio, ratio.tolerance, both)
        for category, floor in ratio.floors.items():
            issues += _check_floor(plan, ratio, category, floor, both)
    return issues


def _sum_products(plan: Plan, measure: Measure) -> pl.DataFrame | None:
    """Return ``product, amount`` in major units of a measure, None where nothing splits it by product."""
    rows = plan["quotas"].filter(pl.col("measure") == measure.name).select("row", "product", "commit")
    lines = rows if rows["product"].count() else None
    for _, cut in sorted(plan.cuts.items(), key=lambda item: item[1].width):
        if lines is None and "product" in cut.columns:
            found = cut.join(rows.select("row"), on="row", how="semi")
            lines = found if found.height else None
    if lines is None:
        return None
    sums = lines.drop_nulls("product").group_by("product").agg(pl.col("commit").sum()).sort("product")
    return sums.select("product", amount=pl.col("commit") / 10**measure.decimals)


def _check_prices(prices: pl.DataFrame, ratio: Measure, tolerance: float, both: pl.DataFrame) -> list[Issue]:
    """Return the products whose implied price is too far from their own, the furthest first."""
    off = (
        both.join(prices, on="product")
        .filter((pl.col("price_e4") > 0) & (pl.col("amount_below") > 0))
        .with_columns(found=pl.col("amount") / pl.col("amount_below"), listed=pl.col("price_e4") / E4)
        .with_columns(off=(pl.col("found") / pl.col("listed") - 1).abs())
        .filter(pl.col("off") > tolerance)
        .sort("off", "product", descending=[True, False])
    )
    return [
        _issue("price_off", line["product"], "tolerance", more=max(off.height - _MOST_NAMED, 0) if first else 0,
               measure=ratio.name, found=f"{line['found']:,.2f}", listed=f"{line['listed']:,.2f}",
               tolerance=f"{tolerance:.3g}")
        for first, line in zip((True, *[False] * _MOST_NAMED), off.head(_MOST_NAMED).to_dicts(), strict=False)
    ]  # fmt: skip


def _check_floor(plan: Plan, ratio: Measure, category: str, floor: float, both: pl.DataFrame) -> list[Issue]:
    """Return a warning if a category with all below it stays below its floor."""
    tree = read_tree(plan, "category")
    keys = tree.subtree(category) if category in tree.keys else {category}
    products = scan(plan.tables, "members").filter(pl.col("dimension") == "product")
    own = products.filter(pl.col("category").is_in(sorted(keys))).select("key").collect()["key"]
    inside = both.filter(pl.col("product").is_in(own.implode()))
    above, below = float(inside["amount"].sum()), float(inside["amount_below"].sum())
    if not below or above / below >= floor:
        return []
    return [_issue("ratio_below_floor", category, "floors", measure=ratio.name, found=f"{above / below:.4g}",
                   floor=f"{floor:.4g}")]  # fmt: skip


def _issue(rule: str, value: str, column: str, *, more: int = 0, **details: str) -> Issue:
    return Issue(rule=rule, severity="warning", table="plan", column=column, value=value, more=more,
                 details=tuple(details.items()))  # fmt: skip
