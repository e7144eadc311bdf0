"""Traps that peers fell into (numbers of the field notes, section 4) and that a plan must step over."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from quotum.adapters.files.company_folder import open_company
from quotum.engine.tables.plan_settings import AcrossStep, Target
from small_company import (
    CUSTOMER,
    FLAT,
    PERSON,
    PRODUCT,
    UNIT,
    each_month,
    firm,
    issues_of,
    months,
    numbers,
    plan,
    sale,
    slice_of,
    tea_house,
    try_plan,
)

TOTAL = pl.col("amount").sum()
TWO, OWN = {"ana": "North", "bo": "South"}, {"a": "ana", "b": "bo"}


@pytest.mark.parametrize("commit", [1_000_000, 10_000_019, 100_000_000])
def test_trap_1_sums_are_equal_not_nearly_equal(commit):
    """Peers check sums with a tolerance: twelve times 8.333 % lose 4,000 of 100,000,000."""
    made = plan(firm({f"p{i}": "North" for i in range(3)}), UNIT, replace(PERSON, basis=(("equal", 1.0),)), FLAT,
                commit=commit)  # fmt: skip
    for grain in ("month", "quarter", "half", "year"):
        assert slice_of(made, "person", grain=grain)["amount"].sum() == commit * 100


def opened_with(folder, **files):
    """Open a company folder of one person in one unit; ``files`` are further tables as CSV."""
    plan_toml = """[plan]\nname = "T"\nsince = 2027-01-01\nuntil = 2028-01-01\nas_of = 2026-12-31
