"""The reference page names every key of `[import]`, and its examples are read without an error."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

from quotum.adapters.files.importing.import_toml import read_import
from quotum.adapters.files.importing.mapping import Condition, Entry, FileForm, Join, Value, Wide
from quotum.adapters.files.importing.targets import find_sums
from quotum.adapters.files.toml_sections import TomlNotes
from quotum.engine.tables.schema import TABLES

DOCS = Path(__file__).parents[2] / "docs"
INNER = {"table", "sources", "source", "joins", "texts", "constant", "excluded"}  # keys are called otherwise there


def test_the_page_names_every_key():
    page = (DOCS / "reference" / "import.md").read_text(encoding="utf-8")
    for kind in (Condition, Entry, FileForm, Join, Value, Wide):
        for name in set(kind.__dataclass_fields__) - INNER:
            assert re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", page), f"{name} of {kind.__name__}"


def test_examples_of_the_pages_are_read():
    for page in (DOCS / "reference" / "import.md", DOCS / "how-to" / "import.md"):
        for text in re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            document = tomllib.loads(text, parse_float=Decimal)
            notes = TomlNotes(page.name, text)
            read_import({"import": _whole(document.get("import", {}))}, notes)
            find_sums(document, notes)
            assert notes.issues == [], text


def _whole(given: dict) -> dict:
    """Return the sections of an example with what it leaves out: its file and the columns that must be filled."""
    whole = {}
    for table, section in given.items():
        whole[table] = section
        if table in TABLES:
            missing = {column.name: "X" for column in TABLES[table].columns if column.required}
            columns = {} if "tree" in section else {"columns": {**missing, **section.get("columns", {})}}
            whole[table] = {"from": "x.csv", **section, **columns}
    return whole
