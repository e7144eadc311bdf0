"""Addresses of the company's records."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import company, norms

urlpatterns = [
    path("company/", company.enter, name="company"),
    path("norms/", norms.show_norms, name="norms"),
    path("company/<slug:table>/", company.list_table, name="company-list"),
    path("company/<slug:table>/record/", company.show_record, name="company-record"),
    path("company/<slug:table>/add/", company.add, name="company-add"),
    path("company/<slug:table>/move/", company.move, name="company-move"),
    path("company/<slug:table>/remove/", company.remove, name="company-remove"),
    path("company/<slug:table>/change/", company.change_many, name="company-change"),
]
