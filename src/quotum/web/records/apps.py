"""The records as an application of Django."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """All models live in one application, a file a subject."""

    name = "quotum.web.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
