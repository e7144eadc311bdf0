"""What the tea house will sell: sums, chance, time, events; nothing after as_of is ever looked at."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from quotum.adapters.calendars import list_days
from quotum.engine.forecasting import chance_of_reaching, forecast_nodes
from quotum.engine.planning import calendar_span
from quotum.engine.tables.company import Company
from quotum.engine.tables.forecast_settings import ForecastSettings
from small_company import USUAL, each_month, firm, plan, sale, settings, slice_of, tea_house

SETTINGS = settings(*USUAL, forecast=ForecastSettings(paths=200))
EVERYTHING = ("unit", "person", "area", "channel", "category", "product", "class", "customer")


def forecast(company, wanted=SETTINGS, dimensions=EVERYTHING, measure="revenue"):
    days, _ = list_days(wanted.country, *calendar_span(wanted))
    return forecast_nodes(company, wanted, days, measure, dimensions)


def means(made, dimension):
    mine = made.totals.filter(pl.col("dimension") == dimension)
    return dict(zip(mine["node"], mine["mean_minor"], strict=True))


def company_line(made):
    return made.totals.row(0, named=True)


@pytest.fixture(scope="module")
def tea():
    return forecast(tea_house())


def same(one, other):
    return (
        all(getattr(one, name).equals(getattr(other, name)) for name in ("totals", "months", "history"))
        and one.paths.tobytes() == other.paths.tobytes()
    )


def test_every_way_to_split_the_company_adds_up(tea):
    top = company_line(tea)
    for dimension in ("person", "channel", "product", "class", "customer"):
        mine = tea.totals.filter(pl.col("dimension") == dimension)
        assert mine["mean_minor"].sum() == top["mean_minor"], dimension
        assert mine["last_year_minor"].sum() == top["last_year_minor"], dimension


def test_children_add_up_to_their_parent_in_every_month(tea):
    def months(dimension, *nodes):
        mine = tea.months.filter((pl.col("dimension") == dimension) & pl.col("node").is_in(nodes))
        return mine.group_by("month").agg(pl.col("mean_minor").sum()).sort("month")["mean_minor"].to_list()

    north = [a + b for a, b in zip(months("unit", "Coast"), months("person", "ana"), strict=True)]
    assert months("unit", "North") == north
    assert months("area", "Land") == months("area", "Sea", "Hills")
    assert months("category", "tea") == months("product", "green", "black")


def test_the_plan_is_the_sum_of_its_months(tea):
    by_node = tea.months.filter("in_plan").group_by("dimension", "node").agg(pl.col("mean_minor").sum())
    both = tea.totals.join(by_node, on=["dimension", "node"])
    assert both.height == tea.totals.height
    assert both["mean_minor"].to_list() == both["mean_minor_right"].to_list()


def test_nothing_is_below_zero_and_ranges_hold_the_mean(tea):
    for frame in (tea.totals, tea.months):
        assert frame.select(pl.min_horizontal("mean_minor", "low_minor", "high_minor").min()).item() >= 0
    known = tea.totals.drop_nulls("low_minor").filter(pl.col("mean_minor") > 100)
    assert (known["low_minor"] <= known["mean_minor"]).all()
    assert (known["mean_minor"] <= known["high_minor"]).all()
    assert (tea.paths >= 0).all()


def test_the_growth_of_the_tea_house_goes_on(tea):
    top = company_line(tea)  # it grew by 12.5 % and 11 %
    assert 1.0 < top["mean_minor"] / top["last_year_minor"] < 1.15
    assert top["error"] < 0.15


@examples(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(tea, seed):
    company = tea_house()
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=seed) for name, frame in company.tables.items()}
    assert same(tea, forecast(Company.of(shuffled)))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_paths(tea):
    assert same(tea, forecast(tea_house()))
    other = forecast(tea_house(), replace(SETTINGS, seed=2))
    assert other.totals["mean_minor"].equals(tea.totals["mean_minor"])
    assert not np.array_equal(other.paths, tea.paths)


def test_ten_times_the_sales_are_ten_times_the_forecast(tea):
    company = tea_house()
    tables = {**company.tables, "sales": company["sales"].with_columns(pl.col("amount_e4") * 10)}
    big = forecast(Company.of(tables))
    np.testing.assert_allclose(big.paths, tea.paths * 10, rtol=1e-4)  # shared customers are split in whole 10^-4
    assert np.abs(big.totals["mean_minor"] - tea.totals["mean_minor"] * 10).max() <= 100  # cents of 127,000
    assert big.totals["method"].equals(tea.totals["method"])


def test_nothing_after_as_of_is_looked_at():
    wanted = replace(SETTINGS, as_of=date(2026, 6, 30))
    company = tea_house()
    later = pl.col("date") > wanted.as_of
    changed = company["sales"].with_columns(pl.when(later).then(pl.col("amount_e4") * 7).otherwise("amount_e4"))
    gone = company["sales"].filter(~later)
    for sales in (changed, gone):
        assert same(forecast(company, wanted), forecast(Company.of({**company.tables, "sales": sales}), wanted))


def test_the_months_between_as_of_and_the_plan_are_forecast_too():
    made = forecast(tea_house(), replace(SETTINGS, as_of=date(2026, 9, 30)), ())
    early = made.months.filter(~pl.col("in_plan"))
    assert early["month"].to_list() == [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]
    assert not made.months["known"].any()
    assert made.history["month"].max() == date(2026, 9, 1)
    assert company_line(made)["mean_minor"] == made.months.filter("in_plan")["mean_minor"].sum()


def test_what_was_sold_since_the_plan_began_is_part_of_its_total():
    sales = [s for year in (2024, 2025, 2026) for s in each_month("shop", 100, year)]
    company = firm({"ann": "North"}, {"shop": "ann"}, sales)
    wanted = settings(*USUAL, since=date(2026, 7, 1), until=date(2027, 7, 1), as_of=date(2026, 10, 15))
    made = forecast(company, wanted, ("person",))
    months = made.months.filter(pl.col("dimension") == "company")
    assert months.filter("known")["mean_minor"].to_list() == [10_000] * 4
    assert months.filter("known")["month"].to_list()[-1] == date(2026, 10, 1)
    assert company_line(made)["mean_minor"] == pytest.approx(125_000, rel=0.05)  # the rest of October comes on top


def test_a_plan_that_begins_in_mid_month_gets_its_part():
    company = firm({"ann": "North"}, {"shop": "ann"}, [s for y in (2025, 2026) for s in each_month("shop", 100, y)])
    made = forecast(company, settings(*USUAL, since=date(2027, 2, 15), until=date(2027, 4, 1)), ())
    months = made.months["month"].to_list()
    assert months == [date(2027, 1, 1), date(2027, 2, 1), date(2027, 2, 15), date(2027, 3, 1)]
    february = made.months["mean_minor"][1:3]
    assert february[0] == pytest.approx(february[1], rel=0.01)  # ten working days each


def test_a_month_with_a_promotion_does_not_raise_the_next_year():
    sales = [sale("shop", 300 if (y, m) == (2026, 5) else 100, f"{y}-{m:02}-10")
             for y in (2024, 2025, 2026) for m in range(1, 13)]  # fmt: skip
    past = {"since": "2026-05-01", "until": "2026-06-01", "kind": "promotion", "effect": 3.0}
    coming = {"since": "2027-09-01", "until": "2027-10-01", "kind": "promotion", "effect": 2.0}

    def may_and_september(*events):
        made = forecast(firm({"ann": "North"}, {"shop": "ann"}, sales, events=events), SETTINGS, ())
        return made.months["mean_minor"][4] / made.months["mean_minor"][3], made.months["mean_minor"][8]

    may, september = may_and_september(past)
    assert may == pytest.approx(1.0, abs=0.1)
    assert may_and_september()[0] > 1.2
    assert may_and_september(past, coming)[1] == pytest.approx(2 * september, rel=0.01)


def test_an_event_counts_for_whom_it_reaches():
    sales = [s for c in ("inn", "bar") for y in (2024, 2025, 2026) for s in each_month(c, 100, y)]
    event = {"since": "2027-09-01", "until": "2027-10-01", "kind": "fair", "scope": "person=ann", "effect": 3.0}
    made = forecast(firm({"ann": "North", "bob": "South"}, {"inn": "ann", "bar": "bob"}, sales, events=[event]),
                    SETTINGS, ("person",))  # fmt: skip
    usual = made.months.filter(pl.col("month") == date(2027, 10, 1))["mean_minor"]
    fair = made.months.filter(pl.col("month") == date(2027, 9, 1))["mean_minor"]
    assert made.totals["node"].to_list() == ["", "ann", "bob"]
    ratio = (fair / usual).to_list()
    assert ratio[1] > 2.5
    assert ratio[2] < 1.2
    assert ratio[0] == pytest.approx(2.0, rel=0.1)


def test_who_never_sold_has_no_forecast_and_no_range():
    company = firm({"ann": "North", "new": "South"}, {"shop": "ann"}, each_month("shop", 100))
    line = forecast(company, SETTINGS, ("person",)).totals.filter(pl.col("node") == "new").row(0, named=True)
    assert (line["mean_minor"], line["low_minor"], line["method"]) == (0, None, "none")


def test_a_company_without_sales_is_forecast_as_nothing():
    made = forecast(firm({"ann": "North"}), SETTINGS, ("unit",))
    assert made.totals["mean_minor"].to_list() == [0, 0, 0]
    assert made.history.height == 0


@pytest.mark.parametrize("num_months", [1, 2, 5, 11, 12, 13])
def test_a_short_history_goes_on_as_it_was(num_months):
    sales = [sale("shop", 100, f"{2027 + (m - 12 - 1) // 12 if m <= 0 else 2026}-{(m - 1) % 12 + 1:02}-10")
             for m in range(13 - num_months, 13)]  # fmt: skip
    made = forecast(firm({"ann": "North"}, {"shop": "ann"}, sales), SETTINGS, ("unit",))
    assert company_line(made)["mean_minor"] == pytest.approx(120_000, rel=0.1)


def test_a_ratio_has_no_history():
    from quotum.engine.tables.plan_settings import Measure

    price = Measure("price", "ratio", 2, numerator="revenue", denominator="units")
    wanted = replace(SETTINGS, measures={**SETTINGS.measures, "price": price})
    with pytest.raises(ValueError, match="ratio"):
        forecast(tea_house(), wanted, (), "price")


def test_pieces_and_margin_are_forecast_like_money():
    for measure in ("units", "gross_profit", "orders"):
        top = company_line(forecast(tea_house(), SETTINGS, ("unit",), measure))
        assert top["last_year_minor"] > 0
        assert 0.8 < top["mean_minor"] / top["last_year_minor"] < 1.3, measure


def test_the_chance_of_an_amount_is_the_part_of_simulated_years_that_reach_it():
    paths = np.array([[1.0, 2, 3, 4], [10, 20, 30, 40]])
    assert chance_of_reaching(paths, np.array([2.5, 10.0])).tolist() == [0.5, 1.0]
    assert float(chance_of_reaching(paths[0], 5)) == 0.0


def test_the_company_is_the_same_whoever_else_is_looked_at(tea):
    alone, channels = forecast(tea_house(), SETTINGS, ()), forecast(tea_house(), SETTINGS, ("channel",))
    for made in (alone, channels):
        assert company_line(made) == company_line(tea)
        assert made.paths[0].tobytes() == tea.paths[0].tobytes()
    assert channels.totals["node"].to_list() == ["", "bar", "shop"]


def test_last_year_is_theirs_who_hold_the_customer_on_these_dates_as_in_a_plan():
    sales = [sale("c1", 100, "2026-03-10"), sale("c1", 40, "2026-09-10"), *each_month("c2", 10, 2025)]
    owned = [
        {"customer": "c1", "person": "ann", "since": "2020-01-01", "until": "2027-07-01"},
        {"customer": "c1", "person": "bob", "since": "2027-07-01", "share": 0.75},
        {"customer": "c1", "person": "ann", "since": "2027-07-01", "share": 0.25},
    ]
    company = firm({"ann": "N", "bob": "N"}, {"c1": None, "c2": "bob"}, sales, ownership=owned)
    found = forecast(company, dimensions=("person",)).totals.filter(pl.col("dimension") == "person")
    assert dict(found.select("node", "last_year_minor").iter_rows()) == {"ann": 11_000, "bob": 3_000}
    shown = slice_of(plan(company, SETTINGS), "person")
    assert dict(shown.select("person", "last_year").iter_rows()) == {"ann": 11_000, "bob": 3_000}


def test_a_single_month_of_history_tells_no_range():
    company = firm({"ann": "N"}, {"c1": "ann"}, [sale("c1", 100, "2026-12-10")])
    made = forecast(company, dimensions=("person",))
    assert made.totals["mean_minor"].min() > 0
    for table in (made.totals, made.months):
        assert table.select("low_minor", "high_minor").null_count().row(0) == (table.height, table.height)
