"""Texts of findings while a plan is made, written, read and asked."""

from __future__ import annotations

PLANNING_TEXTS: dict[str, tuple[str, str]] = {
    "no_plan_rate": (
        "The plan has no rate of {value}.[ Did you mean {nearest}?]",
        "Use one of: {known}. Plan rates stand under [rates] in plan.toml.",
    ),
    "not_money": ("{value} is no money.", "Leave out --currency, or name a measure of money."),
    "shown_in_currency": (
        "Converted at the plan rate, 1 {value} = {rate} {plan}; the plan itself is in {plan}.",
        "Other tables of the same may differ by the smallest unit, as each adds up by itself.",
    ),
    "too_much_of_currency": ("In {value} the amounts are beyond what can be counted exactly.", "Check its plan rate."),
    "sheet_converted": (
        "The sheet is in {value}, the plan in {plan}: what would come back could not be exact.",
        "Edit a workbook that was written without --currency.",
    ),
    "unknown_country": (
        "No calendar is known for the country {value}.",
        "Use its two letters, e.g. CN, or leave it empty.",
    ),
    "provisional_calendar": (
        "The holidays of {year} in {value} are not announced yet: the days are provisional.",
        "Plan again when they are.",
    ),
    "step_not_in_line": (
        "Step {column} splits {value}, but before the calendar each step splits the one before it ({before}).",
        "Leave `of` out, or move the step behind the calendar.",
    ),
    "step_of_no_row": (
        "Step {column} splits {value}, which is neither the rows ({rows}) nor a cut made before it.",
        "Name one of these in `of`.",
    ),
    "dimension_twice": ("Step {column} splits by {value} again.", "Remove one of the two steps."),
    "basis_not_for_dimension": (
        "The basis {value} says nothing about {across}.",
        "It fits to: {fits}. Use another basis.",
    ),
    "negative_weight": (
        "{members} members have more returns than sales (e.g. {value}); their basis {basis} counts as 0.",
        "Nothing, if that is right.",
    ),
    "fallback_used": (
        "Step {column}: {parents} parents have nothing to split by[ (first: {first})]; {value} was used.",
        "Nothing, if that is right.",
    ),
    "margin_unknown": (
        "{products} products have no price and cost; the company's margin ({rate}) is taken.",
        "Add price and cost.",
    ),
    "event_scope_not_in_rows": (
        "Events by {dimension} ({events}, e.g. {value}) have no effect: the rows are split by {rows}.",
        "Split by {dimension} before the calendar, or widen their scope.",
    ),
    "lock_on_several": (
        "The lock on {value} finds it below {parents} parents of step {step}, which gives whole lots.",
        "Lock a member that has one parent, or leave the lots out.",
    ),
    "locks_contradict": ("The locks on {value} leave no amount that keeps them all.", "Remove or change one of them."),
    "stretch_below_commit": (
        "The lock on {value} holds its stretch at {amount}, but its commit alone is {commit}.",
        "Raise the amount, or bind its commit too.",
    ),
    "lock_without_step": (
        "The line on {value} has no effect: no step splits by {dimension}.",
        "Steps split by: {steps}.",
    ),
    "lock_without_member": ("The line on {value} has no effect: nobody of that key gets a number.", "Correct the key."),
    "lock_in_time_no_row": (
        "The lock on {value} in a part of the plan reaches no row.",
        "Lock a member of the rows, or a place above them.",
    ),
    "total_without_row": (
        "The total of {value} in a part of the plan reaches no row.",
        "Rows carry what is split before the calendar; leave dimension and key empty for the company.",
    ),
    "total_not_target": (
        "The company's total of the whole plan is {total}, but the target is {target}.",
        "Change one of them.",
    ),
    "total_below_commit": (
        "The stretch of {value} is {stretch}, but commit alone is {commit} there.",
        "Raise it, or give commit a total as well.",
    ),
    "totals_cross": (
        "The totals of {value} and {other} ({layer}) overlap, and neither holds the other: that is a third direction.",
        "Give totals that lie side by side, or one within the other.",
    ),
    "totals_conflict": (
        "The totals cannot be met together ({layer}): {needed} must go to {needed_by}, "
        "but only {possible} fits there: {possible_by}.",
        "Change one of these totals or locks.",
    ),
    "lock_in_time_overlap": (
        "Locks of {value} overlap in time or contradict each other.",
        "Part their dates, or keep one.",
    ),
    "lock_in_time_conflict": (
        "The locks in time of {value} cannot be met within its total of {total}.",
        "Loosen one of them.",
    ),
    "floors_exceed_total": (
        "Step {column}[ below {value}]: the floors ({bounds}) are above the total ({total}). {members}",
        "Lower a floor, or raise the total.",
    ),
    "caps_fall_short": (
        "Step {column}[ below {value}]: the caps ({bounds}) are below the total ({total}). {members}",
        "Raise a cap, or lower the total.",
    ),
    "no_weight": (
        "Step {column}[ below {value}]: {total} is to be split, but nobody has a weight.",
        "Use another fallback.",
    ),
    "follows_without_products": (
        "{value} follows {follows} through prices, but no step splits {follows} by product.",
        "Add a step across product, as the last one before the calendar or of the rows.",
    ),
    "price_missing": (
        "{products} products with a number have no price (e.g. {value}): no pieces follow from their {follows}.",
        "Add prices to the table products.",
    ),
    "lock_of_followed": (
        "The line on {value} has no effect: {measure} follows {follows} through prices.",
        "Bind {follows}, or give {measure} a total of its own.",
    ),
    "price_off": (
        "The totals make the {measure} of product {value} {found}; its own is {listed} (tolerance {tolerance}).",
        "Change one of the two targets, or the basis of one; or widen the tolerance.",
    ),
    "ratio_below_floor": (
        "The {measure} of category {value} is planned at {found}, below its floor of {floor}.",
        "Plan less of what earns little there, raise prices, or lower the floor.",
    ),
    "ratio_not_by_product": (
        "The {column} of {value} cannot be checked: no step splits both {parts} by product.",
        "Add a step across product, or remove it.",
    ),
    "hedge_after_calendar": (
        "Step {column} hedges by {value}, but it comes after the calendar: cuts add up to their rows.",
        "Hedge a step before the calendar.",
    ),
    "hedge_above_cap": (
        "The hedges of {measure} multiply to {value} ({steps}); the plan allows {cap}.",
        "Lower one of them, or raise hedge_cap.",
    ),
    "hedge_too_large": (
        "The hedges of {measure} multiply to {value} ({steps}): the number is too large to be counted.",
        "Lower one of them.",
    ),
    "no_hedge": ("The plan has no hedge of {value}.", "Ask for commit or stretch."),
    "hedge_hidden": (
        "The hedge is for those above it: {column} {value} lies at or below step {step}, which hedges.",
        "Ask for commit or stretch, or from above[: {known}].",
    ),
    "proposal_in_part": (
        "The proposals of {value} do not cover the plan day by day without overlap; they are left out.",
        "Leave the dates empty, or give every part of the plan once.",
    ),
    "proposal_without_member": (
        "The proposal of {value} has no effect: step {step} gives nobody of that key a number.",
        "Correct the key, or remove the line.",
    ),
    "proposals_of_follower": (
        "Proposals for {value} are left out (rows: {lines}): it follows the money of {follows} through prices.",
        "Propose {follows} instead, or give {value} a total of its own.",
    ),
    "proposals_of_no_step": (
        "Proposals for {value} are left out (rows: {lines}): the steps that reconcile are not done for it.",
        "Add {value} to `measures` of such a step.",
    ),
    "proposals_not_used": (
        "There are {value} proposals, but no step reconciles them: the plan comes from the top.",
        'Write reconcile = "proposals" into a step across person or customer; `quotum proposals` compares.',
    ),
    "plan_exists": ("{file} is there already; plans are never overwritten.", "Choose another name."),
    "plan_not_written": ("The plan could not be written to {file}: {value}.", "Check the path and the space left."),
    "plan_missing": ("There is no folder {file}.", "Check the path, or make a plan with `quotum plan`."),
    "not_a_plan": ("{file} is not a plan.", "Give a folder that `quotum plan` wrote."),
    "plan_newer": ("{file} was written by a newer quotum (format {format}, known up to {known}).", "Update quotum."),
    "plan_damaged": ("{file} is damaged[: {value}].", "Make the plan again."),
    "no_tree": ("{value}: only trees have levels ({trees}).", "Leave the level out."),
    "unknown_level": ("`{value}` is no level.", "Use one of: {known}."),
    "unknown_grain": ("`{value}` is no grain.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "unknown_key": ("There is no {column} {value} in the plan.[ Did you mean {nearest}?]", "Check the key."),
    "not_in_plan": ("The plan has no numbers by {value}.", "It has them by: {known}."),
    "side_by_side": (
        "{value} were split side by side, so their crossing has no numbers.",
        "Ask for one of them. With each other go: {rows}[; {together}].",
    ),
    "sums_differ": (
        "The plan's own check failed: {table} do not add up at {value}. Nothing was written.",
        "This is a fault in quotum. Please report it with the folder, or its plan.toml.",
    ),
    "nothing_to_explain": (
        "The plan has no split of {column} {value}.[ Did you mean {nearest}?]",
        "Name a person, and a product or customer below it.",
    ),
    "dates_reversed": ("The period {value} ends before it begins.", "Swap the dates."),
    "file_not_written": ("{file} cannot be written[: {value}].", "Check the path and the space left."),
    "too_many_rows": ("{value} rows do not fit into one sheet ({known}).", "Ask for fewer, or write CSV."),
    "dates_clipped": ("The period {value} was clipped to the plan ({since} to {until}).", "Nothing."),
}
