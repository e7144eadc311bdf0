"""Commission: marginal tiers of attainment, with factors for new customers, products and margins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.facts import Rows, place_rows
from quotum.engine.appraisal.schemes import BASES_OF_COMMISSION, INFINITE, Band, Commission
from quotum.engine.appraisal.subjects import Subjects, spread
from quotum.engine.basics.periods import Period
from quotum.engine.tables.schema import E4

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COMMISSION_SCHEMA: dict[str, type[pl.DataType]] = {
    # A line a person, period and tier. eligible: what counts in the tier, major units; factor: what new customers,
    # products and margins make of it; amount: of the tier, smallest units. The lines add up to the commission.
    "person": pl.String, "scheme": pl.String, "commission": pl.String, "period": pl.String, "since": pl.Date,
    "until": pl.Date, "tier": pl.Int64, "low": pl.Float64, "high": pl.Float64, "rate": pl.Float64,
    "eligible": pl.Float64, "factor": pl.Float64, "amount": pl.Int64,
}  # fmt: skip


def list_tiers(commission: Commission) -> list[tuple[float, float, float]]:
    """Return (from, to, rate) of the tiers, those cut in two that the accelerator begins within."""
    tiers = []
    start = commission.accelerate_from
    for band in sorted(commission.tiers, key=lambda band: band.low):
        low, high = max(band.low, 0.0), band.high
        if low < start < high:
            tiers += [(low, start, band.value), (start, high, band.value * commission.accelerator)]
        else:
            tiers.append((low, high, band.value * (commission.accelerator if low >= start else 1.0)))
    return tiers


def split_into_tiers(amounts: Floats, size: Floats, tiers: Sequence[tuple[float, float, float]]) -> Floats:
    """Return what of each amount lies in each tier, (num_tiers, num_amounts).

    ``size``: what a tier's 1 stands for: the target, or 1 where tiers go by amounts. An amount below 0 lies in the
    first tier, so that returns take back what they had brought.
    """
    parts = np.zeros((len(tiers), *amounts.shape))
    for place, (low, high, _) in enumerate(tiers):
        top = amounts if high == INFINITE else np.minimum(amounts, high * size)
        parts[place] = np.maximum(top - low * size, 0.0)
    if len(tiers):
        parts[0] = np.where(amounts < 0, amounts, parts[0])
    return parts


def pay_commission(
    commission: Commission, scheme: str, rows: Rows, subjects: Subjects, periods: Sequence[Period], targets: Floats,
    decimals: int,
) -> pl.DataFrame:  # fmt: skip
    """Return the commission of everybody by period and tier (``COMMISSION_SCHEMA``).

    ``targets`` (num_subjects, num_periods) are in major units, NaN where there is none: nothing is paid then if the
    tiers go by attainment. Each person's total is rounded once, halves up; its tiers add up to it.
    """
    shape = subjects.num, len(periods)
    sums, weighted = _sum_eligible(commission, rows, subjects, periods)
    chosen = subjects.chosen(commission)[:, None] & subjects.present(periods)
    chosen &= (sums != 0) & (np.isfinite(targets) if commission.target else np.ones(shape, dtype=np.bool_))
    chosen &= np.array([_in_season(commission, period) for period in periods])[None, :]
    who, when = np.nonzero(chosen)
    tiers = list_tiers(commission)
    amounts, size = sums[who, when], targets[who, when] if commission.target else np.ones(len(who))
    factor = weighted[who, when] / amounts
    parts = split_into_tiers(amounts, size, tiers)
    rates = np.array([rate for _, _, rate in tiers])[:, None]
    paid = _round_together(parts * rates * factor * 10**decimals)
    keys = subjects.frame["person"].to_list()
    kept = [(i, k) for i in range(len(who)) for k in range(len(tiers)) if parts[k, i]]
    lines = [
        (keys[who[i]], scheme, commission.name, periods[when[i]].label, periods[when[i]].since, periods[when[i]].until,
         k + 1, tiers[k][0], tiers[k][1], tiers[k][2], float(parts[k, i]), float(factor[i]), int(paid[k, i]))
        for i, k in kept
    ]  # fmt: skip
    return pl.DataFrame(lines, schema=COMMISSION_SCHEMA, orient="row")


def _in_season(commission: Commission, period: Period) -> bool:
    begun = commission.since is None or commission.since <= period.since
    return begun and (commission.until is None or period.since < commission.until)


def _sum_eligible(
    commission: Commission, rows: Rows, subjects: Subjects, periods: Sequence[Period]
) -> tuple[Floats, Floats]:
    """Return the amounts that count, and the same weighed by the factors, in major units."""
    table = BASES_OF_COMMISSION[commission.on]
    frame = rows[table]
    if table == "projects":
        stages = ("won", "signed", "contract", "closed")
        frame = frame.filter(pl.col("stage").str.to_lowercase().is_in(stages))
    placed = place_rows(frame, periods, so_far=False)
    new = pl.col("date") < pl.col("first").dt.offset_by(f"{commission.new_months}mo")
    factor = pl.when(new.fill_null(value=True)).then(commission.new_factor).otherwise(1.0)
    for column, key, value in commission.factors:
        if column in placed.columns:
            factor = factor * pl.when(pl.col(column) == key).then(value).otherwise(1.0)
    if commission.margins and "margin_e4" in placed.columns:
        factor = factor * _margin_factor(commission.margins)
    groups = (
        spread(placed.with_columns(factor=factor), subjects)
        .group_by("subject", "period", "factor")
        .agg(pl.col("amount_e4").sum())
        .sort("subject", "period", "factor")
    )
    sums, weighted = np.zeros((subjects.num, len(periods))), np.zeros((subjects.num, len(periods)))
    at = groups["subject"].to_numpy(), groups["period"].to_numpy()
    amounts = groups["amount_e4"].to_numpy() / E4
    np.add.at(sums, at, amounts)
    np.add.at(weighted, at, amounts * groups["factor"].to_numpy())
    return sums, weighted


def _margin_factor(margins: Sequence[Band]) -> pl.Expr:
    """Return the factor of the band that a line's margin ÷ amount lies in; 1 where none holds it."""
    rate = pl.col("margin_e4") / pl.col("amount_e4")
    found = pl.lit(1.0)
    for band in reversed(margins):
        above = rate >= band.low if band.low_in else rate > band.low
        below = rate <= band.high if band.high_in else rate < band.high
        found = pl.when(above & below).then(band.value).otherwise(found)
    return found


def _round_together(parts: Floats) -> Ints:
    """Return whole parts that add up to their rounded sum: each ends where the rounded running total does."""
    running = np.floor(np.cumsum(parts, axis=0) + 0.5 + 1e-6).astype(np.int64)
    return np.diff(running, axis=0, prepend=np.zeros((1, *parts.shape[1:]), dtype=np.int64))
