"""Texts of findings about what the year can bring: given facts, the market, chances, the five rules, coming events."""

from __future__ import annotations

FEASIBILITY_TEXTS: dict[str, tuple[str, str]] = {
    "fact_twice": ("{column} stands beside at_least or at_most.", "Give the number once: amount, or its bounds."),
    "fact_empty": ("{column} ({value}) is above at_most ({high}).", "Correct one of them."),
    "fact_per_unknown": (
        "`{value}` is neither a grain of time nor a measure of a fact or target.[ Did you mean {nearest}?]",
        "Use one of: {known}.",
    ),
    "focus_no_quarter": ("`{value}` is no quarter of the plan.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "fact_names_differ": (
        "{value}: {said} are announced, {count} are named: {names}.",
        "Name the others, or correct the number.",
    ),
    "fact_parts_differ": (
        "{value}: the parts make {total} ({parts}), the whole is {said}: {apart} apart.",
        "Correct the whole or a part.",
    ),
    "fact_dates_differ": ("{value}: the dates differ by {days} days: {said}.", "Decide which one holds."),
    "facts_contradict": (
        "{value}: {one} and {other} contradict each other: {first} against {second}[ per {per}], {apart} apart.",
        "Decide which one holds.",
    ),
    "facts_two_readings": (
        "{value}: {one} and {other} can both hold, but are two readings: {first} by the one, {second} by the other"
        "[ per {per}].",
        "Say which one people are held to.",
    ),
    "fact_leaves_gap": (
        "{value}: {said} makes {made} in the plan, the target is {target}: {missing} are missing"
        "[; it takes {mean} per {grain} on average].",
        "Ask for more[ per {grain}], or lower the target.",
    ),
    "fact_above_target": (
        "{value}: {said} makes {made} in the plan, {more} more than the target of {target}.",
        "Raise the target, or ask for less.",
    ),
    "fact_product": (
        "{value}: {said} makes {made}[ per {per} on average][ ({short} in a month of 28 days)]; {other} was said: "
        "{apart} apart.[ {part} of it is enough for {least}][, {enough} of {of}].",
        "Decide which of the numbers holds.",
    ),
    "fact_won_in_year": (
        "{value}: {said} makes {full} only if each brings a full year's business. Won at {pace} and counted from the "
        "first order they bring {low} to {high}; the target is {target}.",
        "Win more or earlier, or let existing customers bring the rest.",
    ),
    "said_share_differs": (
        "{value}: the target is {implied} of the market ({target} of {whole}); {said} was said.",
        "Correct the share or the target.",
    ),
    "said_growth_differs": (
        "{value}: the target is {implied} of last year ({target} to {whole}); {said} was said.",
        "Correct the growth or the target.",
    ),
    "share_multiplied": (
        "{value}[ in {where}] asks for {implied} of the market ({target} of {capacity}); the share is {now}: "
        "{factor} times as much.",
        "Ask for less, or say who loses that much.",
    ),
    "target_above_market": (
        "{value}[ in {where}] is {target}, the whole market only {capacity}.",
        "Correct the market or the target.",
    ),
    "competitors_leave_less": (
        "{value}[ in {where}] asks for {implied} of the market, but competitors hold {held}: {left} is left.",
        "Say from whom the rest is to come.",
    ),
    "market_own_differs": (
        "{value}[ in {where}]: the market's own sales of {year} are {own}, the sales table has {sold}.",
        "Correct the table market, or say under [feasibility] which measure it counts.",
    ),
    "market_old": (
        "The market is that of {value}; the plan is for {year}.",
        "Add the plan's year to the table market.",
    ),
    "chance_low": (
        "{value}[ ({where})]: {level} has a chance of {chance}; {target} is asked, {likely} is likely "
        "({low} to {high}).",
        "Lower the target, or say what will bring the rest.",
    ),
    "chances_low_below": (
        "{value}: {count} of {of} ({dimension}) have a chance below {limit} of their part of commit: {names}.",
        "Split by what they can bring, or help them first.",
    ),
    "growth_never_seen": (
        "{value}: commit grows by {growth}; the best of the last {years} years grew by {best}.",
        "Say what is different this time.",
    ),
    "customers_missing": (
        "{value}: existing customers bring {existing} of {target}[; {needed} new ones are needed][, {in_hand} in hand]"
        "[, {missing} are missing].",
        "Find them, or let existing ones grow.",
    ),
    "rule_not_quantified": ("{value} has no amount above 0.", "Give it a number, or remove the target."),
    "rule_not_grounded": ("The targets are not grounded in: {value}.", "Add {tables}."),
    "rule_not_linked": (
        "The targets are not linked to quarter, month, week and day: no step splits along the calendar.",
        'Add a step with along = "calendar".',
    ),
    "rule_no_focus": (
        "No focus is given for {value}.",
        'Say under [focus] what each quarter is about: "{first}" = "…".',
    ),
    "rule_many_focuses": ("{value} has {count} focuses: {names}.", "Choose one; what is all important is nothing."),
    "event_ahead": (
        "{value}[ ({where})] begins on {since}, in {days} days, and counts {effect} times until {until}.",
        "Prepare it now.",
    ),
}
