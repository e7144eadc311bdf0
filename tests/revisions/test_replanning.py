"""Planning the rest anew: the past is what was sold, the year or the rest is kept, and nothing is ever negative."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import small_company as sc
from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import cut_periods
from quotum.engine.curves.running_totals import due
from quotum.engine.forecasting import forecast_nodes
from quotum.engine.planning import calendar_span, replan_plan, up_to
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.revisions.moves import list_moves
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.replan_settings import POLICIES, ReplanSettings

MARCH = date(2027, 3, 31)
CUSTOMERS = ("harbour", "inn", "kiosk", "lodge", "market", "pub", "spa", "camp")


@cache
def tea_plan(stretch: float = 10_000) -> Plan:
    """Return the tea house's plan of 10,000."""
    return sc.plan(sc.tea_house(), *sc.USUAL, stretch=stretch)


def with_sales(sales: list[dict], company: Company | None = None) -> Company:
    """Return the company after some more sales."""
    company = company or sc.tea_house()
    more = sc.table("sales", sales) if sales else company["sales"].clear()
    return replace(company, tables={**company.tables, "sales": pl.concat([company["sales"], more])})


def last_year_again(factor: float, company: Company | None = None) -> Company:
    """Return the company after a year in which everybody bought ``factor`` times what they bought before."""
    company = company or sc.tea_house()
    old = company["sales"].filter(pl.col("date").dt.year() == 2026)
    new = old.with_columns(
        pl.col("date").dt.offset_by("1y"), (pl.col("amount_e4") * factor).round().cast(pl.Int64).alias("amount_e4")
    )
    return replace(company, tables={**company.tables, "sales": pl.concat([company["sales"], new])})


def replan(company: Company, plan: Plan, as_of: date = MARCH, **rules: object) -> tuple[Plan | None, list[Issue]]:
    days, _ = sc._days("", *calendar_span(replace(plan.settings, as_of=as_of)))
    return replan_plan(company, plan, days, as_of, ReplanSettings(**rules))


def again(company: Company, plan: Plan, as_of: date = MARCH, **rules: object) -> Plan:
    made, issues = replan(company, plan, as_of, **rules)
    assert made is not None, issues
    return made


def running(plan: Plan, edges: list[date], layer: str = "commit") -> np.ndarray:
    return due(plan, plan["quotas"], edges, [layer])[layer]


def months_from(day: date) -> list[date]:
    return [day, *(p.until for p in cut_periods(day, date(2028, 1, 1), "month"))]


def test_months_behind_are_what_was_sold() -> None:
    sales = [sc.sale("market", 100, "2027-01-15"), sc.sale("market", 70.55, "2027-03-02"),
             sc.sale("inn", 30, "2027-02-15"), sc.sale("inn", 5, "2027-04-15")]  # fmt: skip
    made = again(with_sales(sales), tea_plan())
    assert sc.months(made, person="cy")[:3] == [10_000, 0, 7_055]
    assert sc.months(made, person="bo")[:3] == [0, 3_000, 0]
    assert sc.months(made)[:3] == [10_000, 3_000, 7_055]


def test_who_keeps_the_year_catches_up_in_the_shape_of_the_months_ahead() -> None:
    plan = tea_plan()
    made = again(last_year_again(0.5), plan)
    assert sc.numbers(made, "unit") == sc.numbers(plan, "unit")
    old, new = sc.months(plan, person="ana")[3:], sc.months(made, person="ana")[3:]
    factor = sum(new) / sum(old)
    assert factor > 1
    assert all(abs(n - factor * o) <= 3 for o, n in zip(old, new, strict=True))


def test_who_keeps_the_rest_moves_the_year() -> None:
    plan = tea_plan()
    made = again(last_year_again(0.5), plan, policy="keep-rest")
    assert sc.months(made)[3:] == sc.months(plan)[3:]
    sold = sum(sc.months(made)[:3])
    assert sum(sc.numbers(made).values()) == sold + sum(sc.months(plan)[3:]) == made.settings.targets[0].commit_minor


