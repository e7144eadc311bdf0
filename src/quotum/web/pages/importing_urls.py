"""Addresses of bringing the company in."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import importing

urlpatterns = [
    path("import/", importing.bring, name="import"),
    path("import/<uuid:upload>/", importing.show_upload, name="upload"),
    path("import/<uuid:upload>/look/", importing.look, name="upload-look"),
    path("import/<uuid:upload>/take/", importing.take, name="upload-take"),
    path("import/<uuid:upload>/stop/", importing.stop, name="upload-stop"),
    path("import/<uuid:upload>/drop/", importing.drop, name="upload-drop"),
    path("import/<uuid:upload>/marked/<str:name>/", importing.download_marked, name="upload-marked"),
]
