"""All addresses of the web."""

from __future__ import annotations

from django.urls import include, path

from quotum.web.api.interface import api
from quotum.web.pages.welcome import ask_administrator

handler400 = "quotum.web.pages.errors.refuse_request"
handler403 = "quotum.web.pages.errors.refuse_entry"
handler404 = "quotum.web.pages.errors.miss_page"
handler500 = "quotum.web.pages.errors.own_up"

urlpatterns = [
    path("", include("quotum.web.pages.urls")),
    path("api/", api.urls),
    *(path(f"account/{closed}/", ask_administrator, name="ask-administrator")
      for closed in ("signup", "password/reset", "email")),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
