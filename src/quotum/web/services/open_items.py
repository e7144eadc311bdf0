"""Open items and promises: added, done, moved, put on top; and what managers say to a day or a week."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from quotum.web.queries.clock import now
from quotum.web.queries.permissions import customers_within, people_within, reach_of, require
from quotum.web.records.models import OpenItem, Person, Remark, User
from quotum.web.services.day import own_person, require_day_of_work
from quotum.web.services.recording import record_change
from quotum.web.services.repeats import make_once


def add_open_item(
    user: User, key: str, text: str, due: date, *, begins: date | None = None, customer: str = "",
    promised: bool = False,
) -> OpenItem:  # fmt: skip
    """Add something the user has to do by a date; raise ValidationError where it has no words or ends too early."""
    person = own_person(user)
    if not text.strip():
        raise ValidationError(_("Say what is to be done."))
    if begins is not None and begins > due:
        raise ValidationError(_("It ends before it begins."))
    require_day_of_work(begins)
    require_day_of_work(due)
    whom = customers_within(require(user, "see_customers")).get(pk=customer) if customer else None

    def make() -> OpenItem:
        made = OpenItem.objects.create(person=person, customer=whom, text=text.strip()[:300], due=due, begins=begins,
                                       promised=promised)  # fmt: skip
        after = {"text": made.text, "due": due, "promised": promised, "customer": customer or None}
        _record(user, "created", made, after=after)
        return made

    with transaction.atomic():
        return make_once(user, key, OpenItem, make)


def finish_open_item(user: User, item: int) -> OpenItem:
    """Mark one's own item as done; one that is done stays as it is."""
    with transaction.atomic():
        found = _lock(user, item)
        if found.done is None:
            _change(user, found, done=now())
    return found


def move_open_item(user: User, item: int, due: date, reason: str = "") -> OpenItem:
    """Set another date; raise ValidationError for a promise that moves without a reason."""
    require_day_of_work(due)
    with transaction.atomic():
        found = _lock(user, item)
        if found.promised and not reason.strip():
            raise ValidationError(_("A promise moves only with a reason."))
        if found.done is None and found.due != due:
            begins = None if found.begins is None else min(found.begins, due)
            _change(user, found, reason, due=due, begins=begins)
    return found


def put_on_top(user: User, item: int, *, focus: bool) -> OpenItem:
    """Let one's own item stand on top of the boards, or no longer."""
    with transaction.atomic():
        found = _lock(user, item)
        if found.focus != focus:
            _change(user, found, focus=focus)
    return found


def add_remark(user: User, key: str, person: str, day: date, grain: str, text: str) -> Remark:
    """Say something to somebody's day or week: managers to those below, everybody to the own.

    Raises Person.DoesNotExist for somebody out of sight, PermissionDenied for somebody seen but not led.
    """
    whom = people_within(require(user, "see_days")).get(pk=person)
    if whom.pk != user.person_id and not people_within(reach_of(user, "approve")).filter(pk=person).exists():
        raise PermissionDenied("approve")
    if not text.strip() or grain not in {"day", "week"}:
        raise ValidationError(_("Write something."))

    def make() -> Remark:
        made = Remark.objects.create(person=whom, date=day, grain=grain, text=text.strip(), by=user)
        after = {"person": whom.pk, "date": day, "grain": grain, "text": made.text}
        record_change(user, "created", "remarks", made.pk, after=after, unit=whom.unit_id)
        return made

    with transaction.atomic():
        return make_once(user, key, Remark, make)


def may_remark(user: User, person: Person) -> bool:
    """Tell whether the user may say something to the person's days."""
    return person.pk == user.person_id or people_within(reach_of(user, "approve")).filter(pk=person.pk).exists()


def _lock(user: User, item: int) -> OpenItem:
    items = OpenItem.objects.select_for_update(of=("self",)).select_related("person")
    return items.get(pk=item, person=own_person(user))


def _change(user: User, item: OpenItem, reason: str = "", **values: Any) -> None:
    before = {name: getattr(item, name) for name in values}
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))
    _record(user, "changed", item, before=before, after=values, reason=reason)


def _record(user: User, action: str, item: OpenItem, *, before: Any = None, after: Any = None,
            reason: str = "") -> None:  # fmt: skip
    record_change(user, action, "open_items", item.pk, before=before, after=after, reason=reason,
                  unit=item.person.unit_id)  # fmt: skip
