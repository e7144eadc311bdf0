"""Every word of the charts, so that translations have one place to follow."""

from __future__ import annotations

WORDS = {
    "company": "Company", "bullets": "Where everybody stands: {measure}, {level}", "of_target": "Of the target",
    "about_bullets": "Bar: actual. Tick: due by now. Line: range of the outlook. {as_of}",
    "pace": "{who}: {measure} against the plan, {level}", "about_pace": "Running totals; shaded: 80 of 100 simulated "
    "ends lie in it. {as_of}", "plan": "Plan", "actual": "Actual", "outlook": "Outlook", "waterfall":
    "{who}: from what is due to what came, {measure}", "about_waterfall": "{level} on {as_of}",
    "about_waterfall_cut": "{level} on {as_of}; the axis does not begin at 0", "due": "Due by now",
    "heat_map": "Pace by month: {measure}, {level}",
    "about_heat_map": "Actual ÷ plan of the month, whole months up to {as_of}",
    "month": "Month", "driver": "Why",
}  # fmt: skip
