"""quotum new, tables and check: exit codes, output for people and for programs."""

import json

import pytest
from click.testing import CliRunner

from company_files import write_company
from quotum.cli import main


def run(*arguments):
    """Run a command and return (exit code, stdout, stderr)."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_check_of_a_sound_company_is_0(tmp_path):
    code, out, err = run("check", write_company(tmp_path))
    assert (code, err) == (0, "")
    assert "no findings" in out


def test_check_with_errors_is_2_and_prints_no_traceback(tmp_path):
    code, out, err = run("check", write_company(tmp_path, {"sales.csv": "date,customer,amount\n?,C1,x\n"}))
    assert code == 2
    assert "sales.csv:2 date  `?` is no date." in err
    assert "2 errors" in out


def test_check_with_warnings_is_0(tmp_path):
    code, _, err = run("check", write_company(tmp_path, {"sales.csv": "date,customer,amount\n2026-01-01,C1,1\n"}))
    assert code == 0
    assert err.startswith("1 warning")


def test_check_json_has_every_finding(tmp_path):
    code, out, err = run("check", write_company(tmp_path, {"sales.csv": "date,customer,amount\n?,C1,x\n"}), "--json")
    assert (code, err) == (2, "")
    assert [(i["rule"], i["file"], i["line"], i["column"], i["value"]) for i in json.loads(out)] == [
        ("not_a_date", "sales.csv", 2, "date", "?"), ("not_a_number", "sales.csv", 2, "amount", "x")]  # fmt: skip


def test_check_with_a_changed_setting(tmp_path):
    assert run("check", write_company(tmp_path), "--set", "plan.until=2026-01-01")[0] == 2


@pytest.mark.parametrize("flags", [[], ["--xlsx"]])
def test_new_writes_once(tmp_path, flags):
    assert run("new", tmp_path / "company", *flags)[0] == 0
    code, _, err = run("new", tmp_path / "company", *flags)
    assert code == 2
    assert "is not empty" in err


def test_tables_lists_tables_and_columns():
    assert "customers" in run("tables")[1]
    assert "potential" in run("tables", "customers")[1]
    assert json.loads(run("tables", "sales", "--json")[1])[0]["columns"][0]["name"] == "date"
    code, _, err = run("tables", "custmers")
    assert (code, "did you mean customers?" in err) == (2, True)
