"""Revenue and units both have totals: implied prices and margins are held against what they should be."""

from __future__ import annotations

from dataclasses import replace

from quotum.adapters.printing.issue_texts import describe
from quotum.engine.tables.plan_settings import Measure, Target
from small_company import FLAT, MEASURES, PERSON, PRODUCT, firm, sale, settings, slice_of, try_plan

PRICE = Measure("price", "ratio", 2, numerator="revenue", denominator="units", tolerance=0.1)
MARGIN = Measure(
    "margin", "ratio", 3, numerator="gross_profit", denominator="revenue", floors={"goods": 0.5, "ware": 0.3}
)


def shop():
    return firm(
        {"ana": "North"}, {"a": "ana"},
        [sale("a", 100, product="tea", quantity=10), sale("a", 300, product="pot", quantity=10)],
        categories=[{"category": "goods"}, {"category": "ware", "parent": "goods"}],
        products=[{"product": "tea", "category": "goods", "price": 10, "cost": 4},
                  {"product": "pot", "category": "ware", "price": 30, "cost": 24}],
    )  # fmt: skip


def planned(units, *ratios, profit=1200, steps=(PERSON, FLAT, PRODUCT)):
    wanted = settings(*steps, commit=4000)
    targets = (*wanted.targets, Target("units", units, units), Target("gross_profit", profit * 100, profit * 100))
    measures = {**MEASURES, **{ratio.name: ratio for ratio in ratios}}
    made, issues = try_plan(shop(), replace(wanted, targets=targets, measures=measures))
    assert made is not None
    return made, [issue for issue in issues if issue.severity == "warning"]


def test_totals_that_make_the_prices_are_fine():
    made, found = planned(200, PRICE)
    assert found == []
    assert slice_of(made, measure="price")["amount"].item() == 20_00


def test_each_product_whose_implied_price_is_off_is_told():
    _, found = planned(160, PRICE)
    assert [(i.rule, i.value) for i in found] == [("price_off", "pot"), ("price_off", "tea")]
    assert describe(found[1])[0].startswith("The totals make the price of product tea 12.50; its own is 10.00")


def test_a_wider_tolerance_says_nothing():
    assert planned(160, replace(PRICE, tolerance=0.3))[1] == []


def test_a_category_below_its_margin_is_told_with_all_below_it():
    """Tea earns 0.6 and pots 0.2: together 0.3 of the money, below the 0.5 of goods."""
    _, found = planned(200, MARGIN)
    assert [(i.rule, i.value, dict(i.details)["found"]) for i in found] == [
        ("ratio_below_floor", "goods", "0.3"), ("ratio_below_floor", "ware", "0.2")]  # fmt: skip


def test_without_products_it_cannot_be_told():
    _, found = planned(160, PRICE, steps=(PERSON, FLAT))
    assert [(i.rule, i.value, i.column) for i in found] == [("ratio_not_by_product", "price", "tolerance")]