def test_the_outlook_is_what_the_forecast_says() -> None:
    plan, company = tea_plan(), last_year_again(0.5)
    made = again(company, plan, policy="outlook")
    wanted = replace(plan.settings, as_of=MARCH, since=date(2027, 4, 1))
    days, _ = sc._days("", *calendar_span(replace(plan.settings, as_of=MARCH)))
    found = forecast_nodes(up_to(company, MARCH), wanted, days, "revenue", ("unit", "person")).totals
    mean = dict(found.filter(pl.col("dimension") == "person").select("node", "mean_minor").iter_rows())
    assert sum(sc.months(made, person="cy")[3:]) == mean["cy"]


def test_a_cap_sends_the_gap_to_others_of_the_unit_and_tells_who_pays() -> None:
    sales = [sc.sale(c, 900, f"2027-0{m}-10") for c in CUSTOMERS if c != "market" for m in (1, 2, 3)]
    plan = tea_plan()
    made = again(with_sales(sales), plan, cap=1.1)
    before, after = sc.months(plan, person="cy")[3:], sc.months(made, person="cy")[3:]
    assert all(n <= o * 1.1 for o, n in zip(before, after, strict=True))
    moves = list_moves(plan, made)
    assert moves.filter(pl.col("siblings") > 0).height
    assert (moves["before"] + moves["actuals"] + moves["own"] + moves["siblings"] == moves["after"]).all()


def test_what_finds_no_room_is_a_conflict_with_the_amount() -> None:
    made, issues = replan(with_sales([]), tea_plan(), cap=1.05)
    assert made is None
    assert [issue.rule for issue in issues if issue.severity == "conflict"] == ["replan_no_room"]


def test_a_surplus_stays_or_relieves_the_others() -> None:
    company = with_sales([sc.sale("pub", 900, "2027-01-10")])  # more than Lou's whole year
    plan = tea_plan()
    stays, relieves = again(company, plan), again(company, plan, surplus="relieves")
    assert sc.numbers(stays)["lou"] == sc.numbers(relieves)["lou"] == 90_000
    assert sum(sc.numbers(stays).values()) == 1_000_000 + 90_000 - sc.numbers(plan)["lou"]
    assert sum(sc.numbers(relieves).values()) == 1_000_000
    assert sc.numbers(relieves)["cy"] < sc.numbers(stays)["cy"]
    assert sc.numbers(relieves, "unit")["North"] == sc.numbers(plan, "unit")["North"]


def test_returns_come_off_the_months_before_and_never_below_nothing() -> None:
    sales = [sc.sale("market", 100, "2027-01-15"), sc.sale("market", -30, "2027-02-15"),
             sc.sale("harbour", -30, "2027-02-15")]  # fmt: skip
    made, issues = replan(with_sales(sales), tea_plan())
    assert made is not None
    assert sc.months(made, person="cy")[:3] == [7_000, 0, 0]
    assert sc.months(made, person="ana")[:3] == [0, 0, 0]
    rules = {issue.rule: dict(issue.details) for issue in issues}
    assert rules["replan_below_zero"]["amount"] == "30.00"
    assert "replan_netted" in rules


def test_units_may_have_their_own_policy() -> None:
    plan = tea_plan()
    made = again(last_year_again(0.5), plan, units={"North": "keep-rest"})
    before, after = sc.numbers(plan, "unit"), sc.numbers(made, "unit")
    assert [after[name] == before[name] for name in ("South", "North", "Coast")] == [True, False, False]
    assert sc.months(made, person="bo")[3:] == sc.months(plan, person="bo")[3:]


def test_by_opportunity_the_rest_follows_the_forecast() -> None:
    plan, company = tea_plan(), last_year_again(0.5)
    smooth, strong = again(company, plan), again(company, plan, spread="opportunity")
    assert sc.numbers(smooth) == sc.numbers(strong)
    assert sc.months(smooth)[3:] != sc.months(strong)[3:]


