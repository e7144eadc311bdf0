"""Codes that every company shares, in the reader's language; a company's own words stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from quotum.web.pages import known_words as words

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

register = template.Library()
_BY_SORT = {
    "measure": words.MEASURES, "driver": words.DRIVERS, "driver_told": words.DRIVERS_TOLD, "level": words.LEVELS,
    "dimension": words.DIMENSIONS, "kind": words.KINDS, "job_state": words.JOB_STATES, "job_stage": words.JOB_STAGES,
}  # fmt: skip


@register.filter
def named(code: str, sort: str) -> StrPromise | str:
    """Return what a code of a sort is called."""
    return _BY_SORT[sort].get(code, code)
