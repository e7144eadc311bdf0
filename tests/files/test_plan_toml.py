"""plan.toml: exact numbers, checked settings, every finding with its key and line."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotum.adapters.files.currencies import currency_decimals
from quotum.adapters.files.plan_toml import read_settings
from quotum.adapters.printing.issue_texts import TEXTS
from quotum.engine.basics.issues import stops

HEAD = """[plan]
since = 2027-01-01
until = 2028-01-01
currency = "EUR"
"""
TARGET = """[[target]]
measure = "revenue"
commit = 1000
"""


def read(tmp_path, text, *overrides):
    """Write plan.toml and read it."""
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, overrides)


def rules(tmp_path, text, *overrides):
    """Return (rule, key, line) of every finding."""
    return [(issue.rule, issue.column, issue.line) for issue in read(tmp_path, text, *overrides)[1]]


def test_the_least_plan_has_sensible_settings(tmp_path):
    settings, issues = read(tmp_path, HEAD + TARGET)
    assert issues == []
    assert (settings.as_of, settings.fiscal_start, settings.steps) == (dt.date(2026, 12, 31), 1, ())
    assert (settings.targets[0].commit_minor, settings.targets[0].stretch_minor) == (100_000, 100_000)


def test_everything_that_can_be_said(tmp_path):
    settings, issues = read(
        tmp_path,
        """
