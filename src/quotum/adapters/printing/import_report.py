"""Prints what `quotum import` guessed: for people a line a column, for programs JSON."""

from __future__ import annotations

import json
from pathlib import Path

from quotum.adapters.files.importing.drafting import Draft
from quotum.adapters.printing.print_issues import issue_for_json


def draft_as_json(draft: Draft, into: Path) -> str:
    """Return the draft as JSON."""
    tables = [
        {"table": table.table, "files": table.sources, "sure": table.sure, "options": table.options,
         "columns": [{"column": name, "from": found.toml, "sure": found.sure, "why": found.why}
                     for name, found in table.columns.items()]}
        for table in draft.guess.tables
    ]  # fmt: skip
    return json.dumps(
        {"folder": str(into), "data": str(draft.data) if draft.data else None, "tables": tables,
         "unplaced": [{"file": file, "columns": titles} for file, titles in draft.guess.unplaced().items()],
         "missing": [{"table": table, "column": column} for table, column in draft.guess.missing],
         "issues": [issue_for_json(issue) for issue in draft.issues]},
        ensure_ascii=False, indent=2,
    )  # fmt: skip


def draft_as_text(draft: Draft, into: Path) -> str:
    """Return the draft as lines for people: tables, columns, what was left over, what to do next."""
    lines = []
    for table in draft.guess.tables:
        lines.append(f"{table.table} ← {', '.join(table.sources)}  ({table.sure} of 100 sure)")
        lines += [f"  {option}" for option in table.options]
        width = max((len(name) for name in table.columns), default=0)
        for name, found in table.columns.items():
            lines.append(f"  {name:<{width}} ← {found.toml}  ({found.sure}: {found.why})")
    for source, sample in draft.guess.samples.items():
        (mark, mark_sure), (order, order_sure) = sample.mark, sample.order
        if not mark_sure:
            lines.append(f'{source}: the decimal mark is a guess: "{mark}"')
        if not order_sure:
            lines.append(f'{source}: the order of day and month is a guess: "{order}"')
    left = draft.guess.unplaced()
    if left:
        lines.append("Not used:")
        lines += [f"  {source}: {', '.join(titles)}" for source, titles in left.items()]
    if draft.guess.missing:
        lines.append("Not found, and needed:")
        lines += [f"  {table}.{column}" for table, column in draft.guess.missing]
    data = f" --data {draft.data}" if draft.data else ""
    lines.append(f"Written to {into / 'plan.toml'}. Next: look it over, then quotum check {into}{data}")
    return "\n".join(lines)
