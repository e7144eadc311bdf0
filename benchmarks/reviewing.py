"""How long a whole review takes beside plainly reading and summing the same tables.

``python -m benchmarks.reviewing [--size large] [--folder DIR] [--runs N] [--json]``

A sample company is planned for 2026 from its first two years; the review of 30 September is timed as a whole process,
interpreter start, imports, files and workbook included. The reference process reads every table of the company and of
the plan and sums sales by customer and month in Polars.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks._measuring import describe_machine
from benchmarks.planning import quotum, run_process

REFERENCE = """
import sys, polars as pl
from pathlib import Path
read = {".parquet": pl.read_parquet, ".csv": lambda path: pl.read_csv(path, try_parse_dates=True)}
for folder in sys.argv[1:]:
    for path in sorted(Path(folder).iterdir()):
        if path.suffix in read and path.stem != "sales":
            read[path.suffix](path)
path = next(Path(sys.argv[1]).glob("sales.*"))
sales = read[path.suffix](path)
print(sales.group_by("customer", pl.col("date").dt.truncate("1mo")).agg(pl.col("amount").sum()).height)
"""
BAR = 15


def prepare(folder: Path, size: str) -> tuple[Path, Path]:
    """Return a sample company and its plan for 2026, made where they are not there yet."""
    company, plan = folder / size, folder / f"plan-{size}-2026"
    if not company.exists():
        run_process(quotum("sample", str(company), "--size", size))
    if not plan.exists():
        toml = company / "plan.toml"
        text = toml.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^(since|until|as_of)( *= *)(\d{4})", lambda m: f"{m[1]}{m[2]}{int(m[3]) - 1}", text)
        toml.write_text(re.sub(r'(?m)^"2027-', '"2026-', text), encoding="utf-8")
        run_process(quotum("plan", str(company), "--out", str(plan)))
    return company, plan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="large")
    parser.add_argument("--folder", type=Path, help="where samples and plans are kept; a temporary folder if left out")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        company, plan = prepare(folder, asked.size)
        out = folder / f"review-{asked.size}"
        reference, ours, memory = [], [], 0.0
        for _ in range(asked.runs):
            reference.append(run_process([sys.executable, "-c", REFERENCE, str(company), str(plan)])[0])
            shutil.rmtree(out, ignore_errors=True)
            arguments = ["review", str(company), "--plan", str(plan), "--as-of", "2026-09-30", "--out", str(out)]
            seconds, gib = run_process(quotum(*arguments, "--json"))
            ours.append(seconds)
            memory = max(memory, gib)
    found = {
        "machine": describe_machine("polars", "numpy"), "size": asked.size, "reference_seconds": reference,
        "review_seconds": ours, "ratio": median(ours) / median(reference), "peak_gib": memory,
    }  # fmt: skip
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    print(found["machine"])
    print(f"review of {asked.size}: {median(ours):.2f} s; reading and summing its tables: {median(reference):.2f} s")
    print(f"ratio {found['ratio']:.1f} (bar: {BAR}), peak {memory:.2f} GiB")


if __name__ == "__main__":
    main()