[plan]
name = "Shandong"
since = 2027-01-01
until = 2028-01-01
as_of = 2026-12-31
country = "CN"
currency = "CNY"
fiscal_start = 4
seed = 7
[history]
years = [5, 3]
[ramp]
months = [0.5]
[measures.cartons]
decimals = 0
history = "quantity"
[measures.price]
kind = "ratio"
decimals = 2
numerator = "revenue"
denominator = "cartons"
[[target]]
measure = "revenue"
commit = 5_600_000.10
stretch = 7_000_000
[[target]]
measure = "cartons"
commit = 12
[[step]]
across = "unit"
basis = "headcount"
[[step]]
across = "person"
basis = { history = 0.6, manual = 0.4 }
weights = { ann = 2, bob = 1.5 }
fallback = "ability"
floor = 0.9
cap = 1.4
stretch_cap = 1.6
lot = { revenue = 1000 }
members = ["ann", "bob"]
measures = ["revenue"]
[[step]]
along = "calendar"
season = "table"
rates = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]
weekdays = [1, 1, 1, 1, 1, 0.5, 0]
holiday = 0.5
shrink = 10
[[step]]
across = "customer"
[[step]]
across = "product"
of = "person"
[[step]]
across = "customer"
of = "product"
""",
    )
    assert issues == []
    unit, person, along, customer, product, again = settings.steps
    assert person.basis == (("history", 0.6), ("manual", 0.4))
    assert (person.of, person.lot_minor, person.weights) == ("unit", {"revenue": 100_000}, {"ann": 2.0, "bob": 1.5})
    assert (person.floor, person.cap, person.stretch_cap, person.measures) == (0.9, 1.4, 1.6, ("revenue",))
    assert (along.of, along.rates[-1], along.weekdays[5], along.holiday, along.shrink) == ("person", 2, 0.5, 0.5, 10)
    assert (unit.of, customer.of, product.of, again.name, again.of) == ("", "person", "person", "customer_2", "product")
    assert settings.targets[0].commit_minor == 560_000_010
    assert (settings.history_years, settings.ramp, settings.seed) == ((5, 3), (0.5,), 7)
    assert settings.measures["price"].denominator == "cartons"


@pytest.mark.parametrize(("currency", "commit", "minor"), [
    ("JPY", "1000", 1000), ("KWD", "1.234", 1234), ("EUR", "0.1", 10), ("EUR", "90_071_992_547_409.91", 2**53 - 1),
    ("EUR", "1e3", 100_000), ("EUR", "0.0", 0),
])  # fmt: skip
def test_money_has_the_currencys_decimals_exactly(tmp_path, currency, commit, minor):
    settings, issues = read(tmp_path, HEAD.replace("EUR", currency) + TARGET.replace("1000", commit))
    assert issues == []
    assert settings.targets[0].commit_minor == minor


@given(st.decimals(min_value=0, max_value=10**13, places=2))
def test_targets_never_pass_through_floats(tmp_path_factory, amount):
    settings, _ = read(tmp_path_factory.mktemp("plan"), HEAD + TARGET.replace("1000", f"{amount:f}"))
    assert settings.targets[0].commit_minor == amount * 100


@pytest.mark.parametrize(("old", "new", "rule", "key", "line"), [
    ("commit = 1000", "commit = -1", "amount_negative", "target.revenue.commit", 7),
    ("commit = 1000", "commit = 1.005", "money_decimals", "target.revenue.commit", 7),
    ("commit = 1000", "commit = 90_071_992_547_409.92", "target_too_large", "target.revenue.commit", 7),
    ("since = 2027-01-01", "since = 0001-01-01", "setting_range", "plan.since", 2),
    ("until = 2028-01-01", "until = 9999-12-31", "setting_range", "plan.until", 3),
    ("until = 2028-01-01", "until = 2028-01-01\nas_of = 0001-01-01", "setting_range", "plan.as_of", 4),
    ("commit = 1000", "commit = 1e999999", "target_too_large", "target.revenue.commit", 7),
    ("commit = 1000", "commit = 1e-999999", "money_decimals", "target.revenue.commit", 7),
    ("commit = 1000", "commit = nan", "setting_type", "target.revenue.commit", 7),
    ("commit = 1000", "commit = true", "setting_type", "target.revenue.commit", 7),
    ("commit = 1000", "commit = 5\nstretch = 4", "target_stretch_below_commit", "target.revenue.stretch", 8),
    ("commit = 1000", "comit = 1000", "setting_unknown", "target.revenue.comit", 7),
    ("commit = 1000", "", "setting_missing", "target.revenue.commit", 5),
    ("revenue", "revnue", "unknown_measure", "target.revnue.measure", 6),
    ("2028-01-01", "2027-01-01", "period_empty", "plan.until", 3),
    ("2028-01-01", "2099-01-01", "period_too_long", "plan.until", 3),
    ("2028-01-01", '"soon"', "setting_type", "plan.until", 3),
    ("2028-01-01", "2028-01-01\nas_of = 2028-01-01", "as_of_after_plan", "plan.as_of", 4),
    ("2028-01-01", "2028-01-01\nfiscal_start = 13", "setting_range", "plan.fiscal_start", 4),
    ("2028-01-01", "2028-01-01\nfiscal_start = 1.5", "setting_type", "plan.fiscal_start", 4),
    ("EUR", "euros", "setting_type", "plan.currency", 4),
    ('currency = "EUR"', "", "currency_assumed", "plan.currency", 1),
    ("[[target]]", "[target]", "target_missing", "target", 5),
    ("[plan]", "[plam]", "section_unknown", "plam", 1),
])  # fmt: skip
def test_findings_name_key_and_line(tmp_path, old, new, rule, key, line):
    assert (rule, key, line) in rules(tmp_path, (HEAD + TARGET).replace(old, new))


@pytest.mark.parametrize("text", ["[forecast]\nrange = 0.99", "[new_customers]\namount = 0.01"])
def test_a_bound_itself_is_allowed(tmp_path, text):
    assert rules(tmp_path, HEAD + TARGET + text) == []


@pytest.mark.parametrize(("step", "rule", "key"), [
    ('across = "persons"', "setting_choice", "step.persons.across"), ("floor = 1", "step_kind", "step.step.across"),
    ('across = "unit"\nalong = "calendar"', "step_kind", "step.unit.across"),
    ('along = "moon"', "setting_choice", "step.moon.along"),
    ('across = "unit"\nof = "area"', "step_of_unknown", "step.unit.of"),
    ('across = "unit"\nbasis = "histry"', "unknown_basis", "step.unit.basis"),
    ('across = "unit"\nbasis = "rank"', "basis_not_yet", "step.unit.basis"),
    ('across = "unit"\nbasis = { history = -1, equal = 1 }', "setting_range", "step.unit.basis.history"),
    ('across = "unit"\nbasis = { history = 0 }', "weights_all_zero", "step.unit.basis"),
    ('across = "unit"\nbasis = "manual"', "manual_without_weights", "step.unit.weights"),
    ('across = "unit"\nfloor = 2\ncap = 1', "floor_above_cap", "step.unit.floor"),
    ('across = "unit"\ncap = inf', "setting_range", "step.unit.cap"),
    ('across = "unit"\nlot = 0.001', "money_decimals", "step.unit.lot"),
    ('along = "calendar"\nweekdays = [1, 1]', "setting_type", "step.calendar.weekdays"),
    ('along = "calendar"\nweekdays = [0, 0, 0, 0, 0, 0, 0]', "weights_all_zero", "step.calendar.weekdays"),
    ('along = "calendar"\nseason = "table"', "rates_missing", "step.calendar.rates"),
    ('along = "calendar"\n[[step]]\nalong = "calendar"', "two_along", "step.calendar_2.along"),
    ('across = "unit"\nname = "x"\n[[step]]\nacross = "area"\nname = "x"', "step_name_twice", "step.x.name"),
])  # fmt: skip
def test_steps_that_make_no_sense(tmp_path, step, rule, key):
    assert (rule, key) in {found[:2] for found in rules(tmp_path, f"{HEAD}{TARGET}[[step]]\n{step}\n")}


def test_targets_are_given_once_and_not_for_ratios(tmp_path):
    ratio = '[measures.price]\nkind = "ratio"\nnumerator = "revenue"\ndenominator = "units"\n'
    ratio += TARGET.replace("revenue", "price")
    assert {found[0] for found in rules(tmp_path, HEAD + TARGET + TARGET)} == {"target_twice"}
    assert {found[0] for found in rules(tmp_path, HEAD + ratio)} == {"target_of_ratio"}
    assert "unknown_measure" in {found[0] for found in rules(tmp_path, HEAD + ratio.replace('"units"', '"unit"'))}


def test_later_sections_are_let_through(tmp_path):
    settings, issues = read(tmp_path, HEAD + TARGET + "[scorecard]\npoints = 9\n")
    assert settings is not None
    assert [(i.rule, i.severity, i.line) for i in issues] == [("section_later", "note", 8)]


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"[plan]\nsince = \n", "toml_syntax", 2),
        (b'[plan]\nname = "M\xfcller"\n', "not_utf8", 2),
        (b"\0", "toml_syntax", 1),
        (b"a = " + b"[" * 5000, "toml_syntax", None),
        (b"a = " + b"9" * 6000, "toml_syntax", None),
    ],
)
def test_files_that_cannot_be_understood(tmp_path, content, rule, line):
    (tmp_path / "plan.toml").write_bytes(content)
    settings, issues = read_settings(tmp_path / "plan.toml")
    assert settings is None
    assert [(i.rule, i.line) for i in issues] in ([(rule, line)], [(rule, None)])


def test_a_missing_file_is_one_finding(tmp_path):
    assert [i.rule for i in read_settings(tmp_path / "plan.toml")[1]] == ["settings_missing"]


@given(
    st.dictionaries(
        st.sampled_from(["plan", "target", "step", "measures", "history", "ramp"]),
        st.sampled_from(
            [
                "1",
                "[]",
                "{}",
                "'x'",
                "[1]",
                "[{}]",
                "{a=1}",
                "[{measure=1}]",
                "[{across=[]}]",
                "{years=[]}",
                "{x={kind=1}}",
                "[{across='unit', basis=1, lot='x', weights=3}]",
            ]
        ),
    )
)
def test_no_shape_raises(tmp_path_factory, document):
    text = "\n".join(f"{key} = {value}" for key, value in document.items())
    settings, issues = read(tmp_path_factory.mktemp("plan"), text)
    assert settings is None
    assert stops(issues)
    assert {issue.rule for issue in issues} <= TEXTS.keys()


STEPS = '[[step]]\nacross = "unit"\n[[step]]\nacross = "person"\ncap = 1.2\n'


def test_settings_from_the_command_line_win(tmp_path):
    settings, issues = read(
        tmp_path,
        HEAD + TARGET + STEPS,
        "plan.until=2027-07-01",
        "target.revenue.commit=2000.5",
        "step.person.cap=1.5",
        "plan.name=New plan",
        "history.years=[1]",
        "step.unit.basis.equal=1",
    )
    assert issues == []
    assert (settings.until, settings.targets[0].commit_minor, settings.steps[1].cap) == (
        dt.date(2027, 7, 1),
        200_050,
        1.5,
    )
    assert (settings.name, settings.history_years, settings.steps[0].basis) == ("New plan", (1,), (("equal", 1.0),))


@pytest.mark.parametrize(
    ("override", "rule"),
    [
        ("until", "override_syntax"),
        ("plan=1", "override_syntax"),
        ("=", "override_syntax"),
        ("target.x.commit=1", "override_unknown"),
        ("step.persn.cap=1", "override_unknown"),
        ("plan.untill=2027-07-01", "setting_unknown"),
        ("plan.until=x", "setting_type"),
        ("plan.until=2027\nx=1", "setting_type"),
    ],
)
def test_settings_from_the_command_line_are_checked(tmp_path, override, rule):
    settings, issues = read(tmp_path, HEAD + TARGET + STEPS, override)
    assert settings is None
    assert issues[0].rule == rule


def test_most_currencies_have_two_decimals():
    assert [currency_decimals(code) for code in ("EUR", "CNY", "JPY", "CLP", "KWD", "TND")] == [2, 2, 0, 0, 3, 3]
    assert Decimal(10) ** -currency_decimals("EUR") == Decimal("0.01")
