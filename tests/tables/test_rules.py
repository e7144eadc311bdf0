"""Each rule finds what it is named for, and says where."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from quotum.engine.tables.cleaning import clean_company
from quotum.engine.tables.company import Company, Source
from quotum.engine.tables.plan_settings import PlanSettings, Target
from quotum.engine.tables.rules import check_company
from quotum.engine.tables.schema import TABLES

SETTINGS = PlanSettings("Test", dt.date(2027, 1, 1), dt.date(2028, 1, 1), dt.date(2026, 12, 31), (), (), {})


def company(**tables):
    """Return a company of the named tables, given as lists of rows; lines begin at 2."""
    base = {
        "units": [{"unit": "all"}],
        "people": [{"person": "ann", "unit": "all"}],
        "customers": [{"customer": "C1", "person": "ann"}],
    }
    frames = {
        name: pl.DataFrame(rows, schema=TABLES[name].schema, orient="row") for name, rows in {**base, **tables}.items()
    }
    return Company.of(frames, {name: Source(f"{name}.csv") for name in frames})


def found(world, rule, settings=None):
    """Return (table, line, column, value) of the findings of a rule."""
    return [(i.table, i.line, i.column, i.value) for i in check_company(world, settings) if i.rule == rule]


def test_a_sound_company_has_no_findings():
    assert check_company(company(), SETTINGS) == []


def test_required_values():
    world = company(people=[{"person": "ann", "unit": "all"}, {"person": None, "unit": "all"}])
    assert found(world, "value_missing") == [("people", 3, "person", "")]


def test_ranges_and_choices():
    world = company(
        customers=[{"customer": "C1", "person": "ann", "lat": 91.0, "lon": 0.0}],
        locks=[
            {
                "measure": "revenue",
                "layer": "comit",
                "dimension": "person",
                "key": "ann",
                "kind": "floor",
                "amount_e4": -1,
            }
        ],
    )
    assert found(world, "out_of_range") == [("customers", 2, "lat", "91.0"), ("locks", 2, "amount", "-0.0001")]
    assert found(world, "unknown_choice") == [("locks", 2, "layer", "comit")]


def test_duplicate_keys_name_all_lines():
    world = company(customers=[{"customer": key, "person": "ann"} for key in ("C1", "C2", "C1", "C3", "C1", "C2")])
    issues = [i for i in check_company(world) if i.rule == "key_twice"]
    assert [(i.value, i.line, dict(i.details)) for i in issues] == [
        ("C1", 4, {"rows": "3", "lines": "2, 4, 6"}), ("C2", 7, {"rows": "2", "lines": "3, 7"})]  # fmt: skip


def test_orphans_come_once_a_key_with_the_nearest_name():
    world = company(
        sales=[{"date": dt.date(2026, 12, 20), "customer": key, "amount_e4": 1} for key in ("C1", "c1x", "C9", "C9")]
    )
    issues = [i for i in check_company(world) if i.rule == "orphan_key"]
    assert [(i.value, i.line, dict(i.details)["rows"], i.severity) for i in issues] == [
        ("c1x", 3, "1", "error"), ("C9", 4, "2", "error")]  # fmt: skip
    assert dict(issues[0].details)["nearest"] == "C1"


def test_orphans_among_very_many_keys():
    keys = [f"C{k:06d}" for k in range(20_000)]
    world = company(
        customers=[{"customer": key, "person": "ann"} for key in keys],
        sales=[{"date": dt.date(2026, 12, 20), "customer": key, "amount_e4": 1} for key in [*keys, "C020000", None]],
    )
    assert found(world, "orphan_key") == [("sales", 20_002, "customer", "C020000")]


def test_a_table_that_was_not_given_is_one_warning_and_an_unreadable_one_none():
    rows = [{"date": dt.date(2026, 12, 20), "customer": "C1", "product": key, "amount_e4": 1} for key in "ab"]
    assert found(company(sales=rows), "table_not_given") == [("sales", None, "product", "")]
    world = company(sales=rows)
    world = Company.of(world.tables, world.sources, frozenset(["products"]))
    assert [i.rule for i in check_company(world)] == []


def test_trees_have_no_circles_and_one_top():
    units = [("all", None), ("self", "self"), ("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("two", None)]
    world = company(units=[{"unit": unit, "parent": parent} for unit, parent in units])
    issues = check_company(world)
    assert found(world, "own_parent") == [("units", 3, "parent", "self")]
    assert [dict(i.details)["members"] for i in issues if i.rule == "circle"] == ["a, b, c, a"]
    assert [dict(i.details)["members"] for i in issues if i.rule == "several_tops"] == ["all, two"]


def test_areas_may_have_several_tops():
    assert check_company(company(areas=[{"area": "x"}, {"area": "y"}])) == []


def owned(*rows):
    """Return a company whose customer C1 is owned by (person, since, until, share)."""
    people = [{"person": name, "unit": "all"} for name in ("ann", "bob", "cid")]
    day = lambda text: dt.date.fromisoformat(text) if text else None  # noqa: E731
    return company(
        people=people,
        ownership=[
            {"customer": "C1", "person": who, "since": day(a), "until": day(b), "share": share}
            for who, a, b, share in rows
        ],
    )


@pytest.mark.parametrize(
    ("rows", "rule", "line", "span"),
    [
        (
            [("ann", "2026-01-01", "2026-07-01", None), ("bob", "2026-06-01", None, 1.0)],
            "shares_above_one",
            3,
            ("2026-06-01", "2026-07-01"),
        ),
        (
            [("ann", "2026-01-01", "2026-05-01", None), ("bob", "2026-06-01", None, 1.0)],
            "owner_gap",
            3,
            ("2026-05-01", "2026-06-01"),
        ),
        (
            [("ann", "2026-01-01", None, 0.5), ("bob", "2026-03-01", None, 0.5)],
            "shares_below_one",
            2,
            ("2026-01-01", "2026-03-01"),
        ),
        (
            [("ann", "2026-01-01", None, 0.6), ("bob", "2026-01-01", None, 0.6)],
            "shares_above_one",
            2,
            ("2026-01-01", ""),
        ),
    ],
)
def test_owners_of_a_day_make_one_whole(rows, rule, line, span):
    issues = [i for i in check_company(owned(*rows)) if i.table == "ownership"]
    assert [(i.rule, i.value) for i in issues] == [(rule, "C1")]
    assert (dict(issues[0].details)["since"], dict(issues[0].details)["until"]) == span


def test_hand_overs_and_thirds_are_fine():
    assert check_company(owned(("ann", "2026-01-01", "2026-06-01", None), ("bob", "2026-06-01", None, None))) == []
    assert check_company(owned(*((who, "2026-01-01", None, 0.333) for who in ("ann", "bob", "cid")))) == []


def test_periods_run_forwards():
    world = owned(("ann", "2026-01-01", "2026-01-01", None))
    assert found(world, "until_not_after_since") == [("ownership", 2, "until", "2026-01-01")]


def test_employment_and_absences():
    day = dt.date
    world = company(
        people=[{"person": "ann", "unit": "all", "hired": day(2026, 1, 1), "left": day(2026, 6, 1)},
                {"person": "bob", "unit": "all", "hired": day(2026, 1, 1), "left": day(2025, 1, 1)}],
        absences=[{"person": "ann", "since": day(2026, 7, 1), "until": day(2026, 7, 8)},
                  {"person": "ann", "since": day(2026, 5, 1), "until": day(2026, 7, 8)}],
    )  # fmt: skip
    assert found(world, "left_before_hired") == [("people", 3, "left", "2025-01-01")]
    assert found(world, "absence_outside") == [("absences", 2, "since", "2026-07-01")]


def sold(*lines):
    """Return a company with sales of (date, amount in ten-thousandths, status)."""
    return company(
        sales=[
            {"date": dt.date.fromisoformat(day), "customer": "C1", "amount_e4": amount, "status": status}
            for day, amount, status in lines
        ]
    )


def test_returns_and_cancelled_lines_are_counted():
    world = sold(
        ("2026-12-20", 5, None),
        ("2026-12-20", -15_000, "done"),
        ("2026-12-20", 7, " Cancelled"),
        ("2026-12-20", 7, "已取消"),
    )
    issues = {i.rule: i for i in check_company(world, SETTINGS)}
    assert (issues["returns_kept"].value, issues["returns_kept"].line, issues["returns_kept"].severity) == (
        "-1.5",
        3,
        "note",
    )
    assert dict(issues["cancelled_left_out"].details)["rows"] == "2"
    cleaned = clean_company(world)
    assert cleaned["sales"]["amount_e4"].to_list() == [5, -15_000]
    assert [cleaned.sources["sales"].line(row) for row in (0, 1)] == [2, 3]


def test_places_at_zero_are_unknown():
    world = company(
        customers=[
            {"customer": "C1", "person": "ann", "lat": 0.0, "lon": 0.0},
            {"customer": "C2", "person": "ann", "lat": 0.0, "lon": 9.0},
        ]
    )
    assert found(world, "zero_coordinates") == [("customers", 2, "lat", "0, 0")]
    assert clean_company(world)["customers"].select("lat", "lon").rows() == [(None, None), (0.0, 9.0)]


def test_customers_without_owner_are_counted():
    world = company(customers=[{"customer": "C1", "person": "ann"}, {"customer": "C2"}, {"customer": "C3"}],
                    ownership=[{"customer": "C3", "person": "ann", "since": dt.date(2026, 1, 1)}])  # fmt: skip
    assert [dict(i.details) for i in check_company(world) if i.rule == "no_owner"] == [{"rows": "1", "example": "C2"}]


def test_a_history_that_ends_early_names_both_dates():
    issues = check_company(sold(("2026-11-20", 5, None), ("2027-02-01", 5, None)), SETTINGS)
    details = {i.rule: dict(i.details) for i in issues}
    assert (details["history_ends_early"]["last"], details["history_ends_early"]["as_of"]) == (
        "2026-11-20",
        "2026-12-31",
    )
    assert (details["history_after_as_of"]["rows"], details["history_after_as_of"]["latest"]) == ("1", "2027-02-01")
    assert found(sold(("2026-12-01", 5, None)), "history_ends_early", SETTINGS) == []
    assert found(sold(("2027-02-01", 5, None)), "history_missing", SETTINGS) == [("sales", None, "date", "")]


def test_rows_outside_of_the_plan():
    day = dt.date
    lock = {
        "measure": "revenue",
        "layer": "commit",
        "dimension": "person",
        "key": "ann",
        "kind": "floor",
        "amount_e4": 1,
    }
    world = company(
        locks=[{**lock, "since": day(2026, 1, 1), "until": day(2027, 1, 1)}, {**lock, "since": day(2027, 3, 1)}],
        events=[
            {"since": day(2026, 1, 1), "until": day(2026, 2, 1), "effect": 2.0},
            {"since": day(2028, 1, 1), "until": day(2028, 2, 1), "effect": 2.0},
        ],
    )
    assert found(world, "outside_plan", SETTINGS) == [
        ("locks", 2, "since", "2026-01-01"),
        ("events", 3, "since", "2028-01-01"),
    ]


def test_a_measure_without_a_target_is_told_once_a_table():
    lock = {"measure": "revenu", "layer": "commit", "dimension": "person", "key": "ann", "kind": "cap", "amount_e4": 1}
    wish = {"person": "ann", "measure": "units", "layer": "commit", "amount_e4": 1}
    world = company(locks=[{**lock, "measure": "revenue"}, lock, lock], proposals=[wish])
    wanted = replace(SETTINGS, targets=(Target("revenue", 1, 1),))
    assert found(world, "measure_without_target", wanted) == [
        ("locks", 3, "measure", "revenu"),
        ("proposals", 2, "measure", "units"),
    ]


def test_members_of_locks_and_scopes_must_exist():
    lock = {"measure": "revenue", "layer": "commit", "kind": "floor", "amount_e4": 1}
    event = {"since": dt.date(2027, 1, 1), "until": dt.date(2027, 2, 1), "effect": 2.0}
    world = company(
        locks=[{**lock, "dimension": "persn", "key": "ann"}, {**lock, "dimension": "person", "key": "anna"},
               {**lock, "dimension": "person", "key": "vacant:all"}],
        events=[{**event, "scope": "unit=all"}, {**event, "scope": "unit=al"}, {**event, "scope": "all"}],
    )  # fmt: skip
    assert found(world, "unknown_dimension") == [("locks", 2, "dimension", "persn")]
    assert found(world, "orphan_key") == [("locks", 3, "key", "anna"), ("events", 3, "scope", "al")]
    assert found(world, "unknown_scope") == [("events", 4, "scope", "all")]


def test_sums_stay_within_whole_numbers():
    assert found(sold(*[("2026-12-20", 10**18 - 1, None)] * 2), "sum_too_large") == [("sales", None, "amount", "2e+14")]


def test_findings_of_one_kind_are_counted_not_listed_for_ever():
    world = company(sales=[{"date": None, "customer": "C1", "amount_e4": 1}] * 1000)
    issues = [i for i in check_company(world) if i.rule == "value_missing"]
    assert (len(issues), issues[-1].more) == (200, 800)
