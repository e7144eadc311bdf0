"""Reads what somebody brought: files kept apart, read as a company folder or through `[import]`, checked as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import polars as pl

from quotum.adapters.files.company_folder import ReadTables, name_titles, read_tables
from quotum.adapters.files.importing import Period, open_import
from quotum.adapters.files.importing.drafting import draft_import
from quotum.adapters.files.importing.guess_writing import import_text
from quotum.adapters.files.importing.guessing import Guess
from quotum.adapters.files.importing.places import ENDINGS
from quotum.adapters.files.marked_workbook import Mark, mark_text, mark_workbook
from quotum.adapters.files.packed_folder import unpack_folder
from quotum.adapters.files.plan_toml import find_period, read_document
from quotum.adapters.files.table_files import find_tables
from quotum.engine.basics.issues import Issue, shorten, stops
from quotum.engine.tables.company import Company, Source
from quotum.engine.tables.rules import check_company
from quotum.engine.tables.schema import TABLES
from quotum.web.bridge.company import MASTER, read_facts, read_master
from quotum.web.bridge.findings import list_findings, say_issue
from quotum.web.bridge.merging import Merged, Mode, merge, modes_of
from quotum.web.bridge.stored import new_address, stored

FILES, PLAN, MARKED = "files", "plan.toml", "marked"
_MARKERS = {".xlsx": mark_workbook, ".xlsm": mark_workbook, ".csv": mark_text}
STORED = "\0stored"
_FIRST_ROWS = 10
_FOREIGN_SHAPE = {"column_missing", "column_twice"}
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody may bring in: keys of units, people and customers; None: everything."""

    units: frozenset[str]
    people: frozenset[str]
    customers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the files brought. ``tables`` are as they would be; ``findings`` as pages show them."""

    form: str  # company: read as it stands; foreign: through the mapping
    mapping: str
    tables: dict[str, Merged]
    summary: dict[str, Any]
    findings: list[dict[str, Any]]
    stops: bool
    issues: list[Issue] = field(default_factory=list)


def keep_files(files: Iterable[tuple[str, IO[bytes]]]) -> tuple[str, list[Issue]]:
    """Write files somebody sent into a new folder of the storage, zips unpacked: (address, findings)."""
    address = new_address("uploads")
    folder = stored(address) / FILES
    folder.mkdir(parents=True)
    issues: list[Issue] = []
    for name, content in files:
        ending = Path(name).suffix.lower()
        if ending == ".zip":
            packed = stored(address) / "packed.zip"
            _copy(content, packed)
            issues += [replace(issue, file=name) for issue in unpack_folder(packed, folder)]
            packed.unlink(missing_ok=True)
        elif ending not in ENDINGS and name != PLAN:
            issues.append(Issue(rule="import_unread_kind", file=name, value=ending or name))
        elif (folder / name).exists():
            issues.append(Issue(rule="packed_twice", file=name, value=name))
        else:
            _copy(content, folder / name)
    return address, issues


def look_at(
    address: str, mapping: str, modes: Mapping[str, str], allowed: Allowed | None, tell: Tell = lambda _: None
) -> Looked:
    """Read the files at an address, compare them with the database, and check what would come out.

    With an empty ``mapping`` the files are read as they stand, or a mapping is guessed.
    """
    tell("reading")
    base = stored(address)
    read, form, mapping, guessed = _read(base, mapping)
    tell("comparing")
    facts = frozenset(read.tables) - frozenset(MASTER)
    known = {**read_master(), **(read_facts(facts) if facts else {})}
    merged: dict[str, Merged] = {}
    chosen: dict[str, Mode] = {}
    for table, frame in read.tables.items():
        chosen[table] = _mode(table, modes.get(table, ""), known, guessed)
        if chosen[table] != "skip" and frame.height:
            merged[table] = merge(table, _of_schema(table, known.get(table)), frame, chosen[table])
    tell("checking")
    issues = list(read.issues)
    issues += [issue for issue in _check(known, merged, read.sources) if issue.rule != "table_missing"]
    if allowed is not None:
        issues += _refuse_foreign(merged, allowed, chosen, read.sources)
    company = Company.of({}, read.sources)
    issues = shorten(name_titles(issues, company))
    summary = {
        "form": form, "guess": guessed, "modes": chosen,
        "tables": {name: _describe(name, read, merged.get(name), chosen[name]) for name in TABLES
                   if name in read.tables},
    }  # fmt: skip
    return Looked(form, mapping, merged, summary, list_findings(issues), stops(issues), issues)


def mark_files(address: str, issues: Iterable[Issue]) -> list[str]:
    """Write workbooks back with the cells marked that have findings, CSV files with a column of findings more.

    Return the names of those that have some.
    """
    base = stored(address)
    marks = []
    for issue in issues:
        if issue.line is not None and issue.file:
            message, remedy = say_issue(issue)
            marks.append(Mark(issue.file, issue.line, issue.column, issue.severity, f"{message} {remedy}".strip()))
    (base / MARKED).mkdir(exist_ok=True)
    names = []
    for path in sorted((base / FILES).iterdir()):
        mark = _MARKERS.get(path.suffix.lower())
        if mark is not None and mark(path, marks, base / MARKED / path.name):
            names.append(path.name)
    return names


def plan_text(address: str) -> str:
    """Return the plan.toml that was among the files, without its `[import]`; empty where there is none."""
    path = stored(address) / FILES / PLAN
    text = path.read_text(encoding="utf-8-sig", errors="replace") if path.exists() else ""
    return _split_import(text)[0]


def open_marked(address: str, name: str) -> Path | None:
    """Return where a marked workbook lies; None where there is none of that name."""
    path = (stored(address) / MARKED / Path(name).name).resolve()
    return path if path.is_file() and path.is_relative_to(stored(address)) else None


def _copy(content: IO[bytes], target: Path) -> None:
    with target.open("xb") as out:
        while block := content.read(1 << 20):
            out.write(block)


def _read(base: Path, mapping: str) -> tuple[ReadTables, str, str, dict[str, Any]]:
    """Read the tables: (tables, form, mapping, what was guessed)."""
    files = base / FILES
    own = files / PLAN
    if not mapping:
        if own.exists():
            plan, mapping = _split_import(own.read_text(encoding="utf-8-sig", errors="replace"))
            (base / PLAN).write_text(plan, encoding="utf-8")
        if not mapping:
            read = read_tables(files)
            if _is_company(files, read):
                return read, "company", "", {}
            drafted = base / "draft"
            (drafted / PLAN).unlink(missing_ok=True)
            draft = draft_import([path for path in sorted(files.iterdir()) if path.name != PLAN], drafted, files)
            if not draft.guess.tables:
                return ReadTables({}, {}, set(), draft.issues), "foreign", "", {}
            mapping = import_text(draft.guess)
            text = (drafted / PLAN).read_text(encoding="utf-8")
            (base / PLAN).write_text(text.replace(mapping, "").rstrip() + "\n", encoding="utf-8")
            (base / "guess.json").write_text(_as_json(draft.guess), encoding="utf-8")
    return _read_foreign(base, mapping), "foreign", mapping, _guess_of(base)


def _read_foreign(base: Path, mapping: str) -> ReadTables:
    """Read the files through a mapping."""
    path = base / "import.toml"
    plan = (base / PLAN).read_text(encoding="utf-8") if (base / PLAN).exists() else ""
    path.write_text(plan + "\n" + mapping, encoding="utf-8")
    document, notes = read_document(path)
    if document is None:
        return ReadTables({}, {}, set(), notes.issues)
    foreign = open_import(document, notes, base / FILES)
    period = find_period(document)
    nothing = base / "nothing"
    nothing.mkdir(exist_ok=True)
    read = read_tables(nothing, foreign, Period(*period) if period else None)
    return replace(read, issues=[*notes.issues, *foreign.files.issues, *read.issues])


def _is_company(files: Path, read: ReadTables) -> bool:
    """Tell whether every file is a table under its own name with its own titles."""
    places, issues = find_tables(files)
    strange = {"unknown_file", "unknown_sheet", "unread_file", "several_workbooks"}
    return bool(places) and not any(issue.rule in strange | _FOREIGN_SHAPE for issue in [*issues, *read.issues])


def _split_import(text: str) -> tuple[str, str]:
    """Return a plan.toml without its `[import]`, and the `[import]` alone."""
    lines = text.splitlines(keepends=True)
    plan: list[str] = []
    section: list[str] = []
    inside = False
    for line in lines:
        if line.lstrip().startswith("["):
            inside = line.lstrip().lstrip("[").lstrip().startswith(("import.", "import]"))
        (section if inside else plan).append(line)
    return "".join(plan), "".join(section)


def _as_json(guess: Guess) -> str:
    """Return what was guessed as pages need it: how sure each column is, titles of files, what is open."""
    tables = [
        {"table": table.table, "files": table.sources, "sure": table.sure,
         "columns": {name: {"from": found.toml, "sure": found.sure, "why": found.why}
                     for name, found in table.columns.items()}}
        for table in guess.tables
    ]  # fmt: skip
    unsure = [
        {"file": source, "decimal": "" if sample.mark[1] else sample.mark[0],
         "dates": "" if sample.order[1] else sample.order[0]}
        for source, sample in guess.samples.items() if not (sample.mark[1] and sample.order[1])
    ]  # fmt: skip
    return json.dumps({
        "tables": tables, "unsure": unsure, "unplaced": guess.unplaced(),
        "titles": {source: sample.titles for source, sample in guess.samples.items()},
        "missing": [list(each) for each in guess.missing],
    }, ensure_ascii=False)  # fmt: skip


def _guess_of(base: Path) -> dict[str, Any]:
    path = base / "guess.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


_DERIVED_FROM = {"units": ("people", "customers", "sales"), "people": ("customers", "sales")}
"""Of whose files a table is only made, where it has the same; of others: sales."""


def _mode(table: str, asked: str, known: Mapping[str, pl.DataFrame], guessed: Mapping[str, Any]) -> Mode:
    """Return what is done with a table: as asked, else update; what was only derived from others adds at most."""
    modes = modes_of(table)
    found = next((mode for mode in modes if mode == asked), None)
    if found is not None:
        return found
    sources = {each["table"]: each["files"] for each in guessed.get("tables", [])}
    origins = [sources.get(other) for other in _DERIVED_FROM.get(table, ("sales",)) if other != table]
    derived = table in sources and sources[table] in origins
    if not derived or table not in known or not known[table].height:
        return modes[0]
    return "skip" if table == "units" else "add"


def _of_schema(table: str, frame: pl.DataFrame | None) -> pl.DataFrame:
    return pl.DataFrame(schema=TABLES[table].schema) if frame is None else frame.select(list(TABLES[table].schema))


def _check(
    known: Mapping[str, pl.DataFrame], merged: Mapping[str, Merged], sources: Mapping[str, Source]
) -> list[Issue]:
    """Check the company as it would be; what is wrong already, and not in the files, is not told."""
    tables = {name: frame for name, frame in known.items() if name in MASTER}
    located: dict[str, Source] = {}
    for name, each in merged.items():
        tables[name] = pl.concat([each.given, each.kept], how="vertical_relaxed")
        located[name] = _located(sources[name], each)
    found = check_company(Company.of(tables, located))
    # Notes about whole tables tell of what is stored, too: nobody asked about that here.
    mixed = {name for name, each in merged.items() if each.kept.height}
    found = [issue for issue in found if issue.severity != "note" or issue.line or issue.table not in mixed]
    if not any(issue.file in {STORED, ""} for issue in found):
        return found
    before = check_company(Company.of({name: frame for name, frame in known.items() if name in MASTER}))
    already = {(issue.rule, issue.table, issue.column, issue.value) for issue in before}
    fresh = [issue for issue in found if (issue.rule, issue.table, issue.column, issue.value) not in already]
    return [replace(issue, file="", line=None) if issue.file == STORED else issue for issue in fresh]


def _located(source: Source, merged: Merged) -> Source:
    """Return where the rows of a merged table come from: the files' lines first, then what is stored."""
    height = merged.given.height if merged.picked is None else len(merged.picked)
    lines = source.lines
    if lines is None:
        lines = pl.int_range(source.first_line, source.first_line + height, eager=True)
    files = source.files.cast(pl.String) if source.files is not None else _repeat(source.file, height)
    unread = source.unread
    if merged.picked is not None:
        lines, files, unread = lines.filter(merged.picked), files.filter(merged.picked), {}
    kept = merged.kept.height
    nowhere = pl.repeat(0, kept, dtype=pl.Int64, eager=True)
    return Source(
        source.file, source.first_line, pl.concat([lines.cast(pl.Int64), nowhere]), unread,
        pl.concat([files, _repeat(STORED, kept)]), source.titles,
    )  # fmt: skip


