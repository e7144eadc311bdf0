"""Another period for a plan.toml: what was said for the old one moves along with it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Any

import tomlkit

from quotum.engine.basics.periods import cut_periods


def quarters_of(since: date | None, until: date | None, fiscal_start: int) -> list[str]:
    """Return the names of a period's quarters; none where it is no period of up to ten years."""
    if since is None or until is None or not since < until or (until - since).days > 3_660:
        return []
    return [period.label for period in cut_periods(since, until, "quarter", fiscal_start)]


def focus_of(plan: Any, focus: Any) -> list[tuple[str, str]]:
    """Return each quarter of a plan with its focus, empty where it has none."""
    labels = quarters_of(plan.get("since"), plan.get("until"), _fiscal_start(plan))
    texts = focus if isinstance(focus, dict) else {}
    return [(label, _one_text(texts.get(label, ""))) for label in labels]


def move_period(document: Any, since: date, until: date, as_of: date | None, focus: Sequence[str] | None) -> None:
    """Set the period of a plan.toml. Dates of the old period move by as many months, and focus with its quarter.

    ``as_of``: the last day of history; None, or the old one beside another period: the day before. ``focus``: texts by
    quarter, in order; None: as they were. A quarter that is no longer there takes its focus along.
    """
    plan = document["plan"]
    old_since, old_until, old_as_of = plan.get("since"), plan.get("until"), plan.get("as_of")
    texts = [text for _, text in focus_of(plan, document.get("focus"))] if focus is None else list(focus)
    if isinstance(old_since, date) and isinstance(old_until, date) and since != old_since:
        months = (since.year - old_since.year) * 12 + since.month - old_since.month
        for name, part in document.items():
            if name != "plan":
                _move(part, months, old_since, old_until)
        as_of = None if as_of == old_as_of else as_of
    plan["since"], plan["until"] = since, until
    if as_of is None:
        plan.pop("as_of", None)
    elif as_of != old_as_of:
        plan["as_of"] = as_of
    _write_focus(document, quarters_of(since, until, _fiscal_start(plan)), texts)


def _write_focus(document: Any, labels: list[str], texts: list[str]) -> None:
    """Write the focus of each quarter that has one."""
    said = {label: text.strip() for label, text in zip(labels, texts, strict=False) if text.strip()}
    known = document.get("focus")
    if known is None and said:
        document["focus"] = known = tomlkit.table()
    if known is None or {str(label): _one_text(text) for label, text in known.items()} == said:
        return
    for label in list(known):
        known.pop(label)
    for label, text in said.items():
        known[label] = text


def _move(part: Any, months: int, since: date, until: date) -> None:
    """Move the dates of a part that lie in the old period."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in list(items):
        if isinstance(value, date) and since <= value <= until:
            part[key] = _later(value, months)
        else:
            _move(value, months, since, until)


def _later(day: date, months: int) -> date:
    """Return the same day so many months later, the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _fiscal_start(plan: Any) -> int:
    month = plan.get("fiscal_start", 1)
    return month if isinstance(month, int) and 1 <= month <= 12 else 1


def _one_text(text: object) -> str:
    return ", ".join(map(str, text)) if isinstance(text, list) else str(text)
