"""Whether targets can be met: chances against the forecast, the five rules, coming events, and what is missing."""

from dataclasses import replace
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as drawing
from hypothesis import strategies as st

from quotum.adapters.calendars import list_days
from quotum.engine.planning import assess_targets, calendar_span, keep_feasibility
from quotum.engine.tables.feasibility_settings import FeasibilitySettings
from quotum.engine.tables.feasibility_tables import FEASIBILITY_SCHEMAS
from quotum.engine.tables.plan_settings import AlongStep
from quotum.engine.targets import assess_feasibility
from small_company import PERSON, UNIT, each_month, firm, plan, sale, settings, table, tea_house

QUARTERS = {f"2027-Q{k}": (f"focus {k}",) for k in range(1, 5)}


def assess(company, wanted):
    days, _ = list_days(wanted.country, *calendar_span(wanted))
    return assess_targets(company, wanted, days)


@cache
def tea(commit=11_000.0, stretch=12_000.0):
    return assess(tea_house(), settings(commit=commit, stretch=stretch))


def line(found, level="commit", dimension="company", node=""):
    at = (pl.col("dimension") == dimension) & (pl.col("node") == node) & (pl.col("level") == level)
    return found.nodes.row(by_predicate=at, named=True)


def rules(found):
    return [issue.rule for issue in found.issues]


def test_the_company_is_beside_last_year_its_average_and_the_forecast():
    found = line(tea())
    assert found["basis"] == "own"
    assert found["target_minor"] == 1_100_000
    assert found["growth"] == pytest.approx(found["target_minor"] / found["last_year_minor"] - 1)
    assert found["growth_on_average"] > found["growth"]  # the years before were smaller
    assert found["low_minor"] <= found["mean_minor"] <= found["high_minor"]


@given(st.lists(st.integers(5_000, 20_000), min_size=2, max_size=2, unique=True).map(sorted))
@drawing(max_examples=5, deadline=None)
def test_a_higher_target_never_has_a_better_chance(amounts):
    chances = [line(tea(amount, amount))["chance"] for amount in amounts]
    assert chances[0] >= chances[1]
    assert 0 <= chances[1] <= chances[0] <= 1


def test_out_of_reach_is_a_warning_and_easy_is_not():
    assert "chance_low" in [issue.rule for issue in tea(50_000.0, 50_000.0).warnings]
    easy = tea(5_000.0, 5_000.0)
    assert easy.warnings == []
    assert easy.rules["achievable"]
    assert not tea(50_000.0, 50_000.0).rules["achievable"]


def test_units_and_people_are_asked_for_last_years_part_unless_they_have_their_own():
    company = tea_house()
    own = table("locks", [{"measure": "revenue", "layer": "commit", "dimension": "person", "key": "bo", "kind": "lock",
                           "amount": 4_000}])  # fmt: skip
    company = replace(company, tables={**company.tables, "locks": own})
    found = assess(company, settings(commit=11_000, stretch=12_000))
    north, bo = line(found, dimension="unit", node="North"), line(found, dimension="person", node="bo")
    whole = line(found)
    assert north["basis"] == "last_year"
    assert north["target_minor"] / whole["target_minor"] == pytest.approx(
        north["last_year_minor"] / whole["last_year_minor"], abs=1e-4
    )
    assert (bo["basis"], bo["target_minor"]) == ("own", 400_000)


def test_the_order_of_rows_does_not_matter_and_the_same_input_gives_the_same_tables():
    company = tea_house()
    turned = replace(company, tables={name: frame.reverse() for name, frame in company.tables.items()})
    one, other = tea(), assess(turned, settings(commit=11_000, stretch=12_000))
    assert all(frame.equals(other.tables()[name]) for name, frame in one.tables().items())
    assert one.issues == other.issues


