"""Texts of findings about plan.toml and the settings given on the command line."""

from __future__ import annotations

SETTINGS_TEXTS: dict[str, tuple[str, str]] = {
    "settings_missing": ("There is no {value}.", "Write one; `quotum new` makes one with comments."),
    "toml_syntax": (
        "The file cannot be understood here: {value}.",
        "Correct the line; text stands in quotes, dates without.",
    ),
    "section_unknown": ("The section {column} is not known.[ Did you mean {nearest}?]", "Rename it, or remove it."),
    "section_later": ("The section {column} is not used by this command.", "Nothing."),
    "setting_unknown": ("The setting {column} is not known.[ Did you mean {nearest}?]", "Rename it, or remove it."),
    "setting_missing": ("The setting {column} is missing.", "Add it."),
    "setting_type": (
        "{column} is `{value}`; wanted: {expected}[ ({low} to {high} of them)].",
        "Correct it; docs/reference/plan-toml.md has an example of each.",
    ),
    "setting_range": ("{column} is {value}; it may be from {low} to {high}.", "Correct it."),
    "setting_choice": ("{column} is `{value}`.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "currency_assumed": ("No currency is given; {value} is assumed.", 'Add currency = "…" to [plan].'),
    "period_empty": ("It ends ({value}) before it begins ({since}).", "`until` is the first day after it."),
    "period_too_long": ("The plan is longer than {days} days.", "Correct `since` or `until`."),
    "as_of_after_plan": (
        "as_of ({value}) lies after the plan.",
        "as_of is the last day of history, mostly the day before the plan.",
    ),
    "target_missing": ("No target is given.", "Add [[target]] with measure and commit."),
    "target_converted": (
        "{given} {code} are {value} {plan} at the plan rate {rate}.",
        "Nothing, if that is right.",
    ),
    "target_twice": ("The measure {value} has two targets.", "Keep one of them."),
    "target_too_large": (
        "{column} is {value}: 2^53 smallest units or more are refused.",
        "Check the number; it is in major units.",
    ),
    "target_of_ratio": (
        "{value} is a ratio: it is recomputed from its parts and has no target of its own.",
        "Set targets for its numerator and denominator.",
    ),
    "amount_negative": ("{column} is {value}; it may not be below 0.", "Correct it."),
    "money_decimals": ("{column} is {value}; the measure has {decimals} decimals.", "Round it."),
    "target_stretch_below_commit": (
        "The stretch ({value}) is below the commitment ({commit}).",
        "The stretch is the higher number.",
    ),
    "unknown_measure": (
        "The measure `{value}` is not known.[ Did you mean {nearest}?]",
        "Known are: {known}. Own ones go under [measures.NAME].",
    ),
    "step_kind": ("The step needs either `across` or `along`.", "Give one of the two."),
    "step_name_twice": ("Two steps are called {value}.", "Give one of them another name."),
    "step_of_unknown": ('`of = "{value}"` names no earlier step.[ Did you mean {nearest}?]', "Use one of: {known}."),
    "follows_with_total": (
        "A measure that follows {value} has no total of its own: it is the sum of the pieces.",
        "Leave out commit and stretch, or `follows`.",
    ),
    "follows_unknown": (
        "`follows` names {value}, which is no target before this one with a total of its own.",
        "Name one of: {known}.",
    ),
    "only_for_ratios": ("{column} is for measures of the kind ratio.", "Leave it out, or set kind = \"ratio\"."),
    "reconcile_not_for": ("Proposals name people and customers, not the dimension {value}.", "It goes with: {known}."),
    "two_along": ("There are two steps along the calendar.", "Keep one."),
    "unknown_basis": ("The basis `{value}` is not known.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "basis_not_yet": ("`{value}` is not there yet.", "Use another basis, such as history."),
    "manual_without_weights": ("The basis manual needs weights.", "Add weights = { … } to the step."),
    "weights_all_zero": ("{column} holds nothing above 0.", "Give at least one a weight."),
    "rates_missing": ('season = "table" needs twelve rates, not all 0.', "Add rates = [ … ], January first."),
    "floor_above_cap": ("{column} ({value}) does not fit to the cap ({cap}).", "floor ≤ cap ≤ stretch_cap."),
    "override_syntax": ("`{value}` is no setting.", "Write --set plan.until=2027-07-01 or --set step.person.cap=1.5."),
    "override_unknown": (
        "`{value}` names nothing that plan.toml has.[ Did you mean {nearest}?]",
        "[Known are: {known}.]",
    ),
}
