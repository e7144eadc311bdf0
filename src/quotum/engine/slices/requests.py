"""What somebody wants to see of a plan, and what is wrong with the question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.basics.periods import GRAINS, Period, cut_periods
from quotum.engine.slices.dimensions import Place, Wanted, carriers, cut_dimensions, places, read_tree, row_dimensions
from quotum.engine.tables.plan_settings import LAYERS, LEVELS, Measure, PlanSettings
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS, TREES


@dataclass(frozen=True, slots=True)
class Request:
    """A question to a plan. ``by``: dimensions, trees also as ``unit@1`` (the ancestor at depth 1, the top is 0).

    ``under``: (dimension, key) pairs, several of one dimension mean any of them; keys of trees include what is below.
    No grain: one period. No measure: the first target. Dates are half open; None is the plan's own.
    """

    by: tuple[str, ...] = ("unit",)
    grain: str | None = None
    measure: str | None = None
    level: str = "commit"
    under: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A request that has passed its rules: all that slicing needs to know."""

    by: tuple[Wanted, ...]
    measure: Measure
    level: str
    layers: tuple[str, ...]
    periods: tuple[Period, ...]
    under: Mapping[Wanted, Collection[str]]
    place: Place
    quotas: pl.DataFrame  # the rows of the measure

    @property
    def boundaries(self) -> list[date]:
        """The dates at which running totals are needed."""
        return [period.since for period in self.periods] + [period.until for period in self.periods[-1:]]


def planned_measures(settings: PlanSettings) -> dict[str, Measure]:
    """Return the measures a plan can show: its targets, and the ratios whose parts are among them."""
    targets = {target.measure: settings.measures[target.measure] for target in settings.targets}
    ratios = {
        name: measure
        for name, measure in settings.measures.items()
        if measure.kind == "ratio" and measure.numerator in targets and measure.denominator in targets
    }
    return {**targets, **ratios}


def check_request(plan: Plan, request: Request) -> tuple[Question | None, list[Issue]]:
    """Return the question a request asks, or none and all that is wrong with it; clipped dates are a warning."""
    measures = planned_measures(plan.settings)
    name = request.measure or next(iter(measures))
    issues = [
        *_unknown("unknown_measure", name, measures),
        *_unknown("unknown_level", request.level, LEVELS),
        *(_unknown("unknown_grain", request.grain, GRAINS) if request.grain is not None else []),
    ]
    by, found = _read_dimensions(request.by)
    under, more = _read_dimensions(dimension for dimension, _ in request.under)
    since, until, clipped = _clip(plan.settings, request.since, request.until)
    issues += [*found, *more, *clipped]
    if any(issue.severity == "error" for issue in issues):
        return None, issues
    measure = measures[name]
    first = measure.numerator if measure.kind == "ratio" else name
    quotas = scan(plan.tables, "quotas").filter(pl.col("measure") == first).collect()
    place, unplaced = _place(plan, quotas, [*by, *under])
    issues += unplaced
    if place is None:
        return None, issues
    keys = _read_keys(plan, request.under, issues)
    if any(issue.severity == "error" for issue in issues):
        return None, issues
    layers = LAYERS if request.level == "stretch" else LAYERS[:1]
    periods = tuple(cut_periods(since, until, request.grain, plan.settings.fiscal_start))
    return Question(tuple(by), measure, request.level, layers, periods, keys, place, quotas), issues


def _unknown(rule: str, value: str, known: Iterable[str]) -> list[Issue]:
    names = list(known)
    if value in names:
        return []
    return [Issue(rule=rule, value=value, details=(("known", ", ".join(names)), ("nearest", nearest(value, names))))]


