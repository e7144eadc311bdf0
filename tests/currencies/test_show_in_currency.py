"""Numbers in another currency add up in it, and say that they are converted."""

from __future__ import annotations

import json
from fractions import Fraction

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from test_plan_rates import settings

from company_files import PLAN, write_company
from quotum.cli import main
from quotum.engine.slices.converting import convert_slice
from quotum.engine.tables.plan_settings import Measure, PlanSettings, Target

MEASURES = {
    "revenue": Measure("revenue", decimals=2), "balance": Measure("balance", "level", 2),
    "units": Measure("units", history="quantity"),
    "price": Measure("price", "ratio", 2, numerator="revenue", denominator="units"),
    "margin": Measure("margin", "ratio", 2, numerator="revenue", denominator="balance"),
}  # fmt: skip


def plan(rate_e10: int) -> PlanSettings:
    base = settings()
    targets = tuple(Target(name, 1, 1) for name in ("revenue", "balance", "units"))
    return PlanSettings(base.name, base.since, base.until, base.as_of, targets, (), MEASURES, rates={"USD": rate_e10})


def lines(amounts: list[int], before: list[int | None] | None = None, periods: int = 1) -> pl.DataFrame:
    days = [plan(1).since] * len(amounts)
    return pl.DataFrame({
        "person": [f"p{k}" for k in range(len(amounts))],
        "since": days, "until": [k % periods for k in range(len(days))],
        "amount": amounts, "decimals": [2] * len(days), "last_year": before or [None] * len(days),
    }, schema_overrides={"amount": pl.Int64, "last_year": pl.Int64})  # fmt: skip


def half_up(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


@given(st.lists(st.integers(0, 2**50), min_size=1, max_size=20), st.integers(1, 10**18), st.integers(0, 3))
def test_a_slice_adds_up_in_the_other_currency(amounts, rate, decimals):
    frame, issues = convert_slice(lines(amounts, [-n for n in amounts]), plan(rate), None, "USD", decimals)
    real = [Fraction(n * 10**decimals * 10**10, 100 * rate) for n in amounts]
    if sum(real) >= 2**62:
        assert [issue.rule for issue in issues] == ["too_much_of_currency"]
        return
    assert frame["amount"].sum() == half_up(sum(real))
    assert all(abs(part - exact) < 1 for part, exact in zip(frame["amount"], real, strict=True))
    assert frame["last_year"].sum() == half_up(-sum(real))
    assert [issue.rule for issue in issues] == ["shown_in_currency"]


def test_levels_add_up_within_a_period_and_prices_stand_alone():
    frame, _ = convert_slice(lines([100, 100, 100, 100], periods=2), plan(3 * 10**10), "balance", "USD", 2)
    assert frame.group_by("until").agg(pl.col("amount").sum())["amount"].to_list() == [67, 67]
    frame, _ = convert_slice(lines([100, 100, 100]), plan(3 * 10**10), "price", "USD", 2)
    assert frame["amount"].to_list() == [33, 33, 33]


@pytest.mark.parametrize(("measure", "code", "rule"), [
    ("units", "USD", "not_money"), ("margin", "USD", "not_money"), ("revenue", "CHF", "no_plan_rate"),
])  # fmt: skip
def test_what_cannot_be_shown_is_told(measure, code, rule):
    frame, issues = convert_slice(lines([1]), plan(1), measure, code, 2)
    assert [issue.rule for issue in issues] == [rule]
    assert "currency" not in frame.columns


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    sales = "date,customer,amount,currency\n2026-12-01,C1,10.50,\n2026-12-15,C2,20,usd\n"
    rates = "currency,since,rate\nUSD,2026-01-01,0.95\n"
    write_company(folder, {"plan.toml": PLAN + "[rates]\nUSD = 0.9\n", "sales.csv": sales, "rates.csv": rates})
    assert CliRunner().invoke(main, ["plan", str(folder), "--out", str(folder / "plan")]).exit_code == 0
    return folder


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words])
    return result.exit_code, result.output


def test_show_says_what_it_converted(made):
    code, shown = run("show", made / "plan", "--by", "person", "--currency", "usd", "--json")
    told = json.loads(shown)
    assert (code, sum(row["amount"] for row in told["rows"])) == (0, 111_111)
    assert {row["currency"] for row in told["rows"]} == {"USD"}
    assert "in USD" in run("show", made / "plan", "--currency", "USD")[1]
    assert run("show", made / "plan", "--currency", "EUR") == run("show", made / "plan")
    assert run("show", made / "plan", "--currency", "CHF")[0] == 2


def test_a_converted_workbook_does_not_come_back(made):
    book = made / "usd.xlsx"
    assert run("show", made / "plan", "--by", "person", "--currency", "USD", "--xlsx", book)[0] == 0
    code, told = run("revise", made / "plan", "--changes", book, "--dry-run")
    assert code == 2
    assert "The sheet is in USD" in told


def test_rates_tells_the_effect_by_year(made):
    code, told = run("rates", made)
    assert code == 0
    assert told.splitlines()[-1].split() == ["total", "18.00", "19.00", "1.00"]
    (line,) = json.loads(run("rates", made, "--json")[1])["effects"]
    assert (line["year"], line["plan_e4"], line["actual_e4"], line["effect_e4"]) == (2026, 180_000, 190_000, 10_000)


def test_the_plan_keeps_its_rates(made):
    settings = json.loads((made / "plan" / "plan.json").read_text(encoding="utf-8"))["settings"]
    assert settings["rates"] == {"USD": 9_000_000_000}
