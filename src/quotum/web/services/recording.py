"""Puts changes on record: one line each, in the same transaction, sealed with the digest of the line before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from quotum.web.records.models import Change, User


def record_change(
    user: User | None, action: str, table: str, key: object, *, before: Any = None, after: Any = None,
    reason: str = "", unit: str = "",
) -> Change:  # fmt: skip
    """Add a line to the record of changes; raise RuntimeError outside of a transaction, as both are one."""
    if not connection.in_atomic_block:
        raise RuntimeError("A change is recorded in the transaction that makes it.")
    last, now = _lock_last(), timezone.now()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # backups carry milliseconds, seals must hold there
    line = Change(
        sequence=1 if last is None else last.sequence + 1, at=now, user=user, action=action, table=table,
        key=str(key)[:200], unit=unit, before=_plain(before), after=_plain(after), reason=reason,
    )  # fmt: skip
    line.digest = seal(line, "" if last is None else last.digest)
    line.save(force_insert=True)
    return line


def seal(line: Change, before: str) -> str:
    """Return the digest of a line: SHA-256 over its content and the digest of the line before."""
    content = [
        line.sequence, line.at.isoformat(), line.user_id, line.action, line.table, line.key, line.unit, line.before,
        line.after, line.reason,
    ]  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def find_broken_seals() -> Iterator[int]:
    """Yield the sequence numbers at which the record is not what it was when it was written."""
    before, expected = "", 1
    for line in Change.objects.order_by("sequence").iterator():
        if line.sequence != expected or line.digest != seal(line, before):
            yield line.sequence
        before, expected = line.digest, line.sequence + 1


def _lock_last() -> Change | None:
    """Return the last line; nobody else adds one until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('quotum changes'))")
    return Change.objects.order_by("-sequence").first()


def _plain(value: Any) -> Any:
    """Return a value as JSON will give it back, so that its digest can be taken again."""
    return None if value is None else json.loads(json.dumps(value, cls=DjangoJSONEncoder))
