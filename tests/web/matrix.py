"""The rows of ``test_who_may_enter.py``: an address each, by name. Add yours here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from quotum.web.records.models import (
    AgendaItem,
    Appraisal,
    Approval,
    Challenge,
    Contact,
    Customer,
    Job,
    Objection,
    OpenItem,
    PlanVersion,
    Scheme,
    Score,
    Setup,
    Upload,
    User,
)


@dataclass(frozen=True)
class Row:
    """An address: what opens it, its arguments by whose object (empty: no object), what a welcome guest is answered."""

    opens: str = ""
    method: str = "get"
    objects: Callable[[], dict[str, dict[str, object]]] = dict  # own, subtree, foreign -> arguments
    arguments: Callable[[], dict[str, object]] = dict
    welcome: tuple[int, ...] = (200, 302, 303)
    data: dict[str, object] = field(default_factory=dict)
    signed_out: tuple[int, ...] = (302,)
    any_role: tuple[int, ...] = ()  # answered to every role alike, such as 404 for somebody else's job


def plan_pk():
    return {"plan": PlanVersion.objects.get().pk}


def setup_pk():
    return {"setup": Setup.objects.get().pk}


def customer_objects():
    return {who: {"customer": Customer.objects.get(person=person).pk}
            for who, person in (("own", "ann"), ("subtree", "ben"), ("foreign", "cho"))}  # fmt: skip


def record_objects():
    return {who: {"?key": keys["customer"]} for who, keys in customer_objects().items()}


def customers_table():
    return {"table": "customers"}


def foreign_upload():
    return {"upload": Upload.objects.create(by=User.objects.create(username="somebody"), folder="uploads/none").pk}


def account_pk():
    return {"account": User.objects.get(username="rep").pk}


PEOPLE = (("own", "ann"), ("subtree", "ben"), ("foreign", "cho"))


def day_objects():
    return {who: {"day": "2026-11-16", "person": person} for who, person in PEOPLE}


def agenda_objects():
    return {who: {"item": AgendaItem.objects.create(person_id=person, date="2026-11-16", position=1, kind="visit",
                                                    customer_id=f"c-{person}", start_minute=600, end_minute=630).pk}
            for who, person in PEOPLE}  # fmt: skip


def open_objects():
    return {who: {"item": OpenItem.objects.create(person_id=person, text="Call", due="2026-11-16").pk}
            for who, person in PEOPLE}  # fmt: skip


def contact_objects():
    return {who: {"contact": Contact.objects.create(customer_id=f"c-{person}", name="Lin").pk}
            for who, person in PEOPLE}  # fmt: skip


def approval_objects():
    plan = PlanVersion.objects.get()
    return {whose: {"approval": Approval.objects.create(plan=plan, unit_id=unit).pk}
            for whose, unit in (("subtree", "north"), ("foreign", "south"))}  # fmt: skip


def challenge_objects():
    plan, by = PlanVersion.objects.get(), User.objects.get(username="dealer")
    return {
        whose: {"challenge": Challenge.objects.create(plan=plan, person_id=person, measure="revenue", was_minor=2,
                                                      asked_minor=1, reason="why", by=by).pk}
        for whose, person in (("own", "ann"), ("subtree", "ben"), ("foreign", "cho"))
    }  # fmt: skip


def released_appraisal():
    return Appraisal.objects.create(plan=PlanVersion.objects.get(), period="2026-10", since="2026-10-01",
                                    until="2026-11-01", as_of="2026-10-31", address="appraisals/none",
                                    digest="0" * 64, released="2026-11-02T00:00:00Z")  # fmt: skip


def score_objects():
    appraisal = released_appraisal()
    return {whose: {"score": Score.objects.create(appraisal=appraisal, person_id=person, scheme="s", scorecard="c",
                                                  unit_id="south" if person == "cho" else "north", period="2026-10",
                                                  since="2026-10-01", until="2026-11-01").pk}
            for whose, person in PEOPLE}  # fmt: skip


def objection_objects():
    by = User.objects.get(username="dealer")
    return {whose: {"objection": Objection.objects.create(score_id=keys["score"], reason="why", by=by).pk}
            for whose, keys in score_objects().items()}  # fmt: skip


MATRIX: dict[str, Row] = {
    "today": Row("log_work"),
    "day": Row("see_days", objects=day_objects),
    "week": Row("see_days", objects=day_objects),
    "week-board": Row("see_days", objects=day_objects),
    "month-board": Row("see_days", objects=day_objects),
    "my-week": Row("log_work"),
    "monday": Row("approve"),
    "visits-plan": Row("approve", "post"),
    "item-add": Row("log_work", "post", data={"kind": "job", "day": "2099-01-01", "detail": "Fair", "minutes": "30"}),
    "item-start": Row("log_work", "post", agenda_objects),
    "item-postpone": Row("log_work", "post", agenda_objects, data={"to": "2099-01-01"}),
    "item-drop": Row("log_work", "post", agenda_objects, data={"reason": "Closed"}),
    "item-swap": Row("log_work", "post", agenda_objects, data={"way": "later"}),
    "log": Row("log_work"),
    "open-add": Row("log_work", "post", data={"text": "Call", "due": "2026-11-16"}),
    "open-item": Row("log_work", "post", open_objects, data={"do": "done"}),
    "remark": Row("see_days", "post", day_objects, data={"text": "Good"}, welcome=(303, 403)),  # seen is not led
    "customers": Row("see_customers"),
    "customer": Row("see_customers", objects=customer_objects),
    "customer-edit": Row("see_customers", objects=customer_objects, welcome=(200, 403)),
    "customer-add-contact": Row("see_customers", objects=customer_objects, welcome=(200, 403)),
    "customer-contact": Row("see_customers", objects=contact_objects, welcome=(200, 403)),
    "calendar": Row("log_work"),
    "calendar-feed": Row(arguments=lambda: {"secret": "no-such-feed"}, welcome=(404,), signed_out=(404,)),
    "company": Row(),
    "company-list": Row("see_customers", arguments=customers_table),
    "company-record": Row("see_customers", objects=record_objects, arguments=customers_table),
    "company-add": Row("edit_company", arguments=customers_table),
    "company-move": Row("edit_company", "post", record_objects, customers_table, welcome=(400,)),
    "company-remove": Row("edit_company", "post", record_objects, customers_table),
    "company-change": Row("edit_company", "post", arguments=customers_table),
    "norms": Row("edit_company"),
    "import": Row("import_data"),
    "upload": Row("import_data", arguments=foreign_upload, welcome=(200, 404)),
    "upload-look": Row("import_data", "post", arguments=foreign_upload, welcome=(302, 404)),
    "upload-take": Row("import_data", "post", arguments=foreign_upload, welcome=(302, 404)),
    "upload-stop": Row("import_data", "post", arguments=foreign_upload, welcome=(302, 404)),
    "upload-drop": Row("import_data", "post", arguments=foreign_upload, welcome=(302, 404)),
    "upload-marked": Row("import_data", arguments=lambda: {**foreign_upload(), "name": "x.xlsx"}, welcome=(404,)),
    "accounts": Row("manage_accounts"),
    "account": Row("manage_accounts", arguments=account_pk),
    "account-change": Row("manage_accounts", "post", arguments=account_pk),
    "ask-administrator": Row(signed_out=(200,)),
    "own-account": Row(),
    "home": Row(),
    "language": Row(method="post", data={"language": "es"}),
    "welcome": Row(arguments=lambda: {"secret": "no-such-link"}, welcome=(404,), signed_out=(404,)),
    "plans": Row("see_numbers"),
    "plan": Row("see_numbers", arguments=plan_pk),
    "job": Row(arguments=lambda: {"job": Job.objects.create(kind="look").pk}, any_role=(404,)),
    "changes": Row("see_changes"),
    "changes-export": Row("see_changes", arguments=lambda: {"kind": "csv"}),
    "compare": Row("see_numbers"),
    "explain": Row("see_numbers", arguments=plan_pk, welcome=(404,)),
    "workbook": Row("see_numbers", arguments=plan_pk, welcome=(404,)),
    "workbook_upload": Row("edit_plan", arguments=plan_pk, welcome=(404,)),
    "workspace": Row("see_numbers", arguments=plan_pk, welcome=(404,)),
    "workspace_cells": Row("see_numbers", arguments=plan_pk, welcome=(404,)),
    "workspace_rows": Row("see_numbers", arguments=plan_pk, welcome=(404,)),
    "workspace_preview": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,)),
    "workspace_apply": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,)),
    "workspace_undo": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,)),
    "workspace_redo": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,)),
    "workspace_form": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,)),
    "workspace_hold": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,)),
    "workspace_comment": Row("see_numbers", "post", arguments=plan_pk, welcome=(404,)),
    "workspace_finish": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,)),
    "dashboard": Row("see_numbers"),
    "chart": Row("see_numbers", arguments=lambda: {"chart": "pace"}, welcome=(404,)),  # no review is there
    "review_renew": Row("numbers of others", method="post"),
    "setups": Row("set_target"),
    "setup_new": Row("set_target"),
    "setup_target": Row("set_target", arguments=setup_pk),
    "setup_try": Row("set_target", "post", arguments=setup_pk),
    "setup_steps": Row("set_target", arguments=setup_pk),
    "setup_copy": Row("set_target", "post", arguments=setup_pk),
    "setup_plan": Row("set_target", "post", arguments=setup_pk),
    "job_cancel": Row("see_numbers", "post", dict, lambda: {"job": Job.objects.create(kind="plan").pk}, (404,)),
    "plan_force": Row("set_target", "post", arguments=plan_pk),
    "plan_force_directly": Row("force_plan", "post", arguments=plan_pk),
    "approval": Row("see_numbers", arguments=plan_pk),
    "propose": Row("set_target", "post", arguments=plan_pk),
    "approval_decide": Row("approve", "post", objects=approval_objects),
    "challenge": Row("propose", "post", arguments=plan_pk, welcome=(404,)),  # nobody is named
    "challenge_answer": Row("approve", "post", arguments=plan_pk, objects=challenge_objects),
    "challenges_take_in": Row("set_target", "post", arguments=plan_pk),
    "scores": Row("see_scores"),
    "score": Row("see_scores", objects=score_objects),
    "score-chart": Row("see_scores", objects=score_objects),
    "score-line": Row("see_scores", objects=score_objects, arguments=lambda: {"place": 0}),
    "score-object": Row("see_scores", "post", score_objects, data={"place": "0", "reason": "why"}, welcome=(303, 403)),
    "objection-answer": Row("see_scores", "post", objection_objects, data={"answer": "so"}, welcome=(303, 403)),
    "scores-chart": Row("see_scores", arguments=lambda: {"appraisal": released_appraisal().pk}),
    "scores-release": Row("appraise", "post", arguments=lambda: {"appraisal": released_appraisal().pk}),
    "appraise": Row("appraise"),
    "schemes": Row("see_scores"),
    "scheme-new": Row("appraise"),
    "scheme": Row("appraise", arguments=lambda: {"scheme": Scheme.objects.create(name="s", text="").pk}),
    "tokens": Row(),
    "token_revoke": Row(method="post", arguments=lambda: {"token": 1}, any_role=(404,)),
    "api:openapi-json": Row(signed_out=(200,)),  # what may be asked is no secret
    "api:api-root": Row(welcome=(404,), signed_out=(404,)),
    "api:show_me": Row(),
    "api:list_units": Row("see_people"),
    "api:list_people": Row("see_people"),
    "api:list_customers": Row("see_customers"),
    "api:show_customer": Row("see_customers", objects=customer_objects),
    "api:list_plans": Row("see_numbers"),
    "api:make_plan": Row("set_target", "post", data={"setup": "main"}, welcome=(202,)),
    "api:show_plan": Row("see_numbers", arguments=plan_pk),
    "api:show_numbers": Row("see_numbers", arguments=plan_pk),
    "api:show_job": Row(arguments=lambda: {"job": Job.objects.create(kind="look").pk}, any_role=(404,)),
    "api:stop_job": Row(method="post", arguments=lambda: {"job": Job.objects.create(kind="plan").pk}, any_role=(404,)),
    "api:list_appraisals": Row("see_scores"),
    "api:list_scores": Row("see_scores"),
    "api:show_score": Row("see_scores", objects=score_objects),
    "api:show_rows": Row("see_scores", objects=score_objects, arguments=lambda: {"place": 0}),
    "api:list_changes": Row("see_changes"),
    "api:write_log": Row("log_work", "post", data={"kind": "call", "result": "none", "note": "x"}, welcome=(201,)),
    "api:edit_draft": Row("edit_plan", "post", arguments=plan_pk, welcome=(404,),
                          data={"edits": [{"row": "unit=north", "period": "", "text": "1"}]}),  # it has no numbers
    "api:propose_draft": Row("set_target", "post", arguments=plan_pk),
    "api:list_approvals": Row("see_numbers", arguments=plan_pk),
    "api:decide": Row("approve", "post", approval_objects, data={"approved": True}, welcome=(200, 409)),
    "api:list_challenges": Row("see_numbers", arguments=plan_pk),
    "api:ask_for_number": Row("propose", "post", arguments=plan_pk, welcome=(404,),  # nobody of this key
                              data={"person": "x", "measure": "revenue", "asked_minor": 1, "reason": "why"}),
    "api:answer_challenge": Row("approve", "post", challenge_objects, data={"granted": False, "answer": "no"}),
    "api:take_in": Row("set_target", "post", arguments=plan_pk, welcome=(409,)),  # nothing was granted
    "api:put_in_force": Row("set_target", "post", arguments=plan_pk, welcome=(409,)),  # nobody has approved it
    "api:send_files": Row("import_data", "post", welcome=(422,)),  # without a file
    "api:show_upload": Row("import_data", arguments=foreign_upload, welcome=(200, 404)),
    "api:take_upload": Row("import_data", "post", arguments=foreign_upload, welcome=(404, 422)),
}
