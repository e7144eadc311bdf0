"""Why a number is what it is: a ledger of whole numbers from the target down, read from the plan's own splits.

Every step's lines start from what the parent got and add up exactly to what the member got: each basis's part, what
bounds added or took (its own or its neighbours'), and the rounding to whole units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import accumulate

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.slices.requests import Request, check_request
from quotum.engine.slices.slicing import cut_slice, pick_rows
from quotum.engine.tables.plan_keys import tell_unknown
from quotum.engine.tables.plan_settings import (
    HEDGE,
    HEDGED,
    LAYERS,
    LEVELS,
    AcrossStep,
    PlanSettings,
    Target,
    list_hedges,
)
from quotum.engine.tables.plan_tables import Plan, revision_table, scan

_OF_PROPOSALS = ("weight_proposal", "weight_trust")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line: ``what`` is basis, proposals, prices, bounds, rounding, hedge, revisions or other_dates.

    Weights are raw, in the basis' own unit. Of proposals ``weight`` is the member's own in major units and ``part`` its
    trust, 0 where it has none.
    """

    what: str
    amount_minor: int
    basis: str = ""
    part: float = 0.0  # of the mix
    weight: float = 0.0
    weight_of_all: float = 0.0


@dataclass(frozen=True, slots=True)
class LedgerStep:
    """One split on the way down: what the parent had, what the member got of it, and the lines between."""

    step: str
    dimension: str
    member: str
    layer: str
    parent_minor: int
    amount_minor: int
    share: float
    floor: float | None
    cap: float | None
    why: str
    num_members: int
    lines: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The ways from the target to a number; ``amount_minor`` is the sum of their ends, in the dates asked for."""

    measure: str
    level: str
    decimals: int
    since: date
    until: date
    target_minor: Mapping[str, int]  # by layer
    ways: tuple[tuple[LedgerStep, ...], ...]
    dates: LedgerLine | None  # what is due outside of the dates asked for, negative
    amount_minor: int
    revisions: tuple[LedgerLine, ...] = ()  # what changes of the plan added since; `basis` is the change
    hedges: tuple[LedgerLine, ...] = ()  # what each hedging step below hands down on top; `basis` is the step


def explain_number(
    plan: Plan,
    keys: Sequence[tuple[str, str]],
    *,
    measure: str | None = None,
    level: str = "commit",
    since: date | None = None,
    until: date | None = None,
) -> tuple[Explanation | None, list[Issue]]:
    """Return why the member named by ``keys`` ((dimension, key), from the top down) has its number.

    The number is that of ``cut_slice`` for the same keys and dates: the ledger is checked against it. Unknown keys,
    measures or levels, and dimensions the plan does not join, are issues.
    """
    if level not in (*LEVELS, HEDGED):
        return None, tell_unknown("unknown_level", level, LEVELS)
    request = Request(by=(), measure=measure, level=level, under=tuple(keys), since=since, until=until)
    frame, issues = cut_slice(plan, request)
    if any(issue.severity == "error" for issue in issues):
        return None, issues
    name = measure or plan.settings.targets[0].measure
    layers = LAYERS if level == "stretch" else LAYERS[:1]
    nodes = _find_nodes(plan, name, keys)
    if not nodes:
        dimension, key = keys[-1]
        known = plan["members"].filter(pl.col("dimension") == dimension)["key"].to_list()
        issue = Issue(
            rule="nothing_to_explain", column=dimension, value=key, details=(("nearest", nearest(key, known)),)
        )
        return None, [*issues, issue]
    splits = scan(plan.tables, "splits").filter(pl.col("measure") == name)
    ways = tuple(way for layer in layers for way in _walk_up(plan.settings, splits, nodes, layer))
    whole = sum(way[-1].amount_minor for way in ways)
    amount = int(frame["amount"].sum()) if frame.height else 0
    hedges = _explain_hedge(plan, request, whole) if level == HEDGED else ()
    whole += sum(line.amount_minor for line in hedges)
    revised = explain_revisions(plan, replace(request, since=None, until=None), whole)
    whole += sum(line.amount_minor for line in revised)
    whole_plan = (since is None or since <= plan.settings.since) and (until is None or until >= plan.settings.until)
    dates = None if whole_plan else LedgerLine("other_dates", amount - whole)
    target = next(t for t in plan.settings.targets if t.measure == name)
    return (
        Explanation(
            name,
            level,
            plan.settings.measures[name].decimals,
            since or plan.settings.since,
            until or plan.settings.until,
            before_revisions(plan, target),
            ways,
            dates,
            amount,
            revised,
            hedges,
        ),
        issues,
    )


def _explain_hedge(plan: Plan, request: Request, commit_minor: int) -> tuple[LedgerLine, ...]:
    """Return what each hedging step below a place handed down on top of its commit, before any revision.

    The hedge is hidden at and below the step that hedges, so all of it lies below.
    """
    question, _ = check_request(plan, request)
    if question is None:
        return ()
    rows = pick_rows(plan, question)
    deltas = revision_table(plan, "deltas").filter(
        pl.col("layer") == HEDGE, pl.col("row").is_in(rows["row"].implode())
    )  # fmt: skip
    hedge = int(rows[HEDGE].sum()) - int(deltas["delta"].sum())
    factor, handed, lines = Fraction(1), 0, []
    steps = list_hedges(plan.settings, question.measure.name)
    for step in steps:
        factor *= Fraction(str(step.hedge))
        so_far = hedge if step is steps[-1] else round(commit_minor * (factor - 1))
        lines.append(LedgerLine("hedge", so_far - handed, step.name, step.hedge))
        handed = so_far
    return tuple(lines)


def before_revisions(plan: Plan, target: Target) -> dict[str, int]:
    """Return a measure's totals by layer as they were split, before any revision."""
    rows = plan["quotas"].select("row", "measure")
    deltas = revision_table(plan, "deltas").join(rows, on="row").filter(pl.col("measure") == target.measure)
    since = dict(deltas.group_by("layer").agg(pl.col("delta").sum()).iter_rows())
    return {"commit": target.commit_minor - since.get("commit", 0), "extra": target.extra_minor - since.get("extra", 0)}


