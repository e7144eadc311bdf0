"""Rules on trees: a unit, area or category has one place, and the organisation has one top."""

from __future__ import annotations

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import finding, list_names
from quotum.engine.tables.schema import TABLES, Table


def check_trees(company: Company) -> list[Issue]:
    """Check every tree: no circle, nobody its own parent, one top for the organisation."""
    return [issue for table in TABLES.values() if table.parent for issue in _check_tree(company, table)]


def _check_tree(company: Company, table: Table) -> list[Issue]:
    key, parent = table.key[0], table.parent
    rows: dict[str, int] = {}
    parents: dict[str, str | None] = {}
    for row, (name, above) in enumerate(company[table.name].select(key, parent).iter_rows()):
        if name is not None and name not in rows:
            rows[name], parents[name] = row, above
    issues = []
    for circle in _circles(parents):
        rule = "own_parent" if len(circle) == 1 else "circle"
        issues.append(finding(company, table.name, rule, row=rows[circle[0]], column=parent, value=circle[0],
                              details=(("members", list_names([*circle, circle[0]])),)))  # fmt: skip
    tops = [name for name, above in parents.items() if above is None]
    if table.name == "units" and len(tops) > 1:
        issues.append(finding(company, table.name, "several_tops", row=rows[tops[1]], column=parent, value=tops[1],
                              details=(("members", list_names(tops)), ("rows", str(len(tops))))))  # fmt: skip
    return issues


def _circles(parents: dict[str, str | None]) -> list[list[str]]:
    """Return the members of every circle, each circle once."""
    done: set[str] = set()
    circles = []
    for start in parents:
        path: dict[str, None] = {}
        name: str | None = start
        while name is not None and name in parents and name not in done and name not in path:
            path[name] = None
            name = parents[name]
        if name is not None and name in path:
            members = list(path)
            circles.append(members[members.index(name) :])
        done.update(path)
    return circles
