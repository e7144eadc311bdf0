"""How the loops of this room are compiled."""

from __future__ import annotations

from numba import njit

compiled = njit(nogil=True, cache=True, _nrt=False)
"""For what runs compiled. Loops pass tuples of arrays on to one another millions of times a second; to count references
to each array on every call would take most of the time, so these do not, and cannot make arrays."""

inlined = njit(nogil=True, cache=True, _nrt=False, forceinline=True)
"""For what is called in the innermost loops: handing over so many arrays would take longer than the few additions."""
