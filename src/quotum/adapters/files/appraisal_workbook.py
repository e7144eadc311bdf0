"""``appraisal.xlsx``: an appraisal for people: summary, ranking, a sheet a person with lines and signatures, charts.

The same for each unit with all below it, for its head and nobody else's eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.visit_papers import file_name
from quotum.adapters.printing.appraisal_tables import WHY_WORDS, count_objections
from quotum.engine.appraisal import Appraisal
from quotum.engine.appraisal.schemes import Scheme
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings

MOST_SHEETS = 200
"""People with a sheet of their own; all of them stand in the sheet of lines."""
MOST_LINES = 100_000
_CHARTED = 24  # bars of a chart, which fits on a page
_MOST_CARDS = 12  # of which the first page draws the ranking
_LINE_PIXELS = 20
_REPEATED = 4  # lines of heads, or of two lines of them, on each further page of a list
_PAGE_LINES = 33
"""Of a printed sheet; a scorecard or chart that does not fit on the rest of a page begins the next one."""
WORDS = {
    "summary": "Summary", "ranking": "Ranking", "lines": "Lines", "commissions": "Commission", "costs": "Costs",
    "goals": "Goals", "scorecard": "Scorecard", "period": "Period", "effect": "Effect", "people": "Scored",
    "mean": "Mean score", "least": "Least", "most": "Most", "who": "Who", "name": "Name", "unit": "Unit",
    "rank": "Rank", "score": "Score", "grade": "Grade", "void": "Void", "pay_factor": "Pay factor", "pay": "Pay",
    "last": "Among the last", "improve": "Improve until", "indicator": "Indicator", "weight": "Weight",
    "target": "Target", "actual": "Actual", "points": "Points", "why": "Why", "yes": "yes", "total": "Total",
    "commission": "Commission", "tier": "Tier", "rate": "Rate", "eligible": "Eligible", "factor": "Factor",
    "amount": "Amount", "item": "Item", "quota": "Quota", "spent": "Spent", "kept": "Kept", "overrun": "Not refunded",
    "post": "Post", "from_post": "From", "part": "Part", "owner": "Owner",
    "title": "Appraisal, {since} to {until}", "schemes": "Schemes: {names}",
    "ranking_note": "Within each scorecard and period; equal scores share a rank.",
    "lines_note": "The points of a score's lines add up to it.",
    "person_note": "{unit} · every line opens with: quotum explain … --person {person}",
    "objection": "Objection", "objections": "Objections", "date": "Date", "about": "About", "reason": "Reason",
    "state": "State", "answered": "Answered", "answer": "Answer", "of_unit": "{unit}: {title}",
    "of_card": "{score}: {card}, {period}",
    "consequences": "Consequences", "below": "Below", "weakest": "Weakest", "follows": "What follows", "due": "Due",
    "says": "Or else", "consequences_note": "Who failed or is among the last: what is to be done by when.",
    "signatures": ["Appraised by, date", "Person, date", "Objections"],
}  # fmt: skip


def write_appraisal_workbook(
    appraisal: Appraisal, company: Company, settings: PlanSettings, schemes: Sequence[Scheme], path: Path
) -> None:
    """Write the workbook. Raises OSError when the file cannot be written."""
    title = str(WORDS["title"]).format(since=appraisal.since, until=appraisal.until)
    _write_book(appraisal, company, settings, schemes, path, title)


def write_unit_workbooks(
    appraisal: Appraisal, company: Company, settings: PlanSettings, schemes: Sequence[Scheme], folder: Path
) -> None:
    """Write a workbook for each unit in which somebody was scored: the unit and all below it, and nothing else.

    Ranks stay those among all. Raises OSError when a file cannot be written.
    """
    tree, names = appraisal.scene.subjects.tree, dict(company["units"].select("unit", "name").iter_rows())
    scored = set(appraisal["scores"]["unit"])
    folder.mkdir()
    for unit in tree.keys:
        below = tree.subtree(unit)
        if scored & below:
            title = str(WORDS["title"]).format(since=appraisal.since, until=appraisal.until)
            title = str(WORDS["of_unit"]).format(unit=names.get(unit) or unit, title=title)
            part = _only(appraisal, sorted(below))
            _write_book(part, company, settings, schemes, folder / f"{file_name(unit)}.xlsx", title)


def _only(appraisal: Appraisal, units: Sequence[str]) -> Appraisal:
    """Return the appraisal of some units and the people in them."""
    here = pl.col("unit").is_in(list(units))
    people = appraisal["scores"].filter(here)["person"].unique().implode()
    by_unit = ("scores", "lines", "facts", "cost_quotas", "consequences")
    tables = {name: appraisal[name].filter(here) for name in by_unit}
    tables |= {name: appraisal[name].filter(pl.col("person").is_in(people)) for name in ("commissions", "objections")}
    return replace(appraisal, tables={**appraisal.tables, **tables, "goals": appraisal["goals"].clear()})


def _write_book(
    appraisal: Appraisal, company: Company, settings: PlanSettings, schemes: Sequence[Scheme], path: Path, title: str
) -> None:
    names = {**dict(company["units"].select("unit", "name").iter_rows()),
             **dict(company["people"].select("person", "name").iter_rows())}  # fmt: skip
    with Book(path, settings) as book:
        _write_summary(book, appraisal, title, schemes)
        _write_ranking(book, appraisal, settings, names)
        _write_consequences(book, appraisal)
        _write_money(book, appraisal, settings)
        people = [p for p in appraisal["scores"]["person"].unique().sort().to_list() if p]
        for person in people[:MOST_SHEETS]:
            _write_person(book, appraisal, settings, person, names.get(person) or person)
        _write_lines(book, appraisal)


def _write_summary(book: Book, appraisal: Appraisal, title: str, schemes: Sequence[Scheme]) -> None:
    """Write a line a scorecard and period, with charts of mean scores and of each scorecard's latest ranking."""
    score = pl.col("score_e2") / 100
    told = (
        appraisal["scores"]
        .group_by("scorecard", "period", "effect", maintain_order=True)
        .agg(people=score.count(), mean=score.mean(), least=score.min(), most=score.max())
    )
    columns = [
        *(Column(name, _word(name), told[name].to_list()) for name in ("scorecard", "period", "effect")),
        Column("people", _word("people"), told["people"].to_list(), "whole"),
        *(Column(name, _word(name), told[name].to_list(), "number") for name in ("mean", "least", "most")),
    ]
    note = str(WORDS["schemes"]).format(names=", ".join(f"{s.name} ({s.since})" for s in schemes))
    sheet = book.write_list(_word("summary"), title, note, columns, frozen=1)
    if not told.height:
        return
    at, page, breaks = told.height + 5, 0, []
    charts = [(_word("summary"), (0, min(told.height, _CHARTED)), (0, 1), 4, _word("mean"))]
    for card, period, first, people in list_latest(appraisal["scores"])[:_MOST_CARDS]:
        of_card = str(WORDS["of_card"]).format(score=_word("score"), card=card, period=period)
        charts.append((_word("ranking"), (first, min(people, _CHARTED)), (4, 4), 6, of_card))
    for name, span, keys, values, words in charts:
        if at + _chart_lines(span) > page + _PAGE_LINES:
            page = at - _REPEATED
            breaks.append(at)
        _chart(book, sheet, name, span, keys, values, words, at)
        at += _chart_lines(span) + 1
    sheet.print_area(0, 0, at, 8)
    sheet.set_print_scale(95)  # as wide as a page; fitted to pages Excel would leave out the breaks
    sheet.set_h_pagebreaks(breaks)


