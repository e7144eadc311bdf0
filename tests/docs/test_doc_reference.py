"""The reference pages tell everything: every command and option, every table and column, every rule."""

from __future__ import annotations

import importlib.util
import re

import click
import pytest
from doc_pages import ROOT

from quotum.adapters.printing.issue_texts import TEXTS
from quotum.cli import main
from quotum.engine.planning import ISSUE_SCHEMA
from quotum.engine.tables.plan_tables import GIVEN_SCHEMAS, PLAN_SCHEMAS, REVISION_SCHEMAS

REFERENCE = ROOT / "docs" / "reference"
CONTEXT = click.Context(main)
COMMANDS = main.list_commands(CONTEXT)
FILES = ("plan.json", "run.json", "plan.xlsx", "_shares.parquet")


def _section(page: str, heading: str) -> str:
    """Return what stands below ``## heading``."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", (REFERENCE / page).read_text(encoding="utf-8"), re.M | re.S
    )
    assert found, f"{page} has no heading {heading}"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_told(name: str) -> None:
    command = main.get_command(CONTEXT, name)
    assert command is not None
    options = {option for param in command.params if isinstance(param, click.Option) for option in param.opts}
    told = set(re.findall(r"^\| `(--[\w-]+)`", _section("cli.md", f"quotum {name}"), re.M))
    assert told == options


def test_the_page_has_no_command_that_is_not_there() -> None:
    page = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    assert re.findall(r"^## quotum ([\w-]+)", page, re.M) == COMMANDS


@pytest.mark.parametrize("table", [*PLAN_SCHEMAS, *REVISION_SCHEMAS, *GIVEN_SCHEMAS, "issues"])
def test_every_column_of_a_plan_table_is_told(table: str) -> None:
    told = set(re.findall(r"`(\w+)`", _section("plan-folder.md", table)))
    assert set({**PLAN_SCHEMAS, **REVISION_SCHEMAS, **GIVEN_SCHEMAS}.get(table, ISSUE_SCHEMA)) <= told


def test_every_file_of_a_plan_is_told() -> None:
    page = (REFERENCE / "plan-folder.md").read_text(encoding="utf-8")
    assert all(file in page for file in FILES)


def test_the_page_of_findings_is_as_written_by_its_script() -> None:
    spec = importlib.util.spec_from_file_location("make_issues_page", REFERENCE / "make_issues_page.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = (REFERENCE / "issues.md").read_text(encoding="utf-8")
    assert page == script.make_page(), "run: python docs/reference/make_issues_page.py"
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.M)) == set(TEXTS)
