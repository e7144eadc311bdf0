"""The pages as an application of Django."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Templates and tags."""

    name = "quotum.web.pages"
    label = "pages"
