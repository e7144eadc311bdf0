"""The company for programs: oneself, units, people, customers."""

from __future__ import annotations

from datetime import date

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from quotum.web.api.answers import ERRORS
from quotum.web.api.doors import Caller, allow
from quotum.web.queries.permissions import customers_within, people_within, units_within
from quotum.web.records.models import Customer, Person, Unit

router = Router(tags=["company"])
MOST_ROWS = 500


class Page(Schema):
    """Which part of a list: at most ``limit`` rows that come after the key ``after``."""

    limit: int = Field(100, ge=1, le=MOST_ROWS)
    after: str = Field("", max_length=120)


class Search(Page):
    """A part of a list, of what holds ``q``."""

    q: str = Field("", max_length=100)


class MeOut(Schema):
    """Whose token it is, and what it may."""

    username: str
    person: str | None
    scopes: list[str]


class UnitOut(Schema):
    """A unit."""

    unit: str
    parent: str | None = Field(None, alias="parent_id")
    kind: str
    name: str


class PersonOut(Schema):
    """Somebody who carries a quota."""

    person: str
    name: str
    unit: str = Field(alias="unit_id")
    role: str
    hired: date | None
    left: date | None


class CustomerOut(Schema):
    """A customer."""

    customer: str
    name: str
    person: str | None = Field(None, alias="person_id")
    channel: str
    area: str | None = Field(None, alias="area_id")
    city: str
    class_name: str
    lat: float | None
    lon: float | None


@router.get("/me", response={200: MeOut, **ERRORS}, summary="Whose token this is")
def show_me(request: Caller) -> dict[str, object]:
    """Return the user and the scopes of the token."""
    return {"username": request.user.username, "person": request.user.person_id, "scopes": request.auth.scopes}


@router.get("/units", response={200: list[UnitOut], **ERRORS}, summary="Units within reach")
def list_units(request: Caller, page: Query[Page]) -> list[Unit]:
    """Return units, ordered by key."""
    units = units_within(allow(request, "see_people")).filter(pk__gt=page.after)
    return list(units.order_by("pk")[: page.limit])


@router.get("/people", response={200: list[PersonOut], **ERRORS}, summary="People within reach")
def list_people(request: Caller, page: Query[Page]) -> list[Person]:
    """Return people, ordered by key."""
    people = people_within(allow(request, "see_people")).filter(pk__gt=page.after)
    return list(people.order_by("pk")[: page.limit])


@router.get("/customers", response={200: list[CustomerOut], **ERRORS}, summary="Customers within reach")
def list_customers(request: Caller, search: Query[Search]) -> list[Customer]:
    """Return customers whose key, name or city holds ``q``, ordered by key."""
    customers = customers_within(allow(request, "see_customers")).filter(pk__gt=search.after)
    if search.q:
        customers = customers.filter(search_text__contains=search.q.casefold())
    return list(customers.order_by("pk")[: search.limit])


@router.get("/customers/{customer}", response={200: CustomerOut, **ERRORS}, summary="One customer")
def show_customer(request: Caller, customer: str) -> Customer:
    """Return a customer within reach."""
    return get_object_or_404(customers_within(allow(request, "see_customers")), pk=customer)