def test_what_is_held_stays() -> None:
    plan, issues = revise_plan(tea_plan(), [
        Change("hold", (("person", "cy"),), "revenue", since=date(2027, 6, 1), until=date(2027, 7, 1))
    ])  # fmt: skip
    assert plan is not None, issues
    made = again(last_year_again(0.5), plan)
    assert sc.months(made, person="cy")[5] == sc.months(plan, person="cy")[5]
    assert sc.numbers(made, "unit") == sc.numbers(plan, "unit")


def test_the_stretch_keeps_its_year_too() -> None:
    plan = tea_plan(stretch=12_000)
    made = again(last_year_again(0.5), plan)
    assert sc.numbers(made, "unit", level="stretch") == sc.numbers(plan, "unit", level="stretch")
    assert sc.slice_of(made, grain="month", level="stretch")["amount"].to_list()[:3] == sc.months(made)[:3]


def test_who_helps_beyond_the_own_stretch_leaves_less_of_it_to_others() -> None:
    plan, company = tea_plan(stretch=10_050), last_year_again(1.2)
    sales = company["sales"].filter((pl.col("customer") != "market") | (pl.col("date") < date(2027, 1, 1)))
    later = replace(company, tables={**company.tables, "sales": sales})
    made = again(later, plan, cap=1.2, surplus="relieves")
    assert list_moves(plan, made)["siblings"].sum() > 0
    assert made.settings.targets == plan.settings.targets


def test_planning_anew_twice_takes_the_second_quarter_in() -> None:
    company = last_year_again(0.7)
    first = again(company, tea_plan())
    second = again(company, first, date(2027, 6, 30))
    assert sc.months(second)[:3] == sc.months(first)[:3]
    assert sum(sc.numbers(second).values()) == 1_000_000


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 1, 1)])
def test_a_day_outside_of_the_plan_is_refused(day: date) -> None:
    made, issues = replan(sc.tea_house(), tea_plan(), day)
    assert made is None
    assert [issue.rule for issue in issues] == ["replan_outside"]


SALES = st.lists(
    st.tuples(st.sampled_from(CUSTOMERS), st.integers(-400_00, 900_00), st.integers(0, 300)), max_size=12
)  # fmt: skip
RULES = st.fixed_dictionaries({
    "policy": st.sampled_from(POLICIES), "spread": st.sampled_from(("smooth", "opportunity")),
    "surplus": st.sampled_from(("stays", "relieves")), "floor": st.sampled_from((0.0, 0.8)),
    "cap": st.sampled_from((None, 1.5, 4.0)),
})  # fmt: skip


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(sales=SALES, rules=RULES, day=st.integers(0, 300), stretch=st.sampled_from((10_000, 11_000)))
def test_whatever_was_sold_sums_hold_and_nothing_is_negative(
    sales: list[tuple[str, int, int]], rules: dict, day: int, stretch: float
) -> None:
    lines = [sc.sale(c, amount / 100, str(date(2027, 1, 1) + timedelta(days=d))) for c, amount, d in sales]
    as_of = date(2027, 1, 1) + timedelta(days=day)
    plan = tea_plan(stretch)
    made, issues = replan(with_sales(lines), plan, as_of, **rules)
    mirrored, _ = replan(with_sales(lines[::-1]), plan, as_of, **rules)
    if made is None:
        assert {i.rule for i in issues if i.severity == "conflict"} == {"replan_no_room"}
        return
    assert mirrored is not None
    assert all(made[name].equals(mirrored[name]) for name in ("quotas", "deltas", "changes"))
    cut = as_of + timedelta(days=1)
    every = [date(2027, 1, 1) + timedelta(days=d) for d in range(366)]
    for layer in LAYERS:
        assert (np.diff(running(made, every, layer), axis=1) >= 0).all()
        for step, members in made.cuts.items():
            by_row = members.group_by("row").agg(pl.col(layer).sum()).sort("row")
            rows = made["quotas"].filter(pl.col("row").is_in(by_row["row"].implode()))
            assert by_row[layer].to_list() == rows[layer].to_list(), step
    target = made.settings.targets[0]
    assert made["quotas"]["commit"].sum() == target.commit_minor
    assert made["quotas"]["extra"].sum() == target.extra_minor
    ahead = months_from(cut)
    old, new = (np.diff(running(p, ahead), axis=1) for p in (plan, made))
    if rules["policy"] == "keep-rest":
        assert (old == new).all()
    if rules["policy"] == "keep-year" and not any(i.rule == "replan_ahead" for i in issues):
        assert target == plan.settings.targets[0]
    if rules["policy"] == "keep-year":
        assert (new >= np.ceil(old * rules["floor"] - 1e-6)).all()
        assert rules["cap"] is None or (new <= old * rules["cap"]).all()


