"""A small sound company as files, for tests that break one thing at a time."""

from __future__ import annotations

from pathlib import Path

from quotum.adapters.files.company_folder import open_company
from quotum.engine.basics.issues import Issue

PLAN = """
[plan]
since = 2027-01-01
until = 2028-01-01
as_of = 2026-12-31
currency = "EUR"
[[target]]
measure = "revenue"
commit = 1000
[[step]]
across = "unit"
[[step]]
across = "person"
[[step]]
along = "calendar"
"""

SOUND = {
    "units.csv": "unit,parent,name\nall,,All\nnorth,all,North\nsouth,all,South\n",
    "people.csv": "person,name,unit,hired,left\nann,Ann,north,2020-01-01,\nbob,Bob,south,2021-02-03,\n",
    "products.csv": "product,name\nP1,One\nP2,Two\n",
    "customers.csv": "customer,name,person,channel\nC1,First,ann,retail\nC2,Second,bob,retail\n",
    "sales.csv": "date,customer,product,quantity,amount\n2026-12-01,C1,P1,1,10.50\n2026-12-15,C2,P2,2,20\n",
    "plan.toml": PLAN,
}


def write_company(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """Write the sound company with changed files (None: left out)."""
    for name, content in {**SOUND, **(changes or {})}.items():
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(data)
    return folder


def find(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> list[Issue]:
    """Write the company with its changes and return every finding."""
    return open_company(write_company(folder, changes)).issues


def places(issues: list[Issue], rule: str) -> list[tuple[str, int | None, str, str]]:
    """Return (file, line, column, value) of the findings of a rule."""
    return [(issue.file, issue.line, issue.column, issue.value) for issue in issues if issue.rule == rule]
