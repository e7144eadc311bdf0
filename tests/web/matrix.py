"""The rows of ``test_who_may_enter.py``: an address each, by name. Add yours here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from quotum.web.records.models import Customer, Job, PlanVersion


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


def customer_objects():
    return {who: {"customer": Customer.objects.get(person=person).pk}
            for who, person in (("own", "ann"), ("subtree", "ben"), ("foreign", "cho"))}  # fmt: skip


MATRIX: dict[str, Row] = {
    "home": Row(),
    "language": Row(method="post", data={"language": "es"}),
    "welcome": Row(arguments=lambda: {"secret": "no-such-link"}, welcome=(404,), signed_out=(404,)),
    "plans": Row("see_numbers"),
    "plan": Row("see_numbers", arguments=plan_pk),
    "job": Row(arguments=lambda: {"job": Job.objects.create(kind="plan").pk}, any_role=(404,)),
    "changes": Row("see_changes"),
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
}
