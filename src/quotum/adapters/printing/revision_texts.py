"""Texts of findings while a plan is revised and compared."""

from __future__ import annotations

REVISION_TEXTS: dict[str, tuple[str, str]] = {
    "plan_without_reasons": (
        "The plan does not say how its numbers were split, so it cannot be revised.",
        "Give a folder that `quotum plan` wrote.",
    ),
    "unknown_operation": ("`{value}` is no operation.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "unknown_absorber": ("`{value}` cannot absorb a difference.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "unknown_over": ("`{value}` is nothing to spread over.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "unknown_spread": ("`{value}` is no basis to spread by.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "unknown_layer": ("`{value}` is no layer.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "change_of_follower": (
        "{value} follows {follows} through prices: its numbers are those of the money, counted in pieces.",
        "Change {follows}; {value} comes along.",
    ),
    "change_of_hedge": (
        "The hedge follows commit by the factor of its step; it has no number of its own.",
        "Change commit, or plan anew with another hedge.",
    ),
    "change_needs": ("`{operation}` needs {value}.", "Fill it in."),
    "change_without_effect": ("{value} has this number already; nothing changes.", "Nothing, if that is right."),
    "span_outside": ("The period {value} holds no day of the plan ({since} to {until}).", "Correct the dates."),
    "slice_not_joined": (
        "{value}: the plan does not split these together.",
        "Name members of the rows, or of one cut.",
    ),
    "slice_empty": ("Nothing in the plan is {value}.", "Check the keys together."),
    "slice_cannot": (
        "{value} cannot become {wanted}: it is {amount}, {held} of it held; at least {least}[, at most {most}].",
        "Release a hold, or ask for less.",
    ),
    "siblings_cannot": (
        "{value}: the siblings should give {asked} and have {free} that is not held[ ({held} is)].",
        "Let the parent absorb it, release a hold, or ask for less.",
    ),
    "members_bound": (
        "{value} cannot become {wanted}: the {kind}s of its members stand against it ({members}).",
        "Ask for less, or change these members one by one.",
    ),
    "siblings_bound": (
        "{value}: the siblings cannot give {wanted} within their bounds[; the {kind}s are {members}].",
        "Let the parent absorb it, or ask for less.",
    ),
    "bound_passed": (
        "{value} has {amount} now; its {kind} is {bound} (step {step}).",
        "Nothing, if that is meant; otherwise ask for less.",
    ),
    "limit_broken": (
        "{value} has {amount} from {since} until {until} now; its {kind} is {limit}.",
        "Nothing, if that is meant; otherwise change this number as well.",
    ),
    "no_siblings": ("{value} has no siblings that could absorb the difference.", "Let the parent absorb it."),
    "below_zero": ("{value} would become {wanted} (it is {amount}); no number may be below 0.", "Take off less."),
    "row_below_zero": (
        "A row would fall below 0 in a part of the plan: {value}.",
        "Change the part of the plan that has enough, or take off less.",
    ),
    "member_below_zero": (
        "Earlier changes of customers or products leave less than nothing to others of {value}.",
        "Undo those changes, or take off less.",
    ),
    "total_out_of_range": ("{value}: the total of the plan would leave its range.", "Ask for less."),
    "cut_in_time": (
        "{value} follows the curve of its row: it cannot be changed in a part of the plan, nor absorb over time.",
        "Change it for the whole plan, or change the row in that part.",
    ),
    "level_in_time": ("{value} is a level: it is the same all over the plan.", "Leave since and until out."),
    "hold_on_cut": ("{value} is a member of a cut; only rows are held.", "Hold the row, e.g. the person."),
    "hold_missing": ("There is no such hold on {value}.", "Write it as it was held, or leave it out."),
    "shape_of_rows_only": (
        "{value}: only rows have a shape of their own to give or take.",
        "Name members that the rows are split by; use set, add or scale for others.",
    ),
    "shape_over_time_only": ("The basis {value} says nothing about members.", "Write over = time."),
    "shape_not_matched": (
        "The source has no members like those of the slice.",
        "Copy a slice that is split by the same members, or over = time.",
    ),
    "shape_lengths": (
        "The source has {source} months, the slice {months}.",
        "Give source_since and source_until of the same length.",
    ),
    "shape_empty": ("The source of the shape of {value} has nothing.", "Take another source or basis."),
    "plans_count_differently": (
        "The second plan counts {value} in another unit or way.",
        "Compare plans that count it alike.",
    ),
    "not_from_show": (
        "{file} is no sheet of targets[: it lacks {missing}].",
        "Give a workbook that `quotum show --xlsx` wrote, with its columns.",
    ),
    "hedge_not_edited": (
        "The sheet of {file} holds the hedge; it follows commit and cannot be edited.",
        "Edit a sheet of commit or stretch: `quotum show --level commit --xlsx`.",
    ),
    "line_twice": ("{value} stands in line {first} already, with another amount.", "Remove one of the lines."),
    "line_not_in_plan": ("{value} is not in the plan in these dates.", "Remove the line."),
    "line_without_key": ("{value} stands for members without a key; it cannot be changed.", "Change it by other keys."),
    "factor_unreadable": ("`{value}` is no factor.", "Write it as 1.05, 105% or 1/3; below 0 is not possible."),
    "changes_empty": ("{file} holds no change.", "Write a line for each change."),
    "under_unreadable": ("`{value}` names no key.", "Write dimension=key; dimension=key, such as unit=North."),
    "change_toml": ("{file} is no TOML[: {value}].", "Correct it."),
    "changes_missing": ("There is no file {file}.", "Check the path."),
    "money_too_fine": ("{value} has more decimals than the measure ({decimals}).", "Round it."),
}
