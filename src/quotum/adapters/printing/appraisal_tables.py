"""Appraisals for people and for programs: ranking, a person's lines down to the rows, commissions, quotas, goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.engine.appraisal import Appraisal
from quotum.engine.appraisal.simulating import Simulation

_MOST = 40
_MOST_ROWS = 12
_SCORE = ("person", "scheme", "scorecard", "period")
WHY_WORDS = {
    "free": "as far as the target was met", "floor": "not below the floor", "cap": "not above the cap",
    "step": "by its step", "no_step": "in no step", "missing": "no data", "reweighted": "no data: others weigh more",
    "passed": "passed", "failed": "not passed", "events": "events deducted", "no_events": "no events",
    "bonus": "bonus", "no_bonus": "no bonus", "given": "as rated", "limit": "floor, cap or veto of the whole",
}  # fmt: skip


def draw_scores(appraisal: Appraisal, decimals: int) -> str:
    """Return the ranking of each scorecard and period, best first."""
    scores, objections = appraisal["scores"], count_objections(appraisal["objections"])
    parts = []
    for (card, period), frame in scores.group_by("scorecard", "period", maintain_order=True):
        ranked = frame.sort("rank", "person", "unit", nulls_last=True)
        has_pay = frame["pay_factor"].null_count() < frame.height
        head = ["rank", "who", "score", "grade", *(["pay", "amount"] if has_pay else []), "told"]
        rows = [
            [str(row["rank"] or ""), printable(row["person"] or row["unit"]), write_points(row["score_e2"]),
             row["grade"] or "",
             *([_factor(row["pay_factor"]), format_amount(row["pay"], decimals)] if has_pay else []),
             _tell(row, objections)]
            for row in ranked.head(_MOST).iter_rows(named=True)
        ]  # fmt: skip
        more = f"\n… and {ranked.height - _MOST:,} more; --json has them all" if ranked.height > _MOST else ""
        effect = f" ({frame['effect'][0]})" if frame["effect"][0] else ""
        parts.append(f"{card}, {period}{effect}\n{draw_table(head, rows, left=2)}{more}")
    return "\n\n".join(parts)


def draw_one(
    tables: Mapping[str, pl.DataFrame], sources: pl.DataFrame, *, person: str = "", unit: str = ""
) -> str:
    """Return the ledger of a person or unit: scores with their lines, the figures they are made of, and their rows."""
    parts, who = [], person or unit
    mine = (pl.col("person") == person) & (pl.col("unit") == unit if unit else pl.lit(value=True))
    rules = {(r["scheme"], r["scorecard"], r["place"]): r for r in tables["rules"].iter_rows(named=True)}
    facts = tables["facts"].filter(mine)
    known = {(e, p, f): v for e, p, f, v in facts.select("every", "period", "fact", "value").iter_rows()}
    scores = {
        (row["scheme"], row["scorecard"], row["period"]): row["score_e2"]
        for row in tables["scores"].filter(mine).iter_rows(named=True)
    }
    lines = tables["lines"].filter(mine)
    for (scheme, card, period), frame in lines.group_by("scheme", "scorecard", "period", maintain_order=True):
        rows = [
            [row["indicator"], f"{row['weight']:g}", _number(row["target"]), _number(row["actual"]),
             write_points(row["points_e2"]), WHY_WORDS[row["why"]]]
            for row in frame.iter_rows(named=True)
        ]  # fmt: skip
        total = ["", f"{frame['weight'].sum():g}", "", "", write_points(scores[scheme, card, period]), ""]
        table = draw_table(["indicator", "weight", "target", "actual", "points", "why"], rows, left=1, total=total)
        made = []
        for row in frame.iter_rows(named=True):
            rule = rules.get((scheme, card, row["place"]))
            if rule is not None and rule["formula"]:
                values = [
                    f"{name} {_number(known.get((rule['every'], period, name))) or 'no data'}" for name in rule["facts"]
                ]
                made.append(f"  {row['indicator']} = {rule['formula']}: {', '.join(values)}")
        of_score = tables["objections"].filter(person=person, scheme=scheme, scorecard=card, period=period)
        parts.append("\n".join([f"{who}: {card}, {period}", table, *made, *_write_objections(of_score)]))
    if sources.height:
        head = sources.head(_MOST_ROWS)
        rows = [
            [r["period"], r["fact"], f"{r['file']}:{r['line']}", str(r["date"])] for r in head.iter_rows(named=True)
        ]
        left = sources.height - head.height
        more = f"\n… and {left:,} more rows; --json has them all" if left else ""
        parts.append("made from\n" + draw_table(["period", "figure", "row", "date"], rows, left=4) + more)
    return "\n\n".join(parts)


def _write_objections(objections: pl.DataFrame) -> list[str]:
    """Return a line an objection: when, to what, why, and what was answered."""
    lines = []
    for row in objections.iter_rows(named=True):
        answer = f" {row['answer']}" if row["answer"] else ""
        day = f" on {row['answered']}" if row["answered"] else ""
        about = f" to {row['indicator']}" if row["indicator"] else ""
        lines.append(printable(f"  objection of {row['date']}{about}: {row['reason']}: {row['state']}{day}.{answer}"))
    return lines


def draw_consequences(consequences: pl.DataFrame) -> str:
    """Return whom a bad score asks to improve by when, where it is weakest, and what follows otherwise."""
    if consequences.is_empty():
        return ""
    rows = [
        [r["person"] or r["unit"], r["scorecard"], r["period"], write_points(r["score_e2"]), r["weakest"] or "",
         f"improve until {r['due']}" if r["due"] else "among the last", r["says"]]
        for r in consequences.head(_MOST).iter_rows(named=True)
    ]  # fmt: skip
    more = f"\n… and {consequences.height - _MOST:,} more; --json has them all" if len(consequences) > _MOST else ""
    head = ["who", "scorecard", "period", "score", "weakest", "what follows", "or else"]
    return draw_table(head, rows, left=7) + more


def draw_money(appraisal: Appraisal, decimals: int) -> str:
    """Return commissions by person and cost quotas, where there are any."""
    parts = []
    paid = appraisal["commissions"]
    if paid.height:
        rows = [
            [r["person"], r["commission"], r["period"], f"{r['eligible']:,.2f}", f"{r['rate']:.2%}", f"{r['factor']:g}",
             format_amount(r["amount"], decimals)]
            for r in paid.head(_MOST).iter_rows(named=True)
        ]  # fmt: skip
        total = ["", "", "", "", "", "", format_amount(int(paid["amount"].sum()), decimals)]
        head = ["person", "commission", "period", "eligible", "rate", "factor", "amount"]
        parts.append(draw_table(head, rows, left=3, total=total))
    quotas = appraisal["cost_quotas"]
    if quotas.height:
        rows = [
            [r["person"] or r["unit"], r["item"], r["period"],
             *(format_amount(r[name], decimals) for name in ("quota", "actual", "kept", "overrun"))]
            for r in quotas.head(_MOST).iter_rows(named=True)
        ]  # fmt: skip
        parts.append(draw_table(["who", "cost", "period", "quota", "actual", "kept", "not refunded"], rows, left=3))
    return "\n\n".join(parts)


def draw_goals(goals: pl.DataFrame) -> str:
    """Return who carries which part of the goals at the top, each post below the one it has it from."""
    below: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in goals.iter_rows(named=True):
        below.setdefault((row["indicator"], row["from_post"]), []).append(row)
    rows: list[list[str]] = []

    def add(indicator: str, above: str) -> None:
        for row in below.get((indicator, above), []):
            name = "  " * (row["depth"] + 1) + row["post"]
            owner = "owner" if row["owns"] else ""
            rows.append([name, f"{row['part']:.1%}", _number(row["target_e4"] / 10_000), owner])
            add(indicator, row["post"])

    for indicator in goals["indicator"].unique(maintain_order=True):
        rows.append([indicator, "", "", ""])
        add(indicator, "")
    return draw_table(["indicator, post", "part", "target", ""], rows, left=1)


def draw_simulation(simulation: Simulation, decimals: int) -> str:
    """Return who would have got what, and what a weight more would have changed."""
    told = draw_scores(simulation.appraisal, decimals)
    money = draw_money(simulation.appraisal, decimals)
    rows = [
        [r["scorecard"], r["indicator"], f"{r['weight']:g} → {r['tried']:g}", f"{r['mean_change'] or 0:+.2f}",
         f"{r['largest_change'] or 0:.2f}", f"{r['moved']} of {r['scores']}", str(r["grades_changed"])]
        for r in simulation.sensitivity.iter_rows(named=True)
    ]  # fmt: skip
    head = ["scorecard", "indicator", "weight", "mean change", "largest", "ranks moved", "grades changed"]
    return "\n\n".join(part for part in (told, money, draw_table(head, rows, left=2) if rows else "") if part)


def rows_for_json(appraisal: Appraisal) -> list[dict[str, Any]]:
    """Return the scores with their lines as plain values; points and scores in points."""
    return _rows(appraisal["scores"], appraisal["lines"], appraisal["objections"])


def lines_for_json(tables: Mapping[str, pl.DataFrame], *, person: str = "", unit: str = "") -> list[dict[str, Any]]:
    """Return the same of one person, or of one unit."""
    mine = (pl.col("person") == person) & (pl.col("unit") == unit if unit else pl.lit(value=True))
    return _rows(tables["scores"].filter(mine), tables["lines"].filter(mine), tables["objections"])


def _rows(scores: pl.DataFrame, score_lines: pl.DataFrame, objections: pl.DataFrame) -> list[dict[str, Any]]:
    lines: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    keys = ("person", "unit", "scheme", "scorecard", "period")
    for line in score_lines.iter_rows(named=True):
        lines.setdefault(tuple(line[key] for key in keys), []).append({
            "indicator": line["indicator"], "weight": line["weight"], "target": line["target"],
            "actual": line["actual"], "points": line["points_e2"] / 100, "why": line["why"],
        })  # fmt: skip
    objected: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for line in objections.iter_rows(named=True):
        plain = {key: str(line[key]) if key in ("date", "answered") and line[key] else line[key]
                 for key in ("date", "indicator", "reason", "state", "answered", "answer")}  # fmt: skip
        objected.setdefault(tuple(line[key] for key in _SCORE), []).append(plain)
    rows = []
    for row in scores.iter_rows(named=True):
        score = row.pop("score_e2")
        plain = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        rows.append({
            **{key: plain.pop(key) for key in ("person", "unit", "scorecard")},
            "score": None if score is None else score / 100, **plain, "lines": lines[tuple(row[key] for key in keys)],
            "objections": objected.get(tuple(row[key] for key in _SCORE), []),
        })  # fmt: skip
    return rows


def write_points(points_e2: int | None) -> str:
    """Return hundredths of a point as text."""
    return format_amount(points_e2, 2)


def join_told(parts: Sequence[str]) -> str:
    """Return the parts that say something, an empty line between them."""
    return "\n\n".join(part for part in parts if part)


def count_objections(objections: pl.DataFrame) -> dict[tuple[str, ...], str]:
    """Return what is said of objections by person, scheme, scorecard and period, such as ``objection upheld``."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for *score, state in objections.select(*_SCORE, "state").iter_rows():
        found.setdefault(tuple(score), {})[state] = None
    return {score: f"objection {', '.join(states)}" for score, states in found.items()}


def _tell(row: dict[str, Any], objections: Mapping[tuple[str, ...], str]) -> str:
    told = [f"void: {', '.join(row['voided'])}"] if row["voided"] else []
    told += ["among the last"] if row["last_place"] else []
    told += [f"improve until {row['improve_until']}"] if row["improve_until"] else []
    told += [found] if (found := objections.get(tuple(row[key] for key in _SCORE))) else []
    return "; ".join(told)


def _factor(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")
