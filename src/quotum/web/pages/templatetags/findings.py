"""Findings in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from quotum.web.bridge.findings import say_finding

register = template.Library()


@register.filter
def told(finding: Mapping[str, Any]) -> tuple[str, str]:
    """Return what was found, and what to do about it."""
    return say_finding(finding)
