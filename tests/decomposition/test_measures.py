"""What is counted: flows, levels, ratios; money, pieces, profit, orders, customers; several targets."""

from dataclasses import replace

import polars as pl

from quotum.engine.tables.plan_settings import AcrossStep, Measure, Target
from small_company import (
    CUSTOMER,
    FLAT,
    MEASURES,
    PERSON,
    UNIT,
    firm,
    issues_of,
    numbers,
    plan,
    reasons,
    sale,
    settings,
    slice_of,
    tea_house,
    try_plan,
)

TWO, OWN = {"ana": "North", "bo": "South"}, {"a": "ana", "b": "bo"}
PRODUCTS = [{"product": "dear", "price": 10, "cost": 2}, {"product": "cheap", "price": 10, "cost": 8}]


def of(measure, amount, stretch=None):
    return {"targets": (Target(measure, amount, amount if stretch is None else stretch),)}


def test_gross_profit_is_split_by_revenue_times_planned_margin():
    sales = [sale("a", 100, product="dear"), sale("b", 100, product="cheap")]
    made = plan(firm(TWO, OWN, sales, products=PRODUCTS), PERSON, **of("gross_profit", 1000_00))
    assert numbers(made) == {"ana": 800_00, "bo": 200_00}


def test_the_profit_of_the_past_does_not_matter():
    """Ana sold below cost last year: the plan asks for the planned margin all the same."""
    sales = [sale("a", 100, product="dear", cost=500), sale("b", 100, product="cheap", cost=0)]
    made = plan(firm(TWO, OWN, sales, products=PRODUCTS), PERSON, **of("gross_profit", 1000_00))
    assert numbers(made) == {"ana": 800_00, "bo": 200_00}
    assert slice_of(made, "person")["last_year"].to_list() == [-400_00, 100_00]


def test_products_without_cost_take_the_companys_margin_and_are_told():
    products = [*PRODUCTS, {"product": "new", "price": 10}]
    sales = [sale("a", 100, product="new"), sale("b", 100, product="cheap")]
    company = firm(TWO, OWN, sales, products=products)
    assert numbers(plan(company, PERSON, **of("gross_profit", 700_00))) == {"ana": 500_00, "bo": 200_00}
    [issue] = [i for i in issues_of(company, PERSON, **of("gross_profit", 700_00)) if i.rule == "margin_unknown"]
    assert dict(issue.details) == {"products": "1", "rate": "0.5000"}


def test_units_are_split_by_quantity():
    sales = [sale("a", 1000, quantity=1), sale("b", 1, quantity=3)]
    assert numbers(plan(firm(TWO, OWN, sales), PERSON, **of("units", 8))) == {"ana": 2, "bo": 6}


def test_orders_are_counted_once_however_many_lines_they_have():
    sales = [sale("a", 5, order="1"), sale("a", 9, order="1"), sale("a", 9, order="2"), sale("b", 9, order="3")]
    assert numbers(plan(firm(TWO, OWN, sales), PERSON, **of("orders", 9))) == {"ana": 6, "bo": 3}


def test_customers_are_counted_once_a_year():
    owners = {"a": "ana", "a2": "ana", "b": "bo"}
    sales = [sale("a", 5), sale("a", 7), sale("a2", 5), sale("b", 900), sale("b", 900, "2026-12-01")]
    assert numbers(plan(firm(TWO, owners, sales), PERSON, **of("customers", 6))) == {"ana": 4, "bo": 2}


def test_last_year_of_each_measure_is_its_own():
    sales = [sale("a", 5, order="1", quantity=7), sale("a", 9, order="1", quantity=2), sale("a", 1, order="2")]
    for measure, expected in (("revenue", 15_00), ("units", 9), ("orders", 2), ("customers", 1)):
        made = plan(firm({"ana": "N"}, {"a": "ana"}, sales), PERSON, **of(measure, 100))
        assert slice_of(made, "person")["last_year"].to_list() == [expected], measure


