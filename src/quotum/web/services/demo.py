"""A made-up company to look around in: tables, a plan in force, an account for each role. For demonstrations only."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction

from quotum.web.bridge.demo import DEMO_PLAN, make_demo_tables
from quotum.web.bridge.plans import plan_company
from quotum.web.queries.clock import today
from quotum.web.records.models import Change, Person, Post, Setup, Unit, User
from quotum.web.services.accounts import add_account
from quotum.web.services.company_tables import take_tables
from quotum.web.services.demo_days import fill_days
from quotum.web.services.demo_scores import fill_scores
from quotum.web.services.plans import force_plan, keep_version
from quotum.web.services.recording import record_change
from quotum.web.services.reviews import keep_review

PASSWORD = "demo-quotum"
USERS = ("admin", "director", "manager", "rep", "finance", "hr", "auditor", "clerk")


def load_demo(size: str = "small") -> dict[str, str]:
    """Fill an empty database with the demonstration and return the accounts: user name -> role.

    ``size``: of the sample; pages with a larger one are for measuring.
    """
    with tempfile.TemporaryDirectory() as folder:
        tables, text = make_demo_tables(Path(folder) / "company", size)
    take_tables(None, tables, DEMO_PLAN)
    with transaction.atomic():
        setup = Setup.objects.create(name=DEMO_PLAN, text=text)
        record_change(None, "created", "setups", setup.name)
    made = plan_company(text)
    version = keep_version(None, setup, text, made, DEMO_PLAN)
    force_plan(None, version, DEMO_PLAN)
    accounts = _add_accounts()
    keep_review(None, version, today())
    fill_days(version, User.objects.get(username="manager"))
    fill_scores(version)
    return accounts


def _add_accounts() -> dict[str, str]:
    """Add an account a role: leaders see the company, managers the unit with most people, a rep the own work."""
    top = Unit.objects.get(parent=None)
    reps = list(Person.objects.filter(unit__children=None).select_related("unit").order_by("pk"))
    team = max({rep.unit_id for rep in reps}, key=lambda key: (sum(rep.unit_id == key for rep in reps), key))
    rep = next(rep for rep in reps if rep.unit_id == team)
    above = rep.unit
    wanted = {
        "admin": ("administrator", None, None), "director": ("sales_director", top, None),
        "manager": ("area_manager", above, None), "rep": ("rep", above, rep), "finance": ("finance", top, None),
        "hr": ("hr", top, None), "auditor": ("auditor", top, None), "clerk": ("clerk", top, None),
    }  # fmt: skip
    for username, (role, unit, person) in wanted.items():
        user = add_account(None, username, role, unit=unit, person=person, since=today())
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return {name: role for name, (role, _, _) in wanted.items()}


def holds_demo() -> bool:
    """Tell whether the database was filled with the demonstration."""
    return Change.objects.filter(user=None, action="imported", reason=DEMO_PLAN).exists()


def list_accounts() -> list[tuple[str, str]]:
    """Return the accounts that the demonstration came with, and their roles."""
    return list(Post.objects.filter(user__username__in=USERS, user__is_active=True).order_by("user", "pk")
                .values_list("user__username", "role"))  # fmt: skip


def is_empty() -> bool:
    """Tell whether nobody has used the database yet."""
    return not User.objects.exists() and not Unit.objects.exists()
