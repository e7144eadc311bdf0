"""Parts of pages that are kept as text while what they show is the same: most of a page is, from one look to the next.

A part is rendered with nothing but the values it is given, and found again by all that is in them, so that a changed
record shows at once. What no two answers share, the token of forms and their keys, is put in every time.
"""

from __future__ import annotations

import re
import secrets
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

register = template.Library()

_MOST_KEPT = 8_192
_kept: OrderedDict[Hashable, str] = OrderedDict()
_lock = Lock()
_TOKEN, FRESH_KEY = (secrets.token_hex(16) for _ in range(2))
"""What stands in a kept text for the token of forms, and for the key of a form; nobody's data can hold them."""
_FRESH_KEY = re.compile(FRESH_KEY)


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
        text = found.render(Context({**values, "csrf_token": _TOKEN, "fresh_key": FRESH_KEY}))
        with _lock:
            _kept[at] = text
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
    if _TOKEN in text:
        text = text.replace(_TOKEN, str(context.get("csrf_token", "")))
    return mark_safe(_FRESH_KEY.sub(lambda _: new_key(), text))  # rendered by a template, escaped there


def new_key() -> str:
    """Return a key that makes a form count once."""
    return secrets.token_urlsafe(12)


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
