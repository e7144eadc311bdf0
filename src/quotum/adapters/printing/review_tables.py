"""A review as tables for people and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from quotum.adapters.printing.amounts import format_amount, format_growth
from quotum.adapters.printing.print_issues import issue_for_json
from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.review_tables import COMPANY, OUTSIDE, Review

DRIVER_WORDS = {
    "lost_customers": "lost customers", "new_customers": "new customers", "won_back": "won back",
    "not_planned": "not planned", "returns": "returns", "activity": "calls and visits",
    "conversion": "orders a contact", "orders": "orders",
    "order_size": "order size", "mix": "mix", "price": "price", "margin": "margin a piece",
    "unexplained": "unexplained", "numerator": "what is divided", "denominator": "what it is divided by",
}  # fmt: skip
WARNING_WORDS = {
    "behind_pace": ("Behind pace", "{found:.0%} of what is due by now",
                    "Talk it through; move effort to what is open, or plan the rest anew."),
    "activity_fading": ("Activity fading", "contacts of four weeks: {found:.0%} of the four before",
                        "Ask what is in the way; fix next week's calls and visits."),
    "silent_customer": ("Silent customers", "last order {date}, {found:.1f} of its usual intervals ago",
                        "Call this week: who stays away twice as long as usual is often lost."),
    "missed_cadence": ("Cadence missed", "last seen {date}, {found:.0f} working days ago, {limit:.0f} agreed",
                       "Put it into the next tour."),
    "overdue": ("Overdue", "{found:.0f} days since it was due, {date}",
                "Call before the next delivery; agree a date and write it down."),
    "tender": ("Tenders", "decided {date}, in {found:.0f} days",
               "Papers go in two days before; ask for the result after."),
    "margin_floor": ("Margin below its floor", "{found:.1%} where {limit:.1%} is the least",
                     "Look at prices and costs of what was sold below it."),
}  # fmt: skip
"""By rule: title, what was found, what to do."""
_ACTIVITY = ("needed", "needed_day", "needed_week", "there_week", "made_week")
_MOST_LINES = 40
_MOST_WARNINGS = 5


def review_for_json(review: Review | None, as_of: date, issues: Sequence[Issue]) -> str:
    """Return a row a person, measure and level; drivers add up to actual − plan_to_date.

    Findings are in it only where they forbid a review: then there are no rows.
    """
    shown: dict[str, Any] = {"as_of": as_of.isoformat(), "rows": [] if review is None else list_rows(review)}
    if review is None:
        shown["issues"] = [issue_for_json(issue) for issue in issues]
    return json.dumps(shown, ensure_ascii=False)


def list_rows(review: Review) -> list[dict[str, Any]]:
    """Return the rows of the people; of a plan without people the units', or the company's, with person null.

    ``needed_activity`` is what the rest takes of each activity that the drivers tell, in plain numbers.
    """
    frame, finest = review["attainment"], finest_dimension(review)
    drivers: dict[tuple[str, str, str], dict[str, int]] = {}
    for line in review["variance"].filter(pl.col("dimension") == finest).iter_rows(named=True):
        drivers.setdefault((line["node"], line["measure"], line["level"]), {})[line["driver"]] = line["amount"]
    activity: dict[tuple[str, str, str], dict[str, dict[str, float | None]]] = {}
    for line in review["needed"].filter(pl.col("dimension") == finest).iter_rows(named=True):
        found = activity.setdefault((line["node"], line["measure"], line["level"]), {})
        found[line["activity"]] = {name: line[name] for name in _ACTIVITY}
    return [
        {
            "person": line["node"] if finest == "person" else None,
            **({} if finest == "person" else {"unit": line["node"] or None}),
            **{name: line[name] for name in ("measure", "level", "decimals", "target", "plan_to_date", "actual",
                                             "outlook", "low", "high", "chance")},
            "drivers": drivers.get((line["node"], line["measure"], line["level"]), {}),
            **{name: line[name] for name in ("last_year", "needed_day", "needed_week")},
            "needed_activity": activity.get((line["node"], line["measure"], line["level"]), {}),
        }
        for line in frame.filter(pl.col("dimension") == finest).iter_rows(named=True)
    ]  # fmt: skip


def finest_dimension(review: Review) -> str:
    """Return whose numbers are the finest: person, unit or company."""
    there = set(review["attainment"]["dimension"].unique())
    return next(name for name in ("person", "unit", COMPANY) if name in there)


def draw_review(review: Review) -> str:
    """Return the pages of a terminal: who stands where, and why."""
    settings = review.settings
    parts = [f"{settings.name} on {review.as_of}: {settings.since} to {settings.until}, {settings.currency}"]
    for measure in review["attainment"]["measure"].unique(maintain_order=True):
        parts += [_draw_attainment(review, measure), _draw_variance(review, measure)]
    parts += [_draw_needed(review), draw_warnings(review), _draw_cash(review)]
    return "\n\n".join(part for part in parts if part)


def _draw_attainment(review: Review, measure: str) -> str:
    """Draw a line a node: its commit, what is due and done, growth, outlook with range, chance, needed a day."""
    wanted = (pl.col("measure") == measure) & (pl.col("level") == "commit")
    frame = review["attainment"].filter(wanted)
    decimals = frame["decimals"][0]
    rows = [
        [
            _label(line),
            *(format_amount(line[name], decimals) for name in ("target", "plan_to_date", "actual")),
            percent(line["actual"], line["plan_to_date"]),
            format_amount(line["actual"] - line["plan_to_date"], decimals),
            format_growth(line["actual"], line["last_year"]),
            *(format_amount(line[name], decimals) for name in ("outlook", "low", "high")),
            "" if line["chance"] is None else chance_words(line["chance"]),
            "" if line["needed_week"] is None else format_amount(round(line["needed_week"]), decimals),
        ]
        for line in frame.head(_MOST_LINES).iter_rows(named=True)
    ]
    head = [measure, "commit", "due by now", "actual", "pace", "gap", "growth", "outlook", "low", "high", "chance",
            "needed a week"]  # fmt: skip
    return draw_table(head, rows, left=1) + _more(frame.height)


def _draw_variance(review: Review, measure: str) -> str:
    """Draw why the company and its people stand where they stand, a column a driver."""
    wanted = (pl.col("measure") == measure) & (pl.col("level") == "commit")
    attained = review["attainment"].filter(wanted)
    lines = review["variance"].filter(wanted)
    names = [name for name in DRIVER_WORDS if (lines["driver"] == name).any()]
    if not names:
        return ""
    decimals = attained["decimals"][0]
    found = {(d, n, driver): amount for d, n, driver, amount in
             lines.select("dimension", "node", "driver", "amount").iter_rows()}  # fmt: skip
    rows = [
        [
            _label(line),
            format_amount(line["actual"] - line["plan_to_date"], decimals),
            *(format_amount(found.get((line["dimension"], line["node"], name)) or None, decimals) for name in names),
        ]
        for line in attained.head(_MOST_LINES).iter_rows(named=True)
    ]
    return "Why: the gap by what moved it\n" + draw_table(
        ["", "gap", *(DRIVER_WORDS[name] for name in names)], rows, left=1
    )


def _draw_needed(review: Review) -> str:
    """Draw what the rest of the plan takes in calls and visits, or say why that is not told."""
    if review.as_of >= review.settings.until - timedelta(days=1):
        return ""
    frame = review["needed"].filter(pl.col("level") == "commit")
    if frame.is_empty():
        return "In calls and visits: not told; plan.toml has no driver of a target that [capacity] or a norm limits."
    if frame["needed"].null_count() == frame.height:
        return "In calls and visits: not told, for the drivers have no value yet (quotum drivers says which)."
    names = {COMPANY: "company", "unit": "", "person": "  "}
    rows = [
        [printable(names[line["dimension"]] + line["node"]), line["activity"], line["measure"],
         *("" if line[name] is None else f"{line[name]:,.1f}"
           for name in ("needed_day", "needed_week", "there_week", "made_week"))]
        for line in frame.head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    head = ["needed from now on", "of", "for", "a day", "a week", "there", "made lately"]
    return draw_table(head, rows, left=3) + _more(frame.height)


def draw_warnings(review: Review) -> str:
    """Draw what somebody should do something about, the largest of each rule first, with what to do."""
    frame, decimals = review["warnings"], review.settings.currency_decimals
    blocks = []
    for rule, (title, _, remedy) in WARNING_WORDS.items():
        lines = frame.filter(pl.col("rule") == rule)
        if lines.is_empty():
            continue
        rows = [
            [printable(line["person"] or line["unit"] or "company"), printable(line["customer"] or line["key"] or ""),
             format_amount(line["size"], decimals), word_found(line)]
            for line in lines.head(_MOST_WARNINGS).iter_rows(named=True)
        ]  # fmt: skip
        more = f"\n  … and {lines.height - _MOST_WARNINGS:,} more" if lines.height > _MOST_WARNINGS else ""
        total = format_amount(int(lines["size"].sum()), decimals)
        width = [max(len(row[at]) for row in rows) for at in range(3)]
        body = "\n".join(f"  {a.ljust(width[0])}  {b.ljust(width[1])}  {c.rjust(width[2])}  {d}" for a, b, c, d in rows)
        blocks.append(f"{title}: {lines.height:,}, {total} together. {remedy}\n{body}{more}")
    return "Warnings\n" + "\n".join(blocks) if blocks else ""


def word_found(line: Mapping[str, Any]) -> str:
    """Return what was found for a warning, in words."""
    known = {**line, "found": line["found"] or 0.0, "limit": line["limit"] or 0.0, "date": line["date"] or ""}
    return WARNING_WORDS[line["rule"]][1].format(**known)


def _draw_cash(review: Review) -> str:
    """Draw what was billed, came in, is open and overdue, by person."""
    frame, decimals = review["cash"], review.settings.currency_decimals
    if frame.is_empty():
        return ""
    rows = [
        [printable(line["person"] or "company"),
         *(format_amount(line[name], decimals) for name in ("invoiced", "received", "open", "overdue")),
         "" if line["collection_rate"] is None else f"{line['collection_rate']:.1%}",
         "" if line["turnover_days"] is None else f"{line['turnover_days']:.0f} days"]
        for line in frame.head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    head = ["cash", "billed", "received", "open", "overdue", "collected", "outstanding"]
    return draw_table(head, rows, left=1) + _more(frame.height)


def percent(part: int, whole: int) -> str:
    """Return attainment in percent, never cut at 100; empty where nothing is due."""
    return f"{part / whole:.1%}" if whole > 0 else ""


def chance_words(chance: float) -> str:
    """Return a chance; one that no or every simulated year had is not called certain."""
    return "< 1%" if chance < 0.01 else "> 99%" if chance > 0.99 else f"{chance:.0%}"


def _label(line: Mapping[str, Any]) -> str:
    if line["dimension"] == COMPANY:
        return "company"
    beside = "" if line["in_plan"] else " (no number)"
    indent = "  " if line["dimension"] == "person" and line["node"] != OUTSIDE else ""
    return printable(f"{indent}{line['node']}{beside}")


def _more(height: int) -> str:
    return f"\n… and {height - _MOST_LINES:,} more; --json has them all" if height > _MOST_LINES else ""
