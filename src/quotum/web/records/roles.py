"""The roles of a sales company (K1) and what each may do, how far: on its own work, its subtree, or everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Reach = Literal["own", "subtree", "all"]

ROLES: dict[str, StrPromise | str] = {
    "administrator": _("Administrator"),
    "general_manager": _("General manager"),
    "deputy": _("Deputy or centre director"),
    "sales_director": _("Sales director"),
    "department_manager": _("Department manager"),
    "marketing": _("Marketing"),
    "area_manager": _("Area manager"),
    "store_manager": _("Store manager"),
    "rep": _("Sales representative"),
    "promoter": _("Promoter"),
    "customer_service": _("Customer service"),
    "technical": _("Technical and after-sales"),
    "trainer": _("Trainer"),
    "dealer": _("Dealer"),
    "clerk": _("Clerk"),
    "finance": _("Finance"),
    "hr": _("Human resources"),
    "auditor": _("Auditor"),
}

CAPABILITIES = (
    "see_numbers",  # targets, plans, dashboards
    "see_customers",
    "see_people",
    "see_days",  # agendas and logs
    "see_scores",
    "appraise",  # schemes, scoring a period, releasing it, answering any objection
    "see_changes",  # the record of every change
    "set_target",  # targets, steps, a new plan
    "force_plan",  # a plan in force without approvals: the first, or an earlier one again
    "edit_plan",  # numbers of a draft
    "propose",  # for oneself or the people below: challenge a number, propose another
    "approve",  # the plan of one's units; answer challenges
    "edit_company",  # units, people, products, customers, events
    "import_data",
    "log_work",  # one's own calls, visits, open items
    "manage_accounts",
)

_WORK: dict[str, Reach] = {
    "see_numbers": "own", "see_customers": "own", "see_people": "own", "see_days": "own", "see_scores": "own",
    "propose": "own", "log_work": "own",
}  # fmt: skip
_MANAGE: dict[str, Reach] = {
    **_WORK, "see_numbers": "subtree", "see_customers": "subtree", "see_people": "subtree", "see_days": "subtree",
    "see_scores": "subtree", "see_changes": "subtree", "propose": "subtree", "edit_plan": "subtree",
    "approve": "subtree",
}  # fmt: skip
_DIRECT: dict[str, Reach] = {
    **_MANAGE, "set_target": "subtree", "edit_company": "subtree", "import_data": "subtree",
}  # fmt: skip
_LEAD: dict[str, Reach] = {
    name: "own" if name == "log_work" else "all" for name in (*_DIRECT, "appraise", "force_plan")
}

MAY: dict[str, dict[str, Reach]] = {
    "administrator": {
        "manage_accounts": "all", "edit_company": "all", "import_data": "all", "see_changes": "all",
        "see_people": "all", "see_customers": "all", "see_numbers": "all", "see_scores": "all", "appraise": "all",
        "force_plan": "all",
    },
    "general_manager": _LEAD,
    "deputy": _DIRECT,
    "sales_director": _LEAD,
    "department_manager": _MANAGE,
    "marketing": {"see_numbers": "all", "see_customers": "all", "see_people": "all"},
    "area_manager": _MANAGE,
    "store_manager": _MANAGE,
    "rep": _WORK,
    "promoter": _WORK,
    "customer_service": {"see_customers": "subtree", "log_work": "own", "see_days": "own"},
    "technical": {"see_customers": "subtree", "log_work": "own", "see_days": "own"},
    "trainer": {"see_people": "subtree", "see_scores": "subtree"},
    "dealer": {"see_numbers": "own"},
    "clerk": {"see_customers": "subtree", "see_people": "subtree", "edit_company": "subtree", "import_data": "subtree"},
    "finance": {"see_numbers": "all", "see_customers": "all", "see_people": "all", "see_scores": "all"},
    "hr": {"see_people": "all", "see_scores": "all", "see_numbers": "all", "appraise": "all"},
    "auditor": {
        "see_numbers": "all", "see_customers": "all", "see_people": "all", "see_days": "all", "see_scores": "all",
        "see_changes": "all",
    },
}  # fmt: skip
"""role -> capability -> how far it reaches; what is not there is not allowed."""

NEED_PERSON = frozenset(role for role, given in MAY.items() if set(given.values()) == {"own"})
"""Roles that open nothing unless the account names a person of the company."""
