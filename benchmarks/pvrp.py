"""One periodic routing instance: read, plan until the time is up, check, write.

``python -m benchmarks.pvrp INSTANCE --seconds S --seed N --out FILE [--cpu]``

The seconds run from the start of the process to the written file. Kernels are compiled at set-up
(``python -m quotum.engine.kernels``) and kept on disk; where they are not, compiling counts as well.
"""

from __future__ import annotations

import time

_BEFORE = time.process_time()  # what starting Python took, for the clock starts with the process
_STARTED = time.perf_counter() - _BEFORE

import argparse  # noqa: E402 (the clock comes first)
import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads take long to start, and nothing is shared among them

from benchmarks._pvrp_files import read_instance, write_solution  # noqa: E402
from quotum.engine.action_plan.routing.checking import find_faults  # noqa: E402
from quotum.engine.action_plan.routing.solving import Search, solve_periodic  # noqa: E402

_CLOSING = 0.06  # seconds kept for checking and writing


def main() -> int:
    """Return 0 for a plan that keeps all promises, 1 for one that does not, 2 for no instance."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("instance", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--cpu", action="store_true", help="count seconds of this process's processor time")
    given = parser.parse_args()
    try:
        instance = read_instance(given.instance)
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as problem:
        print(f"{given.instance}: no periodic instance can be read ({type(problem).__name__}: {problem})",
              file=sys.stderr)  # fmt: skip
        return 2
    solution = solve_periodic(
        instance.problem, Search(seed=given.seed), progress=_clock(max(given.seconds - _CLOSING, 0.001), given.cpu)
    )
    faults = find_faults(instance.problem, solution)
    if given.out:
        given.out.write_text(write_solution(instance, solution), encoding="utf-8")
    for fault in faults:
        print(f"not kept: {fault}", file=sys.stderr)
    left_out = [instance.numbers[c] for c in solution.unplaced]
    if left_out:
        print(f"no place found for customers {left_out}", file=sys.stderr)
    print(f"{given.instance.stem} cost {solution.cost:.2f} after {solution.rounds} rounds")
    return 1 if faults or left_out else 0


def _clock(seconds: float, cpu: bool) -> Callable[[], float]:
    now, started = (time.process_time, 0.0) if cpu else (time.perf_counter, _STARTED)
    return lambda: (now() - started) / seconds


if __name__ == "__main__":
    sys.exit(main())
