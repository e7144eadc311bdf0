"""Which class a customer is in: by its sales, its rank or its place in the sum of all; once in, it does not flip."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.customers.purchases import Flags, Floats, Longs
from quotum.engine.tables.customer_settings import Classing
from quotum.engine.tables.schema import E4

Classes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Scores:
    """How good each customer is, less is better, (num_customers,); what ``limits`` part, and how wide a margin is."""

    values: Floats
    limits: Floats
    width: Floats


def rank_customers(amount_e4: Longs, keys: pl.Series) -> Longs:
    """Return the positions of customers by sales, best first; of equal ones the smaller key is the better."""
    by_key = np.arange(len(keys)) if keys.is_sorted() else keys.arg_sort().to_numpy().astype(np.int64)
    ranked: Longs = by_key[np.argsort(-amount_e4[by_key], kind="stable")]
    return ranked


def class_customers(amount_e4: Longs, ranked: Longs, classing: Classing, last: Classes | None = None) -> Classes:
    """Return each customer's class, (num_customers,) positions in ``classing.names``.

    ``amount_e4`` (num_customers,) are the last twelve months' sales, ``ranked`` the customers by them. ``last`` is the
    class known before, -1 for none: a customer leaves it only when it passes the limit by the margin, and then goes no
    further than the last limit it passed so. Who sold nothing is in the last class.
    """
    scores = _score(amount_e4, ranked, classing)
    plain = _part(scores, 0.0)
    if last is not None:
        strict, lenient = _part(scores, -classing.margin), _part(scores, classing.margin)
        plain = np.where(last >= 0, np.clip(last, lenient, strict), plain)
    return np.where(amount_e4 > 0, plain, len(classing.names) - 1).astype(np.int8)


def _part(scores: _Scores, shift: float) -> npt.NDArray[np.int64]:
    """Return how many limits each customer has not met; a positive shift makes every limit easier to meet."""
    return np.searchsorted(scores.limits + shift * scores.width, scores.values, side="right")


def _score(amount_e4: Longs, ranked: Longs, classing: Classing) -> _Scores:
    """Return the scores of a classing by sales; a limit is met by what lies strictly before it."""
    limits = np.array(classing.limits)
    if classing.by == "amount":  # turned round: more is better, and the limit itself is met
        floors = np.array([float(Fraction(limit) * E4) for limit in classing.limits])
        return _Scores(-amount_e4.astype(np.float64), np.nextafter(-floors, np.inf), floors)
    bought = np.maximum(amount_e4[ranked], 0)
    scores = np.empty(len(ranked))
    if classing.by == "rank":
        scores[ranked] = np.arange(len(ranked), dtype=np.float64)
        limits = np.where(limits < 1, limits * np.count_nonzero(bought), limits)
        return _Scores(scores, limits, limits)
    before = np.cumsum(bought) - bought
    scores[ranked] = before / max(int(bought.sum()), 1)
    return _Scores(scores, limits, np.minimum(limits, 1 - limits))  # beside 1 as far as beside 0: no limit beyond 1


def name_classes(classes: Classes, classing: Classing, known: Flags) -> pl.Series:
    """Return the names of classes, null for customers that are not ``known`` to have bought."""
    names = pl.Series(classing.names, dtype=pl.String)[classes.astype(np.int64)]
    return pl.select(pl.when(pl.Series(known)).then(names)).to_series().alias(classing.name)


def read_classes(given: pl.Series, classing: Classing) -> Classes:
    """Return the positions of given class names, -1 for none and for names that the classing does not have."""
    positions = {name: place for place, name in enumerate(classing.names)}
    return given.replace_strict(positions, default=-1, return_dtype=pl.Int8).fill_null(-1).to_numpy()
