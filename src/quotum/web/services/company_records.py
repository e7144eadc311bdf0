"""Changes of the company's records by people: one, many at once, removed; each within the own subtree only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from quotum.web.queries.company_lists import (
    edit_reach,
    editable_records,
    list_references,
    mark_of,
    may_add,
    records_within,
    values_of,
)
from quotum.web.queries.company_rooms import ROOMS, Room
from quotum.web.queries.permissions import Reach, require
from quotum.web.records.models import Customer, Person, Unit, User
from quotum.web.services.company_tables import search_text_of, set_paths
from quotum.web.services.recording import record_change

MOST_AT_ONCE = 5_000


def add_record(user: User, room: Room, key: str, values: Mapping[str, Any], reason: str = "") -> Any:
    """Add a record under a new key; raise ValidationError where the key is taken or the place is not the user's."""
    require(user, "edit_company")
    if not may_add(room, user):
        raise PermissionDenied("edit_company")
    record = room.model() if room.makes_keys else room.model(pk=_clean_key(key))
    with transaction.atomic():
        if not room.makes_keys and room.model.objects.filter(pk=record.pk).exists():
            raise ValidationError({room.key: _("This key is taken.")})
        _write(user, room, record, values)
        record.save(force_insert=True)
        _tidy(room, record)
        record_change(user, "created", room.table, record.pk, after=values_of(room, record), reason=reason,
                      unit=unit_of(record))  # fmt: skip
    return record


def change_record(
    user: User, room: Room, key: object, values: Mapping[str, Any], reason: str = "", seen: str = ""
) -> Any:
    """Change some fields of a record; raise its DoesNotExist where the user may not.

    ``seen`` is the mark of the record as the user saw it: ValidationError where somebody has changed it since.
    """
    require(user, "edit_company")
    with transaction.atomic():
        record = editable_records(room, user).select_for_update(of=("self",)).get(pk=key)
        if seen and seen != mark_of(room, record):
            raise ValidationError(_("Somebody else has changed this meanwhile. Look at it again, then change it."))
        _change(user, room, record, values, reason)
        _tidy(room, record)
    return record


def change_records(
    user: User, room: Room, keys: Sequence[str], name: str, value: Any, reason: str = ""
) -> int:
    """Give many records the same value of one field, all or none; return how many were changed."""
    require(user, "edit_company")
    if not room.field(name).at_once or room.field(name).dated:
        raise PermissionDenied(name)
    if len(keys) > MOST_AT_ONCE:
        raise ValidationError(_("Choose at most %(most)d at once.") % {"most": MOST_AT_ONCE})
    with transaction.atomic():
        records = list(editable_records(room, user).select_for_update(of=("self",)).filter(pk__in=keys))
        if len(records) < len(set(keys)):
            raise ValidationError(_("Some of them are not yours to change. Nothing was changed."))
        count = sum(_change(user, room, record, {name: value}, reason) for record in records)
        if room.table == "units":
            set_paths()
    return count


def remove_record(user: User, room: Room, key: object, reason: str = "") -> None:
    """Remove a record that nothing names; raise ValidationError that tells what names it."""
    require(user, "edit_company")
    with transaction.atomic():
        record = editable_records(room, user).select_for_update(of=("self",)).get(pk=key)
        if references := list_references(room, record):
            names = ", ".join(f"{name} ({count})" if count else name for name, count in references.items())
            raise ValidationError(_("It cannot be removed: it is named in %(names)s.") % {"names": names})
        reach = edit_reach(user)
        if room.table == "units" and not reach.everywhere and record.path in reach.paths:
            raise ValidationError(_("The unit you manage is not yours to remove."))
        record_change(user, "removed", room.table, record.pk, before=values_of(room, record), reason=reason,
                      unit=unit_of(record))  # fmt: skip
        record.delete()


