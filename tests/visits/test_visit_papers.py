"""The papers: workbooks that open, calendars that hold to RFC 5545, maps that need nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from visit_worlds import crew, plan_visits, town, visits

from quotum.adapters.files.visit_papers import write_papers, write_team_workbook
from quotum.adapters.files.visit_papers.calendars import calendar_lines, escape, fold
from quotum.adapters.files.visit_papers.maps import draw_map
from quotum.adapters.files.visit_papers.workbooks import Cover
from quotum.engine.action_plan.visit_plan import VisitPlan
from quotum.engine.tables.visit_settings import Cadence


@pytest.fixture(scope="module")
def plan() -> VisitPlan:
    rows = town(9, K00={"name": "济南同创, <b>电器</b>; 行"})
    return plan_visits(crew(rows), visits(Cadence({"A": 5, "B": 10, "C": 20}, calls={"B": 5})))


def test_everybody_gets_a_folder(plan: VisitPlan, tmp_path: Path):
    files, issues = write_papers(plan, "Plan", ["Ana"], tmp_path)
    assert issues == []
    names = {path.name for path in (tmp_path / "Ana").iterdir()}
    assert {"visits.xlsx", "visits.ics", "2027-W01.html"} <= names
    assert files == len(names)


def test_the_same_plan_gives_the_same_bytes(plan: VisitPlan, tmp_path: Path):
    for folder in ("one", "two"):
        write_papers(plan, "Plan", ["Ana"], tmp_path / folder)
    for path in (tmp_path / "one" / "Ana").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / "Ana" / path.name).read_bytes(), path.name


def test_the_month_has_a_mark_for_each_contact_and_a_line_to_sign(plan: VisitPlan, tmp_path: Path):
    write_team_workbook(plan, Cover("Plan", date(2027, 1, 1)), tmp_path / "team.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "team.xlsx", data_only=True)["Ana 2027-01"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    marks = sum(cell in ("●", "☎") for cell in cells)
    days = plan["visits"].select("customer", "date").unique().height
    assert marks == days
    assert any(cell.startswith("Checked:") for cell in cells)
    heads = [cell.value for cell in sheet[4]]
    assert heads[:5] == ["No.", "Customer", "Class", "Address", "Every"]
    assert heads[-5:] == ["Visits planned", "Calls planned", "Visits made", "Calls made", "Purpose"]
    rows = list(sheet.iter_rows(min_row=5, max_row=13))
    for at, mark in ((-5, "●"), (-4, "☎")):
        assert sum(row[at].value for row in rows) == cells.count(mark)


def test_the_calendar_holds_to_the_standard(plan: VisitPlan, tmp_path: Path):
    write_papers(plan, "Plan", ["Ana"], tmp_path)
    raw = (tmp_path / "Ana" / "visits.ics").read_bytes()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    text = raw.decode().replace("\r\n ", "")
    lines = text.splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    events = text.count("BEGIN:VEVENT")
    agenda = plan["agenda"]
    visits_made = agenda.filter(agenda["kind"] == "visit").height
    call_days = agenda.filter(agenda["kind"] == "call")["date"].n_unique()
    assert events == text.count("END:VEVENT") == visits_made + call_days
    assert len(set(re.findall(r"^UID:(.+)$", text, re.M))) == events
    for part in ("DTSTAMP", "DTSTART", "DTEND", "SUMMARY"):
        assert len(re.findall(rf"^{part}[:;]", text, re.M)) == events
    assert "济南同创\\, <b>电器</b>\\; 行" in text


def test_texts_of_calendars_are_escaped_and_folded_between_letters():
    assert escape("a,b;c\\d\ne\x07") == "a\\,b\\;c\\\\d\\ne"
    parts = fold("行" * 60)
    assert "".join(part.removeprefix(" ") for part in parts) == "行" * 60
    assert all(len(part.encode()) <= 75 for part in parts)
    assert list(calendar_lines.__annotations__)  # it is a public function with types


def test_maps_stand_on_their_own(plan: VisitPlan, tmp_path: Path):
    write_papers(plan, "Plan", ["Ana"], tmp_path)
    page = (tmp_path / "Ana" / "2027-W01.html").read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=|@import|url\(", page)
    assert "<b>" not in page
    svg = ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    titles = [element[0].text or "" for element in svg.iter() if element.get("class") == "stops"]
    week = plan["agenda"].filter(plan["agenda"]["date"] < date(2027, 1, 9))
    assert sum(title.count("\n") + 1 for title in titles) == week.filter(week["kind"] == "visit").height


def a_day(*places: tuple[str, float, float]) -> str:
    """Return the drawing of a day's lines, each a kind with its place."""
    return draw_map([
        {"date": date(2027, 1, 4), "kind": kind, "customer": "K1", "start": 540, "lat": lat, "lon": lon, "detail": ""}
        for kind, lat, lon in places
    ], {})  # fmt: skip


