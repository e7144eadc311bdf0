"""Trees of any depth with people at every height, steps that name their members, members nobody named."""

from dataclasses import replace

import pytest

from quotum.engine.tables.plan_settings import AcrossStep
from small_company import (
    CUSTOMER,
    FLAT,
    PERSON,
    PRODUCT,
    UNIT,
    firm,
    numbers,
    plan,
    reasons,
    sale,
    slice_of,
    tea_house,
)

DEEP = {"Firm": None, "North": "Firm", "Coast": "North", "Bay": "Coast", "South": "Firm"}


def test_a_tree_is_split_level_by_level_down_to_its_leaves():
    people = {"ana": "Bay", "bo": "South"}
    made = plan(firm(people, {"a": "ana", "b": "bo"}, [sale("a", 3), sale("b", 1)], units=DEEP), UNIT)
    assert {u: line["amount"] for u, line in reasons(made, "unit").items()} == {
        "Firm": 10_000_00, "North": 7500_00, "Coast": 7500_00, "Bay": 7500_00, "South": 2500_00,
    }  # fmt: skip
    assert numbers(made, "unit") == {"Bay": 7500_00, "South": 2500_00}


def test_an_inner_place_with_people_of_its_own_keeps_its_own_part():
    people = {"head": "North", "ana": "Bay", "bo": "South"}
    company = firm(people, {"h": "head", "a": "ana", "b": "bo"}, [sale("h", 2), sale("a", 3), sale("b", 5)], units=DEEP)
    made = plan(company, UNIT, PERSON)
    assert numbers(made) == {"head": 2000_00, "ana": 3000_00, "bo": 5000_00}
    below_north = made["splits"].filter(parent=reasons_of_place(made, "North"))
    assert dict(zip(below_north["member"], below_north["amount"], strict=True)) == {"Coast": 3000_00, "North": 2000_00}


def reasons_of_place(made, unit):
    lines = made["splits"].filter(step="unit", member=unit, layer="commit")
    return lines["node"].min()


def test_bases_of_people_reach_inner_places_too():
    people = {"head": "North", "ana": "Bay", "al": "Bay", "bo": "South"}
    by_heads = (("headcount", 1.0),)
    made = plan(firm(people, units=DEEP), replace(UNIT, basis=by_heads), replace(PERSON, basis=by_heads))
    assert numbers(made) == dict.fromkeys(people, 2500_00)


def test_a_forest_has_several_tops():
    made = plan(firm({"ana": "A", "bo": "B"}, {"a": "ana", "b": "bo"}, [sale("a", 1), sale("b", 3)],
                     units={"A": None, "B": None}), UNIT, PERSON)  # fmt: skip
    assert numbers(made, "unit") == {"A": 2500_00, "B": 7500_00}


CATEGORIES = [{"category": "goods"}, {"category": "tea", "parent": "goods"}, {"category": "ware", "parent": "goods"}]
PRODUCTS = [{"product": "green", "category": "tea"}, {"product": "pot", "category": "ware"}, {"product": "set"}]


def sold(*lines):
    sales = [sale("a", amount, product=product) for product, amount in lines]
    return firm({"ana": "North"}, {"a": "ana"}, sales, categories=CATEGORIES, products=PRODUCTS)


def test_a_category_tree_goes_down_to_products():
    steps = (AcrossStep("category", "category"), AcrossStep("product", "product", of="category"))
    made = plan(sold(("green", 3), ("pot", 1)), *steps)
    assert numbers(made, "product") == {"green": 7500_00, "pot": 2500_00}
    assert numbers(made, "category") == {"tea": 7500_00, "ware": 2500_00}


def test_what_has_no_category_and_no_product_is_other():
    made = plan(sold(("green", 5), ("set", 3), (None, 2)), AcrossStep("category", "category"),
                AcrossStep("product", "product"))  # fmt: skip
    assert numbers(made, "category") == {"other": 5000_00, "tea": 5000_00, "ware": 0}
    frame = slice_of(made, "category", "product")
    assert dict(zip(frame.select("category", "product").rows(), frame["amount"], strict=True)) == {
        ("ware", "other"): 0, ("tea", "green"): 5000_00, ("other", "set"): 3000_00, ("other", "other"): 2000_00,
    }  # fmt: skip


def test_one_product_beside_everything_else():
    step = replace(PRODUCT, members=("green",))
    made = plan(sold(("green", 3), ("pot", 5), ("set", 2)), PERSON, FLAT, step)
    assert numbers(made, "product") == {"green": 3000_00, "other": 7000_00}


