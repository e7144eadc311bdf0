"""The rows of a company's tables that every figure of an appraisal was made from, with file and line.

A row is listed once for each figure it may count in; windows say from when to when a figure looks in a period. Both
together open any line of anybody, also when only the stored tables are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from quotum.engine.appraisal.appraise import Appraisal
from quotum.engine.appraisal.events import list_heads
from quotum.engine.appraisal.facts import pick_rows, window_of
from quotum.engine.appraisal.figures import LAST_YEAR, a_year_before, fact_of_measure
from quotum.engine.appraisal.schemes import BASES_OF_COMMISSION, Fact, Scheme, Scorecard, in_force
from quotum.engine.appraisal.subjects import Subjects
from quotum.engine.basics.periods import Period
from quotum.engine.basics.trees import Tree
from quotum.engine.tables.company import Company

SOURCE_SCHEMA: dict[str, type[pl.DataType]] = {
    # A line a row and figure. person null: nobody's. line: as an editor or Excel counts.
    "source": pl.String, "person": pl.String, "unit": pl.String, "table": pl.String, "file": pl.String,
    "line": pl.Int64, "date": pl.Date,
}  # fmt: skip
WINDOW_SCHEMA: dict[str, type[pl.DataType]] = {
    # From when to when (half open) a figure of a scorecard, commission or cost looks for rows in a period.
    "scheme": pl.String, "part": pl.String, "period": pl.String, "fact": pl.String, "source": pl.String,
    "since": pl.Date, "until": pl.Date,
}  # fmt: skip
UNIT_SCHEMA: dict[str, type[pl.DataType]] = {"unit": pl.String, "parent": pl.String}
SOURCE_TABLES = {"sources": SOURCE_SCHEMA, "windows": WINDOW_SCHEMA, "units": UNIT_SCHEMA}
OPENED_SCHEMA: dict[str, type[pl.DataType]] = {
    "part": pl.String, "period": pl.String, "fact": pl.String, "table": pl.String, "file": pl.String,
    "line": pl.Int64, "date": pl.Date,
}  # fmt: skip


def list_sources(appraisal: Appraisal, schemes: tuple[Scheme, ...], company: Company) -> dict[str, pl.DataFrame]:
    """Return the tables of ``SOURCE_TABLES``: the rows behind everybody's scores, commissions and cost quotas."""
    found = _Windows(appraisal)
    for (name, part), spans in _list_spans(appraisal).items():
        for span in spans:
            for scheme in in_force(schemes, span.since):
                if scheme.name == name:
                    found.add_part(scheme, part, span)
    windows = pl.DataFrame(found.lines, schema=WINDOW_SCHEMA, orient="row").unique().sort(pl.all())
    subjects, rows = appraisal.scene.subjects, appraisal.scene.rows
    parts = [pl.DataFrame(schema=SOURCE_SCHEMA)]
    for name, fact in sorted(found.facts.items()):
        own = windows.filter(source=name)
        picked = _say_whose(pick_rows(fact, rows), subjects)
        if name in found.shared:
            picked = pl.concat([picked, _give_to_heads(picked, found.shared[name], subjects)])
        inside = picked.filter(pl.col("date") >= own["since"].min(), pl.col("date") < own["until"].max()).unique()
        parts.append(_name_places(company, "customers" if fact.table == "holdings" else fact.table, name, inside))
    told = pl.concat(parts).sort("source", "file", "line", "person", nulls_last=True)
    return {"sources": told, "windows": windows, "units": company["units"].select(list(UNIT_SCHEMA)).sort("unit")}


def open_sources(tables: Mapping[str, pl.DataFrame], *, person: str = "", unit: str = "") -> pl.DataFrame:
    """Return the rows behind all that an appraisal tells of a person, or of a unit with all below (``OPENED_SCHEMA``).

    ``tables`` are those of an appraisal together with ``SOURCE_TABLES``.
    """
    whose = (pl.col("person") == person) & (pl.col("unit") == unit if unit else pl.lit(value=True))
    names = {"scores": "scorecard", "commissions": "commission", "cost_quotas": "item"}
    told = [tables[name].with_columns(unit=pl.lit("")) if name == "commissions" else tables[name] for name in names]
    parts = [
        frame.filter(whose).select("scheme", pl.col(part).alias("part"), "period")
        for frame, part in zip(told, names.values(), strict=True)
    ]
    windows = tables["windows"].join(pl.concat(parts).unique(), on=["scheme", "part", "period"], how="semi")
    rows = tables["sources"].filter(pl.col("source").is_in(windows["source"].unique().implode()))
    if person:
        rows = rows.filter(pl.col("person") == person)
    else:
        tree = Tree.of(tables["units"]["unit"].to_list(), tables["units"]["parent"].to_list())
        rows = rows.filter(pl.col("unit").is_in(sorted(tree.subtree(unit)) if unit in tree.keys else []))
    found = rows.join(windows, on="source").filter(pl.col("date") >= pl.col("since"), pl.col("date") < pl.col("until"))
    return found.select(list(OPENED_SCHEMA)).unique().sort(list(OPENED_SCHEMA))


