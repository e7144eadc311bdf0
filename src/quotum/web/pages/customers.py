"""Customers: found as one types, the card with its timeline, what a rep writes on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quotum.web.pages.day import missing_is_404
from quotum.web.pages.day_forms import CARD_LABELS, AddForm, CardForm, ContactForm
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.clock import today
from quotum.web.queries.customers import card_of, find_customer, search_customers
from quotum.web.queries.permissions import may, require
from quotum.web.services import cards


@behind("see_customers")
def search(request: PageRequest) -> HttpResponse:
    """Show customers that hold what was typed; while typing only the list comes."""
    text = request.GET.get("q", "")
    found = search_customers(require(request.user, "see_customers"), text)
    values = {"found": found, "q": text, "may_log": may(request.user, "log_work")}
    return render(request, "partials/found.html" if request.htmx else "pages/customers.html", values)


@behind("see_customers")
@missing_is_404
def show(request: PageRequest, customer: str) -> HttpResponse:
    """Show a customer's card and what happened."""
    card = card_of(request.user, find_customer(request.user, customer))
    values = {"card": card, "customer": card.customer, "may_log": may(request.user, "log_work"), "today": today(),
              "missing": [CARD_LABELS[name] for name in card.missing], "add": AddForm(initial={"day": today()}),
              "own": False}  # fmt: skip
    return render(request, "pages/customer.html", values)


@behind("see_customers")
@missing_is_404
def edit(request: PageRequest, customer: str) -> HttpResponse:
    """Ask what is known of a customer, and keep it."""
    found = find_customer(request.user, customer)
    form = CardForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        cards.change_card(request.user, found.pk, form.cleaned_data)
        messages.success(request, _("The card is kept."))
        return redirect("customer", found.pk)
    cards.require_card(request.user, found)
    return render(request, "pages/customer_edit.html", {"form": form, "customer": found},
                  status=400 if form.is_bound else 200)  # fmt: skip


@behind("see_customers")
@missing_is_404
def add_contact(request: PageRequest, customer: str) -> HttpResponse:
    """Ask who is to be talked to at a customer's, and keep it."""
    found = find_customer(request.user, customer)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cards.add_contact(request.user, request.POST.get("key", ""), found.pk, form.cleaned_data)
        return redirect("customer", found.pk)
    cards.require_card(request.user, found)
    return render(request, "pages/customer_edit.html", {"form": form, "customer": found, "adds": True},
                  status=400 if form.is_bound else 200)  # fmt: skip


@behind("see_customers")
@missing_is_404
def change_contact(request: PageRequest, contact: int) -> HttpResponse:
    """Change or remove somebody at a customer's."""
    found = cards.find_contact(request.user, contact)
    if request.method == "POST" and request.POST.get("do") == "remove":
        cards.remove_contact(request.user, found.pk)
        return redirect("customer", found.customer_id)
    form = ContactForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        cards.change_contact(request.user, found.pk, form.cleaned_data)
        return redirect("customer", found.customer_id)
    values = {"form": form, "customer": found.customer, "contact": found}
    return render(request, "pages/customer_edit.html", values, status=400 if form.is_bound else 200)


