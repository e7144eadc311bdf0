"""Reads plan.toml into the engine's settings; everything that is wrong with it is said at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from quotum.adapters.files.currencies import currency_decimals
from quotum.adapters.files.customer_toml import CUSTOMER_SECTIONS, read_customer_settings
from quotum.adapters.files.plan_drivers import DRIVER_SECTIONS, read_drivers
from quotum.adapters.files.plan_facts import FACT_SECTIONS, check_rates, read_facts, read_feasibility, read_focus
from quotum.adapters.files.plan_forecast import FORECAST_SECTIONS, read_forecast
from quotum.adapters.files.plan_overrides import apply_overrides
from quotum.adapters.files.plan_rates import PlanRates, read_rates
from quotum.adapters.files.plan_replan import REPLAN_SECTIONS, read_replan
from quotum.adapters.files.plan_steps import read_steps
from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.adapters.files.visit_toml import VISIT_SECTIONS, read_visits
from quotum.adapters.files.warning_toml import WARNING_SECTIONS, read_warnings
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.plan_settings import ACTUALS, Measure, PlanSettings, Target

SECTIONS = (
    *("plan", "target", "step", "measures", "history", "ramp", "import", "rates"),
    *FACT_SECTIONS,
    *CUSTOMER_SECTIONS,
    *FORECAST_SECTIONS,
    *DRIVER_SECTIONS,
    *VISIT_SECTIONS,
    *REPLAN_SECTIONS,
    *WARNING_SECTIONS,
)
LATER_SECTIONS = (
    "appraisal",
    "scorecard",
    "documents",
)
"""Sections that other parts of quotum read, or will: they are let through."""
MOST_DAYS = 3_660
_KINDS = ("flow", "level", "ratio")
_HISTORIES = ("amount", "quantity", "margin", "orders", "customers")


def read_settings(path: Path, overrides: Sequence[str] = ()) -> tuple[PlanSettings | None, list[Issue]]:
    """Read plan.toml with ``overrides`` such as ``plan.until=2027-07-01``: (settings or None with errors, issues)."""
    document, notes = read_document(path, overrides)
    return make_settings(document, notes), notes.issues


def make_settings(document: dict[str, Any] | None, notes: TomlNotes) -> PlanSettings | None:
    """Return what a parsed plan.toml says, None with errors; the findings go to ``notes``."""
    if document is None:
        return None
    for name in document:
        if name in LATER_SECTIONS:
            notes.add("section_later", name, severity="note")
        elif name not in SECTIONS:
            notes.add("section_unknown", name, nearest=nearest(name, (*SECTIONS, *LATER_SECTIONS)))
    settings = _read_plan(document, notes)
    return None if stops(notes.issues) else settings


def read_document(path: Path, overrides: Sequence[str] = ()) -> tuple[dict[str, Any] | None, TomlNotes]:
    """Parse plan.toml and write the overrides into it: numbers with a point stay decimals."""
    notes = TomlNotes(path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        notes = TomlNotes(path.name, text)
        document = tomllib.loads(text, parse_float=Decimal)
    except FileNotFoundError:
        notes.add("settings_missing", value=path.name)
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        notes.issues.append(Issue(rule="not_utf8", file=path.name, line=line))
    except OSError as problem:
        notes.add("file_unreadable", value=problem.strerror)
    except (ValueError, RecursionError, ArithmeticError) as problem:
        found = re.search(r"\(at line (\d+), column \d+\)", str(problem))
        words = str(problem).replace(found[0], "").strip() if found else str(problem)
        notes.issues.append(
            Issue(rule="toml_syntax", file=path.name, line=int(found[1]) if found else None, value=words[:200])
        )
    else:
        apply_overrides(document, overrides, notes)
        return document, notes
    return None, notes


def find_period(document: dict[str, Any]) -> tuple[date, date, date, int] | None:
    """Return since, until, as_of and fiscal_start of a parsed plan.toml, None where they are not all right."""
    plan = Section(TomlNotes(""), "plan", document.get("plan", {}))
    since, until, as_of = _read_period(plan)
    fiscal_start = plan.whole("fiscal_start", 1, 1, 12)
    if since is None or until is None or as_of is None or plan.notes.issues:
        return None
    return since, until, as_of, fiscal_start


def _read_plan(document: dict[str, Any], notes: TomlNotes) -> PlanSettings | None:
    """Return the settings that a parsed plan.toml describes; with errors they may be incomplete."""
    plan = Section(notes, "plan", document.get("plan", {}))
    since, until, as_of = _read_period(plan)
    currency = plan.text("currency", "").upper()
    if not currency:
        notes.add("currency_assumed", "plan", "plan.currency", severity="warning", value="EUR")
        currency = "EUR"
    elif not re.fullmatch("[A-Z]{3}", currency):
        plan.refuse("setting_type", "currency", currency, expected="currency")
    country = plan.text("country", "").upper()
    if not re.fullmatch("([A-Z]{2})?", country):
        plan.refuse("setting_type", "country", country, expected="country")
    name, fiscal_start = plan.text("name", "Plan"), plan.whole("fiscal_start", 1, 1, 12)
    seed, hedge_cap = plan.whole("seed", 1, 0, 2**31 - 1), plan.number("hedge_cap", low=1.0, high=100.0)
    plan.refuse_rest()

    decimals = currency_decimals(currency)
    measures = _read_measures(document.get("measures", {}), decimals, notes)
    rates = read_rates(document.get("rates", {}), currency, notes)
    targets = _read_targets(document.get("target", []), measures, rates, notes)
    steps = read_steps(document.get("step", []), targets, measures, notes)
    history = Section(notes, "history", document.get("history", {}))
    years = history.numbers("years", (3, 2, 1), (1, 20))
    if any(year != int(year) for year in years) or not any(years):
        history.refuse("setting_type", "years", list(map(str, years)), expected="whole_weights")
    history.refuse_rest()
    ramp = Section(notes, "ramp", document.get("ramp", {}))
    months = ramp.numbers("months", (0.25, 0.5, 0.75), (0, 36), high=1)
    ramp.refuse_rest()
    customers = read_customer_settings(document, notes)
    facts = read_facts(document.get("fact", []), notes)
    check_rates(facts, measures, notes)
    drivers = read_drivers(document, notes)
    feasibility = read_feasibility(document.get("feasibility", {}), measures, notes)
    forecast = read_forecast(document.get("forecast", {}), notes)
    if since is None or until is None or as_of is None:
        return None
    return PlanSettings(
        facts=facts,
        focus=read_focus(document.get("focus", {}), since, until, fiscal_start, notes),
        feasibility=feasibility,
        forecast=forecast,
        drivers=drivers,
        visits=read_visits(document, since, until, notes),
        replan=read_replan(document.get("replan", {}), notes),
        warnings=read_warnings(document.get("warnings", {}), notes),
        name=name,
        since=since,
        until=until,
        as_of=as_of,
        targets=targets,
        steps=steps,
        measures=measures,
        country=country,
        currency=currency,
        currency_decimals=decimals,
        fiscal_start=fiscal_start,
        seed=seed,
        history_years=tuple(int(year) for year in years),
        ramp=months,
        rates=dict(rates.rates),
        customers=customers,
        hedge_cap=hedge_cap,
    )


def _read_period(plan: Section) -> tuple[date | None, date | None, date | None]:
    """Return since, until and as_of; as_of is by default the day before the plan begins."""
    since, until, as_of = plan.day("since", needed=True), plan.day("until", needed=True), plan.day("as_of")
    if since and until and since >= until:
        plan.refuse("period_empty", "until", until, since=since)
    elif since and until and (until - since).days > MOST_DAYS:
        plan.refuse("period_too_long", "until", until, since=since, days=MOST_DAYS)
    if as_of and until and as_of >= until:
        plan.refuse("as_of_after_plan", "as_of", as_of, until=until)
    if as_of is None and since is not None:
        as_of = since - timedelta(days=1)
    return since, until, as_of


def _read_measures(sections: object, decimals: int, notes: TomlNotes) -> dict[str, Measure]:
    """Return the built-in measures and those under ``[measures.NAME]``."""
    measures = {
        "revenue": Measure("revenue", "flow", decimals, "amount"),
        "units": Measure("units", "flow", 0, "quantity"),
        "gross_profit": Measure("gross_profit", "flow", decimals, "margin"),
    }
    given = Section(notes, "measures", sections)
    for name, values in given.values.items():
        section = Section(notes, f"measures.{name}", values)
        known = measures.get(name, Measure(name))
        kind = section.text("kind", known.kind, choices=_KINDS)
        places = section.whole("decimals", known.decimals, 0, 6)
        history = section.text("history", known.history, choices=_HISTORIES)
        actual = section.text("actual", known.actual, choices=ACTUALS)
        over, under = section.text("numerator"), section.text("denominator")
        tolerance, floors = section.number("tolerance", high=10.0), section.weights("floors")
        for key, given_one in (("tolerance", tolerance is not None), ("floors", floors)):
            if given_one and kind != "ratio":
                section.refuse("only_for_ratios", key)
        section.refuse_rest()
        if kind == "ratio":
            for key, part in (("numerator", over), ("denominator", under)):
                if not part:
                    section.refuse("setting_missing", key)
        measures[name] = Measure(name, kind, places, history, over, under, tolerance, floors, actual)  # type: ignore[arg-type]
    for measure in measures.values():
        for key, part in (("numerator", measure.numerator), ("denominator", measure.denominator)):
            if part and (part not in measures or measures[part].kind == "ratio"):
                parts = [known.name for known in measures.values() if known.kind != "ratio"]
                notes.add("unknown_measure", f"measures.{measure.name}.{key}", value=part, nearest=nearest(part, parts),
                          known=", ".join(parts))  # fmt: skip
    return measures


def _read_targets(
    entries: object, measures: dict[str, Measure], rates: PlanRates, notes: TomlNotes
) -> tuple[Target, ...]:
    """Return the numbers at the top."""
    targets: dict[str, Target] = {}
    if not isinstance(entries, list) or not entries:
        notes.add("target_missing", "target")
        return ()
    for place, values in enumerate(entries):
        label = str(values.get("measure", place + 1)) if isinstance(values, dict) else str(place + 1)
        section = Section(notes, f"target[{place}]", values, f"target.{label}")
        name = section.text("measure", "")
        if not name:
            section.take("measure", needed=True)
        measure = measures.get(name)
        follows = section.text("follows")
        rates.check_currency(section, measure)
        commit = rates.read_amount(section, "commit", measure, needed=not follows)
        stretch = rates.read_amount(section, "stretch", measure, needed=False)
        section.refuse_rest()
        if name and measure is None:
            section.refuse(
                "unknown_measure", "measure", name, nearest=nearest(name, measures), known=", ".join(measures)
            )
        elif measure and measure.kind == "ratio":
            section.refuse("target_of_ratio", "measure", name)
        elif name in targets:
            section.refuse("target_twice", "measure", name)
        elif follows and (commit is not None or stretch is not None):
            section.refuse("follows_with_total", "follows", follows)
        elif follows and (follows not in targets or targets[follows].follows):
            section.refuse("follows_unknown", "follows", follows, known=", ".join(targets))
        elif follows:
            targets[name] = Target(name, 0, 0, follows)
        elif commit is not None and stretch is not None and stretch < commit:
            section.refuse("target_stretch_below_commit", "stretch", values["stretch"], commit=values["commit"])
        elif commit is not None and name:
            targets[name] = Target(name, commit, commit if stretch is None else stretch)
    return tuple(targets.values())
