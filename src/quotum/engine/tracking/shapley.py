"""Which factor of a product moved it how far: Shapley's fair parts, which add up to the whole move.

Every order in which the factors could have moved one after the other counts alike (Shapley 1953; Shorrocks, J. Economic
Inequality 11, 2013, p. 99-126). For a product the sums over all orders come out of small polynomials, so that a hundred
thousand customers are split at once.
"""

from __future__ import annotations

from math import factorial

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def split_product(before: Floats, after: Floats) -> Floats:
    """Return each factor's part in the move of the product, (num_cases, num_factors), from factors of that shape."""
    num_cases, num_factors = before.shape
    weights = [factorial(k) * factorial(num_factors - 1 - k) / factorial(num_factors) for k in range(num_factors)]
    parts = np.empty_like(before)
    for factor in range(num_factors):
        # polynomial[:, k]: products of the other factors with k of them moved, summed over all choices of these k
        polynomial = np.zeros((num_cases, num_factors))
        polynomial[:, 0] = 1.0
        for other in range(num_factors):
            if other != factor:
                moved = polynomial[:, :-1] * after[:, other : other + 1]
                polynomial *= before[:, other : other + 1]
                polynomial[:, 1:] += moved
        parts[:, factor] = (after[:, factor] - before[:, factor]) * (polynomial @ np.array(weights))
    return parts
