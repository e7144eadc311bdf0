"""Scores as far as somebody may see them: the ranking of a period, one's own, one opened down to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from quotum.web.bridge.score_sheets import Key, Rows, Sheet, SheetLine, count_rows, list_rows, open_sheet
from quotum.web.bridge.scoring import name_periods
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import customers_within, may, people_within, reach_of, require, units_within
from quotum.web.records.models import Appraisal, Customer, Objection, Person, PlanVersion, Product, Score, User

MOST_APPRAISALS = 50
MOST_OWN = 200
MOST_DRAWN = 40


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the room shows: appraisals to choose from, the one chosen, its scorecards and periods, the scores of one."""

    appraisals: list[Appraisal]
    chosen: Appraisal | None
    cards: list[tuple[str, str]]
    card: tuple[str, str]
    scores: QuerySet[Score]
    grades: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A score with its lines; the rows behind a line are asked for one line at a time."""

    score: Score
    sheet: Sheet
    objections: list[Objection]
    may_object: bool
    answers: frozenset[int]
    decimals: int


def appraisals_within(user: User) -> QuerySet[Appraisal]:
    """Return the appraisals somebody may look at: released ones; those who appraise see all."""
    require(user, "see_scores")
    found = Appraisal.objects.select_related("plan", "by")
    return found if may(user, "appraise") else found.filter(released__isnull=False)


def scores_within(user: User) -> QuerySet[Score]:
    """Return the scores within reach: of people, and of units that lie wholly within."""
    reach = require(user, "see_scores")
    found = Score.objects.select_related("appraisal", "person", "unit")
    if not may(user, "appraise"):
        found = found.filter(appraisal__released__isnull=False)
    if reach.everywhere:
        return found
    units = Q(person=None, unit__in=units_within(reach).values("pk"))
    return found.filter(Q(person__in=people_within(reach).values("pk")) | units)


def is_only_own(user: User) -> bool:
    """Tell whether somebody sees no scores but the own."""
    reach = reach_of(user, "see_scores")
    return not reach.everywhere and not reach.paths


def list_own(user: User) -> list[Score]:
    """Return somebody's own scores, of each scorecard and period the newest, the latest period first."""
    if user.person_id is None:
        return []
    newest: dict[tuple[str, str, str], Score] = {}
    own = Score.objects.filter(person=user.person_id, appraisal__released__isnull=False).select_related("appraisal")
    for score in own.order_by("-appraisal__at", "pk")[:MOST_OWN]:
        newest.setdefault((score.scheme, score.scorecard, score.period), score)
    return sorted(newest.values(), key=lambda score: (score.until, score.since, score.scorecard), reverse=True)


def find_latest(person: str) -> Score | None:
    """Return a person's score of the latest period that was scored: so far, where it is not over."""
    own = Score.objects.filter(person=person, appraisal__released__isnull=False).select_related("appraisal")
    return own.order_by("-until", "-appraisal__at", "pk").first()


def rank_scores(user: User, appraisal: str, card: str, period: str, words: str = "") -> Ranking:
    """Return the ranking of a scorecard in a period of an appraisal, the newest where nothing is named."""
    listed = list(appraisals_within(user)[:MOST_APPRAISALS])
    newest = listed[0] if listed and not appraisal else None
    chosen = next((each for each in listed if str(each.pk) == appraisal), newest)
    within = scores_within(user)
    if chosen is None:
        return Ranking(listed, None, [], ("", ""), within.none(), [])
    found = within.filter(appraisal=chosen)
    pairs = found.order_by("-until", "scorecard", "period").values_list("scorecard", "period", "until").distinct()
    cards = [(name, label) for name, label, _ in pairs]
    asked = (card, period)
    at = asked if asked in cards or not cards else next((pair for pair in cards if pair[0] == card), cards[0])
    scores = found.filter(scorecard=at[0], period=at[1])
    grades = [(grade, count) for grade, count in scores.order_by().values_list("grade").annotate(count=Count("pk"))]
    if words:
        scores = scores.filter(Q(person__name__icontains=words) | Q(person__pk__icontains=words)
                               | Q(unit__name__icontains=words))  # fmt: skip
    scores = scores.order_by(F("rank").asc(nulls_last=True), "pk").annotate(
        doubts=Count("objections", filter=Q(objections__state="open"))
    )
    return Ranking(listed, chosen, cards, at, scores, sorted(grades, key=lambda pair: -pair[1]))