def list_latest(scores: pl.DataFrame) -> list[tuple[str, str, int, int]]:
    """Return the latest period of each scorecard: both names, its first line in the ranking, how many have a score."""
    frame = _rank(scores).with_row_index("line")
    spans = frame.group_by("scorecard", "since", "period", maintain_order=True).agg(
        pl.col("line").first(), people=pl.col("score_e2").count()
    )
    spans = spans.filter(pl.col("people") > 0).group_by("scorecard", maintain_order=True).last()
    return spans.select("scorecard", "period", "line", "people").rows()


def _rank(scores: pl.DataFrame) -> pl.DataFrame:
    """Return scores in the order of the ranking, those without one at the end of their period."""
    return scores.sort("scorecard", "since", "rank", "person", "unit", nulls_last=True)


def _write_ranking(book: Book, appraisal: Appraisal, settings: PlanSettings, names: dict[str, str]) -> None:
    """Write everybody's score, best first."""
    frame = _rank(appraisal["scores"])
    who = [person or unit for person, unit in frame.select("person", "unit").iter_rows()]
    objections = count_objections(appraisal["objections"])
    scores = frame.select("person", "scheme", "scorecard", "period").iter_rows()
    columns = [
        Column("scorecard", _word("scorecard"), frame["scorecard"].to_list()),
        Column("period", _word("period"), frame["period"].to_list()),
        Column("rank", _word("rank"), frame["rank"].to_list(), "whole"),
        Column("who", _word("who"), who),
        Column("name", _word("name"), [names.get(key) or key for key in who]),
        Column("unit", _word("unit"), frame["unit"].to_list()),
        Column("score", _word("score"), _points(frame["score_e2"]), "number"),
        Column("grade", _word("grade"), frame["grade"].to_list()),
        Column("void", _word("void"), [", ".join(voided) for voided in frame["voided"].to_list()]),
        Column("pay_factor", _word("pay_factor"), frame["pay_factor"].to_list(), "percent"),
        Column("pay", _word("pay"), frame["pay"].to_list(), "amount"),
        Column("last", _word("last"), [_word("yes") if last else "" for last in frame["last_place"].to_list()]),
        Column("improve", _word("improve"), [str(day or "") for day in frame["improve_until"].to_list()]),
        *([Column("objection", _word("objection"), [objections.get(score, "") for score in scores])]
          if objections else []),
    ]  # fmt: skip
    book.write_list(_word("ranking"), _word("ranking"), _word("ranking_note"), columns,
                    decimals=settings.currency_decimals, frozen=1)  # fmt: skip


