"""The pages as an application of Django."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Templates and tags."""

    name = "quotum.web.pages"
    label = "pages"

    def ready(self) -> None:
        """Put on record what people do with their way in."""
        from quotum.web.services.sign_in_records import watch_sign_ins

        watch_sign_ins()
