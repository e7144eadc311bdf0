"""Slices of a plan: whatever they are cut by, they add up to the same amounts."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.basics.periods import GRAINS
from quotum.engine.curves.running_totals import due
from quotum.engine.slices import Request, cut_slice
from small_plans import SINCE, UNTIL, nested_plan, quota, replace_tables, small_plan, table

PLAN, NESTED = small_plan(), nested_plan()
dates = st.integers(-40, 400).map(lambda i: SINCE + timedelta(days=i))
spans = st.tuples(dates, dates).map(sorted).filter(lambda s: s[0] < s[1])
dimensions = st.sampled_from(["unit", "unit@0", "unit@1", "person", "customer", "channel", "class", "area"])


def sliced(plan, *by, **more) -> pl.DataFrame:
    frame, issues = cut_slice(plan, Request(by=by, **more))
    assert [i for i in issues if i.severity == "error"] == []
    return frame


def amounts(frame: pl.DataFrame, *keys: str) -> dict:
    return {tuple(row[:-1]) if len(keys) > 1 else row[0]: row[-1] for row in frame.select(*keys, "amount").rows()}


def rules(plan, **request) -> list[str]:
    return [issue.rule for issue in cut_slice(plan, Request(**request))[1]]


@settings(max_examples=25, deadline=None)
@given(st.lists(dimensions, max_size=3), st.sampled_from(GRAINS), spans, st.sampled_from(["commit", "stretch"]))
def test_every_slice_at_every_grain_adds_up_to_what_the_rows_have_due(by, grain, span, level):
    since, until = max(span[0], SINCE), min(span[1], UNTIL)
    rows = PLAN["quotas"].filter(measure="revenue")
    running = due(PLAN, rows, [min(since, UNTIL), max(until, SINCE)])
    expected = sum(
        int((t[:, 1] - t[:, 0]).sum()) for layer, t in running.items() if level == "stretch" or layer == "commit"
    )
    frame = sliced(PLAN, *by, grain=grain, level=level, since=span[0], until=span[1])
    assert frame["amount"].sum() == expected * (since < until)
    assert (frame["amount"] >= 0).all()


@pytest.mark.parametrize("by", [("customer",), ("product",), ("person", "category@0")])
def test_days_weeks_and_months_of_a_cut_give_the_same_year(by):
    year = amounts(sliced(PLAN, *by, level="stretch"), *by)
    for grain in GRAINS:
        assert (
            amounts(sliced(PLAN, *by, level="stretch", grain=grain).group_by(by).agg(pl.col("amount").sum()), *by)
            == year
        )


def test_a_cut_of_a_cut_adds_up_to_the_cut_above_in_every_month():
    products = sliced(NESTED, "customer", "product", grain="month", level="stretch")
    again = products.group_by("customer", "since", maintain_order=True).agg(pl.col("amount").sum())
    assert amounts(again, "customer", "since") == amounts(
        sliced(NESTED, "customer", grain="month", level="stretch"), "customer", "since"
    )


def test_members_get_their_own_amounts_in_the_whole_year():
    assert amounts(sliced(PLAN, "customer"), "customer") == dict(
        PLAN.cuts["customer"].filter(pl.col("row") < 3).select("customer", "commit").rows()
    )


def test_a_slice_under_a_member_is_the_same_as_its_part_of_the_whole():
    whole = amounts(sliced(PLAN, "person", "customer", grain="week"), "customer", "since")
    part = amounts(sliced(PLAN, "customer", grain="week", under=(("customer", "c2"),)), "customer", "since")
    assert part == {key: amount for key, amount in whole.items() if key[0] == "c2"}


def test_units_are_shown_as_they_are_or_at_a_depth():
    assert amounts(sliced(PLAN, "unit"), "unit") == {"City": 50_000, "North": 19_999, "South": 30_001}
    assert amounts(sliced(PLAN, "unit@1"), "unit@1") == {"North": 69_999, "South": 30_001}
    assert amounts(sliced(PLAN, "unit@0"), "unit@0") == {"World": 100_000}
    assert amounts(sliced(PLAN, "unit@7"), "unit@7") == {"City": 50_000, "North": 19_999, "South": 30_001}


def test_under_a_unit_means_its_subtree():
    assert amounts(sliced(PLAN, "person", under=(("unit", "North"),)), "person") == {
        "Ana": 50_000,
        "vacant:North": 19_999,
    }


def test_several_keys_of_a_dimension_mean_any_of_them_and_dimensions_narrow_each_other():
    either = sliced(PLAN, "person", under=(("person", "Ana"), ("person", "Bo")))
    assert either["person"].to_list() == ["Ana", "Bo"]
    both = sliced(PLAN, "customer", under=(("person", "Ana"), ("channel", "shop")))
    assert both["customer"].to_list() == ["c2"]


def test_the_unit_of_a_person_is_known_where_rows_do_not_carry_it():
    plan = replace_tables(PLAN, quotas=PLAN["quotas"].with_columns(unit=pl.lit(None, pl.String)))
    assert amounts(sliced(plan, "unit@1"), "unit@1") == {"North": 69_999, "South": 30_001}


def test_stretch_is_commit_plus_extra_of_each_layer():
    assert amounts(sliced(PLAN, "person", level="stretch"), "person") == {
        "Ana": 70_000,
        "Bo": 40_000,
        "vacant:North": 20_000,
    }


def test_rows_that_a_cut_leaves_out_stay_in_the_sum():
    customers = PLAN.cuts["customer"].filter(pl.col("row") != 1)
    plan = type(PLAN)(PLAN.settings, PLAN.tables, {"customer": customers})
    got = sliced(plan, "customer")
    assert got["amount"].sum() == 100_000
    assert got.row(-1)[0] is None


def test_levels_are_the_level_in_every_period_and_add_over_members():
    assert sliced(PLAN, measure="outlets", grain="quarter")["amount"].to_list() == [60] * 4
    assert amounts(sliced(PLAN, "person", measure="outlets", grain="half", level="stretch").head(1), "person") == {
        "Ana": 36
    }
    assert sliced(PLAN, "customer", measure="outlets", grain="half")["amount"].sum() == 120


def test_a_ratio_is_computed_from_its_parts_and_rounded_half_up():
    got = sliced(PLAN, "person", measure="price")
    assert got.select("person", "amount", "decimals", "last_year").rows() == [
        ("Ana", 125, 2, 96),  # 500.00 / 400; 75.06 / 78
        ("Bo", None, 2, None),  # nothing to divide by
        ("vacant:North", 67, 2, 100),  # 199.99 / 300
    ]


def test_huge_ratios_do_not_overflow():
    quotas = table("quotas", [quota(0, 2**53 - 1), quota(1, 3, measure="units", curve=0)])
    got = sliced(replace_tables(PLAN, quotas=quotas), measure="price")
    assert got["amount"].to_list() == [(2 * (2**53 - 1) + 3) // 6]


def test_last_year_stands_beside_and_is_null_without_history():
    got = (
        sliced(PLAN, "person", "product", grain="quarter").filter(person="Ana").select("product", "period", "last_year")
    )
    assert got.rows()[:4] == [
        ("p1", "2027-Q1", 602),
        ("p1", "2027-Q2", 1502),
        ("p1", "2027-Q3", 2402),
        ("p1", "2027-Q4", 3302),
    ]
    assert got.rows()[4:8] == [("p2", f"2027-Q{q}", None) for q in range(1, 5)]
    assert got.rows()[8:] == [("p3", f"2027-Q{q}", v) for q, v in ((1, 0), (2, -300), (3, 0), (4, 0))]


def test_last_year_is_null_before_the_history_begins():
    late = PLAN["last_year"].filter(pl.col("date") >= date(2027, 4, 1))
    got = sliced(replace_tables(PLAN, last_year=late), grain="quarter")["last_year"].to_list()
    assert got[0] is None
    assert None not in got[1:]


def test_last_year_is_rounded_half_up_once_after_summing():
    lines = [{"row": 0, "measure": "revenue", "date": date(2027, 1, d), "amount_e4": 25} for d in (1, 2)]
    plan = replace_tables(PLAN, last_year=table("last_year", lines))
    assert sliced(plan, grain="year")["last_year"].to_list() == [1]
    assert sliced(plan, grain="day")["last_year"].to_list()[:3] == [0, 0, 0]
    lines = [{"row": 0, "measure": "revenue", "date": date(2027, 1, 1), "amount_e4": e4} for e4 in (50,)]
    assert sliced(replace_tables(PLAN, last_year=table("last_year", lines)))["last_year"].to_list() == [1]


def test_rows_are_sorted_by_keys_then_dates():
    got = sliced(PLAN, "channel", "person", grain="month")
    assert got.equals(got.sort("channel", "person", "since"))
    assert got.columns == [
        "channel",
        "person",
        "since",
        "until",
        "period",
        "measure",
        "level",
        "amount",
        "decimals",
        "last_year",
    ]


def test_the_order_of_the_tables_is_irrelevant():
    tables = {name: frame.sample(fraction=1, shuffle=True, seed=3) for name, frame in PLAN.tables.items()}
    cuts = {step: frame.sample(fraction=1, shuffle=True, seed=4) for step, frame in PLAN.cuts.items()}
    shuffled = type(PLAN)(PLAN.settings, tables, cuts)
    for by in (("unit@1", "person"), ("customer", "person"), ("category",)):
        request = {"grain": "tenday", "level": "stretch"}
        assert sliced(shuffled, *by, **request).equals(sliced(PLAN, *by, **request))


def test_dates_outside_of_the_plan_are_clipped_with_a_warning():
    frame, issues = cut_slice(PLAN, Request(by=(), since=date(2020, 1, 1), until=date(2030, 1, 1)))
    assert [(i.rule, i.severity) for i in issues] == [("dates_clipped", "warning")]
    assert frame.select("since", "until", "amount").rows() == [(SINCE, UNTIL, 100_000)]


def test_an_empty_span_is_an_empty_slice():
    assert sliced(PLAN, "person", grain="month", since=date(2029, 1, 1), until=date(2030, 1, 1)).is_empty()
    assert sliced(PLAN, measure="price", since=date(2029, 1, 1)).is_empty()


def test_what_is_not_known_is_named_with_what_comes_near():
    assert rules(PLAN, by=("klass",), grain="mont", measure="revenu", level="must") == [
        "unknown_measure", "unknown_level", "unknown_grain", "unknown_dimension"]  # fmt: skip
    issue = cut_slice(PLAN, Request(by=("klass",)))[1][0]
    assert dict(issue.details)["nearest"] == "class"
    issue = cut_slice(PLAN, Request(under=(("unit", "The North"),)))[1][0]
    assert (issue.rule, dict(issue.details)["nearest"]) == ("unknown_key", "North")
    assert rules(PLAN, by=("person@1",)) == ["no_tree"]
    assert rules(PLAN, since=date(2027, 5, 2), until=date(2027, 5, 1)) == ["dates_reversed"]


def test_dimensions_that_the_plan_does_not_have_are_an_issue():
    plan = type(PLAN)(PLAN.settings, PLAN.tables, {})
    assert rules(plan, by=("customer", "channel")) == ["not_in_plan", "not_in_plan"]


def test_cuts_side_by_side_cannot_be_combined():
    assert rules(PLAN, by=("customer", "product")) == ["side_by_side"]
    assert rules(PLAN, by=("product",), under=(("customer", "c1"),)) == ["side_by_side"]
    assert rules(PLAN, by=("channel", "category@0", "person")) == ["side_by_side"]
    assert rules(NESTED, by=("channel", "category@0", "person")) == []


def test_reserved_members_may_be_asked_for_though_members_do_not_list_them():
    members = PLAN["members"].filter(pl.col("key") != "vacant:North")
    plan = replace_tables(PLAN, members=members)
    assert amounts(sliced(plan, "person", under=(("person", "vacant:North"),)), "person") == {"vacant:North": 19_999}


def test_a_cut_by_channel_has_the_history_of_the_customers_of_the_channel():
    channels = PLAN.cuts["customer"].group_by("row", maintain_order=True).agg(pl.col("commit", "extra").sum())
    channels = channels.select("row", pl.lit("web").alias("channel"), "commit", "extra")
    plan = type(PLAN)(PLAN.settings, PLAN.tables, {"channel": channels})
    assert sliced(plan, "channel").select("amount", "last_year").rows() == [(100_000, 7506)]
    assert sliced(plan, "channel", "person").select("person", "last_year").rows()[0] == ("Ana", 7506)
