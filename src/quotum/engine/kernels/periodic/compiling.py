"""How the loops of this room are compiled: by numba, unless their code has been kept at set-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quotum.engine.kernels.periodic.image import open_image

_IMAGE = open_image()


def compiled(loop: Callable[..., Any]) -> Any:
    """Compile a loop.

    Loops pass tuples of arrays on to one another millions of times a second; to count references to each array on every
    call would take most of the time, so these do not, and cannot make arrays.
    """
    return _compile(loop, {})


def inlined(loop: Callable[..., Any]) -> Any:
    """Compile what is called in the innermost loops: handing over so many arrays would take longer than the work."""
    return _compile(loop, {"forceinline": True})


def _compile(loop: Callable[..., Any], more: dict[str, bool]) -> Any:
    if _IMAGE is not None:
        return _IMAGE.find(loop.__name__)
    from numba import njit

    return njit(nogil=True, cache=True, _nrt=False, **more)(loop)
