"""Totals given in a second direction, from the tables to the plan: months of units, products of everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from quotum.adapters.printing.issue_texts import describe
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep
from small_company import (
    CUSTOMER,
    FLAT,
    PERSON,
    PRODUCT,
    UNIT,
    firm,
    months,
    numbers,
    plan,
    refusal,
    sale,
    settings,
    slice_of,
    tea_house,
)

TEAM, OWN = {"ana": "North", "bo": "North", "cy": "South"}, {"a": "ana", "b": "bo", "c": "cy"}
SALES = [sale("a", 100, product="tea"), sale("a", 50, product="pot"), sale("b", 60, product="tea"),
         sale("c", 90, product="pot"), sale("c", 30, product="tea")]  # fmt: skip
EVERY_DAY = AlongStep("calendar", season="flat", weekdays=(1,) * 7, holiday=1)
CHANNEL = AcrossStep("channel", "channel")


def total(amount, since=None, until=None, dimension=None, key=None, layer="commit"):
    return {"measure": "revenue", "layer": layer, "dimension": dimension, "key": key, "since": since, "until": until,
            "amount": amount}  # fmt: skip


def lock(key, kind, amount, dimension="unit", since=None, until=None, layer="commit"):
    return {**total(amount, since, until, dimension, key, layer), "kind": kind}


def month(m, amount, **more):
    return total(amount, f"2027-{m:02}-01", f"2027-{m + 1:02}-01" if m < 12 else "2028-01-01", **more)


def team(**tables):
    return firm(TEAM, OWN, SALES, products=[{"product": "tea"}, {"product": "pot"}], **tables)


def test_months_of_the_company_are_met_and_rows_keep_their_totals():
    given = [500, 500, 500, 800, 800, 800, 900, 900, 900, 1100, 1100, 1200]
    company = team(totals=[month(m, amount) for m, amount in enumerate(given, 1)])
    made = plan(company, UNIT, PERSON, EVERY_DAY)
    assert months(made) == [amount * 100 for amount in given]
    assert numbers(made) == numbers(plan(team(), UNIT, PERSON, EVERY_DAY))


def test_a_few_months_leave_the_others_to_the_curve():
    made = plan(team(totals=[month(3, 2000), month(7, 0)]), UNIT, PERSON, EVERY_DAY)
    found = months(made)
    assert (found[2], found[6], sum(found)) == (2000_00, 0, 10_000_00)
    rest = [n / d for n, d in zip(found, (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True)]
    assert max(rest[m] for m in (0, 1, 3, 4, 5, 7)) - min(rest[m] for m in (0, 1, 3, 4, 5, 7)) < 1


def test_a_unit_and_the_company_in_one_month():
    company = team(totals=[month(3, 2000), month(3, 1500, dimension="unit", key="North")])
    made = plan(company, UNIT, PERSON, EVERY_DAY)
    assert months(made)[2] == 2000_00
    assert months(made, unit="North")[2] == 1500_00
    assert months(made, unit="South")[2] == 500_00


def test_a_unit_above_others_counts_all_below_it():
    units = {"Firm": None, "House": "Firm", "North": "House", "South": "House", "East": "Firm"}
    people = {**TEAM, "di": "East"}
    company = firm(people, {**OWN, "d": "di"}, [*SALES, sale("d", 100)], units=units,
                   totals=[month(5, 700, dimension="unit", key="House")])  # fmt: skip
    made = plan(company, UNIT, PERSON, EVERY_DAY)
    assert months(made, unit="House")[4] == 700_00
    assert months(made, unit="East") == months(plan(replace_totals(company), UNIT, PERSON, EVERY_DAY), unit="East")


def replace_totals(company):
    return replace(company, tables={**company.tables, "totals": company["totals"].clear()})


def test_locks_on_a_unit_in_time_are_floors_caps_and_fixed_amounts():
    span = {"since": "2027-03-01", "until": "2027-04-01"}
    for kind, amount, expected in (("lock", 100, 100_00), ("floor", 2000, 2000_00), ("cap", 12.34, 12_34)):
        made = plan(team(locks=[lock("North", kind, amount, **span)]), UNIT, PERSON, EVERY_DAY)
        assert months(made, unit="North")[2] == expected
    loose = plan(team(locks=[lock("North", "floor", 1, **span)]), UNIT, PERSON, EVERY_DAY)
    assert (
        max(abs(a - b) for a, b in zip(months(loose), months(plan(team(), UNIT, PERSON, EVERY_DAY)), strict=True)) < 3
    )


def test_a_lock_of_a_person_goes_with_months_of_the_company():
    company = team(totals=[month(3, 2000)], locks=[lock("ana", "lock", 7, "person", "2027-03-10", "2027-03-20")])
    made = plan(company, UNIT, PERSON, EVERY_DAY)
    assert numbers(made, since=date(2027, 3, 10), until=date(2027, 3, 20))["ana"] == 7_00
    assert months(made)[2] == 2000_00


def test_a_total_of_the_stretch_leaves_extra_what_commit_did_not_get():
    company = team(totals=[month(3, 2000), month(3, 2600, layer="stretch"), month(4, 300, layer="extra")])
    made = plan(company, UNIT, PERSON, EVERY_DAY, stretch=12_000)
    stretch = slice_of(made, grain="month", level="stretch")["amount"].to_list()
    assert (months(made)[2], stretch[2], stretch[3] - months(made)[3]) == (2000_00, 2600_00, 300_00)
    [issue] = refusal(
        team(totals=[month(3, 2000), month(3, 1999, layer="stretch")]), UNIT, PERSON, EVERY_DAY, stretch=12_000
    )
    assert (issue.rule, issue.severity) == ("total_below_commit", "conflict")


def test_a_week_in_which_nobody_works_gets_what_it_must():
    made = plan(team(totals=[total(33.33, "2027-01-02", "2027-01-04")]), UNIT, PERSON, FLAT)
    assert slice_of(made, since=date(2027, 1, 2), until=date(2027, 1, 4))["amount"].item() == 33_33


def test_the_same_totals_in_another_order_give_the_same_plan():
    lines = [month(m, 700 + m) for m in range(1, 12)]
    one, other = (plan(team(totals=t), UNIT, PERSON, EVERY_DAY, CUSTOMER) for t in (lines, lines[::-1]))
    assert one["anchors"].equals(other["anchors"])


def test_months_of_windows_and_absences_are_met_in_the_tea_house():
    company = tea_house()
    totals = [month(8, 500), month(7, 2500), month(12, 300, dimension="unit", key="North")]
    from small_company import table

    company = replace(company, tables={**company.tables, "totals": table("totals", totals)})
    made = plan(company, UNIT, PERSON, AlongStep("calendar"), CUSTOMER, PRODUCT)
    assert (months(made)[7], months(made)[6], months(made, unit="North")[11]) == (500_00, 2500_00, 300_00)
    assert months(made, person="ana")[7] == 0


def test_months_beyond_the_year_name_the_months_and_the_rows():
    company = team(totals=[month(m, 1000) for m in range(1, 13)])
    [issue] = refusal(company, UNIT, PERSON, EVERY_DAY)
    details = dict(issue.details)
    assert (issue.rule, issue.severity, issue.table) == ("totals_conflict", "conflict", "totals")
    assert (details["needed"], details["possible"]) == ("12,000.00", "10,000.00")
    assert "2027-01-01/2027-02-01 (1,000.00)" in details["needed_by"]
    assert "person=ana" in details["possible_by"]
    assert "12,000.00 must go to" in describe(issue)[0]


def test_a_month_that_cannot_hold_its_locks_names_them_alone():
    march = ("2027-03-01", "2027-04-01")
    locks = [lock("ana", "floor", 300, "person", *march), lock("North", "floor", 600, "unit", *march)]
    company = team(totals=[month(3, 500), month(6, 900)], locks=locks)
    [issue] = refusal(company, UNIT, PERSON, EVERY_DAY)
    details = dict(issue.details)
    assert (details["needed_by"], details["possible_by"]) == (
        "unit=North 2027-03-01/2027-04-01 (600.00)", "revenue 2027-03-01/2027-04-01 (500.00)")  # fmt: skip


def test_a_third_direction_is_told():
    company = team(totals=[month(3, 500, dimension="unit", key="North"), total(900, "2027-03-15", "2027-05-01")])
    [issue] = refusal(company, UNIT, PERSON, EVERY_DAY)
    assert issue.rule == "totals_cross"


def test_a_company_total_of_the_whole_plan_is_the_target():
    assert plan(team(totals=[total(10_000)]), UNIT, PERSON, EVERY_DAY)
    [issue] = refusal(team(totals=[total(9_999)]), UNIT, PERSON, EVERY_DAY)
    assert (issue.rule, dict(issue.details)) == ("total_not_target", {"total": "9,999.00", "target": "10,000.00"})


def test_a_total_of_nobody_in_the_rows_is_refused():
    [issue] = refusal(team(totals=[month(3, 5, dimension="product", key="tea")]), UNIT, PERSON, EVERY_DAY)
    assert (issue.rule, issue.table) == ("total_without_row", "totals")


@pytest.mark.parametrize("table", ["totals", "locks"])
def test_a_product_that_every_person_sells_gets_its_total(table):
    line = total(4321, dimension="product", key="tea")
    company = team(**{table: [line if table == "totals" else {**line, "kind": "lock"}]})
    made = plan(company, PERSON, EVERY_DAY, PRODUCT)
    assert numbers(made, "product")["tea"] == 4321_00
    assert numbers(made) == numbers(plan(team(), PERSON, EVERY_DAY))
    why = {(r["member"], r["why"]) for r in made["splits"].filter(step="product").to_dicts()}
    assert why == {("tea", "lock"), ("pot", "free")}


def test_channels_as_rows_may_have_totals_and_months():
    channels = {"a": "web", "b": "shop", "c": "web", "a2": "shop"}
    customers = [{"customer": customer, "channel": channel} for customer, channel in channels.items()]
    company = firm(TEAM, {**OWN, "a2": "ana"}, [*SALES, sale("a2", 100)], customers=customers,
                   totals=[total(5000, dimension="channel", key="web"),
                           month(6, 600, dimension="channel", key="web"), month(6, 1000)])  # fmt: skip
    made = plan(company, UNIT, CHANNEL, EVERY_DAY)
    assert numbers(made, "channel") == {"web": 5000_00, "shop": 5000_00}
    assert (months(made, channel="web")[5], months(made)[5]) == (600_00, 1000_00)


def test_a_floor_and_a_cap_on_a_product_of_everybody():
    for kind, amount in (("floor", 8000), ("cap", 2500.5)):
        made = plan(team(locks=[lock("tea", kind, amount, "product")]), PERSON, EVERY_DAY, PRODUCT)
        assert numbers(made, "product")["tea"] == round(amount * 100)
    unbound = plan(team(locks=[lock("tea", "floor", 1, "product")]), PERSON, EVERY_DAY, PRODUCT)
    plain = numbers(plan(team(), PERSON, EVERY_DAY, PRODUCT), "product")
    assert all(abs(amount - plain[product]) <= 1 for product, amount in numbers(unbound, "product").items())


def test_bo_sells_tea_only_so_tea_cannot_be_less():
    [issue] = refusal(team(totals=[total(100, dimension="product", key="tea")]), PERSON, EVERY_DAY, PRODUCT)
    details = dict(issue.details)
    assert (issue.rule, issue.value) == ("totals_conflict", "product=tea")
    assert (details["needed_by"], details["possible_by"]) == ("person=bo (1,818.18)", "product=tea (100.00)")


def test_a_total_named_by_half_is_told():
    from quotum.engine.tables.rules import check_company

    company = team(totals=[month(3, 5, dimension="unit")])
    assert [i.rule for i in check_company(company, settings(UNIT, PERSON, EVERY_DAY)) if i.table == "totals"] == [
        "total_half_named"
    ]
