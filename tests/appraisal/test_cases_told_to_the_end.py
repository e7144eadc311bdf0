"""What cases 9, 10 and 12 say besides: the points of each event, an open definition closed, posts further down."""

from __future__ import annotations

from datetime import date

import pytest

from appraisal_worlds import EXAMPLES, example, monthly_targets, points_of, read_text, score, scores_of
from quotum.adapters.printing.issue_texts import describe
from quotum.engine.appraisal import check_schemes, compare_goals, hand_down
from small_company import firm, sale, settings

STAFF = {"ann": "ward", "bob": "ward", "eve": "lab"}


def clinic(**tables):
    return firm(STAFF, people=[{"person": "bob", "role": "head"}], **tables)


def told(company, schemes) -> list[str]:
    return [describe(issue)[0] for issue in check_schemes(company, settings(), schemes)]


@pytest.mark.parametrize(("kind", "ann", "bob"), [
    ("breach", 70, 100), ("incident", 0, 60), ("technical_error", 60, 84), ("neglect", 30, 72), ("complaint", 80, 100),
    ("complaint_unresolved", 80, 100),
])  # fmt: skip
def test_case_9_each_event_costs_what_the_scheme_says_and_the_head_shares(tmp_path, kind, ann, bob):
    events = [{"date": "2027-01-10", "kind": kind, "person": "ann"}]
    made = score(clinic(incidents=events), example(tmp_path, "clinic"), until="2027-04-01")
    found = scores_of(made, "quality")
    assert (found["ann"], found["bob"]) == (ann, bob)
    assert sum(points_of(made, "eve", "quality").values()) == 100


def test_case_9_what_the_scheme_leaves_open_is_told_with_what_is_used(tmp_path):
    said = told(clinic(), example(tmp_path, "clinic"))
    assert any("what a head of department shares, per cent open: 30 to 50. 40 is used" in words for words in said)


def test_case_9_who_fails_the_year_has_a_plan_with_a_deadline(tmp_path):
    ratings = [{"date": "2027-01-20", "person": "ann", "indicator": name, "points": points}
               for name, points in (("duties", 100), ("task", 1), ("task_missed", 1), ("task_missed", 1))]  # fmt: skip
    made = score(clinic(ratings=ratings), example(tmp_path, "clinic"), until="2028-01-01")
    lines = made["consequences"].filter(person="ann", scorecard="year")
    assert lines.select("kind", "weakest", "due", "says").rows() == [
        ("improve", "work_of_the_year", date(2028, 3, 31), "the contract is looked at again")
    ]


def test_case_10_with_a_definition_newly_developed_customers_are_not_the_new_ones(tmp_path):
    """A first order, and an own visit to the customer before it."""
    text = (EXAMPLES / "director.toml").read_text(encoding="utf-8")
    (plain,), _ = read_text(tmp_path, text)
    assert any("newly_developed_customers has no definition yet" in words for words in told(clinic(), (plain,)))
    (defined,), issues = read_text(tmp_path, text.replace("[indicators]\n", "[indicators]\n"
        'newly_developed_customers = "min(new_customers_won, visits_to_new)"\n'))  # fmt: skip
    assert not issues
    company = firm({"dir": "top"}, {"a": "dir", "b": "dir"},
                   [sale("a", 30, "2027-02-05"), sale("b", 30, "2027-02-09")],
                   activities=[{"date": "2027-02-01", "person": "dir", "customer": "a", "kind": "visit"}])  # fmt: skip
    assert not any("no definition" in words for words in told(company, (defined,)))
    made = score(company, (defined,), monthly_targets({"dir": 20}, 3), until="2027-04-01")
    actual = {line["indicator"]: line["actual"] for line in made["lines"].iter_rows(named=True)}
    assert (actual["new_customers"], actual["newly_developed_customers"]) == (2, 1)


def test_case_12_a_change_of_parts_in_the_middle_shows_below_and_nowhere_else(tmp_path):
    text = (EXAMPLES / "handed_down.toml").read_text(encoding="utf-8")
    (scheme,), _ = read_text(tmp_path, text)
    other = text.replace("key_accounts = 0.7, shops = 0.3", "key_accounts = 0.6, shops = 0.4")
    (changed,), _ = read_text(tmp_path, other)
    touched = compare_goals(hand_down(scheme)[0], hand_down(changed)[0])
    assert set(touched["indicator"]) == {"revenue"}
    assert set(touched["post"]) == {"key_accounts", "shops"}
