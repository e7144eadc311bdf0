"""A ledger of reasons as people read it: what was split, what came of it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quotum.adapters.printing.amounts import format_amount
from quotum.engine.slices.explaining import Explanation, LedgerLine, LedgerStep

_WHY = {
    "floor": "held up by its floor",
    "cap": "held down by its cap",
    "lock": "locked",
    "no_history": "without history a year earlier: ratio bounds do not apply",
}
_BASES = {
    "history": "history (earlier years, weighted)",
    "potential": "potential of the customers",
    "ability": "ability",
    "headcount": "heads",
    "equal": "equal parts",
    "working_days": "working days",
    "manual": "weights of plan.toml",
    "market_capacity": "capacity of the market",
    "market_share": "share of the market",
}


def draw_ledger(
    explanation: Explanation, keys: Sequence[tuple[str, str]], names: Mapping[tuple[str, str], str], plan_name: str
) -> str:
    """Return the ledger as text: a block a step, lines that add up, the number at the end."""
    decimals = explanation.decimals

    def money(amount_minor: int) -> str:
        return format_amount(amount_minor, decimals)

    def called(dimension: str, key: str) -> str:
        name = names.get((dimension, key), key)
        return key if name == key else f"{key} {name}"

    whose = ", ".join(f"{dimension} {called(dimension, key)}" for dimension, key in keys)
    lines = [f"{plan_name}: {explanation.measure}, {explanation.level}, {whose}"]
    width = max([len(money(amount)) for amount in explanation.target_minor.values()], default=0) + 1
    for way in explanation.ways:
        layer = way[0].layer
        lines += ["", f"{money(explanation.target_minor[layer]):>{width}}  {layer}: the target"]
        for step in way:
            lines += _draw_step(step, called, money, width)
    ends = [way[-1] for way in explanation.ways]
    if len(ends) > 1 or explanation.dates is not None:
        lines += ["", "Together"]
        lines += [
            f"{money(end.amount_minor):>{width}}  {end.layer} {called(end.dimension, end.member)}" for end in ends
        ]
        if explanation.dates is not None:
            lines.append(f"{money(explanation.dates.amount_minor):>{width}}  due on other dates of the plan")
    lines.append(f"{money(explanation.amount_minor):>{width}}  = {explanation.since} until {explanation.until}")
    return "\n".join(lines)


def _draw_step(step: LedgerStep, called, money, width: int) -> list[str]:  # type: ignore[no-untyped-def]
    """Return one step's block; a place that is the only one of its parent is told in a line."""
    if step.dimension == "window":
        head = f"of these, customers held {step.member.replace('/', ' until ')}"
    else:
        head = f"{step.dimension} {called(step.dimension, step.member)}"
    if step.num_members == 1:
        return [f"{money(step.amount_minor):>{width}}  {head} (all of it)"]
    lines = [f"{'':>{width}}  {head}: {_percent(step.amount_minor, step.parent_minor)} of {money(step.parent_minor)}, "
             f"one of {step.num_members}"]  # fmt: skip
    lines += [f"{money(line.amount_minor):>{width}}    {_tell_line(line, step, money)}" for line in step.lines]
    why = f" ({_WHY[step.why]})" if step.why in _WHY else ""
    return [*lines, f"{money(step.amount_minor):>{width}}  = {head}{why}"]


def _tell_line(line: LedgerLine, step: LedgerStep, money) -> str:  # type: ignore[no-untyped-def]
    """Return the words of one line."""
    if line.what == "basis":
        part = f"{line.part:.0%} by " if line.part < 1 else ""
        basis = _BASES.get(line.basis, line.basis)
        return f"{part}{basis}: {line.weight:,.2f} of {line.weight_of_all:,.2f}"
    if line.what == "bounds":
        own = [f"floor {money(round(step.floor))}" if step.floor is not None else "",
               f"cap {money(round(step.cap))}" if step.cap is not None else ""]  # fmt: skip
        return f"bounds, own or of others ({', '.join(text for text in own if text) or 'of others'})"
    return "rounding to whole units"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "0%"
