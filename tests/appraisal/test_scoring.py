"""Points of lines and scores: the row-by-row twin, floors and caps, sums, over-achievement, missing data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from row_by_row import score_person

from appraisal_worlds import one_line, score_arrays
from quotum.engine.appraisal.formulas import open_formula
from quotum.engine.appraisal.schemes import Band, Line, Scorecard
from quotum.engine.appraisal.scoring import WHYS, bounds_of

HALVES = st.integers(0, 8).map(lambda x: x / 4)
FIGURES = st.one_of(st.integers(-20, 300).map(float), st.just(float("nan")))


@st.composite
def lines(draw: st.DrawFn, name: str) -> Line:
    score = draw(st.sampled_from(["proportional", "steps", "deduct", "bonus", "pass", "rated"]))
    floor = draw(st.sampled_from([0.0, 0.25, -0.5]))
    cap = draw(st.sampled_from([None, 1.0, 1.25]))
    steps = tuple(Band("", k / 2, (k + 1) / 2, True, False, draw(HALVES)) for k in range(draw(st.integers(1, 4))))
    return Line(
        name, float(draw(st.integers(0, 60))), score, target=draw(st.sampled_from(["", "goal", "100"])), floor=floor,
        cap=cap, start=draw(st.sampled_from([0.0, 0.5])), steps=steps if score == "steps" else (),
        each=float(draw(st.integers(-2, 3))), above=float(draw(st.integers(0, 50))),
        most=float(draw(st.integers(0, 200))), missing=draw(st.sampled_from(["", "zero", "reweight", "full"])),
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn):
    names = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    card = Scorecard(
        "card", tuple(draw(lines(name)) for name in names), missing=draw(st.sampled_from(["zero", "reweight", "full"])),
        floor=draw(st.sampled_from([None, 0.0, 10.0])), cap=draw(st.sampled_from([None, 100.0, 130.0])),
    )  # fmt: skip
    shape = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    size = shape[0] * shape[1]
    facts = {
        name: np.array(draw(st.lists(FIGURES, min_size=size, max_size=size))).reshape(shape)
        for name in (*names, "goal")
    }
    lost = {
        place: np.array(draw(st.lists(st.integers(0, 90).map(float), min_size=size, max_size=size))).reshape(shape)
        for place, line in enumerate(card.lines) if line.score == "deduct"
    }  # fmt: skip
    return card, facts, lost


@given(worlds())
@settings(max_examples=120)
def test_all_at_once_is_as_row_by_row(world):
    card, facts, lost = world
    scored = score_arrays(card, facts, lost)
    formulas = {
        place: (open_formula(line.indicator, {})[0], open_formula(line.target, {})[0] if line.target else None)
        for place, line in enumerate(card.lines)
    }
    for who, when in np.ndindex(scored.scores.shape):
        values = {name: float(array[who, when]) for name, array in facts.items()}
        points, score = score_person(card, formulas, values, {k: float(v[who, when]) for k, v in lost.items()})
        assert scored.points[:, who, when].tolist() == points
        assert scored.scores[who, when] == score


@given(worlds())
@settings(max_examples=60)
def test_points_add_up_and_scores_stay_within_floor_and_cap(world):
    card, facts, lost = world
    scored = score_arrays(card, facts, lost)
    assert (scored.points.sum(axis=0) + scored.limits == scored.scores).all()
    if card.floor is not None:
        assert (scored.scores >= card.floor * 100).all()
    if card.cap is not None:
        assert (scored.scores <= card.cap * 100).all()


@given(st.floats(0, 1e9), st.floats(0.01, 1e6), st.sampled_from([0.0, 0.3, 1 / 3]), st.sampled_from([1.0, 1.2, 10 / 7]))
def test_a_line_never_leaves_its_floor_and_cap(actual, target, floor, cap):
    card = Scorecard("card", (one_line(target="goal", floor=floor, cap=cap),))
    scored = score_arrays(card, {"a": np.array([[actual]]), "goal": np.array([[target]])}, {})
    assert floor * 100 <= scored.scores[0, 0] / 100 + 1e-9
    assert scored.scores[0, 0] / 100 <= cap * 100 + 1e-9


def test_over_achievement_is_not_capped_unless_the_scheme_caps():
    facts = {"a": np.array([[250.0]]), "goal": np.array([[100.0]])}
    free = score_arrays(Scorecard("card", (one_line(target="goal"),)), facts, {})
    capped = score_arrays(Scorecard("card", (one_line(target="goal", cap=1.2),)), facts, {})
    whole = score_arrays(Scorecard("card", (one_line(target="goal"),), cap=130.0), facts, {})
    assert (free.scores.item(), capped.scores.item(), whole.scores.item()) == (25_000, 12_000, 13_000)
    assert whole.limits.item() == -12_000


@pytest.mark.parametrize(
    ("missing", "score", "weight"), [("zero", 4_800, 60), ("full", 8_800, 60), ("reweight", 8_000, 100)]
)
def test_missing_data_weighs_on_others_only_if_the_scheme_says_so(missing, score, weight):
    card = Scorecard("card", (Line("a", 60, target="100"), Line("b", 40, target="100")), missing=missing)
    scored = score_arrays(card, {"a": np.array([[80.0]]), "b": np.array([[np.nan]])}, {})
    assert scored.scores.item() == score
    assert scored.weights(0).item() == weight


def test_a_bonus_keeps_its_most_where_others_weigh_more():
    bonus = Line("praise", 0, "bonus", each=100, most=200)
    card = Scorecard("card", (Line("a", 30, target="1"), Line("b", 70, "rated"), bonus), missing="reweight")
    facts = {"a": np.array([[1.0]]), "b": np.array([[np.nan]]), "praise": np.array([[1.0]])}
    scored = score_arrays(card, facts, {})
    assert scored.points[:, 0, 0].tolist() == [10_000, 0, 10_000]
    assert scored.weights(0).item() == 100


def test_points_that_grow_are_rounded_once():
    card = Scorecard("card", (Line("a", 60, target="1"), Line("b", 40, target="1")), missing="reweight")
    scored = score_arrays(card, {"a": np.array([[0.79156]]), "b": np.array([[np.nan]])}, {})
    assert scored.scores.item() == 7_916  # 47.4936 rounded first would give 79.15


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(1, 60))
def test_all_full_comes_to_the_whole_however_weights_grow(weights, waived):
    lines = [Line(f"x{place}", float(weight), target="1", cap=1.0) for place, weight in enumerate(weights)]
    card = Scorecard("card", (*lines, Line("gone", float(waived), target="1")), missing="reweight")
    facts = {line.indicator: np.array([[1.0]]) for line in lines} | {"gone": np.array([[np.nan]])}
    assert score_arrays(card, facts, {}).scores.item() == 100 * (sum(weights) + waived)


@given(worlds())
@settings(max_examples=120)
def test_a_score_stays_within_what_its_lines_can_bring(world):
    card, facts, lost = world
    scored = score_arrays(card, facts, lost)
    grow = 1.0 if scored.grow is None else scored.grow
    low, high = 0.0, 0.0
    for place, line in enumerate(card.lines):
        least, most = bounds_of(line)
        by = grow if scored.grows[place] else 1.0
        there = scored.whys[place] != WHYS.index("reweighted")
        low = low + np.where(there, min(least, 0.0) * by, 0.0)
        high = high + np.where(there, max(most, line.weight if line.missing or card.missing else 0.0) * by, 0.0)
    points = scored.points.sum(axis=0) / 100
    assert (points >= low - 0.01).all()
    assert (points <= high + 0.01).all()


def test_a_written_decimal_is_rounded_as_written():
    scored = score_arrays(Scorecard("card", (Line("a", 28.5, target="100"),)), {"a": np.array([[1.0]])}, {})
    assert scored.scores.item() == 29  # 0.285 points: a float would make it 28


def test_a_target_of_nothing_is_met_by_anything_but_less():
    facts = {"a": np.array([[0.0, 5.0, -1.0]]), "goal": np.zeros((1, 3))}
    scored = score_arrays(Scorecard("card", (one_line(target="goal"),)), facts, {})
    assert scored.scores.tolist() == [[10_000, 10_000, 0]]
