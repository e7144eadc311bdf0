"""Objections and answers stand beside the scores they are about, wherever these are shown, and change no figure."""

from __future__ import annotations

import json

import polars as pl
import pytest
from test_appraise_command import SCHEME, run

from appraisal_worlds import monthly_targets, read_text, score
from company_files import write_company
from quotum.engine.tables.company import Company
from small_company import each_month, firm

OBJECTION = {"date": "2027-02-05", "person": "ann", "period": "2027-01", "scorecard": "rep", "reason": "ill in January"}


def company(*objections: dict) -> Company:
    return firm({"ann": "n", "bo": "s"}, {"a": "ann", "b": "bo"}, each_month("a", 10, 2027),
                objections=list(objections))  # fmt: skip


def test_an_objection_changes_no_score_and_open_ones_are_told(tmp_path):
    schemes, _ = read_text(tmp_path, SCHEME)
    targets = monthly_targets({"ann": 20, "bo": 8})
    without, made = (score(company(*rows), schemes, targets) for rows in ((), (OBJECTION,)))
    assert made["scores"].equals(without["scores"])
    assert made["objections"].select("person", "scorecard", "state").rows() == [("ann", "rep", "open")]
    assert [i.value for i in made.issues if i.rule == "objection_open"] == ["1"]
    answered = {**OBJECTION, "state": "refused", "answered": "2027-02-09", "answer": "targets know absences"}
    made = score(company(answered), schemes, targets)
    assert made["objections"]["state"].to_list() == ["refused"]
    assert not [i for i in made.issues if i.rule.startswith("objection")]


@pytest.mark.parametrize(("named", "listed"), [
    ({"scorecard": None}, 1), ({"indicator": "sales_amount"}, 1), ({"indicator": "sales"}, 0),
    ({"scorecard": "reps"}, 0), ({"period": "2026-01"}, 0),
])  # fmt: skip
def test_it_is_to_a_score_a_line_or_all_of_a_period(tmp_path, named, listed):
    schemes, _ = read_text(tmp_path, SCHEME)
    made = score(company({**OBJECTION, **named}), schemes, monthly_targets({"ann": 20}))
    assert made["objections"].height == listed
    unknown = [issue for issue in made.issues if issue.rule == "objection_unknown"]
    assert len(unknown) == (0 if listed or named.get("period") else 1)


def test_it_is_shown_on_the_screen_in_json_in_the_folder_and_to_the_units_head(tmp_path):
    folder, plan, out = tmp_path / "company", tmp_path / "plan", tmp_path / "out"
    folder.mkdir()
    sales = "date,customer,product,quantity,amount\n2026-12-01,C1,P1,1,10.50\n2026-12-15,C2,P2,2,20\n"
    told = "date,person,period,scorecard,reason,state,answer\n2027-02-05,ann,2027-01,rep,was ill,upheld,corrected\n"
    write_company(folder, {"sales.csv": sales + "2027-01-04,C1,P1,1,90\n", "objections.csv": told})
    read_text(folder, SCHEME)
    assert run("plan", folder, "--out", plan).exit_code == 0
    asked = ("appraise", folder, "--plan", plan, "--period", "2027-01")
    printed = run(*asked, "--out", out, "--by-unit")
    assert printed.exit_code == 0, printed.output
    assert "objection upheld" in printed.stdout
    rows = {row["person"]: row for row in json.loads(run(*asked, "--json").stdout)["rows"] if row["scorecard"] == "rep"}
    assert [o["answer"] for o in rows["ann"]["objections"]] == ["corrected"]
    assert "objection of 2027-02-05: was ill: upheld. corrected" in run("explain", out, "--person", "ann").stdout
    assert {path.name for path in (out / "units").iterdir()} == {"all.xlsx", "north.xlsx", "south.xlsx"}
    for name, people in (("all", {"ann", "bob"}), ("north", {"ann"}), ("south", {"bob"})):
        book = out / "units" / f"{name}.xlsx"
        ranked = pl.read_excel(book, sheet_name="Ranking", read_options={"header_row": 3})
        assert set(ranked["Who"]) & {"ann", "bob"} == people
        assert ("Objection" in ranked.columns) == ("ann" in people)
