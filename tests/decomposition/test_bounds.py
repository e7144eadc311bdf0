"""Floors and caps: times the same dates a year earlier, or amounts and locks of the planner."""

from dataclasses import replace

import pytest

from small_company import CUSTOMER, FLAT, PERSON, UNIT, firm, issues_of, numbers, plan, reasons, refusal, sale

TWO, OWN = {"ana": "North", "bo": "South"}, {"a": "ana", "b": "bo"}
THREE, THEIRS = {**TWO, "cy": "South"}, {**OWN, "c": "cy"}
SALES = [sale("a", 5000), sale("b", 3000), sale("c", 1000)]


def lock(key, kind, amount, layer="commit", dimension="person", **more):
    return {"measure": "revenue", "layer": layer, "dimension": dimension, "key": key, "kind": kind, "amount": amount,
            **more}  # fmt: skip


def locked(*locks, sales=SALES, **more):
    return firm(THREE, THEIRS, sales, locks=locks, **more)


def test_a_cap_of_last_year_passes_the_rest_on_in_proportion():
    """9,000 to split 5 : 3 : 1 makes 5,000, 3,000, 1,000; last year of Ana was 5,000: she gets at most 0.9 of it."""
    made = plan(locked(sales=[*SALES, sale("b", 600, "2025-01-01"), sale("c", 200, "2025-01-01")]),
                replace(PERSON, cap=0.9, floor=0.1), commit=8100)  # fmt: skip
    assert numbers(made) == {"ana": 4500_00, "bo": 2700_00, "cy": 900_00}
    assert {p: line["why"] for p, line in reasons(made, "person").items()} == {"ana": "cap", "bo": "cap", "cy": "cap"}


def test_who_is_below_the_floor_is_raised_and_the_others_pay_in_proportion():
    """5 : 3 : 1 of last year, but three years' weights favour Ana: the others keep 0.95 of last year."""
    sales = [*SALES, sale("a", 9000, "2025-03-01")]
    made = plan(locked(sales=sales), replace(PERSON, floor=0.95), commit=9000)
    assert numbers(made) == {"ana": 5200_00, "bo": 2850_00, "cy": 950_00}
    lines = reasons(made, "person")
    assert (lines["bo"]["why"], lines["bo"]["floor"], lines["ana"]["why"]) == ("floor", 2850_00, "free")


def test_ratio_bounds_are_made_whole_floors_up_caps_down():
    sales = [sale("a", 33.33), sale("b", 66.67)]
    made = plan(firm(TWO, OWN, sales), replace(PERSON, floor=0.5, cap=1.5), commit=100)
    lines = reasons(made, "person")
    assert (lines["ana"]["floor"], lines["ana"]["cap"]) == (1667, 4999)
    assert (lines["bo"]["floor"], lines["bo"]["cap"]) == (3334, 10000)


def test_ratio_bounds_compare_with_the_same_dates_only():
    from datetime import date

    sales = [sale("a", 100, "2026-03-01"), sale("a", 10, "2026-08-01"), sale("b", 10, "2026-08-01")]
    made = plan(firm(TWO, OWN, sales), replace(PERSON, cap=2.0), since=date(2027, 7, 1), commit=30)
    assert {line["cap"] for line in reasons(made, "person").values()} == {2000.0}


def test_ratio_bounds_do_not_reach_members_without_history_and_the_reason_says_so():
    sales = [sale("a", 5000), sale("b", 3000), sale("c", 1000, "2025-01-01")]
    made = plan(locked(sales=sales), replace(PERSON, cap=1.0), commit=12_000)
    assert numbers(made) == {"ana": 5000_00, "bo": 3000_00, "cy": 4000_00}
    line = reasons(made, "person")["cy"]
    assert (line["why"], line["cap"]) == ("no_history", None)


def test_members_of_weight_nothing_stay_at_their_floor():
    step = replace(PERSON, basis=(("manual", 1.0),), weights={"ana": 1, "bo": 1})
    made = plan(locked(lock("cy", "floor", 700)), step, commit=9000)
    assert numbers(made) == {"ana": 4150_00, "bo": 4150_00, "cy": 700_00}


def test_vacant_places_are_free_of_ratio_bounds():
    """What nobody owns must not be held to 0.5 of its past when the others are full."""
    company = firm(TWO, {**OWN, "v": None}, [sale("a", 100), sale("b", 100), sale("v", 100)])
    made = plan(company, replace(PERSON, cap=0.5), commit=1000)
    assert numbers(made) == {"ana": 50_00, "bo": 50_00, "vacant:Firm": 900_00}


def test_a_lock_fixes_a_member_and_the_others_share_what_is_left():
    made = plan(locked(lock("bo", "lock", 1234.56)), PERSON, commit=9000)
    assert numbers(made) == {"ana": 6471_20, "bo": 1234_56, "cy": 1294_24}
    assert reasons(made, "person")["bo"]["why"] == "lock"


