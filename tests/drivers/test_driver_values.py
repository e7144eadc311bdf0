"""What drivers come to: by period, in the plan, for people and units; lags; what is estimated from the tables."""

import time
from datetime import date

import numpy as np
import pytest

from quotum.engine.drivers import evaluate_drivers, list_worth, simulate_drivers, solve_driver
from quotum.engine.drivers.expressions import Lag
from quotum.engine.drivers.scenes import weigh_lag
from small_company import each_month, firm
from small_drivers import by_period, plan_of, play_of, total

TEAM = firm({"ann": "North", "bob": "North", "cid": "South"},
            people=[{"person": "ann", "role": "rep", "visits_per_day": 4},
                    {"person": "bob", "role": "rep", "visits_per_day": 6, "hired": "2027-04-01"},
                    {"person": "cid", "role": "boss", "left": "2027-07-01"}],
            absences=[{"person": "ann", "since": "2027-08-01", "until": "2027-09-01"}])  # fmt: skip
QUARTER = plan_of("2027-01-01", "2027-04-01")


def test_people_are_there_in_part():
    heads = by_period(play_of("n = 'people'", TEAM), "people")
    assert heads[:4] == pytest.approx([2, 2, 2, 2.25])
    assert heads[7] == pytest.approx(1)  # Ann is away, Cid has left
    assert total(play_of("n = 'person_days'", TEAM), "n") == pytest.approx(
        total(play_of("n = 'people * working_days'", TEAM), "n")
    )


def test_visits_there_are_each_persons_own():
    january = play_of("n = 'visits_there'", TEAM, plan_of("2027-01-01", "2027-02-01"))
    assert total(january, "n") == 21 * 4


def test_a_role_has_its_people():
    play = play_of("n = 'reps * 1'\nreps = { estimate = 'people', role = 'rep' }", TEAM, QUARTER)
    assert total(play, "reps") == 1


def test_people_and_units_add_up_to_the_company():
    text = """
    revenue = "orders * 10 + fees"
    orders = "lag(visits, 1 month) * 0.5"
    visits = { formula = "person_days * each", before = 30 }
    each = 3
    fees = { value = 700, per = "month" }
    """
    whole = total(play_of(text, TEAM), "revenue")
    for by, top in (("person", ("ann", "bob", "cid")), ("unit", ("North", "South"))):
        play = play_of(text, TEAM, by=by)
        parts = [total(play, "revenue", play.scene.scopes.index(scope)) for scope in top]
        assert sum(parts) == pytest.approx(whole)
    firm_itself = play_of(text, TEAM, by="unit")
    assert total(firm_itself, "revenue", firm_itself.scene.scopes.index("Firm")) == pytest.approx(whole)


@pytest.mark.parametrize("per", ["day", "week", "month", "year", "plan"])
def test_so_much_a_day_or_a_month_adds_up(per):
    for grain in ("day", "week", "month", "quarter"):
        play = play_of(f"n = 'x * 1'\nx = {{ value = 12, per = '{per}' }}", grain=grain)
        times = {"day": 261, "week": 365 / 7, "month": 12, "year": 1, "plan": 1}[per]
        assert total(play, "n") == pytest.approx(12 * times)


def test_a_month_that_is_cut_counts_in_part():
    play = play_of("n = 'months'", wanted=plan_of("2027-01-16", "2027-03-01"))
    assert by_period(play, "n") == pytest.approx([16 / 31, 1])


def test_a_lag_of_months_moves_whole_months():
    play = play_of("n = 'lag(x, 2 months)'\nx = { formula = 'working_days', before = 7 }")
    days = by_period(play, "working_days")
    assert by_period(play, "n")[2:] == pytest.approx(days[:10])
    assert by_period(play, "n")[:2] == pytest.approx([7, 7])


def test_a_lag_of_days_takes_its_part_of_each_month():
    play = play_of("n = 'lag(x, 14 days)'\nx = { value = 31, per = 'month' }", wanted=QUARTER)
    found = by_period(play, "n")
    assert found == pytest.approx([17, 14 + 14 / 28 * 31, 14 / 28 * 31 + 17])


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_lags_lose_nothing_but_what_falls_after_the_plan(grain):
    play = play_of("n = 'lag(x, 3 weeks)'\nx = { value = 2, per = 'day' }", grain=grain, wanted=QUARTER)
    lag = Lag("x", 3, "weeks")
    weights, before = weigh_lag(play.scene.periods, lag, adds_up=True)
    assert (weights.sum(axis=0) <= 1 + 1e-12).all()
    assert before.sum() == pytest.approx(21 / 31)
    level, early = weigh_lag(play.scene.periods, lag, adds_up=False)
    assert level.sum(axis=1) + early == pytest.approx(np.ones(len(early)))


def test_ratios_are_made_of_sums():
    play = play_of("ratio = 'money / weeks'\nmoney = { value = 60, per = 'month' }")
    assert total(play, "ratio") == pytest.approx(720 / (365 / 7))


def test_a_division_by_zero_is_told_with_the_period():
    text = "n = 'months / x'\nx = 'max(so_far(months) - 1, 0)'"
    play = play_of(text)
    table, issues = evaluate_drivers(play.tree, play.scene)
    assert [(i.rule, i.severity, i.column, dict(i.details)["period"]) for i in issues] == [
        ("driver_no_value", "warning", "drivers.n", "2027-01")
    ]
    values = table.filter(driver="n")
    assert values["value"].null_count() == 2  # January, and with it the plan
    assert values.columns == ["scope", "driver", "period", "since", "until", "value"]


