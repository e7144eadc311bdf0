"""Reviews as folders: made from the database's company, opened once, read as far as somebody may see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from quotum.adapters.calendars import list_days
from quotum.adapters.files.digests import digest_file
from quotum.adapters.files.review_folder import read_review, write_review
from quotum.engine.basics.issues import stops
from quotum.engine.planning import calendar_span, review_plan
from quotum.engine.tables.review_tables import COMPANY, Review
from quotum.web.bridge.company import open_records
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.logged import with_log
from quotum.web.bridge.plans import open_plan
from quotum.web.bridge.stored import new_address, stored

_OF_ITS_OWN = ("history_after_as_of", "outside_plan")
"""Findings about the dates of plan.toml: a review has its own."""


@dataclass(frozen=True, slots=True)
class MadeReview:
    """What reviewing brought: where it lies (empty: it was refused), its digest, findings."""

    address: str = ""
    digest: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)


def review_company(
    address: str, text: str, as_of: date, tell: Callable[[str], None] = lambda _: None
) -> MadeReview:
    """Hold what the database's company did up to a day against the plan at an address, and keep the review."""
    tell("reading")
    plan, opened = open_plan(address), open_records(text)
    issues = [issue for issue in opened.issues if issue.rule not in _OF_ITS_OWN]
    if opened.settings is None or stops(issues):
        return MadeReview(findings=list_findings(issues))
    settings = replace(plan.settings, as_of=as_of)
    days, found = list_days(settings.country, *calendar_span(settings))
    tell("reviewing")
    review, issues = review_plan(with_log(opened.company), plan, days, as_of, issues + found, opened.settings.warnings)
    if review is None:
        return MadeReview(findings=list_findings(issues))
    tell("writing")
    kept = new_address("reviews")
    inputs: dict[str, str] = {}
    issues += write_review(review, stored(kept), plan=digest_file(stored(address) / "plan.json"), inputs=inputs, run={})
    if stops(issues):
        return MadeReview(findings=list_findings(issues))
    return MadeReview(kept, digest_file(stored(kept) / "review.json"), list_findings(issues))


@lru_cache(maxsize=4)
def open_review(address: str) -> Review:
    """Return the review at an address, read once a process; raise ValueError where it cannot be read."""
    review, issues = read_review(stored(address))
    if review is None:
        raise ValueError(f"The review at {address} cannot be read: {issues[0].rule}.")
    return review


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a review somebody may see: everything, or some units and people."""

    everything: bool
    units: Collection[str] = ()
    people: Collection[str] = ()

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the lines of a table with ``dimension`` and ``node`` that may be seen."""
        if self.everything:
            return frame
        unit = (pl.col("dimension") == "unit") & pl.col("node").is_in(list(self.units))
        return frame.filter(unit | ((pl.col("dimension") == "person") & pl.col("node").is_in(list(self.people))))

    def of_members(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the lines of a table with ``person`` and ``unit`` that may be seen."""
        if self.everything:
            return frame
        return frame.filter(pl.col("person").is_in(list(self.people)) | pl.col("unit").is_in(list(self.units)))


def list_standing(address: str, sight: Sight, level: str = "commit") -> list[dict[str, Any]]:
    """Return the lines of attainment at a level: company, then units, then people, as far as they may be seen."""
    frame = sight.of(open_review(address)["attainment"]).filter(pl.col("level") == level)
    order = pl.col("dimension").replace_strict({COMPANY: 0, "unit": 1, "person": 2}, default=3)
    return frame.sort(order, "node", "measure").to_dicts()


def list_drivers(address: str, sight: Sight, dimension: str, node: str, level: str = "commit") -> list[dict[str, Any]]:
    """Return why a node stands where it does: measure, driver, amount; they add up to what is ahead or missing."""
    frame = sight.of(open_review(address)["variance"]).filter(
        pl.col("dimension") == dimension, pl.col("node") == node, pl.col("level") == level
    )
    return frame.select("measure", "driver", "amount").to_dicts()


def list_warnings(address: str, sight: Sight, most: int) -> tuple[list[dict[str, Any]], int]:
    """Return the largest warnings and how many there are in all; sizes are in smallest units of the currency."""
    frame = sight.of_members(open_review(address)["warnings"])
    return frame.sort("size", "rule", "person", descending=[True, False, False]).head(most).to_dicts(), frame.height


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that leads beside attainment: customers, profit, projects or share (see the review's ``figures``)."""

    decimals: int
    count: int | None
    amount: int | None
    before: int | None
    gained: int | None
    lost: int | None


def list_figures(address: str, people: Collection[str] | None) -> dict[str, Figure]:
    """Return the figures of some people together, of the company for None; what there is no data of is not there."""
    tables = open_review(address).tables
    if "figures" not in tables:  # reviews of earlier releases
        return {}
    frame = _of_people(tables["figures"], people)
    sums = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
            for name in ("count", "amount", "before", "gained", "lost")]  # fmt: skip
    told = frame.group_by("figure", "decimals").agg(sums)
    return {name: Figure(*values) for name, *values in told.iter_rows()}


def sum_side_figures(address: str, people: Collection[str] | None) -> dict[str, Any]:
    """Return collected and overdue money and the review's decimals: of some people, of the company for None."""
    review = open_review(address)
    lines = _of_people(review["cash"], people)
    sums = lines.select(pl.col("invoiced", "received", "open", "overdue").sum()).row(0, named=True)
    return {**sums, "decimals": review.settings.currency_decimals, "currency": review.settings.currency}


def _of_people(frame: pl.DataFrame, people: Collection[str] | None) -> pl.DataFrame:
    """Return the lines of people; that of the company, whose person is null, for None."""
    return frame.filter(pl.col("person").is_null() if people is None else pl.col("person").is_in(list(people)))


def draw_chart(
    address: str, sight: Sight, chart: str, measure: str, dimension: str, node: str, language: str = "en",
    drivers: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:  # fmt: skip
    """Return a chart as Vega-Lite: ``pace`` or ``why`` of a node, ``attainment`` or ``months`` of all in sight.

    ``drivers``: what the page around the chart calls them. None where the node is not in sight, or the measure has no
    such chart.
    """
    review = open_review(address)
    seen = {name: sight.of(review[name]) for name in ("attainment", "months", "variance")}
    of_node = (pl.col("dimension") == dimension) & (pl.col("node") == node) & (pl.col("measure") == measure)
    if seen["attainment"].filter(of_node).is_empty():
        return None
    named = {"names": review["names"]} if "names" in review.tables else {}
    spec = _draw(replace(review, tables=seen | named), chart, measure, dimension, node, language, drivers or {})
    return None if spec is None else {**spec, "width": "container"}


def _draw(
    within: Review, chart: str, measure: str, dimension: str, node: str, language: str, drivers: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return a chart of a review; None where the measure has none."""
    from quotum.adapters.charts.bullets import draw_bullets
    from quotum.adapters.charts.heat_map import draw_heat_map
    from quotum.adapters.charts.pace import draw_pace
    from quotum.adapters.charts.waterfall import draw_waterfall

    is_flow = within.settings.measures[measure].kind == "flow"
    if chart == "attainment":
        return draw_bullets(within, measure, language=language)
    if chart == "why":
        return draw_waterfall(within, measure, dimension, node, language=language, drivers=drivers)
    if not is_flow:
        return None
    if chart == "pace":
        return draw_pace(within, measure, dimension, node, language=language)
    return draw_heat_map(within, measure, language=language)
