"""What the kernels have in common: the form in which they take arrays, and how parents are dealt to threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_NUM_CHUNKS = 64  # many more than cores, so that one crowded parent does not keep the others waiting
_MIN_MEMBERS = 4096  # below this, starting a thread costs more than the work


def read_only(values: npt.ArrayLike, dtype: type[np.generic]) -> npt.NDArray[Any]:
    """Return the values in the one form kernels take: of the type, without gaps, not to be written to.

    Arrays from Polars may not be written to, others may, and a kernel would be compiled again for every mix of both.
    """
    view = np.ascontiguousarray(values, dtype).view()
    view.flags.writeable = False
    return view


def chunk_parents(starts: npt.NDArray[np.int64], num_members: int) -> npt.NDArray[np.int64]:
    """Which run of parents does each piece of work cover? Boundaries (K + 1,) for ``starts`` (P + 1,).

    Raises ValueError where ``starts`` do not rise from 0 to ``num_members``: compiled loops would not notice.
    """
    if len(starts) == 0 or starts[0] != 0 or starts[-1] != num_members or (starts[1:] < starts[:-1]).any():
        raise ValueError(f"starts must rise from 0 to the number of members, {num_members}")
    num_chunks = max(1, min(_NUM_CHUNKS, num_members // _MIN_MEMBERS))
    edges = np.searchsorted(starts, np.arange(1, num_chunks, dtype=np.int64) * num_members // num_chunks)
    return np.concatenate([[0], edges, [len(starts) - 1]]).astype(np.int64)


def check_lengths(length: int, *arrays: npt.NDArray[Any]) -> None:
    """Raise ValueError where an array has another length: compiled loops would read past its end."""
    for array in arrays:
        if len(array) != length:
            raise ValueError(f"arrays that belong together have {length} and {len(array)} lines")
