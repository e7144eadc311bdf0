"""Can we? What the targets ask of the company and every node below it, beside what the year is likely to bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import polars as pl

from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.forecasting import NodeForecast
from quotum.engine.tables.company import Company
from quotum.engine.tables.feasibility_tables import NODES_SCHEMA, SHARES_SCHEMA
from quotum.engine.tables.plan_settings import LEVELS, PlanSettings, Target
from quotum.engine.targets.chances import COMPANY, weigh_nodes
from quotum.engine.targets.coming_events import find_coming_events
from quotum.engine.targets.contradictions import Known, find_contradictions
from quotum.engine.targets.five_rules import RULES, check_five_rules
from quotum.engine.targets.market import Market, hold_against_market
from quotum.engine.targets.statements import count_months, say_number, say_share


@dataclass(frozen=True, slots=True)
class Feasibility:
    """What the year can bring and what is asked.

    ``nodes`` (``NODES_SCHEMA``): a line a node, measure and level. ``market`` (``SHARES_SCHEMA``): the implied shares.
    ``customers``: what existing ones bring, how many new ones are needed, in hand and missing, by node. ``drivers``:
    what they come to. ``capacity``: people, days and money that they need, against what is there. ``rules``: which of
    the five rules are met. ``issues``: contradictions, what is unlikely or out of proportion, what the targets are not
    grounded in, coming events. ``forecasts`` (``FORECASTS_SCHEMA``): the months of company and units.
    """

    nodes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NODES_SCHEMA))
    market: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHARES_SCHEMA))
    customers: pl.DataFrame = field(default_factory=pl.DataFrame)
    drivers: pl.DataFrame = field(default_factory=pl.DataFrame)
    capacity: pl.DataFrame = field(default_factory=pl.DataFrame)
    rules: dict[str, bool] = field(default_factory=dict)
    forecasts: pl.DataFrame = field(default_factory=pl.DataFrame)
    issues: list[Issue] = field(default_factory=list)

    @property
    def warnings(self) -> list[Issue]:
        """Return what somebody should look at; the others are worth knowing."""
        return [issue for issue in self.issues if issue.severity != "note"]

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables a plan keeps."""
        rules = pl.DataFrame({"rule": list(RULES), "met": [self.rules.get(rule, False) for rule in RULES]})
        found = {"feasibility": self.nodes, "market_shares": self.market, "five_rules": rules}
        found |= {} if self.forecasts.is_empty() else {"forecasts": self.forecasts}
        return found | ({} if self.drivers.is_empty() else {"drivers": self.drivers, "driver_capacity": self.capacity})


def assess_feasibility(
    company: Company, settings: PlanSettings, forecasts: Mapping[str, NodeForecast],
    customers: pl.DataFrame | None = None,
) -> Feasibility:  # fmt: skip
    """Return how the targets stand against forecast, market, the five rules and what else was said.

    ``forecasts`` by measure; a measure without one has no chance and no last year. ``customers``: the outlook of the
    stage of customers (dimension and key empty: the company). Nothing raises: what is missing is said by the rule that
    needs it.
    """
    market, outlook = hold_against_market(company, settings), pl.DataFrame() if customers is None else customers
    targets = [target for target in settings.targets if not target.follows]
    parts = [weigh_nodes(company, settings, target, forecasts.get(target.measure)) for target in targets]
    nodes = pl.concat([pl.DataFrame(schema=NODES_SCHEMA), *parts])
    nodes = nodes.with_columns(share=_implied_share(market))
    whole = nodes.filter(pl.col("dimension") == COMPANY)
    top = {(line["measure"], line["level"]): line for line in whole.iter_rows(named=True)}
    likely = [
        line["chance"] >= settings.feasibility.chance
        for (_, level), line in top.items()
        if level == "commit" and line["chance"] is not None
    ]
    five = check_five_rules(settings, _find_grounds(company, settings, top, outlook), likely)
    issues = [
        *find_contradictions(settings, _collect_known(settings, top, market)),
        *_tell_chances(settings, nodes, top),
        *_tell_growth(forecasts, top),
        *market.issues,
        *_tell_customers(settings, outlook),
        *five.issues,
        *find_coming_events(company, settings),
    ]
    return Feasibility(nodes, market.shares, outlook, rules=five.met, issues=issues)


_Top = Mapping[tuple[str, str], Mapping[str, object]]


def _implied_share(market: Market) -> pl.Expr:
    """Return the company's share of the whole market by level, null elsewhere."""
    if market.shares.is_empty():
        return pl.lit(None, pl.Float64)
    whole = market.shares.row(0, named=True)
    mine = (pl.col("dimension") == COMPANY) & (pl.col("measure") == whole["measure"])
    by_level = {level: whole[f"share_{level}"] for level in LEVELS}
    return pl.when(mine).then(pl.col("level").replace_strict(by_level, return_dtype=pl.Float64))


def _find_grounds(company: Company, settings: PlanSettings, top: _Top, outlook: pl.DataFrame) -> set[str]:
    """Return what the targets can be grounded in, as far as the tables tell."""
    projects = company["projects"].filter(pl.col("close").is_null() | (pl.col("close") >= settings.since))
    there = {
        "forecast": any(line["mean_minor"] is not None for line in top.values()),
        "customers": company["sales"].height > 0 and company["customers"].height > 0,
        "prospects": projects.height > 0 or (not outlook.is_empty() and outlook["prospects"].sum() > 0),
        "competition": company["market"]["competitor_share"].count() > 0,
    }
    return {ground for ground, known in there.items() if known}


