"""How long it takes to score 10,000 people by 8 indicators in 12 months, beside the same scheme row by row in Python.

``python -m benchmarks.appraising [--people N] [--runs N] [--json]``

Both begin with the same figures of everybody and every month (arrays, or a dictionary a person and month) and the same
scheme, and end with points of every line and the score. The row-by-row evaluation is the twin of the tests; that the
points are the same is checked. Ratios are of processor seconds, as others may use the machine. The last line is ours
with all result tables laid out: lines, ranks, grades, pay.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks._measuring import describe_machine, print_table
from quotum.engine.appraisal.formulas import Formula, open_formula
from quotum.engine.appraisal.results import lay_out_lines, lay_out_scores
from quotum.engine.appraisal.schemes import Band, Line, Pay, Scorecard
from quotum.engine.appraisal.scorecards import Scored, score_scorecard
from quotum.engine.appraisal.subjects import Subjects, list_subjects
from quotum.engine.basics.periods import cut_periods
from quotum.engine.tables.company import Company

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "appraisal"))
from row_by_row import score_person

BAR = 100
STEPS = (Band("", high=1, high_in=False), Band("", 1, 3, high_in=False, value=0.7), Band("", 3, value=1.0))
CARD = Scorecard(
    "sales people",
    (
        Line("revenue", 30, target="revenue_target", start=0.6, cap=1.5),
        Line("collected / invoiced", 15, target="0.95", cap=1.0),
        Line("new_customers", 10, "steps", steps=STEPS),
        Line("visits / working_days", 15, target="2", cap=1.2),
        Line("if(complaints == 0, 1, 1 - unresolved / complaints)", 10, "pass", target="1"),
        Line("max(0, returning - lost) / customers", 10, target="0.8", cap=1.0),
        Line("rating", 5, "rated"),
        Line("test", 5, "rated", missing="reweight"),
    ),
    bands=(Band("good", 85), Band("pass", 60, 85, high_in=False), Band("fail", high=60, high_in=False)),
    pay=Pay(85, 0.6, 0.01, None, 100_000),
)
NAMES = ("revenue", "revenue_target", "collected", "invoiced", "new_customers", "visits", "working_days", "complaints",
         "unresolved", "returning", "lost", "customers", "rating", "test")  # fmt: skip


def make_figures(people: int) -> dict[str, np.ndarray]:
    """Return made-up figures of everybody and every month."""
    draw = np.random.default_rng(7)
    figures = {name: draw.integers(1, 60, (people, 12)).astype(float) for name in NAMES}
    figures["complaints"] = draw.integers(0, 3, (people, 12)).astype(float)
    figures["test"] = np.where(draw.random((people, 12)) < 0.3, np.nan, figures["test"])
    return figures


def score_all(formulas: dict[int, tuple[Formula, Formula | None]], figures: dict[str, np.ndarray]) -> Scored:
    return score_scorecard(CARD, formulas, figures, {}, {}, figures["revenue"].shape)


def score_rows(formulas: dict[int, tuple[Formula, Formula | None]], rows: list[dict[str, float]]) -> list[list[int]]:
    return [score_person(CARD, formulas, row, {})[0] for row in rows]


def clock(call: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the least processor and clock seconds of some runs after a first one."""
    found = []
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        call()
        found.append((time.process_time() - used, time.perf_counter() - start))
    return min(found)


def set_subjects(people: int) -> Subjects:
    keys = [f"P{place:05}" for place in range(people)]
    tables = {"units": pl.DataFrame({"unit": ["all"]}), "people": pl.DataFrame({"person": keys, "unit": "all"})}
    return list_subjects(Company.of(tables))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked, _ = parser.parse_known_args()
    figures = make_figures(asked.people)
    formulas = {
        place: (open_formula(line.indicator, {})[0], open_formula(line.target, {})[0] if line.target else None)
        for place, line in enumerate(CARD.lines)
    }
    rows = [
        {name: float(figures[name][who, month]) for name in NAMES} for who in range(asked.people) for month in range(12)
    ]
    score_all(formulas, figures)
    ours = clock(lambda: score_all(formulas, figures), asked.runs)
    points: list[list[int]] = []
    theirs = clock(lambda: points.extend(score_rows(formulas, rows)), 1)
    again = clock(lambda: score_all(formulas, figures), asked.runs)
    ours = min(ours, again)
    scored = score_all(formulas, figures)
    same = bool((np.array(points) == scored.points.transpose(1, 2, 0).reshape(-1, len(CARD.lines))).all())
    subjects, periods = set_subjects(asked.people), cut_periods(date(2027, 1, 1), date(2028, 1, 1), "month")
    chosen = np.zeros((subjects.num, 12), dtype=np.bool_)
    chosen[: asked.people] = True
    whole = {name: np.vstack([values, np.full((1, 12), np.nan)]) for name, values in figures.items()}

    def lay_out() -> None:
        found = score_all(formulas, whole)
        lay_out_scores(CARD, "s", found, chosen, {}, subjects, periods)
        lay_out_lines(CARD, "s", found, chosen, subjects, periods)

    lay_out()
    tables = clock(lay_out, asked.runs)
    lines = len(rows) * len(CARD.lines)
    result = {
        "people": asked.people, "lines": lines, "row_by_row_seconds": theirs[0], "seconds": ours[0],
        "tables_seconds": tables[0], "ratio": theirs[0] / ours[0], "tables_ratio": theirs[0] / tables[0],
        "bar": BAR, "same_points": same,
    }  # fmt: skip
    if asked.json:
        print(json.dumps(result, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in describe_machine("polars", "numpy").items()))
    print_table(
        f"{asked.people:,} people, 8 indicators, 12 months: {lines:,} lines; the same points: {same}",
        ["what", "processor s", "clock s", "row by row : this", "bar"],
        [["row by row in Python", f"{theirs[0]:.2f}", f"{theirs[1]:.2f}", "1", ""],
         ["all at once: points and scores", f"{ours[0]:.4f}", f"{ours[1]:.4f}",
          f"{result['ratio']:.0f}", f">= {BAR}"],
         ["and all result tables", f"{tables[0]:.4f}", f"{tables[1]:.4f}", f"{result['tables_ratio']:.0f}", ""]],
    )  # fmt: skip


if __name__ == "__main__":
    main()
