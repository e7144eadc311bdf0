"""Appraisals: schemes kept, a period scored in the background, released, objected to and answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from quotum.web.bridge.schemes import check_text
from quotum.web.bridge.scoring import MadeAppraisal, score_company
from quotum.web.bridge.stored import remove_stored
from quotum.web.queries.permissions import require_everywhere
from quotum.web.queries.plans import find_plan_in_force
from quotum.web.queries.scores import is_own, last_day, line_of, list_choices, may_answer
from quotum.web.records.models import Appraisal, Job, Objection, PlanVersion, Scheme, Score, User
from quotum.web.services.approvals import NotNow
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.recording import record_change

MOST_TEXT = 200_000
_STAGES = ("reading", "checking", "scoring", "opening", "writing")
_BATCH = 2_000


class SchemeRefused(Exception):  # noqa: N818 - it is an answer
    """A scheme that cannot be kept, with what is wrong."""

    def __init__(self, findings: list[dict[str, Any]]) -> None:
        self.findings = findings
        super().__init__(f"{len(findings)} findings")


def keep_scheme(user: User | None, name: str, text: str, reason: str = "") -> tuple[Scheme, list[dict[str, Any]]]:
    """Keep a scheme under a name, new or changed, and return it with its warnings.

    Raises SchemeRefused where it cannot be read, NotNow without a name. What was scored keeps the rules it had.
    """
    if user is not None:
        require_everywhere(user, "appraise")
    name = name.strip()[:60]
    if not name or len(text) > MOST_TEXT:
        raise NotNow("name_needed")
    plan = find_plan_in_force()
    fine, findings = check_text(name, text, plan.settings_text if plan else "")
    if not fine:
        raise SchemeRefused(findings)
    with transaction.atomic():
        before = Scheme.objects.select_for_update().filter(name=name).first()
        kept, _made = Scheme.objects.update_or_create(name=name, defaults={"text": text})
        was = {"text": before.text} if before else None
        record_change(user, "changed" if before else "created", "schemes", name, before=was, after={"text": text},
                      reason=reason)  # fmt: skip
    return kept, findings


def ask_for_scores(user: User, plan: PlanVersion, period: str, schemes: Sequence[Scheme], reason: str = "") -> Job:
    """Start the scoring of a period; raise NotNow where it has not begun or no scheme is named."""
    require_everywhere(user, "appraise")
    if period not in {choice[0] for choice in list_choices(plan)}:
        raise NotNow("period_unknown")
    if not schemes:
        raise NotNow("scheme_needed")
    with transaction.atomic():
        return start_job(user, "scores", {"plan": str(plan.pk), "period": period, "reason": reason,
                                          "schemes": {scheme.name: scheme.text for scheme in schemes}})  # fmt: skip


def run_scores_job(running: Running) -> dict[str, Any]:
    """Score the period that a job asks for."""
    asked = running.arguments
    plan = PlanVersion.objects.get(pk=asked["plan"])

    def tell(stage: str) -> None:
        running.tell(stage, _STAGES.index(stage), len(_STAGES))

    made = score_period(plan, asked["period"], asked["schemes"], tell)
    try:
        with transaction.atomic():
            kept = keep_appraisal(running.user, plan, asked["period"], asked["schemes"], made, asked.get("reason", ""))
            result = {"appraisal": str(kept.pk)}
            running.conclude(result)
    except BaseException:
        remove_stored(made.address)
        raise
    return result


def score_period(plan: PlanVersion, period: str, schemes: dict[str, str], tell: Any = lambda _: None) -> MadeAppraisal:
    """Score a period and return what came out; raise Refused with the findings where it cannot be."""
    until = next((choice[2] for choice in list_choices(plan) if choice[0] == period), None)
    if until is None:
        raise Refused([])
    made = score_company(plan.address, plan.settings_text, schemes, period, last_day(until), tell)
    if not made.address:
        raise Refused(made.findings)
    return made


def keep_appraisal(
    user: User | None, plan: PlanVersion, period: str, schemes: dict[str, str], made: MadeAppraisal, reason: str
) -> Appraisal:
    """Add an appraisal that was made, with everybody's scores; nobody but those who appraise sees it yet."""
    if made.since is None or made.until is None:
        raise ValueError("An appraisal that was refused is none.")
    with transaction.atomic():
        kept = Appraisal.objects.create(
            plan=plan, period=period, since=made.since, until=made.until, as_of=last_day(made.until), schemes=schemes,
            address=made.address, digest=made.digest, findings=made.findings, by=user, reason=reason,
        )  # fmt: skip
        Score.objects.bulk_create([_score_of(kept, line) for line in made.scores], batch_size=_BATCH)
        record_change(user, "scored", "appraisals", kept.pk, reason=reason,
                      after={"period": period, "digest": made.digest, "scores": len(made.scores)})  # fmt: skip
    return kept


