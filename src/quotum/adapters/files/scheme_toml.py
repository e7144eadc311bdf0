"""Reads the schemes of a company: ``schemes/*.toml`` beside its tables, each on top of the library of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from quotum.adapters.files.plan_toml import read_document
from quotum.adapters.files.scheme_parts import read_commission, read_quota, read_scorecard
from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.appraisal.schemes import HOWS, WINDOWS, Fact, Goal, Handover, Indicator, Said, Scheme
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.nearest import nearest

FOLDER = "schemes"
_KEYS = ("scheme", "since", "until", "facts", "indicators", "scorecard", "commission", "cost_quota", "said", "posts",
         "goal", "handover")  # fmt: skip


def read_schemes(folder: Path, decimals: int) -> tuple[tuple[Scheme, ...], list[Issue]]:
    """Return every scheme of a company folder and what is wrong with them; none is an issue too.

    ``decimals`` are those of the plan's currency. Indicators and facts of the library are in every scheme; its own of
    the same name win.
    """
    facts, indicators, issues = read_library()
    paths = sorted((folder / FOLDER).glob("*.toml"))
    if not paths:
        return (), [Issue(rule="schemes_missing", table="schemes", file=str(folder / FOLDER))]
    schemes = []
    for path in paths:
        scheme, found = read_scheme(path, decimals)
        issues += found
        if scheme is not None:
            own = {name: replace(known, formula=known.formula) for name, known in scheme.indicators.items()}
            schemes.append(replace(scheme, facts={**facts, **scheme.facts}, indicators={**indicators, **own}))
    return tuple(schemes), issues


def read_library() -> tuple[dict[str, Fact], dict[str, Indicator], list[Issue]]:
    """Return the facts and indicators that come with quotum."""
    with as_file(files("quotum.adapters.files").joinpath("indicators", "library.toml")) as path:
        document, notes = read_document(path)
    document = document or {}
    return _read_facts(document, notes), _read_indicators(document, notes), notes.issues


def read_scheme(path: Path, decimals: int) -> tuple[Scheme | None, list[Issue]]:
    """Return one scheme as its file says it; None and the findings where that is wrong."""
    document, notes = read_document(path)
    notes.file = f"{FOLDER}/{path.name}"
    if document is None:
        return None, [replace(issue, file=notes.file) for issue in notes.issues]
    top = Section(notes, "scheme", document)
    for key in document:
        if key not in _KEYS:
            notes.add("section_unknown", key, nearest=nearest(key, _KEYS))
    since, until = top.day("since", needed=True), top.day("until")
    if since is not None and until is not None and since >= until:
        notes.add("period_empty", "until", value=until, since=since)
    scheme = Scheme(
        name=top.text("scheme", path.stem), since=since or date.min, until=until, file=notes.file,
        facts=_read_facts(document, notes), indicators=_read_indicators(document, notes),
        scorecards=tuple(read_scorecard(section, decimals) for section in _list(document, "scorecard", notes)),
        commissions=tuple(read_commission(section) for section in _list(document, "commission", notes)),
        cost_quotas=tuple(read_quota(section) for section in _list(document, "cost_quota", notes)),
        said=tuple(_read_said(section) for section in _list(document, "said", notes)),
        posts={name: str(above) for name, above in Section(notes, "posts", document.get("posts", {})).values.items()},
        goals=tuple(_read_goal(section) for section in _list(document, "goal", notes)),
        handovers=tuple(_read_handover(section) for section in _list(document, "handover", notes)),
    )  # fmt: skip
    return (None if stops(notes.issues) else scheme), notes.issues


def _list(document: Mapping[str, Any], key: str, notes: TomlNotes) -> list[Section]:
    entries = document.get(key, [])
    if not isinstance(entries, list):
        notes.add("setting_type", key, value=type(entries).__name__, expected="sections")
        return []
    return [Section(notes, f"{key}[{place}]", values, f"{key}.{_label(values, place)}")
            for place, values in enumerate(entries)]  # fmt: skip


def _label(values: object, place: int) -> str:
    name = values.get("name", values.get("item", place + 1)) if isinstance(values, dict) else place + 1
    return str(name)


def _read_facts(document: Mapping[str, Any], notes: TomlNotes) -> dict[str, Fact]:
    given = Section(notes, "facts", document.get("facts", {}))
    found = {}
    for name, values in given.values.items():
        section = Section(notes, f"facts.{name}", values)
        where = Section(notes, f"facts.{name}.where", section.take("where") or {})
        column = section.text("column")
        fact = Fact(
            name, section.text("table"), section.text("how", "count", choices=HOWS),
            f"{column}_e4" if column in ("amount", "quantity", "margin", "cost") else column,
            tuple((key, where.texts(key)) for key in where.values),
            section.text("window", "period", choices=WINDOWS), section.text("on"),
        )  # fmt: skip
        if not fact.table:
            section.refuse("setting_missing", "table")
        if fact.how not in ("count",) and not fact.column:
            section.refuse("setting_missing", "column")
        section.refuse_rest()
        found[name] = fact
    return found


def _read_indicators(document: Mapping[str, Any], notes: TomlNotes) -> dict[str, Indicator]:
    given = Section(notes, "indicators", document.get("indicators", {}))
    found = {}
    for name, values in given.values.items():
        section = Section(notes, f"indicators.{name}", {"formula": values} if isinstance(values, str) else values)
        found[name] = Indicator(
            name, section.text("formula"), section.text("about"), section.text("unit"), section.text("asks"),
            section.take("less_is_better") is True,
        )  # fmt: skip
        section.refuse_rest()
    return found


def _read_said(section: Section) -> Said:
    low = (
        section.number("low", low=-1e12, high=1e12) if section.has("low") else section.number("value", 0.0, -1e12, 1e12)
    )
    high = section.number("high", low or 0.0, -1e12, 1e12)
    said = Said(section.text("what"), low or 0.0, high or 0.0, section.number("used", None, -1e12, 1e12),
                section.text("where"))  # fmt: skip
    section.take("value")
    section.refuse_rest()
    return said


def _read_goal(section: Section) -> Goal:
    goal = Goal(section.text("indicator"), section.text("post"), section.number("target", 1.0, 0.0, 1e12) or 0.0,
                section.take("ratio") is True)  # fmt: skip
    section.refuse_rest()
    return goal


def _read_handover(section: Section) -> Handover:
    found = Handover(section.text("indicator"), section.text("from"), tuple(sorted(section.weights("to").items())))
    section.refuse_rest()
    return found
