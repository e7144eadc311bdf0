"""What is still to be done before a plan is in force, and where the reader can do it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from quotum.web.queries.clock import today
from quotum.web.queries.permissions import may
from quotum.web.records.models import Customer, Person, PlanVersion, Post, Setup, User
from quotum.web.records.roles import MAY

_SETTERS = [role for role, given in MAY.items() if "set_target" in given]


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step, whether it is done, and the name of the address where the reader may do it; empty: others do."""

    name: str
    done: bool
    address: str = ""


def first_steps_of(user: User) -> list[FirstStep]:
    """Return the steps until a plan is in force; nothing for readers who can do none of them."""
    doors = {"company": ("import_data", "import"), "posts": ("manage_accounts", "accounts"),
             "target": ("set_target", "setups"), "plan": ("set_target", "setups"),
             "force": ("set_target", "plans")}  # fmt: skip
    open_to = {name: address for name, (needs, address) in doors.items() if may(user, needs)}
    if not open_to:
        return []
    day = today()
    in_force = Q(until=None) | Q(until__gt=day)
    done = {
        "company": Person.objects.exists() and Customer.objects.exists(),
        "posts": Post.objects.filter(in_force, since__lte=day, role__in=_SETTERS, user__is_active=True).exists(),
        "target": Setup.objects.exists(), "plan": PlanVersion.objects.exists(),
        "force": PlanVersion.objects.filter(state="in_force").exists(),
    }  # fmt: skip
    return [FirstStep(name, done[name], open_to.get(name, "")) for name in doors]
