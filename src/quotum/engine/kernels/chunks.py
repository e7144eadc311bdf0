"""How parents are shared out among threads: in runs of about equally many members."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_NUM_CHUNKS = 64  # many more than cores, so that one crowded parent does not keep the others waiting
_MIN_MEMBERS = 4096  # below this, starting a thread costs more than the work


def chunk_parents(starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Which run of parents does each piece of work cover? Boundaries (K + 1,) for ``starts`` (P + 1,)."""
    num_parents = len(starts) - 1
    num_members = int(starts[-1])
    num_chunks = max(1, min(_NUM_CHUNKS, num_members // _MIN_MEMBERS))
    edges = np.searchsorted(starts, np.arange(1, num_chunks, dtype=np.int64) * num_members // num_chunks)
    return np.concatenate([[0], edges, [num_parents]]).astype(np.int64)
