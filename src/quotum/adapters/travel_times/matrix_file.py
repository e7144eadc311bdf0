"""Travel minutes of one's own: a CSV file with the columns from, to, minutes; keys are customers, homes have none."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from quotum.engine.action_plan.person_tasks import Floats, Place
from quotum.engine.action_plan.travel_ways import GreatCircle
from quotum.engine.basics.issues import Issue

_LONGEST = 7 * 24 * 60


@dataclass(frozen=True)
class MatrixFile:
    """Minutes by (from, to); pairs that are not in the file, and homes, take the great circle."""

    minutes: dict[tuple[str, str], float] = field(repr=False)
    digest: str  # stands for the minutes where the matrix is told from others
    usual: GreatCircle

    def __call__(self, places: Sequence[Place], keys: Sequence[str]) -> Floats:
        """Return (num_places, num_places) minutes."""
        found = self.usual(places, keys)
        for row, start in enumerate(keys):
            for column, end in enumerate(keys):
                minutes = self.minutes.get((start, end)) if start and end and row != column else None
                if minutes is not None:
                    found[row, column] = np.rint(minutes)
        return found


def read_matrix(path: Path, usual: GreatCircle) -> tuple[MatrixFile | None, list[Issue]]:
    """Return the matrix of a file, None with an issue where it cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "UTF-8"
        return None, [Issue(rule="travel_file_unreadable", file=path.name, value=reason or "")]
    rows = csv.DictReader(text.splitlines())
    if not {"from", "to", "minutes"} <= set(rows.fieldnames or ()):
        return None, [Issue(rule="travel_file_columns", file=path.name, line=1, value=", ".join(rows.fieldnames or ()))]
    minutes: dict[tuple[str, str], float] = {}
    for line, row in enumerate(rows, start=2):
        try:
            value = float(row["minutes"] or "nan")
        except ValueError:
            value = math.nan
        if not 0 <= value <= _LONGEST:
            return None, [Issue(rule="travel_file_minutes", file=path.name, line=line, value=row["minutes"] or "")]
        minutes[row["from"] or "", row["to"] or ""] = value
    import hashlib

    return MatrixFile(minutes, hashlib.sha256(text.encode()).hexdigest(), usual), []