HISTORY = firm(
    {"ann": "North", "bob": "North"}, {"c1": "ann", "c2": "bob"},
    [*({**line, "order": f"a{k}"} for k, line in enumerate(each_month("c1", 100))),
     *({**line, "order": f"b{k}", "cost": 150} for k, line in enumerate(each_month("c2", 300)))],
    activities=[{"date": f"2026-{month:02}-0{d}", "person": who, "customer": c, "kind": "visit"}
                for month in range(1, 13) for d in (1, 2) for who, c in (("ann", "c1"), ("bob", "c2"))],
    projects=[{"project": "p1", "amount": 50, "chance": 0.4}, {"project": "p2", "amount": 70, "chance": 0.6}],
    invoices=[{"invoice": "i1", "date": "2026-05-01", "amount": 200}],
    receipts=[{"date": "2026-05-31", "invoice": "i1", "amount": 150}],
)  # fmt: skip


@pytest.mark.parametrize(
    ("what", "value"),
    [("average_order", 200), ("orders_per_visit", 0.5), ("margin_rate", 0.5), ("amount_per_customer_month", 200),
     ("visits_made_per_day", 1), ("customers", 2), ("project_amount", 60), ("project_chance", 0.5),
     ("collection_rate", 0.75), ("days_to_pay", 30), ("orders_per_customer_month", 1), ("days_to_order", 9)],
)  # fmt: skip
def test_estimates_come_from_the_tables(what, value):
    assert total(play_of(f"n = 'x * 1'\nx = {{ estimate = '{what}' }}", HISTORY), "x") == pytest.approx(value)


@pytest.mark.parametrize(("first", "last"), [(10, 12), (1, 3)])
def test_orders_count_for_visits_only_while_visits_are_written_down(first, last):
    lines = [line for c in ("c1", "c2") for line in each_month(c, 100)]
    met = [{"date": f"2026-{month:02}-0{d}", "person": "ann", "customer": "c1", "kind": "visit"}
           for month in range(first, last + 1) for d in (1, 2, 3, 4)]  # fmt: skip
    company = firm({"ann": "North"}, {"c1": "ann", "c2": "ann"}, lines, activities=met)
    assert total(play_of("n = 'x * 1'\nx = { estimate = 'orders_per_visit' }", company), "x") == pytest.approx(6 / 12)


def test_what_everybody_does_a_day_is_worth_as_much_as_the_company_s():
    text = "visits = 'person_days * daily'\ndaily = {{ estimate = 'visits_made_per_day', high = 9{} }}"
    plain, each = (play_of(text.format(more), HISTORY) for more in ("", ", each = 'person'"))
    assert list_worth(plain, "visits").rows() == list_worth(each, "visits").rows()
    found = [solve_driver(play, "daily", "visits", 700.0).values for play in (plain, each)]
    assert found[0] == pytest.approx(found[1])
    assert found[0][0] * total(plain, "person_days") == pytest.approx(700)


def test_what_the_tables_do_not_know_is_told():
    play = play_of("n = 'x * 1'\nx = { estimate = 'average_order' }")
    assert [(issue.rule, issue.column) for issue in play.issues] == [("driver_no_history", "drivers.x")]
    other = play_of("n = 'profit * 1'\nprofit = { estimate = 'target' }")
    assert [issue.rule for issue in other.issues] == ["driver_no_target"]


def test_people_have_their_own_estimates_drawn_to_the_companys():
    play = play_of("n = 'x * 1'\nx = { estimate = 'average_order', each = 'person' }", HISTORY, by="person")
    assert [total(play, "x", at) for at in (0, 1)] == pytest.approx([(1200 + 2000) / 22, (3600 + 2000) / 22])


def test_the_target_may_be_what_everything_comes_from():
    play = play_of("orders = 'revenue / 50'\nrevenue = { estimate = 'target' }")
    assert total(play, "orders") == pytest.approx(10_000 / 50)


def test_ranges_come_from_the_seed_and_the_drivers_name_alone():
    text = "n = 'x * y'\nx = { value = 10, error = 1 }\ny = { value = 4, error = 0.4 }"
    once, again = (simulate_drivers(play_of(lines), 7) for lines in (text, "\n".join(text.splitlines()[::-1])))
    assert once.sort("driver").rows() == again.sort("driver").rows()
    low, high = once.filter(driver="x").select("low", "high").row(0)
    assert low == pytest.approx(10 - 1.2816, abs=0.15)
    assert high == pytest.approx(10 + 1.2816, abs=0.15)
    wide = once.filter(driver="n").select("low", "high").row(0)
    assert wide[0] < 4 * low < 4 * high < wide[1]
    assert simulate_drivers(play_of(text), 8).rows() != once.rows()


def test_drawn_values_stay_within_their_bounds():
    found = simulate_drivers(play_of("n = 'x * 1'\nx = { value = 0.9, error = 0.5, high = 1 }"), 1)
    assert found["high"].max() <= 1


def test_a_thousand_people_are_quick():
    company = firm({f"p{k}": "North" for k in range(1_000)},
                   people=[{"person": f"p{k}", "hired": "2027-03-01"} for k in range(0, 1_000, 2)])  # fmt: skip
    start = time.process_time()
    play = play_of("n = 'lag(v, 14 days) * 0.2'\nv = 'person_days * 4'", company, by="person")
    evaluate_drivers(play.tree, play.scene)
    assert time.process_time() - start < 5
    assert play.scene.periods[0].since == date(2027, 1, 1)
