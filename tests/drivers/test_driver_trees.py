"""Trees: every part before what is made of it; unknown names, circles and what does not fit in time are told."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.drivers import build_tree
from quotum.engine.drivers.time_grains import read_units, write_units
from quotum.engine.drivers.trees import order_names
from quotum.engine.tables.driver_settings import Driver, DriverSettings
from small_drivers import play_of, read, total


def told(text: str) -> list[tuple[str, str, str]]:
    return [(issue.rule, issue.column, issue.value) for issue in read(text)[1]]


def test_all_wrong_formulas_are_told_at_once_with_line_and_letter():
    settings_, issues = read("a = 'b +'\nb = 'c * 2'\nc = 'cal * 1'\ncall = 3")
    assert settings_.drivers == ()
    assert [(i.rule, i.line, i.column, dict(i.details)["at"]) for i in issues] == [
        ("formula_ends", 2, "drivers.a", "4"), ("driver_unknown", 4, "drivers.c", "1"),
    ]  # fmt: skip
    assert dict(issues[1].details)["nearest"] == "call"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a = 'b'\nb = 'c'\nc = 'a + 1'", ("driver_circle", "drivers.a", "a → b → c → a")),
        ("a = 'lag(a, 1 month)'", ("driver_circle", "drivers.a", "a → a")),
        ("'a b' = 3", ("driver_name", "drivers.a b", "a b")),
        ("min = 3", ("driver_name", "drivers.min", "min")),
        ("a = { value = 3, formula = 'b' }\nb = 1", ("driver_kind", "drivers.a", "formula, value")),
        ("a = {}", ("driver_kind", "drivers.a", "none")),
        ("a = { value = 3, low = 5, high = 4 }", ("driver_bounds", "drivers.a.low", "5.0")),
        ("a = { value = 3, pre = 'day' }", ("setting_unknown", "drivers.a.pre", "")),
        ("a = { value = 3, per = 'fortnight' }", ("setting_choice", "drivers.a.per", "fortnight")),
        ("a = { estimate = 'luck' }", ("setting_choice", "drivers.a.estimate", "luck")),
        ("a = true", ("setting_type", "drivers.a", "True")),
        ("[drivers]\na = 1\n[capacity]\nb = 'people'", ("driver_unknown", "capacity.b", "b")),
        ("[norms.rep]\ncalls = '30'", ("norm_syntax", "norms.rep.calls", "30")),
        ("x = 'days + 3 * people'", ("driver_grain", "drivers.x", "days + 3 * people")),
        ("x = 'weeks * days'", ("driver_grain_twice", "drivers.x", "weeks * days")),
        ("x = 'if(days > people, 1, 2)'", ("driver_grain", "drivers.x", "if(days > people, 1, 2)")),
        ("x = 'so_far(people)'", ("driver_so_far", "drivers.x", "so_far(people)")),
        ("x = { formula = 'n * p', measured_in = 'EUR' }\nn = { value = 1, measured_in = 'order' }\n"
         "p = { value = 2, measured_in = 'EUR/visit' }", ("driver_units", "drivers.x", "n * p")),
        ("x = 'n + p'\nn = { value = 1, measured_in = 'order' }\np = { value = 2, measured_in = 'visit' }",
         ("driver_units", "drivers.x", "n + p")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(text, finding):
    assert finding in told(text)


def test_units_that_fit_are_fine():
    text = """
    revenue = { formula = "orders * average", measured_in = "EUR" }
    orders = { formula = "visits * rate", measured_in = "order" }
    visits = { formula = "2 * people * working_days * each", measured_in = "visit" }
    each = { value = 4, measured_in = "visit/person/day" }
    rate = { value = 0.2, measured_in = "order/visit" }
    average = { value = 5, measured_in = "EUR/order" }
    """
    assert told(text) == []
    assert write_units(read_units("visit/day/person*day")) == "visit/person"


def test_a_driver_of_ones_own_wins_over_the_calendar():
    assert total(play_of("n = 'weeks'\nweeks = 40"), "n") == 40
    assert total(play_of("n = 'people * working_days'\nworking_days = 'days * 6 / 7'"), "n") == pytest.approx(
        365 * 6 / 7
    )


def test_the_order_of_the_file_does_not_matter():
    lines = ["a = 'b * c'", "b = 'd + 1'", "c = 'd * months'", "d = 2"]
    assert {total(play_of("\n".join(order)), "a") for order in (lines, lines[::-1], lines[2:] + lines[:2])} == {72.0}


def test_very_many_drivers_and_a_long_chain():
    chain = (*(Driver(f"d{k}", formula=f"d{k + 1} + 1") for k in range(299)), Driver("d299", value=1.0))
    tree, issues = build_tree(DriverSettings(chain))
    assert not issues
    assert next(iter(tree.formulas)) == "d298"
    _, issues = build_tree(DriverSettings((*chain, Driver("x", value=1.0))))
    assert [issue.rule for issue in issues] == ["driver_too_many"]


@given(st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 15), max_size=4), max_size=12))
@settings(max_examples=200)
def test_every_part_comes_first_or_the_circle_is_one(graph):
    parts = {str(name): [str(part) for part in of] for name, of in graph.items()}
    order, circle = order_names(parts)
    if circle:
        assert circle[0] == circle[-1]
        assert all(after in parts[name] for name, after in pairwise(circle))
    else:
        assert sorted(order) == sorted(parts)
        assert all(order.index(part) < order.index(name) for name in order for part in parts[name] if part in parts)
