"""What the year can bring and what is asked: the market, contradictions in what was given, feasibility."""

from quotum.engine.targets.feasibility import Feasibility, assess_feasibility

__all__ = ["Feasibility", "assess_feasibility"]
