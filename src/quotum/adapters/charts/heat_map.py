"""Everybody's months at a glance: how much of each month's plan came."""

from __future__ import annotations

from datetime import timedelta

import altair as alt
import polars as pl

from quotum.adapters.charts.looks import Spec, finish, list_values, name_nodes
from quotum.adapters.charts.words import ENGLISH, word_measure, words_in
from quotum.adapters.printing.review_tables import finest_dimension
from quotum.engine.tables.review_tables import Review

MOST_LINES = 80


def draw_heat_map(review: Review, measure: str, level: str = "commit", language: str = ENGLISH) -> Spec:
    """Return the chart of person by month (of units where a plan has no people): whole months up to the review.

    Red below the plan, blue above it, white at it; a month without a plan stays empty. The first 80 people.
    """
    words = words_in(language)
    dimension = finest_dimension(review)
    own = review["months"].filter(dimension=dimension, measure=measure, level=level)
    past = own.filter(pl.col("until") <= review.as_of + timedelta(days=1))
    nodes = past["node"].unique().sort().head(MOST_LINES)
    shown = past.filter(pl.col("node").is_in(nodes.implode()), pl.col("target") > 0)
    called = {node: name for (of, node), name in name_nodes(review, words).items() if of == dimension}
    lines = shown.select(
        "node", "period", pace=(pl.col("actual") / pl.col("target")).round(4),
        who=pl.col("node").replace(called),
    ).sort("node", "period")  # fmt: skip
    names = lines["who"].unique(maintain_order=True).to_list()
    # On a narrow page cells say less: months without their year, parts of a hundred without the sign.
    room = f"width >= {38 * lines['period'].n_unique()}"
    month = alt.Axis(labelAngle=0, labelExpr=f"{room} ? datum.label : slice(datum.label, 5)")
    base = alt.Chart(list_values(lines)).encode(
        x=alt.X("period:O", title=words["month"], axis=month), y=alt.Y("who:N", title=None, sort=names),
        tooltip=[alt.Tooltip("who:N", title=" "), alt.Tooltip("period:O", title=words["month"]),
                 alt.Tooltip("pace:Q", title=words["pace_of_month"], format=".0%")],
    )  # fmt: skip
    scale = alt.Scale(scheme="redblue", domain=[0.4, 1.6], domainMid=1, clamp=True)
    legend = alt.Legend(format="%", orient="top", gradientThickness=8, tickCount=5)
    cells = base.mark_rect().encode(color=alt.Color("pace:Q", title=None, scale=scale, legend=legend))
    texts = base.mark_text(fontSize=10).encode(
        text=alt.Text("pace:Q", format=".0%"),
        color=alt.condition("datum.pace < 0.55 || datum.pace > 1.45", alt.value("white"), alt.value("#20262E")),
        opacity=alt.condition(room, alt.value(1), alt.value(0)),
    )  # fmt: skip
    short = texts.transform_calculate(part="datum.pace * 100").mark_text(fontSize=9).encode(
        text=alt.Text("part:Q", format=".0f"), opacity=alt.condition(room, alt.value(0), alt.value(1))
    )  # fmt: skip
    title = words["heat_map"].format(measure=word_measure(measure, words), level=words[level])
    chart = alt.layer(cells, texts, short).properties(width=alt.Step(52), height=20 * max(len(names), 1))
    return finish(chart, title, words["about_heat_map"].format(as_of=review.as_of))
