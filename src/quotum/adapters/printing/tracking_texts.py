"""Texts of findings about reviews."""

from __future__ import annotations

TRACKING_TEXTS: dict[str, tuple[str, str]] = {
    "review_before_plan": (
        "On {value} there is nothing to review: the plan begins on {since}.",
        "Give a later --as-of, or another plan.",
    ),
    "review_beside_plan": (
        "{people} who sold {amount} of {measure} have no number in the plan, such as {value}: it counts for their "
        "units and the company.",
        "Nothing, if that is right; otherwise revise the plan, or correct who owns the customers.",
    ),
    "follows_other_dates": (
        "The plan before is one of {value}, this one of {wanted}: neither can go on where the other ends.",
        "Give --after a plan of the same year and currency, or leave it out.",
    ),
    "follows_before_plan": (
        "A plan made on {value} takes over before it begins on {since}: nothing of the plan before would count.",
        "Leave --after out, or plan on what is known in the middle of the year: --set plan.as_of=DATE.",
    ),
    "review_other_money": (
        "The company counts in {value}, the plan in {known}: actuals cannot be held against it.",
        "Review the company with the currency and rates that the plan was made with.",
    ),
    "plan_other_company": (
        "None of the {people} people of the plan, such as {value}, is in this company: it is the plan of another one.",
        "Give the plan and the folder of the same company.",
    ),
    "plan_few_people": (
        "Only {known} of the {people} people of the plan are in this company; {value}, for one, is not.",
        "See that plan and folder are of the same company; keep people who left in the table people.",
    ),
    "sales_end_early": (
        "The latest sale is of {value}: the tables do not tell what came until {as_of}.",
        "Bring in the sales until then, or give an earlier --as-of.",
    ),
    "setting_of_plan": (
        "`{value}` is a setting of the plan, which is made already; a review goes by {own}.",
        "Leave it out, or make another plan with it: quotum plan --set.",
    ),
    "review_other_plan": (
        "The review {file} was held against another plan.",
        "Give the plan it was made with, or make the review again.",
    ),
    "chart_font_missing": (
        "No font of this machine is known to hold {value}: charts would show boxes.",
        "Install {package}, or name a folder of fonts with --fonts.",
    ),
    "extra_missing": ("{names}: not installed.", "pip install '{value}'"),
    "not_a_review": (
        "{file} is not a review: {value}.",
        "Give the folder that quotum review wrote, not that of a plan or an appraisal.",
    ),
    "review_not_written": (
        "The review could not be written to {file}: {value}.",
        "Check the path and the space left.",
    ),
}
