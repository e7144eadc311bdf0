"""The reference pages name everything there is."""

from pathlib import Path

from quotum.adapters.files.plan_steps import BASES
from quotum.adapters.printing.print_tables import describe_kind
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, Measure, Target
from quotum.engine.tables.schema import TABLES

PAGES = Path(__file__).parents[2] / "docs" / "reference"


def test_tables_page_names_every_table_and_column():
    page = (PAGES / "tables.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        section = page.split(f"## {table.name}\n", 1)[1].split("\n## ", 1)[0]
        assert table.about in section
        for column in table.columns:
            assert f"| `{column.name}` | {'yes' if column.required else ''} | {describe_kind(column)} |" in section


def test_plan_toml_page_names_every_setting():
    page = (PAGES / "plan-toml.md").read_text(encoding="utf-8")
    fields = [f for kind in (AcrossStep, AlongStep, Measure, Target) for f in kind.__dataclass_fields__]
    keys = {name.removesuffix("_minor") for name in fields}
    plan_keys = ("name", "since", "until", "as_of", "country", "currency", "fiscal_start", "seed", "years", "months")
    assert [key for key in sorted(keys | set(plan_keys)) if f"`{key}`" not in page] == []
    assert [basis for basis in BASES if f"`{basis}`" not in page] == []
