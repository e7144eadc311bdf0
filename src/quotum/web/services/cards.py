"""What reps write on the cards of their customers: fields and contacts; each change is on record and dates the card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from quotum.web.queries.clock import now
from quotum.web.queries.customers import find_customer, may_edit_card
from quotum.web.records.models import Contact, Customer, User
from quotum.web.services.company_tables import search_text_of
from quotum.web.services.recording import record_change
from quotum.web.services.repeats import make_once

TABLE = "customer_cards"


def require_card(user: User, customer: Customer) -> None:
    """Raise PermissionDenied where the user may see the customer but not write on the card."""
    if not may_edit_card(user, customer):
        raise PermissionDenied("edit_company")


def change_card(user: User, customer: str, values: Mapping[str, Any]) -> Customer:
    """Keep what is known of a customer; raise Customer.DoesNotExist or PermissionDenied."""
    with transaction.atomic():
        found = _lock(user, customer)
        before = {name: getattr(found, name) for name in values if getattr(found, name) != values[name]}
        if before:
            for name in before:
                setattr(found, name, values[name])
            _keep(user, found, before, {name: values[name] for name in before}, [*before, "search_text"])
    return found


def add_contact(user: User, key: str, customer: str, values: Mapping[str, Any]) -> Contact:
    """Add somebody at a customer's."""

    def make() -> Contact:
        found = _lock(user, customer)
        made = Contact.objects.create(customer=found, **values)
        _keep(user, found, None, {"contact": values["name"]})
        return made

    with transaction.atomic():
        return make_once(user, key, Contact, make)


def find_contact(user: User, contact: int) -> Contact:
    """Return somebody at a customer's whose card the user may write on; raise Contact.DoesNotExist else."""
    found = Contact.objects.select_related("customer").get(pk=contact)
    require_card(user, find_customer(user, found.customer_id))
    return found


def change_contact(user: User, contact: int, values: Mapping[str, Any]) -> Contact:
    """Change somebody at a customer's."""
    with transaction.atomic():
        found = find_contact(user, contact)
        before = {name: getattr(found, name) for name in values if getattr(found, name) != values[name]}
        if before:
            Contact.objects.filter(pk=contact).update(**values)
            _keep(user, _lock(user, found.customer_id), before, {name: values[name] for name in before})
    return found


def remove_contact(user: User, contact: int) -> None:
    """Take somebody off a customer's card."""
    with transaction.atomic():
        found = find_contact(user, contact)
        _keep(user, _lock(user, found.customer_id), {"contact": found.name}, None)
        found.delete()


def _lock(user: User, customer: str) -> Customer:
    found = find_customer(user, customer)
    require_card(user, found)
    return Customer.objects.select_for_update(of=("self",)).select_related("person").get(pk=found.pk)


def _keep(user: User, customer: Customer, before: Any, after: Any, fields: list[str] | None = None) -> None:
    """Date the card and put the change on record."""
    customer.card_changed, customer.search_text = now(), search_text_of(customer)
    customer.save(update_fields=["card_changed", *(fields or [])])
    unit = customer.person.unit_id if customer.person else ""
    record_change(user, "changed", TABLE, customer.pk, before=before, after=after, unit=unit)