def explain_revisions(plan: Plan, request: Request, split_minor: int) -> tuple[LedgerLine, ...]:
    """Return what revisions added to a number that was split as ``split_minor``: a line a change where rows tell it.

    Members of cuts follow their row and each other, so theirs is one line.
    """
    changes = revision_table(plan, "changes")
    if changes.is_empty():
        return ()
    frame, _ = cut_slice(plan, request)
    added = (int(frame["amount"].sum()) if frame.height else 0) - split_minor
    question, _ = check_request(plan, request)
    if question is not None and question.place.step is None:
        rows = pick_rows(plan, question)["row"]
        deltas = revision_table(plan, "deltas").filter(
            pl.col("row").is_in(rows.implode()) & pl.col("layer").is_in(question.layers)
        )
        sums = deltas.group_by("change").agg(pl.col("delta").sum()).join(changes, on="change").sort("change")
        lines = [
            LedgerLine("revisions", line["delta"], ", ".join(
                text for text in (line["operation"], line["under"], line["owner"], line["reason"]) if text
            ))
            for line in sums.iter_rows(named=True)
        ]  # fmt: skip
        if sum(line.amount_minor for line in lines) == added:
            return tuple(lines)
    return (LedgerLine("revisions", added),) if added else ()


def _find_nodes(plan: Plan, measure: str, keys: Sequence[tuple[str, str]]) -> list[int]:
    """Return the nodes of the last key that lie below members of all keys before it."""
    found: list[int] | None = None
    for dimension, key in keys:
        own = (
            scan(plan.tables, "splits")
            .filter(
                (pl.col("measure") == measure)
                & (pl.col("dimension") == dimension)
                & (pl.col("member") == key)
                & (pl.col("layer") == "commit")
            )
            .select("node", "parent")
            .collect()
        )
        # A place of a tree stands there twice when it has a part of its own: the upper one holds both.
        own = own.filter(~pl.col("parent").is_in(own["node"].implode()))
        if found is not None:
            own = _below(plan, own, set(found))
        found = own["node"].sort().to_list()
    return found or []


def _below(plan: Plan, nodes: pl.DataFrame, above: set[int]) -> pl.DataFrame:
    """Return the nodes that lie below one of ``above``."""
    at = nodes.with_columns(at=pl.col("parent"))
    kept = []
    while at.height:
        inside = pl.col("at").is_in(list(above))
        kept.append(at.filter(inside))
        at = at.filter(~inside & (pl.col("at") >= 0))
        wanted = at["at"].unique()
        parents = (
            scan(plan.tables, "splits")
            .filter(pl.col("node").is_in(wanted.implode()) & (pl.col("layer") == "commit"))
            .select(at="node", up="parent")
            .collect()
        )
        at = at.join(parents, on="at", how="left").with_columns(at=pl.col("up")).drop("up")
    return pl.concat(kept) if kept else nodes.clear()


