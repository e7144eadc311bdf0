"""Made-up months of one person each: towns around home, some far, customers of four cadences, in the README's JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

_CADENCES = ((1, 1, 20, 20), (2, 8, 12, 10), (4, 4, 6, 5))  # visits, gap_min, gap_max, first_max
_SHARES = (0.5, 0.35, 0.15)


def make_rep_month(seed: int) -> dict[str, Any]:
    """Return a month of 20 working days with 60 to 150 customers."""
    chance = np.random.default_rng([2026, seed])
    count = int(chance.integers(60, 151))
    towns = chance.normal(0.0, 22.0, (int(chance.integers(4, 9)), 2))
    far = chance.random(len(towns)) < 0.15
    towns[far] *= 3.0
    weight = np.where(far, 0.4, 1.0) * chance.random(len(towns))
    customers = []
    for number in range(1, count + 1):
        town = towns[chance.choice(len(towns), p=weight / weight.sum())]
        x, y = town + chance.normal(0.0, 6.0, 2)
        visits, gap_min, gap_max, first_max = _CADENCES[chance.choice(3, p=_SHARES)]
        closed = [] if chance.random() < 0.8 else list(range(int(chance.integers(1, 6)), 21, 5))
        customers.append({"id": number, "x": round(float(x), 4), "y": round(float(y), 4),
                          "service": float(chance.choice([10, 15, 20, 30])), "frequency": visits, "gap_min": gap_min,
                          "gap_max": gap_max, "first_max": first_max, "closed_days": closed})  # fmt: skip
    return {"name": f"made_{seed}", "unit": "minutes of travel", "days": 20, "minutes_per_day": 480.0,
            "visits_per_day": 20, "customers": customers}  # fmt: skip
