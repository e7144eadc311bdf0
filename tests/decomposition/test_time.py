"""Along the calendar: seasons, working days, holidays, make-up days, events, and locks of a part of the year."""

from dataclasses import replace
from datetime import date

import pytest

from quotum.engine.tables.plan_settings import AlongStep
from small_company import (
    CUSTOMER,
    FLAT,
    PERSON,
    UNIT,
    each_month,
    firm,
    issues_of,
    months,
    numbers,
    plan,
    refusal,
    sale,
    slice_of,
)

TWO, OWN = {"ana": "North", "bo": "South"}, {"a": "ana", "b": "bo"}
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EVERY_DAY = AlongStep("calendar", weekdays=(1,) * 7, holiday=1, shrink=0)


def near(found, expected, off=2):
    return all(abs(n - wanted) <= off for n, wanted in zip(found, expected, strict=True))


def test_flat_days_give_months_by_their_length():
    made = plan(firm(TWO), replace(EVERY_DAY, season="flat"), commit=3650)
    assert near(months(made), [10_00 * d for d in DAYS], off=1)


def test_weekends_count_what_the_weekdays_say():
    made = plan(firm({"ana": "North"}), FLAT, commit=2610)
    days = slice_of(made, grain="day")
    assert set(days.filter(days["since"].dt.weekday() > 5)["amount"]) == {0}
    assert near(days.filter(days["since"].dt.weekday() <= 5)["amount"], [10_00] * 261, off=1)


def test_the_season_of_history_is_a_rate_per_day_not_a_sum_per_month():
    """The same sum each month: February, being short, sells more a day; the months stay alike."""
    made = plan(firm(TWO, OWN, each_month("a", 10)), PERSON, EVERY_DAY, commit=1200)
    assert near(months(made), [100_00] * 12)


def test_a_december_twice_as_strong_stays_twice_as_strong():
    sales = [*each_month("a", 10), sale("a", 10, "2026-12-20")]
    made = plan(firm(TWO, OWN, sales), PERSON, EVERY_DAY, commit=1300)
    assert near(months(made), [100_00] * 11 + [200_00])


def test_a_season_can_be_a_table():
    rates = (0,) * 6 + (1,) * 5 + (2,)
    made = plan(firm(TWO), replace(EVERY_DAY, season="table", rates=rates), commit=2150)
    assert near(months(made), [0] * 6 + [10_00 * d for d in DAYS[6:11]] + [20_00 * 31])


def test_a_history_that_begins_in_july_makes_no_season():
    """Eighteen months of the same sales a month: January to June were seen once, July to December twice."""
    sales = [s for s in each_month("a", 10, 2025) if s["date"] >= "2025-07"] + each_month("a", 10)
    made = plan(firm(TWO, OWN, sales), PERSON, EVERY_DAY, commit=1200)
    assert near(months(made), [100_00] * 12)


def test_sales_that_were_part_of_a_promotion_make_no_season():
    """June sold three times as much because of an event of factor 3: without it the next June is an ordinary one."""
    sales = [*each_month("a", 10), sale("a", 20, "2026-06-15")]
    event = {"since": "2026-06-01", "until": "2026-07-01", "effect": 3}
    made = plan(firm(TWO, OWN, sales, events=[event]), PERSON, replace(EVERY_DAY), history_years=(1,), commit=1200)
    assert near(months(made), [100_00] * 12)
    with_event = firm(TWO, OWN, sales, events=[event, {**event, "since": "2027-06-01", "until": "2027-07-01"}])
    made = plan(with_event, PERSON, EVERY_DAY, history_years=(1,), commit=1400)
    assert near(months(made), [100_00] * 5 + [300_00] + [100_00] * 6)


def test_a_spring_festival_that_moves_makes_no_season():
    """10 a working day in three Chinese years; the festival lay in January in one and in February in others."""
    from quotum.adapters.calendars import list_days

    days, _ = list_days("CN", date(2024, 1, 1), date(2027, 1, 1))
    worked = days.filter(days["kind"].is_in(["workday", "makeup"]))["date"]
    sales = [sale("a", 10, day.isoformat()) for day in worked]
    wanted = {"country": "CN", "commit": 10_000}
    made = plan(firm({"ana": "North"}, {"a": "ana"}, sales), PERSON, AlongStep("calendar", shrink=0), **wanted)
    assert near(made["seasons"]["rate"].to_list(), [1.0] * 12, off=1e-9)


def test_a_make_up_saturday_weighs_a_mean_weekday_and_a_holiday_what_the_setting_says():
    step = AlongStep("calendar", season="flat", weekdays=(1, 1, 1, 1, 6, 0, 0), holiday=0.5)
    made = plan(firm(TWO), step, since=date(2026, 1, 1), until=date(2027, 1, 1), as_of=date(2025, 12, 31), country="CN")
    weights = dict(zip(made["days"]["date"], made["days"]["weight"], strict=True))
    assert weights[date(2026, 2, 14)] == 2.0  # a Saturday that is worked for the spring festival
    assert weights[date(2026, 2, 17)] == 0.5  # New Year's day of the lunar calendar
    assert weights[date(2026, 2, 13)] == 6.0
    assert weights[date(2026, 2, 7)] == 0.0


