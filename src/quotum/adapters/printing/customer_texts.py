"""Texts of findings about customers: their classes, states and what is told of them."""

from __future__ import annotations

CUSTOMER_TEXTS: dict[str, tuple[str, str]] = {
    "classes_do_not_fit": (
        "{column} are `{value}`; {limits} limits part {wanted} classes, each with a name of its own.",
        "Give one name more than there are limits.",
    ),
    "class_name_taken": (
        "A classing may not be called {value}: something else is told by that name.",
        "Give it another name, such as [classes.kind].",
    ),
    "limits_not_in_order": (
        "{column} are {value}; classes by {by} go from the best one down.",
        "Limits of share and rank rise, those of amount fall.",
    ),
    "lost_before_dormant": (
        "{column} ({value}, {lost_days} days) lies before dormant ({dormant}, {dormant_days} days).",
        "A customer is dormant first: lost ≥ dormant, lost_days ≥ dormant_days.",
    ),
    "customers_short_history": (
        "The first sale is of {value}, less than two years before {as_of}: who is new, lost or won back is not sure.",
        "Give an earlier history, or read these figures with care.",
    ),
    "customers_without_history": (
        "Nobody bought anything up to {as_of}: nothing can be told of customers.",
        "Give the table sales, or a later day.",
    ),
    "new_customer_unknown": (
        "No customer was won in the two years before {as_of}: what a new one brings is not known.",
        "Write it into plan.toml: amount under [new_customers].",
    ),
    "customers_not_by": (
        "Customers are not told by `{value}`.[ Did you mean {nearest}?]",
        "Use one of: {known}.",
    ),
}
