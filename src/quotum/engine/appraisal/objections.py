"""Objections to scores, recorded in a table: shown beside the score, with the answer. They change no figure.

What an objection is right about is corrected where it came from, in the rows; the next appraisal has it.
"""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company

OPEN = "open"
OBJECTION_SCHEMA: dict[str, type[pl.DataType]] = {
    # A line an objection to a score. indicator null: to the whole of it. state: open, upheld or refused.
    "person": pl.String, "scheme": pl.String, "scorecard": pl.String, "period": pl.String, "indicator": pl.String,
    "date": pl.Date, "reason": pl.String, "state": pl.String, "answered": pl.Date, "answer": pl.String,
}  # fmt: skip


def list_objections(company: Company, scores: pl.DataFrame, lines: pl.DataFrame) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the objections to ``scores`` (``OBJECTION_SCHEMA``), and findings: unanswered ones, unknown indicators.

    An objection that names no scorecard is one to all of the person's scores in the period. Objections to other
    periods are left out.
    """
    source = company.sources.get("objections")
    given = company["objections"].with_row_index("row").with_columns(
        pl.col("period").str.strip_chars(), state=pl.col("state").fill_null(OPEN)
    )  # fmt: skip
    told = scores.filter(pl.col("person") != "").select("person", "scheme", "scorecard", "period")
    found = given.join(told, on=["person", "period"], how="inner", suffix="_scored").filter(
        pl.col("scorecard").is_null() | (pl.col("scorecard") == pl.col("scorecard_scored"))
    )
    found = found.with_columns(scorecard="scorecard_scored")
    on = ["person", "scheme", "scorecard", "period", "indicator"]
    at_line = found.join(lines.select(on).unique(), on=on, how="semi")
    known = pl.concat([found.filter(pl.col("indicator").is_null()), at_line])
    # An indicator of one scorecard is none of another's: only where no scorecard has it, something is wrong.
    wrong = given.join(told, on=["person", "period"], how="semi").filter(~pl.col("row").is_in(known["row"].implode()))
    issues = [
        Issue(rule="objection_unknown", severity="warning", table="objections",
              file=source.file_at(line["row"]) if source else "",
              line=source.line(line["row"]) if source else line["row"] + 1,
              value=line["indicator"] or line["scorecard"] or "",
              details=(("person", line["person"]), ("period", line["period"])))
        for line in wrong.iter_rows(named=True)
    ]  # fmt: skip
    unanswered = known.filter(pl.col("state") == OPEN)["row"].unique()
    if len(unanswered):
        issues.append(Issue(rule="objection_open", severity="note", table="objections", value=str(len(unanswered))))
    listed = known.select(list(OBJECTION_SCHEMA)).cast(OBJECTION_SCHEMA)  # type: ignore[arg-type]
    return listed.sort("person", "scheme", "scorecard", "period", "date", "indicator", nulls_last=False), issues
