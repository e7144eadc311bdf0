"""Reads what plan.toml says beside the targets: given facts, the focus of each quarter, when feasibility warns."""

from __future__ import annotations

from datetime import date

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.basics.nearest import nearest
from quotum.engine.basics.periods import cut_periods
from quotum.engine.tables.feasibility_settings import (
    FACT_GRAINS,
    PER_LAST_YEAR,
    PER_MARKET,
    Fact,
    FeasibilitySettings,
)
from quotum.engine.tables.plan_settings import Measure

FACT_SECTIONS = ("fact", "focus", "feasibility")
_MOST = 1e15
_NUMBERS = ("amount", "at_least", "at_most")


def read_facts(entries: object, notes: TomlNotes) -> tuple[Fact, ...]:
    """Return what stands under ``[[fact]]``; ``per`` another measure needs that measure in a fact or a target."""
    if not isinstance(entries, list):
        notes.add("setting_type", "fact", value=entries, expected="sections")
        return ()
    facts = []
    for place, values in enumerate(entries):
        label = str(values.get("measure", place + 1)) if isinstance(values, dict) else str(place + 1)
        section = Section(notes, f"fact[{place}]", values, f"fact.{label}")
        measure = section.text("measure")
        if not measure:
            section.take("measure", needed=True)
        amount = section.number("amount", high=_MOST)
        low, high = section.number("at_least", amount, high=_MOST), section.number("at_most", amount, high=_MOST)
        day, names, parts = section.day("date"), section.texts("names"), section.weights("parts")
        since, until = section.day("since"), section.day("until")
        fact = Fact(
            measure, low, high, per=section.text("per"), yearly=_read_yes(section, "yearly"), since=since, until=until,
            day=day, names=names, parts=tuple(sorted(parts.items())), source=section.text("source"),
        )  # fmt: skip
        section.refuse_rest()
        if amount is not None and (section.has("at_least") or section.has("at_most")):
            section.refuse("fact_twice", "amount", amount)
        elif not fact.is_number and day is None and not any(section.has(key) for key in _NUMBERS):
            section.refuse("setting_missing", "amount")
        elif low is not None and high is not None and low > high:
            section.refuse("fact_empty", "at_least", f"{low:g}", high=f"{high:g}")
        elif since and until and since >= until:
            section.refuse("period_empty", "until", until, since=since)
        facts.append(fact)
    return tuple(facts)


def check_rates(facts: tuple[Fact, ...], measures: dict[str, Measure], notes: TomlNotes) -> None:
    """Refuse rates per something that nothing else speaks of."""
    known = [*FACT_GRAINS, PER_MARKET, PER_LAST_YEAR, *measures, *sorted({fact.measure for fact in facts})]
    for place, fact in enumerate(facts):
        if fact.per and fact.per not in known:
            notes.add("fact_per_unknown", f"fact[{place}].per", f"fact.{fact.measure}.per", fact.per,
                      nearest=nearest(fact.per, known), known=", ".join(dict.fromkeys(known)))  # fmt: skip


def read_focus(
    values: object, since: date, until: date, fiscal_start: int, notes: TomlNotes
) -> dict[str, tuple[str, ...]]:
    """Return what each quarter is about: ``"2027-Q1" = "win back"`` under ``[focus]``."""
    section = Section(notes, "focus", values)
    quarters = [period.label for period in cut_periods(since, until, "quarter", fiscal_start)]
    for name in section.values:
        if name not in quarters:
            section.refuse("focus_no_quarter", name, name, known=", ".join(quarters), nearest=nearest(name, quarters))
    return {name: section.texts(name) for name in quarters if section.has(name)}


def read_feasibility(values: object, measures: dict[str, Measure], notes: TomlNotes) -> FeasibilitySettings:
    """Return when feasibility warns."""
    section, usual = Section(notes, "feasibility", values), FeasibilitySettings()
    market = section.text("market")
    if market and market not in measures:
        known = ", ".join(measures)
        section.refuse("unknown_measure", "market", market, nearest=nearest(market, measures), known=known)

    def number(key: str, default: float, high: float) -> float:
        found = section.number(key, default, high=high)
        return default if found is None else found

    settings = FeasibilitySettings(
        chance=number("chance", usual.chance, 1.0),
        stretch_chance=number("stretch_chance", usual.stretch_chance, 1.0),
        share_factor=number("share_factor", usual.share_factor, 1e6),
        own_tolerance=number("own_tolerance", usual.own_tolerance, 1e6),
        lead_days=section.whole("lead_days", usual.lead_days, 0, 3660),
        market=market,
    )
    section.refuse_rest()
    return settings


def _read_yes(section: Section, key: str) -> bool:
    value = section.take(key)
    if value is not None and not isinstance(value, bool):
        section.refuse("setting_type", key, value, expected="yes")
    return value is True
