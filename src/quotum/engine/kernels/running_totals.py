"""What is due by each boundary of time, for many rows at once: ``D(b) = floor(T * C(b) + offset)``.

Rows do not touch one another, so they are shared out among threads; every operation is one rounding of IEEE floats,
so the numbers are those of the NumPy line that readers use.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from quotum.engine.kernels.arrays import check_lengths, chunk_rows, read_only, run_chunks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def due_totals(
    amounts: Ints, offsets: Floats, curve_of_row: npt.NDArray[np.int32], curves: Floats, out: Ints | None = None
) -> Ints:
    """How much of each row is due before each boundary?

    In: ``amounts`` T (R,) from 0 to below 2**53, ``offsets`` (R,) in [0, 1), ``curve_of_row`` (R,) the line of
    ``curves`` (K, B), whose lines never fall and stay in [0, 1]. Out: D (R, B), never falling, 0 where the curve is 0
    and the whole amount where it is 1. ``out``: an array of that shape to fill again, which spares fresh memory.
    """
    due = np.empty((len(amounts), curves.shape[1]), np.int64) if out is None else out
    run_chunks(_fill_totals, chunk_rows(len(amounts), due.size), *_inputs(amounts, offsets, curve_of_row, curves), due)
    return due


def due_cells(
    amounts: Ints, offsets: Floats, curve_of_row: npt.NDArray[np.int32], curves: Floats, out: Ints | None = None
) -> Ints:
    """How much of each row falls due between neighbouring boundaries? In as ``due_totals``; out (R, B - 1)."""
    cells = np.empty((len(amounts), max(curves.shape[1] - 1, 0)), np.int64) if out is None else out
    run_chunks(
        _fill_cells, chunk_rows(len(amounts), cells.size), *_inputs(amounts, offsets, curve_of_row, curves), cells
    )
    return cells


def _inputs(
    amounts: Ints, offsets: Floats, curve_of_row: npt.NDArray[np.int32], curves: Floats
) -> tuple[Ints, Floats, npt.NDArray[np.int32], Floats]:
    check_lengths(len(amounts), offsets, curve_of_row)
    if len(curve_of_row) and not 0 <= curve_of_row.min() <= curve_of_row.max() < len(curves):
        raise ValueError(f"curve_of_row points outside of the {len(curves)} curves")
    return (
        read_only(amounts, np.int64),
        read_only(offsets, np.float64),
        read_only(curve_of_row, np.int32),
        read_only(curves, np.float64),
    )


@njit(nogil=True, cache=True)
def _fill_totals(first, last, amounts, offsets, curve_of_row, curves, due):
    for r in range(first, last):
        total, offset, k = float(amounts[r]), offsets[r], curve_of_row[r]
        for b in range(due.shape[1]):
            due[r, b] = np.int64(min(np.floor(total * curves[k, b] + offset), total))


@njit(nogil=True, cache=True)
def _fill_cells(first, last, amounts, offsets, curve_of_row, curves, cells):
    for r in range(first, last):
        total, offset, k = float(amounts[r]), offsets[r], curve_of_row[r]
        for b in range(cells.shape[1]):
            before = min(np.floor(total * curves[k, b] + offset), total)
            after = min(np.floor(total * curves[k, b + 1] + offset), total)
            cells[r, b] = np.int64(after - before)
