"""Lots: cartons or thousands as the unit of one step; what fills no lot goes to the largest member."""

from dataclasses import replace

from small_company import FLAT, PERSON, PRODUCT, UNIT, firm, numbers, plan, sale

THREE = {"ana": "North", "bo": "South", "cy": "South"}
COMPANY = firm(THREE, {"a": "ana", "b": "bo", "c": "cy"}, [sale("a", 500), sale("b", 300), sale("c", 200)])


def in_lots_of(major, step=PERSON, **more):
    return replace(step, lot_minor={"revenue": major * 100}, **more)


def test_every_member_gets_whole_lots_and_the_largest_what_fills_none():
    made = plan(COMPANY, in_lots_of(100), commit=1234.56)
    found = numbers(made)
    assert found == {"ana": 634_56, "bo": 400_00, "cy": 200_00}


def test_below_a_step_in_lots_the_split_goes_on_from_whole_lots():
    products = [{"product": "p"}, {"product": "q"}]
    sales = [sale(c, n, product=p) for c, n in (("a", 500), ("b", 300), ("c", 200)) for p in ("p", "q")]
    company = firm(THREE, {"a": "ana", "b": "bo", "c": "cy"}, sales, products=products)
    made = plan(company, in_lots_of(100), FLAT, PRODUCT, commit=1234.56)
    assert numbers(made, "product", under=(("person", "ana"),)) == {"p": 317_28, "q": 317_28}


def test_lots_do_not_bend_the_steps_above():
    made = plan(COMPANY, UNIT, in_lots_of(100), commit=1000)
    assert numbers(made, "unit") == {"North": 500_00, "South": 500_00}
    assert numbers(made) == {"ana": 500_00, "bo": 300_00, "cy": 200_00}


def test_a_lot_larger_than_the_target_goes_to_one():
    assert numbers(plan(COMPANY, in_lots_of(5000), commit=1234.56)) == {"ana": 1234_56, "bo": 0, "cy": 0}


def test_extra_comes_in_lots_of_its_own():
    made = plan(COMPANY, in_lots_of(100), commit=1000, stretch=1300)
    extra = {p: n - numbers(made)[p] for p, n in numbers(made, level="stretch").items()}
    assert sum(extra.values()) == 300_00
    assert all(n % 100_00 == 0 for n in extra.values())


def test_lots_of_another_measure_do_not_count():
    step = replace(PERSON, lot_minor={"units": 100_00})
    assert numbers(plan(COMPANY, step, commit=100))["cy"] == 20_00


def test_a_lock_holds_in_a_step_in_lots():
    lock = {"measure": "revenue", "layer": "commit", "dimension": "person", "key": "cy", "kind": "lock", "amount": 50}
    company = firm(THREE, {"a": "ana", "b": "bo", "c": "cy"}, [sale("a", 500), sale("b", 300), sale("c", 200)],
                   locks=[lock])  # fmt: skip
    made = plan(company, in_lots_of(100), commit=1000)
    assert numbers(made)["cy"] == 50_00
