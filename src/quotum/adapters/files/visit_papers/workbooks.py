"""Workbooks of visits: the monthly visit plan of everybody with a line to sign, and a person's weeks and days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

import polars as pl
from xlsxwriter.utility import xl_rowcol_to_cell

from quotum.adapters.files.plan_workbook.book import Book, Column, clean, estimate_width
from quotum.adapters.files.visit_papers.words import WORDS, place_of, weekday_word
from quotum.engine.action_plan.visit_plan import VisitPlan
from quotum.engine.tables.plan_settings import PlanSettings

_MOST_SHEETS = 60
"""People with a sheet of their own in the team's workbook; larger teams get their sheets person by person."""
_MARKS = {"visit": "●", "appointment": "◆", "call": "☎"}
_COUNTS = ("visits_planned", "calls_planned", "visits_made", "calls_made", "purpose")
_HEAD, _LEFT = 3, 5  # the line of titles, and the columns before the days


class Cover(NamedTuple):
    """What a workbook needs to know of its plan."""

    name: str
    as_of: date


class _Made(NamedTuple):
    """Days with a visit or a fixed date, and days with a call alone."""

    visits: int
    calls: int


class _Line(NamedTuple):
    customer: str
    name: str
    customer_class: str
    place: str
    every: str
    days: Mapping[date, str]
    actual: _Made | None  # None: the log knows nothing of the month
    why: str

    @property
    def planned(self) -> _Made:
        calls = sum(mark == _MARKS["call"] for mark in self.days.values())
        return _Made(len(self.days) - calls, calls)


def write_team_workbook(
    plan: VisitPlan, settings: PlanSettings | Cover, path: Path, activities: pl.DataFrame | None = None
) -> None:
    """Write the team's sums and everybody's monthly visit plan. Raises OSError when the file cannot be written.

    ``activities(date, person, customer, kind)`` is the log: what was made stands beside what is planned.
    """
    people = plan["visit_people"]["person"].to_list()
    with Book(path, cast(PlanSettings, settings)) as book:  # a name and a date are all it reads
        _write_sums(book, plan)
        for person in people if len(people) <= _MOST_SHEETS else []:
            _write_months(book, plan, person, activities)


def write_person_workbook(
    plan: VisitPlan, name: str, person: str, path: Path, activities: pl.DataFrame | None = None
) -> None:
    """Write a person's monthly visit plan, a sheet for each week and the list of days."""
    with Book(path, cast(PlanSettings, Cover(name, plan.since))) as book:
        _write_months(book, plan, person, activities)
        for monday in _mondays(plan, person):
            _write_week(book, plan, person, monday)
        _write_days(book, plan, person)


def _write_sums(book: Book, plan: VisitPlan) -> None:
    from quotum.adapters.printing.visit_tables import sum_visits

    sums = sum_visits(plan)
    counts = ("customers", "days", "open_days", "visits", "appointments", "calls", "travel", "service", "missed")
    columns = [
        Column("person", WORDS["person"], sums["person"].to_list(), total=WORDS["total"]),
        Column("name", WORDS["name"], sums["name"].to_list()),
    ]
    for key in counts:
        values = sums[key].to_list()
        columns.append(
            Column(key, WORDS[key], values, "whole", total=f"=SUM({{{key}_all}})", total_value=float(sum(values)))
        )
    book.write_list(WORDS["people"], WORDS["people_title"], _span(plan), columns, frozen=2)


def _write_months(book: Book, plan: VisitPlan, person: str, activities: pl.DataFrame | None) -> None:
    month = plan.since.replace(day=1)
    while month < plan.until:
        _write_month(book, plan, person, month, count_made(plan, person, month, activities))
        month = (month + timedelta(days=31)).replace(day=1)


