"""The whole decomposition on one page: survey the ground, split across, turn members into rows, cut the rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue, StopPlanning, stops
from quotum.engine.curves.day_weights import apply_events
from quotum.engine.decomposition.across import split_step
from quotum.engine.decomposition.along import (
    Calendar,
    calendars_of_rows,
    offset_rows,
    open_calendar,
    rate_company,
    rate_seasons,
    split_windows,
)
from quotum.engine.decomposition.anchors import anchor_locks
from quotum.engine.decomposition.availability import list_availability, mean_presence
from quotum.engine.decomposition.bases import weigh_people
from quotum.engine.decomposition.bottom_up import find_unused_proposals
from quotum.engine.decomposition.bounds import check_locks
from quotum.engine.decomposition.exactness import check_exact, sum_differs
from quotum.engine.decomposition.expected import asks_for_forecasts, list_monthly
from quotum.engine.decomposition.ground import Ground, Ints, Lines, Longs, Records, gather_lines, survey
from quotum.engine.decomposition.hedging import check_hedges, hedge_nodes, hedging_steps, with_hedge
from quotum.engine.decomposition.ledger import Ledger
from quotum.engine.decomposition.order_steps import StepOrder, order_steps
from quotum.engine.decomposition.results import (
    Part,
    list_last_year,
    list_members,
    list_quotas,
    list_splits,
    stack_parts,
)
from quotum.engine.decomposition.scene import Members, Scene
from quotum.engine.decomposition.tied import check_follows, find_leaves, follow_anchors, follow_prices, list_prices
from quotum.engine.forecasting.months import list_months
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import VACANT
from quotum.engine.tables.plan_ratios import check_ratios
from quotum.engine.tables.plan_settings import AcrossStep, PlanSettings, Target
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.schema import DIMENSIONS

_OF_PRODUCTS = {"product", "category"}


@dataclass(slots=True)
class _Weights:
    """What weights are summed from: holdings, and sales lines once products matter."""

    holdings: Records
    lines: Lines
    ground: Ground
    _lines: Records | None = None

    def of_lines(self) -> Records:
        """Return the sales lines as records; their nodes follow those of their holdings."""
        if self._lines is None:
            lines, ground = self.lines, self.ground
            product = lines.product
            codes = {
                name: np.where(product >= 0, np.append(of_product, -1)[product], -1).astype(np.int32)
                for name, of_product in ground.product_codes.items()
            }
            codes |= {name: of_holding[lines.holding] for name, of_holding in ground.codes.items()}
            self._lines = Records(codes, lines.weight, lines.last_year_e4)
            self._lines.monthly = list_monthly(lines, np.arange(len(lines.holding)))
        return self._lines

    def reaching(self, step: AcrossStep, at: str) -> Records:
        """Return the records a step is split by: lines where products are split here or above, else holdings."""
        if step.across not in _OF_PRODUCTS and at in self.holdings.nodes:
            return self.holdings
        records = self.of_lines()
        if at not in records.nodes:
            records.nodes[at] = self.holdings.nodes[at][self.lines.holding]
        return records

    def windows_of(self, records: Records) -> pl.DataFrame:
        """Return ``since, until`` of the holding each record counts for."""
        windows = self.ground.holdings.select("since", "until")
        return windows if records is self.holdings else windows[self.lines.holding]

    def nodes_of_lines(self, at: str) -> Ints:
        """Return the node of step ``at`` that each line belongs to, (num_lines,)."""
        if at in self.holdings.nodes:
            return self.holdings.nodes[at][self.lines.holding]
        return self.of_lines().nodes[at]


def decompose(company: Company, settings: PlanSettings, days: pl.DataFrame) -> tuple[Plan, list[Issue]]:
    """Return the plan: the number of every member on every day, with its reasons, and what had to be said.

    ``days(date, kind, provisional)`` covers the plan and the history it rests on. Keyed tables are in the order of
    their keys. Raises StopPlanning with every issue when bounds cannot be met or steps do not fit together.
    """
    order, issues = order_steps(settings, company)
    issues += check_hedges(settings, order) + check_follows(settings.targets, order)
    if stops(issues):
        raise StopPlanning(issues)
    calendar = open_calendar(days, order.along)
    availability = list_availability(company, settings.since, settings.until, settings.ramp)
    in_plan = (calendar.dates >= np.datetime64(settings.since)) & (calendar.dates < np.datetime64(settings.until))
    common = [
        (e["since"], e["until"], float(e["effect"])) for e in company["events"].iter_rows(named=True) if not e["scope"]
    ]
    everyday = apply_events(calendar.dates, calendar.weights, common)
    dates, weights = calendar.dates[in_plan], everyday[in_plan]
    season = rate_company(order.along, settings, calendar, everyday, company["sales"], _first_sale(company))
    month = dates.astype("datetime64[M]").astype(np.int64) % len(season)
    ground = survey(company, settings, weights * season[month], dates)
    people = weigh_people(company, ground, mean_presence(company, availability, dates, weights), weights)
    months = list_months(company, settings, days) if asks_for_forecasts(order) else None
    parts: list[Part] = []
    split_up: dict[str, _SplitUp] = {}
    targets: list[Target] = []
    for target in settings.targets:
        scene = Scene(company, settings, ground, people, settings.measures[target.measure], months)
        lead = split_up.get(target.follows)
        if lead is None:
            made, found = _split_measure(scene, order.of_measure(target.measure), target)
            split_up[target.measure] = made
        else:
            made, found = _follow_measure(scene, lead, target)
        part, more = _list_measure(scene, made, calendar, sum(p.rows.height for p in parts))
        parts.append(part)
        targets.append(made.ledger.target)
        issues += found + more
    if stops(issues):
        raise StopPlanning(issues)
    tables, cuts = stack_parts(parts)
    tables["availability"] = availability
    tables["members"] = list_members(company, ground)
    prices = list_prices(company, settings)
    tables |= {} if prices is None else {"prices": prices}
    settings = replace(settings, targets=tuple(targets))
    plan = Plan(settings, tables, cuts)
    anchors, found = anchor_locks(company, plan)
    issues += find_unused_proposals(company, settings) + check_ratios(plan)
    issues += found + check_exact(plan) + check_locks(company, settings, order.dimensions, plan["splits"])
    if stops(issues):
        raise StopPlanning(issues)
    anchors = follow_anchors(settings.targets, plan["quotas"], anchors)
    return replace(plan, tables={**tables, "anchors": anchors}), issues


@dataclass(frozen=True, slots=True)
class _SplitUp:
    """One measure split into rows and cuts, before they are listed: members of each step, and what they weighed."""

    order: StepOrder
    ledger: Ledger
    rows: Members
    row_step: str
    of_step: dict[str, tuple[Members, str]]
    weights: _Weights
    lines: Lines  # the measure's own, for last year
    row_of_line: Ints  # of its own lines


def _split_measure(scene: Scene, order: StepOrder, target: Target) -> tuple[_SplitUp, list[Issue]]:
    """Return a measure split into rows and cuts, in whole units."""
    ground, settings = scene.ground, scene.settings
    lines, issues = gather_lines(scene.company, settings, ground, scene.measure, scene.months)
    weights = _Weights(_holding_records(ground, lines), lines, ground)
    ledger = Ledger(target)
    members, at = Members(pl.DataFrame({"node": [-1]}, schema={"node": pl.Int32})), ""
    for step in order.before:
        records = weights.reaching(step, at)
        members, found = split_step(scene, ledger, step, members, records, at, followed=True)
        issues += found
        at = step.name
        if step.across == "person":
            windows = weights.windows_of(records)
            members, records.nodes[at] = split_windows(
                ledger, at, members, windows, records.nodes[at], records.history, settings
            )
    split_up = [name for name in (*DIMENSIONS, "since") if name in members.frame.columns]
    rows, row_step = Members(members.frame.sort(split_up)) if split_up else members, at
    of_step = {order.along.name: (rows, at), at: (rows, at)}
    for step in order.after:
        parents, above = of_step[step.of]
        followed = any(below.of == step.name for below in order.after)
        cut, found = split_step(scene, ledger, step, parents, weights.reaching(step, above), above, followed=followed)
        issues += found
        of_step[step.name] = (cut, step.name)
    if stops(issues):
        raise StopPlanning(issues)
    ledger.make_whole()
    if ledger.inexact:
        raise StopPlanning([*issues, *(sum_differs("splits", step) for step in ledger.inexact)])
    row_of_line = _rows_of_nodes(rows, ledger.size)[weights.nodes_of_lines(row_step)]
    return _SplitUp(order, ledger, rows, row_step, of_step, weights, lines, row_of_line), issues


def _follow_measure(scene: Scene, lead: _SplitUp, target: Target) -> tuple[_SplitUp, list[Issue]]:
    """Return a measure that follows another through prices: the lead's rows and its cut by product, in pieces."""
    leaves = find_leaves(lead.order)
    assert leaves is not None  # check_follows has seen to it
    ledger, issues = follow_prices(scene.company, lead.ledger, lead.order, leaves, target, scene.settings.measures)
    lines, found = gather_lines(scene.company, scene.settings, scene.ground, scene.measure)
    row_of_line = np.full(len(lines.holding), -1, dtype=np.int32)
    if lead.row_step in lead.weights.holdings.nodes:
        nodes = lead.weights.holdings.nodes[lead.row_step][lines.holding]
        row_of_line = _rows_of_nodes(lead.rows, lead.ledger.size)[nodes]
    after = tuple(step for step in lead.order.after if step.name == leaves.name)
    order = replace(lead.order, after=after)
    return replace(lead, order=order, ledger=ledger, lines=lines, row_of_line=row_of_line), issues + found