def _write_consequences(book: Book, appraisal: Appraisal) -> None:
    """Write whom a bad score asks to improve by when, where there is anybody."""
    frame = appraisal["consequences"]
    if frame.is_empty():
        return
    follows = [_word("improve" if kind == "improve" else "last") for kind in frame["kind"].to_list()]
    columns = [
        Column("who", _word("who"), [person or unit for person, unit in frame.select("person", "unit").iter_rows()]),
        *(Column(key, _word(key), frame[key].to_list()) for key in ("scorecard", "period")),
        Column("score", _word("score"), _points(frame["score_e2"]), "number"),
        Column("below", _word("below"), _points(frame["below_e2"]), "number"),
        Column("weakest", _word("weakest"), frame["weakest"].to_list()),
        Column("follows", _word("follows"), follows),
        Column("due", _word("due"), [str(day or "") for day in frame["due"].to_list()]),
        Column("says", _word("says"), frame["says"].to_list()),
    ]
    book.write_list(_word("consequences"), _word("consequences"), _word("consequences_note"), columns, frozen=1)


def _write_money(book: Book, appraisal: Appraisal, settings: PlanSettings) -> None:
    """Write commissions, cost quotas and goals, where there are any."""
    paid, held, goals = (appraisal[name] for name in ("commissions", "cost_quotas", "goals"))
    places = settings.currency_decimals
    if paid.height:
        columns = [
            Column("who", _word("who"), paid["person"].to_list(), total=_word("total")),
            *(Column(name, _word(name), paid[name].to_list()) for name in ("commission", "period")),
            Column("tier", _word("tier"), paid["tier"].to_list(), "whole"),
            Column("eligible", _word("eligible"), paid["eligible"].to_list(), "number"),
            Column("rate", _word("rate"), paid["rate"].to_list(), "percent"),
            Column("factor", _word("factor"), paid["factor"].to_list(), "number"),
            Column("amount", _word("amount"), paid["amount"].to_list(), "amount", total="=SUM({amount_all})",
                   total_value=int(paid["amount"].sum())),
        ]  # fmt: skip
        book.write_list(_word("commissions"), _word("commissions"), "", columns, decimals=places, frozen=1)
    if held.height:
        who = [person or unit for person, unit in held.select("person", "unit").iter_rows()]
        amounts = {"quota": "quota", "actual": "spent", "kept": "kept", "overrun": "overrun"}
        columns = [
            Column("who", _word("who"), who),
            *(Column(name, _word(name), held[name].to_list()) for name in ("item", "period")),
            *(Column(name, _word(word), held[name].to_list(), "amount") for name, word in amounts.items()),
        ]
        book.write_list(_word("costs"), _word("costs"), "", columns, decimals=places, frozen=1)
    if goals.height:
        columns = [
            *(Column(name, _word(name), goals[name].to_list()) for name in ("indicator", "post", "from_post")),
            Column("part", _word("part"), goals["part"].to_list(), "percent"),
            Column("target", _word("target"), (goals["target_e4"] / 10_000).to_list(), "number"),
            Column("owner", _word("owner"), [_word("yes") if owns else "" for owns in goals["owns"].to_list()]),
        ]
        book.write_list(_word("goals"), _word("goals"), "", columns, frozen=1)