def test_stops_that_would_hide_each_other_are_drawn_as_one():
    drawn = a_day(("start", 56.0, -3.0), ("visit", 55.95, -3.2), ("visit", 55.9501, -3.2), ("visit", 55.99, -3.1),
                  ("end", 56.0, -3.0))  # fmt: skip
    assert drawn.count('class="stops"') == 2
    assert ">1–2</text>" in drawn
    assert "home" in drawn


def test_squares_hide_no_numbers():
    """The hotel is where a customer is, with another to the right of it."""
    drawn = a_day(("start", 55.0, -3.0), ("visit", 56.0, -3.0), ("visit", 56.0, -2.94), ("hotel", 56.0, -3.0))
    svg = ET.fromstring(drawn)
    boxes = {kind: [[float(rect.get(name, 0)) for name in ("x", "y", "width", "height")]
                    for group in svg.iter() if group.get("class") == kind for rect in group if rect.get("width")]
             for kind in ("stops", "base")}  # fmt: skip
    assert len(boxes["stops"]) == len(boxes["base"]) == 2
    for x, y, width, height in boxes["base"]:
        for left, top, wide, high in boxes["stops"]:
            assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y


def actual_of(plan: VisitPlan, path: Path, activities: pl.DataFrame | None) -> dict[str, object]:
    """Return what stands in the column of what was made, by customer; the total under ``Total``."""
    write_team_workbook(plan, Cover("Plan", date(2027, 1, 1)), path, activities)
    sheet = openpyxl.load_workbook(path, data_only=True)["Ana 2027-01"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    named = [row for row in rows if row[1] and ":" not in str(row[1])]
    return {str(row[1]).split(" ")[0]: tuple(row[-3:-1]) for row in named}


def test_what_was_made_stands_beside_what_is_planned(plan: VisitPlan, tmp_path: Path):
    lines = [("2027-01-04", "Ana", "K01", "visit"), ("2027-01-04", "Ana", "K01", "call"),
             ("2027-01-12", "Ana", "K01", "visit"), ("2027-01-12", "Ben", "K02", "visit"),
             ("2027-01-13", "Ana", "X9", "visit"), ("2026-12-30", "Ana", "K03", "visit"),
             ("2027-01-14", "Ana", "K04", "letter")]  # fmt: skip
    log = pl.DataFrame(lines, schema=["date", "person", "customer", "kind"], orient="row").with_columns(
        pl.col("date").str.to_date()
    )
    made = actual_of(plan, tmp_path / "made.xlsx", log)
    assert {c: made[c] for c in ("K01", "K02", "K03", "K04", "X9", "Total")} == {
        "K01": (2, 0), "K02": (0, 0), "K03": (0, 0), "K04": (0, 0), "X9": (1, 0), "Total": (3, 0),
    }  # fmt: skip
    for nothing in (None, log.filter(pl.col("date") < date(2027, 1, 1))):
        assert set(actual_of(plan, tmp_path / "open.xlsx", nothing).values()) == {(None, None)}
