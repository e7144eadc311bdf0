"""Writes ``issues.md`` from the texts of findings: ``python docs/reference/make_issues_page.py``; a test compares."""

from __future__ import annotations

import re
from pathlib import Path

from quotum.adapters.printing.appraisal_texts import APPRAISAL_TEXTS
from quotum.adapters.printing.customer_texts import CUSTOMER_TEXTS
from quotum.adapters.printing.driver_texts import DRIVER_TEXTS
from quotum.adapters.printing.feasibility_texts import FEASIBILITY_TEXTS
from quotum.adapters.printing.file_texts import FILE_TEXTS
from quotum.adapters.printing.forecast_texts import FORECAST_TEXTS
from quotum.adapters.printing.import_texts import IMPORT_TEXTS
from quotum.adapters.printing.planning_texts import PLANNING_TEXTS
from quotum.adapters.printing.replan_texts import REPLAN_TEXTS
from quotum.adapters.printing.revision_texts import REVISION_TEXTS
from quotum.adapters.printing.settings_texts import SETTINGS_TEXTS
from quotum.adapters.printing.table_texts import TABLE_TEXTS
from quotum.adapters.printing.tracking_texts import TRACKING_TEXTS
from quotum.adapters.printing.visit_texts import VISIT_TEXTS

CATALOGUES = {
    "Files: what is there, and whether it can be read": FILE_TEXTS,
    "Import: foreign files": IMPORT_TEXTS,
    "Tables: the rows of a company": TABLE_TEXTS,
    "Settings: plan.toml and `--set`": SETTINGS_TEXTS,
    "Plans: making, writing, reading and asking": PLANNING_TEXTS,
    "Feasibility: what the year can bring, and whether the given numbers agree": FEASIBILITY_TEXTS,
    "Forecasts: models and what they stand on": FORECAST_TEXTS,
    "Revisions: changing and comparing plans": REVISION_TEXTS,
    "Planning anew: what was sold, and what the months ahead take": REPLAN_TEXTS,
    "Drivers: formulas, known values, capacity": DRIVER_TEXTS,
    "Customers: classes, states, who is needed": CUSTOMER_TEXTS,
    "Reviews: actuals against a plan": TRACKING_TEXTS,
    "Visits: cadence, travel times, what found no day": VISIT_TEXTS,
    "Schemes: scorecards, bands, owners, commissions": APPRAISAL_TEXTS,
}

HEAD = """# Findings

Everything quotum has to say about your data is a finding with a rule. `quotum check` tells all of them at once;
`--json` gives them to programs, with `rule`, `severity`, `table`, `file`, `line`, `column`, `value`, `details`,
`message`, `remedy` and `more` (how many of the same kind were left out).

| degree | what it means | exit code |
| --- | --- | ---: |
| error | the input is wrong; nothing is planned or written | 2 |
| conflict | the input is sound but cannot be met; nothing is written | 1 |
| warning | planned; somebody should look | 0 |
| note | planned; worth knowing | 0 |

Words in ‹ › are filled in when the finding is printed. The command line and `--json` tell findings in English; the
[browser](../how-to/web-serve.md#languages) tells them in the reader's language. This page is written by
`make_issues_page.py` beside it.
"""


def make_page() -> str:
    """Return the page as Markdown: a table for each catalogue, rules in the order of the alphabet."""
    parts = [HEAD]
    for title, texts in CATALOGUES.items():
        lines = [
            f"| `{rule}` | {_cell(message)} | {_cell(remedy)} |" for rule, (message, remedy) in sorted(texts.items())
        ]
        parts.append(
            "\n".join([f"## {title}", "", "| rule | what was found | what to do |", "| --- | --- | --- |", *lines])
        )
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _cell(text: str) -> str:
    """Return a text for a cell: blanks in angle quotes, optional parts without their brackets."""
    text = re.sub(r"\[([^\[\]]*\{\w+\}[^\[\]]*)\]", r"\1", text)
    return re.sub(r"\{(\w+)\}", r"‹\1›", text).replace("|", "\\|")


if __name__ == "__main__":
    (Path(__file__).parent / "issues.md").write_text(make_page(), encoding="utf-8", newline="\n")
