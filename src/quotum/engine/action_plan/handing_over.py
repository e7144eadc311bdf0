"""A customer that changes hands within the days that are planned: each owner sees it in the own stretch.

Owners are planned apart, so the days around a change are shared out beforehand: contacts are due in one chain whoever
makes them, the one who gives away makes the last before the change at the latest when the tolerance is over, and the
one who takes over keeps the shortest gap to that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quotum.engine.action_plan.person_tasks import Contact

Stretch = tuple[str, int, int]
"""An owner, the first day and the one after the last."""


def hand_over(contact: Contact, stretches: Sequence[Stretch], tolerance: int) -> list[tuple[str, Contact]]:
    """Return each owner's part of a contact, in order of owners' first days; ``stretches`` do not overlap.

    For who gets a customer back, the days on which others are to see it in between are as good as fixed.
    """
    parts = list(_walk(contact, stretches, tolerance))
    joined = []
    for owner in dict.fromkeys(stretch[0] for stretch, _, _ in parts):
        own = [(stretch, part) for stretch, part, _ in parts if stretch[0] == owner]
        spans = [(begin, end) for (_, begin, end), _ in own]
        held = tuple(span for span in spans if span[0] < span[1]) or (spans[0],)
        others = [day for stretch, _, days in parts if stretch[0] != owner for day in days
                  if held[0][1] <= day < held[-1][0]]  # fmt: skip
        most = None if contact.most is None else sum(part.most or 0 for _, part in own)
        fixed = tuple(sorted({*contact.fixed, *others}))
        joined.append((owner, replace(own[0][1], held=held, most=most, fixed=fixed)))
    return joined


def _walk(
    contact: Contact, stretches: Sequence[Stretch], tolerance: int
) -> Iterator[tuple[Stretch, Contact, list[int]]]:
    """Yield each stretch as it may be used, the contact as it stands at its beginning, and on which days it is due."""
    last, due, most, least = contact.last, contact.due, contact.most, max(1, contact.every // 2)
    free = stretches[0][1] if stretches else 0
    for number, (owner, begin, end) in enumerate(stretches):
        first, ideal = max(begin, free), max(due, begin)
        part = replace(contact, last=last, due=ideal)
        ideals = list(range(ideal, end, contact.every))[:most]
        until = first  # where nothing is due nobody comes: a visit ahead would be too near to the next owner's
        if ideals:
            last, due = ideals[-1], ideals[-1] + contact.every
            until = min(end, max(last + tolerance, first) + 1) if number + 1 < len(stretches) else end
            free = until - 1 + least
        if most is not None:
            part, most = replace(part, most=len(ideals)), most - len(ideals)
        yield (owner, first, max(first, until)), part, ideals
