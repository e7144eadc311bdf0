"""Why a gap is what it is: Shapley beside its slow twin, and small worlds whose reasons are plain."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small_reviews import drivers, review, standing, with_sales

from quotum.engine.tracking.shapley import split_product
from small_company import CALENDAR, CUSTOMER, PERSON, UNIT, firm, plan, sale

FACTOR = st.floats(0, 20, allow_nan=False)


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.tuples(FACTOR, FACTOR), min_size=n, max_size=n)))
def test_shapley_is_the_mean_over_all_orders(pairs):
    before, after = (np.array([column]) for column in zip(*pairs, strict=True))
    parts = split_product(before, after)[0]
    slow = np.zeros(len(pairs))
    orders = list(permutations(range(len(pairs))))
    for order in orders:
        at = before[0].copy()
        for factor in order:
            was = at.prod()
            at[factor] = after[0, factor]
            slow[factor] += (at.prod() - was) / len(orders)
    scale = max(before.prod(), after.prod(), 1.0) * 1e-9 + 20.0 ** len(pairs) * 1e-12
    assert np.allclose(parts, slow, atol=scale)
    assert np.isclose(parts.sum(), after.prod() - before.prod(), atol=scale)


def monthly(year, months, amount, pieces, **more):
    return [sale("inn", amount, f"{year}-{month:02}-10", "green", quantity=pieces, order=f"{year}-{month}", **more)
            for month in months]  # fmt: skip


def told(happened, activities=()):
    """Return the drivers of Ana, whose inn bought ten pieces of 10.00 each month of 2026, on 31 March 2027."""
    company = firm({"ana": "North"}, {"inn": "ana", "pub": "ana"}, monthly(2026, range(1, 13), 100, 10),
                   products=[{"product": "green"}], activities=list(activities))  # fmt: skip
    made = review(
        with_sales(company, happened), plan(company, UNIT, PERSON, CALENDAR, CUSTOMER, commit=1200), "2027-03-31"
    )
    line = standing(made)["ana"]
    found = drivers(made, "ana")
    assert sum(found.values()) == line["actual"] - line["plan_to_date"]
    return found, line


def visits(year, months, each):
    return [{"date": f"{year}-{month:02}-{day + 1:02}", "person": "ana", "customer": "inn", "kind": "visit"}
            for month in months for day in range(each)]  # fmt: skip


def test_a_higher_price_is_price():
    found, line = told(monthly(2027, (1, 2, 3), 120, 10))
    assert max(found, key=found.get) == "price"
    assert found["price"] >= 59_00  # 3 × 20.00, less what the orders that were fewer took along
    assert set(found) <= {"price", "orders", "order_size", "mix"}
    assert line["actual"] == 360_00


def test_larger_orders_are_order_size_and_fewer_ones_orders():
    found, _ = told(monthly(2027, (1, 3), 200, 20))
    assert found["order_size"] > 0 > found["orders"]
    assert abs(found.get("price", 0)) <= 1


def test_fewer_visits_are_activity_when_visits_are_known():
    seen = [*visits(2026, range(1, 13), 4), *visits(2027, (1, 2, 3), 2)]
    found, _ = told(monthly(2027, (1, 2, 3), 100, 10), seen)
    assert found["activity"] < 0 < found["conversion"]
    assert "orders" not in found


def test_visits_that_nobody_wrote_down_leave_it_unexplained():
    seen = [{"date": date, "person": "ana", "customer": "pub"} for date in ("2026-02-05", "2027-01-05")]
    found, _ = told(monthly(2027, (1,), 100, 10), seen)
    assert found["unexplained"] < 0
    assert not {"activity", "conversion", "orders"} & set(found)


def test_new_and_lost_customers_come_first():
    found, _ = told([sale("pub", 77, "2027-02-02")])
    assert found["new_customers"] == 77_00
    silent = [sale("pub", 77, "2027-02-02")]
    weekly = [sale("inn", 100, f"2026-{month:02}-{day:02}") for month in (1, 2, 3, 4) for day in (1, 8, 15, 22)]
    company = firm({"ana": "North"}, {"inn": "ana", "pub": "ana"}, weekly)
    made = plan(company, UNIT, PERSON, CALENDAR, CUSTOMER, commit=1600)
    after = review(with_sales(company, silent), made, "2027-03-31")
    due = standing(after)["ana"]["plan_to_date"]
    assert drivers(after, "ana") == {"lost_customers": -due, "new_customers": 77_00}


def test_a_season_of_larger_orders_is_no_reason():
    """Orders of January are as large as they were last January, though larger than those of the year."""
    company = firm({"ana": "North"}, {"inn": "ana"}, [
        sale("inn", amount, f"2026-{month:02}-10", order=str(month))
        for month, amount in ((1, 300), (4, 100), (7, 100), (10, 100))
    ])  # fmt: skip
    made = plan(company, UNIT, PERSON, CALENDAR, CUSTOMER, commit=600)
    told = review(with_sales(company, [sale("inn", 300, "2027-01-10", order="5")]), made, "2027-03-31")
    assert set(drivers(told, "ana")) <= {"orders"}
