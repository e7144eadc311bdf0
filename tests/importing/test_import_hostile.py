"""Hostile files are refused quickly, in little memory, with a plain finding."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from quotum.adapters.printing.issue_texts import TEXTS

PLAN = """
[plan]
since = 2027-01-01
until = 2028-01-01
currency = "EUR"
[[target]]
measure = "revenue"
commit = 1
[import.people]
from = "{0}"
[import.people.columns]
person = "person"
unit = "unit"
[import.units]
from = "{0}"
tree = ["unit"]
"""
# Reads the company in a process of its own: the findings, seconds of work, and the most megabytes it ever held. (What
# getrusage tells includes the parent's memory on Linux.)
PROBE = """
import json, re, resource, sys, time
from pathlib import Path
import fastexcel
from quotum.adapters.files.company_folder import open_company
start = time.process_time()
opened = open_company(Path(sys.argv[1]))
seconds = time.process_time() - start
found = [issue.rule for issue in opened.issues if issue.severity == "error" and issue.rule != "table_without_rows"]
status = Path("/proc/self/status")
if status.exists():
    held = int(re.search(r"VmHWM:\\s*([0-9]+) kB", status.read_text())[1]) / 1024
else:
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
print(json.dumps([found, seconds, held]))
"""
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TITLES = '<row r="1"><c t="inlineStr"><is><t>person</t></is></c><c t="inlineStr"><is><t>unit</t></is></c></row>'


def write_book(path: Path, rows: str, shared: str = "", before: str = "", **parts: str) -> None:
    """Write a workbook of one sheet by hand."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/></Types>'))  # fmt: skip
        link = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        book.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook {SPACE} xmlns:r="{OFFICE}"><sheets>'
                                         '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>')  # fmt: skip
        book.writestr("xl/_rels/workbook.xml.rels", (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/sharedStrings" '
            'Target="sharedStrings.xml"/></Relationships>'))  # fmt: skip
        book.writestr("xl/worksheets/sheet1.xml",
                      f"{before}<worksheet {SPACE}><sheetData>{TITLES}{rows}</sheetData></worksheet>")  # fmt: skip
        if shared:
            book.writestr("xl/sharedStrings.xml", f"<sst {SPACE}><si><t>{shared}</t></si></sst>")
        for name, text in parts.items():
            book.writestr(f"xl/{name}.xml", text)


def text_cell(text: str) -> str:
    return f'<row r="2"><c r="A2" t="inlineStr"><is><t>{text}</t></is></c></row>'


def many_rows(path: Path) -> None:
    rows = "".join(f'<row r="{k}"><c r="A{k}" t="s"><v>0</v></c><c r="B{k}" t="s"><v>0</v></c></row>'
                   for k in range(2, 200_000))  # fmt: skip
    write_book(path, rows, shared="x" * 30_000)


HOSTILE = {
    "bomb.xlsx": lambda path: write_book(path, " " * (300 << 20)),
    "blanks.xlsx": lambda path: write_book(path, " " * (90 << 20)),
    "deep.xlsx": lambda path: write_book(path, "<a>" * 3_000_000),
    "deep_closed.xlsx": lambda path: write_book(path, "<a>" * 2_000_000 + "</a>" * 2_000_000),
    "long_cell.xlsx": lambda path: write_book(path, text_cell("x" * (90 << 20))),
    "long_shared.xlsx": lambda path: write_book(path, text_cell("a"), shared="x" * (90 << 20)),
    "shown_often.xlsx": many_rows,
    "entities.xlsx": lambda path: write_book(path, text_cell("&b;"), before='<!DOCTYPE x [<!ENTITY b "bbbb">]>'),
    "formula.xlsx": lambda path: write_book(path, '<row r="2"><c r="A2"><f>1+1</f></c></row>'),
    "corner.xlsx": lambda path: write_book(path, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "columns.csv": lambda path: path.write_text(",".join(["person", "unit", *map(str, range(1_000))]) + "\n"),
    "long_cell.csv": lambda path: path.write_bytes(b"person,unit\n" + b"x" * (100 << 20) + b",u\n"),
    "long_quote.csv": lambda path: path.write_bytes(b'person,unit\n"' + b"x\n" * (50 << 20) + b'",u\n'),
    "open_quote.csv": lambda path: path.write_bytes(b'person,unit\n"' + b"x,y\n" * (25 << 20)),
    "zeros.csv": lambda path: path.write_bytes(b"person,unit\n" + b"\0" * (50 << 20)),
    "formula.csv": lambda path: path.write_text('person,unit\n"=HYPERLINK(""http://x"")",u\n'),
    "bomb.parquet": lambda path: pl.select(person=pl.repeat(1, 40_000_000, dtype=pl.Int8)).with_columns(
        unit="person").write_parquet(path),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly_and_in_little_memory(tmp_path, name):
    HOSTILE[name](tmp_path / name)
    (tmp_path / "plan.toml").write_text(PLAN.format(name))
    done = subprocess.run([sys.executable, "-c", PROBE, str(tmp_path)], capture_output=True, text=True, check=True)
    found, seconds, held = json.loads(done.stdout)
    assert found, done.stdout
    assert set(found) <= TEXTS.keys()
    assert seconds <= 2, f"{seconds:.1f} s of work"
    assert held <= 500, f"{held:.0f} MB"