def test_a_floor_and_a_cap_from_the_table_bind_only_who_they_name():
    made = plan(locked(lock("cy", "floor", 2000), lock("ana", "cap", 4000)), PERSON, commit=9000)
    assert numbers(made) == {"ana": 4000_00, "bo": 3000_00, "cy": 2000_00}
    assert {p: line["why"] for p, line in reasons(made, "person").items()} == {
        "ana": "cap", "bo": "free", "cy": "floor",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["floor", "lock", "cap"])
def test_amounts_of_the_table_win_over_ratios(kind):
    """Ratios of 0.9 to 1.1 would hold Bo between 2,700 and 3,300."""
    amount = {"floor": 4000, "lock": 500, "cap": 1000}[kind]
    made = plan(locked(lock("bo", kind, amount)), replace(PERSON, floor=0.5, cap=1.5), commit=9000)
    assert numbers(made)["bo"] == {"floor": 4000_00, "lock": 500_00, "cap": 1000_00}[kind]


def test_locks_that_contradict_one_another_are_a_conflict_not_a_choice():
    company = locked(lock("bo", "floor", 4000), lock("bo", "cap", 1000))
    [issue] = refusal(company, PERSON, commit=9000)
    assert issue.severity == "conflict"
    assert issue.value == "bo"


def test_an_expired_lock_and_one_of_another_measure_do_not_bind():
    company = locked(lock("bo", "lock", 1, expires="2026-12-31"), {**lock("cy", "lock", 1), "measure": "units"})
    assert numbers(plan(company, PERSON, commit=9000)) == {"ana": 5000_00, "bo": 3000_00, "cy": 1000_00}


def test_a_lock_whose_dates_cover_the_plan_binds_the_whole_of_it():
    company = locked(lock("bo", "lock", 500, since="2026-01-01", until="2028-01-01"))
    assert numbers(plan(company, PERSON, commit=9000))["bo"] == 500_00


def test_a_lock_that_finds_nobody_is_told():
    [issue] = issues_of(locked(lock("zoe", "lock", 500)), PERSON, commit=9000)
    assert (issue.rule, issue.severity, issue.value) == ("lock_without_member", "warning", "zoe")
    [issue] = issues_of(locked(lock("c", "lock", 500, dimension="customer")), PERSON, commit=9000)
    assert issue.rule == "lock_without_step"


def test_stretch_is_split_like_commit():
    made = plan(locked(), PERSON, commit=9000, stretch=10_800)
    assert numbers(made, level="stretch") == {"ana": 6000_00, "bo": 3600_00, "cy": 1200_00}


def test_a_lock_on_extra_leaves_commit_alone():
    made = plan(locked(lock("cy", "lock", 0, "extra")), PERSON, commit=9000, stretch=10_000)
    assert numbers(made)["cy"] == 1000_00
    assert numbers(made, level="stretch") == {"ana": 5625_00, "bo": 3375_00, "cy": 1000_00}


@pytest.mark.parametrize(("kind", "amount"), [("lock", 1500), ("floor", 1500), ("cap", 1050)])
def test_a_lock_on_stretch_reaches_extra_as_what_is_left_beyond_commit(kind, amount):
    made = plan(locked(lock("cy", kind, amount, "stretch")), PERSON, commit=9000, stretch=10_000)
    assert numbers(made)["cy"] == 1000_00
    assert numbers(made, level="stretch")["cy"] == amount * 100


@pytest.mark.parametrize("kind", ["lock", "cap"])
def test_a_stretch_held_below_commit_is_a_conflict(kind):
    [issue] = refusal(locked(lock("cy", kind, 900, "stretch")), PERSON, commit=9000, stretch=10_000)
    assert (issue.rule, issue.severity, issue.value) == ("stretch_below_commit", "conflict", "cy")
    assert dict(issue.details) == {"amount": "900.00", "commit": "1,000.00"}


def test_a_lock_on_stretch_may_be_the_commit_itself():
    made = plan(locked(lock("cy", "lock", 1000, "stretch")), PERSON, commit=9000, stretch=10_000)
    assert numbers(made, level="stretch")["cy"] == 1000_00


def test_a_stretch_cap_reaches_extra_as_cap_minus_commit():
    """Commit alone gives Ana 5,000 of the 5,250 that 1.05 allows: 250 are left for her extra."""
    sales = [*SALES, sale("c", 1000, "2025-01-01")]
    made = plan(locked(sales=sales), replace(PERSON, stretch_cap=1.05), commit=9000, stretch=9500)
    stretch = numbers(made, level="stretch")
    assert sum(stretch.values()) == 9500_00
    assert stretch["cy"] - numbers(made)["cy"] == 0  # commit is beyond the cap already
    assert stretch["ana"] <= 5250_00
    assert stretch["bo"] <= 3150_00


