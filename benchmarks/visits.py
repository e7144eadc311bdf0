"""How good route plans are after so many seconds: classic periodic instances and made-up months of one person.

``python -m benchmarks.visits [--seconds 10 60] [--seeds 3] [--only p02 pr03] [--months 20] [--oracles [PYTHON]]
[--cpu] [--json]``

Every run is ``python -m benchmarks.pvrp`` in a process of its own, whose plan has passed the checker; ``--oracles``
runs PyVRP and OR-Tools beside it (``_visit_oracles``), with another Python where this one lacks them. The data are
expected in ``../shared/data/pvrp`` beside the repository, or in the folder QUOTUM_DATA.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks._measuring import describe_machine, print_table
from benchmarks._rep_months import make_rep_month

ROOT = Path(__file__).parents[1]
BARS = {10.0: 1.5, 60.0: 1.0}
PLANNER = (sys.executable, "-m", "benchmarks.pvrp")
NOT_INSTALLED = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, nargs="+", default=[10.0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--months", type=int, default=0, help="how many made-up months to plan in one second")
    parser.add_argument("--reference", type=float, default=60.0, help="seconds of the runs they are held against")
    parser.add_argument("--oracles", nargs="?", const=sys.executable, help="a Python that has PyVRP and OR-Tools")
    parser.add_argument("--cpu", action="store_true", help="processor seconds, where a machine is shared")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    data = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "pvrp"
    if not data.exists():
        print(f"skipped: no instances in {data.name}; set QUOTUM_DATA to the folder that holds it")
        return
    known = {row["instance"]: float(row["best_known"]) for row in csv.DictReader((data / "best_known.csv").open())}
    machine = describe_machine("numpy", "numba")
    gaps = {
        path.stem: {s: _gaps(path, known[path.stem], s, given.seeds, given.cpu) for s in given.seconds}
        for path in sorted((data / "instances").iterdir())
        if not given.only or path.stem in given.only
    }
    oracles = {
        library: {name: {s: _oracle_gap(given.oracles, library, data, name, known[name], s, given.cpu) for s in of}
                  for name, of in gaps.items()}
        for library in (("pyvrp", "ortools") if given.oracles else ())
    }  # fmt: skip
    months = [_month_gap(seed, given.reference, given.cpu) for seed in range(given.months)]
    if given.json:
        print(json.dumps({"machine": machine, "gaps": gaps, "oracles": oracles, "months": months}))
        return
    print("Machine: " + ", ".join(f"{name} {value}" for name, value in machine.items()))
    _print_gaps(gaps, given.seconds)
    if oracles:
        _print_oracles(gaps, oracles)
    if months:
        near = sum(gap <= 2.5 for gap in months)
        print(f"\n{near} of {len(months)} made-up months within 2.5 % after 1 s; worst {max(months):.2f} %")


def _gaps(path: Path, best_known: float, seconds: float, seeds: int, cpu: bool) -> list[float]:
    costs = [_cost(path, seconds, seed, cpu) for seed in range(1, seeds + 1)]
    return [100.0 * (cost / best_known - 1.0) for cost in costs if cost is not None]


def _oracle_gap(
    python: str, library: str, data: Path, name: str, best_known: float, seconds: float, cpu: bool
) -> float | None:
    """How far is the library's plan above the best known, in percent? None where it is not installed."""
    (path,) = (data / "instances").glob(f"{name}.*")
    cost = _cost(path, seconds, 1, cpu, (python, "-m", "benchmarks._visit_oracles", library))
    return None if cost is None else 100.0 * (cost / best_known - 1.0)


def _cost(path: Path, seconds: float, seed: int, cpu: bool, program: tuple[str, ...] = PLANNER) -> float | None:
    """Return the cost of one run; inf if its plan broke a promise or left somebody out, None without the library."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "plan.json"
        command = [*program, str(path), "--seconds", str(seconds), "--seed", str(seed), "--out", str(out),
                   *(["--cpu"] if cpu else [])]  # fmt: skip
        paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env={**os.environ, **paths})
        if done.returncode == NOT_INSTALLED:
            return None
        return float(json.loads(out.read_text())["cost"]) if done.returncode == 0 else float("inf")


def _month_gap(seed: int, reference: float, cpu: bool) -> float:
    """How far is one second above the best of five long runs, in percent?"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "month.json"
        path.write_text(json.dumps(make_rep_month(seed)))
        best = min(_cost(path, reference, k, cpu) or float("inf") for k in range(1, 6))
        return 100.0 * ((_cost(path, 1.0, 7, cpu) or float("inf")) / best - 1.0)


def _print_gaps(gaps: dict[str, dict[float, list[float]]], seconds: list[float]) -> None:
    columns = ["instance", *(f"{s:g} s: median gap % (all)" for s in seconds)]
    rows = [[name, *(f"{statistics.median(of[s]):.2f} ({', '.join(f'{g:.2f}' for g in of[s])})" for s in seconds)]
            for name, of in gaps.items()]  # fmt: skip
    means = [statistics.mean(statistics.median(of[s]) for name, of in gaps.items() if not name.startswith("rep"))
             for s in seconds if any(not name.startswith("rep") for name in gaps)]  # fmt: skip
    rows.append(["mean of the classic ones", *(f"{m:.2f}" for m in means)])
    rows.append(["bar", *(f"{BARS[s]:g}" if s in BARS else "" for s in seconds)])
    print_table("Gap to the best known", columns, rows)


def _print_oracles(
    gaps: dict[str, dict[float, list[float]]], oracles: dict[str, dict[str, dict[float, float | None]]]
) -> None:
    rows = []
    for name, of in gaps.items():
        for s, own in of.items():
            others = [found[name][s] for found in oracles.values()]
            told = ["not installed" if g is None else "no plan" if g == float("inf") else f"{g:.2f}" for g in others]
            rows.append([name, f"{s:g}", f"{statistics.median(own):.2f}", *told])
    print_table("Beside libraries, days chosen for them", ["instance", "s", "quotum", *oracles], rows)


if __name__ == "__main__":
    main()
