"""Forms of the working day; their labels stand in the templates."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from quotum.web.queries.clock import FIRST_DAY, LAST_DAY
from quotum.web.records.day import RESULTS
from quotum.web.records.models import Contact as CustomerContact
from quotum.web.records.models import Customer
from quotum.web.services.day import Contact

KINDS = (("call", _("Call")), ("visit", _("Visit")), ("appointment", _("Appointment")), ("job", _("Another job")))


def date_field(label: Any, *, required: bool = True) -> forms.DateField:
    """Return a field for a day that every browser shows as a calendar."""
    ends = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    widget = forms.DateInput(attrs={"type": "date", **ends}, format="%Y-%m-%d")
    within = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    return forms.DateField(label=label, required=required, widget=widget, validators=within)


class LogForm(forms.Form):
    """What came of a contact: the result is enough."""

    kind = forms.ChoiceField(choices=KINDS, label=_("What"))
    result = forms.ChoiceField(choices=list(RESULTS.items()), widget=forms.RadioSelect, label=_("Result"))
    next_step = forms.CharField(max_length=200, required=False, label=_("Next step"))
    next_date = date_field(_("By"), required=False)
    promised = forms.BooleanField(required=False, label=_("Promised to the customer"))
    demand = forms.CharField(max_length=200, required=False, label=_("Demand"))
    price = forms.CharField(max_length=100, required=False, label=_("Price"))
    competitor = forms.CharField(max_length=200, required=False, label=_("Competitor"))
    minutes = forms.IntegerField(min_value=0, max_value=1439, required=False, label=_("Minutes"))
    inbound = forms.BooleanField(required=False, label=_("They came to us"))
    cold = forms.BooleanField(required=False, label=_("First contact"))
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("Note"))

    def clean(self) -> dict[str, Any]:
        """A next step has a date."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("next_step") and not told.get("next_date") and "next_date" not in self.errors:
            self.add_error("next_date", _("Say by when."))
        return told

    def contact(self) -> Contact:
        """Return what the form says."""
        return Contact(**self.cleaned_data)


class MoveForm(forms.Form):
    """To which day, and why."""

    to = date_field(_("To"))
    reason = forms.CharField(max_length=200, required=False, label=_("Why"))


class AddForm(forms.Form):
    """A call, a visit or another job on a day."""

    kind = forms.ChoiceField(choices=KINDS, label=_("What"))
    day = date_field(_("Day"))
    at = forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}), label=_("At"))
    minutes = forms.IntegerField(min_value=1, max_value=720, initial=30, label=_("Minutes"))
    detail = forms.CharField(max_length=200, required=False, label=_("What to do"))


class OpenItemForm(forms.Form):
    """Something to be done by a day."""

    text = forms.CharField(max_length=300, label=_("What is to be done"))
    begins = date_field(_("From"), required=False)
    due = date_field(_("By"))
    promised = forms.BooleanField(required=False, label=_("Promised to a customer"))


CARD_LABELS = {
    "phone": _("Phone"), "address": _("Address"), "main_business": _("Main business"), "needs": _("Needs"),
    "monthly_demand": _("Monthly demand"), "current_supplier": _("Current supplier"), "price_level": _("Price level"),
    "discounts": _("Discounts"), "credit": _("Credit"), "note": _("Note"), "contacts": _("Contacts"),
    "decides": _("Who decides"),
}  # fmt: skip


class CardForm(forms.ModelForm[Customer]):
    """What a rep knows of a customer."""

    class Meta:
        """The fields of the card that are not the company's master data."""

        model = Customer
        fields = ("phone", "address", "main_business", "needs", "monthly_demand", "current_supplier", "price_level",
                  "discounts", "credit", "note")  # fmt: skip
        labels: ClassVar = CARD_LABELS


class ContactForm(forms.ModelForm[CustomerContact]):
    """Somebody at a customer's."""

    class Meta:
        """All but the customer."""

        model = CustomerContact
        fields = ("name", "title", "phone", "email", "decides", "interests")
        labels: ClassVar = {"name": _("Name"), "title": _("Position"), "phone": _("Phone"), "email": _("Email"),
                  "decides": _("Decides"), "interests": _("Interests")}  # fmt: skip


class SpanForm(forms.Form):
    """From a day until before another."""

    since = date_field(_("From"))
    until = date_field(_("Until before"))
