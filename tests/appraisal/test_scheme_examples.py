"""The schemes that ship: each reads, each finding is told, and small firms get what the rules say."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from appraisal_worlds import EXAMPLES, example, monthly_targets, points_of, read_text, score, scores_of
from quotum.adapters.files.scheme_toml import read_library
from quotum.adapters.printing.issue_texts import describe
from quotum.engine.appraisal import check_schemes, compare_goals, hand_down
from quotum.engine.appraisal.figures import known_names
from quotum.engine.appraisal.formulas import open_formula
from small_company import MEASURES, firm, sale, settings

MARCH = {"since": "2027-03-01", "until": "2027-04-01"}


def rate(person: str, indicator: str, points: float, date: str = "2027-01-20") -> dict:
    return {"date": date, "person": person, "indicator": indicator, "points": points}


def incident(kind: str, date: str = "2027-01-10", **more: str) -> dict:
    return {"date": date, "kind": kind, **more}


def clinic_staff(**tables):
    return firm({"ann": "ward", "bob": "ward", "eve": "lab"}, people=[{"person": "bob", "role": "head"}], **tables)


def told(company, schemes) -> list[str]:
    return [describe(issue)[0] for issue in check_schemes(company, settings(), schemes)]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_read_and_has_no_errors(path, tmp_path):
    schemes = example(tmp_path, path.stem)
    found = check_schemes(clinic_staff(), settings(), schemes)
    assert [issue for issue in found if issue.severity == "error"] == []


def test_the_library_has_more_than_forty_indicators_that_open_to_known_figures():
    facts, indicators, issues = read_library()
    assert issues == []
    defined = [indicator for indicator in indicators.values() if indicator.formula]
    assert len(defined) >= 60
    names = set(known_names(facts, MEASURES, []))
    for indicator in defined:
        formula, found = open_formula(indicator.formula, indicators)
        assert not found
        assert set(formula.facts) <= names, indicator.name
        assert indicator.about
        assert indicator.unit
    assert [i.name for i in indicators.values() if not i.formula] == ["newly_developed_customers"]


def test_case_9_the_clinic_says_where_it_contradicts_itself(tmp_path):
    said = told(clinic_staff(), example(tmp_path, "clinic"))
    assert "year.band: 95 lies in good and in excellent; the one written first is taken." in said
    assert "year.band: 70 to 80 lies in no band, below pass, above fail." in said
    assert "year.band: 80 to 85 lies in no band, below good, above pass." in said
    assert any("10 to 15 (tasks); 15 (pay)" in words for words in said)
    assert any("technical error open: 30 to 50. 40 is used" in words for words in said)
    assert "work: pay rises per point above 85, but not by how much." in said


@pytest.mark.parametrize(("duties", "done", "points", "factor"), [
    (100, 10, 100.0, 1.0), (50, 10, 85.0, 1.0), (50, 9, 78.0, 78 / 85), (0, 0, 0.0, 0.85),
])  # fmt: skip
def test_case_9_pay_is_full_from_85_and_falls_by_15_per_cent_at_most(tmp_path, duties, done, points, factor):
    tasks = [rate("ann", "task" if place < done else "task_missed", 1) for place in range(10)]
    ratings = [rate("ann", "duties", duties), *tasks]
    made = score(clinic_staff(ratings=ratings), example(tmp_path, "clinic"))
    line = made["scores"].filter(person="ann", scorecard="work").row(0, named=True)
    assert line["score_e2"] / 100 == points
    assert line["pay_factor"] == pytest.approx(factor)


def test_case_9_events_cost_points_heads_share_and_an_incident_voids_awards(tmp_path):
    events = [incident("technical_error", person="ann"), incident("incident", "2027-02-10", person="ann"),
              incident("complaint", person="eve"),
              incident("complaint_unresolved", "2027-03-01", person="eve")]  # fmt: skip
    made = score(clinic_staff(incidents=events), example(tmp_path, "clinic"), until="2027-04-01")
    assert points_of(made, "ann", "quality") == {"no_breach": 30, "no_incident": 70 - 140, "praise_and_return": 0}
    assert points_of(made, "bob", "quality")["no_incident"] == 70 - 0.4 * 140
    assert points_of(made, "eve", "quality")["no_incident"] == 70 - 40
    voided = dict(made["scores"].filter(scorecard="quality").select("person", "voided").iter_rows())
    assert voided == {"ann": ["award", "promotion"], "bob": ["award", "promotion"], "eve": []}


def test_case_9_praise_and_more_than_80_per_cent_returning_bring_200(tmp_path):
    sales = [sale(f"c{k}", 10, when) for k in range(5) for when in ("2026-05-01", "2027-02-01")]
    company = firm({"ann": "ward"}, {f"c{k}": "ann" for k in range(5)}, sales,
                   incidents=[incident("praise", person="ann")])  # fmt: skip
    made = score(company, example(tmp_path, "clinic"), until="2027-04-01")
    assert points_of(made, "ann", "quality")["praise_and_return"] == 200
    assert scores_of(made, "quality")["ann"] == 300


def test_case_9_grades_of_the_year_take_the_better_of_two_and_none_in_a_gap(tmp_path):
    def grade(duties: float, done: int = 10) -> str | None:
        tasks = [rate("ann", "task" if place < done else "task_missed", 1) for place in range(10)]
        company = clinic_staff(ratings=[rate("ann", "duties", duties), *tasks])
        made = score(company, example(tmp_path, "clinic"), until="2028-01-01")
        return made["scores"].filter(person="ann", scorecard="year")["grade"].item()

    # January alone has data, so it is the mean of the year: 100, 95, 85.5; 83.5, 80, 73 and 51 points.
    assert [grade(100), grade(250 / 3), grade(75, 9)] == ["excellent", "excellent", "good"]
    assert [grade(68.333333, 9), grade(80, 8), grade(100 / 3, 9), grade(100, 3)] == [None, "pass", None, "fail"]


def test_case_9_savings_stay_and_overruns_are_not_refunded(tmp_path):
    costs = [{"date": "2027-01-05", "item": "supplies", "unit": "ward", "amount": 100},
             {"date": "2027-01-05", "item": "supplies", "unit": "lab", "amount": 500}]  # fmt: skip
    company = firm({"ann": "ward", "eve": "lab"}, {"c": "ann", "d": "eve"},
                   [sale("c", 10_000, "2027-01-03"), sale("d", 10_000, "2027-01-03")], costs=costs)  # fmt: skip
    held = score(company, example(tmp_path, "clinic"))["cost_quotas"]
    lines = {line["unit"]: line for line in held.iter_rows(named=True)}
    assert [lines["ward"][name] for name in ("quota", "actual", "kept", "overrun")] == [30_000, 10_000, 20_000, 0]
    assert [lines["lab"][name] for name in ("quota", "actual", "kept", "overrun")] == [30_000, 50_000, 0, 20_000]
    assert lines["Firm"]["actual"] == 60_000


def test_case_10_the_directors_sheet_asks_what_newly_developed_means(tmp_path):
    schemes = example(tmp_path, "director")
    assert len(schemes[0].scorecards[0].lines) == 12
    said = told(clinic_staff(), schemes)
    assert any("newly_developed_customers has no definition yet. How does" in words for words in said)
    company = firm({"dir": "top"}, {"a": "dir", "b": "dir"},
                   [sale("a", 50, "2026-02-01"), sale("a", 100, "2027-02-01"),
                    sale("b", 30, "2027-02-05")])  # fmt: skip
    made = score(company, schemes, monthly_targets({"dir": 65}, 3), until="2027-04-01")
    lines = {line["indicator"]: line for line in made["lines"].iter_rows(named=True)}
    assert lines["new_customers"]["actual"] == 1
    assert lines["newly_developed_customers"]["why"] == "reweighted"
    assert lines["sales_amount"]["actual"] == 130
    assert lines["sales_growth"]["actual"] == pytest.approx(130 / 50 - 1)
    assert lines["lost_customers"]["actual"] == 0


def test_case_12_thirteen_indicators_have_owners_and_a_change_at_the_top_is_seen(tmp_path):
    (scheme,) = example(tmp_path, "handed_down")
    goals, issues = hand_down(scheme)
    assert issues == []
    assert goals["indicator"].n_unique() == 13
    owned = goals.filter("owns").group_by("indicator").agg(sum=goals["part"].sum())
    assert owned.height == 13
    for name in goals["indicator"].unique():
        assert goals.filter("owns", indicator=name)["part"].sum() == pytest.approx(1)
    text = (EXAMPLES / "handed_down.toml").read_text(encoding="utf-8").replace("5600000", "6000000")
    (changed,), _ = read_text(tmp_path, text)
    touched = compare_goals(goals, hand_down(changed)[0])
    assert set(touched["post"]) == {"general_manager", "deputy_sales", "deputy_service", "north", "south",
                                    "key_accounts", "shops", "workshop"}  # fmt: skip
    assert set(touched["indicator"]) == {"revenue"}
    leaves = hand_down(changed)[0].filter("owns", indicator="revenue")
    assert leaves["target_e4"].sum() == 6_000_000 * 10_000


def test_the_hotel_scores_2_3_4_and_the_team(tmp_path):
    days = pl.DataFrame({"date": [date(2027, 1, 4)], "weight": [1.0]})
    seen = ("old", "old", "old", "x", "y")
    visits = [{"date": "2027-01-04", "person": "ann", "customer": c, "kind": "visit"} for c in seen]
    calls = [{"date": "2027-01-04", "person": "ann", "kind": "call"}] * 3
    company = firm({"ann": "bar", "bo": "bar"}, {"old": "ann", "x": None, "y": None},
                   [sale("old", 80, "2026-05-01"), sale("old", 80, "2027-01-05")],
                   activities=visits + calls)  # fmt: skip
    made = score(company, example(tmp_path, "hotel"), monthly_targets({"ann": 100, "bo": 0}), days=days)
    got = {line["indicator"]: (line["points_e2"] / 100, line["why"])
           for line in made["lines"].filter(person="ann", scorecard="sales person").iter_rows(named=True)}  # fmt: skip
    assert got["new_customer_visits"] == (18.75, "free")  # weights grew by 100/80: two lines have no data
    assert got["phone_calls"][0] == pytest.approx(10 * 0.75 * 1.25, abs=0.01)
    assert got["satisfaction"] == (0, "reweighted")
    assert got["sales_amount"][0] == 40


def test_commission_goes_by_tiers_with_an_accelerator_and_new_customers_count_double(tmp_path):
    sales = [sale("old", 1, "2025-01-01"), sale("old", 1300, "2027-01-05")]
    company = firm({"ann": "shop", "bo": "shop"}, {"old": "ann", "new": "bo"}, [*sales, sale("new", 100, "2027-01-05")],
                   invoices=[{"invoice": "i", "date": "2027-01-05", "customer": "old", "amount": 1300}],
                   receipts=[{"date": "2027-02-05", "invoice": "i", "amount": 1000}])  # fmt: skip
    targets = monthly_targets({"ann": 1000 / 3, "bo": 1000 / 3}, 3).with_columns(amount=33_333)
    targets = targets.with_columns(amount=targets["amount"] + (targets["since"].dt.month() == 1).cast(int))
    made = score(company, example(tmp_path, "commission"), targets, until="2027-04-01")["commissions"]
    tiers = made.filter(person="ann", commission="sales")
    assert tiers["eligible"].to_list() == [800, 200, 200, 100]
    assert tiers["amount"].to_list() == [1600, 600, 800, 600]
    assert made.filter(person="bo", commission="sales")["amount"].to_list() == [400]
    assert made.filter(person="ann", commission="cash")["amount"].to_list() == [500]


def test_the_scorecard_example_scores_seven_indicators(tmp_path):
    company = firm({"ann": "shop"}, {"a": "ann"}, [sale("a", 90, "2027-01-05")],
                   costs=[{"date": "2027-01-09", "item": "travel", "person": "ann", "amount": 9}])  # fmt: skip
    made = score(company, example(tmp_path, "scorecard"), monthly_targets({"ann": 100}))
    lines = {line["indicator"]: line for line in made["lines"].iter_rows(named=True)}
    assert len(lines) == 7
    assert (lines["expense_ratio"]["actual"], lines["expense_ratio"]["points_e2"]) == (pytest.approx(0.1), 0)
    assert lines["new_customers"]["why"] == "step"
    assert lines["visits"]["why"] == "reweighted"
    assert sum(line["points_e2"] for line in lines.values()) == made["scores"]["score_e2"].item()


@pytest.mark.parametrize(("kinds", "settled"), [
    (["complaint"], 1), (["complaint", "complaint_unresolved"], 0), (["complaint_unresolved"], 0),
    (["complaint", "complaint", "complaint_unresolved"], 0.5),
])  # fmt: skip
def test_a_complaint_is_one_however_it_ends(tmp_path, kinds, settled):
    company = firm({"ann": "shop"}, {"a": "ann"}, [sale("a", 90, "2027-01-05")],
                   incidents=[incident(kind, person="ann") for kind in kinds])  # fmt: skip
    lines = score(company, example(tmp_path, "scorecard"), monthly_targets({"ann": 100}))["lines"]
    assert lines.filter(indicator="complaints_resolved")["actual"].to_list() == [settled]