[[target]]\nmeasure = "revenue"\ncommit = 100\n"""
    for name, text in {"units": "unit\nNorth\n", "people": "person,unit\nana,North\n", **files}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "plan.toml").write_text(plan_toml, encoding="utf-8")
    return open_company(folder)


def test_trap_2_the_same_customer_twice_is_an_error_not_a_doubled_sum(tmp_path):
    """Peers multiply what was achieved when an owner and product stand in the table twice."""
    opened = opened_with(tmp_path, customers="customer,person\na,ana\na,ana\n")
    errors = [(i.table, i.column) for i in opened.issues if i.severity == "error"]
    assert errors == [("customers", "customer")]


def test_trap_2_the_same_owner_twice_is_an_overlap(tmp_path):
    owners = "customer,person,since\na,ana,2027-01-01\na,ana,2027-01-01\n"
    issues = opened_with(tmp_path, customers="customer\na\n", ownership=owners).issues
    assert [i.table for i in issues if i.severity == "error"] == ["ownership"]


def test_trap_3_one_product_beside_all_products_has_a_remainder():
    """A peer shows 0 for "all products" as soon as one product has a line of its own."""
    made = plan(tea_house(), UNIT, PERSON, FLAT, replace(PRODUCT, members=("pot",)))
    found = numbers(made, "product")
    assert set(found) == {"pot", "other"}
    assert 0 < found["pot"] < found["other"]
    assert sum(found.values()) == 10_000_00


def test_trap_4_a_parent_is_the_sum_of_its_children_and_of_its_own():
    """Peers show team nodes as 0, or without the teams below them."""
    made = plan(tea_house(), UNIT, PERSON, FLAT)
    people = numbers(made)
    north = slice_of(made, under=(("unit", "North"),))["amount"].item()
    assert north == people["ana"] + people["bo"] == numbers(made, "unit@1")["North"]


def test_trap_4_history_of_a_parent_includes_its_children():
    made = plan(tea_house(), UNIT, PERSON, FLAT)
    below = slice_of(made, "unit", under=(("unit", "North"),))["last_year"].sum()
    assert slice_of(made, under=(("unit", "North"),))["last_year"].item() == below > 0


def test_trap_5_a_customer_of_two_owners_is_not_counted_twice():
    """Joining deals with owners fans them out: here the shares of a customer make it whole once."""
    owners = [{"customer": "x", "person": p, "since": "2020-01-01", "share": s} for p, s in (("ana", 0.5), ("bo", 0.5))]
    company = firm(TWO, {"x": None, "a": "ana", "b": "bo"}, [sale("x", 200), sale("a", 100), sale("b", 100)],
                   ownership=owners)  # fmt: skip
    made = plan(company, UNIT, PERSON, FLAT, CUSTOMER, commit=400)
    assert numbers(made) == {"ana": 200_00, "bo": 200_00}
    assert numbers(made, "customer")["x"] == 200_00
    assert slice_of(made, "customer").filter(customer="x")["last_year"].item() == 200_00


def test_trap_7_a_month_without_sales_last_year_is_nothing_not_unknown():
    made = plan(firm(TWO, OWN, [sale("a", 5, "2026-03-03"), sale("b", 5, "2026-01-01")]), PERSON, FLAT)
    found = slice_of(made, "person", grain="month").filter(person="ana")
    assert found["last_year"].to_list() == [0, 0, 500, *[0] * 9]


def test_trap_9_months_have_their_own_lengths():
    """A peer counts every month as 30 days."""
    made = plan(firm({"ana": "North"}), PERSON, replace(FLAT, weekdays=(1,) * 7), commit=365)
    assert months(made) == [31_00, 28_00, 31_00, 30_00, 31_00, 30_00, 31_00, 31_00, 30_00, 31_00, 30_00, 31_00]


def test_trap_10_a_number_is_split_over_periods_not_copied_to_each():
    """Peers write the same number into every period, or leave the year untied from its months."""
    made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER)
    for grain in ("day", "week", "tenday", "month", "quarter", "half"):
        assert slice_of(made, "customer", grain=grain)["amount"].sum() == 10_000_00


def test_trap_10_a_level_is_the_exception_and_says_so():
    made = plan(tea_house(), UNIT, PERSON, FLAT, targets=(Target("outlets", 60, 60),))
    assert set(slice_of(made, grain="month")["amount"]) == {60}


def test_trap_12_a_change_of_owner_leaves_the_first_half_with_the_first_owner():
    """In a peer a new salesperson rewrites or splits the whole history."""
    company = firm(TWO, {"x": None}, each_month("x", 100),
                   ownership=[{"customer": "x", "person": "ana", "since": "2020-01-01", "until": "2027-07-01"},
                              {"customer": "x", "person": "bo", "since": "2027-07-01"}])  # fmt: skip
    made = plan(company, UNIT, PERSON, FLAT, CUSTOMER)
    frame = slice_of(made, "person", grain="month").filter(pl.col("amount") > 0)
    assert frame.filter(person="ana")["since"].max() == date(2027, 6, 1)
    assert frame.filter(person="bo")["since"].min() == date(2027, 7, 1)
    beside = slice_of(made, "person", grain="month")
    assert beside.filter(person="ana")["last_year"].to_list() == [100_00] * 6 + [0] * 6


def test_trap_13_splitting_never_moves_the_committed_top():
    for commit in (0, 0.01, 9_999_999.99):
        made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, PRODUCT, commit=commit)
        for by in ("unit", "person", "customer", "product"):
            assert sum(numbers(made, by).values()) == round(commit * 100)


def test_trap_13_negative_weights_do_not_explode():
    """Two customers of +1,000 and -999.99: reconciling by plain proportions would hand out a hundred thousandfold."""
    made = plan(firm(TWO, OWN, [sale("a", 1000), sale("b", -999.99)]), UNIT, PERSON, FLAT, CUSTOMER)
    assert numbers(made) == {"ana": 10_000_00, "bo": 0}
    assert "negative_weight" in {i.rule for i in issues_of(firm(TWO, OWN, [sale("a", 1000), sale("b", -1)]), PERSON)}


def test_trap_13_units_without_any_sale_do_not_fail():
    made = plan(firm(TWO, OWN, [sale("a", 1000)]), UNIT, PERSON, FLAT, CUSTOMER, PRODUCT)
    assert numbers(made) == {"ana": 10_000_00, "bo": 0}


def test_trap_14_the_order_of_members_does_not_decide_who_gets_the_odd_cent():
    """A peer passes the remainder on from member to member, in the order they come in."""
    names = ["cy", "ana", "di", "bo", "eve", "flo", "gus"]
    results = []
    for order in (names, names[::-1], sorted(names)):
        made = plan(firm(dict.fromkeys(order, "North")), replace(PERSON, basis=(("equal", 1.0),)), FLAT, commit=100)
        results.append(numbers(made))
    assert results[0] == results[1] == results[2]
    assert sorted(results[0].values()) == [14_28] * 3 + [14_29] * 4


def test_trap_14_the_order_of_bases_does_not_decide_either():
    bases = (("history", 0.3), ("ability", 0.3), ("headcount", 0.4))
    found = [numbers(plan(tea_house(), UNIT, replace(PERSON, basis=mix), FLAT)) for mix in (bases, bases[::-1])]
    assert all(abs(found[0][p] - found[1][p]) <= 1 for p in found[0])


def test_a_dimension_with_one_member_carries_it_all():
    made, _ = try_plan(tea_house(), plan(tea_house(), AcrossStep("area", "area", members=("Sea",)), FLAT).settings)
    assert sum(numbers(made, "area").values()) == 10_000_00
