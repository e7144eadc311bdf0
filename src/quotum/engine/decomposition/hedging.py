"""Hedge: a manager hands down more than the own number, so that the sum still holds when somebody fails.

A step with ``hedge = 1.05`` gives its members 5 % more than their parents have; the surplus is a layer of its own that
follows commit. From that step on it adds up like the others; above it there is none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor, prod

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.decomposition.ground import Longs
from quotum.engine.decomposition.ledger import Ledger
from quotum.engine.decomposition.order_steps import StepOrder
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR, AcrossStep, PlanSettings


def hedge_nodes(ledger: Ledger, steps: Sequence[AcrossStep]) -> Longs:
    """Return the hedge of every node in whole units, the target's 0 at position -1; commit has been made whole.

    The members of a step that hedges get ``factor × (commit + hedge)`` of their parents together, rounded half up; a
    tree's factor counts once, at its first level. Within a parent hedge is split like commit.
    """
    from quotum.engine.kernels.following import share_hedge

    factors = {step.name: Fraction(str(step.hedge)) for step in steps}
    commit = ledger.amount("commit")
    hedge = np.zeros(len(commit), dtype=np.int64)
    for split in ledger.splits:
        of_parent = commit[split.parents]
        totals = hedge[split.parents]
        factor = factors.pop(split.step, Fraction(1))
        if factor != 1:
            both = zip(of_parent.tolist(), totals.tolist(), strict=True)
            totals = np.array([floor(factor * (c + h) + Fraction(1, 2)) - c for c, h in both], dtype=np.int64)
        hedge[split.nodes] = share_hedge(split.starts, totals, split.amount["commit"], of_parent)
    return hedge


def hedging_steps(order: StepOrder) -> list[AcrossStep]:
    """Return the steps that hand down more than they got."""
    return [step for step in order.before if step.hedge != 1.0]


def check_hedges(settings: PlanSettings, order: StepOrder) -> list[Issue]:
    """Find hedges below the rows, and products of hedges above the plan's cap or beyond what can be counted."""
    issues = [
        Issue(rule="hedge_after_calendar", table="plan", column=step.name, value=f"{step.hedge:g}")
        for step in order.after
        if step.hedge != 1.0
    ]
    for target in settings.targets:
        steps = hedging_steps(order.of_measure(target.measure))
        product = prod((Fraction(str(step.hedge)) for step in steps), start=Fraction(1))
        named = ", ".join(f"{step.name} {step.hedge:g}" for step in steps)
        details = (("measure", target.measure), ("steps", named), ("cap", f"{settings.hedge_cap or 0:g}"))
        if settings.hedge_cap is not None and product > Fraction(str(settings.hedge_cap)):
            rule = "hedge_above_cap"
        elif product * target.commit_minor >= MAX_AMOUNT_MINOR:
            rule = "hedge_too_large"
        else:
            continue
        issues.append(Issue(rule=rule, severity="conflict", table="plan", column="hedge_cap",
                            value=f"{float(product):.4g}", details=details))  # fmt: skip
    return issues


def with_hedge(frame: pl.DataFrame, hedge: Longs | None) -> pl.DataFrame:
    """Return rows or members of a cut with their hedge as a further column, where the plan has any."""
    return frame if hedge is None else frame.with_columns(pl.Series("hedge", hedge, dtype=pl.Int64))