def release(user: User | None, appraisal: Appraisal, reason: str = "") -> None:
    """Let everybody see the own score; raise NotNow where they do already."""
    if user is not None:
        require_everywhere(user, "appraise")
    with transaction.atomic():
        fresh = Appraisal.objects.select_for_update().get(pk=appraisal.pk)
        if fresh.released is not None:
            raise NotNow("released")
        fresh.released, fresh.released_by = timezone.now(), user
        fresh.save(update_fields=["released", "released_by"])
        record_change(user, "released", "appraisals", fresh.pk, after={"period": fresh.period}, reason=reason)


def object_to(user: User, score: Score, place: int | None, reason: str) -> Objection:
    """Object to the own score, to one line of it or (None) to the whole.

    Raises PermissionDenied for somebody else's score, NotNow without a reason, for a line that is not there, and where
    an objection to the same is open.
    """
    if not is_own(user, score):
        raise PermissionDenied("score")
    line = None if place is None else line_of(score, place)
    if not reason.strip():
        raise NotNow("reason_needed")
    if place is not None and line is None:
        raise NotNow("nothing_asked")
    indicator = line.indicator if line else ""
    with transaction.atomic():
        locked = Score.objects.select_for_update(of=("self",)).get(pk=score.pk)
        if locked.objections.filter(indicator=indicator, state="open").exists():
            raise NotNow("objection_open")
        made = Objection.objects.create(score=locked, indicator=indicator, reason=reason[:1000], by=user)
        after = {"person": score.person_id, "scorecard": score.scorecard, "period": score.period, "line": indicator}
        record_change(user, "objected", "objections", made.pk, after=after, reason=reason, unit=score.unit_id)
    return made


def answer_objection(user: User, objection: Objection, *, upheld: bool, text: str) -> None:
    """Uphold or refuse an objection, with words. It changes no figure: what is right is corrected in its rows.

    Raises PermissionDenied for who may not answer it, NotNow without words or where it is answered.
    """
    if not may_answer(user, objection.score, objection):
        raise PermissionDenied("objection")
    if not text.strip():
        raise NotNow("reason_needed")
    with transaction.atomic():
        fresh = Objection.objects.select_for_update(of=("self",)).select_related("score").get(pk=objection.pk)
        if fresh.state != "open":
            raise NotNow("decided")
        fresh.state, fresh.answer = "upheld" if upheld else "refused", text[:1000]
        fresh.answered_by, fresh.answered_at = user, timezone.now()
        fresh.save()
        record_change(user, fresh.state, "objections", fresh.pk, before="open", after=fresh.state, reason=text,
                      unit=fresh.score.unit_id)  # fmt: skip


def _score_of(appraisal: Appraisal, line: dict[str, Any]) -> Score:
    return Score(
        appraisal=appraisal, person_id=line["person"] or None, unit_id=line["unit"], scheme=line["scheme"],
        scorecard=line["scorecard"], effect=line["effect"] or "", period=line["period"], since=line["since"],
        until=line["until"], score_e2=line["score_e2"], rank=line["rank"], among=line["of"], grade=line["grade"] or "",
        voided=line["voided"] or [], pay_factor=line["pay_factor"], pay_minor=line["pay"],
        last_place=bool(line["last_place"]), improve_until=line["improve_until"],
    )  # fmt: skip
