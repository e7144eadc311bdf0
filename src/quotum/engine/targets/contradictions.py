"""Do the given numbers agree? Facts are held against one another, the targets, the market and last year.

One mechanism: every number becomes a ``Statement``; a rate (so much per one of something) times each statement of that
something is a statement too; two statements of one measure are brought to the same stretch of time and compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations

from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.tables.feasibility_settings import FACT_GRAINS, PER_LAST_YEAR, PER_MARKET, Fact
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.targets.statements import (
    GRAINS_A_YEAR,
    Statement,
    bring_together,
    count_grains,
    in_all,
    list_statements,
    say_number,
    say_range,
    say_share,
)

_CLOSE = 1e-6
_SAME_SHARE = 5e-4


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables say of measures over the plan's dates, in major units: the market's capacity, last year."""

    market: Mapping[str, float] = field(default_factory=dict)
    last_year: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Product:
    """A rate times a statement of what it is per."""

    rate: Fact
    count: Statement
    made: Statement


def find_contradictions(settings: PlanSettings, known: Known | None = None) -> list[Issue]:
    """Return what the given facts say against one another, the targets, the market and last year, with the figures."""
    facts, known = sorted(settings.facts, key=repr), known or Known()
    said = list_statements(facts, settings.since, settings.until)
    targets = list_targets(settings)
    products = _multiply(facts, [*said, *targets])
    return [
        *_compare_names(facts),
        *_compare_parts(facts),
        *_compare_days(facts),
        *_compare_facts(said),
        *_compare_with_targets(said, targets),
        *_compare_products(products, said, targets),
        *_count_from_the_first_order(products, targets, settings.since, settings.until),
        *_compare_shares(facts, targets, known),
    ]


def list_targets(settings: PlanSettings) -> list[Statement]:
    """Return the numbers at the top as statements: from commit to stretch; a measure that follows has none."""
    found = []
    for target in settings.targets:
        size = 10 ** settings.measures[target.measure].decimals
        low, high = target.commit_minor / size, target.stretch_minor / size
        if not target.follows:
            said = say_range(low, high)
            found.append(Statement(target.measure, low, high, "", settings.since, settings.until, said))
    return found


def _multiply(facts: Sequence[Fact], statements: Sequence[Statement]) -> list[_Product]:
    """Return each rate times each statement of its measure."""
    products = []
    for rate in facts:
        for count in statements:
            if rate.is_rate and rate.is_number and rate.per == count.measure:
                low = None if rate.low is None or count.low is None else rate.low * count.low
                high = None if rate.high is None or count.high is None else rate.high * count.high
                said = f"{count.said} × {say_range(rate.low, rate.high)}"
                made = Statement(rate.measure, low, high, count.grain, count.since, count.until, said)
                products.append(_Product(rate, count, made))
    return products


def _compare_names(facts: Sequence[Fact]) -> list[Issue]:
    """A number of kinds, and the kinds by name."""
    return [
        _issue("fact_names_differ", fact.measure, {
            "said": say_range(fact.low, fact.high), "count": str(len(fact.names)), "names": ", ".join(fact.names)})
        for fact in facts
        if fact.names and fact.is_number and not _holds(fact.low, fact.high, len(fact.names))
    ]  # fmt: skip


def _compare_parts(facts: Sequence[Fact]) -> list[Issue]:
    """The parts of a whole."""
    issues = []
    for fact in facts:
        total = math.fsum(part for _, part in fact.parts)
        if fact.parts and fact.is_number and not _holds(fact.low, fact.high, total):
            end = fact.high if fact.high is not None and total > fact.high else fact.low
            parts = " + ".join(f"{name} {say_number(part)}" for name, part in sorted(fact.parts))
            issues.append(_issue("fact_parts_differ", fact.measure, {
                "said": say_range(fact.low, fact.high), "parts": parts, "total": say_number(total),
                "apart": say_number(abs(total - (end or 0.0)))}))  # fmt: skip
    return issues


