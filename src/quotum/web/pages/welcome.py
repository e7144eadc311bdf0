"""The page behind a welcome link: choose a password once."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quotum.web.records.models import WelcomeLink
from quotum.web.services import accounts
from quotum.web.services.sign_in_records import has_second_factor


def ask_administrator(request: HttpRequest) -> HttpResponse:
    """Say who gives accounts and new passwords: no mail is sent, so nobody helps oneself."""
    return render(request, "pages/ask_administrator.html")


def choose_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the form, or set the password and sign in; a used or old link says so."""
    link = accounts.find_welcome(secret)
    if link is None:
        return render(request, "pages/welcome.html", {"link": None}, status=404)
    problems: list[str] = []
    if request.method == "POST":
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            problems = [_("The two passwords differ.")]
        else:
            try:
                user = accounts.choose_password(secret, password)
            except ValidationError as error:
                problems = list(error.messages)
            except WelcomeLink.DoesNotExist:
                return render(request, "pages/welcome.html", {"link": None}, status=404)
            else:
                if has_second_factor(user):  # the link stands for the password, not for the phone
                    messages.success(request, _("The password is chosen. Sign in with it and your second factor."))
                    return redirect("account_login")
                login(request, user, settings.AUTHENTICATION_BACKENDS[0])
                return redirect("home")
    return render(request, "pages/welcome.html", {"link": link, "problems": problems}, status=400 if problems else 200)