def count_made(
    plan: VisitPlan, person: str, month: date, activities: pl.DataFrame | None
) -> dict[str, _Made] | None:
    """Return on how many days of a month each customer was visited, and on how many only called, by a person.

    None where the log knows nobody's visit or call of the month: then the sheet is to be written in.
    """
    if activities is None:
        return None
    end = (month + timedelta(days=31)).replace(day=1)
    begin, end = max(month, plan.since), min(end, plan.until)
    kind = pl.col("kind")
    made = activities.filter(
        pl.col("kind").is_in(["visit", "call"]), pl.col("date") >= begin, pl.col("date") < end,
        pl.col("customer").is_not_null(),
    )  # fmt: skip
    days = made.filter(pl.col("person") == person).group_by("customer", "date").agg(visited=(kind == "visit").any())
    own = days.group_by("customer").agg(visits=pl.col("visited").sum(), calls=(~pl.col("visited")).sum())
    return {customer: _Made(*counts) for customer, *counts in own.sort("customer").iter_rows()} if made.height else None


def _write_month(book: Book, plan: VisitPlan, person: str, month: date, made: Mapping[str, _Made] | None) -> None:
    """Write one person's month: a line a customer, a column a day, totals, and the line to sign."""
    lines, who = _month_lines(plan, person, month, made), _called(plan, person)
    sheet = book.add_sheet(f"{person} {month:%Y-%m}")
    book.write_title(sheet, WORDS["month_title"].format(person=who, month=f"{month:%Y-%m}"),
                     f"{WORDS['marks']}   {WORDS['every_means']}")  # fmt: skip
    num_days = monthrange(month.year, month.month)[1]
    is_open = dict(plan["visit_days"].filter(pl.col("person") == person).select("date", "is_open").iter_rows())
    head = {"bold": True, "bottom": 1, "bg_color": "#DDE6F3", "text_wrap": True, "valign": "vcenter"}
    titles = [WORDS[key] for key in ("number", "customer", "class", "address", "every")]
    for at, title in enumerate(titles):
        sheet.write_string(_HEAD, at, title, book.format(**head))
    for at in range(num_days):
        day = month + timedelta(days=at)
        shade = {} if is_open.get(day) else {"bg_color": "#C9CFD8"}
        form = book.format(**{**head, **shade, "align": "center", "font_size": 8})
        sheet.write_string(_HEAD, _LEFT + at, f"{at + 1}\n{weekday_word(day)}", form)
    after = _LEFT + num_days
    for at, key in enumerate(_COUNTS, start=after):
        sheet.write_string(_HEAD, at, WORDS[key], book.format(**head))
    for row, line in enumerate(lines, start=_HEAD + 1):
        _write_month_line(book, sheet, row, line, month, num_days, is_open)
    _write_month_foot(book, sheet, _HEAD + 1 + len(lines), lines, month, num_days)
    widths = [4, _widest([f"{line.customer} {line.name}" for line in lines], 34), 7,
              _widest([line.place for line in lines], 22), 7]  # fmt: skip
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.set_column(_LEFT, after - 1, 2.9)
    sheet.set_column(after, after + 3, 8)
    sheet.set_column(after + 4, after + 4, _widest([line.why for line in lines], 30))
    sheet.set_row(_HEAD, 30)
    sheet.freeze_panes(_HEAD + 1, 2)
    sheet.repeat_rows(_HEAD)


def _write_month_line(
    book: Book, sheet: Any, row: int, line: _Line, month: date, num_days: int, is_open: Mapping[date, bool]
) -> None:
    sheet.write_number(row, 0, row - _HEAD)
    texts = (f"{line.customer} {line.name}".strip(), line.customer_class, line.place, line.every)
    for at, text in enumerate(texts, start=1):
        sheet.write_string(row, at, clean(text))
    for at in range(num_days):
        day = month + timedelta(days=at)
        shade = {} if is_open.get(day) else {"bg_color": "#E8EBEF"}
        form = book.format(align="center", font_size=9, border=1, border_color="#D5DAE1", **shade)
        mark = line.days.get(day, "")
        if mark:
            sheet.write_string(row, _LEFT + at, mark, form)
        else:
            sheet.write_blank(row, _LEFT + at, None, form)
    after = _LEFT + num_days
    days = f"{xl_rowcol_to_cell(row, _LEFT)}:{xl_rowcol_to_cell(row, after - 1)}"
    calls = f'COUNTIF({days},"{_MARKS["call"]}")'
    sheet.write_formula(row, after, f"=COUNTA({days})-{calls}", None, line.planned.visits)
    sheet.write_formula(row, after + 1, f"={calls}", None, line.planned.calls)
    for at, count in enumerate(line.actual or (None, None), start=after + 2):
        sheet.write(row, at, count, book.format(bottom=4))
    sheet.write_string(row, after + 4, clean(line.why), book.format(indent=1))


