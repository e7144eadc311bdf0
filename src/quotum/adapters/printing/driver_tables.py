"""Driver trees in a terminal: the tree with its values, what is needed, ways out, what one more is worth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from quotum.adapters.printing.text_tables import draw_table
from quotum.engine.drivers import DriverTree, Solution
from quotum.engine.drivers.expressions import write_expression

_PER = {"day": "a day", "week": "a week", "month": "a month", "year": "a year", "plan": "in the plan"}


def write_number(value: float | None) -> str:
    """Return a number as people read it: thousands apart, four digits that count, none where it has no value."""
    if value is None or not math.isfinite(value):
        return "–"
    if abs(value) >= 1000 or value == round(value):
        return f"{round(value):,d}" if abs(value) >= 10 or value == round(value) else f"{value:,.4g}"
    return f"{value:,.4g}"


def describe_driver(tree: DriverTree, name: str) -> str:
    """Return how a driver comes about: its formula, or how it is known."""
    if name in tree.formulas:
        return f"= {write_expression(tree.formulas[name])}"
    driver = tree.drivers.get(name)
    if driver is None:
        return "calendar and people"
    words = [f"estimated: {driver.estimate}" if driver.estimate else "heads" if driver.people is not None else "given"]
    words += [_PER[driver.per]] if driver.per else []
    words += ["each person"] if driver.each else []
    words += [f"role {driver.role}"] if driver.role else []
    words += [f"from {driver.since}"] if driver.since else []
    return ", ".join(words)


def walk_tree(tree: DriverTree) -> Iterator[tuple[int, str, bool]]:
    """Yield (depth, name, again) from the roots down; parts that were opened before are not opened again."""
    opened: set[str] = set()
    left = [(0, name) for name in reversed(tree.roots() or [n for n in tree.drivers if n in tree.formulas])]
    while left:
        depth, name = left.pop()
        again = name in opened and bool(tree.parts(name))
        yield depth, name, again
        if not again:
            left += [(depth + 1, part) for part in reversed(tree.parts(name))]
        opened.add(name)


def draw_drivers(tree: DriverTree, values: Mapping[str, float | None], ranges: pl.DataFrame | None = None) -> str:
    """Return the tree: every driver below what it makes, its value in the plan, its range, how it comes about."""
    between = {} if ranges is None else {n: (low, high) for n, _, low, high in ranges.iter_rows()}
    shown: set[str] = set()
    rows = []
    for depth, name, again in walk_tree(tree):
        low, high = between.get(name, (None, None))
        span = f"{write_number(low)} to {write_number(high)}" if low is not None else ""
        about = "see above" if again else describe_driver(tree, name)
        rows.append([f"{'  ' * depth}{name}", write_number(values.get(name)), span, about])
        shown.add(name)
    rows += [[name, write_number(values.get(name)), "", describe_driver(tree, name)]
             for name in tree.drivers if name not in shown and not name.startswith("people:")]  # fmt: skip
    return _flush_last(["driver", "in the plan", "80 % range" if between else "", "how"], rows)


def draw_solution(found: Solution) -> list[str]:
    """Return what a driver must be, in lines."""
    goal = f"{found.goal} {write_number(found.wanted)}"
    if found.answer == "any":
        return [f"{found.unknown}: any value will do; {goal} does not depend on it."]
    if found.answer == "none":
        return []
    answers = [write_number(value) for value in found.values]
    answers += [f"{write_number(low)} to {write_number(high)}" for low, high in found.spans]
    lines = [f"{found.unknown} must be {' or '.join(answers)} for {goal}; now it is {write_number(found.now)}"
             f" ({found.goal} {write_number(found.reached)})."]  # fmt: skip
    lines += [f"  in whole ones: {write_number(whole)} makes {found.goal} {write_number(reached)}"
              for whole, reached in found.whole]  # fmt: skip
    return lines


def draw_capacity(table: pl.DataFrame) -> str:
    """Return what is needed beside what there is, and below it the ways out of what is short."""
    words = {True: "enough", False: "short"}
    rows = [
        [f"{'' if line['kind'] == 'goal' else '  '}{line['node']}{' (there)' if line['kind'] == 'supply' else ''}",
         write_number(line["need"]), write_number(line["have"]),
         _percent(line["have"], line["need"]), "" if line["kind"] == "driver" else words[line["enough"]]]
        for line in table.iter_rows(named=True)
    ]  # fmt: skip
    drawn = [draw_table(["driver", "needed", "there", "covers", ""], rows, left=1)]
    for line in table.filter(~pl.col("enough")).iter_rows(named=True):
        if line["ways_out"]:
            drawn.append(f"\n{line['node']} is short. Each of these alone would do:")
            drawn.append(draw_table(["change", "now", "to", "by"], [
                [f"  {way['driver']}", write_number(way["now"]), write_number(way["needed"]),
                 _growth(way["now"], way["needed"])] for way in line["ways_out"]
            ], left=1))  # fmt: skip
    return "\n".join(drawn)


def draw_worth(table: pl.DataFrame, goal: str) -> str:
    """Return what one more of each driver is worth."""
    rows = [[line["driver"], write_number(line["value"]),
             f"{write_number(line['step'])} more", write_number(line["worth"]),
             "–" if line["elasticity"] is None else f"{line['elasticity']:+.2f} %"]
            for line in table.iter_rows(named=True)]  # fmt: skip
    return draw_table(["driver", "now", "change", f"makes {goal}", "1 % more"], rows, left=1)


def draw_norms(table: pl.DataFrame) -> str:
    """Return the norms of each role: what is set, what the goals need."""
    rows = [[line["role"], line["activity"], f"{write_number(line['set'])} a {line['per']}",
             f"{write_number(line['needed'])} a {line['per']}" if line["needed"] is not None else ""]
            for line in table.iter_rows(named=True)]  # fmt: skip
    return draw_table(["role", "activity", "norm", "needed"], rows, left=2)


def draw_scopes(table: pl.DataFrame, names: Sequence[str]) -> str:
    """Return the values in the plan of each unit or person: a line each, a column a driver."""
    whole = table.filter(pl.col("period") == "")
    wide = {(scope, name): value for scope, name, value in whole.select("scope", "driver", "value").iter_rows()}
    scopes = whole["scope"].unique(maintain_order=True)
    rows = [[scope, *(write_number(wide.get((scope, name))) for name in names)] for scope in scopes]
    return draw_table(["", *names], rows, left=1)


def _flush_last(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose last column is prose: flush left, without the padding of numbers."""
    drawn = draw_table([*header[:-1]], [row[:-1] for row in rows], left=1).splitlines()
    width = max(map(len, drawn))
    last = [header[-1], "-" * len(header[-1]), *(row[-1] for row in rows)]
    return "\n".join(f"{line.ljust(width)}  {text}".rstrip() for line, text in zip(drawn, last, strict=True))


def _percent(have: float | None, need: float | None) -> str:
    return "" if need is None or have is None or not need else f"{100 * have / need:.0f} %"


def _growth(now: float | None, needed: float | None) -> str:
    return "" if not now or needed is None else f"{100 * (needed / now - 1):+.0f} %"
