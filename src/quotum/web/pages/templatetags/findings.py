"""Findings in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from quotum.web.bridge.findings import say_finding
from quotum.web.pages.score_words import INDICATORS

register = template.Library()


@register.filter
def told(finding: Mapping[str, Any]) -> tuple[str, str]:
    """Return what was found, and what to do about it; indicators of the library by what pages call them."""
    if finding.get("table") == "schemes" and finding.get("value") in INDICATORS:
        finding = {**finding, "value": str(INDICATORS[finding["value"]])}
    return say_finding(finding)
