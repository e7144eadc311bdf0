"""Whose, what, when: one number handed down to everybody, every product, customer and day, to the last unit."""

from quotum.engine.decomposition.decompose import decompose

__all__ = ["decompose"]
