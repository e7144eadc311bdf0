"""Hedges, proposals, tolerances and floors in plan.toml: read, or told what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from company_files import PLAN, find, places, write_company
from quotum.adapters.files.company_folder import open_company

PERSON_STEP = '[[step]]\nacross = "person"\n'


def test_what_is_written_is_read(tmp_path: Path):
    toml = PLAN.replace(PERSON_STEP, f'{PERSON_STEP}hedge = 1.05\nreconcile = "proposals"\n')
    toml = toml.replace('currency = "EUR"', 'currency = "EUR"\nhedge_cap = 1.1')
    toml += '[measures.m]\nkind = "ratio"\nnumerator = "revenue"\ndenominator = "units"\n'
    toml += "tolerance = 0.1\nfloors = { a = 0.2 }\n"
    opened = open_company(write_company(tmp_path, {"plan.toml": toml}))
    assert opened.settings is not None
    step = opened.settings.steps[1]
    assert (step.hedge, step.reconcile, opened.settings.hedge_cap) == (1.05, "proposals", 1.1)
    assert (opened.settings.measures["m"].tolerance, opened.settings.measures["m"].floors) == (0.1, {"a": 0.2})


@pytest.mark.parametrize(
    ("key", "rule"),
    [("hedge = 0.9", "setting_range"), ("hedge = true", "setting_type"), ('reconcile = "yes"', "setting_choice")],
)
def test_a_wrong_value_is_told(tmp_path: Path, key: str, rule: str):
    found = find(tmp_path, {"plan.toml": PLAN.replace(PERSON_STEP, f"{PERSON_STEP}{key}\n")})
    assert [place[2] for place in places(found, rule)] == [f"step.person.{key.split(' ', maxsplit=1)[0]}"]


def test_units_do_not_propose(tmp_path: Path):
    toml = PLAN.replace('across = "unit"\n', 'across = "unit"\nreconcile = "proposals"\n')
    [(_, _, column, value)] = places(find(tmp_path, {"plan.toml": toml}), "reconcile_not_for")
    assert (column, value) == ("step.unit.reconcile", "unit")


def test_a_tolerance_is_for_ratios(tmp_path: Path):
    toml = PLAN + "[measures.units]\ntolerance = 0.1\n"
    assert [place[2] for place in places(find(tmp_path, {"plan.toml": toml}), "only_for_ratios")] == [
        "measures.units.tolerance"
    ]
