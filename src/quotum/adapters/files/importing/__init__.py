"""Brings foreign files in: `[import]` of plan.toml says which file and column fill which table and column.

``open_import`` reads what plan.toml says, ``Import.make_tables`` the tables, ``Import.fill_targets`` targets that are
sums. ``guess_import`` writes the first draft of `[import]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotum.adapters.files.importing.entries import Made, Parents, Period, as_raw_table, make_rows
from quotum.adapters.files.importing.foreign_files import ForeignFiles
from quotum.adapters.files.importing.import_toml import read_import
from quotum.adapters.files.importing.mapping import ImportSettings, Sum
from quotum.adapters.files.importing.rows import Findings
from quotum.adapters.files.importing.targets import fill_targets, find_sums
from quotum.adapters.files.importing.wide import wide_patterns
from quotum.adapters.files.raw_table import RawTable
from quotum.adapters.files.toml_sections import TomlNotes
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.schema import TABLES, TREES

__all__ = ["Import", "Period", "needs_import", "open_import"]


@dataclass(frozen=True, slots=True)
class Import:
    """What plan.toml says of foreign files, and the files as far as they were opened."""

    settings: ImportSettings
    files: ForeignFiles
    sums: Mapping[tuple[int, str], Sum]

    @property
    def used(self) -> dict[str, Path]:
        """The files that were opened, by the names they were given by."""
        return self.files.used

    def claimed(self) -> set[Path]:
        """Return the files that are foreign: they are no tables of the company folder themselves."""
        sources = [*self.settings.sources(), *(asked.source for asked in self.sums.values())]
        return {place.path.resolve() for source in sources for place in self.files.places(source)}

    def make_tables(
        self, period: Period | None, parents: Parents, hand_on: Callable[[str, RawTable], None]
    ) -> list[Issue]:
        """Make every table that `[import]` fills and hand it on, trees first; return what was found.

        Without a period (plan.toml does not say it rightly) only a finding about that remains, which others make.
        ``parents`` gives the tree that a table holds by then.
        """
        if period is None:
            return []
        issues: list[Issue] = []
        trees_first = sorted(TABLES, key=lambda name: name not in TREES.values())
        for name in [name for name in trees_first if name in self.settings.tables]:
            made: list[Made] = []
            findings = Findings(name)
            for entry in self.settings.entries:
                if entry.table == name:
                    rows = make_rows(entry, self.files, period, parents, findings)
                    made += [] if rows is None else [rows]
            issues += findings.issues
            if made:
                hand_on(name, as_raw_table(made, TABLES[name]))
        return issues

    def fill_targets(self, document: dict[str, Any], period: Period) -> list[Issue]:
        """Write targets that are sums into the parsed plan.toml; return what was found."""
        findings = Findings("target")
        fill_targets(document, dict(self.sums), self.files, period, findings)
        return findings.issues


def needs_import(document: dict[str, Any]) -> bool:
    """Tell whether a parsed plan.toml names foreign files."""
    targets = document.get("target", [])
    given = [target for target in targets if isinstance(target, dict)] if isinstance(targets, list) else []
    return "import" in document or any(isinstance(value, dict) for target in given for value in target.values())


def open_import(document: dict[str, Any], notes: TomlNotes, folder: Path, data: Path | None = None) -> Import:
    """Read `[import]` and the targets that are sums; nothing is opened yet, findings go to ``notes``."""
    settings = read_import(document, notes)
    sums = find_sums(document, notes)
    files = ForeignFiles((folder, data) if data else (folder,), settings.forms, settings.default)
    for entry in settings.entries:
        names = None if entry.columns is None and not entry.tree else set(entry.names())
        for source in entry.sources:
            files.ask(source, names, wide_patterns(entry.wide) if entry.wide else ())
        for join in entry.joins:
            files.ask(join.source, set(entry.names()))
    for asked in sums.values():
        files.ask(asked.source, set(asked.names()), wide_patterns(asked.wide) if asked.wide else ())
    return Import(settings, files, sums)
