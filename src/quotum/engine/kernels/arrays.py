"""What the kernels have in common: the form in which they take arrays, and how the work is dealt to threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import config

_CHUNKS_PER_THREAD = 4  # so that a crowded parent or a busy core does not keep the others waiting
_MIN_CELLS = 16384  # below this, a thread costs more than the work


def read_only(values: npt.ArrayLike, dtype: type[np.generic]) -> npt.NDArray[Any]:
    """Return the values in the one form kernels take: of the type, without gaps, not to be written to.

    Arrays from Polars may not be written to, others may, and a kernel would be compiled again for every mix of both.
    """
    view = np.ascontiguousarray(values, dtype).view()
    view.flags.writeable = False
    return view


def chunk_parents(starts: npt.NDArray[np.int64], num_members: int) -> list[int]:
    """Where does each run of parents begin that is worked on at a time? Boundaries for ``starts`` (P + 1,).

    Raises ValueError where ``starts`` do not rise from 0 to ``num_members``: compiled loops would not notice.
    """
    if len(starts) == 0 or starts[0] != 0 or starts[-1] != num_members or (starts[1:] < starts[:-1]).any():
        raise ValueError(f"starts must rise from 0 to the number of members, {num_members}")
    edges: list[int] = np.searchsorted(starts, _divide(num_members, num_members)).tolist()
    return [0, *edges, len(starts) - 1]


def chunk_rows(num_rows: int, num_cells: int) -> list[int]:
    """Where does each run of rows begin that is worked on at a time, when all rows are alike?"""
    return [0, *_divide(num_rows, num_cells).tolist(), num_rows]


def _divide(length: int, work: int) -> npt.NDArray[np.int64]:
    num_threads: int = config.NUMBA_NUM_THREADS
    num_chunks = max(1, min(_CHUNKS_PER_THREAD * num_threads, work // _MIN_CELLS))
    return np.arange(1, num_chunks, dtype=np.int64) * length // num_chunks


def run_chunks(kernel: Callable[..., None], chunks: list[int], *arrays: npt.NDArray[Any]) -> None:
    """Call the kernel with the ends of each run, then the arrays; as many at a time as numba may use threads.

    Plain threads that take the next run when they are free: kernels let go of the interpreter's lock. Numba's own
    threads deal out runs beforehand, do not survive a fork, and in part do not bear two callers at once.
    """
    runs = list(pairwise(chunks))
    num_threads = min(config.NUMBA_NUM_THREADS, len(runs))
    if num_threads == 1:
        kernel(chunks[0], chunks[-1], *arrays)
        return
    with ThreadPoolExecutor(num_threads) as pool:
        for done in [pool.submit(kernel, first, last, *arrays) for first, last in runs]:
            done.result()


def check_lengths(length: int, *arrays: npt.NDArray[Any]) -> None:
    """Raise ValueError where an array has another length: compiled loops would read past its end."""
    for array in arrays:
        if len(array) != length:
            raise ValueError(f"arrays that belong together have {length} and {len(array)} lines")
