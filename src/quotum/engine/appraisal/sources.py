"""The rows of a company's tables that a person's figures were made from, with file and line."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from quotum.engine.appraisal.appraise import GRAINS, Appraisal
from quotum.engine.appraisal.facts import pick_rows, window_of
from quotum.engine.appraisal.figures import LAST_YEAR, a_year_before, fact_of_measure
from quotum.engine.appraisal.schemes import Fact, Scheme
from quotum.engine.appraisal.subjects import spread
from quotum.engine.basics.periods import Period
from quotum.engine.tables.company import Company

SOURCE_SCHEMA: dict[str, type[pl.DataType]] = {
    # A line a row that a fact of somebody in a period was made from. line: as an editor or Excel counts.
    "person": pl.String, "unit": pl.String, "every": pl.String, "period": pl.String, "fact": pl.String,
    "table": pl.String, "file": pl.String, "line": pl.Int64, "date": pl.Date,
}  # fmt: skip


def trace_sources(appraisal: Appraisal, schemes: tuple[Scheme, ...], company: Company, person: str) -> pl.DataFrame:
    """Return the rows behind every figure and every event of a person (``SOURCE_SCHEMA``)."""
    scene = appraisal.scene
    facts = {name: fact for scheme in schemes for name, fact in scheme.facts.items()}
    told = appraisal["scores"].filter(person=person)
    every_of = {(rule["scheme"], rule["scorecard"]): rule["every"] for rule in appraisal["rules"].iter_rows(named=True)}
    spans = {
        (every_of[line["scheme"], line["scorecard"]], line["period"]): Period(
            line["since"], line["until"], line["period"]
        )
        for line in told.iter_rows(named=True)
    }
    wanted: set[tuple[str, str]] = set()
    for rule in appraisal["rules"].join(told, on=["scheme", "scorecard"], how="semi").iter_rows(named=True):
        wanted |= {(rule["every"], name) for name in rule["facts"]}
        if rule["score"] == "deduct":
            wanted.add((rule["every"], f"events:{rule['scheme']}:{rule['scorecard']}:{rule['place']}"))
    parts = [pl.DataFrame(schema=SOURCE_SCHEMA)]
    for every, name in sorted(wanted, key=lambda pair: (GRAINS.index(pair[0]), pair[1])):
        fact, earlier = _find_fact(name, facts, schemes, appraisal)
        if fact is None:
            continue
        rows = spread(pick_rows(fact, scene.rows), scene.subjects).join(
            scene.subjects.frame.filter(person=person).select("subject"), on="subject", how="semi"
        )
        for (grain, label), span in spans.items():
            if grain == every:
                since, until = window_of(fact, a_year_before(span) if earlier else span)
                inside = rows.filter(pl.col("date") >= since, pl.col("date") < until).select("row", "date").unique()
                named = _name_places(company, fact.table if fact.table != "holdings" else "customers", inside)
                parts.append(named.with_columns(
                    person=pl.lit(person), unit=pl.lit(told["unit"][0]), every=pl.lit(every), period=pl.lit(label),
                    fact=pl.lit(fact.name),
                ).select(list(SOURCE_SCHEMA)).cast(SOURCE_SCHEMA))  # type: ignore[arg-type] # fmt: skip
    return pl.concat(parts).sort("every", "period", "fact", "date", "file", "line", maintain_order=True)


def _find_fact(
    name: str, facts: Mapping[str, Fact], schemes: tuple[Scheme, ...], appraisal: Appraisal
) -> tuple[Fact | None, bool]:
    """Return the fact behind a name, and whether it is taken a year earlier; None for targets, heads and the like."""
    if name.startswith("events:"):
        _, scheme, card, place = name.split(":")
        line = next(c for s in schemes if s.name == scheme for c in s.scorecards if c.name == card).lines[int(place)]
        kinds = tuple(dict.fromkeys(rule.kind for rule in line.deductions))
        return Fact(line.indicator, "incidents", where=(("kind", kinds),)), False
    measure = name.removesuffix(LAST_YEAR)
    if measure in appraisal.scene.measures:
        return fact_of_measure(appraisal.scene.measures[measure]), name.endswith(LAST_YEAR)
    return facts.get(name), False


def _name_places(company: Company, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with table, file and line."""
    source, places = company.sources.get(table), rows["row"].to_list()
    return pl.DataFrame({
        "table": [table] * len(places),
        "file": [source.file_at(row) if source else table for row in places],
        "line": [source.line(row) if source else row + 1 for row in places],
        "date": rows["date"],
    }, schema={"table": pl.String, "file": pl.String, "line": pl.Int64, "date": pl.Date})  # fmt: skip
