"""A small company whose sales lie in foreign files, for tests that change one thing at a time."""

from __future__ import annotations

from pathlib import Path

from quotum.adapters.files.company_folder import OpenedCompany, open_company

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
UNITS = "unit,parent,name\nall,,All\nnorth,all,North\n"
PEOPLE = "person,name,unit\nann,Ann,north\nbob,Bob,all\n"
SALES = """
[import.sales]
from = "orders.csv"
[import.sales.columns]
date = "Day"
customer = "Client"
amount = "Net"
"""


def opened(folder: Path, mapping: str, files: dict[str, str | bytes], **options: object) -> OpenedCompany:
    """Write units, people, plan.toml with a mapping, and foreign files (text: UTF-8; None leaves one out); open all."""
    plan = str(options.pop("plan", PLAN))
    for name, content in {"units.csv": UNITS, "people.csv": PEOPLE, "plan.toml": plan + mapping, **files}.items():
        if content is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return open_company(folder, **options)  # type: ignore[arg-type]


def errors(company: OpenedCompany) -> list[tuple[str, str, int | None, str, str]]:
    """Return (rule, file, line, column, value) of every error."""
    return [(i.rule, i.file, i.line, i.column, i.value) for i in company.issues if i.severity == "error"]


def rules(company: OpenedCompany) -> set[str]:
    """Return the rules of all findings."""
    return {issue.rule for issue in company.issues}
