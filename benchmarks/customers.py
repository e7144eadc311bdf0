"""How long it takes to tell of a million customers, beside plainly reading their tables.

``python -m benchmarks.customers [--size huge] [--folder DIR] [--runs N] [--by unit,person] [--json]``

The reference reads every table of the company and sums sales by customer and month in Polars, in the same process.
Ours is ``describe_customers`` on the opened company: rhythm, classes and states of three years, measures, composition,
outlook of every unit and person, prospects. Processor seconds stand beside the clock's: others may use the machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks._measuring import describe_machine, print_table
from quotum.adapters.files.company_folder import open_company
from quotum.engine.customers import describe_customers
from quotum.engine.tables.key_order import in_key_order

BAR_SECONDS = 20


def read_tables(folder: Path) -> int:
    """Read every table and sum sales by customer and month."""
    for path in sorted(folder.glob("*.parquet")):
        if path.stem != "sales":
            pl.read_parquet(path)
    sales = pl.read_parquet(folder / "sales.parquet")
    return sales.group_by("customer", pl.col("date").dt.truncate("1mo")).agg(pl.col("amount").sum()).height


def clock(call: Callable[[], object]) -> tuple[float, float]:
    """Return the clock's and the processor's seconds of a call."""
    start, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - start, time.process_time() - used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="huge")
    parser.add_argument("--folder", type=Path, help="where the sample is kept; a temporary folder if left out")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--by", default="", help="further dimensions for measures, as in quotum customers")
    parser.add_argument("--json", action="store_true")
    asked, _ = parser.parse_known_args()
    by = [key for key in asked.by.split(",") if key]
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.folder or Path(temporary)) / asked.size
        if not folder.exists():
            sample = [sys.executable, "-m", "quotum.cli", "sample", str(folder), "--size", asked.size]
            subprocess.run(sample, check=True, capture_output=True)
        opened = open_company(folder)
        settings = opened.settings
        assert settings is not None, opened.issues
        company = in_key_order(opened.company)
        read, told = [], []
        for _ in range(asked.runs):
            read.append(clock(lambda: read_tables(folder)))
            told.append(clock(lambda: describe_customers(company, settings, settings.as_of, by=by)))
    least = {"read": min(read), "describe": min(told)}
    rows = {
        "customers": company["customers"].height, "sales_lines": company["sales"].height, "by": by,
        "seconds": {name: pair[0] for name, pair in least.items()},
        "processor_seconds": {name: min(p for _, p in pairs) for name, pairs in (("read", read), ("describe", told))},
        "ratio": least["describe"][0] / least["read"][0], "bar_seconds": BAR_SECONDS,
        "all_seconds": {"read": [s for s, _ in read], "describe": [s for s, _ in told]},
    }  # fmt: skip
    if asked.json:
        print(json.dumps(rows, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in describe_machine("polars", "numpy").items()))
    print_table(
        f"{rows['customers']:,} customers, {rows['sales_lines']:,} sales lines",
        ["what", "least s", "processor s", "ratio", "bar"],
        [["read the tables, sum by customer and month", f"{least['read'][0]:.2f}",
          f"{rows['processor_seconds']['read']:.2f}", "1.0", ""],
         ["tell of the customers", f"{least['describe'][0]:.2f}", f"{rows['processor_seconds']['describe']:.2f}",
          f"{rows['ratio']:.1f}", f"<= {BAR_SECONDS} s"]],
    )  # fmt: skip


if __name__ == "__main__":
    main()
