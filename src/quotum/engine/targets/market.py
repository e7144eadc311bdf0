"""Which part of the market do the targets ask for, in total and by area and category, and who else is there?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.basics.periods import years_before
from quotum.engine.basics.trees import Tree
from quotum.engine.tables.company import Company
from quotum.engine.tables.feasibility_tables import SHARES_SCHEMA
from quotum.engine.tables.plan_settings import Measure, PlanSettings, Target
from quotum.engine.tables.sales_values import value_lines
from quotum.engine.tables.schema import E4, TREES
from quotum.engine.targets.statements import count_months, say_factor, say_number, say_share

_PARTS = ("area", "category")


@dataclass(frozen=True, slots=True)
class Market:
    """What was found: ``shares`` (see ``SHARES_SCHEMA``), the year of the market (None without one), findings."""

    shares: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHARES_SCHEMA))
    year: int | None = None
    issues: list[Issue] = field(default_factory=list)

    @property
    def capacity(self) -> float | None:
        """Return what the whole market takes in a year."""
        return None if self.shares.is_empty() else float(self.shares["capacity"][0])


def hold_against_market(company: Company, settings: PlanSettings) -> Market:
    """Return the share of the market that the measured target implies, by area and category as the market has them.

    A cell's part of the target is its part of last year's sales on the plan's dates (of the market's own sales where
    there is no history); a plan of half a year is held against half a year of the market. Cells of inner areas hold all
    that is below them. The latest year that is not after the plan's counts.
    """
    target = market_target(settings)
    market = company["market"].filter(pl.col("year") <= settings.since.year, pl.col("capacity") > 0)
    if target is None or market.is_empty():
        return Market()
    year = int(market.select(pl.col("year").max()).item())
    measure = settings.measures[target.measure]
    cells, before = _gather(market, year), _gather(market, year - 1)
    above = _find_above(company)
    tops = [cell for cell in cells if not any(other in cells for other in above(cell) if other != cell)]
    last = years_before(settings.since, 1), years_before(settings.until, 1)
    last_year = _sum_cells(_sum_sales(company, measure, *last, settings.as_of), tops, above)
    sold = _sum_sales(company, measure, date(year, 1, 1), date(year + 1, 1, 1), settings.as_of)
    of_year = _sum_cells(sold, tops, above)
    years, sold_in_all = count_months(settings.since, settings.until) / 12, last_year[_WHOLE]
    own_in_all = _add([cells[top].own for top in tops])
    lines = []
    for place, parts in [(_WHOLE, tops), *((cell, [cell]) for cell in sorted(cells, key=str) if cell != _WHOLE)]:
        capacity, own = (_add([getattr(cells[part], name) for part in parts]) for name in ("capacity", "own"))
        known = any(cells[part].own is not None for part in parts)
        own = own if known else of_year.get(place, 0.0)
        earlier = _add([before[part].capacity for part in parts if part in before])
        part = last_year.get(place, 0.0) / sold_in_all if sold_in_all else own / own_in_all if own_in_all else 0.0
        asked = {level: amount / 10**measure.decimals * part / years
                 for level, amount in (("commit", target.commit_minor), ("stretch", target.stretch_minor))}  # fmt: skip
        lines.append({
            "measure": target.measure, "area": place[0], "category": place[1], "year": year, "capacity": capacity,
            "growth": capacity / earlier - 1 if earlier else None, "own": own,
            "competitors": cells[parts[0]].competitors if len(parts) == 1 else None, "share_now": own / capacity,
            "last_year": last_year.get(place, 0.0) / years, **asked, "share_commit": asked["commit"] / capacity,
            "share_stretch": asked["stretch"] / capacity, "factor": asked["commit"] / own if own else None,
        })  # fmt: skip
    shares = pl.DataFrame(lines, schema=SHARES_SCHEMA)
    return Market(shares, year, _tell(shares, settings, year, own_in_all, of_year[_WHOLE]))


def market_target(settings: PlanSettings) -> Target | None:
    """Return the target that the market's capacity counts: the one under ``[feasibility] market``, or the first."""
    wanted = settings.feasibility.market
    given = [target for target in settings.targets if not target.follows]
    return next((target for target in given if wanted in ("", target.measure)), None)


@dataclass(frozen=True, slots=True)
class _Cell:
    capacity: float
    own: float | None
    competitors: float | None


_Place = tuple[str | None, str | None]
"""Area and category, None for all of them (of sales: for none)."""
_WHOLE: _Place = (None, None)