def _walk_up(
    settings: PlanSettings, splits: pl.LazyFrame, nodes: Sequence[int], layer: str
) -> list[tuple[LedgerStep, ...]]:
    """Return, for each node, the steps from the target down to it."""
    lines: dict[int, dict[str, object]] = {}
    wanted = set(nodes)
    while wanted:
        found = splits.filter((pl.col("layer") == layer) & pl.col("node").is_in(sorted(wanted))).collect()
        lines.update({int(line["node"]): line for line in found.iter_rows(named=True)})
        wanted = {int(p) for p in found["parent"] if p >= 0} - set(lines)
    if not lines:
        return []
    columns = splits.collect_schema().names()
    weights = [name for name in columns if name.startswith("weight_") and name not in _OF_PROPOSALS]
    proposals = pl.col("weight_proposal").count() if "weight_proposal" in columns else pl.lit(0)
    parents = sorted({int(str(line["parent"])) for line in lines.values()})
    sums = (
        splits.filter((pl.col("layer") == layer) & pl.col("parent").is_in(parents))
        .group_by("step", "dimension", "parent")
        .agg(
            *(pl.col(name).sort().sum() for name in weights),
            pl.len().alias("members"),
            pl.col("amount").sum(),
            proposals.alias("proposals"),
        )
        .collect()
    )
    siblings = {(line["step"], line["dimension"], int(line["parent"])): line for line in sums.iter_rows(named=True)}
    ways = []
    for node in nodes:
        way: list[LedgerStep] = []
        at = node
        while at >= 0 and at in lines:
            line = lines[at]
            all_ = siblings[line["step"], line["dimension"], int(str(line["parent"]))]
            way.insert(0, _open_step(settings, line, all_, weights))
            at = int(str(line["parent"]))
        ways.append(tuple(way))
    return ways


def _open_step(
    settings: PlanSettings, line: Mapping[str, object], siblings: Mapping[str, object], weights: Sequence[str]
) -> LedgerStep:
    """Return one step with its lines: running sums of real parts, each rounded, so that the lines add up exactly."""

    def number(values: Mapping[str, object], name: str) -> float:
        return float(str(values[name] or 0))

    parent, amount = int(str(siblings["amount"])), int(str(line["amount"]))
    mix = _mix_of(settings, str(line["step"]))
    used = [name for name in weights if number(siblings, name) > 0]
    listed = (
        [name for name in used if name.removeprefix("weight_") in mix] if str(line["dimension"]) != "window" else []
    )
    used = listed or used
    parts = [mix.get(name.removeprefix("weight_"), 1.0) if listed else 1.0 for name in used]
    total = sum(parts)
    shares = [
        part / total * number(line, name) / number(siblings, name) for part, name in zip(parts, used, strict=True)
    ]
    steps = [0, *(round(parent * share) for share in accumulate(shares)), round(number(line, "real"))]
    lines = [
        LedgerLine(
            "basis",
            steps[i + 1] - steps[i],
            name.removeprefix("weight_"),
            part / total,
            number(line, name),
            number(siblings, name),
        )
        for i, (name, part) in enumerate(zip(used, parts, strict=True))
    ]
    bounds, rounding = steps[-1] - steps[-2], amount - steps[-1]
    bounded = line["why"] in ("floor", "cap", "lock") or abs(bounds) > 1
    if siblings["proposals"] and bounds:
        bounded = True
        own = (number(line, name) for name in _OF_PROPOSALS)
        lines.append(LedgerLine("proposals", bounds, "proposal", *reversed(tuple(own))))
    elif bounds and str(line["measure"]) in {t.measure for t in settings.targets if t.follows}:
        bounded = True
        lines.append(LedgerLine("prices", bounds))
    elif bounded and bounds:
        lines.append(LedgerLine("bounds", bounds))
    if rounding + (0 if bounded else bounds):
        lines.append(LedgerLine("rounding", rounding + (0 if bounded else bounds)))
    return LedgerStep(
        str(line["step"]),
        str(line["dimension"]),
        str(line["member"]),
        str(line["layer"]),
        parent,
        amount,
        number(line, "share"),
        _maybe(line["floor"]),
        _maybe(line["cap"]),
        str(line["why"]),
        int(str(siblings["members"])),
        tuple(lines),
    )


def _maybe(value: object) -> float | None:
    return None if value is None else float(str(value))


def _mix_of(settings: PlanSettings, step: str) -> dict[str, float]:
    """Return the step's mix of bases; a plan without written steps split by history."""
    for known in settings.steps:
        if isinstance(known, AcrossStep) and known.name == step:
            return dict(known.basis)
    return {"history": 1.0}
