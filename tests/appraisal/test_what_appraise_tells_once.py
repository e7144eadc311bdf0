"""What `quotum appraise` says of rows beside the plan and of figures without data."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner

from quotum.cli import main

TINY = Path(__file__).parents[2] / "examples" / "tiny"
SCHEME = """scheme = "x"
since = 2027-01-01
[[scorecard]]
name = "q"
[[scorecard.line]]
indicator = "teamwork"
weight = 100
score = "rated"
owner = "a"
"""


def test_rows_beside_the_plan_are_told_on_one_line_and_a_figure_without_data_says_so(tmp_path):
    company = tmp_path / "company"
    shutil.copytree(TINY, company)
    (company / "schemes").mkdir()
    (company / "schemes" / "x.toml").write_text(SCHEME)
    lines = [f"2029-0{place}-01,2029-0{place}-05,1.1" for place in range(1, 7)]
    (company / "events.csv").write_text("\n".join(["since,until,effect", *lines]) + "\n")
    assert CliRunner().invoke(main, ["plan", str(company), "--out", str(tmp_path / "plan")]).exit_code == 0
    told = CliRunner().invoke(main, ["appraise", str(company), "--plan", str(tmp_path / "plan"), "--period", "2027-01",
                                     "--person", "ann"])  # fmt: skip
    assert told.exit_code == 0, told.stderr
    assert told.stderr.count("outside of the plan") == 1
    assert "and 5 more of this kind" in told.stderr
    assert "rated_teamwork no data" in told.stdout
