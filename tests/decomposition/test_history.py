"""History as a basis: the same dates of earlier years, weighted by year, netted, cut at nothing."""

from datetime import date
from itertools import product

import pytest

from small_company import PERSON, each_month, firm, issues_of, numbers, plan, reasons, sale

TWO = {"ana": "North", "bo": "South"}
OWN = {"a": "ana", "b": "bo"}


def test_shares_follow_what_was_sold_last_year():
    made = plan(firm(TWO, OWN, [sale("a", 300), sale("b", 100)]), PERSON)
    assert numbers(made) == {"ana": 7500_00, "bo": 2500_00}


def test_one_two_and_three_years_ago_count_three_two_and_one():
    sales = [sale("a", 100, "2026-05-01"), sale("b", 100, "2025-05-01"), sale("b", 100, "2024-05-01")]
    assert numbers(plan(firm(TWO, OWN, sales), PERSON)) == {"ana": 5000_00, "bo": 5000_00}


def test_the_weights_of_the_years_are_a_setting():
    sales = [sale("a", 100, "2026-05-01"), sale("b", 300, "2025-05-01")]
    assert numbers(plan(firm(TWO, OWN, sales), PERSON, history_years=(1,))) == {"ana": 10_000_00, "bo": 0}
    assert numbers(plan(firm(TWO, OWN, sales), PERSON, history_years=(9, 1))) == {"ana": 7500_00, "bo": 2500_00}


def test_a_plan_from_june_to_december_looks_at_june_to_december():
    sales = [*each_month("a", 10), sale("b", 30, "2026-05-31"), sale("b", 70, "2026-06-01")]
    made = plan(firm(TWO, OWN, sales), PERSON, since=date(2027, 6, 1))
    assert numbers(made) == {"ana": 5000_00, "bo": 5000_00}


def test_sales_after_as_of_are_not_known_yet():
    sales = [sale("a", 100, "2026-09-30"), sale("b", 900, "2026-10-01"), sale("b", 50, "2026-01-01")]
    made = plan(firm(TWO, OWN, sales), PERSON, as_of=date(2026, 9, 30), commit=1500)
    assert numbers(made) == {"ana": 1000_00, "bo": 500_00}


def test_returns_are_netted_before_shares_are_taken():
    sales = [sale("a", 500), sale("a", -200), sale("b", 100)]
    assert numbers(plan(firm(TWO, OWN, sales), PERSON)) == {"ana": 7500_00, "bo": 2500_00}


def test_who_returned_more_than_was_bought_counts_nothing_and_is_told():
    company = firm(TWO, OWN, [sale("a", 500), sale("b", 100), sale("b", -300)])
    assert numbers(plan(company, PERSON)) == {"ana": 10_000_00, "bo": 0}
    [issue] = [i for i in issues_of(company, PERSON) if i.rule == "negative_weight"]
    assert (issue.severity, issue.value) == ("warning", "bo")


def test_returns_are_netted_at_the_grain_of_the_split_not_customer_by_customer():
    owners = {"a": "ana", "a2": "ana", "b": "bo"}
    sales = [sale("a", 500), sale("a2", -200), sale("b", 300)]
    assert numbers(plan(firm(TWO, owners, sales), PERSON)) == {"ana": 5000_00, "bo": 5000_00}


def test_a_person_is_judged_by_the_customers_of_today_not_by_who_sold_then():
    """History belongs to customers and their ownership: the seller on the line does not matter."""
    sales = [sale("a", 300, person="bo"), sale("b", 100, person="bo")]
    assert numbers(plan(firm(TWO, OWN, sales), PERSON)) == {"ana": 7500_00, "bo": 2500_00}


def test_without_any_history_the_fallback_decides_and_is_told():
    company = firm(TWO, OWN, people=[{"person": "ana", "ability": 3}])
    assert numbers(plan(company, PERSON)) == {"ana": 5000_00, "bo": 5000_00}
    from dataclasses import replace

    by_ability = replace(PERSON, fallback="ability")
    assert numbers(plan(company, by_ability)) == {"ana": 7500_00, "bo": 2500_00}
    [issue] = [i for i in issues_of(company, by_ability) if i.rule == "fallback_used"]
    assert (issue.severity, issue.column, issue.value) == ("note", "person", "ability")


def test_the_last_day_of_february_stands_beside_the_28th():
    made = plan(firm(TWO, OWN, [sale("a", 100, "2023-02-28"), sale("b", 100, "2023-03-01")]), PERSON,
                since=date(2024, 2, 29), until=date(2024, 3, 2), as_of=date(2023, 12, 31))  # fmt: skip
    assert numbers(made) == {"ana": 5000_00, "bo": 5000_00}


@pytest.mark.parametrize(("months", "years"), list(product((1, 7, 18), (1, 2))))
def test_any_period_can_be_planned(months, years):
    until = date(2027 + (months + 2) // 12, (months + 2) % 12 + 1, 1)
    made = plan(firm(TWO, OWN, each_month("a", 5) + each_month("b", 7)), PERSON,
                since=date(2027, 3, 1), until=until, history_years=(1,) * years)  # fmt: skip
    assert sum(numbers(made).values()) == 10_000_00


def test_the_raw_weight_is_kept_as_a_reason():
    made = plan(firm(TWO, OWN, [sale("a", 300), sale("b", 100, "2025-01-01")]), PERSON)
    line = reasons(made, "person")["ana"]
    assert (line["weight_history"], line["why"], line["amount"]) == (900.0, "free", round(1_000_000 * 900 / 1100))
