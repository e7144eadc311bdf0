"""Each customer is in one state on any day, by its own rhythm and by nothing that was sold later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from quotum.engine.customers import CustomerTables, describe_customers
from quotum.engine.customers.states import STATES
from quotum.engine.tables.cleaning import clean_company
from quotum.engine.tables.company import Company
from quotum.engine.tables.customer_settings import CustomerSettings, StateRules
from small_company import firm, sale, settings

TODAY = date(2026, 12, 31)
SETTINGS = settings()


def describe(company: Company, day: date = TODAY, **rules: object) -> CustomerTables:
    wanted = replace(SETTINGS, customers=CustomerSettings(states=StateRules(**rules)))
    return describe_customers(company, wanted, day)


def buys(customer: str, first: str, every: int, times: int) -> list[dict]:
    start = date.fromisoformat(first)
    return [sale(customer, 100, (start + timedelta(days=every * k)).isoformat()) for k in range(times)]


def states(sales: list[dict], day: date = TODAY, **rules: object) -> dict[str, str]:
    names = dict.fromkeys(sorted({line["customer"] for line in sales}), "ann")
    told = describe(firm({"ann": "North"}, names, sales), day, **rules)
    return dict(told.customers.select("customer", "state").iter_rows())


def test_the_same_silence_is_long_for_a_weekly_buyer_and_short_for_a_quarterly_one() -> None:
    sales = buys("weekly", "2025-01-06", 7, 91) + buys("quarterly", "2022-01-10", 91, 20)
    assert states(sales) == {"weekly": "lost", "quarterly": "stable"}  # both silent since about the end of September
    assert states(sales, date(2026, 11, 15)) == {"weekly": "dormant", "quarterly": "stable"}
    assert states(sales, date(2027, 6, 30)) == {"weekly": "lost", "quarterly": "dormant"}


def test_a_customer_with_few_orders_is_measured_by_the_companys_rhythm() -> None:
    sales = [line for k in range(5) for line in buys(f"regular{k}", "2025-01-01", 20, 36)]
    sales += buys("two", "2025-03-01", 1, 2)
    told = describe(firm({"ann": "North"}, dict.fromkeys({s["customer"] for s in sales}, "ann"), sales))
    line = told.customers.filter(customer="two").row(0, named=True)
    assert (line["interval_days"], line["own_interval"], line["state"]) == (20.0, False, "lost")


def test_a_first_order_makes_new_and_an_order_after_a_long_silence_won_back() -> None:
    sales = buys("fresh", "2026-11-10", 10, 5) + buys("back", "2025-01-01", 10, 20) + buys("back", "2026-10-20", 10, 8)
    sales += buys("true", "2025-01-01", 10, 73)
    assert states(sales) == {"fresh": "new", "back": "won_back", "true": "stable"}
    assert states(sales, date(2026, 9, 30))["back"] == "lost"


def test_who_never_bought_is_a_prospect_where_something_is_known_and_else_a_lead() -> None:
    customers = [{"customer": "asks", "monthly_demand": 10.0}, {"customer": "named"}, {"customer": "met"}]
    company = firm({"ann": "North"}, dict.fromkeys(("asks", "named", "met"), "ann"), [sale("named", -5)],
                   customers=customers,
                   activities=[{"date": "2026-06-01", "person": "ann", "customer": "met"}])  # fmt: skip
    assert describe(company).customers["state"].to_list() == ["prospect", "lead", "prospect"]
    assert describe(company, date(2026, 5, 31)).customers["state"].to_list() == ["prospect", "lead", "lead"]


def test_limits_of_states_are_settings() -> None:
    sales = buys("a", "2025-01-01", 30, 20)  # last seen on 25 July 2026: 159 days
    assert states(sales, dormant=6, lost=8)["a"] == "stable"
    assert states(sales, dormant=2, lost=8)["a"] == "dormant"
    assert states(sales, dormant=2, lost=5)["a"] == "lost"
    assert states(sales, dormant=2, lost=5, lost_days=160)["a"] == "dormant"


def test_a_returned_order_lowers_the_amount_and_a_cancelled_one_never_was() -> None:
    sales = [
        *buys("a", "2026-01-10", 30, 3),
        sale("a", -40, "2026-03-20"),
        sale("a", 500, "2026-12-01", status="Cancelled"),
        sale("a", 70, "2026-12-02"),
        sale("a", -70, "2026-12-02"),
    ]
    told = describe(clean_company(firm({"ann": "North"}, {"a": "ann"}, sales)))
    line = told.customers.row(0, named=True)
    assert line["amount_minor"] == 260_00
    assert line["orders"] == 3  # neither a day of returns nor one that came to nothing is an order
    assert line["last_order"] == date(2026, 3, 11)


@st.composite
def worlds(draw: st.DrawFn) -> list[dict]:
    day = st.integers(0, 1400).map(lambda k: (date(2023, 6, 1) + timedelta(days=k)).isoformat())
    amount = st.integers(-300, 1000).map(lambda cents: cents / 100)
    lines = draw(st.lists(st.tuples(st.sampled_from("abcdef"), amount, day), min_size=1, max_size=60))
    return [sale(customer, money, when, product="p1" if money > 2 else None) for customer, money, when in lines]


def world(sales: list[dict]) -> Company:
    customers = [{"customer": c, "area": {"a": "E", "b": "E", "d": None}.get(c, "W")} for c in "abcdefg"]
    owners = {c: {"a": "ann", "d": "ann", "c": None}.get(c, "bo") for c in "abcdefg"}
    return firm({"ann": "North", "bo": "South"}, owners, sales, customers=customers,
                categories=[{"category": "tea"}], products=[{"product": "p1", "category": "tea"}])  # fmt: skip


@examples(max_examples=12)
@given(worlds(), st.integers(-500, 40))
def test_states_part_the_customers_and_compositions_add_up_to_the_sales(sales: list[dict], later: int) -> None:
    day = TODAY + timedelta(days=later)
    told = describe(world(sales), day)
    assert set(told.customers["state"]) <= set(STATES)
    assert told.customers.height == 7
    since = date(day.year - 1, day.month, day.day) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
    inside = [line for line in sales if since < date.fromisoformat(line["date"]) <= day]
    total = round(sum(line["amount"] for line in inside) * 100)
    sums = told.composition.group_by("dimension").agg(pl.col("amount").sum())
    for dimension, amount in sums.iter_rows():
        assert amount == total, dimension
    assert told.customers["amount_minor"].sum() == total


@examples(max_examples=6)
@given(worlds(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_later_sales_matter(sales: list[dict], chance: object) -> None:
    day = date(2026, 3, 31)
    mixed = list(sales)
    chance.shuffle(mixed)
    known = [line for line in sales if date.fromisoformat(line["date"]) <= day]
    results = [describe(world(lines), day) for lines in (sales, mixed, known)]
    for name in ("customers", "measures", "composition", "outlook", "prospects"):
        first, *others = [getattr(told, name) for told in results]
        assert all(first.equals(other) for other in others), name


def test_measures_count_what_happened_in_the_year() -> None:
    sales = buys("kept", "2023-01-01", 30, 48) + buys("new", "2026-10-01", 30, 3) + buys("gone", "2023-01-01", 30, 36)
    sales += buys("back", "2023-01-01", 30, 12) + buys("back", "2026-09-01", 30, 4)
    company = firm({"ann": "North"}, dict.fromkeys(("kept", "new", "gone", "back"), "ann"), sales)
    told = describe(company).measures
    value = {name: (value, of) for name, value, of in told.select("measure", "value", "of").iter_rows()}
    assert value["served"] == (3, 4)
    assert value["retained"] == (1, 2)
    assert value["new"] == (1, 3)
    assert value["acquisition"] == (1, 2)
    assert value["returning"] == (2, 3)
    assert value["repurchase"] == (3, 3)
    assert value["won_back"] == (1, 1)
    assert value["lost"] == (1, 3)
    assert told.filter(measure="retained")["rate"].item() == pytest.approx(0.5)


def test_a_unit_counts_all_below_it() -> None:
    company = firm({"ann": "North", "bo": "Coast"}, {"a": "ann", "b": "bo"}, [sale("a", 1), sale("b", 2)],
                   units={"Firm": None, "North": "Firm", "Coast": "North"})  # fmt: skip
    told = describe_customers(company, SETTINGS, TODAY, by=("unit", "person"))
    served = dict(told.measures.filter(measure="served").select("key", "value").iter_rows())
    assert served == {"": 2, "Firm": 2, "North": 2, "Coast": 1, "ann": 1, "bo": 1}


def test_profit_is_told_of_lines_whose_cost_is_known() -> None:
    company = firm({"ann": "North"}, {"a": "ann"},
                   [sale("a", 10, cost=6), sale("a", 20, product="p", quantity=2), sale("a", 5)],
                   products=[{"product": "p", "cost": 4}])  # fmt: skip
    line = describe(company).measures.filter(measure="profit").row(0, named=True)
    assert (line["value"], line["of"]) == (4_00 + 12_00, 30_00)


def test_without_any_sale_everybody_is_told_of_all_the_same() -> None:
    told = describe(firm({"ann": "North"}, {"a": "ann"}, []))
    assert [issue.rule for issue in told.issues] == ["customers_without_history", "new_customer_unknown"]
    assert told.outlook["customers_needed"].null_count() == told.outlook.height
    assert describe(firm({"ann": "North"}, {}, [])).customers.height == 0
