"""A measure that follows another through prices: pieces are counted at product leaves, and summed up from there.

Money is split once; each product's pieces are its money over its price, in whole pieces by largest remainder within its
parent. Everything above, up to the target, is their sum: the two can never tell different stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.decomposition.ground import Longs
from quotum.engine.decomposition.ledger import FREE, Ledger, Split
from quotum.engine.decomposition.order_steps import StepOrder
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LAYERS, AcrossStep, Measure, PlanSettings, Target
from quotum.engine.tables.schema import E4


def find_leaves(order: StepOrder) -> AcrossStep | None:
    """Return the step across products at which pieces are counted: the rows' own, or a cut of the rows."""
    if order.before and order.before[-1].across == "product":
        return order.before[-1]
    return next((step for step in order.after if step.across == "product" and step.of == order.along.name), None)


def follow_prices(
    company: Company, lead: Ledger, order: StepOrder, leaves: AcrossStep, target: Target, measures: dict[str, Measure]
) -> tuple[Ledger, list[Issue]]:
    """Return the ledger of the following measure over the nodes of the lead's, and products without a price.

    The splits above the rows and the one across products are there with amounts in pieces; the target is their sum.
    """
    from quotum.engine.kernels.following import count_pieces

    steps = {step.name for step in (*order.before, leaves)}
    kept = [split for split in lead.splits if split.step in steps]
    money, pieces = measures[target.follows], measures[target.measure]
    amounts = {layer: np.zeros(lead.size + 1, dtype=np.int64) for layer in LAYERS}
    unpriced: set[str] = set()
    for split in kept:
        if split.step != leaves.name or split.dimension != "product":
            continue
        price = _read_prices(company, split)
        unpriced |= {str(split.members[int(i)]) for i in np.flatnonzero((price <= 0) & (split.amount["commit"] > 0))}
        for layer in LAYERS:
            amounts[layer][split.nodes] = count_pieces(
                split.starts, split.amount[layer], price, money.decimals, pieces.decimals
            )
    for split in reversed(kept):
        for layer in LAYERS:
            np.add.at(amounts[layer], split.parent_of_member, amounts[layer][split.nodes])
    commit, extra = (int(amounts[layer][-1]) for layer in LAYERS)
    ledger = Ledger(replace(target, commit_minor=commit, stretch_minor=commit + extra))
    ledger.follow([_count(split, amounts, money) for split in kept], amounts)
    if not unpriced:
        return ledger, []
    details = (("products", str(len(unpriced))), ("follows", target.follows))
    return ledger, [Issue(rule="price_missing", severity="warning", table="products", column="price",
                          value=min(unpriced), details=details)]  # fmt: skip


def follow_anchors(targets: Sequence[Target], quotas: pl.DataFrame, anchors: pl.DataFrame) -> pl.DataFrame:
    """Return the anchors with those that the rows of following measures take over from the money's, in proportion.

    Both measures have the same rows in the same order. A row with anchors of its own keeps those.
    """
    frames = [anchors]
    own = anchors.select("row", "layer").unique()
    for target in targets:
        if not target.follows:
            continue
        rows, lead = (
            quotas.filter(pl.col("measure") == name).sort("row").select("row", *LAYERS)
            for name in (target.measure, target.follows)
        )
        for layer in LAYERS:
            pairs = lead.select("row", money=layer).with_columns(follower=rows["row"], pieces=rows[layer])
            due = pl.col("amount").cast(pl.Int128) * pl.col("pieces") // pl.max_horizontal(pl.col("money"), pl.lit(1))
            frames.append(
                anchors.filter(pl.col("layer") == layer)
                .join(pairs, on="row")
                .with_columns(row=pl.col("follower"), amount=due.cast(pl.Int64))
                .join(own, on=["row", "layer"], how="anti")
                .select(anchors.columns)
            )
    return pl.concat(frames).sort("row", "layer", "date")


def check_follows(targets: Sequence[Target], order: StepOrder) -> list[Issue]:
    """Find measures that follow another without a step across products to follow at."""
    return [
        Issue(rule="follows_without_products", table="plan", column="follows", value=target.measure,
              details=(("follows", target.follows),))
        for target in targets
        if target.follows and find_leaves(order.of_measure(target.follows)) is None
    ]  # fmt: skip


def list_prices(company: Company, settings: PlanSettings) -> pl.DataFrame | None:
    """Return ``product, price_e4`` of a plan that counts with prices, so that revisions count with the same ones."""
    checked = any(measure.tolerance is not None or measure.floors for measure in settings.measures.values())
    if not checked and not any(target.follows for target in settings.targets):
        return None
    return company["products"].select("product", "price_e4").sort("product")


def _read_prices(company: Company, split: Split) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the price of each member in major units, 0 for none, (num_members,)."""
    prices = company["products"].select(member="product", price=pl.col("price_e4") / E4)
    found = split.members.alias("member").to_frame().join(prices, on="member", how="left", maintain_order="left")
    return np.asarray(found["price"].fill_null(0.0).to_numpy(), dtype=np.float64)


def _count(split: Split, amounts: dict[str, Longs], money: Measure) -> Split:
    """Return a split of the lead with amounts in pieces; the weights are the money they come from."""
    mine = {layer: amounts[layer][split.nodes] for layer in LAYERS}
    nothing, num_members = np.empty(0), len(split.members)
    whole = np.add.reduceat(mine["commit"], split.starts[:-1])
    share = mine["commit"] / np.maximum(np.repeat(whole, np.diff(split.starts)), 1)
    return replace(
        split,
        weights={"money": split.amount["commit"] / 10**money.decimals},
        share=share,
        floors=dict.fromkeys(LAYERS, nothing),
        caps=dict.fromkeys(LAYERS, nothing),
        real={layer: mine[layer].astype(np.float64) for layer in LAYERS},
        why={layer: np.full(num_members, FREE, dtype=np.int8) for layer in LAYERS},
        amount=mine,
        proposals={},
    )
