"""Reads `[forecast]` of plan.toml: which methods compete, how much history counts, how wide ranges are."""

from __future__ import annotations

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.forecast_settings import METHODS, ForecastSettings

FORECAST_SECTIONS = ("forecast",)


def read_forecast(values: object, notes: TomlNotes) -> ForecastSettings:
    """Return what stands under ``[forecast]``; what is left out is usual."""
    section, usual = Section(notes, "forecast", values), ForecastSettings()
    methods = tuple(dict.fromkeys(section.texts("methods"))) or usual.methods
    for method in methods:
        if method not in METHODS:
            section.refuse(
                "setting_choice", "methods", method, known=", ".join(METHODS), nearest=nearest(method, METHODS)
            )
    share = section.number("range", usual.share, low=0.5, high=0.99)
    found = ForecastSettings(
        methods=methods,
        best=section.whole("best", usual.best, 1, len(METHODS)),
        years=section.whole("years", usual.years, 1, 20),
        share=usual.share if share is None else share,
        paths=section.whole("paths", usual.paths, 100, 100_000),
        outside=tuple(dict.fromkeys(section.texts("outside"))),
    )
    section.refuse_rest()
    return found
