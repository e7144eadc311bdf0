"""Planning the rest of a year anew: what was sold takes the place of what was planned, a policy makes the rest.

Nothing is split again. What was sold are known running totals, and bends of the rows carry them: the months behind get
what was sold, the months ahead what the policy says, everything in whole units, each with its reason in ``changes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.periods import cut_periods
from quotum.engine.curves.running_totals import due
from quotum.engine.revisions.actuals import Actuals, place_actuals
from quotum.engine.revisions.draft import Draft
from quotum.engine.revisions.following import follow_rows
from quotum.engine.revisions.handover import QUOTA, hand_over
from quotum.engine.revisions.handover_list import Passing, list_handovers, name_holdings
from quotum.engine.revisions.limits import tell_broken
from quotum.engine.revisions.rest import Months, groups_of, settle, share_nodes
from quotum.engine.revisions.row_changes import name_rows
from quotum.engine.revisions.selecting import read_holds
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import vacant
from quotum.engine.tables.plan_dimensions import read_tree
from quotum.engine.tables.plan_settings import LAYERS, Measure
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.replan_settings import KEEP_REST, KEEP_YEAR, OUTLOOK, ReplanSettings

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ACTUALS, SIBLINGS, HANDOVER = "actuals", "siblings", "handover"
"""Operations of ``changes`` besides the policies: months behind, what others take over, customers in other hands."""
OWED = {"customer": pl.String, "invoice": pl.String, "amount": pl.Int64}
"""Columns of what is open."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be planned anew.

    ``as_of`` is the last day whose sales count, ``holdings`` say who holds which customer now, ``owed`` what is open.
    ``credited`` and ``outlook`` are by measure: sales handed to their holders (see ``place_actuals``), and
    ``(dimension, node, month, mean_minor)``, what each month ahead brings, None where nobody looked.
    """

    as_of: date
    rules: ReplanSettings
    holdings: pl.DataFrame
    credited: Mapping[str, pl.DataFrame]
    outlook: Mapping[str, pl.DataFrame | None]
    owed: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OWED))


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one measure: lines of quotas, edges of the months behind and ahead, what was sold, who is held."""

    measure: Measure
    rows: pl.DataFrame
    past: list[date]
    ahead: list[date]
    actuals: Actuals
    policy: list[str]
    unit: Ints
    held: Mapping[str, Bools]


def replan(plan: Plan, company: Company, asked: Asked) -> tuple[Plan | None, list[Issue]]:
    """Return the plan whose months up to as_of are what was sold and whose rest follows the policy, or what forbids it.

    Every row, cut and target holds the new sums; ``changes`` and ``deltas`` tell how they came about. Under keep-year
    every row keeps its year where its months have room; others of the unit take the rest, then everybody.
    """
    issues = _check(plan, asked)
    if stops(issues):
        return None, issues
    draft = Draft.of(plan)
    quota: pl.DataFrame | None = None
    for target in plan.settings.targets:
        measure = plan.settings.measures[target.measure]
        if target.follows:
            continue
        if measure.kind == "level":
            issues.append(Issue(rule="replan_of_level", severity="note", table="plan", value=measure.name))
            continue
        draft, moved, found = _hand_over(draft, company, measure, asked)
        quota = moved if quota is None else quota
        issues += found
        part = _open(draft.plan, company, measure, asked)
        draft, found = _replan_measure(draft, part, asked)
        issues += _tell_actuals(part) + found
    if stops(issues):
        return None, issues
    below = [row for layer in LAYERS for row in draft.below_zero(layer, draft["deltas"]["row"])]
    unfollowed = draft
    draft, lost, unknown = follow_rows(unfollowed)
    if lost:  # customers cannot take along what is no longer there: their rows are split by share
        passed = unfollowed["changes"].filter(operation=HANDOVER)["change"]  # of earlier times too
        kept = ~pl.col("change").is_in(passed.implode()) | ~pl.col("row").is_in(lost)
        fewer = unfollowed.with_tables(member_deltas=unfollowed["member_deltas"].filter(kept))
        draft, lost, unknown = follow_rows(fewer)
    if below or lost:
        value = name_rows(draft, below or lost)
        issues.append(Issue(rule="row_below_zero" if below else "member_below_zero", severity="conflict",
                            table="changes", value=value))  # fmt: skip
    elif unknown:
        issues.append(Issue(rule="plan_damaged", table="plan", file="splits", value=name_rows(draft, unknown)))
    if stops(issues):
        return None, issues
    after = _keep_handovers(plan, draft.plan, company, asked, quota)
    return after, issues + tell_broken(plan, after) + _tell_vacant(after)


