"""The company's tables as pages show them: columns, search, filters, what may be edited, who may look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

from quotum.web.records.models import Area, Category, Customer, Event, Person, Product, Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Kind = Literal["text", "long", "date", "number", "whole", "price", "key"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. ``refers_to``: the table whose key it names; ``at_once``: many records may get it."""

    name: str
    label: StrPromise
    kind: Kind = "text"
    refers_to: str = ""
    needed: bool = False
    at_once: bool = False
    low: float | None = None
    high: float | None = None
    hint: StrPromise | str = ""
    dated: bool = False  # of a record that is there it changes on a date, by a form of its own


@dataclass(frozen=True, slots=True)
class Room:
    """One table. ``columns`` are shown in lists, ``search`` looked into, ``filters`` chosen from."""

    table: str
    title: StrPromise
    one: StrPromise
    model: type[Any]
    sees: str  # the capability that opens it
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    search: tuple[str, ...]
    filters: tuple[str, ...] = ()
    order: tuple[str, ...] = field(default=("pk",))

    @property
    def key(self) -> str:
        """The name of the key."""
        return str(self.model._meta.pk.attname)

    @property
    def makes_keys(self) -> bool:
        """Whether the database numbers the records; people give the other keys."""
        return self.key == "id"

    @property
    def is_tree(self) -> bool:
        """Whether records have parents."""
        return any(each.name == "parent" for each in self.fields)

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        return next(each for each in self.fields if each.name == name)


_NAME = Field("name", _("Name"))
_LAT = Field("lat", _("Latitude"), "number", low=-90, high=90)
_LON = Field("lon", _("Longitude"), "number", low=-180, high=180)

_ALL = (
    Room(
        "units", _("Units"), _("Unit"), Unit, "see_people",
        (_NAME, Field("parent", _("Above"), refers_to="units", at_once=True, hint=_("Empty for the top.")),
         Field("kind", _("Kind"), at_once=True, hint=_("Region, department, branch …"))),
        ("unit", "name", "kind", "parent"), ("unit", "name", "kind"), ("kind",), ("path",),
    ),
    Room(
        "people", _("People"), _("Person"), Person, "see_people",
        (_NAME, Field("unit", _("Unit"), refers_to="units", needed=True, at_once=True, dated=True),
         Field("role", _("Role"), at_once=True), Field("hired", _("Hired"), "date"),
         Field("left", _("Left"), "date", hint=_("First day without the person.")),
         Field("ability", _("Ability"), "number", low=0, at_once=True, hint=_("A usual person is 1.")),
         Field("calls_per_day", _("Calls a day"), "number", low=0, at_once=True),
         Field("visits_per_day", _("Visits a day"), "number", low=0, at_once=True),
         Field("minutes_per_day", _("Minutes a day"), "number", low=0, high=1440, at_once=True), _LAT, _LON,
         Field("end_lat", _("Latitude where the day ends"), "number", low=-90, high=90),
         Field("end_lon", _("Longitude where the day ends"), "number", low=-180, high=180)),
        ("person", "name", "unit", "role", "hired", "left"), ("person", "name", "role"), ("unit", "role"),
        ("unit__path", "name", "pk"),
    ),
    Room(
        "products", _("Products"), _("Product"), Product, "see_customers",
        (_NAME, Field("category", _("Category"), refers_to="categories", at_once=True),
         Field("price_e4", _("Price"), "price", low=0, at_once=True),
         Field("cost_e4", _("Cost"), "price", low=0, at_once=True), Field("currency", _("Currency"), at_once=True)),
        ("product", "name", "category", "price_e4", "cost_e4", "currency"), ("product", "name"), ("category",),
    ),
    Room(
        "customers", _("Customers"), _("Customer"), Customer, "see_customers",
        (_NAME, Field("person", _("Owner"), refers_to="people", at_once=True, dated=True),
         Field("class_name", _("Class"), at_once=True), Field("channel", _("Channel"), at_once=True),
         Field("area", _("Area"), refers_to="areas", at_once=True),
         Field("city", _("City"), at_once=True), _LAT, _LON,
         Field("potential", _("Potential a year"), "number", low=0),
         Field("monthly_demand", _("Demand a month"), "number", low=0),
         Field("days_to_order", _("Days to the first order, or between orders"), "number", low=0),
         Field("opens", _("Opens"), at_once=True, hint=_("Such as 09:00, or mon-fri 09:00; sat 10:00")),
         Field("closes", _("Closes"), at_once=True), Field("weekdays", _("Weekdays"), at_once=True,
                                                          hint=_("Such as mon-fri or 2,4; Monday is 1")),
         Field("minutes", _("Minutes of a visit"), "number", low=0, high=1440, at_once=True),
         Field("currency", _("Currency"), at_once=True), Field("address", _("Address")), Field("phone", _("Phone")),
         Field("main_business", _("Main business")), Field("current_supplier", _("Current supplier")),
         Field("price_level", _("Price level"), at_once=True), Field("note", _("Note"), "long")),
        ("customer", "name", "person", "class_name", "channel", "city"), ("search_text",),
        ("person", "class_name", "channel", "area"),
    ),
    Room(
        "areas", _("Areas"), _("Area"), Area, "see_customers",
        (_NAME, Field("parent", _("Above"), refers_to="areas", at_once=True)), ("area", "name", "parent"),
        ("area", "name"), (),
    ),
    Room(
        "categories", _("Categories"), _("Category"), Category, "see_customers",
        (_NAME, Field("parent", _("Above"), refers_to="categories", at_once=True)), ("category", "name", "parent"),
        ("category", "name"), (),
    ),
    Room(
        "events", _("Events"), _("Event"), Event, "see_customers",
        (Field("since", _("Since"), "date", needed=True),
         Field("until", _("Until"), "date", needed=True, hint=_("First day that no longer belongs to it.")),
         Field("kind", _("Kind"), at_once=True),
         Field("scope", _("For whom"), at_once=True, hint=_("Such as unit=North or product=P7; empty: everybody.")),
         Field("effect", _("Effect"), "number", needed=True, low=0, at_once=True,
               hint=_("A factor on the day: 1.2 is a fifth more.")), Field("note", _("Note"))),
        ("since", "until", "kind", "scope", "effect", "note"), ("kind", "scope", "note"), ("kind",), ("-since", "pk"),
    ),
)  # fmt: skip

ROOMS: dict[str, Room] = {room.table: room for room in _ALL}
"""table -> how pages show it, in the order of the tabs."""

KEYS: dict[str, StrPromise] = {
    "unit": _("Key"), "person": _("Key"), "product": _("Key"), "customer": _("Key"), "area": _("Key"),
    "category": _("Key"), "id": _("Number"),
}  # fmt: skip


def title_of(room: Room, name: str) -> StrPromise:
    """Return what a column of a list is called."""
    return KEYS[name] if name == room.key else room.field(name).label
