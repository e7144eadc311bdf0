"""Customers: their classes, states and rhythm, what sales are made of, what they will bring, how many are missing."""

from quotum.engine.customers.describe import GROUPS, CustomerTables, describe_customers

__all__ = ["GROUPS", "CustomerTables", "describe_customers"]
