"""The pace of a node: running totals of plan and actual, and the fan in which the rest will probably lie."""

from __future__ import annotations

from datetime import timedelta

import altair as alt
import polars as pl

from quotum.adapters.charts.looks import (
    ACTUAL,
    OUTLOOK,
    PLAN,
    WIDTH,
    Spec,
    finish,
    in_major,
    list_values,
    name_nodes,
    pick,
)
from quotum.adapters.charts.words import ENGLISH, word_measure, words_in
from quotum.engine.tables.review_tables import Review


def draw_pace(
    review: Review, measure: str, dimension: str = "company", node: str = "", level: str = "commit",
    language: str = ENGLISH,
) -> Spec:  # fmt: skip
    """Return the chart of one node; a point a month's end, today's at the day of the review."""
    words = words_in(language)
    months = pick(review, "months", dimension, node, measure, level).sort("since")
    standing = pick(review, "attainment", dimension, node, measure, level)
    decimals, actual = int(standing["decimals"][0]), int(standing["actual"][0])
    start = review.settings.since
    now = min(review.as_of + timedelta(days=1), review.settings.until)
    ends = months.select(day="until", plan="due", came=pl.col("actual").cum_sum(),
                         coming=pl.col("outlook").cum_sum(), low="low", high="high")  # fmt: skip
    past = ends.filter(pl.col("day") <= now)
    zero = pl.DataFrame({"day": [start], "total": [0]})
    today = pl.DataFrame({"day": [now], "total": [actual]})
    lines = [(words["plan"], [zero, ends.select("day", total="plan")]),
             (words["actual"], [zero, past.select("day", total="came"), today])]  # fmt: skip
    ahead = ends.filter(pl.col("day") > now)
    lines += [(words["outlook"], [today, ahead.select("day", total="coming")])] if ahead.height else []
    joined = [pl.concat(parts).unique("day", keep="last", maintain_order=True).with_columns(line=pl.lit(name))
              for name, parts in lines]  # fmt: skip
    table = pl.concat(joined).with_columns(in_major("total", decimals))
    fan = pl.concat([pl.DataFrame({"day": [now], "low": [actual], "high": [actual]}),
                     ahead.select("day", "low", "high")]).drop_nulls()  # fmt: skip
    names, colours = [name for name, _ in lines], [PLAN, ACTUAL, OUTLOOK][: len(lines)]
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0, labelOverlap="greedy"))
    marks = [
        alt.Chart(list_values(fan.with_columns(in_major("low", decimals), in_major("high", decimals))))
        .mark_area(color=OUTLOOK, opacity=0.25).encode(x=x, y="low:Q", y2="high:Q"),
        alt.Chart(list_values(table)).mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=18)).encode(
            x=x, y=alt.Y("total:Q", title=review.settings.currency, axis=alt.Axis(format=",.4~s")),
            color=alt.Color("line:N", title=None, scale=alt.Scale(domain=names, range=colours),
                            legend=alt.Legend(orient="top")),
            strokeDash=alt.condition(f"datum.line === {words['outlook']!r}", alt.value([5, 4]), alt.value([1, 0])),
            tooltip=[alt.Tooltip("line:N", title=" "), alt.Tooltip("day:T", title=" ", format="%Y-%m-%d"),
                     alt.Tooltip("total:Q", title=review.settings.currency, format=",.0f")],
        ),
    ]  # fmt: skip
    who = name_nodes(review, words)[dimension, node]
    title = words["pace"].format(who=who, measure=word_measure(measure, words), level=words[level])
    chart = alt.layer(*marks).properties(width=WIDTH, height=320)
    return finish(chart, title, words["about_pace"].format(as_of=review.as_of))
