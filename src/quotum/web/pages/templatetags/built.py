"""Scripts and styles that are built from npm packages, and may be missing where there was no Node."""

from __future__ import annotations

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def built_file(name: str) -> str:
    """Return the address of a built file, nothing where it was not built: the page then does without."""
    return static(f"built/{name}") if finders.find(f"built/{name}") is not None else ""
