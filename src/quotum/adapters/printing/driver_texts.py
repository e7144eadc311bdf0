"""Texts of findings about drivers: formulas, known values, what there is of them."""

from __future__ import annotations

DRIVER_TEXTS: dict[str, tuple[str, str]] = {
    "formula_letter": (
        "`{value}` at letter {at} of the formula is nothing a formula knows.",
        "Formulas have numbers, names, + - * / ^ ( ) , % and comparisons within if().",
    ),
    "formula_ends": ("The formula ends at letter {at}[; wanted: {wanted}].", "Complete the formula."),
    "formula_unexpected": (
        "At letter {at} of the formula there is `{value}`[; wanted: {wanted}].",
        "Correct the formula.",
    ),
    "formula_number": ("The number `{value}` at letter {at} is above {most}.", "Use a smaller number."),
    "formula_too_long": ("The formula is too long (`{value}`).", "Split it into several drivers."),
    "formula_too_deep": (
        "The formula has more within one another at letter {at} than can be read ({most}).",
        "Split it into several drivers.",
    ),
    "formula_function": (
        "There is no function `{value}` (letter {at}).[ Did you mean {nearest}?]",
        "Use one of: {known}; a driver and a bracket need a * between them.",
    ),
    "formula_arguments": ("`{value}` at letter {at} takes {low} to {high} parts.", "Correct the formula."),
    "formula_lag_unit": ("A lag in `{value}` is not known (letter {at}).", "Use one of: {known}."),
    "formula_lag": (
        "The lag `{value}` at letter {at} is none.",
        "Write lag(visits, 14 days): a whole number, at least 1 and at most {most} days.",
    ),
    "driver_name": (
        "`{value}` cannot be the name of a driver.",
        "Use letters, digits and underscores; min, max, if, lag and the like are taken.",
    ),
    "driver_unknown": (
        "There is no driver `{value}`[ (letter {at} of the formula)].[ Did you mean {nearest}?]",
        "Correct the name, or add it to [drivers].",
    ),
    "driver_circle": ("The formulas go round in a circle: {value}.", "One of them must be known."),
    "driver_too_many": ("There are {value} drivers; {most} are the most.", "Use fewer."),
    "driver_grain": (
        "`{value}` mixes what adds up over time with what does not ({left}, {right}; letter {at}).",
        'Say how often a known value comes: { value = …, per = "month" }, or multiply by months or working_days.',
    ),
    "driver_grain_twice": (
        "`{value}` multiplies or divides by time so that it adds up over time not once ({grain}; letter {at}).",
        "Multiply by working_days, weeks or months only once.",
    ),
    "driver_units": (
        "`{value}` is in {right}, but {left} is wanted (letter {at}).",
        "Correct measured_in, or the formula.",
    ),
    "driver_so_far": (
        "so_far({name}): {name} does not add up over time (letter {at}).",
        'Give it a `per`, such as per = "month".',
    ),
    "driver_kind": (
        "{column} says {value}: a driver is either a formula, a value, an estimate, or people.",
        "Keep one of them.",
    ),
    "driver_bounds": ("The range of {column} is empty: low is {value}, high {high}.", "low ≤ value ≤ high."),
    "driver_no_value": (
        "{column}: `{value}` has no value in {period} (places in all: {count}), e.g. it divides by zero.",
        "Use if(… == 0, 0, …), or correct what it divides by.",
    ),
    "driver_no_history": (
        "{column}: the tables have nothing to estimate {value} from in the twelve months before as_of.",
        "Give a value.",
    ),
    "driver_no_target": (
        "{column} takes the plan's target, but {value} is no measure with a target.",
        "Call the driver as the measure of a [[target]], or give a value.",
    ),
    "driver_not_there": ("There is no driver `{value}`.[ Did you mean {nearest}?]", "Known are: {known}."),
    "driver_change": (
        "`{value}` is no value of a driver.",
        "Write --set orders_per_visit=0.25, or for heads --set new_office.since=2027-07-10.",
    ),
    "driver_template_unknown": ("There is no template `{value}`.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "drivers_missing": (
        "plan.toml has no [drivers].",
        "Write them, or take a template: `quotum drivers --templates`.",
    ),
    "driver_goal_missing": (
        "No driver that is made from {value} has a goal.",
        "Call a driver as the measure of a target, or say the goal: --set revenue=5600000.",
    ),
    "driver_not_solved": (
        "No {value} makes {goal} {wanted}[: with {value} {now} it is {reached}][; it would have to be {needed}]"
        "[, but it may be {low} to {high}].",
        "Loosen its bounds, or change another driver.",
    ),
    "capacity_short": (
        "{value}: {need} are needed[ for {goal}], there are {have}[ ({covers})].[ Each alone would do: {ways}.]",
        "Choose a way out, or ask for less; `quotum drivers` shows the tree.",
    ),
    "capacity_never": (
        "{value}: nothing within its bounds would do[ for {goal}]; there are {have}.",
        "Change several drivers, or ask for less; `quotum drivers` shows the tree.",
    ),
    "norm_syntax": (
        "{column} is `{value}`; wanted: a number a day, a week or a month.",
        'Write it like "30 a day" or "20 a week".',
    ),
}
