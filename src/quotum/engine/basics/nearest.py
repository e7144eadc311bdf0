"""The name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 3_000  # difflib looks at every candidate: beyond this it would be felt


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like ``name``, or an empty text when none comes near.

    Of very many candidates only those of the same beginning are looked at.
    """
    wanted = name.strip().casefold()
    known = {candidate.casefold(): candidate for candidate in candidates}
    if wanted in known:
        return known[wanted]
    folded = list(known)
    if len(folded) > _MOST:
        start = wanted[: max(1, len(wanted) - 2)]
        folded = [candidate for candidate in folded if candidate.startswith(start)][:_MOST]
    found = get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return known[found[0]] if found else ""