def test_without_history_it_says_what_is_asked_and_what_is_missing():
    found = assess(firm({"ana": "North"}), settings(commit=100))
    assert line(found)["chance"] is None
    assert line(found)["target_minor"] == 10_000
    [told] = [issue for issue in found.issues if issue.rule == "rule_not_grounded"]
    assert told.value == "forecast, customers, prospects, competition"
    assert dict(told.details)["tables"] == "sales, customers, projects, market"


def test_a_single_month_of_history_gives_no_chance():
    found = assess(firm({"ana": "North"}, {"inn": "ana"}, [sale("inn", 50, "2026-12-03")]), settings(commit=100))
    assert line(found)["mean_minor"] > 0
    assert line(found)["chance"] is None


def test_a_measure_without_a_forecast_stands_alone():
    found = assess_feasibility(tea_house(), settings(commit=100), {})
    assert found.nodes["dimension"].unique().to_list() == ["company"]
    assert found.nodes["chance"].null_count() == len(found.nodes)
    assert found.customers.is_empty()


def test_the_five_rules_are_met_one_by_one():
    wanted = settings(UNIT, PERSON, commit=9_000, focus={**QUARTERS, "2027-Q3": ("a", "b")})
    found = assess(tea_house(), wanted)
    assert {"rule_not_linked", "rule_many_focuses", "rule_not_grounded"} <= set(rules(found))
    assert "rule_no_focus" not in rules(found)
    assert found.rules == {"quantified": True, "grounded": False, "achievable": False, "focused": False, "dated": True}
    linked = assess(tea_house(), settings(UNIT, PERSON, AlongStep("calendar"), commit=9_000, focus=QUARTERS))
    assert linked.rules["achievable"]
    assert linked.rules["focused"]


def test_a_target_of_nothing_is_not_quantified():
    assert "rule_not_quantified" in rules(assess(tea_house(), settings(commit=0)))


def test_events_that_begin_soon_are_told_with_the_days_left():
    company = tea_house()
    soon = table("events", [
        {"since": "2027-01-20", "until": "2027-02-01", "kind": "fair", "scope": "unit=North", "effect": 1.5},
        {"since": "2027-06-08", "until": "2027-06-22", "kind": "fair", "effect": 1.5},
    ])  # fmt: skip
    company = replace(company, tables={**company.tables, "events": soon})
    [told] = [issue for issue in assess(company, settings()).issues if issue.rule == "event_ahead"]
    assert (told.value, dict(told.details)["days"], dict(told.details)["effect"]) == ("fair", "20", "1.5")
    patient = settings(feasibility=FeasibilitySettings(lead_days=200))
    assert rules(assess(company, patient)).count("event_ahead") == 2


def test_growth_beyond_every_year_that_was_is_told():
    assert "growth_never_seen" in rules(tea(20_000.0, 20_000.0))
    assert "growth_never_seen" not in rules(tea(8_000.0, 8_000.0))


def test_customers_that_are_missing_are_told():
    sales = [line for name in ("inn", "pub") for year in (2024, 2025, 2026) for line in each_month(name, 100, year)]
    sales += [sale("spa", 100, f"2026-{month:02}-05") for month in (7, 9, 11)]
    found = assess(firm({"ana": "North"}, dict.fromkeys(("inn", "pub", "spa"), "ana"), sales), settings(commit=20_000))
    [said] = [dict(issue.details) for issue in found.issues if issue.rule == "customers_missing"]
    assert int(said["needed"]) >= int(said["missing"]) > 0


def test_a_plan_keeps_what_was_said():
    kept = keep_feasibility(plan(tea_house(), UNIT, PERSON, commit=11_000), tea())
    for name, schema in FEASIBILITY_SCHEMAS.items():
        assert dict(kept[name].schema) == schema


def test_every_measure_has_its_lines():
    targets = settings().targets
    wanted = settings(targets=(*targets, replace(targets[0], measure="units", commit_minor=200, stretch_minor=220)))
    found = assess(tea_house(), wanted)
    measures = found.nodes.filter(pl.col("dimension") == "company")["measure"]
    assert measures.unique().sort().to_list() == ["revenue", "units"]
