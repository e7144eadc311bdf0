"""Bottom-up: what people propose for themselves, reconciled with their parent's total.

The parent's members get ``clip(p + λ / t, floor, cap)`` with one λ: the least sum of ``t · (x - p)²``, so the most
trusted move least. Who proposed nothing has the top-down share as proposal, with trust 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.ledger import LOCK, PROPOSAL, Split
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, Measure, PlanSettings
from quotum.engine.tables.schema import E4

USUAL_TRUST = 1.0
_LEAST_TRUST = 1e-6  # a trust of 0 would let one member take everything; so it nearly does

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody proposes in the whole plan, in smallest units."""

    line: int
    amount: float
    trust: float


def reconcile_split(
    company: Company,
    settings: PlanSettings,
    measure: Measure,
    step: AcrossStep,
    split: Split,
    layer: str,
    totals: Floats,
    people: list[str],
) -> tuple[Bools, list[Issue]]:
    """Move ``split.real`` of a layer towards the proposals; return which members were reconciled, and findings.

    ``totals`` and ``people`` are those of the parents: a customer's proposal counts below its own person (``people``
    are empty where parents are no persons). Parents of whom nobody proposed anything stay as they are.
    """
    wishes, issues = _read_wishes(company, settings, measure, step, layer)
    of_stretch: dict[tuple[str, str], _Wish] = {}
    if layer == "extra":
        of_stretch, found_issues = _read_wishes(company, settings, measure, step, "stretch")
        issues += found_issues
    moved = np.zeros(len(split.members), dtype=bool)
    proposals, trusts = np.full(len(moved), np.nan), np.full(len(moved), np.nan)
    owner = np.repeat(np.arange(len(totals)), np.diff(split.starts))
    places: dict[tuple[str, str], list[int]] = {}
    for i, (member, own) in enumerate(zip(split.members, split.own, strict=True)):
        if not own:
            person = member if step.across == "person" else people[owner[i]]
            places.setdefault((person, "" if step.across == "person" else member), []).append(i)
    for (person, customer), wish in {**of_stretch, **wishes}.items():
        found = places.get((person, customer)) or places.get(("", customer), [])
        if not found:
            issues.append(_issue("proposal_without_member", wish.line, customer or person, step=split.step))
            continue
        amount = wish.amount
        if (person, customer) not in wishes:  # of the stretch: extra is what commit leaves
            amount = max(amount - split.real["commit"][found].sum(), 0.0)
        top_down = split.real[layer][found]
        parts = top_down / top_down.sum() if top_down.sum() > 0 else np.full(len(found), 1 / len(found))
        proposals[found], trusts[found] = amount * parts, max(wish.trust, _LEAST_TRUST)
    split.proposals[layer] = proposals / 10**measure.decimals, trusts
    named = ~np.isnan(proposals)
    for p in np.unique(owner[named]).tolist():
        own_part = slice(int(split.starts[p]), int(split.starts[p + 1]))
        moved[own_part] = True
        _reconcile_parent(split, layer, own_part, float(totals[p]), proposals[own_part], trusts[own_part])
    return moved, issues


def _reconcile_parent(split: Split, layer: str, part: slice, total: float, proposals: Floats, trusts: Floats) -> None:
    """Give the members of one parent what comes closest to the proposals."""
    top_down = split.real[layer][part]
    named = ~np.isnan(proposals)
    floors = split.floors[layer][part] if len(split.floors[layer]) else np.zeros(len(top_down))
    caps = split.caps[layer][part] if len(split.caps[layer]) else np.full(len(top_down), np.inf)
    # Who proposed nothing and has no weight stays at the floor, as in a split from the top.
    caps = np.where(~named & (split.share[part] <= 0), np.minimum(caps, top_down), caps)
    wishes, weights = np.where(named, proposals, top_down), np.where(named, trusts, USUAL_TRUST)
    split.real[layer][part] = spread_to_total(total, wishes, weights, floors, caps)
    why = split.why[layer][part]
    why[named & (why != LOCK)] = PROPOSAL


def spread_to_total(total: float, wishes: Floats, trusts: Floats, floors: Floats, caps: Floats) -> Floats:
    """Return ``clip(wishes + λ / trusts, floors, caps)`` with the λ that makes it add up to ``total``.

    All (num_members,); trusts are above 0. Where the bounds do not let the total through, they win.
    """
    corners = np.concatenate([(floors - wishes) * trusts, (caps - wishes) * trusts])
    corners = np.unique(corners[np.isfinite(corners)])

    def at(scale: float) -> Floats:
        return np.clip(wishes + scale / trusts, floors, caps)

    low, high = 0, len(corners)  # the total lies between corners[low - 1] and corners[high]
    while low < high:
        middle = (low + high) // 2
        if at(float(corners[middle])).sum() < total:
            low = middle + 1
        else:
            high = middle
    below = float(corners[low - 1]) if low else float(corners[0]) if len(corners) else 0.0
    between = below + 1.0 if low == len(corners) else (below + float(corners[low])) / 2 if low else below - 1.0
    now = at(between)
    free = (now > floors) & (now < caps)
    pull = (1.0 / trusts[free]).sum()
    return at(between + (total - now.sum()) / pull) if pull > 0 else at(below)