def test_shops_peak_on_holidays_if_the_setting_says_so():
    step = AlongStep("calendar", season="flat", weekdays=(1,) * 7, holiday=5)
    made = plan(firm({"ana": "North"}), step, country="DE", commit=10_000)
    days = slice_of(made, grain="day")
    easter_monday, tuesday = (days.filter(since=date(2027, 3, d))["amount"].item() for d in (29, 30))
    assert abs(easter_monday - 5 * tuesday) <= 6


def test_an_event_of_everybody_lifts_its_days():
    event = {"since": "2027-06-01", "until": "2027-07-01", "effect": 3}
    made = plan(firm(TWO, events=[event]), replace(EVERY_DAY, season="flat"), commit=4250)
    assert near(months(made), [10_00 * d * (3 if m == 5 else 1) for m, d in enumerate(DAYS)])


@pytest.mark.parametrize("scope", ["unit=North", "person=ana", "unit=House"])
def test_an_event_with_a_scope_reaches_only_those_below_it(scope):
    units = {"Firm": None, "House": "Firm", "North": "House", "South": "Firm"}
    event = {"since": "2027-06-01", "until": "2027-07-01", "effect": 3, "scope": scope}
    company = firm(TWO, OWN, [sale("a", 1), sale("b", 1)], units=units, events=[event])
    made = plan(company, UNIT, PERSON, replace(EVERY_DAY, season="flat"), commit=850)
    assert near(months(made, person="bo"), [425_00 * d / 365 for d in DAYS])
    assert near(months(made, person="ana"), [1_00 * d * (3 if m == 5 else 1) for m, d in enumerate(DAYS)])


def test_an_event_of_an_unreachable_scope_is_told():
    event = {"since": "2027-06-01", "until": "2027-07-01", "effect": 3, "scope": "customer=a"}
    found = issues_of(firm(TWO, OWN, [sale("a", 1)], events=[event]), PERSON, FLAT, CUSTOMER)
    [issue] = [issue for issue in found if issue.severity == "warning"]
    assert (issue.rule, issue.severity, issue.value) == ("event_scope_not_in_rows", "warning", "customer=a")


def test_a_row_of_few_sales_leans_on_its_parent():
    """Bo's single sale in May says little: with the usual shrinkage his May is hardly more than Ana's."""
    sales = [sale("a", 10, f"2026-{m:02}-{d:02}") for m in range(1, 13) for d in range(1, 28)]
    sales.append(sale("b", 100, "2026-05-05"))
    company = firm({"ana": "North", "bo": "North"}, OWN, sales)
    own, steady, parents = (months(plan(company, UNIT, PERSON, replace(EVERY_DAY, shrink=k)), person="bo")
                            for k in (0, 30, 1e12))  # fmt: skip
    assert [n > 0 for n in own] == [m == 4 for m in range(12)]
    assert all(n > 0 for n in steady)
    assert parents[4] < steady[4] < own[4]


def test_an_absence_takes_its_days_from_the_person_not_from_the_number():
    company = firm(TWO, OWN, [sale("a", 1), sale("b", 1)],
                   absences=[{"person": "ana", "since": "2027-08-01", "until": "2027-09-01"}])  # fmt: skip
    made = plan(company, PERSON, replace(EVERY_DAY, season="flat"))
    assert numbers(made) == {"ana": 5000_00, "bo": 5000_00}
    assert months(made, person="ana")[7] == 0


def test_a_newcomer_starts_with_a_quarter_a_half_three_quarters():
    company = firm({"new": "North"}, people=[{"person": "new", "hired": "2027-04-01"}])
    made = plan(company, replace(PERSON, basis=(("headcount", 1.0),)), replace(EVERY_DAY, season="flat"), commit=10_000)
    found = months(made)
    a_day = found[7] / 31
    expected = [0, 0, 0, *(a_day * d * f for d, f in zip(DAYS[3:], (0.25, 0.5, 0.75, *[1] * 6), strict=True))]
    assert near(found, expected, off=60)


def lock(key, kind, amount, since, until, layer="commit"):
    return {"measure": "revenue", "layer": layer, "dimension": "person", "key": key, "kind": kind, "amount": amount,
            "since": since, "until": until}  # fmt: skip


def held(*locks, **more):
    company = firm(TWO, OWN, [sale("a", 1), sale("b", 1)], locks=list(locks))
    return plan(company, PERSON, replace(EVERY_DAY, season="flat"), commit=7300, **more)


def test_a_lock_on_a_month_is_met_exactly_and_the_year_stays():
    found = months(held(lock("ana", "lock", 100, "2027-03-01", "2027-04-01")), person="ana")
    assert found[2] == 100_00
    assert sum(found) == 3650_00
    others = [d for m, d in enumerate(DAYS) if m != 2]
    assert near([n for m, n in enumerate(found) if m != 2], [3550_00 * d / 334 for d in others])


def test_a_lock_on_a_month_does_not_touch_others():
    made = held(lock("ana", "lock", 100, "2027-03-01", "2027-04-01"))
    assert months(made, person="bo") == months(held(), person="bo")


