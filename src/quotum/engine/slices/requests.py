"""What somebody wants to see of a plan, and what is wrong with the question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import GRAINS, Period, cut_periods
from quotum.engine.tables.plan_dimensions import (
    Place,
    Wanted,
    carriers,
    cut_dimensions,
    places,
    row_dimensions,
)
from quotum.engine.tables.plan_keys import read_dimensions, read_keys, tell_unknown
from quotum.engine.tables.plan_settings import (
    HEDGE,
    HEDGED,
    LAYERS,
    LEVELS,
    AcrossStep,
    AlongStep,
    Measure,
    PlanSettings,
)
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS


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
        *tell_unknown("unknown_measure", name, measures),
        *_check_level(plan, request, name),
        *(tell_unknown("unknown_grain", request.grain, GRAINS) if request.grain is not None else []),
    ]
    by, found = read_dimensions(request.by)
    under, more = read_dimensions(dimension for dimension, _ in request.under)
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
    keys = read_keys(plan, request.under, issues)
    if any(issue.severity == "error" for issue in issues):
        return None, issues
    layers = {"stretch": LAYERS, HEDGED: (LAYERS[0], HEDGE)}.get(request.level, LAYERS[:1])
    periods = tuple(cut_periods(since, until, request.grain, plan.settings.fiscal_start))
    return Question(tuple(by), measure, request.level, layers, periods, keys, place, quotas), issues


def _check_level(plan: Plan, request: Request, measure: str) -> list[Issue]:
    """Find a level that nobody knows, and a hedge that is not there or not for those who ask."""
    if request.level != HEDGED:
        return tell_unknown("unknown_level", request.level, LEVELS)
    steps = plan.settings.steps
    along = next((i for i, step in enumerate(steps) if isinstance(step, AlongStep)), len(steps))
    before = [step for step in steps[:along] if isinstance(step, AcrossStep)]
    first = next((i for i, step in enumerate(before) if step.hedge != 1.0), None)
    if first is None:
        return [Issue(rule="no_hedge", value=measure)]
    above = [step.across for step in before[:first]]
    below = [(text, key) for text, key in request.under if text.partition("@")[0] not in above]
    return [
        Issue(rule="hedge_hidden", column=text, value=key,
              details=(("step", before[first].name), ("known", ", ".join(above))))
        for text, key in below
    ]  # fmt: skip


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