def _read_wishes(
    company: Company, settings: PlanSettings, measure: Measure, step: AcrossStep, layer: str
) -> tuple[dict[tuple[str, str], _Wish], list[Issue]]:
    """Return the proposals of a layer by (person, customer); customer is empty in a step across people.

    The lines of one person (and customer) are summed up where their dates cover the plan without overlap; those that
    do not are told. A person with proposals for customers only has their sum.
    """
    lines = company["proposals"].with_row_index("line").filter(
        (pl.col("measure") == measure.name) & (pl.col("layer") == layer)
    ).with_columns(
        since=pl.max_horizontal(pl.col("since").fill_null(settings.since), pl.lit(settings.since)),
        until=pl.min_horizontal(pl.col("until").fill_null(settings.until), pl.lit(settings.until)),
        customer=pl.col("customer").fill_null(""),
    ).filter(pl.col("since") < pl.col("until")).sort("person", "customer", "since", "line")  # fmt: skip
    issues: list[Issue] = []
    single: dict[tuple[str, str], _Wish] = {}
    unit = 10.0**measure.decimals / E4
    for (person, customer), group in lines.group_by("person", "customer", maintain_order=True):
        first, key = int(group["line"][0]), (str(person), str(customer))
        if not _covers(group, settings.since, settings.until):
            if (customer != "") == (step.across == "customer"):
                issues.append(_issue("proposal_in_part", first, str(customer or person)))
            continue
        amounts, trusts = group["amount_e4"].to_numpy() * unit, group["trust"].fill_null(USUAL_TRUST).to_numpy()
        single[key] = _Wish(first, float(amounts.sum()), _mean(trusts, amounts))
    if step.across == "customer":
        return {key: wish for key, wish in single.items() if key[1]}, issues
    of_people = {key: wish for key, wish in single.items() if not key[1]}
    for person in dict.fromkeys(person for person, customer in single if customer):
        parts = [wish for (who, customer), wish in single.items() if who == person and customer]
        amounts = np.array([wish.amount for wish in parts])
        trust = _mean(np.array([wish.trust for wish in parts]), amounts)
        of_people.setdefault((person, ""), _Wish(parts[0].line, float(amounts.sum()), trust))
    return of_people, issues


def _mean(trusts: Floats, amounts: Floats) -> float:
    return float(np.average(trusts, weights=amounts if amounts.sum() > 0 else None))


def _covers(lines: pl.DataFrame, since: date, until: date) -> bool:
    """Tell whether the dates of sorted lines follow each other through the whole plan."""
    edges = [since, *lines["until"].to_list()]
    return edges[:-1] == lines["since"].to_list() and edges[-1] == until


def find_unused_proposals(company: Company, settings: PlanSettings) -> list[Issue]:
    """Tell which proposals no step reconciles: a note where none was asked to, else a warning for each measure.

    Those for a measure that follows another's money can never be. (``check_plan_measures`` tells of no target.)
    """
    lines = company["proposals"].with_row_index("line").group_by("measure").agg(pl.col("line").first(), pl.len())
    targets = {target.measure: target for target in settings.targets}
    steps = [step for step in settings.steps if isinstance(step, AcrossStep) and step.reconcile]
    issues, unused = [], 0
    for measure, line, count in lines.sort("line").iter_rows():
        if measure not in targets:
            continue
        if lead := targets[measure].follows:
            issues.append(_issue("proposals_of_follower", line, measure, follows=lead, lines=str(count)))
        elif not steps:
            unused += count
        elif not any(not step.measures or measure in step.measures for step in steps):
            issues.append(_issue("proposals_of_no_step", line, measure, lines=str(count)))
    if unused:
        issues.append(Issue(rule="proposals_not_used", severity="note", table="proposals", value=str(unused)))
    return issues


def _issue(rule: str, line: int, value: str, **details: str) -> Issue:
    column = "measure" if rule.startswith("proposals_") else "person"
    return Issue(rule=rule, severity="warning", table="proposals", line=line, column=column, value=value,
                 details=tuple(details.items()))  # fmt: skip