def _write_person(book: Book, appraisal: Appraisal, settings: PlanSettings, person: str, name: str) -> None:
    """Write a person's scores, the lines of each below, and room to sign."""
    scores = appraisal["scores"].filter(person=person)
    lines = appraisal["lines"].filter(person=person)
    sheet = book.add_sheet(person)
    book.write_title(sheet, name, str(WORDS["person_note"]).format(unit=scores["unit"][0], person=person))
    columns = [
        *(Column(key, _word(key), scores[key].to_list()) for key in ("scorecard", "period", "effect")),
        Column("score", _word("score"), _points(scores["score_e2"]), "number"),
        Column("rank", _word("rank"), scores["rank"].to_list(), "whole"),
        Column("grade", _word("grade"), scores["grade"].to_list()),
        Column("pay_factor", _word("pay_factor"), scores["pay_factor"].to_list(), "percent"),
        Column("pay", _word("pay"), scores["pay"].to_list(), "amount"),
        Column("improve", _word("improve"), [str(day or "") for day in scores["improve_until"].to_list()]),
    ]
    at = book.write_table(sheet, 3, 0, columns, decimals=settings.currency_decimals) + 2
    page, breaks = 0, []
    for (card, period), frame in lines.group_by("scorecard", "period", maintain_order=True):
        if at + frame.height + 3 > page + _PAGE_LINES:
            page = at
            breaks.append(at)
        sheet.write_string(at, 0, f"{card}, {period}", book.format(bold=True))
        at = book.write_table(sheet, at + 1, 0, _line_columns(frame, total=True)) + 2
    objections = appraisal["objections"].filter(person=person)
    if objections.height:
        sheet.write_string(at, 0, _word("objections"), book.format(bold=True))
        at = book.write_table(sheet, at + 1, 0, _objection_columns(objections)) + 2
    for place, words in enumerate(WORDS["signatures"]):
        sheet.write_string(at + 1 + 2 * place, 0, words, book.format(top=1))
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 8, 13)
    sheet.set_print_scale(95)  # as wide as a page; fitted to pages Excel would leave out the breaks
    sheet.set_h_pagebreaks(breaks)


def _objection_columns(objections: pl.DataFrame) -> list[Column]:
    about = [indicator or card for indicator, card in objections.select("indicator", "scorecard").iter_rows()]
    return [
        Column("about", _word("about"), about),
        Column("period", _word("period"), objections["period"].to_list()),
        Column("date", _word("date"), [str(day) for day in objections["date"].to_list()]),
        Column("reason", _word("reason"), objections["reason"].to_list()),
        Column("state", _word("state"), objections["state"].to_list()),
        Column("answered", _word("answered"), [str(day or "") for day in objections["answered"].to_list()]),
        Column("answer", _word("answer"), [text or "" for text in objections["answer"].to_list()]),
    ]


def _write_lines(book: Book, appraisal: Appraisal) -> None:
    """Write the lines of all scores as one list."""
    frame = appraisal["lines"].head(MOST_LINES)
    who = [person or unit for person, unit in frame.select("person", "unit").iter_rows()]
    columns = [
        Column("who", _word("who"), who),
        *(Column(key, _word(key), frame[key].to_list()) for key in ("scorecard", "period")),
        *_line_columns(frame, total=False),
    ]
    book.write_list(_word("lines"), _word("lines"), _word("lines_note"), columns, frozen=1)


def _line_columns(frame: pl.DataFrame, *, total: bool) -> list[Column]:
    points = _points(frame["points_e2"])
    return [
        Column("indicator", _word("indicator"), frame["indicator"].to_list(), total=_word("total") if total else ""),
        *(Column(key, _word(key), frame[key].to_list(), "number") for key in ("weight", "target", "actual")),
        Column("points", _word("points"), points, "number", total="=SUM({points_all})" if total else "",
               total_value=int(frame["points_e2"].sum()) / 100),
        Column("why", _word("why"), [WHY_WORDS[why] for why in frame["why"].to_list()]),
    ]  # fmt: skip


def _chart(
    book: Book, sheet: Any, name: str, span: tuple[int, int], keys: tuple[int, int], values: int, title: str, at: int
) -> None:
    """Put a bar chart of some lines of a list (below three lines of title and one of heads) below a line.

    ``span``: the first of the lines and how many.
    """
    chart = book.add_chart({"type": "bar"})
    first, last = 4 + span[0], 3 + sum(span)
    chart.add_series({
        "name": title, "categories": [name, first, keys[0], last, keys[1]],
        "values": [name, first, values, last, values],
        "fill": {"color": "#2f6db5"}, "gap": 40, "data_labels": {"value": True, "num_format": "0.0"},
    })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_size({"width": 620, "height": _chart_pixels(span)})
    sheet.insert_chart(at, 0, chart)


def _chart_pixels(span: tuple[int, int]) -> int:
    return max(160, 18 * span[1] + 80)


def _chart_lines(span: tuple[int, int]) -> int:
    """Return how many lines of a sheet a chart takes."""
    return _chart_pixels(span) // _LINE_PIXELS + 1


def _points(hundredths: pl.Series) -> list[float | None]:
    return (hundredths / 100).to_list()


def _word(key: str) -> str:
    return str(WORDS[key])
