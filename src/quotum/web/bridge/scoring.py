"""Appraisals as folders: a period of the database's company scored by schemes, kept with the rows it was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from quotum.adapters.calendars import list_working_days
from quotum.adapters.files.appraisal_folder import write_appraisal
from quotum.adapters.files.digests import digest_file
from quotum.engine.appraisal import Appraisal, list_sources
from quotum.engine.appraising import appraise_company, find_period, list_periods
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.periods import years_before
from quotum.engine.planning import up_to
from quotum.engine.tables.company import Company
from quotum.web.bridge.company import open_records
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.logged import with_log
from quotum.web.bridge.plans import open_plan
from quotum.web.bridge.schemes import check_all
from quotum.web.bridge.stored import new_address, stored

ROWS = "rows"
"""The folder in an appraisal with the rows themselves, a file a table: they stay whatever becomes of the tables."""
_OF_ITS_OWN = ("history_after_as_of", "outside_plan")
_SCORES = ("person", "unit", "scheme", "scorecard", "effect", "period", "since", "until", "score_e2", "rank", "of",
           "grade", "voided", "pay_factor", "pay", "last_place", "improve_until")  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeAppraisal:
    """What scoring brought: where it lies (empty: it was refused), its digest, everybody's scores, findings."""

    address: str = ""
    digest: str = ""
    since: date | None = None
    until: date | None = None
    scores: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)


def name_periods(address: str) -> dict[str, tuple[date, date]]:
    """Return the periods of a plan that can be scored, with their days (half open)."""
    return {label: (p.since, p.until) for label, p in list_periods(open_plan(address).settings).items()}


def score_company(
    address: str, text: str, schemes: Mapping[str, str], period: str, as_of: date,
    tell: Callable[[str], None] = lambda _: None,
) -> MadeAppraisal:  # fmt: skip
    """Score a period of the database's company against the plan at an address and keep what came out.

    ``schemes`` are name -> text. Rows dated later than ``as_of`` are not looked at: before the period's end it is the
    score so far, against the whole period's target.
    """
    tell("reading")
    plan, opened = open_plan(address), open_records(text)
    issues = [i for i in opened.issues if i.severity != "note" and i.rule not in _OF_ITS_OWN]
    if opened.settings is None or stops(issues):
        return MadeAppraisal(findings=list_findings(issues))
    company, settings = up_to(with_log(opened.company), as_of), plan.settings
    span, found = find_period(period, settings)
    issues += found
    tell("checking")
    read, found = check_all(company, opened.settings, schemes)
    issues += found
    if span is None or stops(issues):
        return MadeAppraisal(findings=list_findings(issues))
    tell("scoring")
    days = list_working_days(settings.country, years_before(span[0], 1), span[1])
    made = appraise_company(company, plan, read, days, *span)
    issues += made.issues
    if made["scores"].is_empty():
        issues.append(Issue(rule="appraisal_nobody", table="schemes", value=period))
        return MadeAppraisal(findings=list_findings(issues))
    tell("opening")
    made = replace(made, tables={**made.tables, **list_sources(made, read, company)})
    tell("writing")
    kept = new_address("appraisals")
    found = write_appraisal(
        made, stored(kept), name=settings.name, period=period, parent=digest_file(stored(address) / "plan.json"),
        schemes=read, inputs={}, run={}, issues=issues, finish=lambda folder: _write_rows(made, company, folder),
    )  # fmt: skip
    issues += found
    if stops(found):
        return MadeAppraisal(findings=list_findings(issues))
    scores = made["scores"].select(_SCORES).to_dicts()
    return MadeAppraisal(kept, digest_file(stored(kept) / "appraisal.json"), *span, scores, list_findings(issues))


def _write_rows(made: Appraisal, company: Company, folder: Path) -> None:
    """Write the rows that anybody's figures were made from, each with the number the sources name it by."""
    (folder / ROWS).mkdir()
    for (table,), used in made["sources"].select("table", "line").unique().group_by("table"):
        places = used["line"].sort() - 1
        rows = company[str(table)][places.to_list()].insert_column(0, (places + 1).alias("row"))
        rows.write_parquet(folder / ROWS / f"{table}.parquet", compression="zstd")


def draw_scores(kind: str, lines: list[dict[str, Any]], words: Mapping[str, str]) -> dict[str, Any]:
    """Return a chart as Vega-Lite: ``lines`` of one score, or the ``ranking`` of many."""
    from quotum.adapters.charts.scores import draw_points, draw_ranking

    return {**(draw_points if kind == "lines" else draw_ranking)(lines, words), "width": "container"}
