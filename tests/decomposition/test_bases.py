"""What shares are taken from, and how bases are mixed."""

from dataclasses import replace

from quotum.engine.tables.plan_settings import AcrossStep
from small_company import FLAT, PERSON, UNIT, firm, issues_of, numbers, plan, reasons, refusal, sale, tea_house

TWO, OWN = {"ana": "North", "bo": "South"}, {"a": "ana", "b": "bo"}
SALES = [sale("a", 300), sale("b", 100)]


def by(*bases, **more):
    return replace(PERSON, basis=tuple(bases), **more)


def test_ability_is_a_weight_of_the_person_and_one_when_unsaid():
    made = plan(firm(TWO, people=[{"person": "ana", "ability": 1.5}]), by(("ability", 1.0)))
    assert numbers(made) == {"ana": 6000_00, "bo": 4000_00}


def test_headcount_and_equal_part_alike_what_is_there():
    company = firm({"ana": "North", "bo": "South", "cy": "South", "di": "South"})
    by_units = (replace(UNIT, basis=(("headcount", 1.0),)), by(("equal", 1.0)))
    assert numbers(plan(company, *by_units), "unit") == {"North": 2500_00, "South": 7500_00}
    assert numbers(plan(company, by(("equal", 1.0)))) == dict.fromkeys(("ana", "bo", "cy", "di"), 2500_00)


def test_potential_is_what_customers_could_buy():
    customers = [{"customer": "a", "potential": 100.0}, {"customer": "b", "potential": 900.0}]
    made = plan(firm(TWO, OWN, SALES, customers=customers), by(("potential", 1.0)))
    assert numbers(made) == {"ana": 1000_00, "bo": 9000_00}


def test_manual_weights_are_the_planners_and_who_has_none_gets_nothing():
    company = firm({**TWO, "cy": "South"}, OWN, SALES)
    assert numbers(plan(company, by(("manual", 1.0), weights={"bo": 1.5, "cy": 0.5}))) == {
        "ana": 0, "bo": 7500_00, "cy": 2500_00,
    }  # fmt: skip


def test_manual_weights_split_categories_that_never_sold():
    categories = [{"category": "tea"}, {"category": "ware"}]
    step = AcrossStep("category", "category", basis=(("manual", 1.0),), weights={"tea": 3, "ware": 1})
    assert numbers(plan(firm(TWO, categories=categories), step), "category") == {"tea": 7500_00, "ware": 2500_00}


def test_market_capacity_of_the_latest_year_splits_areas():
    areas = [{"area": "Sea"}, {"area": "Hills"}]
    market = [{"area": "Sea", "year": 2025, "capacity": 900.0}, {"area": "Sea", "year": 2026, "capacity": 100.0},
              {"area": "Hills", "year": 2026, "capacity": 300.0},
              {"area": "Sea", "year": 2030, "capacity": 7.0}]  # fmt: skip
    step = AcrossStep("area", "area", basis=(("market_capacity", 1.0),))
    assert numbers(plan(firm(TWO, areas=areas, market=market), step), "area") == {"Hills": 7500_00, "Sea": 2500_00}


def test_market_share_is_own_sales_as_a_part_of_capacity():
    areas = [{"area": "Sea"}, {"area": "Hills"}]
    market = [{"area": "Sea", "year": 2026, "capacity": 100.0, "own": 30.0},
              {"area": "Hills", "year": 2026, "capacity": 1000.0, "own": 100.0}]  # fmt: skip
    step = AcrossStep("area", "area", basis=(("market_share", 1.0),))
    assert numbers(plan(firm(TWO, areas=areas, market=market), step), "area") == {"Hills": 2500_00, "Sea": 7500_00}


def test_a_mix_normalises_each_basis_before_it_weighs_them():
    """History 3 : 1 and ability 1 : 1 in halves give 5 : 3, however large the history is."""
    for scale in (1, 1000):
        sales = [sale("a", 300 * scale), sale("b", 100 * scale)]
        made = plan(firm(TWO, OWN, sales), by(("history", 0.5), ("ability", 0.5)))
        assert numbers(made) == {"ana": 6250_00, "bo": 3750_00}


def test_the_weights_of_a_mix_need_not_add_up_to_one():
    made = plan(firm(TWO, OWN, SALES), by(("history", 30), ("ability", 30)))
    assert numbers(made) == {"ana": 6250_00, "bo": 3750_00}


