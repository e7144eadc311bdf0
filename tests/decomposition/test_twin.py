"""The plan's real shares are those of a slow obvious twin in fractions."""

from fractions import Fraction

import pytest
import twin
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from quotum.engine.tables.plan_settings import AcrossStep
from small_company import FLAT, firm, settings, try_plan


@st.composite
def twin_worlds(draw):
    num_units, num_people = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    units = {f"u{i}": f"u{draw(st.integers(0, i - 1))}" if i else None for i in range(num_units)}
    people = {
        f"p{i}": (f"u{draw(st.integers(0, num_units - 1))}", Fraction(draw(st.integers(1, 30)), 10))
        for i in range(num_people)
    }
    customers = {f"c{i}": draw(st.sampled_from([*people, None])) for i in range(draw(st.integers(1, 6)))}
    cents = st.integers(-2_000, 100_000) | st.sampled_from([1, 100, 10_000])
    sales = [
        (customer, f"{draw(st.integers(2023, 2026))}-{draw(st.integers(1, 12)):02}-15", Fraction(draw(cents), 100))
        for customer in draw(st.lists(st.sampled_from([*customers]), max_size=15))
    ]
    return twin.World(units, people, customers, sales, 2027)


@st.composite
def twin_steps(draw, bases):
    chosen = draw(st.lists(st.sampled_from(bases), min_size=1, max_size=2, unique=True))
    floor = draw(st.sampled_from([None, None, Fraction(1, 2), Fraction(9, 10)]))
    cap = draw(st.sampled_from([None, None, Fraction(1), Fraction(5, 4), Fraction(3)]))
    return twin.Step({basis: Fraction(draw(st.integers(1, 9)), 10) for basis in chosen}, floor, cap)


def company_of(world):
    return firm(
        {p: unit for p, (unit, _) in world.people.items()},
        world.customers,
        [{"customer": c, "date": day, "amount": float(amount)} for c, day, amount in world.sales],
        units=world.units,
        people=[{"person": p, "ability": float(ability)} for p, (_, ability) in world.people.items()],
    )


def across(dimension, step, of=""):
    basis = tuple((name, float(part)) for name, part in step.basis.items())
    ratio = {"floor": step.floor, "cap": step.cap}
    return AcrossStep(dimension, dimension, of, basis=basis,
                      **{name: None if value is None else float(value) for name, value in ratio.items()})  # fmt: skip


def shares_of(made):
    """Return the plan's real shares in the twin's words."""
    splits = made["splits"].filter(layer="commit")
    shares = {"unit": {}, "person": {}, "customer": {}}
    places = {}
    for line in splits.iter_rows(named=True):
        own = line["dimension"] == "unit" and places.get(line["parent"]) == line["member"]
        if line["dimension"] == "unit":
            places[line["node"]] = line["member"]
        shares[line["dimension"]][(line["member"], "own") if own else (line["member"],)] = line["real"]
    return shares


@pytest.mark.slow
@how(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(twin_worlds(), st.sampled_from([0, 1, 95, 104, 117, 140, 900]), twin_steps(["history", "ability"]),
       twin_steps(["history", "ability"]), twin_steps(["history"]))  # fmt: skip
def test_real_shares_are_those_of_the_twin(world, percent, unit, person, customer):
    total = percent * (1000 + max(0, round(sum(world.years_ago(c, 1) for c in world.customers))))
    steps = across("unit", unit), across("person", person), FLAT, across("customer", customer, of="calendar")
    made, issues = try_plan(company_of(world), settings(*steps, commit=total / 100))
    try:
        expected = twin.split_all(world, Fraction(total), unit, person, customer)
    except twin.CannotBeMetError:
        assert made is None
        assert {i.rule for i in issues if i.severity == "conflict"} <= {"floors_exceed_total", "caps_fall_short"}
        return
    assert made is not None, issues
    found = shares_of(made)
    for dimension in expected:
        for member in {*expected[dimension], *found[dimension]}:
            off = found[dimension].get(member, 0) - expected[dimension].get(member, 0)
            assert abs(off) <= 1e-12 * total + 1e-9, (dimension, member)