def test_a_lock_on_an_inner_unit_holds_for_all_below_it():
    units = {"Firm": None, "North": "Firm", "Coast": "North", "Hills": "North", "South": "Firm"}
    people = {"ana": "Coast", "bo": "Hills", "cy": "South"}
    company = firm(people, THEIRS, SALES, units=units, locks=[lock("North", "lock", 2000, dimension="unit")])
    made = plan(company, UNIT, PERSON, commit=9000)
    assert numbers(made) == {"ana": 1250_00, "bo": 750_00, "cy": 7000_00}


def test_floors_beyond_the_total_name_the_parent_its_total_and_the_members():
    [issue] = refusal(locked(lock("ana", "floor", 5000), lock("cy", "floor", 4500)), PERSON, commit=9000)
    assert (issue.rule, issue.severity, issue.column) == ("floors_exceed_total", "conflict", "person")
    details = dict(issue.details)
    assert (details["total"], details["bounds"]) == ("9,000.00", "9,500.00")
    assert details["members"].startswith("ana (5,000.00), cy (4,500.00)")


def test_caps_below_the_total_of_an_inner_parent_name_it():
    people = {"ana": "North", "bo": "South", "cy": "South"}
    company = firm(people, THEIRS, SALES, locks=[lock("bo", "cap", 1000), lock("cy", "cap", 1000)])
    [issue] = refusal(company, UNIT, PERSON, commit=9000)
    assert (issue.rule, issue.value) == ("caps_fall_short", "unit=South")
    assert dict(issue.details)["total"] == "4,000.00"


def test_all_conflicts_come_at_once():
    people = {"ana": "North", "bo": "South", "cy": "South"}
    company = firm(people, THEIRS, SALES, locks=[lock("ana", "cap", 1), lock("bo", "cap", 1), lock("cy", "cap", 1)])
    assert {i.value for i in refusal(company, UNIT, PERSON, commit=9000)} == {"unit=North", "unit=South"}


def test_a_lock_on_a_name_below_several_parents_binds_the_sum():
    people = {"ana": "North", "bo": "South"}
    customers = [{"customer": "a", "class": "VIP"}, {"customer": "b", "class": "VIP"}, {"customer": "b2", "class": "C"}]
    company = firm(people, {**OWN, "b2": "bo"}, [*SALES[:2], sale("b2", 100)], customers=customers,
                   locks=[lock("VIP", "lock", 8000, dimension="class")])  # fmt: skip
    step = replace(PERSON, name="class", across="class")
    assert numbers(plan(company, UNIT, step), "class") == {"VIP": 8000_00, "C": 2000_00}
    assert numbers(plan(company, UNIT, step), "unit") == numbers(plan(company, UNIT), "unit")
    [issue] = refusal(company, UNIT, replace(step, lot_minor={"revenue": 1000}))
    assert (issue.rule, issue.value) == ("lock_on_several", "VIP")


def test_new_business_takes_what_the_caps_of_customers_leave():
    company = firm(TWO, {**OWN, "a2": "ana"}, [sale("a", 100), sale("a2", 100), sale("b", 400)])
    made = plan(company, PERSON, FLAT, replace(CUSTOMER, cap=1.1), commit=900)
    assert numbers(made) == {"ana": 300_00, "bo": 600_00}
    assert numbers(made, "customer") == {"a": 110_00, "a2": 110_00, "b": 440_00, "new_business:ana": 80_00,
                                         "new_business:bo": 160_00}  # fmt: skip


def test_new_business_is_nothing_where_customers_can_bring_it_all():
    company = firm(TWO, OWN, [sale("a", 100), sale("b", 100)])
    made = plan(company, PERSON, FLAT, replace(CUSTOMER, cap=2.0), commit=300)
    assert numbers(made, "customer") == {"a": 150_00, "b": 150_00, "new_business:ana": 0, "new_business:bo": 0}


def test_new_business_carries_the_whole_of_a_person_without_customers():
    """A third of 100.00 is no whole number of cents: still no conflict."""
    company = firm(THREE, OWN, [sale("a", 100), sale("b", 100)])
    made = plan(company, replace(PERSON, basis=(("equal", 1.0),)), FLAT, replace(CUSTOMER, cap=1.1), commit=100)
    carried = numbers(made, "customer", under=(("person", "cy"),))
    assert carried == {"new_business:cy": numbers(made)["cy"]}


def test_new_business_takes_all_extra_where_commit_has_used_up_the_caps():
    company = firm(THREE, THEIRS, [sale("a", 10), sale("b", 10), sale("c", 10)])
    step = replace(CUSTOMER, stretch_cap=1.0)
    made = plan(company, replace(PERSON, basis=(("equal", 1.0),)), FLAT, step, commit=100, stretch=200)
    extra = {c: n - numbers(made, "customer")[c] for c, n in numbers(made, "customer", level="stretch").items()}
    assert sum(extra.values()) == 100_00
    assert {c for c, n in extra.items() if n} == {"new_business:ana", "new_business:bo", "new_business:cy"}