def _compare_days(facts: Sequence[Fact]) -> list[Issue]:
    """Dates of the same thing."""
    issues = []
    dated = [fact for fact in facts if fact.day is not None]
    for name in sorted({fact.measure for fact in dated}):
        days = sorted({(fact.day, fact.source) for fact in dated if fact.measure == name and fact.day})
        if len({day for day, _ in days}) > 1:
            said = ", ".join(f"{day}{f' ({source})' if source else ''}" for day, source in days)
            apart = str((days[-1][0] - days[0][0]).days)
            issues.append(_issue("fact_dates_differ", name, {"said": said, "days": apart}))
    return issues


def _compare_facts(said: Sequence[Statement]) -> list[Issue]:
    """Two facts of a measure: they contradict each other, or are two readings, or say the same."""
    issues = []
    for one, other in combinations(said, 2):
        together = bring_together(one, other) if one.measure == other.measure else None
        if together is None or _same(*together):
            continue
        first, second = together
        apart = _gap(first, second)
        details = {"one": one.said, "other": other.said, "first": say_range(first.low, first.high),
                   "second": say_range(second.low, second.high), "per": first.grain,
                   "since": str(first.since), "until": str(first.until)}  # fmt: skip
        if apart is not None:
            issues.append(_issue("facts_contradict", one.measure, details | {"apart": say_number(apart)}))
        else:
            issues.append(_issue("facts_two_readings", one.measure, details, "note"))
    return issues


def _compare_with_targets(said: Sequence[Statement], targets: Sequence[Statement]) -> list[Issue]:
    """A fact and a target: what it leaves missing, or asks beyond it."""
    issues = []
    for target in targets:
        for fact in said:
            together = bring_together(fact, target) if fact.measure == target.measure else None
            if together is None:
                continue
            made, commit, stretch = together[0], target.low or 0.0, target.high or 0.0
            grains = count_grains(fact.grain, target.since, target.until) if fact.grain else 1.0
            details = {"said": fact.said, "target": target.said, "made": say_range(made.low, made.high),
                       "grain": fact.grain, "mean": say_number(commit / grains) if fact.grain else ""}  # fmt: skip
            most = made.high if made.high is not None else made.low
            if most is not None and most < commit * (1 - _CLOSE):
                missing = {"missing": say_number(commit - most)}
                issues.append(_issue("fact_leaves_gap", fact.measure, details | missing))
            elif made.low is not None and made.low > stretch * (1 + _CLOSE):
                more = {"more": say_number(made.low - stretch)}
                issues.append(_issue("fact_above_target", fact.measure, details | more))
    return issues


def _compare_products(
    products: Sequence[_Product], said: Sequence[Statement], targets: Sequence[Statement]
) -> list[Issue]:
    """What a rate and a count make, beside what was said of it."""
    issues = []
    for product in products:
        for other in [*said, *targets]:
            # What one brings in a year makes a sum in a year; customers won on the way are counted apart.
            if other.measure != product.made.measure or product.rate.yearly:
                continue
            together = bring_together(product.made, other)
            if together is None or _overlap(*together):
                continue
            made, wanted = together
            issues.append(_tell_product(product, made, wanted, other.said))
    return issues


def _tell_product(product: _Product, made: Statement, wanted: Statement, other: str) -> Issue:
    """Return how what a rate and a count make differs from what is wanted, and which part of the count is enough."""
    number, least = made.number, wanted.low if wanted.low is not None else wanted.number
    short = ""
    if made.grain == "month" and product.count.grain in ("day", "week"):
        short = say_number(product.made.number * {"day": 28, "week": 4}[product.count.grain])
    part, count = least / number if number else math.inf, product.count.number
    enough = part < 1 and float(count).is_integer() and count < 1000
    details = {
        "said": product.made.said, "made": say_number(number), "per": made.grain, "short": short, "other": other,
        "apart": say_number(_gap(made, wanted) or abs(number - wanted.number)),
        "part": say_share(part) if part < 1 else "", "least": say_number(least) if part < 1 else "",
        "enough": say_number(math.ceil(part * count - _CLOSE)) if enough else "", "of": say_number(count),
    }  # fmt: skip
    return _issue("fact_product", made.measure, details, "note" if part < 1 else "warning")


