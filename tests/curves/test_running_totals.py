"""Running totals: curves rise from 0 to exactly 1, periods of any grain add up, anchors are met."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.basics.periods import GRAINS, cut_periods
from quotum.engine.curves.running_totals import due, evaluate_curves
from small_plans import SINCE, UNTIL, bare_plan, every_day, quota, table

DAYS = [SINCE + timedelta(days=i) for i in range((UNTIL - SINCE).days + 1)]


def boundaries(grain):
    periods = cut_periods(SINCE, UNTIL, grain, 4)
    return [p.since for p in periods] + [UNTIL]


def obvious_curve(rates, weekdays, absent, since, until):
    """The slow twin: one day after the other."""
    totals = [0.0]
    for day in DAYS[:-1]:
        weight = rates[day.month - 1] * weekdays[day.weekday()]
        for low, high, factor in absent:
            weight *= factor if low <= day < high else 1.0
        totals.append(totals[-1] + (weight if since <= day < until else 0.0))
    return np.array([t / totals[-1] for t in totals])


rates = st.sampled_from([0.0, 0.3, 1.0, 2.7])
plan_days = st.integers(0, 365).map(lambda i: SINCE + timedelta(days=i))
windows = st.tuples(plan_days, plan_days).map(sorted).filter(lambda w: w[0] < w[1])


@st.composite
def plans(draw, anchored=False):
    """A plan of one to four rows with seasons, windows, absences and, if asked for, anchors."""
    num_rows = draw(st.integers(1, 4))
    curves, rows, absences, anchors = [], [], [], []
    for row in range(num_rows):
        since, until = draw(windows)
        curves.append(
            {
                "curve": row,
                "season": draw(st.sampled_from([-1, 0])),
                "person": f"p{row}",
                "since": since,
                "until": until,
            }
        )
        rows.append(
            quota(row, draw(st.integers(0, 10**12)), draw(st.integers(0, 99)), offset=draw(st.floats(0, 0.999)))
        )
        for low, high in draw(st.lists(windows, max_size=2)):
            absences.append(
                {"person": f"p{row}", "since": low, "until": high, "factor": draw(st.sampled_from([0.0, 0.5]))}
            )
        if anchored:
            known = draw(
                st.lists(st.tuples(plan_days, st.integers(0, rows[-1]["commit"])), max_size=4, unique_by=lambda a: a[0])
            )
            for day, amount in zip(sorted(a[0] for a in known), sorted(a[1] for a in known), strict=True):
                anchors.append({"row": row, "layer": "commit", "date": day, "amount": amount, "reason": "actual"})
    season = table("seasons", [{"season": 0, "month": m, "rate": draw(rates)} for m in range(1, 13)])
    plan = bare_plan(
        curves,
        seasons=season,
        availability=table("availability", absences),
        anchors=table("anchors", anchors),
        days=every_day(draw(st.sampled_from([(1, 1, 1, 1, 1, 0, 0), (1, 2, 3, 1, 0.5, 2, 0.1)]))),
    )
    return plan, table("quotas", rows)


def test_a_curve_is_what_one_adds_up_day_by_day():
    rates = [0.1 * m for m in range(1, 13)]
    season = table("seasons", [{"season": 5, "month": m + 1, "rate": rates[m]} for m in range(12)])
    absent = [(date(2027, 3, 1), date(2027, 4, 10), 0.0), (date(2027, 3, 20), date(2027, 6, 1), 0.5)]
    lines = table("availability", [{"person": "Ana", "since": a, "until": b, "factor": f} for a, b, f in absent])
    window = {"since": date(2027, 2, 3), "until": date(2027, 11, 30)}
    plan = bare_plan(
        [{"curve": 9, "season": 5, "person": "Ana", **window}, {"curve": 2}], seasons=season, availability=lines
    )
    weekdays = (1, 1, 1, 1, 1, 0, 0)
    got = evaluate_curves(plan, [2, 9], DAYS)
    assert got[0].tolist() == obvious_curve([1.0] * 12, weekdays, [], SINCE, UNTIL).tolist()
    np.testing.assert_allclose(got[1], obvious_curve(rates, weekdays, absent, **window), rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(plans())
def test_curves_rise_from_0_to_exactly_1(case):
    plan, rows = case
    shares = evaluate_curves(plan, rows["curve"].to_numpy(), DAYS)
    assert not np.isnan(shares).any()
    assert (shares[:, 0] == 0).all()
    assert (shares[:, -1] == 1).all()
    assert (np.diff(shares, axis=1) >= 0).all()


@settings(max_examples=30, deadline=None)
@given(plans(anchored=True))
def test_periods_of_every_grain_add_up_to_the_same_amounts(case):
    plan, rows = case
    by_day = due(plan, rows, DAYS)
    for layer, running in by_day.items():
        assert (running[:, 0] == 0).all()
        assert running[:, -1].tolist() == rows[layer].to_list()
        assert (np.diff(running, axis=1) >= 0).all()
    for grain in GRAINS:
        at = [(day - SINCE).days for day in boundaries(grain)]
        for layer, running in due(plan, rows, boundaries(grain)).items():
            assert (running == by_day[layer][:, at]).all()


@settings(max_examples=30, deadline=None)
@given(plans(anchored=True))
def test_anchors_are_met_exactly(case):
    plan, rows = case
    for row, _, day, amount, _ in plan["anchors"].filter(pl.col("date").is_between(SINCE, UNTIL, closed="none")).rows():
        assert due(plan, rows.filter(row=row), [day])["commit"].item() == amount


@settings(max_examples=20, deadline=None)
@given(plans())
def test_nothing_is_due_outside_of_the_window(case):
    plan, rows = case
    limits = plan["curves"].select("since", "until").rows()
    for running, (since, until) in zip(due(plan, rows, DAYS)["commit"], limits, strict=True):
        assert not running[: (since - SINCE).days + 1].any()
        assert len(set(running[(until - SINCE).days :].tolist())) == 1


def test_a_person_who_is_never_there_falls_back_to_the_calendar():
    away = table("availability", [{"person": "Ana", "since": SINCE, "until": UNTIL, "factor": 0.0}])
    plan = bare_plan([{"curve": 0, "person": "Ana"}, {"curve": 1}], availability=away)
    shares = evaluate_curves(plan, [0, 1], DAYS)
    assert (shares[0] == shares[1]).all()


def test_a_window_without_working_days_falls_back_to_equal_days():
    plan = bare_plan([{"curve": 0, "since": date(2027, 1, 2), "until": date(2027, 1, 4)}])  # a weekend
    assert evaluate_curves(plan, [0], [date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)]).tolist() == [[0, 0.5, 1]]


def test_between_anchors_where_the_curve_rests_time_decides():
    rows = table("quotas", [quota(0, 100, offset=0.0)])
    anchors = [{"row": 0, "layer": "commit", "date": date(2027, 1, d), "amount": a} for d, a in ((2, 10), (4, 30))]
    plan = bare_plan([{"curve": 0}], anchors=table("anchors", anchors))
    assert due(plan, rows, [date(2027, 1, d) for d in (2, 3, 4)])["commit"].tolist() == [[10, 20, 30]]


def test_an_unknown_curve_is_a_broken_promise():
    with pytest.raises(ValueError, match="no curve 7"):
        evaluate_curves(bare_plan([{"curve": 0}]), [7], DAYS)
