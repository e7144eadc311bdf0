"""``quotum replan`` from folder to folder: plan, sell, plan anew, compare, explain, again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from quotum.cli import main

TINY = Path(__file__).parents[2] / "examples" / "tiny"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_from_folder_to_folder(tmp_path: Path) -> None:
    company, plan, spring = tmp_path / "tiny", tmp_path / "plan", tmp_path / "spring"
    shutil.copytree(TINY, company)
    assert run("plan", company, "--out", plan).exit_code == 0
    with (company / "sales.csv").open("a", encoding="utf-8") as file:
        file.write("2027-01-20,T01,A1,2500\n2027-02-19,T02,D4,4900\n")
    asked = ("replan", company, "--plan", plan, "--as-of", "2027-03-31", "--json")
    dry = json.loads(run(*asked, "--dry-run").stdout)
    assert dry["plan"] is None
    reasons = ("before", "handover", "actuals", "own", "siblings")
    assert all(sum(line[name] for name in reasons) == line["after"] for line in dry["moves"])
    made = run(*asked, "--out", spring)
    again = run(*asked, "--out", tmp_path / "again")
    assert (made.exit_code, again.exit_code) == (0, 0), made.output
    for file in spring.glob("*.parquet"):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name
    assert json.loads((spring / "plan.json").read_text(encoding="utf-8"))["parent"]
    assert "actuals, as of 2027-03-31" in run("explain", spring, "--person", "ann").stdout
    told = json.loads(run("compare", plan, spring, "--by", "person", "--grain", "quarter", "--json").stdout)
    assert sum(line["difference"] for line in told["rows"]) == 0
    summer = ("replan", company, "--plan", spring, "--as-of", "2027-06-30", "--policy", "keep-rest", "--dry-run")
    assert run(*summer).exit_code == 0
    refused = run(*asked, "--out", spring)
    assert refused.exit_code == 2