def _repeat(text: str, rows: int) -> pl.Series:
    return pl.repeat(text, rows, dtype=pl.String, eager=True)


def _refuse_foreign(
    merged: Mapping[str, Merged], allowed: Allowed, modes: Mapping[str, Mode], sources: Mapping[str, Source]
) -> list[Issue]:
    """Return what somebody who may not edit the whole company must not bring in."""
    within = {
        "units": allowed.units | _keys(merged, "units"), "people": allowed.people | _keys(merged, "people"),
        "customers": allowed.customers | _keys(merged, "customers"),
    }  # fmt: skip
    mine = {"units": allowed.units, "people": allowed.people, "customers": allowed.customers}
    issues = []
    for table, each in merged.items():
        columns = [column for column in TABLES[table].columns if column.refers_to in within]
        owned = next((c for c in columns if c.name == {"units": "parent"}.get(table, c.name)), None)
        if owned is None or modes[table] in {"all", "days"}:
            issues.append(Issue(rule="table_beyond_reach", table=table, file=sources[table].file))
            continue
        touched = each.given.filter(each.news | each.changes)
        nobodys = touched.filter(pl.all_horizontal(pl.col([column.name for column in columns]).is_null()))
        if nobodys.height and table not in mine:
            issues.append(_beyond(table, owned.name, "-", sources))
        for column in columns:
            known = mine[column.refers_to] if column.name == "parent" else within[column.refers_to]
            values = touched[column.name].drop_nulls().unique().sort()
            issues += [_beyond(table, column.name, value, sources) for value in values if value not in known]
        if table in mine:
            key = TABLES[table].key[0]
            changed = each.given.filter(each.changes)[key]
            issues += [_beyond(table, key, value, sources) for value in changed if value not in mine[table]]
        if table in {"units", "people", "customers"}:
            owner = {"units": "parent", "people": "unit", "customers": "person"}[table]
            if touched[owner].null_count():
                issues.append(_beyond(table, owner, "-", sources))
    return issues


