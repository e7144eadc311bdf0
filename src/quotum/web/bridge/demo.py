"""The tables of the made-up company, planned a year earlier than the sample so that there is something to review."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl

from quotum.adapters.files.company_folder import read_company
from quotum.sample import write_sample

DEMO_PLAN = "demo"
DEMO_CADENCE = "[cadence]\nVIP = 4\nA = 5\nB = 6\nC = 10\n[cadence.calls]\nB = 4\nC = 6\n"
"""Closer than the sample's, so that the days of so few customers are full."""


def make_demo_tables(folder: Path, size: str = "small") -> tuple[dict[str, pl.DataFrame], str]:
    """Write a sample, and return its tables and a plan.toml for the last year of its history."""
    write_sample(folder, size, 1, lambda _: None)
    company, _ = read_company(folder)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    for later, now in (("2026", "2025"), ("2027", "2026"), ("2028", "2027")):
        text = text.replace(later, now)
    lines = [line.partition("  #")[0].rstrip() for line in text.splitlines() if not line.startswith("#")]
    text = "\n".join(lines)
    text = text[: text.index("[cadence]")].strip() + "\n\n" + DEMO_CADENCE
    return {name: frame for name, frame in company.tables.items() if frame.height}, text


def demo_scheme() -> str:
    """Return the text of the demonstration's scheme; also what a new scheme begins with."""
    return files("quotum.web.bridge").joinpath("demo_scheme.toml").read_text(encoding="utf-8")
