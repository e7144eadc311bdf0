"""Traps that peers fell into (numbers of the field notes, section 4): appraisals and plans made anew step over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from appraisal_worlds import NO_DAYS, monthly_targets, read_text, score, scores_of
from quotum.engine.appraisal import check_schemes
from quotum.engine.appraising import appraise_company
from quotum.engine.planning import calendar_span, replan_plan
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.replan_settings import ReplanSettings
from small_company import (
    CALENDAR,
    PERSON,
    UNIT,
    _days,
    each_month,
    firm,
    months,
    numbers,
    plan,
    sale,
    settings,
)

TWO, OWN = {"ana": "North", "bo": "South"}, {"a": "ana", "b": "bo"}
LAST_YEAR = [*each_month("a", 100), *each_month("b", 50)]


def line(indicator: str, target: str = "revenue_target", weight: int = 100, of: str = "person", more: str = "") -> str:
    return (f'[[scorecard]]\nname = "{indicator} {of}"\nof = "{of}"\n[[scorecard.line]]\nindicator = "{indicator}"\n'
            f'weight = {weight}\ntarget = "{target}"\nowner = "rep"\n{more}')  # fmt: skip


def scheme(folder, *texts: str):
    schemes, issues = read_text(folder, "\n".join(texts))
    assert not issues
    return schemes


def replan(company: Company, before: Plan, day: date, **rules: object) -> Plan:
    days, _ = _days("", *calendar_span(replace(before.settings, as_of=day)))
    made, issues = replan_plan(company, before, days, day, ReplanSettings(**rules))
    assert made is not None, issues
    return made


@pytest.mark.parametrize("commit", [1_000_000, 10_000_019])
def test_trap_1_a_plan_made_anew_adds_up_to_the_cent(commit):
    company = firm(TWO, OWN, [*LAST_YEAR, sale("a", 333.33, "2027-01-10"), sale("b", 0.01, "2027-02-10")])
    made = replan(company, plan(company, UNIT, PERSON, CALENDAR, commit=commit), date(2027, 2, 28))
    assert sum(numbers(made).values()) == sum(months(made)) == commit * 100
    assert sum(months(made)[:2]) == 333_34


def test_trap_2_an_indicator_that_stands_twice_is_an_error(tmp_path):
    schemes = scheme(tmp_path, line("sales_amount"),
                     '[[scorecard.line]]\nindicator = "sales_amount"\nweight = 0\nowner = "rep"')  # fmt: skip
    found = {i.rule for i in check_schemes(firm(TWO, OWN, LAST_YEAR), settings(), schemes) if i.severity == "error"}
    assert found == {"indicator_twice"}


def test_trap_4_a_unit_is_scored_by_all_below_it(tmp_path):
    company = firm({"ana": "Town", "bo": "Coast"}, OWN, [sale("a", 30, "2027-01-10"), sale("b", 50, "2027-01-10")],
                   units={"Firm": None, "North": "Firm", "Town": "North", "Coast": "North"})  # fmt: skip
    made = score(company, scheme(tmp_path, line("sales_amount", "80", of="unit")))
    assert scores_of(made, "sales_amount unit") == {"Firm": 100, "North": 100, "Town": 37.5, "Coast": 62.5}


def test_trap_5_a_sale_of_two_owners_is_one_sale_of_their_unit(tmp_path):
    own = 'count = { table = "sales", how = "count", where = { is_sale = "true" } }'
    texts = [f"[facts]\n{own}\n[indicators]\nsales_count = 'count'", line("sales_count", "2", of="unit"),
             line("sales_count", "2"), line("sales_amount", "100", of="unit")]  # fmt: skip
    shares = [{"customer": "k", "person": who, "since": "2020-01-01", "share": 0.5} for who in ("ana", "cy")]
    company = firm({"ana": "North", "cy": "North"}, {"k": None}, [sale("k", 60, "2027-01-10"),
                   sale("k", 40, "2027-01-11")], ownership=shares)  # fmt: skip
    made = score(company, scheme(tmp_path, *texts))
    assert scores_of(made, "sales_count unit")["North"] == 100
    assert scores_of(made, "sales_amount unit")["North"] == 100
    assert scores_of(made, "sales_count person") == {"ana": 100, "cy": 100}


def test_trap_6_who_sold_twice_the_target_has_twice_the_points(tmp_path):
    company = firm(TWO, OWN, [sale("a", 200, "2027-01-10")])
    made = score(company, scheme(tmp_path, line("sales_amount", "100")))
    assert scores_of(made, "sales_amount person")["ana"] == 200


def test_trap_7_who_sold_nothing_is_scored_0_and_what_nobody_wrote_down_is_no_data(tmp_path):
    company = firm(TWO, OWN, [sale("a", 200, "2027-01-10")])
    made = score(company, scheme(tmp_path, line("sales_amount", "100"), line("visits", "100")), until="2027-03-01")
    told = made["lines"].filter(person="bo").sort("scorecard", "period")
    assert told.select("scorecard", "period", "points_e2", "why").rows() == [
        ("sales_amount person", "2027-01", 0, "free"), ("sales_amount person", "2027-02", 0, "free"),
        ("visits person", "2027-01", 0, "missing"), ("visits person", "2027-02", 0, "missing"),
    ]  # fmt: skip


def test_trap_8_a_gap_between_bands_is_told_and_gives_no_grade(tmp_path):
    bands = '[[scorecard.band]]\nname = "good"\nfrom = 85\n[[scorecard.band]]\nname = "fail"\nbelow = 70\n'
    company = firm(TWO, OWN, [sale("a", 80, "2027-01-10")])
    schemes = scheme(tmp_path, line("sales_amount", "100", more=bands))
    assert "bands_gap" in {issue.rule for issue in check_schemes(company, settings(), schemes)}
    made = score(company, schemes)
    assert dict(made["scores"].select("person", "grade").iter_rows()) == {"ana": None, "bo": "fail"}


def test_trap_11_a_contract_counts_when_it_is_closed_a_lost_one_and_a_cancelled_order_never(tmp_path):
    projects = [{"project": "won", "person": "ana", "stage": "won", "since": "2027-01-05", "close": "2027-03-20",
                 "amount": 100},
                {"project": "lost", "person": "ana", "stage": "lost", "since": "2027-01-05", "close": "2027-02-20",
                 "amount": 900}]  # fmt: skip
    made = score(firm(TWO, OWN, projects=projects), scheme(tmp_path, line("contract_amount", "100")),
                 until="2027-05-01")  # fmt: skip
    assert made["scores"].filter(person="ana").sort("since")["score_e2"].to_list() == [0, 0, 10_000, 0]


def test_trap_12_a_later_change_of_owner_leaves_march_as_it_was(tmp_path):
    sales = [sale("a", 90, "2027-03-10"), sale("a", 70, "2027-06-10")]
    since = {"customer": "a", "person": "ana", "since": "2020-01-01"}
    schemes, targets = scheme(tmp_path, line("sales_amount")), monthly_targets({"ana": 100, "bo": 100})
    later = [{**since, "until": "2027-05-01"}, {**since, "person": "bo", "since": "2027-05-01"}]
    before, after = (
        score(firm(TWO, OWN, sales, ownership=owners), schemes, targets, until="2027-07-01")["scores"]
        for owners in ([since], later)
    )
    early = pl.col("since") < date(2027, 5, 1)
    assert after.filter(early).equals(before.filter(early))
    june = dict(after.filter(period="2027-06").select("person", "score_e2").iter_rows())
    assert june == {"ana": 0, "bo": 7_000}


def test_trap_14_the_order_of_rows_decides_nothing(tmp_path):
    company = firm(TWO, OWN, [*LAST_YEAR, sale("a", 33.33, "2027-01-10"), sale("b", 0.01, "2027-01-11")],
                   ownership=[{"customer": "a", "person": p, "since": "2020-01-01", "share": s}
                              for p, s in (("ana", 0.3), ("bo", 0.7))])  # fmt: skip
    turned = Company.of({name: frame.reverse() for name, frame in company.tables.items()})
    schemes, before = scheme(tmp_path, line("sales_amount")), plan(company, UNIT, PERSON, CALENDAR)
    made = [replan(of, before, date(2027, 1, 31)) for of in (company, turned)]
    for name in ("quotas", "deltas", "changes", "handovers", "holdings"):
        assert made[0][name].equals(made[1][name]), name
    january = date(2027, 1, 1), date(2027, 2, 1)
    told = [appraise_company(of, made[0], schemes, NO_DAYS, *january) for of in (company, turned)]
    for name in ("scores", "lines", "facts"):
        assert told[0][name].equals(told[1][name]), name


def test_trap_15_an_old_deficit_is_held_against_the_target_of_its_time(tmp_path):
    company = firm(TWO, OWN, [*LAST_YEAR, *(sale("a", 20, f"2027-{m:02}-10") for m in range(1, 7))])
    schemes = scheme(tmp_path, line("sales_amount"))
    plans = [plan(company, UNIT, PERSON, CALENDAR, commit=1_800)]
    for day in (date(2027, 4, 1), date(2027, 7, 1)):
        plans.append(replan(company, plans[-1], day - timedelta(days=1), policy="outlook"))
    told = [
        appraise_company(company, made, schemes, NO_DAYS, date(2027, 1, 1), date(2027, 4, 1))["scores"]
        for made in plans
    ]
    assert told[0].equals(told[1])
    assert told[0].equals(told[2])
    assert max(told[0].filter(person="ana")["score_e2"]) < 5_000