def _beyond(table: str, column: str, value: str, sources: Mapping[str, Source]) -> Issue:
    return Issue(rule="beyond_reach", table=table, file=sources[table].file, column=column, value=value)


def _keys(merged: Mapping[str, Merged], table: str) -> frozenset[str]:
    """Return the keys of a table that the files add."""
    if table not in merged:
        return frozenset()
    each = merged[table]
    return frozenset(each.given.filter(each.news)[TABLES[table].key[0]].drop_nulls().to_list())


def _describe(table: str, read: ReadTables, merged: Merged | None, mode: Mode) -> dict[str, Any]:
    """Return what the preview of a table shows: counts, first rows, some of the cells that change."""
    frame = read.tables[table]
    names = [column for column in TABLES[table].columns if column.field in frame.columns]
    first = frame.head(_FIRST_ROWS).select(column.field for column in names)
    kinds = {column.field: column.kind for column in TABLES[table].columns}
    return {
        "rows": frame.height, "file": read.sources[table].file if table in read.sources else "", "mode": mode,
        "modes": list(modes_of(table)), **({} if merged is None else merged.counts),
        "columns": [column.name for column in names],
        "first": [[show_cell(value, kinds[name]) for name, value in row.items()] for row in first.to_dicts()],
        "differences": [] if merged is None else [
            {**each, "column": each["column"].removesuffix("_e4"), "before": show_cell(each["before"],
             kinds[each["column"]]), "after": show_cell(each["after"], kinds[each["column"]])}
            for each in merged.differences[:_FIRST_ROWS]],
    }  # fmt: skip


def show_cell(value: Any, kind: str) -> str:
    """Write a cell as a company folder has it: amounts in major units, dates as 2027-01-31."""
    if value is None:
        return ""
    if kind == "amount":
        text = f"{value / 10_000:.4f}".rstrip("0").rstrip(".")
        return text or "0"
    return f"{value:g}" if isinstance(value, float) else str(value)


__all__ = ["Allowed", "Looked", "Merged", "keep_files", "look_at", "mark_files", "open_marked", "plan_text"]