def _keep_handovers(
    before: Plan, after: Plan, company: Company, asked: Asked, quota: pl.DataFrame | None
) -> Plan:
    """Return the plan with who holds whom now, and the list of what passed since it was made last."""
    now = name_holdings(company, asked.holdings)
    known = before["holdings"] if "holdings" in before.tables else now
    passing = Passing(known, now, pl.DataFrame(schema=QUOTA) if quota is None else quota, asked.owed)
    told = list_handovers(company, before.settings, asked.as_of, passing)
    return replace(after, tables={**after.tables, "holdings": now, "handovers": told})


def _tell_vacant(plan: Plan) -> list[Issue]:
    """Tell customers and projects that pass to nobody."""
    lost = plan["handovers"].filter(pl.col("to").str.starts_with(vacant("")), pl.col("kind") != "appointment")
    if lost.is_empty():
        return []
    line = lost.row(0, named=True)
    details = (("kind", line["kind"]), ("person", line["person"]), ("since", str(line["since"])))
    return [Issue(rule="handover_to_nobody", severity="warning", table="ownership", value=line["key"],
                  details=details, more=lost.height - 1)]  # fmt: skip


def _check(plan: Plan, asked: Asked) -> list[Issue]:
    """Return what forbids planning anew at all."""
    settings = plan.settings
    if plan["splits"].is_empty() and plan.cuts:
        return [Issue(rule="plan_without_reasons", table="plan")]
    if "prices" not in plan.tables and any(target.follows for target in settings.targets):
        return [Issue(rule="plan_damaged", table="plan", file="prices")]
    if not settings.since <= asked.as_of < settings.until:
        details = (("since", str(settings.since)), ("until", str(settings.until)))
        return [Issue(rule="replan_outside", table="plan", value=str(asked.as_of), details=details)]
    known = read_tree(plan, "unit").keys
    return [Issue(rule="replan_unknown_unit", table="plan", column="replan.units", value=unit)
            for unit in asked.rules.units if unit not in known]  # fmt: skip


def _hand_over(
    draft: Draft, company: Company, measure: Measure, asked: Asked
) -> tuple[Draft, pl.DataFrame, list[Issue]]:
    """Return the draft in which customers are where they are now, and what they took along of the quotas."""
    found = hand_over(draft, company, asked.holdings, measure.name)
    draft = found.draft
    settings = draft.plan.settings
    for layer, deltas in found.deltas.items():
        if deltas.is_empty():
            continue
        amount = int(deltas["delta"].clip(0).sum())
        members = found.members.get(layer)
        draft = draft.add_deltas(layer, deltas)
        draft = draft if members is None else draft.add_member_deltas(layer, members)
        draft = draft.add_change(
            {"operation": HANDOVER, "measure": measure.name, "layer": layer, "under": "", "since": settings.since,
             "until": settings.until, "amount": amount, "before": 0, "after": amount, "absorb": "siblings",
             "shape": "replan", "owner": None, "reason": f"as of {asked.as_of}",
         "in_force": asked.as_of + timedelta(days=1)}
        )  # fmt: skip
    if not found.left_over:
        return draft, found.quota, []
    issue = Issue(rule="replan_not_handed", severity="warning", table="ownership", value=found.left_over[0],
                  details=(("measure", measure.name),), more=len(found.left_over) - 1)  # fmt: skip
    return draft, found.quota, [issue]


def _open(plan: Plan, company: Company, measure: Measure, asked: Asked) -> _Part:
    """Return what a measure's rows planned, sold and may do."""
    settings, cut = plan.settings, asked.as_of + timedelta(days=1)
    rows = plan["quotas"].filter(pl.col("measure") == measure.name)
    past = [settings.since, *(p.until for p in cut_periods(settings.since, cut, "month", settings.fiscal_start))]
    ahead = [cut, *(p.until for p in cut_periods(cut, settings.until, "month", settings.fiscal_start))]
    actuals = place_actuals(plan, company, measure, asked.credited[measure.name], past)
    at = np.flatnonzero((plan["quotas"]["measure"] == measure.name).to_numpy())
    held = {layer: np.zeros((len(rows), len(ahead) - 1), dtype=np.bool_) for layer in LAYERS}
    for hold in read_holds(plan, asked.as_of):
        months = np.array([a < hold.until and b > hold.since for a, b in pairwise(ahead)], dtype=np.bool_)
        for layer in hold.layers:
            if layer in held:
                held[layer] |= hold.mask[at][:, None] & months[None, :]
    policies = _policies(plan, rows, asked.rules)
    return _Part(measure, rows, past, ahead, actuals, policies, groups_of(rows["unit"].to_list()), held)


