"""[[fact]], [focus] and [feasibility] are read, and what is wrong with them is told at once."""

from datetime import date

import pytest

from quotum.adapters.files.plan_toml import read_settings
from quotum.engine.tables.feasibility_settings import Fact, FeasibilitySettings
from quotum.engine.tables.settings_json import settings_from_json, settings_to_json

HEAD = """
[plan]
since = 2027-01-01
until = 2028-01-01
currency = "CNY"
[[target]]
measure = "revenue"
commit = 2_000_000
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        (tmp_path / "plan.toml").write_text(HEAD + text, encoding="utf-8")
        settings, issues = read_settings(tmp_path / "plan.toml")
        return settings, [(issue.rule, issue.column) for issue in issues]

    return read_text


def test_facts_are_read_and_come_back_from_json(read):
    settings, issues = read("""
[[fact]]
measure = "revenue"
amount = 100_000
per = "new customers"
yearly = true
[[fact]]
measure = "new customers"
at_least = 10
until = 2027-08-01
source = "page 3"
[[fact]]
measure = "first trip"
date = 2027-05-23
[[fact]]
measure = "revenue"
amount = 3
parts = { b = 2, a = 1 }
[focus]
"2027-Q1" = "win back"
"2027-Q2" = ["a", "b"]
[feasibility]
chance = 0.3
lead_days = 10
market = "units"
""")
    assert issues == []
    assert settings.facts == (
        Fact("revenue", 100_000.0, 100_000.0, per="new customers", yearly=True),
        Fact("new customers", 10.0, until=date(2027, 8, 1), source="page 3"),
        Fact("first trip", day=date(2027, 5, 23)),
        Fact("revenue", 3.0, 3.0, parts=(("a", 1.0), ("b", 2.0))),
    )
    assert settings.focus == {"2027-Q1": ("win back",), "2027-Q2": ("a", "b")}
    assert settings.feasibility == FeasibilitySettings(chance=0.3, lead_days=10, market="units")
    assert settings_from_json(settings_to_json(settings)) == settings


@pytest.mark.parametrize(
    ("text", "rule", "column"),
    [
        ('[[fact]]\nmeasure = "a"\namount = 1\nat_least = 2', "fact_twice", "fact.a.amount"),
        ('[[fact]]\nmeasure = "a"\nat_least = 3\nat_most = 2', "fact_empty", "fact.a.at_least"),
        ('[[fact]]\nmeasure = "a"\namount = 1\nper = "moon"', "fact_per_unknown", "fact.a.per"),
        ('[[fact]]\nmeasure = "a"', "setting_missing", "fact.a.amount"),
        ("[[fact]]\namount = 1", "setting_missing", "fact.1.measure"),
        ('[[fact]]\nmeasure = "a"\namount = 1\nyearly = "no"', "setting_type", "fact.a.yearly"),
        ('[[fact]]\nmeasure = "a"\namount = 1\nsince = 2027-02-01\nuntil = 2027-01-01', "period_empty", "fact.a.until"),
        ('[[fact]]\nmeasure = "a"\namount = 1\nsize = 2', "setting_unknown", "fact.a.size"),
        ("fact = 3", "setting_unknown", ""),
        ('[focus]\n"2027-Q5" = "x"', "focus_no_quarter", "focus.2027-Q5"),
        ("[feasibility]\nchance = 2", "setting_range", "feasibility.chance"),
        ('[feasibility]\nmarket = "moons"', "unknown_measure", "feasibility.market"),
    ],
)
def test_what_is_wrong_is_told(read, text, rule, column):
    _, issues = read(text)
    assert (rule, column) in issues or (column == "" and issues)


@pytest.mark.parametrize("amount", ["-5", "nan", "1e300"])
def test_an_amount_that_is_wrong_is_not_missing_too(read, amount):
    assert read(f'[[fact]]\nmeasure = "a"\namount = {amount}')[1] == [("setting_range", "fact.a.amount")]
