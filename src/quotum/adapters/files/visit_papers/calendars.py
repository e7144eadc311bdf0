"""A person's visits as a calendar feed (RFC 5545): times are local ones without a zone, as the person lives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from quotum.adapters.files.visit_papers.words import place_of
from quotum.engine.action_plan.visit_plan import VisitPlan

_FOLD = 75  # octets of a line, without its end


def write_calendar(plan: VisitPlan, name: str, person: str, path: Path) -> None:
    """Write the visits, fixed dates and calls of a person; the calls of a day are one entry that lists them."""
    text = "".join(f"{folded}\r\n" for line in calendar_lines(plan, name, person) for folded in fold(line))
    path.write_text(text, encoding="utf-8", newline="")


def calendar_lines(plan: VisitPlan, name: str, person: str) -> Iterator[str]:
    """Yield the lines of the feed, not folded yet. The stamp is the plan's first day: the same plan, the same bytes."""
    customers = {row["customer"]: row for row in plan["visit_customers"].iter_rows(named=True)}
    stamp = f"DTSTAMP:{plan.since:%Y%m%d}T000000Z"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//quotum//visits//EN", "CALSCALE:GREGORIAN",
                f"X-WR-CALNAME:{escape(f'{name} {person}')}")  # fmt: skip
    agenda = plan["agenda"].filter(pl.col("person") == person).sort("date", "position")
    for day in agenda["date"].unique().sort():
        lines = agenda.filter(pl.col("date") == day).to_dicts()
        calls = [line for line in lines if line["kind"] == "call"]
        if calls:
            listed = "\n".join(_call_line(line, customers) for line in calls)
            yield from _event(f"calls-{person}-{day:%Y%m%d}", stamp, day, calls[0]["start"], calls[-1]["end"],
                              f"Calls ({len(calls)})", listed)  # fmt: skip
        for line in lines:
            if line["kind"] in ("visit", "appointment"):
                row = customers.get(line["customer"] or "", {})
                title = " ".join(part for part in (line["customer"], row.get("name")) if part) or line["detail"] or "-"
                key = f"{line['kind']}-{person}-{day:%Y%m%d}-{line['start']}-{line['customer'] or ''}"
                yield from _event(key, stamp, day, line["start"], line["end"], title, _way(line), place_of(row),
                                  (line["lat"], line["lon"]))  # fmt: skip
    yield "END:VCALENDAR"


def _event(
    key: str, stamp: str, day: date, start: int, end: int, title: str, text: str, place: str | None = None,
    geo: tuple[float | None, float | None] = (None, None),
) -> Iterator[str]:  # fmt: skip
    yield from ("BEGIN:VEVENT", f"UID:{escape(key)}@quotum", stamp, f"DTSTART:{_moment(day, start)}",
                f"DTEND:{_moment(day, end)}", f"SUMMARY:{escape(title)}")  # fmt: skip
    if text:
        yield f"DESCRIPTION:{escape(text)}"
    if place:
        yield f"LOCATION:{escape(place)}"
    if geo[0] is not None and geo[1] is not None:
        yield f"GEO:{geo[0]:.6f};{geo[1]:.6f}"
    yield "END:VEVENT"


def _call_line(line: Mapping[str, Any], customers: Mapping[str, Mapping[str, Any]]) -> str:
    name = customers.get(line["customer"], {}).get("name") or ""
    return f"{line['start'] // 60:02d}:{line['start'] % 60:02d} {line['customer']} {name}".rstrip()


def _way(line: Mapping[str, Any]) -> str:
    return f"{line['travel']} min" if line["travel"] else ""


def _moment(day: date, minute: int) -> str:
    moment = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    return f"{moment:%Y%m%dT%H%M%S}"


def escape(text: str) -> str:
    """Return a text as a value of type TEXT (RFC 5545, 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = plain.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(letter for letter in plain if letter >= " " or letter == "\t")


def fold(line: str) -> list[str]:
    """Return a line in parts of at most 75 octets, never within a character; later parts begin with a space."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode("utf-8", "replace"))
        if size + octets > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += octets
    return [*parts, part]
