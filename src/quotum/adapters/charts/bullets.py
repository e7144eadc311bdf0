"""Attainment as bullets: a line a node, in parts of its target, so that small and large stand beside each other."""

from __future__ import annotations

import altair as alt
import polars as pl

from quotum.adapters.charts.looks import ACTUAL, DUE, OUTLOOK, WIDTH, Spec, finish, list_values, name_nodes
from quotum.adapters.charts.words import ENGLISH, word_measure, words_in
from quotum.engine.tables.review_tables import Review

MOST_LINES = 60


def draw_bullets(review: Review, measure: str, level: str = "commit", language: str = ENGLISH) -> Spec:
    """Return the chart of company, units and people: actual, due by now, range of the outlook, the target at 100 %.

    The first 60 nodes that have a target, in the order of the review; nothing is cut at 100 %.
    """
    words = words_in(language)
    frame = review["attainment"].filter(pl.col("target") > 0, measure=measure, level=level).head(MOST_LINES)
    called = name_nodes(review, words)
    names = [called[node] for node in frame.select("dimension", "node").iter_rows()]
    lines = frame.select(
        who=pl.Series(names, dtype=pl.String),
        **{name: (pl.col(of) / pl.col("target")).round(4) for name, of in
           (("actual", "actual"), ("due", "plan_to_date"), ("outlook", "outlook"), ("low", "low"), ("high", "high"))},
    )  # fmt: skip
    y = alt.Y("who:N", sort=names, title=None)
    told = [alt.Tooltip("who:N", title=" ")]
    told += [alt.Tooltip(f"{name}:Q", title=words[name], format=".0%") for name in ("actual", "due", "outlook")]
    base = alt.Chart(list_values(lines)).encode(tooltip=told)
    percent = alt.Axis(format="%", grid=True)
    marks = [
        base.mark_bar(color="#EEF1F5", size=16).encode(y=y, x=alt.X("full:Q", title=words["of_target"], axis=percent))
        .transform_calculate(full="1"),
        base.mark_bar(color=ACTUAL, size=8).encode(y=y, x="actual:Q"),
        base.mark_rule(color=OUTLOOK, strokeWidth=2).encode(y=y, x="low:Q", x2="high:Q"),
        base.mark_point(color=OUTLOOK, filled=True, size=30).encode(y=y, x="outlook:Q"),
        base.mark_tick(color=DUE, thickness=2, size=16).encode(y=y, x="due:Q"),
    ]  # fmt: skip
    title = words["bullets"].format(measure=word_measure(measure, words), level=words[level])
    chart = alt.layer(*marks).properties(width=WIDTH, height=24 * max(len(names), 1))
    return finish(chart, title, words["about_bullets"].format(as_of=review.as_of))