def with_owner(customer: str, person: str, since: str, **people: dict) -> Company:
    """Return the tea house after a customer got another owner; ``people`` are told anew."""
    company = sc.tea_house()
    before = company["customers"].filter(pl.col("customer") == customer)["person"][0]
    lines = [{"customer": customer, "person": before, "since": "2020-01-01", "until": since},
             {"customer": customer, "person": person, "since": since}]  # fmt: skip
    ownership = pl.concat([company["ownership"], sc.table("ownership", lines)])
    staff = company["people"]
    for name, more in people.items():
        staff = pl.concat([staff.filter(pl.col("person") != name), sc.table("people", [{"person": name, **more}])])
    return replace(company, tables={**company.tables, "ownership": ownership, "people": staff})


def test_an_unchanged_company_hands_nothing_over() -> None:
    made = again(sc.tea_house(), tea_plan(), policy="keep-rest")
    assert "handover" not in made["changes"]["operation"].to_list()


def test_a_customer_that_changes_hands_takes_its_quota_along_from_its_day() -> None:
    plan = tea_plan()
    made = again(with_owner("inn", "ana", "2027-05-01"), plan, policy="keep-rest")
    old, new = ({name: sc.months(p, person=name) for name in ("ana", "bo")} for p in (plan, made))
    assert new["bo"][3] == old["bo"][3]
    for month in range(4, 12):
        moved = old["bo"][month] - new["bo"][month]
        assert moved > 0
        assert moved == new["ana"][month] - old["ana"][month]
    members = sc.slice_of(made, "person", "customer")
    of_ana = dict(members.filter(pl.col("person") == "ana").select("customer", "amount").iter_rows())
    assert of_ana["inn"] == sum(old["bo"][m] - new["bo"][m] for m in range(4, 12))


def test_a_newcomer_gets_a_row_and_only_what_is_handed_over() -> None:
    plan = tea_plan()
    company = with_owner("market", "new", "2027-06-01", new={"unit": "South", "hired": "2027-06-01"})
    made = again(company, plan, policy="keep-rest")
    months = sc.months(made, person="new")
    assert months[:5] == [0] * 5
    assert all(month > 0 for month in months[5:])
    assert sc.months(made)[3:] == sc.months(plan)[3:]
    members = sc.slice_of(made, "person", "customer").filter(pl.col("person") == "new", pl.col("amount") > 0)
    assert members["customer"].to_list() == ["market"]


def test_who_leaves_keeps_nothing() -> None:
    plan, company = tea_plan(), sc.tea_house()
    staff = company["people"].with_columns(
        left=pl.when(pl.col("person") == "ana").then(date(2027, 9, 1)).otherwise("left")
    )
    made = again(replace(company, tables={**company.tables, "people": staff}), plan, policy="keep-rest")
    assert sc.months(made, person="ana")[8:] == [0, 0, 0, 0]
    assert sc.months(made, person="vacant:North")[8:] == sc.months(plan, person="ana")[8:]
    assert sc.months(made, unit="North")[3:] == sc.months(plan, unit="North")[3:]