def test_a_listed_category_stands_beside_the_remainder():
    step = AcrossStep("category", "category", of="calendar", members=("tea",))
    made = plan(sold(("green", 3), ("pot", 5), ("set", 2)), PERSON, FLAT, step)
    assert numbers(made, "category") == {"other": 7000_00, "tea": 3000_00}


def test_a_category_cut_shows_its_own_members_also_beside_a_cut_of_products():
    step = AcrossStep("category", "category", of="calendar", members=("tea",))
    made = plan(sold(("green", 3), ("pot", 5), ("set", 2)), PERSON, FLAT, PRODUCT, step)
    assert numbers(made, "category") == {"other": 7000_00, "tea": 3000_00}
    assert slice_of(made, under=(("category", "other"),))["amount"].to_list() == [7000_00]


def test_a_slice_of_nobody_is_empty():
    made = plan(sold(("green", 3)), PERSON, FLAT, PRODUCT)
    assert slice_of(made, under=(("category", "ware"),))["amount"].sum() == 0


def test_an_area_tree_splits_by_where_customers_are():
    made = plan(tea_house(), AcrossStep("area", "area"), PERSON, FLAT, CUSTOMER)
    areas = numbers(made, "area")
    assert set(areas) == {"Hills", "Sea"}
    frame = slice_of(made, "area", "customer")
    for area, members in (("Sea", {"harbour", "inn", "kiosk", "camp"}), ("Hills", {"lodge", "market", "pub", "spa"})):
        inside = frame.filter(area=area)
        assert set(inside["customer"]) == members
        assert inside["amount"].sum() == areas[area]


@pytest.mark.parametrize("dimension", ["channel", "class"])
def test_channels_and_classes_come_from_customers(dimension):
    made = plan(tea_house(), AcrossStep(dimension, dimension), FLAT, CUSTOMER)
    found = numbers(made, dimension)
    assert sum(found.values()) == 10_000_00
    assert set(found) == {"bar", "shop"} if dimension == "channel" else {"VIP", "first", "other"}


def test_the_channel_of_a_customer_without_one_is_that_of_its_latest_sale():
    sales = [sale("a", 3, "2026-01-01", channel="web"), sale("a", 3, "2026-05-01", channel="shop"), sale("b", 2)]
    company = firm({"ana": "North"}, {"a": "ana", "b": "ana"}, sales, customers=[{"customer": "b", "channel": "web"}])
    assert numbers(plan(company, AcrossStep("channel", "channel")), "channel") == {"shop": 7500_00, "web": 2500_00}


def test_customers_nobody_owns_belong_to_the_vacant_place_at_the_top():
    company = firm({"ana": "North"}, {"a": "ana", "v": None}, [sale("a", 1), sale("v", 1)])
    made = plan(company, UNIT, PERSON)
    assert numbers(made) == {"ana": 5000_00, "vacant:Firm": 5000_00}
    assert numbers(made, "unit") == {"Firm": 5000_00, "North": 5000_00}


def test_what_a_leaver_held_is_vacant_in_his_unit_from_that_day():
    company = firm({"ana": "North", "lou": "South"}, {"a": "ana", "l": "lou"}, [sale("a", 365), sale("l", 365)],
                   people=[{"person": "lou", "left": "2027-07-02"}])  # fmt: skip
    made = plan(company, UNIT, PERSON, replace(FLAT, weekdays=(1,) * 7), commit=730)
    assert numbers(made) == {"ana": 365_00, "lou": 182_00, "vacant:South": 183_00}


def test_a_vacancy_lies_in_the_unit_of_the_last_owner():
    people = {"ana": "North", "lou": "South"}
    company = firm(people, {"l": None}, [sale("l", 365)], people=[{"person": "lou", "left": "2027-07-02"}],
                   ownership=[{"customer": "l", "person": "ana", "since": "2026-01-01", "until": "2027-03-01"},
                              {"customer": "l", "person": "lou", "since": "2027-03-01"}])  # fmt: skip
    assert set(numbers(plan(company, UNIT, PERSON))) == {"ana", "lou", "vacant:South"}


def test_a_company_of_units_and_people_alone_can_be_planned():
    assert sum(numbers(plan(firm({"ana": "North", "bo": "South"}))).values()) == 10_000_00


def test_a_target_can_stay_in_one_piece():
    made = plan(firm({"ana": "North"}), FLAT)
    assert made["quotas"].select("unit", "person", "commit").rows() == [(None, None, 10_000_00)]


def test_nothing_at_all_can_be_planned():
    made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, PRODUCT, commit=0)
    assert set(numbers(made, "customer").values()) == {0}