def _write_month_foot(book: Book, sheet: Any, row: int, lines: list[_Line], month: date, num_days: int) -> None:
    """Write how many contacts each day has, and who made, checked and approved the plan."""
    bold = {"bold": True, "top": 1}
    sheet.write_string(row, 1, WORDS["total"], book.format(**bold))
    for at in range(num_days):
        day = month + timedelta(days=at)
        count = sum(bool(line.days.get(day)) for line in lines)
        cells = f"{xl_rowcol_to_cell(_HEAD + 1, _LEFT + at)}:{xl_rowcol_to_cell(max(row - 1, _HEAD + 1), _LEFT + at)}"
        form = book.format(**bold, align="center", font_size=8, num_format="0;;")
        sheet.write_formula(row, _LEFT + at, f"=COUNTA({cells})", form, count)
    after = _LEFT + num_days
    counts = [(*line.planned, *line.actual) if line.actual else line.planned for line in lines]
    for at, column in enumerate(zip(*counts, strict=True), start=after):
        cells = f"{xl_rowcol_to_cell(_HEAD + 1, at)}:{xl_rowcol_to_cell(max(row - 1, _HEAD + 1), at)}"
        sheet.write_formula(row, at, f"=SUM({cells})", book.format(**bold), sum(column))
    sheet.write_string(row + 3, 1, WORDS["made"])
    sheet.write_string(row + 3, _LEFT, WORDS["checked"])
    sheet.write_string(row + 3, _LEFT + 12, WORDS["approved"])
    sheet.write_string(row + 3, _LEFT + 24, WORDS["signed_on"])
    sheet.print_area(0, 0, row + 4, after + 4)


def _month_lines(plan: VisitPlan, person: str, month: date, made: Mapping[str, _Made] | None) -> list[_Line]:
    """Return a line for each customer with a cadence or a visit made, those with one in the month first, by key."""
    end = (month + timedelta(days=31)).replace(day=1)
    customers = {row["customer"]: row for row in plan["visit_customers"].iter_rows(named=True)}
    days: dict[str, dict[date, str]] = {}
    own = plan["visits"].filter((pl.col("person") == person) & (pl.col("date") >= month) & (pl.col("date") < end))
    for row in own.sort("date", pl.col("kind") != "call").iter_rows(named=True):
        days.setdefault(row["customer"], {})[row["date"]] = _MARKS[row["kind"]]
    told: dict[str, list[dict[str, Any]]] = {}
    for row in plan["cadences"].filter(pl.col("person") == person).iter_rows(named=True):
        told.setdefault(row["customer"], []).append(row)
    lines = []
    for customer in {**told, **(made or {})}:
        rows, known = told.get(customer, []), customers.get(customer, {})
        every = ", ".join(f"{row['every']}{'☎' if row['kind'] == 'call' else ''}" for row in rows if row["every"])
        whys = [" ".join(part for part in (WORDS[f"why_{row['why']}"], row["detail"]) if part) for row in rows]
        lines.append(_Line(customer, known.get("name") or "", known.get("class") or "", place_of(known), every,
                           days.get(customer, {}), None if made is None else made.get(customer, _Made(0, 0)),
                           "; ".join(dict.fromkeys(whys)) or WORDS["not_planned"]))  # fmt: skip
    return sorted(lines, key=lambda line: (not line.days and not line.actual, line.customer))


def _mondays(plan: VisitPlan, person: str) -> list[date]:
    dates = plan["agenda"].filter(pl.col("person") == person)["date"].unique().to_list()
    return sorted({day - timedelta(days=day.weekday()) for day in dates})


