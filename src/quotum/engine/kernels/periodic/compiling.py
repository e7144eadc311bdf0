"""How the loops of this room are compiled."""

from __future__ import annotations

from numba import njit

allocating = njit(nogil=True, cache=True)
"""For functions that make arrays."""

compiled = njit(nogil=True, cache=True, _nrt=False)
"""For all others. They pass tuples of arrays on to one another millions of times a second; counting references to each
array on every call would take most of the time, so these neither count them nor can make arrays."""
