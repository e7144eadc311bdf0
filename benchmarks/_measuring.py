"""How all benchmarks measure: several runs, smallest / middle / largest, and the machine they ran on."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs. Ratios use the smallest: what else the machine does can only add."""

    least: float
    median: float
    most: float

    def __str__(self) -> str:
        return f"{self.least:.4g} / {self.median:.4g} / {self.most:.4g} s"


def measure(call: Callable[[], Any], runs: int = 7, warm_up: bool = True) -> Timing:
    """Time a call; the first, which may compile or fill caches, does not count."""
    if warm_up:
        call()
    seconds = []
    gc.disable()
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    gc.enable()
    return Timing(min(seconds), statistics.median(seconds), max(seconds))


def describe_machine(*packages: str) -> dict[str, str]:
    """Name the processor, its cores, the memory, Python and the packages that take part."""
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text().splitlines() if cpu_info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    return {
        "processor": model,
        "cores": str(cores),
        "memory": f"{memory / 2**30:.0f} GiB",
        "system": platform.system(),
        "python": sys.version.split()[0],
    } | {package: installed_version(package) for package in packages}


def installed_version(package: str) -> str:
    """Return the version of a package, or "absent"."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def print_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print a table that is Markdown as well, so that it can be copied into the docs."""
    widths = [max(len(row[k]) for row in [columns, *rows]) for k in range(len(columns))]
    print(f"\n{title}\n")
    for row in [columns, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
