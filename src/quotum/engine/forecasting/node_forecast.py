"""What the year brings if things go on as they do: means and ranges of the company and every node below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.forecasting.methods import Method
from quotum.engine.forecasting.months import Months, list_months
from quotum.engine.forecasting.nodes import COMPANY, Nodes, list_nodes, scoped_events
from quotum.engine.forecasting.panel import Bools, Floats, Longs, Panel, with_start
from quotum.engine.forecasting.panel_forecast import NO_METHOD, PanelForecast, forecast_panel
from quotum.engine.forecasting.paths import draw_chance, draw_paths
from quotum.engine.forecasting.reconcile import reconcile
from quotum.engine.forecasting.whole_amounts import make_whole
from quotum.engine.tables.company import Company
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import E4

USUAL_DIMENSIONS = ("unit", "person", "area", "channel", "category")
_LEADING = ("unit", "person")
"""The tree that is always forecast, and whose figures do not depend on what else is asked for."""

MONTHS_SCHEMA: dict[str, type[pl.DataType]] = {
    "dimension": pl.String, "node": pl.String, "month": pl.Date, "until": pl.Date, "in_plan": pl.Boolean,
    "known": pl.Boolean, "mean_minor": pl.Int64, "low_minor": pl.Int64, "high_minor": pl.Int64,
}  # fmt: skip
TOTALS_SCHEMA: dict[str, type[pl.DataType]] = {
    "dimension": pl.String, "node": pl.String, "parent": pl.String, "mean_minor": pl.Int64, "low_minor": pl.Int64,
    "high_minor": pl.Int64, "last_year_minor": pl.Int64, "method": pl.String, "error": pl.Float64,
}  # fmt: skip
HISTORY_SCHEMA: dict[str, type[pl.DataType]] = {
    "dimension": pl.String, "node": pl.String, "month": pl.Date, "amount_minor": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeForecast:
    """The forecast of a measure, amounts in smallest units.

    ``totals``: a line a node, what the plan's dates bring: mean, range, the same dates a year earlier, the method and
    its error (sum of absolute errors over sum of amounts in tests; null untested). Children add up to their parent,
    ``parent`` being the node above in the same dimension or, for people and products, in the dimension above; ranges do
    not add up. A node without history has the method ``none`` and no range; nor has
    any where nothing could be tested. ``months``: a line a node and month from
    the day after as_of (or the plan's first day, if that is earlier) to the plan's end; ``known`` months are sales, no
    forecast; a month that the plan cuts in two has two lines. ``history``: the whole months known. ``paths``
    (num_nodes, num_paths), in the order of ``totals``: simulated totals of the plan. ``running``
    (num_nodes, lines of a node in ``months``, 2): low and high of the plan's running total at the end of each line.
    """

    measure: str
    months: pl.DataFrame
    totals: pl.DataFrame
    history: pl.DataFrame
    paths: Floats
    running: Floats
    issues: tuple[Issue, ...] = ()

    def position(self, dimension: str, node: str) -> int | None:
        """Return the line of a node in ``totals`` and ``paths``, None where there is no such node."""
        line = self.totals.select(
            at=((pl.col("dimension") == dimension) & (pl.col("node") == node)).arg_true().first()
        )["at"][0]
        return None if line is None else int(line)


def forecast_nodes(
    company: Company,
    settings: PlanSettings,
    days: pl.DataFrame,
    measure: str,
    dimensions: Sequence[str] = USUAL_DIMENSIONS,
    outside: Mapping[str, Method] | None = None,
) -> NodeForecast:
    """Return the forecast of the company and the nodes of ``dimensions`` for one measure of ``settings.measures``.

    ``days(date, kind, provisional)`` covers ``planning.calendar_span``. Nothing after as_of is looked at. ``outside``
    are further methods, by name, that compete with our own. Raises ValueError for a ratio, which has no history.
    """
    counted = settings.measures[measure]
    if counted.kind == "ratio":
        raise ValueError(f"{measure} is a ratio: forecast its parts")
    company = in_key_order(company)
    months = list_months(company, settings, days)
    nodes, issues = list_nodes(company, settings, months, counted, (*_LEADING, *dimensions))
    unit = 10**counted.decimals / E4
    panel = make_node_panel(company, months, nodes)
    group = _list_trees(nodes)
    like = _find_copies(nodes)
    lead = sorted(set(nodes.dimension)).index(_LEADING[0])
    pooled = (group == lead) | (nodes.parent < 0)
    made = forecast_panel(panel, settings.forecast, settings.history_years, nodes.level, outside, like, pooled)
    means = reconcile(made.means, made.variance, nodes.parent, group, lead)
    parts = months.parts()
    sold = nodes.sold_e4[:, months.num_known : -1].astype(np.float64)
    pieces = sold + means @ parts.T
    in_plan = np.array([piece.in_plan for piece in months.pieces], dtype=bool)
    whole = make_whole(pieces * unit, nodes.parent, group)
    last_year = make_whole(nodes.sold_e4[:, -1:] * unit, nodes.parent, group)[:, 0]
    ranges = _simulate(made, means, parts, sold, in_plan, settings)
    shown = np.flatnonzero(nodes.shown & np.isin(nodes.dimension, (COMPANY, *dimensions)))
    return NodeForecast(
        measure,
        _list_months(nodes, months, whole, ranges.months * unit, _has_range(made), shown),
        _list_totals(nodes, whole[:, in_plan].sum(axis=1), ranges.totals * unit, last_year, made, shown),
        _list_history(nodes, months, unit, shown),
        ranges.paths[shown] * unit,
        ranges.running[shown] * unit,
        tuple(issues),
    )


@dataclass(frozen=True, slots=True)
class _Ranges:
    """Low and high of pieces and of running totals (num_nodes, num_pieces, 2); the plan's simulated totals."""

    months: Floats
    running: Floats
    paths: Floats

    @property
    def totals(self) -> Floats:
        """Low and high of the plan, (num_nodes, 2)."""
        return self.running[:, -1]


def make_node_panel(company: Company, months: Months, nodes: Nodes) -> Panel:
    """Return the nodes' monthly series with what each month weighs; an event counts as far as it reaches a node."""
    exposure = months.weigh()[None, :]
    events = scoped_events(company)
    if events:
        added = np.array([months.weigh([(e["since"], e["until"], e["effect"])]) for e in events])
        exposure = np.maximum(exposure + nodes.reach @ added, 0.0)
    sold = nodes.sold_e4[:, : months.num_known].astype(np.float64)
    return with_start(Panel(sold, exposure, months.first.month - 1, nodes.parent, np.zeros(0, dtype=np.int64)))


def _list_trees(nodes: Nodes) -> Longs:
    """Return the number of the tree each node belongs to, (num_nodes,): its dimension right below the company."""
    tree: list[int] = []
    names = sorted(set(nodes.dimension))
    for dimension, parent in zip(nodes.dimension, nodes.parent.tolist(), strict=True):
        tree.append(tree[parent] if parent > 0 else names.index(dimension))
    return np.array(tree, dtype=np.int64)


def _find_copies(nodes: Nodes) -> Longs:
    """Return for each node whose series it has, (num_nodes,): its parent's where it is all that the parent sold."""
    like = np.arange(len(nodes.parent))
    for node, parent in enumerate(nodes.parent.tolist()):
        if parent >= 0 and (nodes.sold_e4[node] == nodes.sold_e4[parent]).all():
            like[node] = like[parent]
    return like


def _simulate(
    made: PanelForecast, means: Floats, parts: Floats, sold: Floats, in_plan: Bools, settings: PlanSettings
) -> _Ranges:
    """Return ranges from simulated paths, in the unit of the means."""
    outer = (1 - settings.forecast.share) / 2
    draws = draw_chance(settings.seed, settings.forecast.paths, means.shape[1])
    num_nodes, num_pieces = sold.shape
    months, running = np.zeros((num_nodes, num_pieces, 2)), np.zeros((num_nodes, num_pieces, 2))
    paths = np.zeros((num_nodes, len(draws.which)))
    for node in range(num_nodes):
        pieces = sold[node] + draw_paths(made.errors, node, means[node], made.usual[node], draws) @ parts.T
        reached = np.cumsum(np.where(in_plan, pieces, 0.0), axis=1)
        paths[node] = reached[:, -1]
        both = np.quantile(np.column_stack([pieces, reached]), (outer, 1 - outer), axis=0).T
        months[node], running[node] = both[:num_pieces], both[num_pieces:]
    return _Ranges(months, running, paths)


def _list_totals(
    nodes: Nodes, mean: Longs, ranges: Floats, last_year: Longs, made: PanelForecast, shown: Longs
) -> pl.DataFrame:
    known = _has_range(made)[shown]
    low, high = (_whole_or_unknown(ranges[shown, side], known) for side in (0, 1))
    return pl.DataFrame(
        {
            "dimension": [nodes.dimension[i] for i in shown],
            "node": [nodes.key[i] for i in shown],
            "parent": [nodes.key[nodes.parent[i]] if nodes.parent[i] > 0 else None for i in shown],
            "mean_minor": mean[shown],
            "low_minor": low,
            "high_minor": high,
            "last_year_minor": last_year[shown],
            "method": [made.method[i] for i in shown],
            "error": pl.Series(made.error[shown]).fill_nan(None),
        },
        schema=TOTALS_SCHEMA,
    )


def _list_months(
    nodes: Nodes, months: Months, whole: Longs, ranges: Floats, ranged: Bools, shown: Longs
) -> pl.DataFrame:
    pieces, num_pieces = months.pieces, len(months.pieces)
    known = np.repeat(ranged[shown], num_pieces)
    low, high = (_whole_or_unknown(ranges[shown, :, side].reshape(-1), known) for side in (0, 1))
    return pl.DataFrame(
        {
            "dimension": np.repeat([nodes.dimension[i] for i in shown], num_pieces),
            "node": np.repeat([nodes.key[i] for i in shown], num_pieces),
            "month": [piece.since for piece in pieces] * len(shown),
            "until": [piece.until for piece in pieces] * len(shown),
            "in_plan": [piece.in_plan for piece in pieces] * len(shown),
            "known": [piece.known for piece in pieces] * len(shown),
            "mean_minor": whole[shown].reshape(-1),
            "low_minor": low,
            "high_minor": high,
        },
        schema=MONTHS_SCHEMA,
    )


def _has_range(made: PanelForecast) -> Bools:
    """Tell which nodes have a range, (num_nodes,): those with a history, once any test has told how far off one is."""
    sold = np.array([method != NO_METHOD for method in made.method], dtype=bool)
    return np.asarray(sold & np.isfinite(made.error).any())


def _list_history(nodes: Nodes, months: Months, unit: float, shown: Longs) -> pl.DataFrame:
    columns = [months.day_of(column) for column in range(months.num_known)]
    amounts = np.floor(nodes.sold_e4[shown, : months.num_known] * unit + 0.5).astype(np.int64)
    return pl.DataFrame(
        {
            "dimension": np.repeat([nodes.dimension[i] for i in shown], len(columns)),
            "node": np.repeat([nodes.key[i] for i in shown], len(columns)),
            "month": columns * len(shown),
            "amount_minor": amounts.reshape(-1),
        },
        schema=HISTORY_SCHEMA,
    )


def _whole_or_unknown(amounts: Floats, known: Bools) -> pl.Series:
    whole = pl.Series(np.floor(amounts + 0.5).astype(np.int64))
    return whole.to_frame("amount").select(pl.when(pl.Series(known)).then(pl.col("amount"))).to_series()
