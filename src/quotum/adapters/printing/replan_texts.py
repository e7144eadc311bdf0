"""Texts of findings while the rest of a year is planned anew."""

from __future__ import annotations

REPLAN_TEXTS: dict[str, tuple[str, str]] = {
    "replan_outside": (
        "{value} lies outside of the plan ({since} to {until}): nothing is sold of it, or nothing is left.",
        "Give a day of the plan as --as-of.",
    ),
    "replan_unknown_unit": ("{column} names {value}, which the plan does not have.", "Correct [replan.units]."),
    "replan_of_level": ("{value} is a level, not a sum of sales: it stays as it is planned.", "Nothing."),
    "replan_netted": (
        "{value} rows of {measure} had months in which more came back than was sold: these are taken off the months "
        "before.",
        "Nothing: what is due by a day never falls.",
    ),
    "replan_below_zero": (
        "More of {value} came back than was sold so far, by {amount}: the plan has 0 there.",
        "Nothing, if that is right; otherwise look at the returns.",
    ),
    "replan_not_in_plan": (
        "{amount} of {value} were sold by people or units that the plan does not have: they are left out.",
        "Plan them, or correct who owns the customers.",
    ),
    "replan_not_handed": (
        "{value} should take customers over, and the plan of {measure} has no place for a row of theirs: the numbers "
        "stay where they are.",
        "Plan anew with the people there are, or revise the numbers.",
    ),
    "handover_to_nobody": (
        "The {kind} {value} of {person} passes to nobody on {since}.",
        "Name who takes it over: a line in ownership for a customer, the person for a project.",
    ),
    "plan_without_handovers": (
        "{file} was not made by quotum replan: it has no hand-overs.",
        "Give a plan that quotum replan wrote, or leave --plan out.",
    ),
    "replan_no_room": (
        "{amount} of {value} ({level}) find no room in the months ahead within floor and cap: the year cannot be kept.",
        "Raise replan.cap, release holds, or take another policy: `--policy {kept}`.",
    ),
    "replan_ahead": (
        "Some are ahead of their whole year of {value} by {amount} together: they keep it, and their year grows.",
        'Nothing, if that is right; surplus = "relieves" takes it off the others.',
    ),
}
