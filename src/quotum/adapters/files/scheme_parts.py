"""Reads the parts of a scheme: scorecards with their lines, commissions, cost quotas."""

from __future__ import annotations

import math
from typing import Any

from quotum.adapters.files.toml_sections import Section
from quotum.engine.appraisal.schemes import (
    BASES_OF_COMMISSION,
    INFINITE,
    MISSING,
    QUOTA_BASES,
    SCORES,
    VETO_LEVELS,
    VOIDS,
    Band,
    Commission,
    CostQuota,
    Deduction,
    Improvement,
    LastPlace,
    Line,
    Pay,
    Scorecard,
    Veto,
)

_EVERY = ("month", "quarter", "half", "year")
_LARGEST = 1e12


def read_scorecard(section: Section, decimals: int) -> Scorecard:
    """Return a scorecard; what is wrong goes to the section's notes."""
    card = Scorecard(
        name=section.text("name"), lines=tuple(_read_line(line) for line in _below(section, "line")),
        of=section.text("of", "person", choices=("person", "unit")), roles=section.texts("roles"),
        people=section.texts("people"), units=section.texts("units"), kinds=section.texts("kinds"),
        every=section.text("every", "month", choices=_EVERY), effect=section.text("effect"),
        missing=section.text("missing", "zero", choices=MISSING),
        floor=_number(section, "floor"), cap=_number(section, "cap"), weights=_number(section, "weights") or 100.0,
        bands=tuple(read_band(band, "name") for band in _below(section, "band")),
        vetoes=tuple(_read_veto(veto) for veto in _below(section, "veto")),
        pay=_read_pay(_one(section, "pay"), decimals) if section.has("pay") else None,
        last=_read_last(_one(section, "last")) if section.has("last") else None,
        improve=_read_improvement(_one(section, "improve")) if section.has("improve") else None,
        head_roles=section.texts("head_roles") or ("manager", "head"),
    )  # fmt: skip
    if not card.name:
        section.refuse("setting_missing", "name")
    if not card.lines:
        section.refuse("setting_missing", "line")
    section.refuse_rest()
    return card


def read_commission(section: Section) -> Commission:
    """Return a commission; what is wrong goes to the section's notes."""
    accelerator = _one(section, "accelerator")
    factors = [
        (column, key, factor)
        for column in ("product", "category")
        for key, factor in section.weights(f"{column}_factors").items()
    ]
    commission = Commission(
        name=section.text("name"), on=section.text("on", "ordered", choices=tuple(BASES_OF_COMMISSION)),
        roles=section.texts("roles"), people=section.texts("people"),
        every=section.text("every", "month", choices=_EVERY), target=section.text("target"),
        tiers=tuple(read_band(band, "rate") for band in _below(section, "tier")),
        accelerate_from=accelerator.number("from", INFINITE, high=_LARGEST) or INFINITE,
        accelerator=accelerator.number("factor", 1.0, high=100) or 1.0,
        new_factor=section.number("new_factor", 1.0, high=100) or 0.0,
        new_months=section.whole("new_months", 12, 1, 120),
        factors=tuple(factors), margins=tuple(read_band(band, "factor") for band in _below(section, "margin")),
        since=section.day("since"), until=section.day("until"),
    )  # fmt: skip
    accelerator.refuse_rest()
    section.refuse_rest()
    return commission


def read_quota(section: Section) -> CostQuota:
    """Return a cost quota; what is wrong goes to the section's notes."""
    quota = CostQuota(
        item=section.text("item"), quota=section.number("quota", 0.0, high=_LARGEST) or 0.0,
        basis=section.text("basis", "amount", choices=QUOTA_BASES),
        of=section.text("of", "unit", choices=("person", "unit")), people=section.texts("people"),
        units=section.texts("units"), every=section.text("every", "month", choices=_EVERY),
        keeps=section.number("keeps", 1.0, high=1.0) or 0.0, fixed=section.take("fixed") is True,
        output=section.text("output", "revenue"),
    )  # fmt: skip
    section.refuse_rest()
    return quota


def read_band(section: Section, holds: str) -> Band:
    """Return a band: ``from`` and ``to`` belong to it, ``above`` and ``below`` do not; ``holds``: name or value."""
    low, high = _number(section, "from"), _number(section, "to")
    above, below = _number(section, "above"), _number(section, "below")
    name = section.text("name") if holds == "name" else ""
    value = 0.0 if holds == "name" else section.number(holds, 0.0, -_LARGEST, _LARGEST) or 0.0
    for one, other in (("from", "above"), ("to", "below")):
        if section.has(one) and section.has(other):
            section.refuse("band_end_twice", one, other=other)
    section.refuse_rest()
    return Band(name, _first(low, above, -INFINITE), _first(high, below, INFINITE), above is None, below is None, value)


