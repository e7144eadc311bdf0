"""Every figure of an appraisal opens to the rows it was made from, for everybody, also from its folder."""

from __future__ import annotations

import json

import polars as pl
import pytest
from test_appraise_command import SCHEME, run

from appraisal_worlds import monthly_targets, read_text, score
from company_files import write_company
from quotum.engine.appraisal import Appraisal, list_sources, open_sources
from quotum.engine.tables.company import Company
from small_company import each_month, firm, sale

MORE = """
[[scorecard]]
name = "quality"
[[scorecard.line]]
indicator = "no_incident"
weight = 100
score = "deduct"
owner = "rep"
[[scorecard.line.deduct]]
kind = "breach"
points = 10
share = 0.5
[[cost_quota]]
item = "fuel"
quota = 50
"""


def company(**tables: list) -> Company:
    back = sale("b", -3, "2027-01-12")
    sales = [*each_month("a", 10, 2026), *each_month("a", 12, 2027), *each_month("b", 7, 2027), back]
    return firm({"ann": "n", "bo": "s", "cy": "n"}, {"a": "ann", "b": "bo"}, sales,
                people=[{"person": "cy", "role": "head"}], **tables)  # fmt: skip


def opened(made: Appraisal, schemes: tuple, of: Company, **whose: str) -> pl.DataFrame:
    return open_sources({**made.tables, **list_sources(made, schemes, of)}, **whose)


def test_the_rows_of_a_figure_are_those_it_was_summed_from(tmp_path):
    schemes, _ = read_text(tmp_path, SCHEME)
    of = company()
    made = score(of, schemes, monthly_targets({"ann": 10, "bo": 10}), until="2027-04-01")
    facts = made["facts"].filter(pl.col("fact").is_in(["revenue"]))
    assert facts.filter(pl.col("person") != "").height == 9
    for line in facts.iter_rows(named=True):
        whose = {"person": line["person"]} if line["person"] else {"unit": line["unit"]}
        rows = opened(made, schemes, of, **whose).filter(fact="revenue", period=line["period"])
        amounts = of["sales"]["amount_e4"].gather(rows["line"].unique() - 1)
        assert amounts.sum() / 10_000 == pytest.approx(line["value"])


def test_a_head_opens_the_events_it_bears_a_share_of_and_a_cost_its_rows(tmp_path):
    (scheme,), issues = read_text(tmp_path, SCHEME + MORE)
    assert not issues
    of = company(incidents=[{"date": "2027-01-10", "person": "ann", "kind": "breach"},
                            {"date": "2027-01-11", "person": "bo", "kind": "breach"}],
                 costs=[{"date": "2027-01-05", "item": "fuel", "unit": "n", "amount": 30},
                        {"date": "2027-01-05", "item": "hotel", "unit": "n", "amount": 99}])  # fmt: skip
    made = score(of, (scheme,), monthly_targets({"ann": 10, "bo": 10}))

    def events(**whose: str) -> list[int]:
        rows = opened(made, (scheme,), of, **whose)
        return rows.filter(part="quality")["line"].to_list()

    assert (events(person="ann"), events(person="bo"), events(person="cy")) == ([1], [2], [1])
    assert made["lines"].filter(person="cy", scorecard="quality")["points_e2"].item() == 9500
    fuel = opened(made, (scheme,), of, unit="n").filter(part="fuel")
    assert fuel.select("table", "line").rows() == [("costs", 1)]


def test_a_stored_appraisal_opens_without_the_company(tmp_path):
    folder, plan, out = tmp_path / "company", tmp_path / "plan", tmp_path / "out"
    folder.mkdir()
    sales = "date,customer,product,quantity,amount\n2026-12-01,C1,P1,1,10.50\n2026-12-15,C2,P2,2,20\n"
    write_company(folder, {"sales.csv": sales + "2027-01-04,C1,P1,1,90\n2027-01-29,C2,P1,1,30\n"})
    read_text(folder, SCHEME)
    assert run("plan", folder, "--out", plan).exit_code == 0
    asked = ("appraise", folder, "--plan", plan, "--period", "2027-Q1")
    live = json.loads(run(*asked, "--person", "ann", "--json").stdout)
    assert run(*asked, "--out", out).exit_code == 0
    for file in folder.glob("*.csv"):
        file.unlink()
    shown = json.loads(run("explain", out, "--person", "ann", "--json").stdout)
    assert shown["scores"] == live["rows"]
    assert shown["sources"] == live["sources"]
    january = run("explain", out, "--person", "ann", "--period", "2027-01").stdout
    assert "sales.csv:4" in january
    assert "2027-02" not in january
    assert "sales.csv:5" in run("explain", out, "--unit", "south").stdout
    refused = run("explain", out, "--person", "anne")
    assert refused.exit_code == 2
    assert "Did you mean ann?" in refused.output
    (out / "scores.parquet").unlink()
    assert run("explain", out, "--person", "ann").exit_code == 2