def _gather(market: pl.DataFrame, year: int) -> dict[_Place, _Cell]:
    """Return the cells of a year; a cell has a line for each competitor."""
    lines = market.filter(pl.col("year") == year).group_by(_PARTS).agg(
        pl.col("capacity").max(), pl.col("own").max(),
        pl.when(pl.col("competitor_share").count() > 0).then(pl.col("competitor_share").sort().sum()),
    )  # fmt: skip
    return {(area, category): _Cell(*sizes) for area, category, *sizes in lines.sort(_PARTS).iter_rows()}


def _sum_sales(company: Company, measure: Measure, since: date, until: date, as_of: date) -> dict[_Place, float]:
    """Return what was sold in [since, until) by the customer's area and the product's category, in major units."""
    days = pl.col("date")
    sales = company["sales"].filter((days >= since) & (days < until) & (days <= as_of))
    at = pl.int_range(pl.len(), dtype=pl.Int32).alias("product")
    products = company["products"].select(at, key="product", category="category")
    coded = sales.join(products, left_on="product", right_on="key", how="left", suffix="_at", maintain_order="left")
    coded = coded.with_columns(pl.col("product_at").fill_null(-1).alias("product"))
    _, actual, _ = value_lines(coded, company, measure)
    lines = coded.with_columns(actual.alias("value")).join(
        company["customers"].select("customer", "area"), on="customer", how="left"
    )
    sums = lines.group_by(_PARTS).agg(pl.col("value").sum()).sort(_PARTS)
    return {(area, category): amount / E4 for area, category, amount in sums.iter_rows()}


def _find_above(company: Company) -> Callable[[_Place], list[_Place]]:
    """Return what lists the cells that a place lies in: at or above its area and its category, itself first."""
    ways: dict[str, dict[str | None, list[str | None]]] = {}
    for name in _PARTS:
        tree = Tree.of(company[TREES[name]][name].to_list(), company[TREES[name]]["parent"].to_list())
        ways[name] = {key: [*(tree.keys[at] for at in reversed(path) if at >= 0), None]
                      for key, path in zip(tree.keys, tree.paths().tolist(), strict=True)}  # fmt: skip
    return lambda place: [
        (area, category)
        for area in ways["area"].get(place[0], list(dict.fromkeys([place[0], None])))
        for category in ways["category"].get(place[1], list(dict.fromkeys([place[1], None])))
    ]


def _sum_cells(
    sold: dict[_Place, float], tops: Sequence[_Place], above: Callable[[_Place], list[_Place]]
) -> dict[_Place, float]:
    """Return what was sold in every cell that holds any, and under (None, None) what was sold in any of the tops."""
    sums: dict[_Place, float] = {}
    whole = 0.0
    for place, amount in sold.items():
        cells = above(place)
        for cell in cells:
            sums[cell] = sums.get(cell, 0.0) + amount
        whole += amount if any(top in cells for top in tops) else 0.0
    return sums | {_WHOLE: whole}


def _add(values: Sequence[float | None]) -> float:
    return sum(value for value in values if value is not None)


def _tell(shares: pl.DataFrame, settings: PlanSettings, year: int, own: float, sold: float) -> list[Issue]:
    """Return what is out of proportion, the whole market first."""
    limits, issues = settings.feasibility, []
    if year < settings.since.year - 1:
        issues.append(_issue("market_old", str(year), {"year": str(settings.since.year)}, "note"))
    if own and sold and abs(own / sold - 1) > limits.own_tolerance:
        details = {"year": str(year), "own": say_number(own), "sold": say_number(sold), "where": ""}
        issues.append(_issue("market_own_differs", shares["measure"][0], details, "note"))
    for line in shares.iter_rows(named=True):
        details = {
            "where": " ".join(line[name] for name in _PARTS if line[name]), "implied": say_share(line["share_commit"]),
            "target": say_number(line["commit"]), "capacity": say_number(line["capacity"]),
            "now": say_share(line["share_now"]),
        }  # fmt: skip
        if line["commit"] > line["capacity"]:
            issues.append(_issue("target_above_market", line["measure"], details))
        elif line["factor"] is not None and line["factor"] > limits.share_factor:
            details["factor"] = say_factor(line["factor"])
            issues.append(_issue("share_multiplied", line["measure"], details))
        elif line["competitors"] is not None and line["share_commit"] > 1 - line["competitors"]:
            details |= {"held": say_share(line["competitors"]), "left": say_share(max(1 - line["competitors"], 0.0))}
            issues.append(_issue("competitors_leave_less", line["measure"], details))
    return issues


def _issue(rule: str, value: str, details: dict[str, str], severity: Severity = "warning") -> Issue:
    return Issue(rule=rule, severity=severity, table="market", value=value, details=tuple(details.items()))
