"""All addresses of the web."""

from __future__ import annotations

from django.urls import include, path

from quotum.web.api.interface import api

urlpatterns = [
    path("", include("quotum.web.pages.urls")),
    path("api/", api.urls),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
