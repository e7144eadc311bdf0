"""Prints whether the targets can be met: the short block of a plan, and everything there is to say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from quotum.adapters.printing.amounts import format_amount, format_growth
from quotum.adapters.printing.issue_texts import describe
from quotum.adapters.printing.print_issues import count_issues, issue_for_json
from quotum.adapters.printing.text_tables import draw_table
from quotum.engine.customers.describe import lead_target
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.targets import Feasibility

RULE_WORDS = {
    "quantified": "quantified", "grounded": "grounded", "achievable": "achievable", "focused": "one focus a quarter",
    "dated": "dated",
}  # fmt: skip
_MOST_LINES, _MOST_WARNINGS = 30, 5
_NODE_HEAD = ["", "target", "last year", "growth", "on average", "likely", "low", "high", "chance"]


def draw_block(found: Feasibility, settings: PlanSettings, folder: Path | None = None) -> str:
    """Return the short answer: each target beside last year and what is likely, and the five rules.

    With the company's ``folder`` it names the warnings (chances stand in the table already) and where to read the rest.
    """
    last_day = settings.until - timedelta(days=1)
    lines = [f"Can we? {settings.name}: {settings.since} to {last_day}, {settings.currency}"]
    company = found.nodes.filter(pl.col("dimension") == "company")
    with_share = company["share"].count() > 0
    head = [*_NODE_HEAD, *(["market"] if with_share else [])]
    rows: list[list[str]] = []
    for line in company.iter_rows(named=True):
        shown = [*_write_node(line, settings), *([format_share(line["share"])] if with_share else [])]
        if line["level"] == "commit" or shown != rows[-1][1:]:  # a stretch like the commit says nothing new
            rows.append([f"{line['measure']} {line['level']}", *shown])
    lines.append(draw_table(head, rows, left=1))
    lines.append(draw_rules(found.rules))
    if folder is not None and found.issues:
        warned = [issue for issue in found.warnings if issue.rule != "chance_low"][:_MOST_WARNINGS]
        lines += [f"! {describe(issue)[0]}" for issue in warned]
        lines.append(f"{count_issues(found.issues)} on the targets: quotum check {folder} --feasible")
    return "\n".join(lines)


def draw_rules(rules: dict[str, bool]) -> str:
    """Return the five rules on a line, the unmet ones with what they lack said elsewhere."""
    told = [f"{words} {'yes' if rules.get(rule) else 'no'}" for rule, words in RULE_WORDS.items()]
    return f"Five rules: {', '.join(told)}"


def draw_nodes(found: Feasibility, settings: PlanSettings, names: dict[tuple[str, str], str]) -> str:
    """Return a table a dimension: what is asked of every unit and person, the least likely first."""
    tables = []
    parts = found.nodes.filter(pl.col("dimension") != "company", pl.col("level") == "commit")
    for (measure, dimension), lines in parts.group_by("measure", "dimension", maintain_order=True):
        ordered = lines.sort("chance", "node", nulls_last=True)
        rows = [
            [_name(names, dimension, line["node"]), *_write_node(line, settings), BASES[line["basis"]]]
            for line in ordered.head(_MOST_LINES).iter_rows(named=True)
        ]
        title = f"{measure}, commit by {dimension}"
        if len(ordered) > _MOST_LINES:
            title += f" (the {_MOST_LINES} least likely of {len(ordered)}; --json has all)"
        tables.append(title + "\n" + draw_table([*_NODE_HEAD, "target from"], rows, left=1))
    return "\n\n".join(tables)


def draw_market(found: Feasibility, names: dict[tuple[str, str], str]) -> str:
    """Return the market by area and category, the largest steps first: today's share beside the one asked for."""
    parts = found.market[1:].sort("factor", descending=True, nulls_last=True, maintain_order=True)
    shown = pl.concat([found.market[:1], parts.head(_MOST_LINES)])
    rows = [
        [
            " ".join(_name(names, part, line[part]) for part in ("area", "category") if line[part]) or "all",
            *(f"{line[name]:,.0f}" for name in ("capacity", "own", "commit")),
            *(format_share(line[name]) for name in ("competitors", "share_now", "share_commit", "share_stretch")),
            "" if line["factor"] is None else f"× {line['factor']:.1f}",
            "" if line["growth"] is None else f"{line['growth']:+.1%}",
        ]
        for line in shown.iter_rows(named=True)
    ]  # fmt: skip
    head = ["", "capacity", "own", "commit", "competitors", "share now", "for commit", "for stretch", "", "growth"]
    title = f"The market of {found.market['year'][0]}, {found.market['measure'][0]} a year"
    if parts.height > _MOST_LINES:
        title += f" (the {_MOST_LINES} largest steps of {parts.height}; --json has all)"
    return title + "\n" + draw_table(head, rows, left=1)


def draw_customers(outlook: pl.DataFrame, settings: PlanSettings, names: dict[tuple[str, str], str]) -> str:
    """Return what existing customers bring and how many new ones are needed, in hand and missing."""
    target, counted = lead_target(settings)
    measure, decimals = target.measure, counted.decimals
    shown = outlook.filter(pl.col("dimension").is_in(["", "unit"]))
    rows = [
        [_name(names, line["dimension"], line["key"]) or "all",
         *(format_amount(line[name], decimals) for name in ("target_minor", "existing_minor", "new_needed_minor")),
         *("" if line[name] is None else f"{line[name]:,.0f}" for name in ("customers_needed", "in_hand", "missing"))]
        for line in shown.filter(pl.col("target_minor") > 0).head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    head = ["", "commit", "from existing", "from new ones", "needed", "in hand", "missing"]
    return f"Customers for the commit of {measure}\n" + draw_table(head, rows, left=1)


def feasibility_for_json(found: Feasibility) -> dict[str, Any]:
    """Return everything as plain values; amounts in smallest units."""
    tables = {"nodes": found.nodes, "market": found.market, "customers": found.customers, "capacity": found.capacity}
    return {
        "rules": found.rules,
        **{name: json.loads(table.write_json()) if table.width else [] for name, table in tables.items()},
        "findings": [issue_for_json(issue) for issue in found.issues],
    }


def format_share(part: float | None) -> str:
    """Return 0.125 as ``12.5%``; an unknown share is empty."""
    return "" if part is None else f"{part:.1%}"


def format_chance(chance: float | None) -> str:
    """Return a chance in whole percent: simulated years tell no more."""
    if chance is None:
        return ""
    return "< 1%" if chance < 0.01 else "> 99%" if chance > 0.99 else f"{chance:.0%}"


BASES = {"own": "own", "last_year": "last year's part"}


def _write_node(line: dict[str, Any], settings: PlanSettings) -> list[str]:
    decimals = settings.measures[line["measure"]].decimals
    target = line["target_minor"]
    return [
        format_amount(target, decimals), format_amount(line["last_year_minor"], decimals),
        format_growth(target, line["last_year_minor"]), format_growth(target, line["average_minor"]),
        *(format_amount(line[name], decimals) for name in ("mean_minor", "low_minor", "high_minor")),
        format_chance(line["chance"]),
    ]  # fmt: skip


def _name(names: dict[tuple[str, str], str], dimension: str, key: str) -> str:
    return names.get((dimension, key)) or key


def list_names(tables: Iterable[tuple[str, str, pl.DataFrame]]) -> dict[tuple[str, str], str]:
    """Return names by dimension and key, of (dimension, key column, table of a company)."""
    return {
        (dimension, key): name
        for dimension, column, table in tables
        for key, name in table.select(column, "name").drop_nulls().iter_rows()
    }

