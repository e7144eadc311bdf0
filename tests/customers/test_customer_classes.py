"""Classes by amount, rank and share: a customer moves only when it passes a limit by the margin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from quotum.engine.customers import describe_customers
from quotum.engine.customers.classing import class_customers, rank_customers
from quotum.engine.tables.customer_settings import Classing, CustomerSettings
from small_company import each_month, firm, sale, settings

TODAY = date(2026, 12, 31)
BY_AMOUNT = Classing("class", "amount", ("A", "B", "C"), (1000.0, 100.0), 0.1)
BY_RANK = Classing("class", "rank", ("A", "B", "C"), (10.0, 30.0), 0.1)
BY_SHARE = Classing("class", "share", ("A", "B", "C"), (0.5, 0.8), 0.1)


def classes(amounts: list[float], classing: Classing, last: list[int] | None = None) -> list[int]:
    amount_e4 = np.array([round(a * 10_000) for a in amounts], dtype=np.int64)
    keys = pl.Series([f"c{k:04}" for k in range(len(amounts))], dtype=pl.String)
    known = None if last is None else np.array(last, dtype=np.int8)
    return class_customers(amount_e4, rank_customers(amount_e4, keys), classing, known).tolist()


def test_an_amount_that_is_the_limit_meets_it() -> None:
    assert classes([1000, 999.99, 100, 99.99, 0, -5], BY_AMOUNT) == [0, 1, 1, 2, 2, 2]


def test_ranks_count_customers_or_are_a_part_of_those_who_bought() -> None:
    assert classes([5, 9, 7, 1], replace(BY_RANK, limits=(1.0, 3.0))) == [1, 0, 1, 2]
    assert classes([5, 9, 7, 1, 0, 0], replace(BY_RANK, limits=(0.25, 0.75))) == [1, 0, 1, 2, 2, 2]


def test_shares_are_those_of_all_better_customers_together() -> None:
    assert classes([50, 30, 15, 5], BY_SHARE) == [0, 1, 2, 2]
    assert classes([90, 10], BY_SHARE) == [0, 2]  # the largest customer is always of the best class


def test_equal_customers_are_told_apart_by_their_key() -> None:
    assert classes([10, 10, 10, 10], replace(BY_RANK, limits=(1.0, 2.0))) == [0, 1, 2, 2]


def test_who_passes_the_limit_by_the_margin_moves_up_to_the_limits_passed() -> None:
    assert classes([1050, 1100, 1101], BY_AMOUNT, [1, 1, 1]) == [1, 0, 0]
    assert classes([950, 901, 899], BY_AMOUNT, [0, 0, 0]) == [0, 0, 1]
    assert classes([95], BY_AMOUNT, [0]) == [1]  # far below the first limit, not by the margin below the second
    assert classes([0], BY_AMOUNT, [0]) == [2]


@given(st.floats(0.91, 1.09), st.sampled_from([0, 1]), st.sampled_from([1000.0, 100.0]))
def test_noise_within_the_margin_never_moves_anybody(noise: float, side: int, limit: float) -> None:
    before = (0 if limit == 1000 else 1) + side
    assert classes([limit * noise], BY_AMOUNT, [before]) == [before]


@examples(max_examples=50)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.sampled_from([BY_AMOUNT, BY_RANK, BY_SHARE]),
       st.data())  # fmt: skip
def test_a_margin_only_ever_keeps_classes(amounts: list[int], classing: Classing, data: st.DataObject) -> None:
    last = data.draw(st.lists(st.integers(-1, 2), min_size=len(amounts), max_size=len(amounts)))
    plain = classes(amounts, classing)
    kept = classes(amounts, classing, last)
    assert classes(amounts, replace(classing, margin=0.0), last) == plain
    for before, now, without in zip(last, kept, plain, strict=True):
        assert min(before, without) <= now <= max(before, without) or before < 0
    assert classes(amounts, classing, kept) == kept  # asked again, nothing moves


def company(last_year: float, given_class: str | None = None) -> object:
    sales = (
        each_month("big", 100)
        + each_month("mid", 9.5)
        + each_month("mid", last_year, 2025)
        + each_month("big", 100, 2025)
    )
    named = [{"customer": "mid", "class": given_class}]
    return firm({"ann": "North"}, {"big": "ann", "mid": "ann", "none": "ann"}, sales, customers=named)


@pytest.mark.parametrize(
    ("last_year", "given_class", "expected"),
    [(9.5, None, "B"), (12.0, None, "A"), (9.5, "A", "A"), (12.0, "B", "B"), (12.0, "gold", "A")],
)
def test_the_class_before_is_the_given_one_or_that_of_the_year_before(
    last_year: float, given_class: str | None, expected: str
) -> None:
    classing = Classing("class", "amount", ("A", "B"), (115.0,), 0.1)  # 114 is sold: below it, by less than a tenth
    wanted = replace(settings(), customers=CustomerSettings(classings=(classing,)))
    told = describe_customers(company(last_year, given_class), wanted, TODAY)
    assert told.customers["class"].to_list() == ["A", expected, None]


def test_several_classings_stand_side_by_side() -> None:
    classings = (
        Classing(),
        Classing("account", "rank", ("key", "general"), (1.0,)),
        Classing("kind", "channel", (), ()),
    )
    sold = firm({"ann": "North"}, {"a": "ann", "b": "ann"}, [sale("a", 90), sale("b", 10)],
                customers=[{"customer": "a", "channel": "shop"}, {"customer": "b", "channel": "web"}])  # fmt: skip
    told = describe_customers(sold, replace(settings(), customers=CustomerSettings(classings=classings)), TODAY)
    assert told.customers.select("class", "account", "kind").rows() == [
        ("VIP", "key", "shop"),
        ("second", "general", "web"),
    ]
    assert {"class", "account", "kind", "state"} <= set(told.composition["dimension"])
