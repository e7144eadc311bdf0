"""Customers found as one types, and what is known of one: the card, how complete and old it is, what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from quotum.web.bridge.orders import list_orders, sum_years
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import Reach, customers_within, may, reach_of, require
from quotum.web.records.models import AgendaItem, Change, Contact, Customer, LogEntry, OpenItem, User

MOST_FOUND = 20
CARD_FIELDS = ("phone", "address", "main_business", "needs", "monthly_demand", "current_supplier", "price_level",
               "discounts", "credit")  # fmt: skip
STALE_DAYS = 180
"""A card that nobody has touched for so long is old."""
MOST_EVENTS = 60


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a customer's timeline. ``kind``: order, log, agenda, open, card."""

    day: date
    kind: str
    what: Any


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a customer. Amounts are ten-thousandths; ``complete``: hundredths of the card filled."""

    customer: Customer
    contacts: list[Contact]
    open_items: list[OpenItem]
    coming: list[AgendaItem]
    timeline: list[Happening]
    years: list[tuple[int, int]]
    complete: int
    missing: list[str]
    age_days: int | None
    may_edit: bool

    @property
    def is_stale(self) -> bool:
        """Whether nobody has touched the card for long."""
        return self.age_days is None or self.age_days > STALE_DAYS


def search_customers(reach: Reach, text: str, most: int = MOST_FOUND) -> list[Customer]:
    """Return customers within reach whose key, name, city or phone hold every word of ``text``.

    The narrow index of the search is read in its order until enough are found, so the answer is ordered by key.
    """
    words = text.casefold().split()
    if not words:
        return []
    found = customers_within(reach)
    for word in words[:8]:
        found = found.filter(search_text__contains=word)
    keys = list(found.order_by("search_text", "pk").values_list("pk", flat=True)[:most])
    return list(Customer.objects.filter(pk__in=keys).select_related("person").order_by("search_text", "pk"))


def has_history(customer: Customer) -> bool:
    """Tell whether somebody has met the customer before: in the log, or as an order."""
    return LogEntry.objects.filter(customer=customer).exists() or bool(list_orders(customer.pk, today(), 1))


def may_edit_card(user: User, customer: Customer) -> bool:
    """Tell whether the user may write on the card: the own customers, or those whose master data they keep."""
    return any(reach and customers_within(reach).filter(pk=customer.pk).exists()
               for reach in (reach_of(user, "log_work"), reach_of(user, "edit_company")))  # fmt: skip


def find_customer(user: User, key: str) -> Customer:
    """Return a customer the user may see; raise Customer.DoesNotExist else."""
    return customers_within(require(user, "see_customers")).select_related("person", "area").get(pk=key)


def card_of(user: User, customer: Customer) -> Card:
    """Return the card with its timeline; days and logs only where the user may see days."""
    sees_days = may(user, "see_days")
    logs = list(LogEntry.objects.filter(customer=customer).select_related("person")[:MOST_EVENTS]) if sees_days else []
    items = AgendaItem.objects.filter(customer=customer).select_related("person")
    past = list(_missed(items)[:MOST_EVENTS]) if sees_days else []
    coming = list(items.filter(date__gte=today(), state__in=("planned", "started"))[:10]) if sees_days else []
    opened = list(OpenItem.objects.filter(customer=customer).select_related("person").order_by("-due")[:MOST_EVENTS]) \
        if sees_days else []  # fmt: skip
    written = Change.objects.filter(table__in=("customer_cards", "customers"), key=customer.pk)
    changes = list(written.select_related("user")[:20])
    orders = list_orders(customer.pk, today())
    contacts = list(customer.contacts.order_by("-decides", "name"))
    missing = [name for name in CARD_FIELDS if not getattr(customer, name)]
    missing += [] if contacts else ["contacts"]
    missing += [] if any(contact.decides for contact in contacts) else ["decides"]
    total = len(CARD_FIELDS) + 2
    newest = _newest([customer.card_changed, *(change.at for change in changes[:1])])
    timeline = sorted(
        [*(Happening(order["date"], "order", order) for order in orders),
         *(Happening(timezone.localtime(entry.at).date(), "log", entry) for entry in logs),
         *(Happening(item.date, "agenda", item) for item in past),
         *(Happening(item.due, "open", item) for item in opened if item.done is not None),
         *(Happening(timezone.localtime(change.at).date(), "card", change) for change in changes)],
        key=lambda happening: happening.day, reverse=True,
    )[:MOST_EVENTS]  # fmt: skip
    return Card(
        customer, contacts, sorted((item for item in opened if item.done is None), key=lambda item: item.due), coming,
        timeline, sum_years(customer.pk, today()), (total - len(missing)) * 100 // total, missing,
        None if newest is None else max((today() - timezone.localtime(newest).date()) // timedelta(days=1), 0),
        may_edit_card(user, customer),
    )  # fmt: skip


def _missed(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Return what was moved, dropped or left."""
    left = Q(state__in=("planned", "started"), date__lt=today())
    return items.filter(left | Q(state__in=("postponed", "dropped"))).order_by("-date")


def _newest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
