"""What somebody wants changed, and which part of the plan that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.plan_dimensions import Place, Wanted, cut_dimensions, places, row_dimensions
from quotum.engine.tables.plan_keys import read_dimensions, read_keys, tell_unknown
from quotum.engine.tables.plan_settings import HEDGE, LAYERS, Measure
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import TREES

AMOUNTS = ("set", "add", "scale")
SHAPES = ("copy", "spread")
HOLDS = ("hold", "release")
OPERATIONS = (*AMOUNTS, *SHAPES, *HOLDS)
ABSORBERS = ("parent", "siblings", "time")
BASES = ("equal", "last_year", "shares", "working_days")
OWN = ":own"
"""Behind the key of a tree: its own part alone, without what lies below."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it was asked for. ``under``: (dimension, key) pairs, the last one is the node that is changed.

    ``amount_minor``: what ``set`` sets and ``add`` adds; for shapes the new total, None: it stays. ``factor`` is that
    of ``scale``. ``source``: pairs of the slice whose shape is copied, empty: the same slice; with ``last_year`` what
    that slice did a year earlier. ``over``: a shape runs over ``members`` or over ``time`` (months). ``line`` and
    ``file`` say where it stands.
    """

    operation: str
    under: Pairs = ()
    measure: str = ""
    layer: str = ""
    since: date | None = None
    until: date | None = None
    amount_minor: int | None = None
    factor: Fraction | None = None
    source: Pairs = ()
    source_since: date | None = None
    source_until: date | None = None
    basis: str = ""
    over: str = "members"
    absorb: str = "parent"
    owner: str = ""
    reason: str = ""
    expires: date | None = None
    file: str = ""
    line: int | None = None

    def issue(self, rule: str, value: str = "", column: str = "", *, conflict: bool = False, **details: str) -> Issue:
        """Return a finding about this change."""
        return Issue(
            rule=rule, severity="conflict" if conflict else "error", table="changes", file=self.file, line=self.line,
            column=column, value=value or write_under(self.under), details=tuple(details.items()),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a plan that a change speaks of: members, a span of days within the plan, a layer of a measure."""

    measure: Measure
    layer: str
    pairs: Pairs
    under: Mapping[Wanted, Collection[str]]
    place: Place
    since: date
    until: date

    @property
    def text(self) -> str:
        """The members as text: ``unit=North;person=Ana``."""
        return write_under(self.pairs)

    def write(self, amount_minor: int) -> str:
        """Return an amount of the measure in major units, e.g. ``1,234.50``."""
        decimals = self.measure.decimals
        whole, rest = divmod(abs(amount_minor), 10**decimals)
        return f"{'-' if amount_minor < 0 else ''}{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")


def write_under(pairs: Pairs) -> str:
    """Return pairs as ``unit=North;person=Ana``; a backslash goes before a semicolon of a key."""
    return ";".join(f"{dimension}={key.replace(';', chr(92) + ';')}" for dimension, key in pairs)


def find_slice(plan: Plan, change: Change) -> tuple[Slice | None, list[Issue]]:
    """Return the slice a change speaks of, or what is wrong with it."""
    asked = (change.under, change.measure, change.layer, change.since, change.until, change.file, change.line)
    part, issues = plan.recall(("slice", *asked), lambda: _find_slice(plan, change))
    return part, list(issues)


def _find_slice(plan: Plan, change: Change) -> tuple[Slice | None, list[Issue]]:
    pairs, settings = change.under, plan.settings
    targets = [target.measure for target in settings.targets]
    measure, layer = change.measure or targets[0], change.layer or LAYERS[0]
    issues = tell_unknown("unknown_measure", measure, targets) + tell_unknown("unknown_layer", layer, LAYERS)
    follows = next((target.follows for target in settings.targets if target.measure == measure), "")
    if follows:
        issues.append(Issue(rule="change_of_follower", value=measure, details=(("follows", follows),)))
    if layer == HEDGE:
        issues = [Issue(rule="change_of_hedge", value=layer)]
    plain = tuple((d, key.removesuffix(OWN) if _is_own(plan, d, key) else key) for d, key in pairs)
    _, found = read_dimensions(dimension for dimension, _ in plain)
    issues += found
    since = max(change.since or settings.since, settings.since)
    until = min(change.until or settings.until, settings.until)
    if since >= until:
        issues.append(Issue(rule="span_outside", value=f"{change.since}/{change.until}",
                            details=(("since", str(settings.since)), ("until", str(settings.until)))))  # fmt: skip
    if issues:
        return None, _at(change, issues)
    under = read_keys(plan, plain, issues)
    for (dimension, key), (_, bare) in zip(pairs, plain, strict=True):
        if key != bare:
            under[Wanted(dimension, dimension)] = {bare}
    place = places(under, *plan.recall(("dimensions", measure), lambda: _list_dimensions(plan, measure)))
    if place is None and not issues:
        issues.append(Issue(rule="slice_not_joined", value=write_under(pairs)))
    if issues or place is None:
        return None, _at(change, issues)
    found_measure = settings.measures[measure]
    if found_measure.kind == "level" and (since, until) != (settings.since, settings.until):
        return None, [change.issue("level_in_time", measure)]
    return Slice(found_measure, layer, pairs, under, place, since, until), []


def _list_dimensions(plan: Plan, measure: str) -> tuple[set[str], dict[str, list[str]]]:
    """Return the dimensions that a measure's rows carry, and those of each cut."""
    quotas = plan["quotas"].filter(plan["quotas"]["measure"] == measure)
    return row_dimensions(quotas), {step: cut_dimensions(plan, step) for step in plan.cuts}


def _is_own(plan: Plan, dimension: str, key: str) -> bool:
    """Tell whether a key means the own part of a place in a tree; a key that really ends so is one itself."""
    if dimension not in TREES or not key.endswith(OWN):
        return False
    members = scan(plan.tables, "members").select("dimension", "key").collect()
    return (dimension, key) not in set(members.filter(members["dimension"] == dimension).iter_rows())


def _at(change: Change, issues: list[Issue], column: str = "under") -> list[Issue]:
    """Return issues with the place of the change."""
    return [Issue(rule=i.rule, severity=i.severity, table="changes", file=change.file, line=change.line,
                  column=i.column or column, value=i.value, details=i.details) for i in issues]  # fmt: skip


def check_change(change: Change) -> list[Issue]:
    """Return what is wrong with a change by itself."""
    issues = _at(change, tell_unknown("unknown_operation", change.operation, OPERATIONS), "operation")
    issues += _at(change, tell_unknown("unknown_absorber", change.absorb, ABSORBERS), "absorb")
    issues += _at(change, tell_unknown("unknown_over", change.over, ("members", "time")), "over")
    if change.operation in ("set", "add") and change.amount_minor is None:
        issues.append(change.issue("change_needs", "amount", "amount", operation=change.operation))
    if change.operation == "scale" and change.factor is None:
        issues.append(change.issue("change_needs", "factor", "factor", operation=change.operation))
    if change.operation == "spread" and change.basis not in BASES:
        issues += _at(change, tell_unknown("unknown_spread", change.basis, BASES), "basis")
    if change.operation in ("set", *SHAPES) and (change.amount_minor or 0) < 0:
        issues.append(change.issue("amount_negative", str(change.amount_minor), "amount"))
    return issues
