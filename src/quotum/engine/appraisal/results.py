"""The tables of an appraisal, laid out from arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.bands import find_band
from quotum.engine.appraisal.pay import pay_amount, pay_factor
from quotum.engine.appraisal.schemes import Scorecard
from quotum.engine.appraisal.scorecards import Scored
from quotum.engine.appraisal.scoring import HUNDREDTHS, WHYS
from quotum.engine.appraisal.subjects import Subjects
from quotum.engine.basics.periods import Period

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

SCORE_SCHEMA: dict[str, Any] = {
    # A line a person (or unit), scorecard and period. score_e2 and points_e2: whole hundredths of a point. rank among
    # `of` on the same scorecard and period. voided: what events void. pay: smallest units, null without an amount.
    "person": pl.String, "unit": pl.String, "scheme": pl.String, "scorecard": pl.String, "effect": pl.String,
    "period": pl.String, "since": pl.Date, "until": pl.Date, "score_e2": pl.Int64, "rank": pl.Int64, "of": pl.Int64,
    "grade": pl.String, "voided": pl.List(pl.String), "pay_factor": pl.Float64, "pay": pl.Int64,
    "last_place": pl.Boolean, "improve_until": pl.Date,
}  # fmt: skip
LINE_SCHEMA: dict[str, Any] = {
    # The lines of a score; their points add up to it. weight: the one in force, after re-weighting.
    "person": pl.String, "unit": pl.String, "scheme": pl.String, "scorecard": pl.String, "period": pl.String,
    "since": pl.Date, "until": pl.Date, "place": pl.Int64, "indicator": pl.String, "weight": pl.Float64,
    "target": pl.Float64, "actual": pl.Float64, "points_e2": pl.Int64, "why": pl.String,
}  # fmt: skip
RULE_SCHEMA: dict[str, Any] = {
    # What each line of a scorecard goes by: formulas opened down to facts, and the facts they need.
    "scheme": pl.String, "scorecard": pl.String, "every": pl.String, "place": pl.Int64, "indicator": pl.String,
    "weight": pl.Float64, "score": pl.String, "formula": pl.String, "target": pl.String,
    "facts": pl.List(pl.String), "owner": pl.String, "supplies": pl.String, "supervises": pl.String,
}  # fmt: skip
FACT_SCHEMA: dict[str, Any] = {
    "person": pl.String, "unit": pl.String, "every": pl.String, "period": pl.String, "fact": pl.String,
    "value": pl.Float64,
}  # fmt: skip
LIMIT = "limit"
"""The line that holds what the floor or cap of the whole scorecard, or a veto of the score, changes."""


def lay_out_scores(
    card: Scorecard, scheme: str, scored: Scored, chosen: Bools, voided: Mapping[str, Bools], subjects: Subjects,
    periods: Sequence[Period],
) -> pl.DataFrame:  # fmt: skip
    """Return the scores of those chosen (num_subjects, num_periods) in the order of person and period."""
    who, when = np.nonzero(chosen)
    known = scored.known[chosen]
    points = scored.scores[chosen] / HUNDREDTHS
    frame = _who(subjects, who).with_columns(
        pl.lit(scheme).alias("scheme"), pl.lit(card.name).alias("scorecard"), pl.lit(card.effect).alias("effect"),
        *_when(periods, when), pl.Series("score_e2", scored.scores[chosen]), pl.Series("known", known),
    ).with_columns(score_e2=pl.when("known").then("score_e2"))  # fmt: skip
    names = [*(band.name for band in card.bands), None]
    grades = find_band(np.where(known, points, np.nan), card.bands)
    frame = frame.with_columns(
        pl.Series("grade", [names[grade] for grade in grades.tolist()], dtype=pl.String),
        _list_voided(voided, chosen).alias("voided"),
        rank=pl.col("score_e2").rank("min", descending=True).over("period").cast(pl.Int64),
        of=pl.col("score_e2").count().over("period").cast(pl.Int64),
    )
    frame = _tell_effects(_tell_pay(frame, card, subjects, who, np.where(known, points, np.nan)), card)
    return frame.select(list(SCORE_SCHEMA)).cast(SCORE_SCHEMA)  # type: ignore[arg-type]


def _list_voided(voided: Mapping[str, Bools], chosen: Bools) -> pl.Series:
    """Return the names of what is void of each score."""
    num = int(chosen.sum())
    if not voided:
        return pl.select(pl.repeat(pl.lit([], pl.List(pl.String)), num)).to_series()
    frame = pl.DataFrame({name: mask[chosen] for name, mask in voided.items()})
    named = [pl.when(name).then(pl.lit(name)) for name in frame.columns]
    return frame.select(pl.concat_list(named).list.drop_nulls()).to_series()


def _tell_pay(frame: pl.DataFrame, card: Scorecard, subjects: Subjects, who: Any, points: Floats) -> pl.DataFrame:
    """Add what the score does to pay. An award beyond the full pay is void where events say so."""
    if card.pay is None:
        return frame.with_columns(pay_factor=pl.lit(None, pl.Float64), pay=pl.lit(None, pl.Int64))
    factors = pay_factor(card.pay, points)
    no_award = frame["voided"].list.contains("award").to_numpy()
    factors = np.where(no_award, np.minimum(factors, 1.0), factors)
    by_role = dict(card.pay.coefficients)
    roles = subjects.frame["role"].to_list()
    coefficients = np.array([by_role.get(roles[i] or "", 1.0) for i in who]) if by_role else np.ones(len(factors))
    amount = pay_amount(card.pay, factors, coefficients)
    told = frame.with_columns(pl.Series("pay_factor", factors).fill_nan(None), pl.Series("pay", amount))
    paid = pl.col("score_e2").is_not_null() & pl.lit(card.pay.amount_minor is not None)
    return told.with_columns(pay=pl.when(paid).then("pay"))


def _tell_effects(frame: pl.DataFrame, card: Scorecard) -> pl.DataFrame:
    """Add who is among the last ones, and until when a fail is to be mended."""
    last, score = pl.lit(value=False), pl.col("score_e2") / HUNDREDTHS
    if card.last is not None:
        behind = pl.col("of") - pl.col("rank") < (pl.col("of") * card.last.part + 1e-9).floor()
        last = (behind & (score < card.last.below)).fill_null(value=False)
    until = pl.lit(None, pl.Date)
    if card.improve is not None:
        failed = score < card.improve.below
        until = pl.when(failed).then(pl.col("until").dt.offset_by(f"{card.improve.days}d"))
    return frame.with_columns(last_place=last, improve_until=until)


def lay_out_lines(
    card: Scorecard, scheme: str, scored: Scored, chosen: Bools, subjects: Subjects, periods: Sequence[Period]
) -> pl.DataFrame:
    """Return the lines of the scores of those chosen, those of one score below each other."""
    who, when = np.nonzero(chosen)
    num = len(card.lines)
    names = [line.indicator for line in card.lines]
    order = np.tile(np.arange(num), len(who))
    frame = _who(subjects, np.repeat(who, num)).with_columns(
        pl.lit(scheme).alias("scheme"), pl.lit(card.name).alias("scorecard"), *_when(periods, np.repeat(when, num)),
        pl.Series("place", order), pl.Series(names, dtype=pl.String).gather(order).alias("indicator"),
        *(pl.Series(name, _by_score([values[chosen] for values in of_lines])).fill_nan(None)
          for name, of_lines in (("weight", [scored.weights(place) for place in range(num)]),
                                 ("target", scored.targets), ("actual", scored.actuals))),
        pl.Series("points_e2", _by_score(scored.points[:, chosen])),
        pl.Series("why", WHYS, dtype=pl.String).gather(
            pl.Series(_by_score(scored.whys[:, chosen])).cast(pl.UInt32)
        ),
    )  # fmt: skip
    frame = frame.select(list(LINE_SCHEMA)).cast(LINE_SCHEMA)  # type: ignore[arg-type]
    limited = np.nonzero(scored.limits[chosen])[0]
    if not len(limited):
        return frame
    changed = _who(subjects, who[limited]).with_columns(
        pl.lit(scheme).alias("scheme"), pl.lit(card.name).alias("scorecard"), *_when(periods, when[limited]),
        pl.lit(num).alias("place"), pl.lit(LIMIT).alias("indicator"), pl.lit(0.0).alias("weight"),
        pl.lit(None, pl.Float64).alias("target"), pl.lit(None, pl.Float64).alias("actual"),
        pl.Series("points_e2", scored.limits[chosen][limited]), pl.lit(LIMIT).alias("why"),
    ).select(list(LINE_SCHEMA)).cast(LINE_SCHEMA)  # type: ignore[arg-type] # fmt: skip
    return pl.concat([frame, changed]).sort("person", "unit", "since", "place", maintain_order=True)


def lay_out_facts(
    facts: Mapping[str, Floats], every: str, chosen: Bools, subjects: Subjects, periods: Sequence[Period]
) -> pl.DataFrame:
    """Return the figures of those chosen, a line each."""
    who, when = np.nonzero(chosen)
    parts = [
        _who(subjects, who).with_columns(
            pl.lit(every).alias("every"), _when(periods, when)[0], pl.lit(name).alias("fact"),
            pl.Series("value", values[chosen]).fill_nan(None),
        ).select(list(FACT_SCHEMA))
        for name, values in sorted(facts.items())
    ]  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema=FACT_SCHEMA)


def _by_score(values: Any) -> npt.NDArray[Any]:
    """Return arrays (num_lines, num_scores) as one line after the other, score by score."""
    return np.stack(values, axis=1).ravel()


def _who(subjects: Subjects, who: npt.NDArray[np.int64]) -> pl.DataFrame:
    return subjects.frame.select(pl.col("person").fill_null(""), "unit").select(pl.all().gather(pl.Series(who)))


def _when(periods: Sequence[Period], when: npt.NDArray[np.int64]) -> list[pl.Series]:
    at = pl.Series(when)
    return [
        pl.Series("period", [p.label for p in periods], dtype=pl.String).gather(at),
        pl.Series("since", [p.since for p in periods], dtype=pl.Date).gather(at),
        pl.Series("until", [p.until for p in periods], dtype=pl.Date).gather(at),
    ]
