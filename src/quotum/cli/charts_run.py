"""The work of ``quotum charts``: read the review, draw its charts, write them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click

from quotum.adapters.files.review_folder import read_review
from quotum.adapters.printing.print_issues import print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.plan_keys import tell_unknown
from quotum.engine.tables.review_tables import Review


def run_charts(
    folder: Path, out: Path, nodes: Sequence[tuple[str, str]], measure: str | None, level: str, language: str,
    fonts: Path | None,
) -> int:  # fmt: skip
    """Write the charts of a review; return the exit code: 0, or 2 for bad input."""
    missing = [name for name in ("altair", "vl_convert") if find_spec(name) is None]
    if missing:
        print_issues([Issue(rule="extra_missing", value="quotum[reports]", details=(("names", ", ".join(missing)),))])
        return 2
    review, issues = read_review(folder)
    if review is not None:
        measure = measure or review.settings.targets[0].measure
        issues += _check(review, nodes, measure)
    if review is None or measure is None or stops(issues):
        print_issues(issues)
        return 2
    from quotum.adapters.charts.pictures import write_pictures
    from quotum.adapters.charts.review_charts import list_charts

    charts = list_charts(review, measure, level, nodes, language)
    issues += write_pictures(charts, out, fonts)
    print_issues(issues)
    if not stops(issues):
        click.echo("\n".join(f"{out / name}.svg, .png, .json" for name in charts))
    return 2 if stops(issues) else 0


def _check(review: Review, nodes: Sequence[tuple[str, str]], measure: str) -> list[Issue]:
    """Find a measure and nodes that the review does not know."""
    frame = review["attainment"]
    issues = tell_unknown("unknown_measure", measure, frame["measure"].unique(maintain_order=True).to_list())
    for dimension, key in nodes:
        issues += tell_unknown("unknown_dimension", dimension, ("unit", "person"))
        known = frame.filter(dimension=dimension, measure=measure)["node"].unique().sort().to_list()
        if known and key not in known:
            nearest = dict(tell_unknown("unknown_key", key, known)[0].details)["nearest"]
            issues.append(Issue(rule="unknown_key", column=dimension, value=key, details=(("nearest", nearest),)))
    return issues
