"""What a finding means and what to do about it, in English or in the words of who asks.

To add a rule, add a line to the catalogue of its subject: ``rule: (message, remedy)``. Blanks such as ``{value}`` or
``{nearest}`` are filled from the issue's fields and details; a part in square brackets is left out where one of its
blanks is empty. A test sees to it that every rule named in the source has its line. Other languages translate the
texts as they stand here, blanks and brackets with them (``list_words``); their catalogues are those of the pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from quotum.adapters.printing.appraisal_texts import APPRAISAL_TEXTS
from quotum.adapters.printing.customer_texts import CUSTOMER_TEXTS
from quotum.adapters.printing.driver_texts import DRIVER_TEXTS
from quotum.adapters.printing.feasibility_texts import FEASIBILITY_TEXTS
from quotum.adapters.printing.file_texts import FILE_TEXTS
from quotum.adapters.printing.forecast_texts import FORECAST_TEXTS
from quotum.adapters.printing.import_texts import IMPORT_TEXTS
from quotum.adapters.printing.planning_texts import PLANNING_TEXTS
from quotum.adapters.printing.replan_texts import REPLAN_TEXTS
from quotum.adapters.printing.revision_texts import REVISION_TEXTS
from quotum.adapters.printing.settings_texts import SETTINGS_TEXTS
from quotum.adapters.printing.table_texts import TABLE_TEXTS
from quotum.adapters.printing.tracking_texts import TRACKING_TEXTS
from quotum.adapters.printing.visit_texts import MISSED_WORDS, VISIT_TEXTS
from quotum.engine.basics.issues import Issue

TEXTS: dict[str, tuple[str, str]] = {
    **FILE_TEXTS, **TABLE_TEXTS, **SETTINGS_TEXTS, **PLANNING_TEXTS, **IMPORT_TEXTS, **REVISION_TEXTS,
    **FEASIBILITY_TEXTS, **FORECAST_TEXTS, **TRACKING_TEXTS,
    **REPLAN_TEXTS, **CUSTOMER_TEXTS, **DRIVER_TEXTS, **VISIT_TEXTS, **APPRAISAL_TEXTS,
}  # fmt: skip

CODES: dict[str, dict[str, tuple[str, str]]] = {"visits_missed": MISSED_WORDS}
"""Rules whose value is a code: what it means in words, and what to do about it."""

_MEASURES = ("revenue", "gross_profit")  # units may also be the table
CODED: dict[str, tuple[str, ...]] = {
    "value": (*_MEASURES, "promotion", "exhibition", "price_war", "holiday"), "measure": _MEASURES,
    "follows": _MEASURES, "goal": _MEASURES,
    "dimension": ("company", "unit", "person", "area", "channel", "category", "product", "class", "customer"),
    "kind": ("floor", "cap", "visit", "call", "customer", "project", "receivable"),
    "layer": ("commit", "stretch"), "level": ("commit", "stretch"),
    "why": ("empty", "hidden", "out_of_reach"),
    "per": ("day", "week", "month", "quarter", "year"), "grain": ("day", "week", "month", "quarter", "year"),
    "expected": ("text", "texts", "date", "whole", "whole_weights", "numbers", "weights", "number", "amount", "column",
                 "currency", "country", "section", "sections", "url", "two_times", "time", "yes", "true_or_false"),
}  # fmt: skip
"""Blanks that may be filled with codes, not with names of the company's own."""

_BLANK = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*\{\w+\}[^\[\]]*)\]")
_QUOTED = re.compile(r"(`[^`]*`)")
_NAMES = ("table", "file", "column", "line", "known", "nearest", "names", "members", "example")


def describe(issue: Issue, say: Callable[[str], str] = str, show: Callable[[str], str] = str) -> tuple[str, str]:
    """Return what was found and what to do about it.

    ``say`` translates a text before its blanks are filled, and codes that fill them; ``show`` writes numbers and dates
    in what fills them. What stands in back quotes is told as it was given.
    """
    blanks = {"table": issue.table, "file": issue.file, "column": issue.column, "value": issue.value,
              "line": "" if issue.line is None else str(issue.line), **dict(issue.details)}  # fmt: skip
    if issue.rule in CODES and issue.value in CODES[issue.rule]:
        blanks["why"], blanks["advice"] = map(say, CODES[issue.rule][issue.value])
    message, remedy = TEXTS.get(issue.rule, (_plain_words(issue), ""))
    plain = {name: _tell(name, value, say, show) for name, value in blanks.items()}
    return _fill(message and say(message), plain, blanks), _fill(remedy and say(remedy), plain, blanks)


def list_words() -> Iterator[str]:
    """Return every text that other languages translate."""
    for texts in (TEXTS, *CODES.values()):
        for pair in texts.values():
            yield from filter(None, pair)
    for codes in CODED.values():
        yield from codes


def _tell(name: str, value: str, say: Callable[[str], str], show: Callable[[str], str]) -> str:
    """Return what fills a blank, as it is told."""
    if value in CODED.get(name, ()):
        return say(value)
    return value if name in _NAMES else show(value)


def _fill(template: str, plain: dict[str, str], quoted: dict[str, str]) -> str:
    """Fill the blanks of a template, leaving out optional parts that have nothing to say."""

    def keep(part: re.Match[str]) -> str:
        return part[1] if all(quoted.get(name) for name in _BLANK.findall(part[1])) else ""

    def fill(part: str) -> str:
        blanks = quoted if part.startswith("`") else plain
        return _BLANK.sub(lambda blank: blanks.get(blank[1], ""), part)

    return "".join(map(fill, _QUOTED.split(_OPTIONAL.sub(keep, template)))).strip()


def _plain_words(issue: Issue) -> str:
    """Return the rule's name as words: better than nothing for a rule without a text."""
    details = ", ".join(f"{name} {value}" for name, value in issue.details if value)
    return issue.rule.replace("_", " ") + (f" ({details})" if details else "")