def _write_week(book: Book, plan: VisitPlan, person: str, monday: date) -> None:
    """Write a week side by side: a column a day, a line a contact in its order."""
    year, week, _ = monday.isocalendar()
    names = dict(plan["visit_customers"].select("customer", "name").iter_rows())
    sheet = book.add_sheet(f"{year}-W{week:02d}")
    title = WORDS["week_title"].format(person=_called(plan, person), week=f"{year}-W{week:02d}")
    book.write_title(sheet, title, WORDS["marks"])
    head = book.format(bold=True, bottom=1, bg_color="#DDE6F3")
    cell = book.format(text_wrap=True, valign="top", border=1, border_color="#D5DAE1", font_size=9)
    agenda = plan["agenda"].filter((pl.col("person") == person) & ~pl.col("kind").is_in(["start"]))
    deepest = 0
    for at in range(7):
        day = monday + timedelta(days=at)
        own = agenda.filter(pl.col("date") == day).sort("position").to_dicts()
        if at > 4 and not own:
            continue
        sheet.write_string(_HEAD, at, f"{weekday_word(day)} {day}", head)
        sheet.set_column(at, at, 24)
        for row, line in enumerate(own, start=_HEAD + 1):
            sheet.write_string(row, at, clean(_entry(line, names)), cell)
            deepest = max(deepest, row)
    for row in range(_HEAD + 1, deepest + 1):
        sheet.set_row(row, 26)
    sheet.write_string(deepest + 3, 0, WORDS["made"])
    sheet.write_string(deepest + 3, 2, WORDS["checked"])


def _entry(line: Mapping[str, Any], names: Mapping[str, str | None]) -> str:
    clock = f"{line['start'] // 60:02d}:{line['start'] % 60:02d}"
    mark = _MARKS.get(line["kind"], WORDS.get(f"entry_{line['kind']}", ""))
    customer = line["customer"] or ""
    called = f"{customer} {names.get(customer) or ''}".strip() or line["detail"] or ""
    return f"{clock} {mark} {called}".rstrip()


def _write_days(book: Book, plan: VisitPlan, person: str) -> None:
    """Write all days in order as one list, with room for what happened."""
    agenda = plan["agenda"].filter(pl.col("person") == person).sort("date", "position")
    known = {row["customer"]: row for row in plan["visit_customers"].iter_rows(named=True)}
    rows = agenda.to_dicts()
    customers = [row["customer"] or "" for row in rows]
    clocks = [[f"{row[key] // 60:02d}:{row[key] % 60:02d}" for row in rows] for key in ("start", "end")]
    columns = [
        Column("date", WORDS["day"], [f"{row['date']} {weekday_word(row['date'])}" for row in rows]),
        Column("from", WORDS["from"], clocks[0]),
        Column("to", WORDS["to"], clocks[1]),
        Column("kind", WORDS["what"], [WORDS[f"entry_{row['kind']}"] for row in rows]),
        Column("customer", WORDS["customer"],
               [f"{c} {known.get(c, {}).get('name') or ''}".strip() or row["detail"] or ""
                for c, row in zip(customers, rows, strict=True)]),
        Column("place", WORDS["address"], [place_of(known.get(c, {})) for c in customers]),
        Column("travel", WORDS["way"], [row["travel"] or None for row in rows], "whole"),
        Column("result", WORDS["result"], [""] * len(rows)),
    ]  # fmt: skip
    book.write_list(WORDS["days_sheet"], WORDS["days_title"].format(person=_called(plan, person)), _span(plan), columns)


def _called(plan: VisitPlan, person: str) -> str:
    name = dict(plan["visit_people"].select("person", "name").iter_rows()).get(person)
    return f"{person} {name or ''}".strip()


def _span(plan: VisitPlan) -> str:
    return WORDS["span"].format(since=plan.since, until=plan.until - timedelta(days=1))


def _widest(texts: list[str], most: int) -> int:
    return min(most, max([8, *(estimate_width(text) + 1 for text in texts)]))
