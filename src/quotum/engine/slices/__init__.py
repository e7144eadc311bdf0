"""Reading numbers out of a plan: by any dimensions, at any grain, only what is asked for is evaluated."""

from quotum.engine.slices.comparing import compare_plans
from quotum.engine.slices.requests import Request
from quotum.engine.slices.slicing import cut_slice

__all__ = ["Request", "compare_plans", "cut_slice"]