def _policies(plan: Plan, rows: pl.DataFrame, rules: ReplanSettings) -> list[str]:
    """Return the policy of each row: that of the nearest unit at or above its own, else the plan's."""
    tree = read_tree(plan, "unit")
    of_unit: dict[str | None, str] = {}
    for unit in rows["unit"].unique():
        at = tree.position(unit) if unit in tree.keys else -1
        while at >= 0 and tree.keys[at] not in rules.units:
            at = int(tree.parent[at])
        of_unit[unit] = rules.units[tree.keys[at]] if at >= 0 else rules.policy
    return [of_unit[unit] for unit in rows["unit"]]


def _replan_measure(draft: Draft, part: _Part, asked: Asked) -> tuple[Draft, list[Issue]]:
    """Return the draft in which the rows of a measure are planned anew, and what stands against it."""
    running = due(draft.plan, part.rows, [*part.past, *part.ahead[1:]], LAYERS)
    width = len(part.past) - 1
    planned = {layer: np.diff(running[layer], axis=1) for layer in LAYERS}
    sold = np.diff(part.actuals.running, axis=1)
    new: dict[str, list[Ints]] = {}
    issues: list[Issue] = []
    now = {layer: planned[layer][:, width:] for layer in LAYERS}
    year = {layer: planned[layer].sum(axis=1) for layer in LAYERS}
    gone = part.actuals.running[:, -1]
    policy = np.array(part.policy)
    keep = policy == KEEP_YEAR
    rules = asked.rules
    # What was sold counts for the commitment first; the stretch beyond it keeps its year as well.
    months = Months.of(now["commit"], rules.floor, rules.cap, part.held["commit"])
    pattern = _pattern(part, asked, now["commit"]) if rules.spread == "opportunity" else now["commit"]
    own, rest = now["commit"].copy(), now["commit"].copy()
    rows = np.flatnonzero(keep)
    if len(rows):
        of_rows = Months(months.amount[rows], months.low[rows], months.high[rows])
        settled = settle((year["commit"] - gone)[rows], of_rows, part.unit[rows], relieve=rules.surplus == "relieves")
        own[rows] = of_rows.share(settled.own, pattern[rows].astype(np.float64))
        rest[rows] = of_rows.share(settled.rest, pattern[rows].astype(np.float64))
        if settled.short:
            issues.append(_tell(part, "replan_no_room", settled.short, severity="conflict", level="commit"))
        if settled.over:
            issues.append(_tell(part, "replan_ahead", -settled.over, severity="note"))
    rows = np.flatnonzero(policy == OUTLOOK)
    if len(rows):
        own[rows] = rest[rows] = _meet_outlook(part, asked, rows, now["commit"][rows])
    new["commit"] = [own, rest]
    extra = now["extra"].copy()
    rows = np.flatnonzero(keep)
    if len(rows) and year["extra"].any():
        left = year["commit"] + year["extra"] - gone
        stretch = left - rest.sum(axis=1)
        if rules.surplus == "stays":  # who is ahead of the stretch by themselves keeps that; who helps others does not
            stretch -= np.minimum(left - own.sum(axis=1), 0)
        some = np.where(now["extra"][rows].any(axis=1, keepdims=True), now["extra"][rows], rest[rows])
        room = Months.of(some, 0.0, None, part.held["extra"][rows])
        settled = settle(stretch[rows], room, part.unit[rows], relieve=True)
        extra[rows] = room.share(settled.rest, some.astype(np.float64))
        if settled.short:
            issues.append(_tell(part, "replan_no_room", settled.short, severity="conflict", level="stretch"))
    new["extra"] = [extra]
    behind = {"commit": sold, "extra": np.zeros_like(sold)}
    for layer in LAYERS:
        draft = _bend(draft, part, layer, ACTUALS, behind[layer] - planned[layer][:, :width], part.past, asked)
        before = now[layer]
        for operation, after in zip(("", SIBLINGS), new[layer], strict=False):
            for name in sorted(set(part.policy)):
                delta = np.where((policy == name)[:, None], after - before, 0)
                draft = _bend(draft, part, layer, operation or name, delta, part.ahead, asked)
            before = after
    return draft, issues


