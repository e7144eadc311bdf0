"""Addresses of the pages. Each room of pages has a file; every address has a row in the matrix of tests/web."""

from __future__ import annotations

from django.urls import include, path, re_path

from quotum.web.pages import changes, home, plans, tokens, welcome

urlpatterns = [
    path("", home.show_home, name="home"),
    path("welcome/<str:secret>/", welcome.choose_password, name="welcome"),
    path("language/", home.choose_language, name="language"),
    path("plans/", plans.list_plans, name="plans"),
    path("plans/<uuid:plan>/", plans.show_plan, name="plan"),
    path("jobs/<uuid:job>/", plans.show_job, name="job"),
    path("changes/", changes.list_changes, name="changes"),
    re_path(r"^changes/changes\.(?P<kind>csv|json)$", changes.export, name="changes-export"),
    path("keys/", tokens.show, name="tokens"),
    path("keys/<int:token>/end/", tokens.revoke, name="token_revoke"),
    path("", include("quotum.web.pages.company_urls")),
    path("", include("quotum.web.pages.dashboard_urls")),
    path("", include("quotum.web.pages.day_urls")),
    path("plans/", include("quotum.web.pages.workspace_urls")),
    path("plans/", include("quotum.web.pages.approval_urls")),
    path("", include("quotum.web.pages.setups_urls")),
    path("", include("quotum.web.pages.importing_urls")),
    path("", include("quotum.web.pages.accounts_urls")),
    path("scores/", include("quotum.web.pages.scores_urls")),
]
