"""A ledger of reasons as people read it: what was split, what came of it, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.reason_words import NameOf, word_basis, word_why, word_window
from quotum.engine.slices.explaining import Explanation, LedgerLine, LedgerStep

_Money = Callable[[int], str]


def draw_ledger(explanation: Explanation, keys: Sequence[tuple[str, str]], name_of: NameOf, plan_name: str) -> str:
    """Return the ledger as text: a block a step, lines that add up, the number at the end."""
    decimals = explanation.decimals

    def money(amount_minor: int) -> str:
        return format_amount(amount_minor, decimals)

    def called(dimension: str, key: str) -> str:
        name = name_of(dimension, key)
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
    if len(ends) > 1 or explanation.dates is not None or explanation.revisions or explanation.hedges:
        lines += ["", "Together"]
        lines += [
            f"{money(end.amount_minor):>{width}}  {end.layer} {called(end.dimension, end.member)}" for end in ends
        ]
        lines += [
            f"{money(line.amount_minor):>{width}}  hedge handed down by step {line.basis} (× {line.part:g})"
            for line in explanation.hedges
        ]
        lines += [_tell_revision(line, money, width) for line in explanation.revisions]
        if explanation.dates is not None:
            lines.append(f"{money(explanation.dates.amount_minor):>{width}}  due on other dates of the plan")
    lines.append(f"{money(explanation.amount_minor):>{width}}  = {explanation.since} until {explanation.until}")
    return "\n".join(lines)


def _tell_revision(line: LedgerLine, money: _Money, width: int) -> str:
    """Return the line of a change made since the plan was split."""
    return f"{money(line.amount_minor):>{width}}  revised since" + (f": {line.basis}" if line.basis else "")


def _draw_step(step: LedgerStep, called: NameOf, money: _Money, width: int) -> list[str]:
    """Return one step's block; a place that is the only one of its parent is told in a line."""
    if step.dimension == "window":
        head = f"of these, customers held {word_window(step.member)}"
    else:
        head = f"{step.dimension} {called(step.dimension, step.member)}"
    if step.num_members == 1:
        return [f"{money(step.amount_minor):>{width}}  {head} (all of it)"]
    lines = [f"{'':>{width}}  {head}: {_percent(step.amount_minor, step.parent_minor)} of {money(step.parent_minor)}, "
             f"one of {step.num_members}"]  # fmt: skip
    lines += [f"{money(line.amount_minor):>{width}}    {_tell_line(line, step, money)}" for line in step.lines]
    why = "" if step.why == "free" else f" ({word_why(step.why)})"
    return [*lines, f"{money(step.amount_minor):>{width}}  = {head}{why}"]


def _tell_line(line: LedgerLine, step: LedgerStep, money: _Money) -> str:
    """Return the words of one line."""
    if line.what == "basis":
        part = f"{line.part:.0%} by " if line.part < 1 else ""
        return f"{part}{word_basis(line.basis)}: {line.weight:,.2f} of {line.weight_of_all:,.2f}"
    if line.what == "proposals":
        own = f"own {line.weight:,.2f}, trust {line.part:g}" if line.part else "of others"
        return f"proposals ({own}), and bounds"
    if line.what == "prices":
        return "prices: what the products cost, dearer or cheaper than the others'"
    if line.what == "bounds":
        bounds = [f"floor {money(round(step.floor))}" if step.floor is not None else "",
               f"cap {money(round(step.cap))}" if step.cap is not None else ""]  # fmt: skip
        return f"bounds, own or of others ({', '.join(text for text in bounds if text) or 'of others'})"
    return "rounding to whole units"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "0%"
