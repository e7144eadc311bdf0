"""``quotum forecast``: tables, JSON, and plain words where something is missing."""

import importlib.util
import json

import pytest
from click.testing import CliRunner

from company_files import PLAN, write_company
from quotum.cli import main


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    rows = "".join(f"{year}-{month:02}-10,{customer},P1,1,{amount}\n" for year in (2025, 2026) for month in range(1, 13)
                   for customer, amount in (("C1", 100), ("C2", 50)))  # fmt: skip
    changes = {"sales.csv": "date,customer,product,quantity,amount\n" + rows}
    return write_company(tmp_path_factory.mktemp("company"), changes)


def run(*arguments):
    return CliRunner().invoke(main, ["forecast", *map(str, arguments)])


def test_it_tells_last_year_forecast_and_range(folder):
    told = run(folder, "--by", "unit,person")
    assert told.exit_code == 0
    line = next(line for line in told.output.splitlines() if line.startswith("company"))
    last_year, expected = (float(text.replace(",", "")) for text in line.split()[1:3])
    assert (last_year, expected) == (1_800, pytest.approx(1_800, rel=0.01))
    assert [line for line in told.output.splitlines() if line.startswith("person   ann")]


def test_json_has_totals_months_and_history_in_smallest_units(folder):
    told = json.loads(run(folder, "--by", "person", "--json").stdout)
    assert told["measure"] == "revenue"
    assert [line["node"] for line in told["totals"]] == ["", "ann", "bob"]
    assert told["totals"][1]["mean_minor"] == pytest.approx(120_000, rel=0.01)
    assert len(told["months"]) == 36
    assert {line["amount_minor"] for line in told["history"] if line["node"] == "bob"} == {5_000}


def test_months_stand_below_one_another(folder):
    told = run(folder, "--grain", "month", "--set", "plan.as_of=2026-11-30")
    assert told.exit_code == 0
    assert "2026-12-01  before the plan" in told.output


def test_methods_are_chosen_among_those_named(folder):
    text = PLAN + '\n[forecast]\nmethods = ["seasonal_naive"]\npaths = 100\nrange = 0.9\n'
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    told = run(folder)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    assert "last year" in told.output.splitlines()[-1]
    assert "90% of the simulated years" in told.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--by", "regoin"], "`regoin` is no dimension"),
        (["--measure", "revenu"], "Did you mean revenue?"),
        (["--set", 'forecast.methods=["thetta"]'], "Did you mean theta?"),
        (["--set", "forecast.range=2"], "forecast.range is 2"),
        (["--set", "forecast.paths=1"], "forecast.paths is 1"),
        (["--set", 'forecast.outside=["AutoETSS"]'], "Did you mean AutoETS?"),
    ],
)
def test_what_is_wrong_is_said_plainly(folder, arguments, words):
    (folder / "plan.toml").write_text(PLAN + "\n[forecast]\n", encoding="utf-8")
    told = run(folder, *arguments)
    assert told.exit_code == 2
    assert words in told.output


@pytest.mark.skipif(importlib.util.find_spec("statsforecast") is not None, reason="the extra is installed here")
def test_without_the_extra_it_says_how_to_install_it(folder):
    (folder / "plan.toml").write_text(PLAN + '\n[forecast]\noutside = ["AutoETS"]\n', encoding="utf-8")
    told = run(folder)
    assert told.exit_code == 2
    assert "pip install 'quotum[forecasts]'" in told.output


def test_without_sales_there_is_nothing_to_forecast_from(tmp_path):
    told = run(write_company(tmp_path, {"sales.csv": None}))
    assert told.exit_code == 0
    assert "nothing to forecast from" in told.output