def test_a_floor_and_a_cap_in_time_bind_only_if_they_must():
    made = held(lock("ana", "floor", 500, "2027-03-01", "2027-04-01"),
                lock("ana", "cap", 9999, "2027-05-01", "2027-06-01"),
                lock("ana", "cap", 100.5, "2027-09-01", "2027-10-01"))  # fmt: skip
    found = months(made, person="ana")
    assert (found[2], found[8]) == (500_00, 100_50)
    assert sum(found) == 3650_00


def test_extra_has_locks_in_time_of_its_own():
    made = held(lock("ana", "lock", 0, "2027-01-01", "2027-07-01", "extra"), stretch=8300)
    rows = {"commit": months(made, person="ana")}
    rows["stretch"] = slice_of(made, grain="month", under=(("person", "ana"),), level="stretch")["amount"].to_list()
    assert rows["stretch"][:6] == rows["commit"][:6]
    assert sum(rows["stretch"]) - sum(rows["commit"]) == 500_00


def test_several_locks_of_a_row_are_all_exact():
    made = held(lock("ana", "lock", 1.11, "2027-01-01", "2027-01-08"),
                lock("ana", "lock", 2.22, "2027-01-08", "2027-02-01"),
                lock("ana", "lock", 1000, "2027-12-01", "2028-01-01"))  # fmt: skip
    found = months(made, person="ana")
    assert (found[0], found[11], sum(found)) == (3_33, 1000_00, 3650_00)


def test_cuts_follow_a_locked_row():
    company = firm(TWO, {**OWN, "a2": "ana"}, [sale("a", 2), sale("a2", 1)],
                   locks=[lock("ana", "lock", 100, "2027-03-01", "2027-04-01")])  # fmt: skip
    made = plan(company, PERSON, FLAT, CUSTOMER)
    frame = slice_of(made, "customer", grain="month").filter(since=date(2027, 3, 1))
    found = dict(zip(frame["customer"], frame["amount"], strict=True))
    assert sum(found.values()) == 100_00
    assert near(sorted(found.values()), [33_33, 66_67], off=2) or near(sorted(found.values()), [0, 33_33, 66_67], off=2)


def refused(*locks):
    return refusal(firm(TWO, OWN, [sale("a", 1), sale("b", 1)], locks=list(locks)), PERSON, FLAT, commit=7300)


def test_locks_in_time_beyond_the_rows_total_are_a_conflict():
    [issue] = refused(lock("ana", "lock", 3000, "2027-03-01", "2027-04-01"),
                      lock("ana", "floor", 1000, "2027-05-01", "2027-06-01"))  # fmt: skip
    assert (issue.rule, issue.severity, issue.value) == ("lock_in_time_conflict", "conflict", "ana")
    assert dict(issue.details)["total"] == "365000"


def test_caps_on_every_day_below_the_total_are_a_conflict():
    [issue] = refused(lock("ana", "cap", 1000, "2027-01-01", "2027-07-01"),
                      lock("ana", "cap", 1000, "2027-07-01", "2028-01-01"))  # fmt: skip
    assert issue.rule == "lock_in_time_conflict"


def test_locks_that_overlap_in_time_are_a_conflict():
    [issue] = refused(lock("ana", "lock", 10, "2027-03-01", "2027-05-01"),
                      lock("ana", "lock", 10, "2027-04-01", "2027-06-01"))  # fmt: skip
    assert (issue.rule, issue.severity) == ("lock_in_time_overlap", "conflict")


def test_a_lock_in_time_needs_one_row():
    [issue] = refused(lock("zoe", "lock", 10, "2027-03-01", "2027-05-01"))
    assert (issue.rule, issue.severity, issue.value) == ("lock_in_time_no_row", "error", "zoe")


def test_a_lock_of_another_year_forbids_nothing():
    made = held(lock("ana", "lock", 9, "2026-03-01", "2026-04-01"))
    assert months(made, person="ana") == months(held(), person="ana")


def test_a_lock_on_days_that_weigh_nothing_is_met_too():
    company = firm(TWO, OWN, [sale("a", 1), sale("b", 1)], locks=[lock("ana", "lock", 7, "2027-01-02", "2027-01-04")])
    made = plan(company, PERSON, FLAT)
    assert numbers(made, since=date(2027, 1, 2), until=date(2027, 1, 4))["ana"] == 7_00


def test_a_plan_may_start_in_mid_year_and_follow_a_fiscal_calendar():
    made = plan(firm(TWO, OWN, each_month("a", 5)), PERSON, EVERY_DAY, since=date(2027, 5, 11), until=date(2028, 7, 1),
                as_of=date(2027, 5, 10), fiscal_start=7)  # fmt: skip
    for grain, labels in (("year", ["FY2027", "FY2028"]), ("half", ["FY2027-H2", "FY2028-H1", "FY2028-H2"])):
        frame = slice_of(made, grain=grain)
        assert frame["period"].to_list() == labels
        assert frame["amount"].sum() == 10_000_00
    assert slice_of(made, grain="quarter")["since"].to_list()[:2] == [date(2027, 5, 11), date(2027, 7, 1)]
