"""Customers: their classes, states and rhythm, what sales are made of, what they will bring, how many are missing."""

from quotum.engine.customers.describe import GROUPS, CustomerTables, describe_customers
from quotum.engine.customers.outlook import list_quota_targets
from quotum.engine.customers.plan_classes import fill_classes
from quotum.engine.customers.winning import count_won, list_parts, sum_new_business

__all__ = [
    "GROUPS",
    "CustomerTables",
    "count_won",
    "describe_customers",
    "fill_classes",
    "list_parts",
    "list_quota_targets",
    "sum_new_business",
]
