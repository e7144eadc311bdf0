"""Amounts of other currencies are counted at plan rates: exactly, once a row, whatever actual rates do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from company_files import PLAN, find, places, write_company
from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.engine.planning import calendar_span, make_plan
from quotum.engine.tables.company import Company, Source
from quotum.engine.tables.plan_rates import MONEY, at_plan_rates
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.rate_effects import by_year
from quotum.engine.tables.schema import E10, TABLES

MEASURES = {"revenue": Measure("revenue", decimals=2), "units": Measure("units", history="quantity")}
RATES = "\n[rates]\nUSD = 0.9\nJPY = 0.0062\n"
SALES = ("date,customer,product,quantity,amount,currency\n2026-12-01,C1,P1,1,10.50,\n"
         "2026-12-15,C2,P2,2,20,usd\n2025-12-15,C2,P2,2,999,JPY\n")  # fmt: skip


def settings(**rates: str) -> PlanSettings:
    return PlanSettings("Test", dt.date(2027, 1, 1), dt.date(2028, 1, 1), dt.date(2026, 12, 31), (), (), MEASURES,
                        rates={code: int(Decimal(rate) * E10) for code, rate in rates.items()})  # fmt: skip


def company(**tables: list[dict]) -> Company:
    frames = {name: pl.DataFrame(rows, schema=TABLES[name].schema) for name, rows in tables.items()}
    return Company.of(frames, {name: Source(f"{name}.csv") for name in frames})


def sold(*lines: tuple[int, str | None]) -> list[dict]:
    return [{"date": dt.date(2026, 1, 1 + k % 28), "customer": "C", "amount_e4": amount, "currency": code}
            for k, (amount, code) in enumerate(lines)]  # fmt: skip


def test_every_money_column_of_a_table_with_a_currency_is_converted():
    with_currency = {table.name for table in TABLES.values() if "currency" in table.schema} - {"rates"}
    assert with_currency == set(MONEY)
    counts = {("sales", "quantity_e4")}
    amounts = {(t.name, c.field) for t in TABLES.values() for c in t.columns if c.kind == "amount"} - counts
    assert amounts <= {(name, column) for name, columns in MONEY.items() for column in columns}


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "VND", None])), min_size=1),
       st.integers(1, 10**13))  # fmt: skip
def test_each_row_is_rounded_once_and_sums_differ_by_at_most_that(lines, rate):
    plan = replace(settings(), rates={"USD": rate, "VND": 7})
    after, effects, issues = at_plan_rates(company(sales=sold(*lines)), plan)
    worth = {None: Decimal(1), "USD": Decimal(rate).scaleb(-10), "VND": Decimal(7).scaleb(-10)}
    wanted = [int((amount * worth[code]).to_integral_value(ROUND_HALF_UP)) for amount, code in lines]
    assert after["sales"]["amount_e4"].to_list() == wanted
    assert not [issue for issue in issues if issue.severity == "error"]
    for row in by_year(effects).iter_rows(named=True):
        mine = [k for k, (_, code) in enumerate(lines) if code == row["currency"]]
        assert row["plan_e4"] == sum(wanted[k] for k in mine)
        assert row["rows"] == len(mine)
        assert abs(row["rounding_e4"]) <= (len(mine) + 1) / 2


def test_a_return_takes_away_what_its_sale_brought():
    after, _, _ = at_plan_rates(company(sales=sold((12345, "USD"), (-12345, "USD"))), settings(USD="0.33333"))
    assert after["sales"]["amount_e4"].sum() == 0


def test_rows_in_any_order_give_the_same():
    lines = sold((1, "USD"), (33333, "USD"), (5, None), (-77777, "JPY"))
    rates = [{"currency": "USD", "since": dt.date(2026, 1, day), "rate_e10": E10 + day} for day in (1, 2, 4)]
    plan = settings(USD="0.93337", JPY="0.0062")
    one, effects, _ = at_plan_rates(company(sales=lines, rates=rates), plan)
    two, same, _ = at_plan_rates(company(sales=lines[::-1], rates=rates[::-1]), plan)
    assert one["sales"].equals(two["sales"].reverse())
    assert effects.equals(same)


def test_converting_twice_changes_nothing():
    once, _, _ = at_plan_rates(company(sales=sold((12345, "USD"))), settings(USD="0.9"))
    twice, effects, issues = at_plan_rates(once, settings(USD="0.5"))
    assert twice["sales"].equals(once["sales"])
    assert (effects.height, issues) == (0, [])


def test_missing_rates_are_named_with_their_lines_all_at_once(tmp_path):
    sales = SALES + "2026-12-15,C2,P2,2,20,chf\n2026-12-16,C2,P2,2,20,CHF\n2026-12-16,C2,P2,2,20,Fr.\n"
    prices = "product,price,currency\nP1,1,GBP\nP2,1,USD\n"
    rates = "currency,since,rate\nCHF,2026-01-01,0.95\nCHF,2027-06-01,0.99\n"
    files = {"sales.csv": sales, "products.csv": prices, "rates.csv": rates, "plan.toml": PLAN + RATES}
    issues = find(tmp_path, files)
    assert places(issues, "rate_missing") == [
        ("products.csv", 2, "currency", "GBP"), ("sales.csv", 5, "currency", "CHF"),
    ]  # fmt: skip
    assert dict(next(i for i in issues if i.rule == "rate_missing" and i.value == "CHF").details)["latest"] == "0.95"
    assert places(issues, "not_a_currency") == [("sales.csv", 7, "currency", "Fr.")]


def test_actual_rates_never_move_history_and_their_effect_stands_apart(tmp_path):
    rates = "currency,since,rate\nUSD,2026-12-15,0.95\nUSD,2026-12-16,3\nUSD,2026-01-01,2\n"
    write_company(tmp_path, {"sales.csv": SALES, "rates.csv": rates, "plan.toml": PLAN + RATES})
    opened = open_company(tmp_path)
    assert opened.company["sales"]["amount_e4"].to_list() == [105_000, 180_000, 61_938]
    assert by_year(opened.rate_effects).select("currency", "year", "plan_e4", "actual_e4", "effect_e4").rows() == [
        ("JPY", 2025, 61_938, None, None), ("USD", 2026, 180_000, 190_000, 10_000),
    ]  # fmt: skip
    assert places(opened.issues, "actual_rate_missing") == [("sales.csv", 4, "currency", "JPY")]
    assert [issue.severity for issue in opened.issues if issue.rule == "counted_at_plan_rate"] == ["note", "note"]


def test_a_target_in_the_plans_currency_never_moves(tmp_path):
    write_company(tmp_path, {"sales.csv": SALES})
    totals = set()
    for rate in ("0.1", "0.9", "77"):
        opened = open_company(tmp_path, [f"rates.USD={rate}", "rates.JPY=1"])
        assert opened.settings is not None
        days, _ = list_days("", *calendar_span(opened.settings))
        plan, _ = make_plan(opened.company, opened.settings, days)
        assert plan is not None
        totals.add(plan["quotas"]["commit"].sum())
    assert totals == {100_000}


@pytest.mark.parametrize(("amount", "rate", "minor"), [("1000.01", "0.9", 90_001), ("1000.01", "0.95", 95_001)])
def test_a_target_of_another_currency_is_converted_once_and_told(tmp_path, amount, rate, minor):
    plan = PLAN.replace("commit = 1000", f'commit = {amount}\ncurrency = "usd"') + f"[rates]\nUSD = {rate}\n"
    write_company(tmp_path, {"plan.toml": plan})
    opened = open_company(tmp_path)
    assert opened.settings is not None
    assert opened.settings.targets[0].commit_minor == minor
    told = [("plan.toml", 9, "target.revenue.commit", f"{minor / 100:,.2f}")]
    assert places(opened.issues, "target_converted") == told


def test_a_target_has_the_decimals_of_its_currency(tmp_path):
    plan = PLAN.replace("commit = 1000", 'commit = 1000.5\ncurrency = "JPY"') + "[rates]\nJPY = 0.0062\n"
    assert [issue.rule for issue in find(tmp_path, {"plan.toml": plan})] == ["money_decimals"]


@pytest.mark.parametrize(("text", "rule"), [
    ("USD = 0", "rate_range"), ("USD = -1", "rate_range"), ("USD = 1e8", "rate_range"), ("USD = inf", "rate_range"),
    ("USD = true", "setting_type"), ('USD = "1"', "setting_type"), ("USD = 1e-11", "rate_range"),
    ("dollar = 1", "not_a_currency"), ("EUR = 2", "rate_of_plan_currency"), ("USD = 1\nusd = 1", "rate_twice"),
    ("EUR = 1", None), ("USD = 7", None), ("USD = 0.00000000005", None),
])  # fmt: skip
def test_plan_rates_are_decimals_above_zero(tmp_path, text, rule):
    issues = find(tmp_path, {"plan.toml": f"{PLAN}[rates]\n{text}\n"})
    assert [issue.rule for issue in issues] == ([rule] if rule else [])


@pytest.mark.parametrize(("target", "rule"), [
    ('currency = "CHF"', "rate_missing"), ('currency = "EUR"', None),
    ('measure = "units"\ncurrency = "USD"', "currency_of_count"),
])  # fmt: skip
def test_currencies_of_targets(tmp_path, target, rule):
    plan = PLAN.replace('measure = "revenue"\n', "" if "measure" in target else 'measure = "revenue"\n')
    plan = plan.replace("commit = 1000", f"commit = 1000\n{target}") + RATES
    assert [issue.rule for issue in find(tmp_path, {"plan.toml": plan})] == ([rule] if rule else [])


def test_locks_become_whole_in_their_measure_and_counts_have_no_currency():
    lock = {"layer": "commit", "dimension": "person", "key": "ann", "kind": "lock", "amount_e4": 100_000}
    rows = [{**lock, "measure": "revenue", "currency": "USD"}, {**lock, "measure": "units", "currency": "USD"},
            {**lock, "measure": "units", "currency": "EUR"}, {**lock, "measure": "revenue", "currency": None}]
    after, _, issues = at_plan_rates(company(locks=rows), settings(USD="0.33333"))
    assert after["locks"]["amount_e4"].to_list() == [33_300, 100_000, 100_000, 100_000]
    assert places(issues, "currency_of_count") == [("locks.csv", 3, "currency", "USD")]


def test_rates_of_a_day_are_given_once_and_none_of_the_plans_currency(tmp_path):
    lines = ("USD,2026-01-01,0.9", "USD,2026-01-01,0.90", "USD,2026-01-01,0.91", "EUR,2026-01-01,1.1",
             "CHF,2026-01-01,0")  # fmt: skip
    rates = "\n".join(["currency,since,rate", *lines])
    issues = find(tmp_path, {"rates.csv": rates})
    assert places(issues, "rate_twice") == [("rates.csv", 3, "rate", "USD 2026-01-01")]
    assert places(issues, "rate_of_plan_currency") == [("rates.csv", 5, "currency", "EUR")]
    assert places(issues, "rate_range") == [("rates.csv", 6, "rate", "0")]


def test_what_grows_too_large_is_told():
    _, _, issues = at_plan_rates(company(sales=sold((10**15, "USD"))), settings(USD="90000000"))
    assert places(issues, "converted_too_large") == [("sales.csv", 2, "amount", "USD")]


def test_import_maps_a_currency_column(tmp_path):
    mapping = """
[rates]
USD = 0.9
[import.sales]
from = "orders.csv"
[import.sales.columns]
date = "Day"
customer = "Client"
amount = "Net"
currency = { column = "Cur", values = { "$" = "USD", "€" = "EUR" } }
[import.rates]
from = "fx.csv"
[import.rates.columns]
currency = "ISO"
since = "From"
rate = "Course"
"""
    orders = "Day,Client,Net,Cur\n2026-12-01,C1,100,€\n2026-12-02,C2,100,$\n"
    write_company(tmp_path, {"plan.toml": PLAN + mapping, "orders.csv": orders, "sales.csv": None,
                             "fx.csv": "ISO;From;Course\nUSD;2026-01-01;0,95\n"})  # fmt: skip
    opened = open_company(tmp_path)
    assert not [issue for issue in opened.issues if issue.severity == "error"]
    assert opened.company["sales"]["amount_e4"].to_list() == [1_000_000, 900_000]
    assert opened.rate_effects["actual_e4"].to_list() == [950_000]
