"""The company's records: lists with search and filters, one record, what may be edited, what was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

from quotum.web.bridge.facts import tables_naming
from quotum.web.queries.company_rooms import ROOMS, Field, Room
from quotum.web.queries.permissions import (
    Reach,
    customers_within,
    may,
    people_within,
    reach_of,
    units_within,
)
from quotum.web.records.models import Change, User

MOST_CHOICES = 1_000
_PARTS = {"ownership", "contact"}  # lines that belong to a record and go with it


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a list: its choices as (value, words), and what was chosen."""

    field: Field
    choices: list[tuple[str, str]]
    chosen: str


def records_within(room: Room, reach: Reach) -> QuerySet[Any]:
    """Return the records that lie within; tables that belong to no unit are everybody's to see."""
    if not reach:
        return room.model.objects.none()  # type: ignore[no-any-return]
    within: QuerySet[Any]
    match room.table:
        case "units":
            within = units_within(reach)
        case "people":
            within = people_within(reach)
        case "customers":
            within = customers_within(reach)
        case _:
            within = room.model.objects.all()
    return within


def edit_reach(user: User, capability: str = "edit_company") -> Reach:
    """Return how far the user may edit, or bring in: standing at the top of the units is the whole company."""
    reach = reach_of(user, capability)
    is_top = any(path.count("\n") == 1 for path in reach.paths)
    return Reach(everywhere=True) if is_top else reach


def editable_records(room: Room, user: User) -> QuerySet[Any]:
    """Return the records that the user may change."""
    reach = edit_reach(user)
    if room.table in {"units", "people", "customers"} or reach.everywhere:
        return records_within(room, reach)
    if room.table == "events" and reach:
        scopes = [f"unit={key}" for key in units_within(reach).values_list("pk", flat=True)]
        return room.model.objects.filter(scope__in=scopes)  # type: ignore[no-any-return]
    return room.model.objects.none()  # type: ignore[no-any-return]


def may_add(room: Room, user: User) -> bool:
    """Tell whether the user may add records to a table, somewhere."""
    reach = edit_reach(user)
    return reach.everywhere or (bool(reach.paths) and room.table in {"units", "people", "customers", "events"})


def find_records(room: Room, user: User, asked: Mapping[str, str]) -> QuerySet[Any]:
    """Return the records the user may see that fit what was ``asked``: words in ``q``, filters by name, ``sort``."""
    found = records_within(room, reach_of(user, room.sees))
    for word in asked.get("q", "").casefold().split()[:8]:
        either = Q()
        for name in room.search:
            either |= Q(**{f"{name}__contains" if name == "search_text" else f"{name}__icontains": word})
        found = found.filter(either)
    for name in room.filters:
        if value := asked.get(name, ""):
            refers = room.field(name).refers_to
            found = found.filter(**({f"{name}__path__contains": f"{value}\n"} if refers == "units" else {name: value}))
    sort = asked.get("sort", "")
    order = (sort, "pk") if sort.removeprefix("-") in room.columns else room.order
    related = [each.name for each in room.fields if each.refers_to]
    return found.select_related(*related).order_by(*order)


def list_filters(room: Room, user: User, asked: Mapping[str, str]) -> list[Filter]:
    """Return the filters of a table with their choices, as far as the user may see them."""
    filters = []
    for name in room.filters:
        field = room.field(name)
        if field.refers_to:
            choices = list_choices(field.refers_to, reach_of(user, ROOMS[field.refers_to].sees))
        else:
            values = records_within(room, reach_of(user, room.sees)).exclude(**{name: ""})
            choices = [(value, value) for value in values.order_by(name).values_list(name, flat=True).distinct()[:200]]
        filters.append(Filter(field, choices, asked.get(name, "")))
    return filters


def list_choices(table: str, reach: Reach) -> list[tuple[str, str]]:
    """Return keys with names of a table within reach, for choosing; of very long tables the first."""
    room = ROOMS[table]
    rows = records_within(room, reach).order_by(*room.order).values_list("pk", "name")[:MOST_CHOICES]
    return [(key, f"{name} ({key})" if name and name != key else key) for key, name in rows]


def history_of(room: Room, key: object, user: User) -> QuerySet[Change] | None:
    """Return the changes of one record, the newest first; None where the user may not see them."""
    if not (may(user, "see_changes") or may(user, "edit_company")):
        return None
    return Change.objects.filter(table=room.table, key=str(key)[:200]).select_related("user")


def values_of(room: Room, record: Any) -> dict[str, Any]:
    """Return a record's fields as plain values, keys instead of other records."""
    return {each.name: getattr(record, f"{each.name}_id" if each.refers_to else each.name) for each in room.fields}


def mark_of(room: Room, record: Any) -> str:
    """Return a short digest of a record, by which a form knows whether somebody else has changed it meanwhile."""
    text = DjangoJSONEncoder(sort_keys=True).encode(values_of(room, record))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def list_references(room: Room, record: Any) -> dict[str, int]:
    """Return what names a record: table -> number of rows (facts are only told, not counted: 0)."""
    found: dict[str, int] = {}
    for relation in room.model._meta.related_objects:
        if relation.related_model._meta.model_name in _PARTS and room.table == "customers":
            continue
        count = relation.related_model.objects.filter(**{relation.field.name: record}).count()
        if count:
            found[str(relation.related_model._meta.verbose_name_plural)] = count
    return found | dict.fromkeys(tables_naming(room.table, str(record.pk)), 0)
