"""Whether a page can have changed since it was made, from one look into the record of changes."""

from __future__ import annotations

from collections.abc import Hashable

from django.db import connection

from quotum.web.bridge.standing import state_of_standings
from quotum.web.queries.clock import today
from quotum.web.records.changes import COMPANY_LINES
from quotum.web.records.models import User

_LAST = f"""
SELECT (SELECT digest FROM records_change WHERE {COMPANY_LINES} ORDER BY sequence DESC LIMIT 1),
       (SELECT digest FROM records_change WHERE user_id = %s ORDER BY sequence DESC LIMIT 1)
"""


def stamp_of_day(user: User) -> Hashable | None:
    """Return what is another one when anything may have changed that the user's own day shows; None for no record yet.

    The last line of the company on record, the user's own last line, the day, and the standings that the worker keeps.
    Every change is recorded in its own transaction, and a line's digest seals all lines before it; so equal stamps are
    equal records, also in a database that was put back. Other people's lines about their own work are left out:
    nobody's day shows them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [user.pk])
        company, own = cursor.fetchone()
    return None if company is None else (company, own, today(), state_of_standings())