def test_a_basis_without_weight_leaves_its_part_to_the_others():
    made = plan(firm(TWO, OWN, SALES), by(("history", 0.6), ("potential", 0.4)))
    assert numbers(made) == {"ana": 7500_00, "bo": 2500_00}


def test_a_mix_is_normalised_within_each_parent():
    """The North has no history: only there ability decides alone."""
    people = {"ana": "North", "al": "North", "bo": "South", "bea": "South"}
    company = firm(people, {"b": "bo"}, [sale("b", 100)], people=[{"person": "ana", "ability": 3}])
    step = by(("history", 0.5), ("ability", 0.5))
    made = plan(company, replace(UNIT, basis=(("headcount", 1.0),)), step)
    assert numbers(made) == {"ana": 3750_00, "al": 1250_00, "bo": 3750_00, "bea": 1250_00}


def test_each_basis_part_can_be_told_from_the_reasons():
    made = plan(firm(TWO, OWN, SALES), by(("history", 0.6), ("ability", 0.4)))
    line = reasons(made, "person")["ana"]
    assert (line["weight_history"], line["weight_ability"]) == (900.0, 1.0)
    assert abs(line["share"] - (0.6 * 0.75 + 0.4 * 0.5)) < 1e-12


def test_if_the_fallback_has_no_weight_either_all_get_the_same():
    made = plan(firm(TWO, OWN), by(("history", 1.0), fallback="potential"))
    assert numbers(made) == {"ana": 5000_00, "bo": 5000_00}


def test_working_days_ability_and_headcount_count_the_time_somebody_is_there():
    """Hired on 1 July without ramp, in a year of equal days: 184 of 365."""
    company = firm(TWO, people=[{"person": "bo", "hired": "2027-07-01"}])
    week = replace(FLAT, weekdays=(1,) * 7)
    expected = {"ana": round(1_000_000 * 365 / 549), "bo": round(1_000_000 * 184 / 549)}
    for basis in ("headcount", "ability", "working_days", "equal"):
        made = numbers(plan(company, by((basis, 1.0)), week, ramp=()))
        assert all(abs(made[p] - expected[p]) <= 60 for p in made), basis  # weights are kept to four decimals


def test_leavers_absentees_and_newcomers_in_ramp_weigh_less():
    company = firm(
        dict.fromkeys(("full", "left", "away", "new"), "North"),
        people=[{"person": "left", "left": "2027-07-02"}, {"person": "new", "hired": "2026-12-01"}],
        absences=[{"person": "away", "since": "2027-01-01", "until": "2027-02-01"}],
    )
    made = plan(company, by(("headcount", 1.0)), replace(FLAT, weekdays=(1,) * 7))
    weights = {p: line["weight_headcount"] for p, line in reasons(made, "person").items()}
    # December was the newcomer's month of a quarter: January counts 0.5, February 0.75.
    expected = {"full": 1.0, "left": 182 / 365, "away": 334 / 365, "new": (365 - 31 * 0.5 - 28 * 0.25) / 365}
    assert all(abs(weights[p] - expected[p]) < 1e-4 for p in expected)


def test_bases_carried_by_customers_do_not_shrink_with_the_persons_absence():
    company = firm(TWO, OWN, SALES, absences=[{"person": "ana", "since": "2027-01-01", "until": "2027-07-01"}])
    assert numbers(plan(company, PERSON)) == {"ana": 7500_00, "bo": 2500_00}


def test_somebody_who_is_never_there_is_no_member():
    people = [{"person": "bo", "left": "2026-06-30"}]
    made = plan(firm(TWO, {"a": "ana"}, [sale("a", 1)], people=people), by(("headcount", 1.0)))
    assert numbers(made) == {"ana": 10_000_00}


def test_a_basis_that_says_nothing_about_the_dimension_is_refused():
    step = AcrossStep("channel", "channel", basis=(("ability", 1.0),))
    [issue] = refusal(firm(TWO), step)
    assert (issue.rule, issue.column, issue.value) == ("basis_not_for_dimension", "channel", "ability")


def test_the_tea_house_by_every_basis_of_its_people_adds_up():
    for basis in ("history", "potential", "ability", "headcount", "working_days", "equal"):
        made = plan(tea_house(), UNIT, by((basis, 1.0)), stretch=12_345.67)
        assert sum(numbers(made).values()) == 10_000_00
        assert sum(numbers(made, level="stretch").values()) == 12_345_67
        assert all(line["amount"] >= 0 for line in reasons(made, "person").values())


def test_issues_name_nothing_when_all_is_well():
    assert not issues_of(firm(TWO, OWN, SALES), PERSON)
