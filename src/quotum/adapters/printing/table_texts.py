"""Texts of findings about the rows of a company's tables."""

from __future__ import annotations

TABLE_TEXTS: dict[str, tuple[str, str]] = {
    "wrong_type": ("The column holds another kind of data than {column} needs.", "Store it as text, numbers or dates."),
    "not_a_date": ("`{value}` is no date.", "Write dates as 2027-01-31; in Excel, format the cells as dates."),
    "not_a_number": (
        "`{value}` is no number.",
        "Write digits with a point: 1234.50, without spaces, commas or currency signs.",
    ),
    "not_finite": (
        "`{value}` is no number that can be counted with.",
        "Leave the cell empty, or give the real number.",
    ),
    "not_whole": ("`{value}` is not a whole number.", "Give a number without decimals."),
    "number_too_large": ("`{value}` is beyond every sensible size.", "Give the real number."),
    "amount_too_large": ("`{value}` is beyond every sensible amount.", "Give the real amount (below 10^14)."),
    "too_many_decimals": ("`{value}` has more than four decimals.", "Round it to four decimals or fewer."),
    "value_missing": ("{column} is empty.", "Fill it; every row of {table} needs it."),
    "out_of_range": ("{column} is {value}[; the least is {low}][; the most is {high}].", "Correct the value."),
    "unknown_choice": ("`{value}` is none of: {known}.", "Use one of these words."),
    "unknown_scope": (
        "`{value}` is no scope.[ Did you mean {nearest}?]",
        "Write dimension=key, e.g. channel=retail, or leave it empty. Dimensions: {known}.",
    ),
    "unknown_dimension": ("`{value}` is no dimension.[ Did you mean {nearest}?]", "Use one of: {known}."),
    "total_half_named": (
        "The total names {value}: dimension and key go together.",
        "Fill both, or leave both empty for the company.",
    ),
    "key_twice": ("`{value}` is given {rows} times: lines {lines}.", "Keep one row for each key."),
    "orphan_key": (
        "`{value}` is not in {target}[ (rows: {rows})].[ Did you mean {nearest}?]",
        "Add it to {target}, or correct it here.",
    ),
    "table_not_given": (
        "{table} names keys in {column}, but there is no table {target}.",
        "Add {target} to plan by it, or leave it.",
    ),
    "own_parent": ("`{value}` is its own parent.", "Leave the parent of the top empty."),
    "circle": ("A circle of parents: {members}.", "One of them needs another parent, or none."),
    "several_tops": (
        "There are {rows} units without a parent: {members}.",
        "Keep one top and put the others below it.",
    ),
    "until_not_after_since": (
        "The period ends on {value}, which is not after its beginning.",
        "`until` is the first day that no longer belongs to it.",
    ),
    "left_before_hired": ("left ({value}) is not after hired.", "Correct one of the two dates."),
    "absence_outside": (
        "The absence from {value} lies outside of the person's employment; it has no effect.",
        "Correct the dates, or those of the person.",
    ),
    "shares_above_one": (
        "Customer {value} is owned more than once[ from {since}][ to {until}]: the shares add up to {sum}.",
        "End one ownership where the next begins, or give shares that add up to 1.",
    ),
    "shares_below_one": (
        "The shares of customer {value}[ from {since}][ to {until}] add up to {sum}, not to 1.",
        "Give shares that add up to 1.",
    ),
    "hours_syntax": (
        "{column} is not understood: `{value}`; the cell is taken for empty.",
        "Write 09:00, or by weekday mon-fri 09:00; sat 10:00. Weekdays alone: mon-fri, or 1-5.",
    ),
    "not_a_moment": ("`{value}` is no moment.", "Write date and time, such as 2027-01-12 10:00."),
    "owner_gap": (
        "Nobody owns customer {value} from {since} to {until}.",
        "Close the gap; until then its unit carries it.",
    ),
    "no_owner": (
        "Customers without owner: {rows} (e.g. {example}). They are planned as vacant.",
        "Name a person if there is one.",
    ),
    "zero_coordinates": (
        "Places at 0, 0 are taken as unknown (rows: {rows}).",
        "Leave unknown coordinates empty.",
    ),
    "not_a_currency": ("`{value}` is no currency.", "Write its three letters, such as EUR."),
    "rate_range": ("The rate {value} is none: it must be above 0 and below 100,000,000.", "Correct it."),
    "rate_missing": (
        "There is no plan rate of {value}[ (rows: {rows})].",
        "Add {value} = … under [rates] in plan.toml: how many {plan} one {value} is worth[; lately {latest}].",
    ),
    "rate_twice": ("{value} has two different rates.", "Keep one of them."),
    "rate_of_plan_currency": ("The plan is in {value}: its rate is 1.", "Remove it; rates are of other currencies."),
    "actual_rate_missing": (
        "Amounts in {value} up to {last} have no actual rate (rows: {rows}); no effect is told for them.",
        "Add the rates of these days to the table rates, if you want to see their effect.",
    ),
    "counted_at_plan_rate": (
        "Amounts in {value} are counted at the plan rate {rate}: {amount} {plan} (rows: {rows})."
        "[ At the rates of their days they are {more} more.][ At the rates of their days they are {less} less.]",
        "Nothing, if that is right; `quotum rates` shows it by year.",
    ),
    "currency_of_count": (
        "{measure} is no money, but the currency {value} is given.",
        "Leave the currency empty, or name a measure of money.",
    ),
    "converted_too_large": (
        "{column} in {value} is beyond every sensible amount at its plan rate (rows: {rows}).",
        "Correct the amount, or the rate in plan.toml.",
    ),
    "sum_too_large": (
        "The sum of {column} ({value}) is beyond what can be counted exactly.",
        "Look for wrong amounts.",
    ),
    "returns_kept": (
        "Returns are kept and lower the history: {value} in sum (rows: {rows}).",
        "Nothing, if that is right.",
    ),
    "cancelled_left_out": ("Cancelled lines are left out: {value} (rows: {rows}).", "Nothing, if that is right."),
    "history_missing": (
        "No sale lies on or before as_of ({as_of}); the first plan has no history.",
        "Check as_of, or split by bases other than history.",
    ),
    "history_ends_early": (
        "The sales end on {last}, as_of is {as_of}: the days between look like days without sales.",
        "Add the missing sales, or set as_of to {last}.",
    ),
    "history_after_as_of": (
        "Sales after as_of ({as_of}) are not used: up to {latest} (rows: {rows}).",
        "Nothing, if that is right; otherwise correct as_of or the dates.",
    ),
    "measure_without_target": (
        "`{value}` has no target: what this table says of it has no effect (rows: {rows}).[ Did you mean {nearest}?]",
        "Correct the measure (targets: {known}), or add a target.",
    ),
    "outside_plan": (
        "The row lies outside of the plan ({since} to {until}) and has no effect.",
        "Correct its dates, or remove it.",
    ),
}
