"""Bottom-up: proposals move the split, the trusted ones least, within bounds and to the parent's last cent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from company_files import write_company
from quotum.cli import main
from quotum.engine.decomposition.bottom_up import spread_to_total
from quotum.engine.slices.explaining import explain_number
from quotum.engine.slices.proposals import compare_proposals, sum_by_person
from quotum.engine.tables.plan_settings import Target
from small_company import (
    CUSTOMER,
    FLAT,
    PERSON,
    PRODUCT,
    UNIT,
    firm,
    issues_of,
    numbers,
    plan,
    reasons,
    sale,
    settings,
    try_plan,
)

TEAM, OWN = {"ana": "North", "bo": "North", "cy": "North"}, {"a": "ana", "b": "bo", "c": "cy"}
SALES = [sale("a", 100), sale("b", 100), sale("c", 200)]
ASKED = replace(PERSON, reconcile="proposals")


def wish(person, amount, trust=None, layer="commit", customer=None, **more):
    return {"person": person, "measure": "revenue", "layer": layer, "customer": customer, "amount": amount,
            "trust": trust, **more}  # fmt: skip


def team(*wishes, sales=SALES, **tables):
    return firm(TEAM, OWN, sales, proposals=list(wishes), **tables)


def spread_slowly(total, wishes, trusts, floors, caps):
    """The twin: halve the range of λ two hundred times."""

    def at(scale):
        return [min(max(p + scale / t, f), c) for p, t, f, c in zip(wishes, trusts, floors, caps, strict=True)]

    low, high = -1e12, 1e12
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(at(middle)) < total else (low, middle)
    return at(high)


@st.composite
def parents(draw):
    number = draw(st.integers(1, 6))
    amounts = st.integers(0, 1000)
    wishes = [float(draw(amounts)) for _ in range(number)]
    trusts = [draw(st.sampled_from([0.001, 0.5, 1.0, 3.0, 100.0])) for _ in range(number)]
    floors = [float(draw(st.integers(0, 300))) for _ in range(number)]
    caps = [f + draw(st.sampled_from([0.0, 50.0, 800.0, np.inf])) for f in floors]
    least, most = sum(floors), min(sum(caps), sum(floors) + 3000)
    total = least + draw(st.floats(0, 1)) * (most - least)
    return total, *(np.array(values) for values in (wishes, trusts, floors, caps))


@given(parents())
def test_the_spread_adds_up_keeps_bounds_and_is_the_slow_one(case):
    total, wishes, trusts, floors, caps = case
    found = spread_to_total(*case)
    assert found.sum() == pytest.approx(total, abs=1e-6)
    assert (found >= floors).all()
    assert (found <= caps).all()
    assert np.allclose(found, spread_slowly(total, wishes, trusts, floors, caps), atol=1e-3)


def test_the_most_trusted_moves_least():
    company = team(wish("ana", 3000, 1), wish("bo", 3000, 3), wish("cy", 3000, 1))
    found = numbers(plan(company, ASKED, FLAT))
    # 1,000 are missing: each moves by λ / trust, and 1 + 1/3 + 1 of λ make 1,000.
    assert found == {"ana": 3428_57, "bo": 3142_86, "cy": 3428_57}


def test_who_proposes_nothing_has_the_top_down_share_with_trust_1():
    found = numbers(plan(team(wish("ana", 3500)), ASKED, FLAT))
    assert found == {"ana": 3166_67, "bo": 2166_67, "cy": 4666_66}


def test_proposals_that_add_up_are_taken_as_they_are():
    company = team(wish("ana", 1000), wish("bo", 2000, 9), wish("cy", 7000))
    assert numbers(plan(company, ASKED, FLAT)) == {"ana": 1000_00, "bo": 2000_00, "cy": 7000_00}


def test_without_a_step_that_reconciles_the_plan_comes_from_the_top_and_says_so():
    company = team(wish("ana", 9000))
    assert numbers(plan(company, PERSON, FLAT))["ana"] == 2500_00
    [note] = [i for i in issues_of(company, PERSON, FLAT) if i.table == "proposals"]
    assert (note.rule, note.severity, note.value) == ("proposals_not_used", "note", "1")


def told_of(company, wanted):
    return [(i.rule, i.severity, i.line, i.value) for i in try_plan(company, wanted)[1] if i.table == "proposals"]


def test_proposals_that_no_step_can_reconcile_are_told_by_measure():
    pieces = [wish("ana", 12, measure="units"), wish("bo", 3, measure="units")]
    company = team(wish("ana", 3500), *pieces, products=[{"product": "tea", "price": 10}])
    wanted = settings(ASKED, FLAT, replace(PRODUCT, of="calendar"))
    follower = replace(wanted, targets=(*wanted.targets, Target("units", 0, 0, follows="revenue")))
    assert told_of(company, follower) == [("proposals_of_follower", "warning", 1, "units")]
    other = replace(wanted, targets=(*wanted.targets, Target("units", 90, 90)))
    company, for_money = team(wish("ana", 3500), *pieces), replace(ASKED, measures=("revenue",))
    assert told_of(company, replace(other, steps=(UNIT, for_money, FLAT))) == [
        ("proposals_of_no_step", "warning", 1, "units")]  # fmt: skip
    assert told_of(company, other) == []


def test_bounds_and_locks_are_kept():
    lock = {"measure": "revenue", "layer": "commit", "dimension": "person", "key": "bo", "kind": "lock", "amount": 1234}
    company = team(wish("ana", 9000), wish("bo", 9000), wish("cy", 0), locks=[lock])
    made = plan(company, replace(ASKED, cap=40.0, floor=12.0), FLAT)
    assert numbers(made) == {"ana": 4000_00, "bo": 1234_00, "cy": 4766_00}
    assert {key: line["why"] for key, line in reasons(made, "person").items()} == {
        "ana": "cap", "bo": "lock", "cy": "proposal"}  # fmt: skip


def test_parents_of_whom_nobody_proposed_stay_as_they_are():
    company = firm({"ana": "North", "bo": "North", "cy": "South", "di": "South"}, {**OWN, "d": "di"},
                   [*SALES, sale("d", 77)], proposals=[wish("ana", 100)])  # fmt: skip
    found, plain = (numbers(plan(company, UNIT, step, FLAT)) for step in (ASKED, PERSON))
    assert (found["cy"], found["di"]) == (plain["cy"], plain["di"])
    assert found["ana"] + found["bo"] == plain["ana"] + plain["bo"]


def test_customers_are_proposed_below_their_person():
    company = firm(TEAM, {**OWN, "a2": "ana"}, [*SALES, sale("a2", 100)],
                   proposals=[wish("ana", 2500, customer="a"), wish("bo", 1, customer="a2")])  # fmt: skip
    step = replace(CUSTOMER, reconcile="proposals")
    made, plain = plan(company, PERSON, FLAT, step), plan(company, PERSON, FLAT, CUSTOMER)
    assert numbers(made) == numbers(plain)
    assert numbers(made, "customer")["a"] == 2250_00  # of 4,000: 2,500 and 2,000 are 500 too much
    told = issues_of(company, PERSON, FLAT, step)
    assert [(i.rule, i.value) for i in told if i.table == "proposals"] == [("proposal_without_member", "a2")]


def test_a_person_with_proposals_for_customers_only_has_their_sum():
    company = team(wish("ana", 1000, 1, customer="a"), wish("ana", 2000, 4, customer="b"))
    line = reasons(plan(company, ASKED, FLAT), "person")["ana"]
    assert (line["weight_proposal"], line["weight_trust"]) == (3000.0, 3.0)


def test_quarters_are_summed_and_a_part_of_the_year_is_told():
    halves = [wish("ana", 1000, since="2027-01-01", until="2027-07-01"), wish("ana", 2500, since="2027-07-01")]
    assert numbers(plan(team(*halves), ASKED, FLAT)) == numbers(plan(team(wish("ana", 3500)), ASKED, FLAT))
    told = issues_of(team(halves[0]), ASKED, FLAT)
    assert [(i.rule, i.severity, i.value) for i in told if i.table == "proposals"] == [
        ("proposal_in_part", "warning", "ana")]  # fmt: skip


def test_extra_has_proposals_of_its_own_or_of_the_stretch():
    company = team(wish("ana", 900, layer="extra"), wish("bo", 3300, layer="stretch"))
    made = plan(company, ASKED, FLAT, stretch=12_000)
    commit, stretch = numbers(made), numbers(made, level="stretch")
    assert commit == {"ana": 2500_00, "bo": 2500_00, "cy": 5000_00}
    # Of 2,000: 900, 800 (3,300 − 2,500) and 1,000 from the top are 700 too much.
    assert {key: stretch[key] - commit[key] for key in commit} == {"ana": 666_67, "bo": 566_67, "cy": 766_66}


@pytest.mark.parametrize("person", ["ana", "bo", "cy"])
def test_the_ledger_of_a_reconciled_member_adds_up(person):
    made = plan(team(wish("ana", 3500, 2)), ASKED, FLAT)
    opened, _ = explain_number(made, [("person", person)])
    assert opened is not None
    step = opened.ways[0][-1]
    assert sum(line.amount_minor for line in step.lines) == step.amount_minor == numbers(made)[person]
    [line] = [line for line in step.lines if line.what == "proposals"]
    assert (line.weight, line.part) == ((3500.0, 2.0) if person == "ana" else (0.0, 0.0))


def test_the_comparison_is_by_size_and_by_person():
    company = team(
        wish("ana", 2600), wish("bo", 4000, 2), wish("cy", 4900, customer="c"), wish("ana", 1, layer="extra")
    )
    top_down, made = plan(company, PERSON, FLAT, CUSTOMER), plan(company, ASKED, FLAT, CUSTOMER)
    compared = compare_proposals(company["proposals"], top_down, made)
    assert compared.select("person", "customer", "difference").rows() == [
        ("bo", None, 1500_00), ("ana", None, 100_00), ("cy", "c", -100_00), ("ana", None, 1_00)]  # fmt: skip
    assert compared["planned"].to_list() == [numbers(made)["bo"], numbers(made)["ana"], numbers(made)["cy"], 0]
    assert sum_by_person(compared).select("person", "layer", "difference").rows()[0] == ("bo", "commit", 1500_00)


def test_the_command_prints_both_tables(tmp_path: Path):
    folder = write_company(tmp_path, {"proposals.csv": "person,measure,layer,amount\nann,revenue,commit,700\n"})
    done = CliRunner().invoke(main, ["proposals", str(folder), "--set", "step.person.reconcile=proposals"])
    assert done.exit_code == 0, done.output
    assert "reconciled in person" in done.output
    data = json.loads(CliRunner().invoke(main, ["proposals", str(folder), "--json"]).stdout)
    assert data["proposals"][0]["difference"] == data["people"][0]["difference"]
