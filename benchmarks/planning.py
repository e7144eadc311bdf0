"""How long a whole plan takes beside plainly reading the same tables, and how fast a plan is read.

``python -m benchmarks.planning [--sizes large,huge] [--folder DIR] [--runs N] [--json]``

Every figure is a whole process: interpreter start, imports and files included. The reference process reads every table
of the company and sums sales by customer and month in Polars.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks._measuring import describe_machine, print_table

REFERENCE = """
import sys, polars as pl
from pathlib import Path
for path in sorted(Path(sys.argv[1]).glob("*.parquet")):
    if path.stem != "sales":
        pl.read_parquet(path)
sales = pl.read_parquet(Path(sys.argv[1]) / "sales.parquet")
print(sales.group_by("customer", pl.col("date").dt.truncate("1mo")).agg(pl.col("amount").sum()).height)
"""
SHOWS = {
    "show by person and quarter (8,000 result rows), from rows": ["--by", "person", "--grain", "quarter", "--json"],
    "show by channel and month, through 209,000 customer shares": ["--by", "channel", "--grain", "month", "--json"],
    "show by category and month, through 820,000 product shares": ["--by", "category", "--grain", "month", "--json"],
}
BARS = {"large": {"ratio": 15, "gib": 4}, "huge": {"ratio": 15, "gib": 12}}


def run_process(command: list[str]) -> tuple[float, float]:
    """Return the seconds and the peak memory (GiB) of one process that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode()}")
    kib = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return time.perf_counter() - start, kib / 2**20


def quotum(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "quotum.cli", *arguments]


def measure_size(folder: Path, size: str, runs: int) -> dict[str, Any]:
    """Time the reference and the plan in turn; return medians, ratio, peak memory and the number of leaves."""
    company, plan = folder / size, folder / f"plan-{size}"
    if not company.exists():
        run_process(quotum("sample", str(company), "--size", size))
    reference, ours, memory = [], [], 0.0
    for _ in range(runs):
        reference.append(run_process([sys.executable, "-c", REFERENCE, str(company)])[0])
        shutil.rmtree(plan, ignore_errors=True)
        seconds, gib = run_process(quotum("plan", str(company), "--out", str(plan)))
        ours.append(seconds)
        memory = max(memory, gib)
    import polars as pl

    leaves = sum(
        pl.scan_parquet(plan / f"{name}_shares.parquet").select(pl.len()).collect().item()
        for name in ("customer", "product")
    )
    return {
        "size": size, "reference_seconds": reference, "plan_seconds": ours, "leaves": leaves, "peak_gib": memory,
        "ratio": median(ours) / median(reference), "plan": str(plan),
        "stages": json.loads((plan / "run.json").read_text())["seconds"],
    }  # fmt: skip


def measure_shows(plan: str, runs: int) -> dict[str, list[float]]:
    """Time reading a plan in ways people do, process start included."""
    return {
        name: [run_process(quotum("show", plan, *arguments))[0] for _ in range(runs)]
        for name, arguments in SHOWS.items()
    }


def measure_help(runs: int) -> dict[str, list[float]]:
    """Time ``quotum --help`` beside an empty Python process, in turn."""
    script = Path(sys.executable).with_name("quotum")
    ours, empty = [], []
    for _ in range(runs * 4):
        empty.append(run_process([sys.executable, "-c", "pass"])[0])
        ours.append(run_process([str(script), "--help"])[0])
    return {"help": ours, "pass": empty}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="large,huge")
    parser.add_argument("--folder", type=Path, help="where samples and plans are kept; a temporary folder if left out")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        sizes = [measure_size(folder, size, asked.runs) for size in asked.sizes.split(",")]
        shows = measure_shows(sizes[0]["plan"], asked.runs)
        start = measure_help(asked.runs)
    found = {"machine": describe_machine("polars", "numba", "numpy"), "sizes": sizes, "shows": shows, "start": start}
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    report(found)


def report(found: dict[str, Any]) -> None:
    print(", ".join(f"{name} {value}" for name, value in found["machine"].items()))
    rows = [
        [s["size"], f"{median(s['reference_seconds']):.2f}", f"{median(s['plan_seconds']):.2f}", f"{s['ratio']:.1f}",
         f"<= {BARS.get(s['size'], {}).get('ratio', '-')}", f"{s['peak_gib']:.2f}",
         f"<= {BARS.get(s['size'], {}).get('gib', '-')}", f"{s['leaves']:,}",
         f"{median(s['plan_seconds']) / s['leaves'] * 1e6:.1f}"]
        for s in found["sizes"]
    ]  # fmt: skip
    print_table(
        "plan beside reading the same tables and summing sales by customer and month (whole processes, medians)",
        ["size", "reference s", "plan s", "ratio", "bar", "peak GiB", "bar", "leaves", "µs a leaf"], rows,
    )  # fmt: skip
    for s in found["sizes"]:
        print(f"  stages of the last {s['size']}: {s['stages']}")
    print_table(
        f"reading a plan of size {found['sizes'][0]['size']} (whole processes)", ["what", "min s", "median s", "max s"],
        [[name, f"{min(t):.2f}", f"{median(t):.2f}", f"{max(t):.2f}"] for name, t in found["shows"].items()],
    )  # fmt: skip
    help_, empty = found["start"]["help"], found["start"]["pass"]
    print_table(
        "start", ["what", "median ms", "ratio", "bar"],
        [["python -c pass", f"{median(empty) * 1e3:.0f}", "1.0", ""],
         ["quotum --help", f"{median(help_) * 1e3:.0f}", f"{median(help_) / median(empty):.1f}", "<= 6"]],
    )  # fmt: skip


if __name__ == "__main__":
    main()
