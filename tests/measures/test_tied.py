"""Units that follow revenue through prices: pieces at the products, everything above is their sum."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from company_files import PLAN, find, places, write_company
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.engine.slices.explaining import explain_number
from quotum.engine.tables.plan_settings import Target
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
    sale,
    settings,
    slice_of,
    tea_house,
    try_plan,
)

TEAM, OWN = {"ana": "North", "bo": "South"}, {"a": "ana", "b": "bo"}


def shop(**more):
    return firm(
        TEAM, OWN,
        [sale("a", 100, product="tea", quantity=10), sale("a", 300, product="pot", quantity=10),
         sale("b", 200, product="tea", quantity=20)],
        products=[{"product": "tea", "price": 10}, {"product": "pot", "price": 30}], **more,
    )  # fmt: skip


def tied(*steps, commit=6000, **more):
    wanted = settings(*steps, commit=commit, **more)
    return replace(wanted, targets=(*wanted.targets, Target("units", 0, 0, follows="revenue")))


def test_pieces_are_money_over_price_and_all_above_is_their_sum():
    made = plan(shop(), tied(UNIT, PERSON, FLAT, PRODUCT))
    assert numbers(made, "product", measure="revenue") == {"tea": 3000_00, "pot": 3000_00}
    assert numbers(made, "product", measure="units") == {"tea": 300, "pot": 100}
    assert numbers(made, measure="units") == {"ana": 200, "bo": 200}
    assert made.settings.targets[1] == Target("units", 400, 400, "revenue")


def test_pieces_follow_the_curve_of_the_money():
    made = plan(shop(), tied(UNIT, PERSON, FLAT, PRODUCT))
    pieces = slice_of(made, grain="month", measure="units")["amount"].to_list()
    assert all(abs(n - money / 100 / 15) <= 2 for n, money in zip(pieces, months(made), strict=True))
    assert sum(pieces) == 400


def test_pieces_follow_months_that_are_given_for_the_money():
    total = {"measure": "revenue", "layer": "commit", "since": "2027-03-01", "until": "2027-04-01", "amount": 3000}
    made = plan(shop(totals=[total]), tied(UNIT, PERSON, FLAT, PRODUCT))
    pieces = slice_of(made, grain="month", measure="units")["amount"].to_list()
    assert abs(pieces[2] - 200) <= 2
    assert sum(pieces) == 400


def test_rows_may_be_products_and_extra_has_pieces_too():
    made = plan(shop(), tied(PERSON, replace(PRODUCT, of="person"), FLAT, commit=6000, stretch=9000))
    assert numbers(made, "product", measure="units", level="stretch") == {"tea": 450, "pot": 150}


def test_last_year_stands_beside_the_pieces():
    frame = slice_of(plan(shop(), tied(UNIT, PERSON, FLAT, PRODUCT)), "person", measure="units")
    assert frame["last_year"].to_list() == [20, 20]


def test_a_product_without_a_price_has_no_pieces_and_is_told():
    company = shop()
    company = replace(company, tables={**company.tables, "products": company["products"].with_columns(price_e4=None)})
    made, issues = try_plan(company, tied(UNIT, PERSON, FLAT, PRODUCT))
    assert made is not None
    assert sum(numbers(made, measure="units").values()) == 0
    assert [(i.rule, dict(i.details)["products"]) for i in issues if i.severity == "warning"] == [
        ("price_missing", "2")
    ]


def test_without_a_step_across_products_nothing_can_follow():
    made, issues = try_plan(shop(), tied(UNIT, PERSON, FLAT, CUSTOMER))
    assert made is None
    assert [i.rule for i in issues if i.severity == "error"] == ["follows_without_products"]


def test_a_lock_on_pieces_has_no_effect_and_says_so():
    lock = {"measure": "units", "layer": "commit", "dimension": "person", "key": "ana", "kind": "lock", "amount": 1}
    made, issues = try_plan(shop(locks=[lock]), tied(UNIT, PERSON, FLAT, PRODUCT))
    assert made is not None
    assert [i.rule for i in issues if i.severity == "warning"] == ["lock_of_followed"]


def test_the_ledger_of_pieces_adds_up():
    made = plan(shop(), tied(UNIT, PERSON, FLAT, PRODUCT))
    for keys in ([("person", "ana")], [("person", "ana"), ("product", "pot")]):
        opened, issues = explain_number(made, keys, measure="units")
        assert opened is not None, issues
        assert opened.target_minor["commit"] == 400
        for step in opened.ways[0]:
            assert sum(line.amount_minor for line in step.lines) == step.amount_minor


def test_a_tied_plan_is_written_and_read(tmp_path: Path):
    made = plan(shop(), tied(UNIT, PERSON, FLAT, PRODUCT, CUSTOMER))
    assert write_plan(made, tmp_path / "p", inputs={}, run={}) == []
    again, _ = read_plan(tmp_path / "p")
    assert numbers(again, "product", measure="units") == {"tea": 300, "pot": 100}


@effort(max_examples=10, deadline=None)
@given(st.integers(0, 10**8), st.integers(0, 10**7))
def test_pieces_add_up_everywhere_and_are_near_to_the_money(cents, more):
    company = tea_house()
    prices = dict(company["products"].select("product", "price_e4").iter_rows())
    made = plan(company, tied(UNIT, PERSON, FLAT, CUSTOMER, PRODUCT, commit=cents / 100, stretch=(cents + more) / 100))
    for level in ("commit", "stretch"):
        by_product = numbers(made, "product", measure="units", level=level)
        assert sum(by_product.values()) == sum(numbers(made, measure="units", level=level).values())
        money = numbers(made, "product", level=level)
        rows = made["quotas"].filter(measure="units").height
        for product, pieces in by_product.items():
            if prices.get(product):
                assert abs(pieces - money[product] / 100 / (prices[product] / 10_000)) <= 2 * rows


def test_follows_is_read(tmp_path: Path):
    toml = PLAN.replace("[[step]]", '[[target]]\nmeasure = "units"\nfollows = "revenue"\n[[step]]', 1)
    opened = open_company(write_company(tmp_path, {"plan.toml": toml}))
    assert opened.settings is not None
    assert opened.settings.targets[1] == Target("units", 0, 0, "revenue")


@pytest.mark.parametrize(
    ("line", "rule"),
    [('follows = "profit"', "follows_unknown"), ('follows = "revenue"\ncommit = 5', "follows_with_total")],
)
def test_a_wrong_follower_is_told(tmp_path: Path, line: str, rule: str):
    toml = PLAN.replace("[[step]]", f'[[target]]\nmeasure = "units"\n{line}\n[[step]]', 1)
    assert [place[2] for place in places(find(tmp_path, {"plan.toml": toml}), rule)] == ["target.units.follows"]
