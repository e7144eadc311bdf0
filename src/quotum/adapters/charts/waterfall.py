"""Why a node stands where it stands: from what is due to what came, a step a driver."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from quotum.adapters.charts.looks import ACTUAL, BETTER, PLAN, WIDTH, WORSE, Spec, finish, list_values, name_nodes, pick
from quotum.adapters.charts.words import ENGLISH, word_measure, words_in
from quotum.engine.tables.review_tables import Review


def draw_waterfall(
    review: Review, measure: str, dimension: str = "company", node: str = "", level: str = "commit",
    language: str = ENGLISH, drivers: Mapping[str, str] | None = None,
) -> Spec:  # fmt: skip
    """Return the chart of one node; its steps add up from the first bar to the last.

    ``drivers``: other words for them, where a page says them too.
    """
    words = {**words_in(language), **(drivers or {})}
    standing = pick(review, "attainment", dimension, node, measure, level).row(0, named=True)
    moves = pick(review, "variance", dimension, node, measure, level).select("driver", "amount").rows()
    decimals, reached = standing["decimals"], standing["plan_to_date"]
    bars: list[tuple[str, int, int, str]] = [(words["due"], 0, reached, PLAN)]
    for driver, amount in moves:
        bars.append((words[driver], reached, reached + amount, BETTER if amount >= 0 else WORSE))
        reached += amount
    bars.append((words["actual"], 0, standing["actual"], ACTUAL))
    names = [name for name, *_ in bars]
    ends = [(low / 10**decimals, high / 10**decimals) for _, low, high, _ in bars]
    table = pl.DataFrame({
        "step": names, "colour": [colour for *_, colour in bars], "since": [low for low, _ in ends],
        "until": [high for _, high in ends], "amount": [high - low for low, high in ends],
        "top": [max(pair) for pair in ends],
    })  # fmt: skip
    foot, most = _find_span([ends[0][1:], *ends[1:-1], ends[-1][1:]])
    scale = alt.Scale(domain=[foot, most], nice=False, zero=False)
    y = alt.Y("step:N", sort=names, title=None)
    x = alt.X("since:Q", scale=scale, title=review.settings.currency, axis=alt.Axis(format=",.4~s"))
    base = alt.Chart(list_values(table)).encode(
        tooltip=[alt.Tooltip("step:N", title=" "), alt.Tooltip("amount:Q", title=review.settings.currency,
                                                               format=",.0f")]
    )  # fmt: skip
    marks = [
        base.mark_bar(clip=True).encode(y=y, x=x, x2="until:Q", color=alt.Color("colour:N", scale=None)),
        base.mark_text(dx=4, align="left", fontSize=10).encode(
            y=y, x=alt.X("top:Q", scale=scale), text=alt.Text("amount:Q", format=",.0f")
        ),
    ]  # fmt: skip
    who = name_nodes(review, words)[dimension, node]
    title = words["waterfall"].format(who=who, measure=word_measure(measure, words))
    chart = alt.layer(*marks).properties(width=WIDTH, height=24 * max(len(names), 1))
    about = words["about_waterfall_cut" if foot > 0 else "about_waterfall"]
    return finish(chart, title, about.format(level=words[level], as_of=review.as_of))


def _find_span(ends: list[tuple[float, ...]]) -> tuple[float, float]:
    """Return where the axis begins and ends, with room for an amount behind the longest bar.

    Steps would be too small to see beside the whole first and last bar.
    """
    values = [value for pair in ends for value in pair]
    least, most = min(values), max(values)
    room = (most - least) or abs(most) or 1.0
    foot = least - 0.35 * room
    return (foot if least > 0 and foot > 0 else min(least, 0.0)), most + 0.2 * room