def _read_dimensions(texts: Iterable[str]) -> tuple[list[Wanted], list[Issue]]:
    """Read ``unit``, ``unit@1``: each once, in the order asked for."""
    wanted, issues = [], []
    for text in dict.fromkeys(texts):
        dimension, at, depth = text.partition("@")
        unknown = _unknown("unknown_dimension", dimension, DIMENSIONS)
        if not unknown and at and (dimension not in TREES or not depth.isdecimal()):
            unknown = [Issue(rule="no_tree", value=text, details=(("trees", ", ".join(TREES)),))]
        issues += unknown
        wanted.append(Wanted(text, dimension, int(depth) if at and depth.isdecimal() else None))
    return wanted, issues


def _clip(settings: PlanSettings, since: date | None, until: date | None) -> tuple[date, date, list[Issue]]:
    """Return the asked span within the plan."""
    low, high = since or settings.since, until or settings.until
    asked = f"{low}/{high}"
    if since and until and since >= until:
        return low, high, [Issue(rule="dates_reversed", value=asked)]
    clipped = max(low, settings.since), min(high, settings.until)
    if clipped == (low, high):
        return low, high, []
    details = (("since", str(settings.since)), ("until", str(settings.until)))
    return *clipped, [Issue(rule="dates_clipped", severity="warning", value=asked, details=details)]


def _place(plan: Plan, quotas: pl.DataFrame, wanted: Sequence[Wanted]) -> tuple[Place | None, list[Issue]]:
    rows, cuts = row_dimensions(quotas), {step: cut_dimensions(plan, step) for step in plan.cuts}
    place = places(wanted, rows, cuts)
    if place is not None:
        return place, []
    shown = [d for d in DIMENSIONS if places([Wanted(d, d)], rows, cuts)]
    absent = dict.fromkeys(want.dimension for want in wanted if want.dimension not in shown)
    if absent:
        return None, [Issue(rule="not_in_plan", value=d, details=(("known", ", ".join(shown)),)) for d in absent]
    apart = dict.fromkeys(want.dimension for want in wanted if not any(c in rows for c in carriers(want.dimension)))
    together = [", ".join(columns) for columns in cuts.values()]
    details = (("rows", ", ".join(d for d in DIMENSIONS if d in rows)), ("together", "; ".join(together)))
    return None, [Issue(rule="side_by_side", value=", ".join(apart), details=details)]


def _read_keys(plan: Plan, under: Iterable[tuple[str, str]], issues: list[Issue]) -> dict[Wanted, set[str]]:
    """Return, by dimension, the keys that pass; keys nobody knows are added to ``issues``."""
    keys: dict[Wanted, set[str]] = {}
    for text, key in under:
        dimension, _, depth = text.partition("@")
        if not _is_member(plan, dimension, key):
            issues += _unknown_key(plan, dimension, key)
        elif dimension in TREES and not depth:
            tree = read_tree(plan, dimension)
            below = tree.subtree(key) if key in tree.keys else {key}
            keys.setdefault(Wanted(text, dimension), set()).update(below)
        else:
            keys.setdefault(Wanted(text, dimension, int(depth) if depth else None), set()).add(key)
    return keys


def _is_member(plan: Plan, dimension: str, key: str) -> bool:
    """Tell whether a key is anywhere in the plan: a member, what members say of each other, or a reserved member."""
    members = scan(plan.tables, "members")
    queries = [members.filter(pl.col("dimension") == dimension, pl.col("key") == key)]
    if dimension in members.collect_schema():
        queries.append(members.filter(pl.col(dimension) == key))
    queries.append(scan(plan.tables, "quotas").filter(pl.col(dimension) == key))
    queries += [
        scan(plan.cuts, step).filter(pl.col(dimension) == key)
        for step in plan.cuts
        if dimension in cut_dimensions(plan, step)
    ]
    return any(query.select(pl.len()).collect().item() for query in queries)


def _unknown_key(plan: Plan, dimension: str, key: str) -> list[Issue]:
    known = scan(plan.tables, "members").filter(pl.col("dimension") == dimension).select("key", "name").collect()
    by_name = known.filter(pl.col("name") == key)["key"].to_list()
    found = by_name[0] if by_name else nearest(key, known["key"].to_list())
    return [Issue(rule="unknown_key", column=dimension, value=key, details=(("nearest", found),))]
