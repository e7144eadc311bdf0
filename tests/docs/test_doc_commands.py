"""Every command on a page of the docs prints what the page says: no figure in them is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from doc_pages import PAGES, ROOT, hold_against, play

WITH_COMMANDS = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    play(page, tmp_path)


def test_the_pages_with_figures_are_played() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in WITH_COMMANDS}
    assert {"README.md", "docs/tutorial.md", "docs/concepts/bounds.md", "docs/how-to/newcomer.md"} <= names


def test_a_wrong_figure_is_found() -> None:
    with pytest.raises(AssertionError):
        hold_against(["total 10.00"], ["total 10.01"], "page")
    with pytest.raises(AssertionError):
        hold_against(["a", "b", "total"], ["a", "…", "sum"], "page")
    hold_against(["a", "b", "total"], ["a", "…", "total"], "page")
