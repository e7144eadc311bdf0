"""Customers and people that move on a date: dated owners, dated posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from quotum.web.queries.clock import today
from quotum.web.queries.company_lists import edit_reach
from quotum.web.queries.permissions import customers_within, people_within, require, units_within
from quotum.web.records.models import Customer, Move, Ownership, Person, Post, Unit, User
from quotum.web.services.company_records import MOST_AT_ONCE
from quotum.web.services.recording import record_change

ALWAYS = date(2000, 1, 1)
"""Since when somebody has had a customer whose beginning nobody wrote down."""


def hand_customers(user: User, keys: Sequence[str], person: str, since: date, reason: str = "") -> int:
    """Give customers to a person from a date on, whole, and return how many; owners before keep the days before.

    What was planned from the date on is replaced. Raises ValidationError, and nothing changes, where a customer, one
    of its owners or the person lies outside of what the user may edit.
    """
    require(user, "edit_company")
    reach = edit_reach(user)
    if len(keys) > MOST_AT_ONCE:
        raise ValidationError(_("Choose at most %(most)d at once.") % {"most": MOST_AT_ONCE})
    people = people_within(reach)
    with transaction.atomic():
        receiver = people.filter(pk=person).first()
        if receiver is None:
            raise ValidationError({"person": _("This person is not among your people.")})
        found = customers_within(reach).select_for_update(of=("self",)).select_related("person")
        customers = list(found.filter(pk__in=keys))
        if len(customers) < len(set(keys)):
            raise ValidationError(_("Some of them are not yours to change. Nothing was changed."))
        lines = Ownership.objects.select_for_update().filter(customer__in=customers)
        by_customer: dict[str, list[Ownership]] = {}
        for line in lines:
            by_customer.setdefault(line.customer_id, []).append(line)
        if not reach.everywhere:
            _refuse_foreign_owners(reach_keys=set(people.values_list("pk", flat=True)), customers=customers,
                                   lines=by_customer, since=since)  # fmt: skip
        for customer in customers:
            _hand_over(user, customer, by_customer.get(customer.pk, []), receiver, since, reason)
    return len(customers)


def _refuse_foreign_owners(
    *, reach_keys: set[str], customers: Sequence[Customer], lines: dict[str, list[Ownership]], since: date
) -> None:
    """Raise ValidationError where somebody outside owns one of the customers on the day or later."""
    for customer in customers:
        owners = {line.person_id for line in lines.get(customer.pk, []) if line.until is None or line.until > since}
        owners |= {customer.person_id} if customer.person_id and not owners else set()
        if owners - reach_keys:
            text = _("%(customer)s belongs to people who are not yours; their manager hands it over.")
            raise ValidationError(text % {"customer": customer})


def _hand_over(
    user: User, customer: Customer, lines: list[Ownership], receiver: Person, since: date, reason: str
) -> None:
    """Write one customer's owners anew from a date on."""
    before = [_plain(line) for line in lines] or [{"person": customer.person_id}]
    unit = customer.person.unit_id if customer.person else receiver.unit_id
    if not lines and customer.person_id and customer.person_id != receiver.pk:
        Ownership.objects.create(customer=customer, person_id=customer.person_id, since=ALWAYS, until=since)
    for line in lines:
        if line.since >= since:
            line.delete()
        elif line.until is None or line.until > since:
            line.until = since
            line.save(update_fields=["until"])
    Ownership.objects.create(customer=customer, person=receiver, since=since)
    if since <= today():
        customer.person = receiver
        customer.save(update_fields=["person"])
    after = [_plain(line) for line in Ownership.objects.filter(customer=customer)]
    record_change(user, "handed over", "customers", customer.pk, before=before, after=after, reason=reason, unit=unit)


def take_what_is_due(taken: date | None = None) -> date:
    """Let people move whose day has come, and customers change hands; return the day, done already for ``taken``.

    Lists and filters go by the name on the customer; who may see what goes by the lines. The hand-over itself stands
    on record since it was decided; that it took effect is one line more.
    """
    day = today()
    if taken == day:
        return day
    with transaction.atomic():
        for move in Move.objects.select_related("person").filter(since__lte=day):
            before = move.person.unit_id
            Person.objects.filter(pk=move.person_id).update(unit=move.unit_id)
            record_change(None, "moved", "people", move.person_id, before={"unit": before},
                          after={"unit": move.unit_id, "since": move.since}, unit=before)  # fmt: skip
            move.delete()
        in_force = Ownership.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)
        named = in_force.filter(customer=OuterRef("pk"), person=OuterRef("person"))
        late = Customer.objects.filter(Exists(in_force.filter(customer=OuterRef("pk")))).exclude(Exists(named))
        keys = list(late.order_by("pk").values_list("pk", flat=True))
        best = in_force.filter(customer=OuterRef("pk")).order_by(F("share").desc(nulls_first=True), "-since")
        late.update(person=Subquery(best.values("person")[:1]))
        if keys:
            record_change(None, "handed over", "customers", day, after={"customers": len(keys), "first": keys[:20]})
    return day


def move_people(user: User, keys: Sequence[str], unit: str, since: date, reason: str = "") -> int:
    """Move people to another unit from a date on and return how many; posts of their accounts move with them.

    Raises ValidationError, and nothing changes, where one of them or the unit lies outside of what the user may edit.
    """
    require(user, "edit_company")
    reach = edit_reach(user)
    with transaction.atomic():
        people = list(people_within(reach).select_for_update(of=("self",)).filter(pk__in=keys))
        if len(people) < len(set(keys)):
            raise ValidationError(_("Some of them are not yours to change. Nothing was changed."))
        receiving = units_within(reach).filter(pk=unit).first()
        if receiving is None:
            raise ValidationError({"unit": _("This unit is not among yours.")})
        for person in people:
            _move(user, person, receiving, since, reason)
    return len(people)


def _move(user: User, person: Person, unit: Unit, since: date, reason: str) -> None:
    """Move one person, and the posts that the person's account has in the old unit."""
    old = person.unit_id
    in_force = Q(until=None) | Q(until__gt=since)
    posts = list(Post.objects.select_for_update(of=("self",)).filter(in_force, user__person=person, unit_id=old))
    Move.objects.filter(person=person).delete()  # what was planned before is replaced
    if since <= today():
        person.unit = unit
        person.save(update_fields=["unit"])
    else:
        Move.objects.create(person=person, unit=unit, since=since)
    for post in posts:
        if post.since >= since:
            post.unit = unit
            post.save(update_fields=["unit"])
            continue
        Post.objects.create(user=post.user, role=post.role, unit=unit, since=since, until=post.until)
        post.until = since
        post.save(update_fields=["until"])
    after = {"unit": unit.pk, "since": since, "posts": len(posts)}
    record_change(user, "moved", "people", person.pk, before={"unit": old}, after=after, reason=reason, unit=old)


def _plain(line: Ownership) -> dict[str, object]:
    """Return an owner's line as the record of changes keeps it."""
    return {"person": line.person_id, "since": line.since, "until": line.until, "share": line.share}