def _list_measure(scene: Scene, made: _SplitUp, calendar: Calendar, first_row: int) -> tuple[Part, list[Issue]]:
    """Return one measure's rows, cuts and reasons; rows are numbered from ``first_row``."""
    ledger, order, rows = made.ledger, made.order, made.rows
    hedging = hedging_steps(order)
    hedge = hedge_nodes(ledger, hedging) if hedging else None
    frame = with_hedge(list_quotas(scene, ledger, rows, first_row), None if hedge is None else hedge[rows.nodes])
    lead_lines = made.weights.lines  # of a measure that follows: the money's, so that both have the same curve
    lead_row = _rows_of_nodes(rows, ledger.size)[made.weights.nodes_of_lines(made.row_step)]
    curved, tables, issues = _curve_rows(scene, order, calendar, frame, lead_lines, lead_row)
    cuts = {
        step.name: _cut_table(ledger, rows, made.of_step[step.name][0], order, step, first_row, hedge)
        for step in order.after
    }
    row_of_line = np.where(made.row_of_line >= 0, made.row_of_line + first_row, -1)
    tables["last_year"] = list_last_year(scene, made.lines, row_of_line)
    return Part(curved, cuts, list_splits(scene, ledger), tables), issues


def _holding_records(ground: Ground, lines: Lines) -> Records:
    """Return the holdings with the sales of their lines summed up."""
    history = np.zeros(ground.holdings.height, dtype=np.int64)
    last_year = np.zeros_like(history)
    np.add.at(history, lines.holding, lines.weight)
    np.add.at(last_year, lines.holding, lines.last_year_e4)
    target = np.full(len(history), -1, dtype=np.int32)
    monthly = list_monthly(lines, lines.holding.astype(np.int64))
    return Records(dict(ground.codes), history, last_year, ground.potential, {"": target}, monthly)


