"""Forms of the company's records, made from what each table's room says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from quotum.web.queries.clock import today
from quotum.web.queries.company_lists import edit_reach, list_choices
from quotum.web.queries.company_rooms import KEYS, ROOMS, Field, Room
from quotum.web.queries.permissions import Reach
from quotum.web.records.models import User

MOST_OPTIONS = 200
E4 = 10_000


class DateInput(forms.DateInput):
    """A date as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PriceField(forms.DecimalField):
    """An amount that people write in major units and records keep in ten-thousandths."""

    def prepare_value(self, value: Any) -> Any:
        """Show an amount of a record."""
        return Decimal(value).scaleb(-4).normalize() if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return ten-thousandths."""
        number = super().clean(value)
        return None if number is None else int(number * E4)


class KeyField(forms.ChoiceField):
    """A key of another table: a choice, or of long tables a text with suggestions."""

    def __init__(self, choices: list[tuple[str, str]], name: str, **more: Any) -> None:
        self.suggestions = choices if len(choices) > MOST_OPTIONS else []
        super().__init__(choices=[("", "—"), *choices], **more)
        if self.suggestions:
            self.widget = forms.TextInput(attrs={"list": f"{name}-keys", "autocomplete": "off"})

    def valid_value(self, value: Any) -> bool:
        """Accept any key where only suggestions are shown; services look whether it is there."""
        return bool(self.suggestions) or super().valid_value(value)

    def clean(self, value: Any) -> Any:
        """Return the key, None for nothing."""
        return super().clean(value) or None


def field_for(field: Field, reach: Reach) -> forms.Field:
    """Return the form's field for a record's field; keys are chosen from what lies within reach."""
    common: dict[str, Any] = {"label": field.label, "required": field.needed, "help_text": field.hint}
    if field.refers_to:
        return KeyField(list_choices(field.refers_to, reach), field.name, **common)
    match field.kind:
        case "date":
            return forms.DateField(widget=DateInput(), **common)
        case "number":
            return forms.FloatField(min_value=field.low, max_value=field.high,
                                    widget=forms.NumberInput(attrs={"step": "any"}), **common)  # fmt: skip
        case "price":
            return PriceField(max_digits=18, decimal_places=4, min_value=0,
                              widget=forms.NumberInput(attrs={"step": "any"}), **common)  # fmt: skip
        case "long":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000, **common)
        case _:
            return forms.CharField(max_length=_most_letters(field), **common)


def _most_letters(field: Field) -> int:
    """Return how long a text may be: the shortest column of that name."""
    return {"currency": 3, "opens": 60, "closes": 60, "weekdays": 40, "phone": 60, "class_name": 120,
            "channel": 120}.get(field.name, 200)  # fmt: skip


class RecordForm(forms.Form):
    """One record: its fields, a reason, and the mark by which a change of somebody else is noticed."""

    reason = forms.CharField(label=_("Why"), required=False, max_length=500)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, room: Room, user: User, *args: Any, is_new: bool, **more: Any) -> None:
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        self.room = room
        reach = edit_reach(user)
        own: dict[str, forms.Field] = {}
        if is_new and not room.makes_keys:
            own[room.key] = forms.CharField(label=KEYS[room.key], max_length=120)
        for field in room.fields:
            if is_new or not field.dated:
                own[field.name] = field_for(field, reach)
        self.fields = {**own, **self.fields}

    def values(self) -> dict[str, Any]:
        """Return the fields of the record."""
        names = {field.name for field in self.room.fields}
        return {name: value for name, value in self.cleaned_data.items() if name in names}

    def tell(self, error: ValidationError) -> None:
        """Show what a service found wrong, beside its field where it has one."""
        for name, found in error.error_dict.items() if hasattr(error, "error_dict") else ((None, [error]),):
            for each in found:
                self.add_error(name if name in self.fields else None, each)


class MoveForm(forms.Form):
    """A dated move: a customer to another owner, a person to another unit."""

    since = forms.DateField(label=_("From"), widget=DateInput())
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)

    def __init__(self, field: Field, user: User, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {})["since"] = today()
        more.setdefault("auto_id", "move_%s")
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        chosen = KeyField(
            list_choices(field.refers_to, edit_reach(user)), f"move-{field.name}", label=field.label
        )
        self.fields = {"to": chosen, **self.fields}


class BulkForm(forms.Form):
    """One field of many records."""

    field = forms.ChoiceField(label=_("What"))
    reason = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, room: Room, user: User, name: str, *args: Any, **more: Any) -> None:
        more.setdefault("auto_id", "bulk_%s")
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        self.fields["field"].choices = [(each.name, each.label) for each in room.fields if each.at_once]  # type: ignore[attr-defined]
        chosen = room.field(name)
        self.fields["value"] = field_for(chosen, edit_reach(user))
        self.fields["value"].label = _("New value")
        if chosen.dated:
            self.fields["since"] = forms.DateField(label=_("From"), widget=DateInput(), initial=today)
        self.order_fields(["field", "value", "since", "reason"])


def show_value(record: Any, name: str) -> Any:
    """Return what a list shows of a field: names of other records."""
    value = getattr(record, name)
    return str(value) if isinstance(value, Model) else value


__all__ = ["ROOMS", "BulkForm", "MoveForm", "RecordForm", "show_value"]
