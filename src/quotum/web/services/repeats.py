"""Makes a change once, however often it is asked for: double taps, two tabs, a phone that sends again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models, transaction

from quotum.web.records.models import IdempotentAnswer, User

Made = TypeVar("Made", bound=models.Model)


def make_once(user: User, key: str, kind: type[Made], make: Callable[[], Made]) -> Made:
    """Return what ``make`` makes; asked again with the same key, what it made the first time.

    ``key`` comes with the form; an empty one repeats. The answer is kept in the transaction of the change, so that of
    two at the same moment the second waits for the first and finds it.
    """
    if not key:
        return make()
    name = f"form:{hashlib.sha256(key.encode()).hexdigest()}"
    with transaction.atomic():
        try:
            with transaction.atomic():
                answer = IdempotentAnswer.objects.create(
                    user=user, key=name, request_digest=kind.__name__, status=200, body={}
                )
        except IntegrityError:
            known = IdempotentAnswer.objects.get(user=user, key=name, request_digest=kind.__name__)
            return kind._default_manager.get(pk=known.body["pk"])
        made = make()
        answer.body = {"pk": made.pk}
        answer.save(update_fields=["body"])
    return made
