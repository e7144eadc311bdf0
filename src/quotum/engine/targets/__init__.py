"""What the year can bring and what is asked: the market, contradictions in what was given, feasibility."""
