"""Targets as pages show them while they are typed: what is asked beside what is likely, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from quotum.web.bridge.targets import try_targets
from quotum.web.queries.permissions import Reach, units_within
from quotum.web.records.models import Unit


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the chart of a measure, in thousandths of its width."""

    kind: str
    at: int
    amount: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure: what is asked on each level beside last year and what is likely, and its chart."""

    measure: str
    decimals: int
    levels: list[dict[str, Any]]
    low: int = 0
    high: int = 0
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Feasibility:
    """All that is said of targets before anything is split."""

    asked: list[Asked]
    rules: dict[str, bool]
    market: dict[str, Any] | None
    customers: dict[str, Any] | None
    capacity: list[dict[str, Any]]
    weakest: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    customer_decimals: int = 0


def covers_company(reach: Reach) -> bool:
    """Tell whether a capability reaches all units, by its role or by standing at the top."""
    if reach.everywhere:
        return True
    return bool(reach.paths) and not Unit.objects.exclude(pk__in=units_within(reach).values("pk")).exists()


def weigh_setup(text: str) -> Feasibility:
    """Return what the targets of a setup come to."""
    tried = try_targets(text)
    nodes = tried.feasibility.get("nodes", [])
    settings = tried.settings
    measures = settings.measures if settings else {}
    company = [node for node in nodes if node["dimension"] == "company"]
    by_measure: dict[str, list[dict[str, Any]]] = {}
    for node in company:
        by_measure.setdefault(node["measure"], []).append(node)
    below = sorted((node for node in nodes if node["dimension"] != "company" and node["level"] == "commit"
                    and node["chance"] is not None), key=lambda node: (node["chance"], node["node"]))  # fmt: skip
    market, customers = tried.feasibility.get("market") or [None], tried.feasibility.get("customers") or [None]
    names = dict(Unit.objects.values_list("unit", "name"))
    weakest = [{**node, "name": names.get(node["node"]) or node["node"],
                "decimals": measures[node["measure"]].decimals} for node in below[:8]]  # fmt: skip
    asked = [_draw(measure, measures[measure].decimals, levels) for measure, levels in by_measure.items()]
    return Feasibility(
        asked, tried.feasibility.get("rules", {}), market[0], customers[0], tried.feasibility.get("capacity", []),
        weakest, tried.findings, asked[0].decimals if asked else 0,
    )  # fmt: skip


def _draw(measure: str, decimals: int, levels: list[dict[str, Any]]) -> Asked:
    """Return a measure with its chart: the likely range, last year, commit and stretch on one line."""
    first = levels[0]
    known = [("last_year", first["last_year_minor"]), ("likely", first["mean_minor"])]
    known += [(level["level"], level["target_minor"]) for level in levels]
    spread = [first["low_minor"], first["high_minor"]]
    amounts = [amount for amount in [*spread, *(amount for _, amount in known)] if amount is not None]
    if not amounts:
        return Asked(measure, decimals, levels)
    least, most = int(min(amounts)), int(max(amounts))
    margin = max((most - least) // 12, 1)

    def place(amount: int) -> int:
        return (amount - least + margin) * 1000 // (most - least + 2 * margin)

    marks = [Mark(kind, place(amount), amount) for kind, amount in known if amount is not None]
    ends = [place(amount) for amount in spread if amount is not None]
    low, high = ends if len(ends) == 2 else (0, 0)
    return Asked(measure, decimals, levels, low, high, marks)
