"""What a score or a cost leads to: plans to improve, last places, savings by every basis, shares of a market."""

from __future__ import annotations

from datetime import date

import pytest

from appraisal_worlds import read_text, score, scores_of
from small_company import firm, sale

CARD = """
[[scorecard]]
name = "month"
[[scorecard.line]]
indicator = "sales_amount"
weight = 60
target = 100
owner = "rep"
[[scorecard.line]]
indicator = "new_customers"
weight = 40
target = 1
cap = 1
owner = "rep"
[scorecard.improve]
below = 60
days = 45
consequence = "another post"
[scorecard.last]
part = 0.34
below = 80
effect = "no prize"
"""
STAFF, OWN = {"ana": "n", "bo": "n", "cy": "s"}, {"a": "ana", "b": "bo", "c": "cy"}


def test_a_fail_opens_a_plan_with_deadline_weakest_indicator_and_consequence(tmp_path):
    schemes, issues = read_text(tmp_path, CARD)
    assert not issues
    sales = [sale("a", 100, "2027-01-10"), sale("b", 150, "2026-01-10"), sale("b", 90, "2027-01-10")]
    made = score(firm(STAFF, OWN, sales), schemes)
    assert scores_of(made, "month") == {"ana": 100, "bo": 54, "cy": 0}
    told = made["consequences"].select("person", "kind", "below_e2", "weakest", "opened", "due", "says").rows()
    ended, due = date(2027, 2, 1), date(2027, 3, 18)
    assert told == [
        ("bo", "improve", 6_000, "new_customers", ended, due, "another post"),
        ("cy", "improve", 6_000, "sales_amount", ended, due, "another post"),
        ("cy", "last", 8_000, "sales_amount", ended, None, "no prize"),
    ]


@pytest.mark.parametrize(("basis", "quota", "allowed"), [
    ("amount", 50, 5_000), ("per_head", 30, 6_000), ("per_10k", 20, 4_000), ("percent", 0.004, 8_000),
])  # fmt: skip
@pytest.mark.parametrize("keeps", [1.0, 0.5])
def test_costs_are_held_against_every_basis_savings_stay_and_overruns_are_not_refunded(tmp_path, basis, quota, allowed,
                                                                                        keeps):
    text = f'[[cost_quota]]\nitem = "fuel"\nbasis = "{basis}"\nquota = {quota}\nkeeps = {keeps}\nunits = ["n"]\n'
    schemes, issues = read_text(tmp_path, text)
    assert not issues
    costs = [{"date": f"2027-0{m}-05", "item": "fuel", "unit": "n", "amount": a} for m, a in ((1, 35), (2, 95))]
    sales = [sale("a", 20_000, "2027-01-10"), sale("b", 20_000, "2027-02-10")]
    made = score(firm(STAFF, OWN, sales, costs=costs), schemes, until="2027-03-01")
    saved = allowed - 3_500
    assert made["cost_quotas"].select("quota", "actual", "kept", "overrun").rows() == [
        (allowed, 3_500, int(saved * keeps), 0), (allowed, 9_500, 0, 9_500 - allowed)
    ]  # fmt: skip


def test_the_whole_company_has_a_share_of_the_market_and_nobody_else(tmp_path):
    card = ('[[scorecard]]\nname = "share"\nof = "unit"\nevery = "year"\n[[scorecard.line]]\n'
            'indicator = "market_share"\nweight = 100\ntarget = 0.1\nowner = "manager"\n')  # fmt: skip
    schemes, _ = read_text(tmp_path, card)
    market = [{"area": "Sea", "year": 2027, "capacity": 800.0, "competitor": who} for who in ("x", "y")]
    company = firm(STAFF, OWN, [sale("a", 100, "2027-01-10")], areas=[{"area": "Sea"}],
                   market=[*market, {"area": "Sea", "category": None, "year": 2026, "capacity": 500.0}])  # fmt: skip
    made = score(company, schemes, until="2028-01-01")
    assert scores_of(made, "share") == {"Firm": 125, "n": None, "s": None}


def test_the_sales_cycle_is_the_mean_of_what_was_signed(tmp_path):
    card = ('[[scorecard]]\nname = "cycle"\n[[scorecard.line]]\nindicator = "sales_cycle"\nweight = 100\n'
            'target = 40\nowner = "rep"\n')  # fmt: skip
    schemes, _ = read_text(tmp_path, card)
    projects = [{"project": str(k), "person": "ana", "stage": stage, "since": since, "close": close}
                for k, (stage, since, close) in enumerate((("won", "2027-01-01", "2027-01-31"),
                    ("won", "2026-12-12", "2027-01-31"), ("lost", "2026-01-01", "2027-01-31"),
                    ("won", "2026-01-01", "2027-02-01")))]  # fmt: skip
    made = score(firm(STAFF, OWN, projects=projects), schemes)
    assert made["lines"].filter(person="ana")["actual"].item() == 40
    assert scores_of(made, "cycle")["ana"] == 100