def _list_spans(appraisal: Appraisal) -> dict[tuple[str, str], list[Period]]:
    """Return the periods of each scorecard, commission and cost quota that was told."""
    spans: dict[tuple[str, str], list[Period]] = {}
    for name, part in (("scores", "scorecard"), ("commissions", "commission"), ("cost_quotas", "item")):
        known = appraisal[name].select("scheme", part, "since", "until", "period").unique().sort(pl.all())
        for scheme, key, since, until, label in known.iter_rows():
            spans.setdefault((scheme, key), []).append(Period(since, until, label))
    return spans


@dataclass(slots=True)
class _Windows:
    """Windows as they are found, with the facts behind their sources."""

    appraisal: Appraisal
    lines: list[tuple[str, str, str, str, str, date, date]] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    shared: dict[str, Scorecard] = field(default_factory=dict)  # events that heads bear a share of

    def add(self, scheme: str, part: str, fact: Fact, span: Period, called: str = "") -> str:
        """Add the window of a fact; two facts of one name have sources of their own."""
        plain = Fact(fact.name, fact.table, where=fact.where, on=fact.on)  # which rows: not how they are summed up
        name, more = fact.name, 2
        while self.facts.setdefault(name, plain) != plain:
            name, more = f"{fact.name}#{more}", more + 1
        since, until = window_of(fact, span)
        self.lines.append((scheme, part, span.label, called or fact.name, name, since, until))
        return name

    def add_part(self, scheme: Scheme, part: str, span: Period) -> None:
        """Add the windows of what is called ``part`` in a scheme."""
        for card in scheme.scorecards:
            if card.name == part:
                self.add_card(scheme, card, span)
        for commission in scheme.commissions:
            if commission.name == part:
                self.add(scheme.name, part, Fact(part, BASES_OF_COMMISSION[commission.on]), span)
        for quota in scheme.cost_quotas:
            if quota.item == part:
                self.add(scheme.name, part, Fact(part, "costs", where=(("item", (part,)),)), span)

    def add_card(self, scheme: Scheme, card: Scorecard, span: Period) -> None:
        """Add the windows of a scorecard's figures and of the events that its lines deduct."""
        rules = self.appraisal["rules"].filter(scheme=scheme.name, scorecard=card.name)
        measures = self.appraisal.scene.measures
        for name in sorted({name for names in rules["facts"].to_list() for name in names}):
            measure = name.removesuffix(LAST_YEAR)
            if measure in measures:
                earlier = name.endswith(LAST_YEAR)
                fact = fact_of_measure(measures[measure])
                self.add(scheme.name, card.name, fact, a_year_before(span) if earlier else span, name)
            elif name in scheme.facts:
                self.add(scheme.name, card.name, scheme.facts[name], span)
        for line in card.lines:
            if line.score == "deduct":
                kinds = tuple(dict.fromkeys(rule.kind for rule in line.deductions))
                source = self.add(scheme.name, card.name, Fact(line.indicator, "incidents", where=(("kind", kinds),)),
                                  span)  # fmt: skip
                if any(rule.share for rule in line.deductions):
                    self.shared[source] = card


def _say_whose(rows: pl.DataFrame, subjects: Subjects) -> pl.DataFrame:
    """Return ``row, date, person, unit``; a row without a unit counts in that of its person."""
    homes = subjects.frame.filter(pl.col("person").is_not_null()).select("person", home="unit")
    told = rows.select("row", "date", "person", "unit").drop_nulls("date").join(homes, on="person", how="left")
    return told.select("row", "date", "person", pl.coalesce("unit", "home").alias("unit"))


def _give_to_heads(events: pl.DataFrame, card: Scorecard, subjects: Subjects) -> pl.DataFrame:
    """Return the events that heads of units bear a share of, as theirs."""
    heads = subjects.frame.filter(pl.Series(list_heads(card, subjects))).select("unit", head="person").drop_nulls()
    borne = events.join(heads, on="unit").filter(pl.col("person").ne_missing(pl.col("head")))
    return borne.select("row", "date", pl.col("head").alias("person"), "unit")


def _name_places(company: Company, table: str, source: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with table, file and line."""
    known, at = company.sources.get(table), rows["row"]
    if known is None:
        file, line = pl.lit(table), pl.lit(at + 1)
    else:
        file = pl.lit(known.file) if known.files is None else pl.lit(known.files.gather(at))
        line = pl.lit(at + known.first_line if known.lines is None else known.lines.gather(at))
    return rows.with_columns(
        source=pl.lit(source), table=pl.lit(table), file=file.cast(pl.String), line=line.cast(pl.Int64)
    ).select(list(SOURCE_SCHEMA)).cast(SOURCE_SCHEMA)  # type: ignore[arg-type] # fmt: skip