def _count_from_the_first_order(
    products: Sequence[_Product], targets: Sequence[Statement], since: date, until: date
) -> list[Issue]:
    """What one brings in a full year, when they are won on the way: each counts from its first order.

    Won at an even pace in n periods, with the first order at the end or the beginning of its period, they have
    n (n - 1) / 2 to n (n + 1) / 2 periods of business together.
    """
    issues = []
    for rate in dict.fromkeys(product.rate for product in products if product.rate.yearly):
        mine = [product for product in products if product.rate == rate]
        paces = [product for product in mine if product.count.grain in FACT_GRAINS[:-1]]
        wholes = [product for product in mine if product.count.grain == "year"
                  or (product.count.since, product.count.until) == (since, until)]  # fmt: skip
        whole = max(wholes or mine, key=lambda product: product.count.grain in ("", "year"))
        full = in_all(whole.made, since, until)
        if paces:
            count = min((product.count for product in paces), key=lambda count: FACT_GRAINS.index(count.grain))
            grain, each = count.grain, count.number
        else:
            grain, each = "month", in_all(whole.count, since, until).number / count_grains("month", since, until)
        periods = count_grains(grain, since, until)
        worth = each * (rate.low or rate.high or 0.0) / GRAINS_A_YEAR[grain]
        low, high = worth * periods * (periods - 1) / 2, worth * periods * (periods + 1) / 2
        for target in targets:
            if target.measure == rate.measure:
                details = {
                    "said": full.said, "full": say_range(full.low, full.high), "target": target.said,
                    "pace": f"{say_number(each)}/{grain}", "low": say_number(low), "high": say_number(high),
                }  # fmt: skip
                severity: Severity = "warning" if high < (target.low or 0.0) else "note"
                issues.append(_issue("fact_won_in_year", target.measure, details, severity))
    return issues


def _compare_shares(facts: Sequence[Fact], targets: Sequence[Statement], known: Known) -> list[Issue]:
    """A share of the market, or a factor on last year, that was said, and the one the targets imply."""
    issues = []
    for fact in facts:
        whole = {PER_MARKET: known.market, PER_LAST_YEAR: known.last_year}.get(fact.per, {}).get(fact.measure)
        for target in targets:
            if not whole or target.measure != fact.measure or not fact.is_number:
                continue
            low, high = (target.low or 0.0) / whole, (target.high or 0.0) / whole
            if (fact.low is None or fact.low <= high + _SAME_SHARE) and (
                fact.high is None or fact.high >= low - _SAME_SHARE
            ):
                continue
            details = {"said": _say_shares(fact.low, fact.high), "implied": _say_shares(low, high),
                       "target": target.said, "whole": say_number(whole)}  # fmt: skip
            rule = "said_share_differs" if fact.per == PER_MARKET else "said_growth_differs"
            issues.append(_issue(rule, fact.measure, details))
    return issues


def _say_shares(low: float | None, high: float | None) -> str:
    """Return one share or the two ends of a range."""
    return "–".join(dict.fromkeys(say_share(end) for end in (low, high) if end is not None))


def _same(one: Statement, other: Statement) -> bool:
    return all(
        (a is None) == (b is None) and math.isclose(a or 0.0, b or 0.0, rel_tol=_CLOSE)
        for a, b in ((one.low, other.low), (one.high, other.high))
    )


def _gap(one: Statement, other: Statement) -> float | None:
    """Return how far two ranges lie apart, None where they meet."""
    for below, above in ((one, other), (other, one)):
        if below.high is not None and above.low is not None and below.high < above.low * (1 - _CLOSE):
            return above.low - below.high
    return None


def _overlap(made: Statement, wanted: Statement) -> bool:
    """Tell whether what is made, taken as the number that was said, lies in what is wanted."""
    low, high = made.low, made.high if made.high is not None else made.low
    return _gap(replace(made, low=low if low is not None else high, high=high), wanted) is None


def _holds(low: float | None, high: float | None, value: float, slack: float = _CLOSE) -> bool:
    return (low is None or value >= low - slack) and (high is None or value <= high + slack)


def _issue(rule: str, value: str, details: Mapping[str, str], severity: Severity = "warning") -> Issue:
    return Issue(
        rule=rule, severity=severity, table="plan", column="fact", value=value, details=tuple(details.items())
    )
