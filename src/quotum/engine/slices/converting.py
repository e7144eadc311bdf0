"""A slice in another currency, at the plan rate: whole smallest units whose sum is the sum converted."""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.slices.requests import planned_measures
from quotum.engine.tables.findings import rate_text
from quotum.engine.tables.plan_keys import tell_unknown
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.schema import E10

_AMOUNTS = ("amount", "last_year")
_MOST = 2**62  # sums of smallest units beyond it are not shown: they would leave Int64


def convert_slice(
    frame: pl.DataFrame, settings: PlanSettings, measure: str | None, currency: str, decimals: int
) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the slice in ``currency`` with ``decimals`` places and a column ``currency``, and a note that says so.

    Amounts that add up are rounded together: the sum over all lines (of a level, over the lines of a period) is the sum
    converted and rounded half up, and every line is its own part rounded down or up, by largest remainder. Prices are
    rounded one by one. A currency without a plan rate, what is no money, and more than 2^62
    smallest units are errors.
    """
    shown = planned_measures(settings)[measure or settings.targets[0].measure]
    issues = tell_unknown("no_plan_rate", currency, [settings.currency, *settings.rates])
    if not (shown.is_money or _is_price(shown, settings)):
        issues.append(Issue(rule="not_money", value=shown.name))
    rate_e10 = settings.rates.get(currency, E10)
    over, below = E10 * 10**decimals, rate_e10 * 10**shown.decimals
    sums = frame.select(pl.col(_AMOUNTS).cast(pl.Int128).abs().sum()).row(0)
    if not issues and max(sums) * over // below >= _MOST:
        issues.append(Issue(rule="too_much_of_currency", value=currency))
    if issues:
        return frame, issues
    converted = frame.with_columns(
        pl.lit(currency).alias("currency"), pl.lit(decimals, pl.Int64).alias("decimals"),
        *(_convert(name, shown.kind, over, below) for name in _AMOUNTS),
    )  # fmt: skip
    first = frame.columns.index("amount")
    converted = converted.select(*frame.columns[:first], "currency", *frame.columns[first:])
    details = (("plan", settings.currency), ("rate", rate_text(rate_e10)))
    return converted, [Issue(rule="shown_in_currency", severity="note", value=currency, details=details)]


def _is_price(measure: Measure, settings: PlanSettings) -> bool:
    """Tell whether a ratio is money for something that is none."""
    parts = [settings.measures.get(name) for name in (measure.numerator, measure.denominator)]
    return measure.kind == "ratio" and [part.is_money for part in parts if part] == [True, False]


def _convert(name: str, kind: str, over: int, below: int) -> pl.Expr:
    """Return a column of smallest units times ``over / below`` in whole numbers of 128 bits."""
    wide, size = pl.col(name).cast(pl.Int128) * _wide(over), _wide(below)
    if kind == "ratio":
        return ((2 * wide + size) // (2 * size)).cast(pl.Int64).alias(name)
    part, rest = wide // size, wide % size
    # The largest remainders get the units that rounding down left; equal ones in the order of the lines, nulls none.
    spare = (2 * wide.sum() + size) // (2 * size) - part.sum()
    place = rest.fill_null(-1).rank("ordinal", descending=True)
    whole = (part + (place <= spare).cast(pl.Int128)).cast(pl.Int64)
    return (whole.over("since", "until") if kind == "level" else whole).alias(name)


def _wide(number: int) -> pl.Expr:
    return pl.lit(number).cast(pl.Int128)
