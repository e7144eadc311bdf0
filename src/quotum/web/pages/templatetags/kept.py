"""Parts of pages that are kept as text while what they show is the same: most of a page is, from one look to the next.

A part is rendered with nothing but the values it is given, and found again by all that is in them, so that a changed
record shows at once. What no two answers share, the token of forms and their keys, is put in every time; in a page that
is kept itself (pages.kept_pages), when that is sent.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from django import template
from django.db.models import Model
from django.forms import Form
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from quotum.web.pages.kept_pages import FRESH_KEY, TOKEN, new_key

register = template.Library()

_MOST_KEPT = 8_192
_kept: OrderedDict[Hashable, str] = OrderedDict()
_lock = Lock()


@register.simple_tag(takes_context=True)
def keep(context: Context, partial: str, **values: Any) -> SafeString:
    """Render a partial with ``values`` alone, or take it from what was rendered with the same before."""
    at = (partial, get_language(), *((key, content_of(value)) for key, value in values.items()))
    with _lock:
        text = _kept.get(at)
        if text is not None:
            _kept.move_to_end(at)
    if text is None:
        found = context.template.engine.get_template(partial)  # type: ignore[union-attr]
        text = found.render(Context({**values, "csrf_token": TOKEN, "fresh_key": FRESH_KEY}))
        with _lock:
            _kept[at] = text
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
    if context.get("csrf_token") != TOKEN:
        text = text.replace(TOKEN, str(context.get("csrf_token", "")))
        while FRESH_KEY in text:
            text = text.replace(FRESH_KEY, new_key(), 1)
    return mark_safe(text)  # rendered by a template, escaped there


def content_of(value: Any) -> Hashable:
    """Return all that a value shows: a record's fields and the records fetched with it, what a new form begins with."""
    if isinstance(value, Model):
        fields = tuple(field for name, field in vars(value).items() if name != "_state")
        return type(value), fields, tuple(map(content_of, value._state.fields_cache.values()))
    if isinstance(value, Form) and not value.is_bound:
        return type(value), tuple(value.initial.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(content_of, value))
    return value  # type: ignore[no-any-return]
