"""``quotum appraise``: scores with lines down to rows, a folder that is written once, order of rows irrelevant."""

from __future__ import annotations

import json

import polars as pl
import pytest
from click.testing import CliRunner

from appraisal_worlds import monthly_targets, read_text, score, scores_of
from company_files import write_company
from quotum.cli import main
from quotum.engine.tables.company import Company
from small_company import each_month, firm, sale

SCHEME = """
scheme = "sales"
[[scorecard]]
name = "rep"
[[scorecard.line]]
indicator = "sales_amount"
weight = 70
target = "revenue_target"
owner = "rep"
[[scorecard.line]]
indicator = "returning_rate"
weight = 30
target = 1
owner = "rep"
[[scorecard]]
name = "region"
of = "unit"
every = "month"
[[scorecard.line]]
indicator = "sales_amount"
weight = 100
target = "revenue_target"
owner = "region"
"""


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    sales = "date,customer,product,quantity,amount\n2026-12-01,C1,P1,1,10.50\n2026-12-15,C2,P2,2,20\n"
    write_company(folder, {"sales.csv": sales + "2027-01-04,C1,P1,1,90\n2027-01-29,C2,P1,1,30\n"})
    read_text(folder, SCHEME)
    plan = folder.parent / f"{folder.name}-plan"
    assert run("plan", folder, "--out", plan).exit_code == 0
    return folder, plan


def test_json_has_scores_whose_lines_add_up_and_rows_behind_them(world):
    folder, plan = world
    told = run("appraise", folder, "--plan", plan, "--period", "2027-01", "--person", "ann", "--json")
    assert told.exit_code == 0, told.output
    shown = json.loads(told.stdout)
    (row,) = shown["rows"]
    assert {"person", "scorecard", "score", "lines"} <= set(row)
    assert {"indicator", "weight", "target", "actual", "points", "why"} == set(row["lines"][0])
    assert round(sum(line["points"] for line in row["lines"]), 2) == row["score"]
    assert row["lines"][0]["actual"] == 90
    places = {(line["fact"], line["file"], line["line"]) for line in shown["sources"]}
    assert ("revenue", "sales.csv", 4) in places


def test_a_unit_has_all_that_is_below_it(world):
    folder, plan = world
    shown = json.loads(run("appraise", folder, "--plan", plan, "--period", "2027-01", "--json").stdout)
    units = {row["unit"]: row["lines"][0] for row in shown["rows"] if row["scorecard"] == "region"}
    for key in ("actual", "target"):
        assert units["all"][key] == pytest.approx(units["north"][key] + units["south"][key])


def test_the_folder_is_written_once_with_the_same_bytes(world, tmp_path):
    folder, plan = world
    outs = [tmp_path / "one", tmp_path / "two"]
    for out in outs:
        asked = ("appraise", folder, "--plan", plan, "--period", "2027-01", "--out", out, "--by-unit")
        assert run(*asked).exit_code == 0
    names = {str(path.relative_to(outs[0])) for path in outs[0].rglob("*.*")}
    assert {"appraisal.json", "appraisal.xlsx", "scores.parquet", "sources.parquet", "units/north.xlsx"} <= names
    for name in names - {"run.json"}:
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes(), name
    again = run("appraise", folder, "--plan", plan, "--period", "2027-01", "--out", outs[0])
    assert again.exit_code == 2
    assert "never overwritten" in again.output


def test_what_is_wrong_is_said_before_anybody_is_scored(world, tmp_path):
    folder, plan = world
    assert "no period of the plan" in run("appraise", folder, "--plan", plan, "--period", "2027-13", "--json").output
    told = run("appraise", write_company(tmp_path), "--check")
    assert told.exit_code == 2
    assert "There is no scheme" in told.output
    read_text(tmp_path, SCHEME.replace("weight = 30", "weight = 20").replace("sales_amount", "sales_amont"))
    told = run("appraise", tmp_path, "--check")
    assert "The weights of rep add up to 90, not to 100." in told.output
    assert "Did you mean sales_amount?" in told.output
    assert run("check", tmp_path).exit_code == 2


def test_a_simulation_scores_last_year(world):
    folder, plan = world
    told = run("appraise", folder, "--plan", plan, "--period", "2027-12", "--simulate")
    assert told.exit_code == 0, told.output
    assert "rep, 2026-12" in told.output
    assert "70 → 80" in told.output


def test_the_scheme_in_force_on_the_first_day_scores_a_period(tmp_path):
    read_text(tmp_path, SCHEME)
    later = 'scheme = "sales"\nsince = 2027-03-01\n' + SCHEME.split('"sales"\n', 1)[1].replace("= 70", "= 40")
    (tmp_path / "schemes" / "later.toml").write_text(later.replace("= 30", "= 60"), encoding="utf-8")
    from quotum.adapters.files.scheme_toml import read_schemes

    schemes, issues = read_schemes(tmp_path, 2)
    assert not issues
    made = score(firm({"ann": "shop"}, {"a": "ann"}, each_month("a", 10, 2027)), schemes,
                 monthly_targets({"ann": 10}), until="2027-05-01")  # fmt: skip
    first = made["lines"].filter(place=0, scorecard="rep").sort("since")
    assert first["weight"].to_list() == [70, 70, 40, 40]


def test_the_order_of_rows_does_not_matter(tmp_path):
    (scheme,), _ = read_text(tmp_path, SCHEME)
    company = firm({"ann": "n", "bo": "s"}, {"a": "ann", "b": "bo", "c": "ann"},
                   [*each_month("a", 9, 2027), *each_month("b", 7, 2027), sale("c", 5, "2026-05-01")])  # fmt: skip
    turned = Company.of({name: frame.reverse() for name, frame in company.tables.items()})
    one, two = (score(firm_, (scheme,), monthly_targets({"ann": 9, "bo": 8})) for firm_ in (company, turned))
    for name in ("scores", "lines"):
        assert one[name].equals(two[name])


def test_a_shared_customer_is_credited_by_its_shares_to_the_cent_and_by_date(tmp_path):
    (scheme,), _ = read_text(tmp_path, SCHEME)
    shared = {"customer": "k", "since": "2020-01-01", "until": "2027-01-10"}
    company = firm({"ann": "n", "bo": "s"}, {"k": None},
                   [sale("k", 100.01, "2027-01-05"), sale("k", -0.01, "2027-01-06"), sale("k", 50, "2027-01-20")],
                   ownership=[{**shared, "person": "ann", "share": 0.6}, {**shared, "person": "bo", "share": 0.4},
                              {"customer": "k", "person": "bo", "since": "2027-01-10"}])  # fmt: skip
    made = score(company, (scheme,), monthly_targets({"ann": 60, "bo": 90}))
    actual = {line["person"]: line["actual"] for line in made["lines"].filter(
        pl.col("indicator") == "sales_amount", pl.col("person") != "").iter_rows(named=True)}  # fmt: skip
    assert round(actual["ann"] + actual["bo"], 4) == 150.0
    assert round(actual["ann"], 2) == 60
    assert round(actual["bo"], 2) == 90
    assert scores_of(made, "rep")["ann"] == pytest.approx(70, abs=0.02)  # a return makes nobody a returning customer
