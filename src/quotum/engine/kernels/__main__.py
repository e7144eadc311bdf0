"""Compile every kernel and keep the code on disk, so that the first plan does not wait for it."""

from pathlib import Path

import numpy as np

from quotum.engine.kernels import (
    due_cells,
    due_totals,
    find_flow,
    fit_cells,
    halve,
    round_lots,
    round_whole,
    split_bounded,
)


def compile_all() -> None:
    """Call each kernel on a tiny case; numba keeps what it compiled beside the source or in the user's cache."""
    from quotum.engine.kernels.periodic import compile_periodic  # not before what was kept of it is forgotten

    starts, totals = np.array([0, 2, 4]), np.array([7, 5])
    weights, floors, caps = np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4), np.full(4, 6.0)
    split_bounded(starts, totals.astype(np.float64), weights)
    real, _ = split_bounded(starts, totals.astype(np.float64), weights, floors, caps)
    amounts = round_whole(starts, totals, real, floors, caps)
    round_lots(starts, totals, real, 2)
    curve = np.array([[0.0, 0.5, 1.0]])
    due_cells(totals, np.zeros(2), np.zeros(2, np.int32), curve)
    halve(starts, amounts, due_totals(totals, np.zeros(2), np.zeros(2, np.int32), curve))
    fit_cells(weights, floors, caps, starts, np.arange(4), totals * 1.0, totals * 1.0)
    find_flow(2, np.array([0, 1]), np.array([1, 0]), np.array([0, 1]), np.array([1, 1]))
    compile_periodic()


def forget_all() -> None:
    """Remove code compiled before: numba sees that a file has changed, but not the files whose functions it calls."""
    folder = Path(__file__).parent
    for path in (*folder.rglob("__pycache__/*.nb[ci]"), *folder.rglob("__pycache__/*.image")):
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    forget_all()
    compile_all()
    print("Kernels are compiled.")
