"""A person's week as a map in one file that needs nothing else: ways by day, stops in order, home, a scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from math import cos, dist, log10, pi, radians, sin
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from quotum.engine.action_plan.visit_plan import VisitPlan

_WIDTH, _HEIGHT, _EDGE = 900.0, 620.0, 40.0
_COLOURS = ("#1b6ca8", "#c8553d", "#2e8b57", "#8e5ea2", "#b8860b", "#5f6c7b", "#d1495b")
_KM_PER_DEGREE = 111.195
_STOPS = ("visit", "appointment")
_SQUARE = 8.0  # half a side, with its edge
_HIDES = 14.0  # stops nearer than this would hide each other
_STYLE = """
body{font:14px system-ui,sans-serif;margin:24px;color:#222;max-width:940px}
h1{font-size:20px;margin:0 0 4px} p{margin:0 0 12px;color:#555}
svg{border:1px solid #ccd;background:#f8f9fb;width:100%;height:auto}
table{border-collapse:collapse;margin-top:14px;width:100%} td,th{padding:3px 8px;border-bottom:1px solid #e3e6ea;
text-align:left;vertical-align:top} .no{display:inline-block;min-width:1em;padding:0 .25em;color:#fff;border-radius:9px;
text-align:center;font-size:12px} @media print{body{margin:0}}
"""

Point = tuple[float, float]
Line = dict[str, Any]


class _Group(NamedTuple):
    """Stops of a day that are drawn as one: where, the number of the first, and what each is."""

    point: Point
    first: int
    titles: list[str]


def list_weeks(plan: VisitPlan, person: str) -> list[str]:
    """Return the ISO weeks in which the person goes anywhere, such as 2027-W02."""
    away = plan["agenda"].filter((pl.col("person") == person) & pl.col("kind").is_in(["visit", "appointment"]))
    return [str(week) for week in away["date"].dt.strftime("%G-W%V").unique().sort()]


def write_map(plan: VisitPlan, person: str, week: str, path: Path) -> None:
    """Write the map of a person's week as an HTML page with the drawing in it."""
    agenda = plan["agenda"].filter((pl.col("person") == person) & (pl.col("date").dt.strftime("%G-W%V") == week))
    lines = agenda.sort("date", "position").to_dicts()
    names = {c: name or "" for c, name in plan["visit_customers"].select("customer", "name").iter_rows()}
    who = dict(plan["visit_people"].select("person", "name").iter_rows()).get(person) or ""
    days = sorted({line["date"] for line in lines if line["lat"] is not None})
    minutes = sum(line["travel"] for line in lines)
    title = escape(f"{person} {who}".strip() + f", {week}")
    visits = sum(line["kind"] == "visit" for line in lines)
    path.write_text(
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>\n'
        f"<h1>{title}</h1>\n<p>{visits} visits on {len(days)} days, {minutes // 60}:{minutes % 60:02d} h of driving. "
        f"Lines are straight; minutes are those of the plan.</p>\n{draw_map(lines, names)}\n"
        f"{_draw_list(lines, days, names)}\n</html>\n",
        encoding="utf-8",
        newline="\n",
    )


def draw_map(lines: Sequence[Line], names: dict[str, str]) -> str:
    """Return the drawing (SVG) of some days of one person; each line is a row of the agenda."""
    placed = [line for line in lines if line["lat"] is not None]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img">']
    if not placed:
        return "".join([*parts, "</svg>"])
    project, km_per_unit = _projection([(line["lat"], line["lon"]) for line in placed])
    days = sorted({line["date"] for line in placed})
    groups: list[tuple[_Group, str]] = []
    bases = set()
    for at, day in enumerate(days):
        colour = _COLOURS[day.weekday() % len(_COLOURS)]
        way = [line for line in placed if line["date"] == day]
        points = [project((line["lat"], line["lon"])) for line in way]
        shift = (at - (len(days) - 1) / 2) * 1.2  # days on the same road lie beside each other
        drawn = " ".join(f"{x + shift:.1f},{y + shift:.1f}" for x, y in points)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2" opacity="0.75"/>')
        made = [(line, point) for line, point in zip(way, points, strict=True) if line["kind"] in _STOPS]
        groups += [(group, colour) for group in _side_by_side(made, names)]
        bases |= {(line["kind"] == "hotel" or line["detail"] == "hotel", round(x, 1), round(y, 1))
                  for line, (x, y) in zip(way, points, strict=True) if line["kind"] not in _STOPS}  # fmt: skip
    taken = [(group.point, _half_width(group)) for group, _ in groups]
    for is_hotel, x, y in sorted(bases):
        point = _beside((x, y), taken)
        taken.append((point, _SQUARE))
        parts.append(_draw_base((x, y), point, is_hotel=is_hotel))
    parts += [_draw_stops(group, colour) for group, colour in groups]
    parts += [_draw_scale(km_per_unit), _draw_signs(has_hotel=any(is_hotel for is_hotel, _, _ in bases))]
    parts += [*(_draw_key(at, day) for at, day in enumerate(days)), "</svg>"]
    return "\n".join(parts)


def _projection(places: Sequence[Point]) -> tuple[Any, float]:
    """Return what turns degrees into the drawing's units, both ways at one scale, and kilometres a unit."""
    north, south = max(lat for lat, _ in places), min(lat for lat, _ in places)
    east, west = max(lon for _, lon in places), min(lon for _, lon in places)
    narrow = max(cos(radians((north + south) / 2)), 0.01)
    tall, wide = max(north - south, 1e-3), max((east - west) * narrow, 1e-3)
    units = min((_WIDTH - 2 * _EDGE) / wide, (_HEIGHT - 2 * _EDGE) / tall)
    left, top = (_WIDTH - wide * units) / 2, (_HEIGHT - tall * units) / 2

    def project(place: Point) -> Point:
        return left + (place[1] - west) * narrow * units, top + (north - place[0]) * units

    return project, _KM_PER_DEGREE / units


def _side_by_side(made: Sequence[tuple[Line, Point]], names: dict[str, str]) -> list[_Group]:
    """Return a day's stops in order, those one after the other that would hide each other as one."""
    groups: list[_Group] = []
    for number, (line, point) in enumerate(made, start=1):
        if groups and dist(groups[-1].point, point) < _HIDES:
            groups[-1].titles.append(_title(line, names))
        else:
            groups.append(_Group(point, number, [_title(line, names)]))
    return groups


def _number(group: _Group) -> str:
    count = len(group.titles)
    return f"{group.first}" if count == 1 else f"{group.first}–{group.first + count - 1}"


def _half_width(group: _Group) -> float:
    return 9.0 if len(group.titles) == 1 else 5 + 3.0 * len(_number(group))


def _draw_stops(group: _Group, colour: str) -> str:
    """Draw a stop with its number, or several with their first and last one."""
    (x, y), half = group.point, _half_width(group)
    return (
        f'<g class="stops"><title>{chr(10).join(group.titles)}</title><rect x="{x - half:.1f}" y="{y - 9:.1f}" '
        f'width="{2 * half:g}" height="18" rx="9" fill="{colour}" stroke="#fff" stroke-width="1.5"/><text x="{x:.1f}" '
        f'y="{y + 3.6:.1f}" font-size="10" fill="#fff" text-anchor="middle" font-family="sans-serif">'
        f"{_number(group)}</text></g>"
    )


def _beside(place: Point, taken: Sequence[tuple[Point, float]]) -> Point:
    """Return where a square for a place hides the least: there, or a little aside; ``taken``: points, half widths."""
    aside = [(far * cos(turn * pi / 4), far * sin(turn * pi / 4)) for far in (20, 32, 44) for turn in range(8)]
    tried = [(place[0] + x, place[1] + y) for x, y in [(0.0, 0.0), *aside]]
    inside = [(x, y) for x, y in tried if _SQUARE < x < _WIDTH - _SQUARE and _SQUARE < y < _HEIGHT - _SQUARE]
    return min(inside or tried, key=lambda at: sum(
        abs(at[0] - x) < half + _SQUARE and abs(at[1] - y) < 9 + _SQUARE for (x, y), half in taken
    ))  # fmt: skip


def _draw_base(place: Point, at: Point, *, is_hotel: bool) -> str:
    """Draw a square, and a line to the place where it stands aside."""
    fill, (x, y) = "#fff" if is_hotel else "#222", at
    line = "" if at == place else f'<path d="M{place[0]:.1f} {place[1]:.1f}L{x:.1f} {y:.1f}" stroke="#222"/>'
    return (
        f'<g class="base"><title>{"hotel" if is_hotel else "home"}</title>{line}<rect x="{x - 7:.1f}" y="{y - 7:.1f}" '
        f'width="14" height="14" fill="{fill}" stroke="#222" stroke-width="2"/></g>'
    )


def _draw_scale(km_per_unit: float) -> str:
    wanted = 140 * km_per_unit
    size = 10 ** int(log10(wanted)) if wanted >= 1 else 0.1
    kilometres = max(size * factor for factor in (1, 2, 5) if size * factor <= max(wanted, size))
    width, y = kilometres / km_per_unit, _HEIGHT - 16
    return (
        f'<path d="M16 {y - 5:g}V{y:g}H{16 + width:.1f}V{y - 5:g}" fill="none" stroke="#444"/>'
        f'<text x="{22 + width:.1f}" y="{y:g}" font-size="12" fill="#444" font-family="sans-serif">'
        f"{kilometres:g} km</text>"
    )


def _draw_signs(*, has_hotel: bool) -> str:
    """Say what the squares are."""
    y, style = _HEIGHT - 16, 'font-size="12" fill="#444" font-family="sans-serif"'
    x = _WIDTH - (150 if has_hotel else 76)
    signs = [f'<rect x="{x:g}" y="{y - 10:g}" width="11" height="11" fill="#222" stroke="#222" stroke-width="2"/>'
             f'<text x="{x + 18:g}" y="{y:g}" {style}>home</text>']  # fmt: skip
    if has_hotel:
        signs.append(f'<rect x="{x + 74:g}" y="{y - 10:g}" width="11" height="11" fill="#fff" stroke="#222" '
                     f'stroke-width="2"/><text x="{x + 92:g}" y="{y:g}" {style}>hotel</text>')  # fmt: skip
    return "".join(signs)


def _draw_key(at: int, day: date) -> str:
    colour, y = _COLOURS[day.weekday() % len(_COLOURS)], 20 + 18 * at
    return (
        f'<rect x="12" y="{y - 9}" width="14" height="10" fill="{colour}"/><text x="32" y="{y}" font-size="12" '
        f'fill="#222" font-family="sans-serif">{day:%a} {day.isoformat()}</text>'
    )


def _title(line: Line, names: dict[str, str]) -> str:
    customer = line["customer"] or ""
    called = " ".join(part for part in (customer, names.get(customer, "")) if part) or line["detail"]
    return escape(f"{_clock(line['start'])} {called}")


def _draw_list(lines: Sequence[Line], days: Sequence[date], names: dict[str, str]) -> str:
    """Return the days as a table: what a colour-blind reader, or a print in grey, needs."""
    rows = []
    for day in days:
        colour = _COLOURS[day.weekday() % len(_COLOURS)]
        stops = [line for line in lines if line["date"] == day and line["kind"] in _STOPS]
        listed = "<br>".join(
            f'<span class="no" style="background:{colour}">{number}</span> {_title(line, names)}'
            for number, line in enumerate(stops, 1)
        )
        own = [line for line in lines if line["date"] == day]
        minutes = sum(line["travel"] for line in own)
        rows.append(f"<tr><td>{day:%a} {day.isoformat()}</td><td>{listed}</td><td>{minutes} min</td></tr>")
    return "<table><tr><th>Day</th><th>Stops</th><th>Way</th></tr>" + "\n".join(rows) + "</table>"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