def _rows_of_nodes(rows: Members, num_nodes: int) -> Ints:
    """Return the row of each node, -1 for nodes that are none; the last place stands for node -1."""
    row = np.full(num_nodes + 1, -1, dtype=np.int32)
    row[rows.nodes] = np.arange(len(rows.nodes), dtype=np.int32)
    return row


def _curve_rows(
    scene: Scene, order: StepOrder, calendar: Calendar, rows: pl.DataFrame, lines: Lines, row_of_line: Ints
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame], list[Issue]]:
    """Return the rows with curve and offset, and the tables ``days``, ``seasons`` and ``curves``."""
    calendar_of_row, days, weights, issues = calendars_of_rows(scene.company, scene.ground, calendar, rows)
    ways = _ways(scene.ground, rows)
    rates = rate_seasons(
        order.along, scene.settings, calendar, weights, calendar_of_row, lines, row_of_line, ways,
        _first_sale(scene.company), scene.months,
    )  # fmt: skip
    known, season = np.unique(rates, axis=0, return_inverse=True)
    person = pl.col("person")
    factors = rows.select(
        pl.Series("season", season.reshape(-1).astype(np.int32)),
        pl.Series("calendar", calendar_of_row),
        pl.when(person.str.starts_with(VACANT)).then(None).otherwise(person).alias("person"),
        "since",
        "until",
    )
    names = factors.columns
    curves = (
        factors.unique()
        .sort(names, nulls_last=False)
        .with_row_index("curve")
        .with_columns(pl.col("curve").cast(pl.Int32))
    )
    curve = factors.join(curves, on=names, how="left", nulls_equal=True, maintain_order="left")["curve"]
    seasons = pl.DataFrame(
        {
            "season": np.repeat(np.arange(len(known), dtype=np.int32), known.shape[1]),
            "month": np.tile(np.arange(1, known.shape[1] + 1, dtype=np.int32), len(known)),
            "rate": known.reshape(-1),
        }
    )
    keys = rows.select(pl.concat_str([pl.col(d).fill_null("") for d in DIMENSIONS] + [pl.col("since").cast(pl.String)],
                                     separator="\x1f")).to_series().to_list()  # fmt: skip
    offsets = offset_rows(rows["commit"].to_numpy(), keys)
    curved = rows.with_columns(curve, pl.Series("offset", offsets))
    return curved, {"days": days, "seasons": seasons, "curves": curves}, issues


