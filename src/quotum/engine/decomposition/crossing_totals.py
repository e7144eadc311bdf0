"""Totals given in a second direction, at a split: a product that every person sells, a class below every unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from quotum.engine.basics.issues import Issue
from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.bounds import SplitClaim
from quotum.engine.decomposition.crossing import Bound, Cells, Claim, Crossing, cross_totals
from quotum.engine.decomposition.ledger import LOCK, Ledger, Split
from quotum.engine.tables.plan_settings import Measure

_MOST_NAMED = 5


def cross_members(
    ledger: Ledger,
    split: Split,
    layer: str,
    claims: Sequence[SplitClaim],
    weights: Floats,
    measure: Measure,
    ways: Sequence[str],
) -> list[Issue]:
    """Refit a split so that its parents keep their totals and members below several parents get theirs.

    The parents are made whole first, and the split's real shares are then whole as well. ``weights`` (num_members,)
    are the members' shares without the claims, ``ways`` names the parents.
    """
    ledger.make_whole()
    totals = ledger.amount(layer)[split.parents]
    num_members = len(split.members)
    rows = np.repeat(np.arange(len(totals)), np.diff(split.starts))
    floors, caps = split.floors[layer], split.caps[layer]
    cells = Cells(
        rows=rows,
        weights=weights,
        totals=totals,
        floors=floors if len(floors) else np.zeros(num_members),
        caps=caps if len(caps) else np.full(num_members, np.inf),
    )
    asked = [
        Claim(claim.found, int(claim.low), int(claim.high) if np.isfinite(claim.high) else None) for claim in claims
    ]
    crossing = cross_totals(cells, asked)
    names: dict[str, Callable[[int], str]] = {
        "row": lambda r: ways[r] or split.step,
        "claim": lambda k: f"{split.dimension}={claims[k].key}",
        "cell": lambda c: f"{ways[rows[c]]}, {split.dimension}={split.members[c]}".removeprefix(", "),
    }
    if not crossing.met:
        return [tell_conflict(crossing, layer, measure, names, [(c.table, c.line) for c in claims])]
    split.real[layer] = crossing.amounts.astype(np.float64)
    for claim in claims:
        if claim.kind == "lock":
            split.why[layer][claim.found] = LOCK
    return []


def tell_conflict(
    crossing: Crossing,
    layer: str,
    measure: Measure,
    names: dict[str, Callable[[int], str]],
    lines: Sequence[tuple[str, int]],
) -> Issue:
    """Name the totals that contradict each other: those that need more, those that leave no more, with figures.

    ``names`` gives the name of a row, claim or cell by its number, ``lines`` the table and line of each claim.
    """
    if crossing.crossed is not None:
        one, other = crossing.crossed
        (table, line), named = lines[one], (("layer", layer), ("other", names["claim"](other)))
        return Issue(rule="totals_cross", severity="conflict", table=table, line=line, column="key",
                     value=names["claim"](one), details=named)  # fmt: skip
    first = min(k for kind, k, _ in (*crossing.needed, *crossing.possible) if kind == "claim")
    details = (
        ("layer", layer),
        ("needed", _money(sum(amount for *_, amount in crossing.needed), measure)),
        ("needed_by", _list(crossing.needed, measure, names)),
        ("possible", _money(sum(amount for *_, amount in crossing.possible), measure)),
        ("possible_by", _list(crossing.possible, measure, names)),
    )
    return Issue(rule="totals_conflict", severity="conflict", table=lines[first][0], line=lines[first][1],
                 column="amount", value=names["claim"](first), details=details)  # fmt: skip


def _list(bounds: Sequence[Bound], measure: Measure, names: dict[str, Callable[[int], str]]) -> str:
    """Name the heaviest bounds with their amounts, and how many more there are."""
    heaviest = sorted((bound for bound in bounds if bound[2] > 0), key=lambda bound: -bound[2])
    named = [f"{names[kind](number)} ({_money(amount, measure)})" for kind, number, amount in heaviest[:_MOST_NAMED]]
    left = len(heaviest) - len(named)
    return ", ".join([*named, *([f"+{left}"] if left else [])])


def _money(amount: int, measure: Measure) -> str:
    return f"{amount / 10**measure.decimals:,.2f}" if measure.decimals else f"{amount:,}"