def unit_of(record: Any) -> str:
    """Return the key of the unit a record belongs to; empty: the company."""
    match record:
        case Unit():
            return str(record.pk)
        case Person():
            return record.unit_id
        case Customer():
            return record.person.unit_id if record.person else ""
        case _:
            scope = getattr(record, "scope", "")
            return scope.removeprefix("unit=") if scope.startswith("unit=") else ""


def _change(user: User, room: Room, record: Any, values: Mapping[str, Any], reason: str) -> bool:
    """Change one record and put it on record; tell whether anything was different."""
    before, place = values_of(room, record), unit_of(record)
    _write(user, room, record, values)
    after = values_of(room, record)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return False
    record.save()
    record_change(user, "changed", room.table, record.pk, before={name: before[name] for name in changed},
                  after={name: after[name] for name in changed}, reason=reason,
                  unit=place or unit_of(record))  # fmt: skip
    return True


def _write(user: User, room: Room, record: Any, values: Mapping[str, Any]) -> None:
    """Write the fields into a record; raise ValidationError where it would leave or enter foreign subtrees."""
    reach = edit_reach(user)
    was_new = record._state.adding
    for name, value in values.items():
        field = room.field(name)
        if not field.refers_to:
            setattr(record, name, value)
            continue
        key = value or None
        old = getattr(record, f"{name}_id")
        if field.dated and not was_new and key != old:
            raise ValidationError({name: _("This changes on a date: move it instead.")})
        if (key == old and not was_new) or (key is None and reach.everywhere):
            setattr(record, f"{name}_id", key)
            continue
        target = ROOMS[field.refers_to]
        if key is not None and not target.model.objects.filter(pk=key).exists():
            raise ValidationError({name: _("There is no such key.")})
        if target.table in {"units", "people"} and not reach.everywhere:
            _refuse_foreign(reach, target, name, key)
            if not was_new:
                _refuse_foreign(reach, target, name, old)
        setattr(record, f"{name}_id", key)
    _check(room, record, reach)


def _refuse_foreign(reach: Reach, target: Room, name: str, key: object) -> None:
    """Raise ValidationError where a key lies outside of the reach: nothing moves in or out."""
    if key is None or not records_within(target, reach).filter(pk=key).exists():
        raise ValidationError({name: _("Moving something out of your units or into foreign ones is not yours to do.")})


def _check(room: Room, record: Any, reach: Reach) -> None:
    """Raise ValidationError for what contradicts itself: circles, dates, an event of everybody made by a part."""
    if room.is_tree and record.parent_id:
        above, seen = record.parent, {record.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("It would lie below itself.")})
            seen.add(above.pk)
            above = above.parent
    if room.table == "units" and not record.parent_id and not reach.everywhere:
        raise ValidationError({"parent": _("Only who may edit the whole company adds a top.")})
    if room.table == "customers" and not record.person_id and not reach.everywhere:
        raise ValidationError({"person": _("Choose an owner among your people.")})
    if room.table == "people" and record.hired and record.left and record.left < record.hired:
        raise ValidationError({"left": _("Nobody leaves before being hired.")})
    if room.table == "events":
        if record.until <= record.since:
            raise ValidationError({"until": _("It ends before it begins.")})
        units = records_within(ROOMS["units"], reach)
        if not reach.everywhere and not units.filter(pk=record.scope.removeprefix("unit=")).exists():
            raise ValidationError({"scope": _("Choose one of your units: unit=KEY.")})


def _tidy(room: Room, record: Any) -> None:
    """Keep what is derived: paths of units, the text that the search looks into."""
    if room.table == "units":
        set_paths()
    elif room.table == "customers" and record.search_text != (text := search_text_of(record)):
        record.search_text = text
        record.save(update_fields=["search_text"])


def _clean_key(key: str) -> str:
    """Return a key without blanks around it; raise ValidationError for an empty one or control characters."""
    cleaned = key.strip()
    if not cleaned or not cleaned.isprintable() or len(cleaned) > 120:
        raise ValidationError(_("Give a key of 1 to 120 characters."))
    return cleaned
