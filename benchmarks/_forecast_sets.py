"""Series the forecasting benchmark runs on: made-up ones of known kinds, and those of real and sample companies."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.engine.forecasting.months import list_months
from quotum.engine.forecasting.node_forecast import make_node_panel
from quotum.engine.forecasting.nodes import list_nodes
from quotum.engine.forecasting.panel import Longs, Panel, make_panel
from quotum.engine.planning import calendar_span
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.plan_settings import PlanSettings

ROOT = Path(__file__).parents[1]
ADVENTUREWORKS = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
DIMENSIONS = ("unit", "person", "area", "channel", "category")
INTERNET = """
[[import.customers]]
from = "customers.csv"
[[import.customers.join]]
from = "sales_lines.csv"
by = "CustomerKey"
latest = ["OrderDate", "SalesOrderNumber"]
through = 2022-06-30
[import.customers.columns]
customer = "I{CustomerKey}"
area = "T{SalesTerritoryKey}"
channel = { value = "Internet" }
[import.sales]
from = "sales_lines.csv"
[import.sales.columns]
date = "OrderDate"
order = "SalesOrderNumber"
customer = ["R{ResellerKey}", "I{CustomerKey}"]
product = "ProductKey"
channel = "Channel"
quantity = "OrderQuantity"
amount = "SalesAmount"
cost = "TotalProductCost"
"""
KINDS = ("season", "trend", "walk", "flat", "intermittent", "short")


def make_series(kind: str, num_series: int, num_months: int = 48, seed: int = 1) -> np.ndarray:
    """Return series of a kind, (num_series, num_months)."""
    chance = np.random.default_rng(seed)
    time, shape = np.arange(num_months), (num_series, num_months)
    turn, swing = chance.integers(0, 12, (num_series, 1)), chance.uniform(0.1, 0.5, (num_series, 1))
    season = 1 + swing * np.sin(2 * np.pi * (time + turn) / 12)
    level, noise = chance.lognormal(6, 1, (num_series, 1)), chance.lognormal(0, 0.2, shape)
    match kind:
        case "season" | "short":
            values = level * season * noise
        case "trend":
            values = level * season * noise * (1 + chance.uniform(-0.015, 0.03, (num_series, 1)) * time)
        case "walk":
            values = level * season * noise * np.exp(np.cumsum(chance.normal(0, 0.05, shape), axis=1))
        case "intermittent":
            values = level * noise * (chance.random(shape) < chance.uniform(0.1, 0.5, (num_series, 1)))
        case _:
            values = level * noise
    return np.maximum(values, 0.0)


def make_set(kind: str, num_series: int = 300) -> tuple[Panel, Longs]:
    """Return a panel of one kind; the short one has 17 months."""
    values = make_series(kind, num_series, 17 if kind == "short" else 48)
    return make_panel(values, horizon=0), np.zeros(num_series, dtype=np.int64)


def read_company(folder: Path, data: Path | None = None, as_of: date | None = None) -> tuple[Panel, Longs]:
    """Return the nodes of a company as a panel with the level of each."""
    opened = open_company(folder, (), data)
    settings = opened.settings
    assert isinstance(settings, PlanSettings), opened.issues
    if as_of is not None:
        settings = replace(settings, as_of=as_of, since=as_of, until=date(as_of.year + 1, as_of.month, as_of.day))
    days, _ = list_days(settings.country, *calendar_span(settings))
    company = in_key_order(opened.company)
    months = list_months(company, settings, days)
    nodes, _ = list_nodes(company, settings, months, settings.measures["revenue"], DIMENSIONS)
    sold, above = nodes.sold_e4, nodes.parent.tolist()
    kept = [i for i, parent in enumerate(above) if parent < 0 or (sold[i] != sold[parent]).any()]
    panel = make_node_panel(company, months, nodes)
    place = {node: at for at, node in enumerate(kept)}
    parent = np.array([place.get(int(nodes.parent[i]), 0 if i else -1) for i in kept])
    exposure = panel.exposure if len(panel.exposure) == 1 else panel.exposure[kept]
    known = panel.num_months
    return replace(panel, values=panel.values[kept], exposure=exposure[:, :known], parent=parent,
                   start=panel.start[kept]), nodes.level[kept]  # fmt: skip


def read_adventureworks(folder: Path) -> tuple[Panel, Longs]:
    """Return all sales of AdventureWorks, July 2019 to May 2022 (June is not complete), by all its nodes."""
    plan = (ROOT / "examples" / "adventureworks" / "plan.toml").read_text(encoding="utf-8")
    plan = plan[: plan.index("[import.sales]")].replace("[import.customers]", "[[import.customers]]") + INTERNET
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    return read_company(folder, ADVENTUREWORKS, date(2022, 5, 31))
