"""What the rest takes is told in calls and visits, through the drivers of the plan."""

from __future__ import annotations

import pytest
from small_reviews import review, with_sales

from quotum.adapters.printing.review_tables import draw_review, list_rows
from small_company import CALENDAR, PERSON, UNIT, each_month, firm, plan, sale, settings
from small_drivers import read

TREE = """
revenue = "orders * average_order"
orders = "visits * 0.5"
visits = "person_days * each"
each = 1
average_order = 100
[capacity]
visits = "person_days * 2"
"""
SALES = [*each_month("inn", 100), *each_month("pub", 100)]


def world(tree=TREE, **tables):
    company = firm({"ana": "North", "bo": "North"}, {"inn": "ana", "pub": "bo"}, SALES, **tables)
    drivers, issues = read(f"[drivers]{tree}")
    assert not issues
    return company, plan(company, settings(UNIT, PERSON, CALENDAR, commit=18_000, stretch=20_000, drivers=drivers))


def needed(made, node="", level="commit", activity="visits"):
    [line] = made["needed"].filter(node=node, level=level, activity=activity).iter_rows(named=True)
    return line


def test_what_is_missing_is_told_in_visits():
    company, made = world()
    told = review(with_sales(company, [sale("inn", 3000, "2027-01-20")]), made, "2027-06-30")
    line, days = needed(told), 131  # Monday to Friday from July to December
    assert line["needed"] == pytest.approx(15_000 / 100 / 0.5)
    assert line["needed_week"] == pytest.approx(5 * line["needed_day"])
    assert line["there_week"] == pytest.approx(2 * 2 * 5, rel=0.05)
    assert line["needed_day"] == pytest.approx(300 / days, rel=0.02)
    assert needed(told, "ana")["needed"] == pytest.approx((9_000 - 3_000) / 50)
    assert needed(told, "bo")["needed"] + needed(told, "ana")["needed"] == pytest.approx(line["needed"])
    assert needed(told, level="stretch")["needed"] == pytest.approx(17_000 / 50)


def test_who_has_reached_the_number_needs_no_more():
    company, made = world()
    told = review(with_sales(company, [sale("inn", 9500, "2027-01-20")]), made, "2027-06-30")
    assert needed(told, "ana")["needed"] == 0
    assert needed(told, "bo")["needed"] > 0


def test_visits_of_the_last_weeks_already_count_where_orders_come_later():
    """28 days of lag: what was done in June brings orders in July, so less is needed the more was done."""
    tree = TREE.replace("visits * 0.5", "lag(visits, 28 days) * 0.5")
    seen = [{"date": f"2027-06-{day:02}", "person": "ana", "customer": "inn", "kind": "visit"} for day in range(7, 27)]
    few, many = (needed(review(*world(tree, activities=lines), "2027-06-30")) for lines in (seen[:1], seen))
    assert few["made_week"] == 0.25
    assert many["made_week"] == 5
    assert few["needed"] - many["needed"] > 19


def test_without_drivers_of_activity_it_is_said_plainly():
    company, made = world("\naverage_order = 100\n")
    told = review(company, made, "2027-06-30")
    assert told["needed"].is_empty()
    assert "In calls and visits: not told" in draw_review(told)


def test_a_plan_that_is_over_needs_nothing():
    told = review(*world(), "2027-12-31")
    assert told["needed"].is_empty()
    assert "In calls and visits" not in draw_review(told)


def test_rows_for_programs_tell_the_activity_beside_the_public_keys():
    told = review(*world(), "2027-06-30")
    [row] = [row for row in list_rows(told) if row["person"] == "ana" and row["level"] == "commit"]
    line = needed(told, "ana")
    assert row["needed_activity"]["visits"] == {name: line[name] for name in row["needed_activity"]["visits"]}
    assert row["needed_activity"]["visits"]["needed_day"] == line["needed_day"]
    assert sum(row["drivers"].values()) == row["actual"] - row["plan_to_date"]
