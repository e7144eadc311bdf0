"""What a score does to performance pay."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from quotum.engine.appraisal.schemes import Pay

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_NOISE = 1e-9


def pay_factor(pay: Pay, scores: Floats) -> Floats:
    """Return the factor on performance pay of each score.

    From ``full_at`` on it is 1 and ``step`` more a point, up to ``most``; below it falls in proportion (score ÷
    full_at), to ``lowest`` at the least.
    """
    below = np.maximum(scores / pay.full_at, pay.lowest)
    above = 1.0 + (pay.step or 0.0) * (scores - pay.full_at)
    if pay.most is not None:
        above = np.minimum(above, pay.most)
    return np.where(np.isnan(scores), np.nan, np.where(scores >= pay.full_at, above, below))


def pay_amount(pay: Pay, factors: Floats, coefficients: Floats) -> Ints:
    """Return performance pay in whole smallest units, halves up; 0 where there is no score."""
    wanted = (pay.amount_minor or 0) * coefficients * factors
    return np.floor(np.where(np.isnan(wanted), 0.0, wanted) + 0.5 + _NOISE).astype(np.int64)
