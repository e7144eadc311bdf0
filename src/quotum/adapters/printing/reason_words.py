"""What the codes of the table ``splits`` mean, in plain words: why, bases, layers and reserved members."""

from __future__ import annotations

from collections.abc import Callable

VACANT, NEW_BUSINESS, OTHER = "vacant:", "new_business:", "other"

WHY_WORDS = {
    "free": "by its weight",
    "floor": "raised to its floor",
    "cap": "held at its cap",
    "lock": "fixed by a lock",
    "proposal": "moved towards the proposal",
    "no_history": "by its weight; nothing last year, so ratios to last year do not bind it",
}

BASIS_WORDS = {
    "history": "history",
    "forecast": "forecast",
    "potential": "potential",
    "ability": "ability",
    "headcount": "headcount",
    "equal": "equal parts",
    "working_days": "working days",
    "manual": "weight given",
    "market_capacity": "market capacity",
    "market_share": "market share",
    "proposal": "proposal",
    "trust": "trust",
    "money": "the money it follows",
}

RESERVED_WORDS = {
    VACANT: "Vacant in {name}",
    NEW_BUSINESS: "New business of {name}",
    OTHER: "Everything else",
}

OWN_PART_WORDS = "{name} itself"
"""The own part of an inner place of a tree, beside the places below it."""

NameOf = Callable[[str, str], str]
"""The name of a member: (dimension, key) to name."""


def word_why(why: str) -> str:
    """Return a code of the column ``why`` in words; a code without words stays what it is."""
    return WHY_WORDS.get(why, why)


def word_basis(basis: str) -> str:
    """Return a basis in words."""
    return BASIS_WORDS.get(basis, basis.replace("_", " "))


def word_reserved(key: str, name_of: NameOf) -> str | None:
    """Return a reserved member in words, None for any other key.

    ``vacant:`` stands before a unit, ``new_business:`` before a person or else a unit.
    """
    if key == OTHER:
        return RESERVED_WORDS[OTHER]
    for prefix, dimensions in ((VACANT, ("unit",)), (NEW_BUSINESS, ("person", "unit"))):
        if key.startswith(prefix):
            owner = key.removeprefix(prefix)
            names = [name for dimension in dimensions if (name := name_of(dimension, owner)) != owner]
            return RESERVED_WORDS[prefix].format(name=names[0] if names else owner)
    return None


def is_reserved(key: str) -> bool:
    """Tell whether a key is one that the plan made up: vacant people, new customers, the remainder."""
    return key == OTHER or key.startswith((VACANT, NEW_BUSINESS))


def word_window(key: str) -> str:
    """Return a window such as ``2027-01-01/2027-07-01`` (half open) in words."""
    since, _, until = key.partition("/")
    return f"from {since} until before {until}"
