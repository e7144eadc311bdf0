"""Charts of scores: what each line brought of its weight, and where everybody of a ranking stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from quotum.adapters.charts.looks import ACTUAL, BETTER, WIDTH, WORSE, Spec, finish


def draw_points(lines: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Spec:
    """Return bars of the points of each line before its weight: ``lines`` have name, weight and points.

    ``words``: title, about, points; in the reader's language.
    """
    names = [line["name"] for line in lines]
    values = [{**line, "met": line["points"] >= line["weight"]} for line in lines]
    base = alt.Chart(alt.InlineData(values=values))
    y = alt.Y("name:N", sort=names, title=None)
    marks = [
        base.mark_bar(color="#EEF1F5", size=18).encode(y=y, x=alt.X("weight:Q", title=words["points"])),
        base.mark_bar(size=10).encode(
            y=y, x="points:Q", color=alt.condition("datum.met", alt.value(BETTER), alt.value(ACTUAL)),
            tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("points:Q", title=words["points"])],
        ),
    ]  # fmt: skip
    chart = alt.layer(*marks).properties(width=WIDTH, height=26 * max(len(names), 1))
    return finish(chart, words["title"], words["about"])


def draw_ranking(scores: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Spec:
    """Return a bar a score, best first: ``scores`` have name, points and whether it ``fails``."""
    names = [score["name"] for score in scores]
    bars = alt.Chart(alt.InlineData(values=list(scores))).mark_bar(size=14).encode(
        y=alt.Y("name:N", sort=names, title=None), x=alt.X("points:Q", title=words["points"]),
        color=alt.condition("datum.fails", alt.value(WORSE), alt.value(ACTUAL)),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("points:Q", title=words["points"])],
    )  # fmt: skip
    return finish(bars.properties(width=WIDTH, height=22 * max(len(names), 1)), words["title"], words["about"])