def _first_sale(company: Company) -> date | None:
    """Return the first day of the history that is known."""
    first = company["sales"]["date"].min()
    return first if isinstance(first, date) else None


def _ways(ground: Ground, rows: pl.DataFrame) -> list[Ints]:
    """Return, from the top down, which group each row belongs to: the levels of the unit tree its season leans on."""
    tree = ground.trees["unit"]
    if not len(tree.keys) or rows["unit"].null_count() == rows.height:
        return []
    paths = tree.paths()
    place = np.array([tree.position(unit) if unit in set(tree.keys) else -1 for unit in rows["unit"].fill_null("")])
    levels: list[Ints] = []
    last = np.full(len(place), -1)
    for level in range(paths.shape[1]):
        here = np.where((place >= 0) & (paths[place, level] >= 0), paths[place, level], last)
        levels.append(here)
        last = here
    return levels


def _cut_table(
    ledger: Ledger,
    rows: Members,
    cut: Members,
    order: StepOrder,
    step: AcrossStep,
    first_row: int,
    hedge: Longs | None,
) -> pl.DataFrame:
    """Return what each member of a cut gets: ``row``, the keys of the cuts on the way down, ``commit``, ``extra``."""
    row_of_node = _rows_of_nodes(rows, ledger.size)
    parent = np.full(ledger.size, -1, dtype=np.int32)
    for split in ledger.splits:
        parent[split.nodes] = split.parent_of_member
    node = cut.nodes
    top = node.copy()
    while (row_of_node[top] < 0).any():
        top = np.where(row_of_node[top] < 0, parent[top], top)
    amounts = cut.frame.select(
        pl.Series("row", row_of_node[top] + first_row, dtype=pl.Int32),
        *order.keys_of_cut(step),
        pl.Series("commit", ledger.amount("commit")[node]),
        pl.Series("extra", ledger.amount("extra")[node]),
    )
    return with_hedge(amounts, None if hedge is None else hedge[node]).sort("row", *order.keys_of_cut(step))
