"""What a bad score opens: a plan to improve, with a deadline and what follows if it is missed; a last place."""

from __future__ import annotations

import polars as pl

from quotum.engine.appraisal.schemes import INFINITE, Scorecard
from quotum.engine.appraisal.scoring import HUNDREDTHS

CONSEQUENCE_SCHEMA: dict[str, type[pl.DataType]] = {
    # A line a score that fails (improve) or is among the last (last). below_e2: what it is below, null: nothing.
    # weakest: the indicator that lost most of its weight. opened: the period's end; due: the deadline of a plan.
    "person": pl.String, "unit": pl.String, "scheme": pl.String, "scorecard": pl.String, "period": pl.String,
    "kind": pl.String, "score_e2": pl.Int64, "below_e2": pl.Int64, "weakest": pl.String, "opened": pl.Date,
    "due": pl.Date, "says": pl.String,
}  # fmt: skip
_SCORE = ["person", "unit", "scheme", "scorecard", "period"]


def list_consequences(card: Scorecard, scores: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return what follows from the scores of a card (``CONSEQUENCE_SCHEMA``), in the order of person and period."""
    lost = (pl.col("weight") * HUNDREDTHS - pl.col("points_e2")).alias("lost")
    weakest = lines.filter(pl.col("why") != "limit").with_columns(lost).sort(*_SCORE, "lost", "place",
        descending=[*[False] * len(_SCORE), True, False])  # fmt: skip
    weakest = weakest.unique(_SCORE, keep="first").select(*_SCORE, weakest="indicator")
    told = scores.join(weakest, on=_SCORE, how="left", maintain_order="left").with_columns(opened="until")
    parts = [pl.DataFrame(schema=CONSEQUENCE_SCHEMA)]
    if card.improve is not None:
        failed = told.filter(pl.col("improve_until").is_not_null()).with_columns(due="improve_until")
        parts.append(_tell(failed, "improve", card.improve.below, card.improve.consequence))
    if card.last is not None:
        last = told.filter(pl.col("last_place")).with_columns(due=pl.lit(None, pl.Date))
        parts.append(_tell(last, "last", card.last.below, card.last.effect))
    return pl.concat(parts).sort(*_SCORE, "kind", nulls_last=True)


def _tell(found: pl.DataFrame, kind: str, below: float, says: str) -> pl.DataFrame:
    limit = None if below == INFINITE else round(below * HUNDREDTHS)
    told = found.with_columns(kind=pl.lit(kind), below_e2=pl.lit(limit, pl.Int64), says=pl.lit(says))
    return told.select(list(CONSEQUENCE_SCHEMA)).cast(CONSEQUENCE_SCHEMA)  # type: ignore[arg-type]
