"""What all charts share: colours, fonts, titles, and how a chart becomes a dictionary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from quotum.engine.tables.review_tables import COMPANY, Review

Spec = dict[str, Any]

PLAN, ACTUAL, OUTLOOK, BETTER, WORSE, DUE = "#9AA5B1", "#2F5597", "#7A9BD1", "#3C8D5F", "#B8443C", "#20262E"
WIDTH = 640
# Families that hold Chinese come after the plain one: renderers take each sign from the first that has it.
FONT = "DejaVu Sans, Liberation Sans, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def finish(chart: Any, title: str, about: str) -> Spec:
    """Return a chart with its title as a Vega-Lite dictionary; the same chart gives the same dictionary."""
    headed = chart.properties(title=alt.TitleParams(title, subtitle=about, anchor="start", subtitleColor="#595959"))
    styled = headed.configure(font=FONT, background="white").configure_view(stroke=None).configure_axis(
        gridColor="#E6E9ED", domainColor="#9AA5B1", tickColor="#9AA5B1", labelLimit=200
    )  # fmt: skip
    found: Spec = styled.to_dict()
    return found


def list_values(frame: pl.DataFrame) -> Any:
    """Return the rows of a chart; days as ISO texts."""
    plain = frame.with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d"))
    return alt.InlineData(values=plain.to_dicts())


def name_nodes(review: Review, words: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return how each node is called: by name, with its key only where another node has the same name."""
    lines = review["names"].iter_rows() if "names" in review.tables else ()
    known = {(dimension, key): name for dimension, key, name in lines}
    nodes = review["attainment"].select("dimension", "node").unique().rows()
    names = {node: words["company"] if node[0] == COMPANY else known.get(node, node[1]) for node in nodes}
    often = Counter(names.values())
    return {node: f"{name} ({node[1]})" if often[name] > 1 and name != node[1] else name
            for node, name in names.items()}  # fmt: skip


def in_major(column: str, decimals: int) -> pl.Expr:
    """Return an amount in major units."""
    return pl.col(column).truediv(10**decimals).round(decimals)


def pick(review: Review, table: str, dimension: str, node: str, measure: str, level: str) -> pl.DataFrame:
    """Return the lines of a node in a table of the review."""
    return review[table].filter(dimension=dimension, node=node, measure=measure, level=level)