def test_a_level_adds_up_over_members_and_stays_over_time():
    made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, **of("outlets", 60, 66))
    assert sum(numbers(made).values()) == 60
    by_month = slice_of(made, grain="month", level="stretch")["amount"].to_list()
    assert by_month == [66] * 12
    for month in slice_of(made, "customer", grain="month").partition_by("since"):
        assert month["amount"].sum() == 60


def test_a_ratio_is_computed_from_its_parts_not_split():
    measures = {**MEASURES, "price": Measure("price", "ratio", 2, numerator="revenue", denominator="units")}
    sales = [sale("a", 300, quantity=10), sale("b", 100, quantity=10)]
    targets = (Target("revenue", 800_00, 800_00), Target("units", 40, 40))
    wanted = replace(settings(PERSON, targets=targets), measures=measures)
    made = plan(firm(TWO, OWN, sales), wanted)
    assert numbers(made, measure="price") == {"ana": 30_00, "bo": 10_00}
    assert numbers(made, "unit", measure="price") == {"North": 30_00, "South": 10_00}
    assert slice_of(made, measure="price")["amount"].to_list() == [20_00]


def test_several_targets_stand_side_by_side_in_one_plan():
    targets = (Target("revenue", 800_00, 900_00), Target("units", 41, 41), Target("orders", 7, 9))
    alone = {t.measure: plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, targets=(t,)) for t in targets}
    made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, targets=targets)
    for target in targets:
        for by in ("person", "customer"):
            for level in ("commit", "stretch"):
                ask = {"measure": target.measure, "level": level}
                assert numbers(made, by, **ask) == numbers(alone[target.measure], by, **ask)
    assert made["quotas"]["row"].to_list() == list(range(made["quotas"].height))


def test_curves_and_nodes_of_several_measures_do_not_mix():
    made = plan(tea_house(), UNIT, PERSON, FLAT, targets=(Target("revenue", 5, 5), Target("units", 5, 5)))
    nodes = made["splits"].filter(pl.col("layer") == "commit")
    assert nodes["node"].is_unique().all()
    assert set(made["quotas"]["curve"]) <= set(made["curves"]["curve"])
    parents = nodes.filter(pl.col("parent") >= 0).join(nodes, left_on="parent", right_on="node", how="inner")
    assert (parents["measure"] == parents["measure_right"]).all()
    assert parents.height == nodes.filter(pl.col("parent") >= 0).height


def test_a_step_may_be_for_some_measures_only():
    targets = (Target("revenue", 800_00, 800_00), Target("units", 40, 40))
    steps = (UNIT, PERSON, FLAT, replace(CUSTOMER, measures=("revenue",)))
    made = plan(tea_house(), *steps, targets=targets)
    assert sum(numbers(made, "customer", measure="revenue").values()) == 800_00
    assert sum(numbers(made, measure="units").values()) == 40
    units = set(made["quotas"].filter(measure="units")["row"])
    assert not units & set(made.cuts["customer"]["row"])


def test_a_measure_without_the_person_step_keeps_units_as_rows():
    targets = (Target("revenue", 800_00, 800_00), Target("units", 40, 40))
    made = plan(tea_house(), UNIT, replace(PERSON, measures=("revenue",)), FLAT, targets=targets)
    assert sum(numbers(made, "unit", measure="units").values()) == 40
    assert set(made["quotas"].filter(measure="units")["person"]) == {None}


def test_a_target_just_below_two_to_the_53_is_split_exactly():
    largest = 2**53 - 1
    made, _ = try_plan(tea_house(), settings(UNIT, PERSON, FLAT, CUSTOMER, **of("revenue", largest)))
    assert sum(numbers(made, "customer").values()) == largest
    assert sum(line["amount"] for line in reasons(made, "person").values()) == largest


def test_products_are_split_by_what_each_sold():
    made = plan(firm(TWO, OWN, [sale("a", 3, product="dear"), sale("b", 1, product="cheap")], products=PRODUCTS),
                AcrossStep("product", "product"))  # fmt: skip
    assert numbers(made, "product") == {"dear": 7500_00, "cheap": 2500_00}
