"""When customers may be seen: cells such as ``09:00`` or ``mon-fri 09:00; sat 10:00`` become minutes by weekday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import finding, findings

Hours = tuple[tuple[int, int], ...]
"""Monday to Sunday: minutes from midnight at which doors open and close; (0, 0): closed all day."""

CLOSED = (0, 0)
MIDNIGHT = 1440
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = r"(?:[1-7]|mo(?:n(?:day)?)?|tu(?:e(?:s(?:day)?)?)?|we(?:d(?:nesday)?)?|th(?:u(?:r(?:s(?:day)?)?)?)?|" \
       r"fr(?:i(?:day)?)?|sa(?:t(?:urday)?)?|su(?:n(?:day)?)?)"  # fmt: skip
_DAYS = rf"{_DAY}(?:\s*-\s*{_DAY})?(?:\s*,\s*{_DAY}(?:\s*-\s*{_DAY})?)*"
_PART = re.compile(rf"(?:({_DAYS})[\s:]+)?(\d{{1,2}})[:.](\d\d)(?::\d\d)?(?![\d:.])")
_BETWEEN = re.compile(r"[\s;,]*")


@lru_cache(maxsize=4096)
def read_hours(opens: str | None, closes: str | None, weekdays: str | None) -> Hours:
    """Return the hours of a week from the cells ``opens``, ``closes``, ``weekdays`` of a customer.

    A time without days is that of every day. Where a cell names days, the others are closed. An empty cell says
    nothing, and so does one that cannot be read. Who closes after midnight, at 00:00 or 02:00, is open until the end.
    """
    begins, ends = read_clocks(opens) or (0,) * 7, read_clocks(closes) or (MIDNIGHT,) * 7
    welcome = read_weekdays(weekdays) or range(1, 8)
    week = []
    for day, (begin, end) in enumerate(zip(begins, ends, strict=True), start=1):
        if begin is None or end is None or day not in welcome:
            week.append(CLOSED)
        else:
            week.append((begin, end if end > begin else MIDNIGHT))
    return tuple(week)


def read_clocks(text: str | None) -> tuple[int | None, ...] | None:
    """Return a time of the day for Monday to Sunday, None on days that the cell leaves out; None: nothing readable."""
    words = (text or "").strip().lower()
    week: list[int | None] = [None] * 7
    others: int | None = None
    at = 0
    while at < len(words):
        found = _PART.match(words, at)
        minutes = int(found[2]) * 60 + int(found[3]) if found else MIDNIGHT + 1
        if found is None or minutes > MIDNIGHT or int(found[3]) > 59:
            return None
        if found[1]:
            for day in _list_days(found[1]):
                week[day - 1] = minutes
        else:
            others = minutes
        gap = _BETWEEN.match(words, found.end())
        at = gap.end() if gap else found.end()
    return tuple(others if minute is None else minute for minute in week) if words else None


def read_weekdays(text: str | None) -> tuple[int, ...]:
    """Return weekdays written as ``1-5``, ``2,4`` or ``mon-fri``, Monday is 1; nothing or nonsense: none."""
    words = (text or "").strip().lower()
    return tuple(sorted(set(_list_days(words)))) if re.fullmatch(_DAYS, words) else ()


def read_moment(text: str | None) -> datetime | None:
    """Return the moment of a text such as 2027-01-12 10:00."""
    try:
        return datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None


def check_hours(company: Company) -> list[Issue]:
    """Tell of hours and weekdays that cannot be read, and of fixed dates without a moment."""
    customers = company["customers"]
    issues = []
    for column, is_read in (("opens", read_clocks), ("closes", read_clocks), ("weekdays", read_weekdays)):
        written = customers[column].str.strip_chars()
        wrong = [text for text in written.drop_nulls().unique() if text and not is_read(text)]
        if wrong:
            rows = written.is_in(wrong).fill_null(value=False).arg_true()
            issues += findings(company, "customers", "hours_syntax", rows, column=column, severity="warning")
    starts = company["appointments"]["start"]
    for row in starts.is_not_null().arg_true():
        if read_moment(starts[row]) is None:
            issues.append(finding(company, "appointments", "not_a_moment", row=row, column="start", value=starts[row]))
    return issues


def _list_days(text: str) -> Iterator[int]:
    """Yield the numbers of days such as ``mon-wed,5``; a span may go over Sunday, as in ``fri-mon``."""
    for part in text.split(","):
        ends = [_number(word) for word in re.split(r"\s*-\s*", part.strip())]
        yield from (1 + (ends[0] - 1 + k) % 7 for k in range((ends[-1] - ends[0]) % 7 + 1))


def _number(word: str) -> int:
    return int(word) if word.isdigit() else next(at for at, name in enumerate(_NAMES, 1) if name.startswith(word))
