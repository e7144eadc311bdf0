"""The papers of a visit plan: workbooks, calendar feeds, maps. All are made from its tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from quotum.adapters.files.visit_papers.calendars import write_calendar
from quotum.adapters.files.visit_papers.maps import list_weeks, write_map
from quotum.adapters.files.visit_papers.workbooks import write_person_workbook, write_team_workbook
from quotum.engine.action_plan.visit_plan import VisitPlan
from quotum.engine.basics.issues import Issue

__all__ = ["write_papers", "write_team_workbook"]

_UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))


def write_papers(
    plan: VisitPlan, name: str, people: Sequence[str], folder: Path, activities: pl.DataFrame | None = None
) -> tuple[int, list[Issue]]:
    """Write everybody's papers into a new or existing folder: (number of files, what forbade it).

    ``activities`` is the log: what was made stands beside what is planned. For each person a folder with
    ``visits.xlsx``, ``visits.ics`` and a map of each week.
    """
    files = 0
    try:
        for person in people:
            own = folder / file_name(person)
            own.mkdir(parents=True, exist_ok=True)
            write_person_workbook(plan, name, person, own / "visits.xlsx", activities)
            write_calendar(plan, name, person, own / "visits.ics")
            weeks = list_weeks(plan, person)
            for week in weeks:
                write_map(plan, person, week, own / f"{week}.html")
            files += 2 + len(weeks)
    except OSError as error:
        return files, [Issue(rule="file_not_written", file=str(folder), value=error.strerror or str(error))]
    return files, []


def file_name(key: str) -> str:
    """Return a key as the name of a folder on any system."""
    name = key.translate(_UNSAFE).strip(" .")
    return name if name and name.isprintable() else "-".join(f"{ord(letter):x}" for letter in key)
