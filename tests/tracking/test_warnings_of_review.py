"""Warnings name who, about whom, how large; cash and receivables belong to who holds the customer now."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from small_reviews import review, standing, with_sales

from quotum.engine.tables.visit_settings import Cadence, VisitSettings
from quotum.engine.tables.warning_settings import WarningSettings
from small_company import CALENDAR, MEASURES, PERSON, UNIT, each_month, firm, plan, sale, settings

SALES = [*each_month("inn", 100, quantity=10), *each_month("pub", 50, quantity=5)]
PEOPLE, CUSTOMERS = {"ana": "North", "bo": "North"}, {"inn": "ana", "pub": "bo"}


def warned(made, rule):
    return list(made["warnings"].filter(pl.col("rule") == rule).iter_rows(named=True))


def world(rules=None, /, visits=None, **tables):
    company = firm(PEOPLE, CUSTOMERS, SALES, **tables)
    extra = {"visits": visits} if visits else {}
    made = plan(company, settings(UNIT, PERSON, CALENDAR, commit=1800, warnings=rules or WarningSettings(), **extra))
    return company, made


def test_who_is_behind_is_told_with_what_is_missing():
    company, made = world()
    told = review(with_sales(company, [sale("inn", 500, "2027-01-20")]), made, "2027-02-28")
    [line] = warned(told, "behind_pace")
    due = standing(told)["bo"]["plan_to_date"]
    assert (line["person"], line["size"], line["found"], line["limit"]) == ("bo", due, 0.0, 0.9)


def test_contacts_that_become_fewer_are_told():
    seen = [{"date": f"2027-02-{day:02}", "person": "ana", "customer": "inn"} for day in range(1, 11)]
    company, made = world(activities=[*seen, {"date": "2027-03-20", "person": "ana", "kind": "call"}])
    [line] = warned(review(company, made, "2027-03-28"), "activity_fading")
    assert (line["person"], line["found"]) == ("ana", 0.1)


def test_a_customer_that_stays_away_longer_than_its_rhythm_is_told():
    company, made = world()
    told = review(with_sales(company, [sale("inn", 100, "2027-03-01")]), made, "2027-03-10")
    silent = warned(told, "silent_customer")
    assert [(line["person"], line["customer"]) for line in silent] == [("bo", "pub")]
    assert silent[0]["size"] == 450_00  # of the last twelve months: April to December


def test_a_visit_that_is_overdue_by_the_cadence_is_told():
    seen = [{"date": "2027-01-04", "person": "ana", "customer": "inn", "kind": "visit"},
            {"date": "2027-01-25", "person": "bo", "customer": "pub", "kind": "visit"}]  # fmt: skip
    company, made = world(None, VisitSettings(Cadence(everyone=10)), activities=seen)
    [line] = warned(review(company, made, "2027-01-31"), "missed_cadence")
    assert (line["customer"], line["limit"]) == ("inn", 10)


def test_debts_age_and_go_with_the_customer():
    """The pub's first seller left it; the debt is its holder's now, as are later receipts."""
    bills = [
        {"invoice": "1", "date": "2027-01-05", "due": "2027-02-04", "customer": "inn", "person": "ana", "amount": 100},
        {"invoice": "2", "date": "2027-01-20", "due": "2027-02-19", "customer": "pub", "person": "ana", "amount": 80},
        {"invoice": "3", "date": "2027-04-20", "due": "2027-05-20", "customer": "pub", "person": "bo", "amount": 40},
        {"invoice": "4", "date": "2027-04-21", "due": "2027-05-21", "customer": "inn", "person": "bo", "amount": 30},
    ]
    paid = [{"date": "2027-02-01", "invoice": "1", "customer": "inn", "amount": 60},
            {"date": "2027-03-01", "customer": "pub", "amount": 15},
            {"date": "2027-05-02", "invoice": "1", "customer": "inn", "amount": 40}]  # fmt: skip
    company, made = world(invoices=bills, receipts=paid)
    told = review(company, made, "2027-04-30")
    open_now = {(line["person"], line["age"]): line["amount"] for line in told["receivables"].iter_rows(named=True)}
    assert open_now == {
        ("ana", "61-90"): 40_00, ("ana", "not_due"): 30_00, ("bo", "61-90"): 65_00, ("bo", "not_due"): 40_00,
    }  # fmt: skip
    cash = {line["person"]: line for line in told["cash"].iter_rows(named=True)}
    assert (cash[None]["invoiced"], cash[None]["received"]) == (250_00, 75_00)
    assert cash[None]["open"] == 250_00 - 75_00 == told["receivables"]["amount"].sum()
    assert cash["ana"]["collection_rate"] == 60 / 130
    assert [line["customer"] for line in warned(told, "overdue")] == ["pub", "inn"]
    assert sum(line["size"] for line in warned(told, "overdue")) == cash[None]["overdue"]


def test_tenders_that_close_soon_are_told_and_settled_ones_are_not():
    projects = [{"project": name, "customer": "inn", "stage": stage, "amount": 1000, "close": close}
                for name, stage, close in (("soon", "tender", "2027-03-10"), ("won", "won", "2027-03-10"),
                                           ("far", "tender", "2027-06-01"))]  # fmt: skip
    company, made = world(projects=projects)
    [line] = warned(review(company, made, "2027-03-01"), "tender")
    assert (line["key"], line["person"], line["found"], line["size"]) == ("soon", "ana", 9, 1000_00)


def test_a_category_below_its_margin_is_told_with_what_it_misses():
    goods = {"categories": [{"category": "tea"}], "products": [{"product": "green", "category": "tea"}]}
    company, made = world(WarningSettings(margin=0.3), **goods)
    told = review(with_sales(company, [sale("inn", 100, "2027-01-20", "green", cost=80)]), made, "2027-01-31")
    [line] = warned(told, "margin_floor")
    assert (line["key"], line["size"]) == ("tea", 10_00)


def test_small_ones_are_left_out():
    company, made = world(WarningSettings(least=1_000_000))
    assert review(company, made, "2027-06-30")["warnings"].is_empty()


def counted(actual, **tables):
    measures = {**MEASURES, "revenue": replace(MEASURES["revenue"], actual=actual)}
    company = firm(PEOPLE, CUSTOMERS, SALES, **tables)
    made = plan(company, replace(settings(UNIT, PERSON, CALENDAR, commit=1800), measures=measures))
    told = review(with_sales(company, [sale("inn", 77, "2027-01-20")]), made, "2027-02-28")
    return {node: line["actual"] for node, line in standing(told).items()}


def test_cash_counts_on_the_day_it_comes_in():
    bills = [{"invoice": "1", "date": "2026-12-05", "customer": "pub", "amount": 100}]
    paid = [{"date": "2027-01-09", "invoice": "1", "amount": 60}, {"date": "2027-03-01", "invoice": "1", "amount": 40}]
    assert counted("receipts", invoices=bills, receipts=paid) == {"ana": 0, "bo": 60_00}
    assert counted("invoices", invoices=bills, receipts=paid) == {"ana": 0, "bo": 0}


def test_a_project_counts_on_the_day_it_closes_and_only_if_it_was_won():
    """Not on the day it was begun, and a lost one not at all."""
    common = {"customer": "inn", "since": "2026-11-01", "amount": 500}
    projects = [{"project": name, "stage": stage, "close": close, **common}
                for name, stage, close in (("a", "won", "2027-02-01"), ("b", "lost", "2027-02-01"),
                                           ("c", "won", "2027-04-01"), ("d", "tender", "2027-02-02"))]  # fmt: skip
    assert counted("projects", projects=projects) == {"ana": 500_00, "bo": 0}