def key_of(score: Score) -> Key:
    """Return how the folder calls a score."""
    return score.person_id or "", score.unit_id, score.scheme, score.scorecard, score.period


def open_score(user: User, score: Score) -> Opened:
    """Return a score within reach with its lines and objections."""
    objections = list(score.objections.select_related("by", "answered_by"))
    answers = frozenset(each.pk for each in objections if each.state == "open" and may_answer(user, score, each))
    plan = PlanVersion.objects.only("totals").get(pk=score.appraisal.plan_id)
    decimals = next((int(total["decimals"]) for total in plan.totals if total.get("measure") == "revenue"), 2)
    sheet = open_sheet(score.appraisal.address, key_of(score))
    return Opened(score, sheet, objections, is_own(user, score), answers, decimals)


def is_own(user: User, score: Score) -> bool:
    """Tell whether a score is somebody's own."""
    return score.person_id is not None and score.person_id == user.person_id


def may_answer(user: User, score: Score, objection: Objection) -> bool:
    """Tell whether somebody may answer: who appraises, or whose people the score is about; never the own."""
    if objection.by_id == user.pk or is_own(user, score):
        return False
    if may(user, "appraise"):
        return True
    reach = reach_of(user, "approve")
    return bool(reach) and people_within(reach).filter(pk=score.person_id).exists()


def objections_within(user: User) -> QuerySet[Objection]:
    """Return the objections to scores within reach."""
    return Objection.objects.filter(score__in=scores_within(user).values("pk")).select_related("score__person", "by")


def line_of(score: Score, place: int) -> SheetLine | None:
    """Return a line of a score; None where it has none at the place."""
    lines = open_sheet(score.appraisal.address, key_of(score)).lines
    return next((line for line in lines if line.place == place), None)


def figures_behind(score: Score, line: SheetLine) -> dict[tuple[str, str], int]:
    """Return how many rows of which tables stand behind each figure of a line."""
    return count_rows(score.appraisal.address, key_of(score), line)


def rows_behind(
    user: User, score: Score, line: SheetLine, source: tuple[str, str], first: int, most: int, *, customers: bool = True
) -> Rows:
    """Return rows behind a figure, products and customers by name; customers only of those who may see any."""
    found = list_rows(score.appraisal.address, key_of(score), line, *source, first, most)
    columns, cells = list(found.columns), [list(row) for row in found.cells]
    if "product" in columns:
        _name(cells, columns.index("product"), Product.objects.all())
    if "person" in columns:
        _name(cells, columns.index("person"), Person.objects.all())
    if "customer" in columns:
        at, reach = columns.index("customer"), reach_of(user, "see_customers")
        if reach and customers:
            _name(cells, at, customers_within(reach))
        else:
            columns.pop(at)
            for row in cells:
                row.pop(at)
    return Rows(found.table, found.figure, columns, cells)


def _name(cells: list[list[Any]], at: int, records: QuerySet[Product] | QuerySet[Person] | QuerySet[Customer]) -> None:
    """Write names in the place of keys."""
    names = dict(records.filter(pk__in={row[at] for row in cells if row[at]}).values_list("pk", "name"))
    for row in cells:
        row[at] = names.get(row[at]) or row[at]


def list_choices(plan: PlanVersion) -> list[tuple[str, date, date, bool]]:
    """Return the periods of a plan that have begun: name, first day, day after, whether over; the last over first."""
    day = today()
    begun = [(label, since, until, until <= day) for label, (since, until) in name_periods(plan.address).items()
             if since <= day]  # fmt: skip
    return sorted(begun, key=lambda each: (each[3], each[2], each[1]), reverse=True)


def plans_to_score() -> Iterable[PlanVersion]:
    """Return the plans that figures may be held against, the one in force first."""
    found = PlanVersion.objects.exclude(totals=[]).exclude(state__in=("draft", "proposed")).order_by("-at")[:50]
    return sorted(found, key=lambda plan: plan.state != "in_force")


def last_day(until: date) -> date:
    """Return the last day to look at for a period that ends on ``until``: its own, or today."""
    return min(until - timedelta(days=1), today())
