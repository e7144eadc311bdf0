"""Pages of accounts: who may sign in, in which posts; and one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import RegexValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from quotum.web.pages.company_forms import DateInput, KeyField
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.accounts import find_accounts
from quotum.web.queries.clock import today
from quotum.web.queries.company_lists import list_choices
from quotum.web.queries.permissions import Reach
from quotum.web.records.models import Person, Post, Unit, User
from quotum.web.records.roles import ROLES
from quotum.web.services.accounts import LINK_DAYS, add_account, make_welcome_link
from quotum.web.services.posts import change_account, close_account, end_post, give_post, open_account
from quotum.web.services.sign_in_records import end_second_factor, has_second_factor

EVERYWHERE = Reach(everywhere=True)


class PostForm(forms.Form):
    """A post: what, where, since when."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=lambda: list(ROLES.items()), initial="rep")
    since = forms.DateField(label=gettext_lazy("Since"), widget=DateInput(), initial=today)
    until = forms.DateField(label=gettext_lazy("Until"), widget=DateInput(), required=False)
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=500)

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        self.fields["unit"] = KeyField(list_choices("units", EVERYWHERE), "unit", label=_("Unit"), required=False,
                                       help_text=_("Empty: the whole company."))  # fmt: skip
        self.order_fields(["username", "name", "person", "role", "unit", "since", "until", "reason"])


class AccountForm(PostForm):
    """A new account with its first post."""

    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150,
        validators=[RegexValidator(r"^[\w.@+-]+$", gettext_lazy("Letters, digits and @ . + - _ only."))],
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=150)
    until = reason = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"] = _person_field()
        self.order_fields(["username", "name", "person", "role", "unit", "since"])

    def clean_username(self) -> str:
        """Refuse a name that is taken."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("This user name is taken."))
        return name


class NameForm(forms.Form):
    """Whose account it is."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=150)
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=500)

    def __init__(self, *args: Any, **more: Any) -> None:
        more = {"auto_id": "name_%s", "label_suffix": "", **more}
        super().__init__(*args, **more)
        self.fields["person"] = _person_field()
        self.order_fields(["name", "person", "reason"])


@behind("manage_accounts")
def list_accounts(request: PageRequest) -> HttpResponse:
    """List the accounts; add one."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = _add(request.user, given)
        except ValidationError as error:
            form.add_error("person", error.messages[0])
        else:
            return _show_link(request, user)
    q = request.GET.get("q", "")
    page = Paginator(find_accounts(request.user, q), 50).get_page(request.GET.get("page"))
    status = 400 if request.method == "POST" else 200
    return render(request, "pages/accounts.html", {"page": page, "q": q, "form": form, "today": today()}, status=status)


@behind("manage_accounts")
def show_account(request: PageRequest, account: int) -> HttpResponse:
    """Show an account with its posts; give it another post."""
    user = get_object_or_404(find_accounts(request.user), pk=account)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            give_post(request.user, user, given["role"], given["unit"] or "", given["since"], given["until"],
                      given["reason"])  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("Saved."))
            return redirect("account", user.pk)
    named = NameForm(initial={"name": user.first_name, "person": user.person_id})
    context = {"account": user, "form": form, "named": named, "today": today(), "factor": has_second_factor(user)}
    return render(request, "pages/account.html", context, status=400 if request.method == "POST" else 200)


@require_POST
@behind("manage_accounts")
def change(request: PageRequest, account: int) -> HttpResponse:
    """Change an account: its name, a new link, closed or opened, a post ended."""
    user = get_object_or_404(User, pk=account)
    reason = request.POST.get("reason", "")[:500]
    try:
        match request.POST.get("do"):
            case "link":
                return _show_link(request, user)
            case "close":
                close_account(request.user, user, reason)
            case "factor":
                end_second_factor(request.user, user, reason)
            case "open":
                open_account(request.user, user, reason)
            case "name":
                form = NameForm(request.POST)
                if not form.is_valid():
                    raise ValidationError([error for found in form.errors.values() for error in found])
                change_account(request.user, user, form.cleaned_data["name"], form.cleaned_data["person"], reason)
            case "end":
                post = get_object_or_404(Post, pk=request.POST.get("post", "0"), user=user)
                day = forms.DateField().clean(request.POST.get("until") or today())
                end_post(request.user, post, day, reason)
            case _:
                return redirect("account", user.pk)
    except (ValidationError, ValueError) as error:
        messages.error(request, error.messages[0] if isinstance(error, ValidationError) else str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("account", user.pk)


@login_required
def show_own(request: PageRequest) -> HttpResponse:
    """Show one's own account: posts, and the ways to password and second factor."""
    posts = request.user.posts.select_related("unit")
    return render(request, "pages/own_account.html", {"posts": posts, "today": today()})


def _add(by: User, given: dict[str, Any]) -> User:
    """Add an account; raise ValidationError where the person has one."""
    person = Person.objects.filter(pk=given["person"]).first() if given["person"] else None
    if person is not None and User.objects.filter(person=person).exists():
        raise ValidationError(_("This person has an account already."))
    unit = Unit.objects.filter(pk=given["unit"]).first() if given["unit"] else None
    return add_account(by, given["username"], given["role"], unit=unit, person=person, name=given["name"],
                       since=given["since"])  # fmt: skip


def _show_link(request: PageRequest, user: User) -> HttpResponse:
    """Show a new welcome link, this once."""
    secret = make_welcome_link(request.user, user)
    link = request.build_absolute_uri(reverse("welcome", args=[secret]))
    answer = render(request, "pages/account_link.html", {"account": user, "link": link, "days": LINK_DAYS})
    answer["Cache-Control"] = "no-store"
    return answer


def _person_field() -> KeyField:
    return KeyField(list_choices("people", EVERYWHERE), "person", label=_("Person"), required=False,
                    help_text=_("Empty: somebody without a quota."))  # fmt: skip