def _first(one: float | None, other: float | None, usual: float) -> float:
    return one if one is not None else other if other is not None else usual


def _read_line(section: Section) -> Line:
    score = section.text("score", "proportional", choices=SCORES)
    cap, each, most = _number(section, "cap"), _number(section, "each"), _number(section, "most")
    target = section.take("target")
    line = Line(
        indicator=section.text("indicator"), weight=section.number("weight", 0.0, high=_LARGEST) or 0.0, score=score,
        target=target if isinstance(target, str) else "" if target is None else _write(section, target),
        floor=_number(section, "floor") or 0.0, cap=cap, start=_number(section, "start") or 0.0,
        steps=tuple(read_band(step, "part") for step in _below(section, "step")),
        deductions=tuple(_read_deduction(event) for event in _below(section, "deduct")),
        each=each or 0.0, above=_number(section, "above") or 0.0, most=INFINITE if most is None else most,
        scale=_number(section, "scale") or 100.0, missing=section.text("missing", choices=MISSING),
        owner=section.text("owner"), supplies=section.text("supplies"), supervises=section.text("supervises"),
        parts=tuple(sorted(section.weights("parts").items())), from_scorecard=section.text("from_scorecard"),
    )  # fmt: skip
    if not line.indicator:
        section.refuse("setting_missing", "indicator")
    if cap is not None and line.floor > cap:
        section.refuse("setting_range", "floor", line.floor, low="-", high=f"{cap:g}")
    if line.score == "steps" and not line.steps:
        section.refuse("setting_missing", "step")
    section.refuse_rest()
    return line


def _write(section: Section, target: object) -> str:
    """Return a target that is a number as a formula."""
    number = section.number("target", 0.0, -_LARGEST, _LARGEST) or 0.0
    return f"{number:.12f}".rstrip("0").rstrip(".") if math.isfinite(number) else str(target)


def _read_deduction(section: Section) -> Deduction:
    found = Deduction(section.text("kind"), section.number("points", 0.0, high=_LARGEST) or 0.0,
                      section.text("severity"), section.number("share", 0.0, high=1.0) or 0.0)  # fmt: skip
    section.refuse_rest()
    return found


def _read_veto(section: Section) -> Veto:
    found = Veto(section.texts("kinds"), section.texts("voids") or ("award", "promotion"),
                 section.texts("levels") or ("person",), section.texts("severities"))  # fmt: skip
    for key, values, known in (("voids", found.voids, VOIDS), ("levels", found.levels, VETO_LEVELS)):
        for value in values:
            if value not in known:
                section.refuse("setting_choice", key, value, known=", ".join(known), nearest="")
    section.refuse_rest()
    return found


def _read_pay(section: Section, decimals: int) -> Pay:
    found = Pay(
        full_at=section.number("full_at", 85.0, 0.01, 1e6) or 85.0,
        lowest=section.number("lowest", 0.0, high=1.0) or 0.0,
        step=section.number("step", None, high=10.0), most=section.number("most", None, 1.0, 100.0),
        amount_minor=section.minor("amount", decimals, 2**53),
        coefficients=tuple(sorted(section.weights("coefficients").items())),
    )  # fmt: skip
    section.refuse_rest()
    return found


def _read_last(section: Section) -> LastPlace:
    below = section.number("below", INFINITE, high=_LARGEST) or 0.0
    found = LastPlace(section.number("part", 0.0, high=1.0) or 0.0, below, section.text("effect"))
    section.refuse_rest()
    return found


def _read_improvement(section: Section) -> Improvement:
    found = Improvement(section.number("below", 0.0, high=_LARGEST) or 0.0, section.whole("days", 30, 1, 3_660),
                        section.text("consequence"))  # fmt: skip
    section.refuse_rest()
    return found


def _number(section: Section, key: str) -> float | None:
    return section.number(key, None, -_LARGEST, _LARGEST)


def _one(section: Section, key: str) -> Section:
    values: Any = section.take(key)
    return Section(section.notes, f"{section.path}.{key}", {} if values is None else values, f"{section.label}.{key}")


def _below(section: Section, key: str) -> list[Section]:
    """Return the sections of a list within a section."""
    entries = section.take(key)
    if entries is None:
        return []
    if not isinstance(entries, list):
        section.refuse("setting_type", key, type(entries).__name__, expected="sections")
        return []
    return [
        Section(
            section.notes, f"{section.path}.{key}[{place}]", values, f"{section.label}.{key}.{_name(values, place)}"
        )
        for place, values in enumerate(entries)
    ]


def _name(values: object, place: int) -> str:
    return str(values.get("indicator", place + 1) if isinstance(values, dict) else place + 1)
