"""Addresses of accounts."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import accounts

urlpatterns = [
    path("accounts/", accounts.list_accounts, name="accounts"),
    path("accounts/<int:account>/", accounts.show_account, name="account"),
    path("accounts/<int:account>/change/", accounts.change, name="account-change"),
    path("me/", accounts.show_own, name="own-account"),
]
