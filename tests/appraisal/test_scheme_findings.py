"""What is wrong with a scheme is told before the period begins."""

from __future__ import annotations

import pytest

from appraisal_worlds import monthly_targets, read_text, score
from quotum.engine.appraisal import check_schemes, hand_down
from small_company import firm, sale, settings

CARD = """
[[scorecard]]
name = "rep"
roles = ["rep"]
[[scorecard.line]]
indicator = "sales_amount"
weight = 100
target = "revenue_target"
cap = 1
owner = "rep"
"""

TIERS = '[[commission]]\nname = "c"\n[[commission.tier]]\nfrom = 0\nto = 1\n[[commission.tier]]\nfrom = 0.9\n'
GOAL = '[[goal]]\nindicator = "x"\npost = "gm"\n'


def rules(tmp_path, text, company=None) -> set[str]:
    schemes, issues = read_text(tmp_path, text)
    company = company or firm({"ann": "n"}, {"a": "ann"}, [sale("a", 1)], people=[{"person": "ann", "role": "rep"}])
    return {issue.rule for issue in issues} | {i.rule for i in check_schemes(company, settings(), schemes)}


def test_a_sound_scheme_has_no_findings(tmp_path):
    assert rules(tmp_path, CARD) == set()


@pytest.mark.parametrize(("text", "rule"), [
    (CARD.replace('owner = "rep"', ""), "indicator_without_owner"),
    (CARD.replace("weight = 100", "weight = 90"), "weights_not_whole"),
    (CARD.replace('roles = ["rep"]', 'roles = ["boss"]'), "scorecard_of_nobody"),
    (CARD.replace('roles = ["rep"]', 'roles = ["boss"]'), "person_without_scorecard"),
    (CARD.replace("revenue_target", "revenue_targt"), "figure_unknown"),
    (CARD.replace("revenue_target", "revenue_target +"), "formula_ends"),
    (CARD.replace("sales_amount", "visits"), "indicator_without_data"),
    (CARD + '[[scorecard.band]]\nname = "star"\nfrom = 110\n', "rule_never_fires"),
    (CARD + '[scorecard.pay]\nfull_at = 85\n', "pay_step_open"),
    (CARD + '[scorecard.pay]\nfull_at = 120\nstep = 0.1\n', "rule_never_fires"),
    (CARD + '[[scorecard.band]]\nfrom = 3\nabove = 4\n', "band_end_twice"),
    (CARD + '[[cost_quota]]\nitem = "rent"\nfixed = true\n', "quota_of_fixed"),
    (CARD + '[[commission]]\nname = "c"\n', "commission_without_tiers"),
    (CARD + TIERS, "bands_overlap"),
    ('[indicators]\nx = "y"\ny = "x"\n' + CARD.replace("sales_amount", "x"), "indicator_circle"),
    (CARD + '[facts]\nf = { table = "salles" }\n', "fact_table"),
    (CARD + '[facts]\nf = { table = "sales", where = { colour = "red" } }\n', "fact_column"),
    (CARD + '[scorcard]\nx = 1\n', "section_unknown"),
])  # fmt: skip
def test_each_fault_has_its_finding(tmp_path, text, rule):
    assert rule in rules(tmp_path, text)


@pytest.mark.parametrize(("text", "rule"), [
    ('[[goal]]\nindicator = "x"\npost = ""\n', "indicator_without_owner"),
    ('[[goal]]\nindicator = "x"\npost = "gm"\n', "owner_without_indicator"),
    ('[[goal]]\nindicator = "x"\npost = "gn"\n', "post_unknown"),
    (GOAL + '[[handover]]\nindicator = "x"\nfrom = "gm"\nto = { a = 0.5 }\n', "goal_parts"),
    ('[[handover]]\nindicator = "x"\nfrom = "gm"\nto = { a = 1 }\n', "goal_not_there"),
])  # fmt: skip
def test_goals_without_owners_and_owners_without_goals(tmp_path, text, rule):
    (scheme,), _ = read_text(tmp_path, '[posts]\ngm = ""\na = "gm"\n' + text)
    assert rule in {issue.rule for issue in hand_down(scheme)[1]}


def test_a_table_that_is_not_there_is_no_data_and_a_person_without_rows_has_none_done(tmp_path):
    (scheme,), _ = read_text(tmp_path, CARD.replace('roles = ["rep"]', ""))
    company = firm({"ann": "n", "bo": "n"}, {"a": "ann"}, [sale("a", 60, "2027-01-05")])
    lines = score(company, (scheme,), monthly_targets({"ann": 100, "bo": 100}))["lines"]
    whys = {person: rest for person, *rest in lines.select("person", "actual", "why", "points_e2").iter_rows()}
    assert whys == {"ann": [60.0, "free", 6000], "bo": [0.0, "free", 0]}
    empty = score(firm({"ann": "n"}), (scheme,), monthly_targets({"ann": 100}))
    assert empty["lines"]["why"].to_list() == ["missing"]
    assert [issue.rule for issue in empty.issues] == ["score_without_data"]
