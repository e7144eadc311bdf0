"""Writes a guessed `[import]` into plan.toml, with how sure it is beside every line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from quotum.adapters.files.importing.guessing import Guess, GuessedTable, quoted
from quotum.adapters.files.importing.samples import Sample
from quotum.engine.tables.schema import TABLES


def import_text(guess: Guess) -> str:
    """Return the sections of `[import]`, trees first, each column with how it was found."""
    order = list(TABLES)
    tables = sorted(guess.tables, key=lambda each: order.index(each.table))
    several = {each.table for each in tables if sum(other.table == each.table for other in tables) > 1}
    parts = ["# Written by `quotum import`. Behind each line stands how it was found and how sure that is, of 100.\n"]
    parts += [_form_text(sample) for sample in guess.samples.values()
              if sample.header or not (sample.mark[1] and sample.order[1])]  # fmt: skip
    parts += [_table_text(each, several=each.table in several) for each in tables]
    return "\n".join(parts)


def _form_text(sample: Sample) -> str:
    """Return where a file's titles stand, and how it writes numbers and dates, where that is not plain."""
    (mark, mark_sure), (order, order_sure) = sample.mark, sample.order
    lines = [f"[import.files.{quoted(sample.source)}]"]
    if sample.header:
        lines.append(f"header = {sample.header}   # the line of the titles")
    if not mark_sure:
        lines.append(f'decimal = "{mark}"   # unsure: the values can be read both ways')
    if not order_sure:
        lines.append(f'dates = "{order}"   # unsure: the dates can be read both ways')
    return "\n".join(lines) + "\n"


def _table_text(guessed: GuessedTable, *, several: bool) -> str:
    """Return one entry."""
    name = f"import.{guessed.table}"
    source = ", ".join(map(quoted, guessed.sources))
    lines = [f"[[{name}]]" if several else f"[{name}]",
             f"from = {f'[{source}]' if len(guessed.sources) > 1 else source}   # {guessed.sure}"]  # fmt: skip
    lines += guessed.options
    for join in guessed.joins:
        lines += [f"[[{name}.join]]", *join]
    if guessed.columns:
        lines.append(f"[{name}.columns]")
        lines += [f"{column} = {found.toml}   # {found.sure}: {found.why}" for column, found in guessed.columns.items()]
    return "\n".join(lines) + "\n"


def new_plan_text(name: str, last_day: date | None) -> str:
    """Return the template of plan.toml for the year after the last day of history."""
    text = files("quotum.adapters.files").joinpath("plan_template.toml").read_text(encoding="utf-8")
    text = _set(text, "name", quoted(name))
    if last_day is not None:
        since = (last_day.replace(day=1) + timedelta(days=32)).replace(day=1)
        text = _set(text, "since", str(since))
        text = _set(text, "until", str(since.replace(year=since.year + 1)))
        text = _set(text, "as_of", str(since - timedelta(days=1)))
    return text


def set_target(text: str, commit: int) -> str:
    """Return plan.toml with a commitment, and a tenth more as stretch."""
    text = _set(text, "commit", f"{commit:_}   # what the twelve months before brought; change it")
    return _set(text, "stretch", f"{commit + -(-commit // 10):_}   # a tenth more")


def _set(text: str, key: str, value: str) -> str:
    """Return a TOML text with another value behind the first ``key =``; its comment stays unless the value has one."""
    return re.sub(
        rf"^{key} = (?P<old>\"[^\"]*\"|[^#\n]*?)(?P<comment>\s*#.*)?$",
        lambda found: f"{key} = {value}" + ("" if "#" in value else found["comment"] or ""), text, count=1, flags=re.M,
    )  # fmt: skip


def append_import(path: Path, section: str, fresh: Mapping[str, str]) -> None:
    """Write plan.toml: the old text, or the fresh one where there is none, and the section behind it."""
    old = path.read_text(encoding="utf-8") if path.exists() else fresh["plan"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(old.rstrip("\n") + "\n\n" + section, encoding="utf-8", newline="\n")