def _collect_known(settings: PlanSettings, top: _Top, market: Market) -> Known:
    """Return the market's capacity and last year's amounts over the plan's dates, in major units."""
    years = count_months(settings.since, settings.until) / 12
    capacity = {market.shares["measure"][0]: market.capacity * years} if market.capacity else {}
    last_year = {
        measure: int(str(line["last_year_minor"])) / 10 ** settings.measures[measure].decimals
        for (measure, level), line in top.items()
        if level == "commit" and line["last_year_minor"] is not None
    }
    return Known(capacity, last_year)


def _tell_chances(settings: PlanSettings, nodes: pl.DataFrame, top: _Top) -> list[Issue]:
    """Return which commit or stretch is unlikely: of the company by itself, of others how many and the weakest."""
    limits = {"commit": settings.feasibility.chance, "stretch": settings.feasibility.stretch_chance}
    issues = []
    for target in settings.targets:
        for level in LEVELS[: 1 + (target.extra_minor > 0)]:
            line = top.get((target.measure, level))
            if line and line["chance"] is not None and float(str(line["chance"])) < limits[level]:
                issues.append(_tell_company(settings, target, level, line))
        weak = nodes.filter(
            pl.col("measure") == target.measure, pl.col("level") == "commit", pl.col("dimension") != COMPANY,
            pl.col("chance").is_not_null(),
        )  # fmt: skip
        for dimension in weak["dimension"].unique(maintain_order=True):
            mine = weak.filter(pl.col("dimension") == dimension)
            below = mine.filter(pl.col("chance") < limits["commit"]).sort("chance", "node")
            if below.height and below.height < mine.height:
                issues.append(_tell_weakest(target.measure, dimension, below, mine.height, limits["commit"]))
    return issues


def _tell_company(settings: PlanSettings, target: Target, level: str, line: Mapping[str, object]) -> Issue:
    size = 10 ** settings.measures[target.measure].decimals
    columns = {"target": "target_minor", "likely": "mean_minor", "low": "low_minor", "high": "high_minor"}
    amounts = {name: say_number(int(str(line[column])) / size) for name, column in columns.items()}
    chance = say_chance(float(str(line["chance"])))
    details = {"where": "", "level": level, "chance": chance, **amounts}
    severity: Severity = "warning" if level == "commit" else "note"
    return Issue(
        rule="chance_low", severity=severity, table="plan", value=target.measure, details=tuple(details.items())
    )


def _tell_weakest(measure: str, dimension: str, below: pl.DataFrame, count: int, limit: float) -> Issue:
    names = [f"{node} {say_chance(chance)}" for node, chance in below.select("node", "chance").head(3).iter_rows()]
    details = {"dimension": dimension, "count": str(below.height), "of": str(count), "limit": say_share(limit),
               "names": ", ".join(names) + (" …" if below.height > 3 else "")}  # fmt: skip
    return Issue(rule="chances_low_below", severity="note", table="plan", value=measure, details=tuple(details.items()))


def _tell_growth(forecasts: Mapping[str, NodeForecast], top: _Top) -> list[Issue]:
    """Return which commit grows more than any two years that follow each other in the history ever did."""
    issues = []
    for measure, forecast in sorted(forecasts.items()):
        line = top.get((measure, "commit"))
        if line is None or line["growth"] is None:
            continue
        months = forecast.history.filter(pl.col("dimension") == COMPANY).sort("month")["amount_minor"].to_list()
        years = [sum(months[end - 12 : end]) for end in range(len(months), 11, -12)]
        grown = [late / early - 1 for late, early in pairwise(years) if early > 0]
        if len(grown) > 1 and float(str(line["growth"])) > max(grown):
            details = {"growth": say_share(float(str(line["growth"]))), "best": say_share(max(grown)),
                       "years": str(len(years))}  # fmt: skip
            issues.append(Issue(rule="growth_never_seen", severity="note", table="plan", value=measure,
                                details=tuple(details.items())))  # fmt: skip
    return issues


def _tell_customers(settings: PlanSettings, outlook: pl.DataFrame) -> list[Issue]:
    """Return what existing customers leave to new ones, and how many of those are missing."""
    if outlook.is_empty():
        return []
    whole = next(outlook.filter(pl.col("dimension") == "").iter_rows(named=True), None)
    if whole is None or not whole["new_needed_minor"]:
        return []
    asked = [t for t in settings.targets if t.commit_minor == whole["target_minor"] and not t.follows]
    flows = [target for target in asked if settings.measures[target.measure].kind == "flow"]
    if not asked:
        return []
    measure = (flows or asked)[0].measure
    size = 10 ** settings.measures[measure].decimals
    details = {
        "existing": say_number(whole["existing_minor"] / size), "target": say_number(whole["target_minor"] / size),
        **{name: "" if whole[column] is None else say_number(whole[column])
           for name, column in (("needed", "customers_needed"), ("in_hand", "in_hand"), ("missing", "missing"))},
    }  # fmt: skip
    return [Issue(rule="customers_missing", severity="note", table="customers", value=measure,
                  details=tuple(details.items()))]  # fmt: skip


def say_chance(chance: float) -> str:
    """Return a chance in whole percent: simulated years tell no more."""
    return "< 1 %" if chance < 0.01 else "> 99 %" if chance > 0.99 else f"{round(100 * chance)} %"