def _pattern(part: _Part, asked: Asked, months: Ints) -> Ints:
    """Return the months ahead (num_rows, num_months) in the proportions in which the forecast sees the company's."""
    by_month = _look_ahead(part, asked, "company")
    line = np.array([by_month.get(("", day), 0) for day in part.ahead[:-1]], dtype=np.int64)
    return np.where(months > 0, line[None, :], 0) if line.any() else months


def _meet_outlook(part: _Part, asked: Asked, rows: Ints, months: Ints) -> Ints:
    """Return the months of some rows as the forecast of their person, else unit, else the company sees them."""
    lines = part.rows[rows]
    dimension = next((d for d in ("person", "unit") if lines[d].null_count() < len(lines)), "company")
    nodes = lines[dimension].to_list() if dimension != "company" else [""] * len(lines)
    known = _look_ahead(part, asked, dimension)
    has = {node for node, _ in known}
    names = sorted({node for node in nodes if node in has})
    new = months.copy()
    inside = np.array([k for k, node in enumerate(nodes) if node in has], dtype=np.int64)
    if len(inside):
        place = {node: at for at, node in enumerate(names)}
        totals = np.array([[known.get((node, day), 0) for day in part.ahead[:-1]] for node in names], dtype=np.int64)
        of_rows = np.array([place[nodes[k]] for k in inside.tolist()], dtype=np.int64)
        new[inside] = share_nodes(totals, of_rows, months[inside])
    return new


def _look_ahead(part: _Part, asked: Asked, dimension: str) -> dict[tuple[str, date], int]:
    """Return what each node of a dimension that has a history is expected to bring in each month ahead, 0 at least."""
    found = asked.outlook[part.measure.name]
    if found is None:
        return {}
    own = found.filter(pl.col("dimension") == dimension, pl.col("low_minor").is_not_null())
    return {(node, day): max(amount, 0) for node, day, amount in own.select("node", "month", "mean_minor").iter_rows()}


def _bend(
    draft: Draft, part: _Part, layer: str, operation: str, delta: Ints, edges: list[date], asked: Asked
) -> Draft:
    """Return the draft with a change more: what rows get more or less between edges, (num_rows, num_parts)."""
    if not delta.any():
        return draft
    line, month = np.nonzero(delta)
    first, last = pl.Series(edges[:-1], dtype=pl.Date), pl.Series(edges[1:], dtype=pl.Date)
    deltas = pl.DataFrame({
        "row": part.rows["row"].gather(line.tolist()), "since": first.gather(month.tolist()),
        "until": last.gather(month.tolist()), "delta": delta[line, month],
    })  # fmt: skip
    before = int((due(draft.plan, part.rows, [edges[0], edges[-1]], [layer])[layer] @ np.array([-1, 1])).sum())
    after = before + int(delta.sum())
    return draft.add_deltas(layer, deltas).add_change(
        {"operation": operation, "measure": part.measure.name, "layer": layer, "under": "", "since": edges[0],
         "until": edges[-1], "amount": after, "before": before, "after": after, "absorb": "parent", "shape": "replan",
         "owner": None, "reason": f"as of {asked.as_of}",
         "in_force": asked.as_of + timedelta(days=1)}
    )  # fmt: skip


def _tell_actuals(part: _Part) -> list[Issue]:
    """Return what was sold and has no place in a plan whose running totals never fall."""
    issues = []
    if part.actuals.moved:
        value = str(part.actuals.moved)
        issues.append(Issue(rule="replan_netted", severity="note", table="sales", value=value,
                            details=(("measure", part.measure.name),)))  # fmt: skip
    if part.actuals.below.any():
        issues.append(_tell(part, "replan_below_zero", -int(part.actuals.below.sum()), severity="warning"))
    if part.actuals.outside:
        issues.append(_tell(part, "replan_not_in_plan", part.actuals.outside, severity="warning"))
    return issues


def _tell(part: _Part, rule: str, amount: int, *, severity: str, level: str = "") -> Issue:
    whole = f"{amount / 10**part.measure.decimals:,.{part.measure.decimals}f}"
    details = (("amount", whole), ("kept", KEEP_REST), *([("level", level)] if level else []))
    return Issue(rule=rule, severity=severity, table="plan", value=part.measure.name, details=details)  # type: ignore[arg-type]
