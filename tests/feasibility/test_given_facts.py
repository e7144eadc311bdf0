"""Given numbers are held against one another, with the figures of the worked examples 3, 4, 6, 7 and 13."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from quotum.engine.tables.feasibility_settings import Fact
from quotum.engine.tables.plan_settings import Measure, Target
from quotum.engine.targets.contradictions import Known, find_contradictions
from small_company import settings


def fact(measure, amount=None, *, at_least=None, at_most=None, **more):
    low, high = (amount, amount) if amount is not None else (at_least, at_most)
    return Fact(measure, low, high, **more)


def told(*facts, targets=(), known=None):
    """Return (rule, details) of each finding; targets are (measure, commit) in whole units."""
    wanted = replace(
        settings(),
        targets=tuple(Target(measure, amount, amount) for measure, amount in targets),
        measures={measure: Measure(measure) for measure, _ in targets},
        facts=facts,
    )
    return [(issue.rule, dict(issue.details)) for issue in find_contradictions(wanted, known)]


def test_case_4_the_least_a_month_leaves_a_thousand_tonnes_missing():
    [(rule, said)] = told(fact("tonnes", at_least=500, per="month"), targets=[("tonnes", 7_000)])
    assert rule == "fact_leaves_gap"
    assert (said["made"], said["missing"], said["mean"]) == ("≥ 6,000", "1,000", "583.3")


def test_case_4_ten_new_customers_a_month_and_fifty_a_year_are_two_readings():
    [(rule, said)] = told(fact("new", at_least=10, per="month"), fact("new", at_least=50, per="year"))
    assert rule == "facts_two_readings"
    assert {said["first"], said["second"]} == {"≥ 120", "≥ 50"}


CASE_6 = (
    fact("revenue", 100_000, per="new", yearly=True),
    fact("new", at_least=20, at_most=25, per="year"),
    fact("new", at_least=2, per="month"),
    fact("new", at_least=10, until=date(2027, 8, 1)),
)


def test_case_6_two_a_month_make_24_a_year_and_14_by_the_end_of_july():
    readings = [said for rule, said in told(*CASE_6) if rule == "facts_two_readings"]
    assert {frozenset((said["first"], said["second"])) for said in readings} == {
        frozenset(("≥ 24", "20–25")), frozenset(("≥ 14", "≥ 10"))}  # fmt: skip


def test_case_6_customers_won_on_the_way_bring_half_of_the_two_million():
    [said] = [said for rule, said in told(*CASE_6, targets=[("revenue", 2_000_000)]) if rule == "fact_won_in_year"]
    assert said["full"] == "2,000,000–2,500,000"
    assert (said["low"], said["high"], said["target"]) == ("1,100,000", "1,300,000", "2,000,000")


def test_case_7_eight_business_machines_a_week_make_more_than_the_range_and_seven_keep_its_lower_end():
    [(rule, said)] = told(
        fact("machines", 8, per="week"),
        fact("profit", at_least=300, per="machines"),
        fact("profit", at_least=8_000, at_most=10_000, per="month"),
    )
    assert rule == "fact_product"
    assert (said["made"], said["short"]) == ("10,400", "9,600")
    assert (said["least"], said["enough"], said["of"]) == ("8,000", "7", "8")


def test_case_3_a_share_that_was_said_is_held_against_the_one_implied():
    known = Known(market={"sets": 400_000})
    [(rule, said)] = told(fact("sets", 0.13, per="market"), targets=[("sets", 50_000)], known=known)
    assert (rule, said["said"], said["implied"]) == ("said_share_differs", "13 %", "12.5 %")
    assert told(fact("sets", 0.125, per="market"), targets=[("sets", 50_000)], known=known) == []
    assert told(fact("sets", at_least=0.1, at_most=0.2, per="market"), targets=[("sets", 50_000)], known=known) == []


def test_case_3_capacity_and_expected_sales_of_the_nation_lie_apart():
    [(rule, said)] = told(
        fact("national sets", 38_000_000), fact("national sets", at_least=25_000_000, at_most=30_000_000)
    )
    assert (rule, said["apart"]) == ("facts_contradict", "8,000,000")


def test_case_3_price_times_pieces_is_held_against_the_money():
    targets = [("revenue", 100_000_000), ("sets", 50_000)]
    assert told(fact("revenue", 2_000, per="sets"), targets=targets) == []
    [(rule, said)] = told(fact("revenue", 1_900, per="sets"), targets=targets)
    assert (rule, said["made"], said["apart"]) == ("fact_product", "95,000,000", "5,000,000")


def test_case_13_four_classes_are_announced_and_three_named():
    [(rule, said)] = told(fact("classes", 4, names=("VIP", "first", "second")))
    assert (rule, said["said"], said["count"], said["names"]) == ("fact_names_differ", "4", "3", "VIP, first, second")


def test_case_13_managers_per_branch_are_held_against_their_number():
    [(rule, said)] = told(fact("managers", 3, per="branches"), fact("branches", 20), fact("managers", 50))
    assert (rule, said["made"], said["apart"]) == ("fact_product", "60", "10")


def test_case_1_parts_that_add_up_are_silent_and_dates_that_differ_are_not():
    parts = (("stores", 1_800_000.0), ("key accounts", 7_200_000.0), ("dealers", 1_920_000.0))
    assert told(fact("revenue", 10_920_000, parts=parts)) == []
    [(rule, said)] = told(fact("revenue", 11_000_000, parts=parts))
    assert (rule, said["apart"]) == ("fact_parts_differ", "80,000")
    days = [Fact("first trip", day=date(2027, 5, 23), source="heading"), Fact("first trip", day=date(2027, 5, 24))]
    [(rule, said)] = told(*days)
    assert (rule, said["said"]) == ("fact_dates_differ", "2027-05-23 (heading), 2027-05-24")


def test_a_growth_that_was_said_is_held_against_last_year():
    known = Known(last_year={"revenue": 100.0})
    [(rule, said)] = told(fact("revenue", 1.2, per="last_year"), targets=[("revenue", 132)], known=known)
    assert (rule, said["said"], said["implied"]) == ("said_growth_differs", "120 %", "132 %")


@given(st.permutations(CASE_6))
def test_the_order_of_facts_does_not_matter(facts):
    assert told(*facts, targets=[("revenue", 2_000_000)]) == told(*CASE_6, targets=[("revenue", 2_000_000)])
