"""Who came, left or moved in mid-year: what passes to whom from when, and the second time nothing passes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from test_replanning import again, replan, tea_plan, with_owner

import small_company as sc
from quotum.engine.revisions.handover import QUOTA
from quotum.engine.revisions.handover_list import Passing, apply_handovers, list_handovers
from quotum.engine.revisions.replanning import OWED
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_tables import GIVEN_SCHEMAS, Plan

PEOPLE = ("ana", "bo", "cy", "vacant:North")


def with_tables(company: Company, **tables: list) -> Company:
    return replace(company, tables={**company.tables, **{n: sc.table(n, rows) for n, rows in tables.items()}})


def leaves(company: Company, person: str, day: date) -> Company:
    left = pl.when(pl.col("person") == person).then(day).otherwise("left")
    return replace(company, tables={**company.tables, "people": company["people"].with_columns(left=left)})


def handed(plan: Plan, *columns: str, **where: str) -> list[tuple]:
    return plan["handovers"].filter(**where).select(*columns).rows()


def newcomer() -> Company:
    return with_owner("market", "new", "2027-06-01", new={"unit": "South", "hired": "2027-06-01"})


def test_a_customer_passes_with_its_quota_from_its_day() -> None:
    plan = tea_plan()
    made = again(newcomer(), plan, policy="keep-rest")
    ((person, to, unit, since, amount),) = handed(made, "person", "to", "unit", "since", "amount", kind="customer")
    assert (person, to, unit, since) == ("cy", "new", "South", date(2027, 6, 1))
    assert amount == sum(sc.months(made, person="new"))
    assert amount == sum(sc.months(plan, person="cy")[5:]) - sum(sc.months(made, person="cy")[5:])


def test_nothing_passes_twice() -> None:
    company = leaves(newcomer(), "ana", date(2027, 9, 1))
    first = again(company, tea_plan(), policy="keep-rest")
    second = again(company, first, date(2027, 6, 30), policy="keep-rest")
    assert handed(second, "key") == []
    assert second["changes"]["operation"].to_list().count("handover") == 1
    assert sc.months(second, person="cy")[6:] == sc.months(first, person="cy")[6:]


def test_a_customer_that_passes_on_again_leaves_those_who_have_it() -> None:
    company = newcomer()
    first = again(company, tea_plan(), policy="keep-rest")
    lines = [{"customer": "market", "person": "cy", "since": "2020-01-01", "until": "2027-06-01"},
             {"customer": "market", "person": "new", "since": "2027-06-01", "until": "2027-10-01"},
             {"customer": "market", "person": "eve", "since": "2027-10-01"}]  # fmt: skip
    others = company["ownership"].filter(pl.col("customer") != "market")
    later = replace(company, tables={**company.tables, "ownership": pl.concat([others, sc.table("ownership", lines)])})
    second = again(later, first, date(2027, 6, 30), policy="keep-rest")
    assert handed(second, "person", "to", "since") == [("new", "eve", date(2027, 10, 1))]
    assert sc.months(second, person="cy")[6:] == sc.months(first, person="cy")[6:]
    assert sc.months(second, person="new")[9:] == [0, 0, 0]


def test_projects_debts_and_fixed_dates_go_with_the_customer() -> None:
    company = with_tables(
        newcomer(),
        projects=[{"project": "stall", "customer": "market", "person": "cy", "amount": 500},
                  {"project": "done", "customer": "market", "person": "cy", "close": "2027-02-01"}],
        invoices=[{"invoice": "i1", "date": "2027-02-01", "customer": "market", "amount": 100}],
        receipts=[{"invoice": "i1", "date": "2027-03-01", "amount": 40}],
        appointments=[{"person": "cy", "customer": "market", "start": f"2027-{m:02}-10 10:00"} for m in (5, 6)],
    )  # fmt: skip
    made = again(company, tea_plan(), policy="keep-rest")
    told = {kind: (key, amount) for kind, key, amount in handed(made, "kind", "key", "amount", to="new")}
    assert told["project"] == ("stall", 50_000)
    assert told["receivable"] == ("i1", 6_000)
    assert told["appointment"] == ("2027-06-10 10:00", None)
    assert made["handovers"].height == 4
    after = apply_handovers(company, made["handovers"])
    assert after["projects"]["person"].to_list() == ["new", "cy"]
    assert after["appointments"]["person"].to_list() == ["cy", "new"]
    assert after["projects"].columns == company["projects"].columns


def test_a_leavers_projects_go_to_who_holds_the_customer_else_to_nobody() -> None:
    company = with_tables(sc.tea_house(), projects=[{"project": "pier", "customer": "inn", "person": "ana"},
                                                   {"project": "hall", "person": "ana"}])  # fmt: skip
    made, issues = replan(leaves(company, "ana", date(2027, 9, 1)), tea_plan(), policy="keep-rest")
    assert made is not None
    assert handed(made, "key", "to", "since", kind="project") == [
        ("pier", "bo", date(2027, 9, 1)), ("hall", "vacant:North", date(2027, 9, 1))
    ]  # fmt: skip
    assert handed(made, "key", "to", kind="customer") == [("harbour", "vacant:North")]
    nobody = next(issue for issue in issues if issue.rule == "handover_to_nobody")
    assert (nobody.value, nobody.more) == ("harbour", 1)
    assert apply_handovers(company, made["handovers"])["projects"]["person"].to_list() == ["bo", "ana"]


def test_a_mover_to_another_unit_takes_nothing_away_from_it() -> None:
    plan = tea_plan()
    made = again(with_owner("inn", "ana", "2027-05-01"), plan, policy="keep-rest")
    assert handed(made, "person", "to", "unit") == [("bo", "ana", "North")]
    assert sc.months(made)[3:] == sc.months(plan)[3:]


SPANS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 3)), min_size=1, max_size=3)


def holdings(days: list[int], people: list[str]) -> pl.DataFrame:
    edges = [0, *days, 365]
    rows = [{"customer": "c", "person": person, "unit": "u", "since": date(2027, 1, 1).toordinal() + a,
             "until": date(2027, 1, 1).toordinal() + b, "share": 1.0}
            for person, a, b in zip(people, edges, edges[1:], strict=False)]  # fmt: skip
    rows = [{**r, "since": date.fromordinal(r["since"]), "until": date.fromordinal(r["until"])} for r in rows]
    return pl.DataFrame(rows, schema=GIVEN_SCHEMAS["holdings"])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_list_brings_one_list_of_holders_to_the_other(data: st.DataObject) -> None:
    days = data.draw(st.lists(st.integers(1, 364), unique=True, max_size=3).map(sorted))
    later = data.draw(st.lists(st.integers(1, 364), unique=True, max_size=3).map(sorted))
    pick = st.sampled_from(PEOPLE)
    old = holdings(days, [data.draw(pick) for _ in range(len(days) + 1)])
    new = holdings(later, [data.draw(pick) for _ in range(len(later) + 1)])
    nothing = pl.DataFrame(schema=QUOTA), pl.DataFrame(schema=OWED)
    passing = Passing(old, new, *nothing)
    told = list_handovers(Company.of({}), sc.settings(), date(2027, 3, 31), passing)

    def by_day(frame: pl.DataFrame, column: str, sign: int, shares: np.ndarray) -> None:
        for line in frame.iter_rows(named=True):
            low, high = ((line[k] - date(2027, 1, 1)).days for k in ("since", "until"))
            shares[PEOPLE.index(line[column]), low:high] += sign * line["share"]

    shares = np.zeros((len(PEOPLE), 365))
    by_day(old, "person", 1, shares)
    by_day(told, "person", -1, shares)
    by_day(told, "to", 1, shares)
    by_day(new, "person", -1, shares)
    assert not shares.any()
