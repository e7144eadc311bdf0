"""How much is due by a date: a row is a running total ``D(d) = floor(T * C(d) + offset)``, never a list of months.

C(d) is the share of a curve's weight that lies before the start of day d: 0 at the start of the plan, exactly 1 from
the day after the last weighted one. Every number of C comes from ``evaluate_curves`` and every D from ``share_out``,
so that the same day has the same float, and the same whole unit, whichever boundaries a reader asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.bends import Bends, bend, read_bends, share_out
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import Plan

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Absence = tuple[int, int, float]
"""From which day of the plan until which somebody is there, and to which part."""

_BLOCK = 256  # curves worked on at once: their days stay in the cache


def evaluate_curves(plan: Plan, curve_ids: Sequence[int] | Ints, boundaries: Sequence[date]) -> Floats:
    """Return C of each curve at the start of each boundary date, float64 (num_curves, num_boundaries).

    The weight of a day is the season's rate of its month times the weight of the day times the availability of the
    person, and 0 outside of the curve's window. A curve without any weight is evaluated without the person, then as
    equal days of its window. Dates before the plan give 0, dates after it 1. Raises ValueError for an unknown curve.
    """
    since, num_days = plan.settings.since, (plan.settings.until - plan.settings.since).days
    wanted = np.asarray(curve_ids, dtype=np.int64)
    at = np.array([min(max((day - since).days, 0), num_days) for day in boundaries], dtype=np.int64)
    shares = np.zeros((len(wanted), len(at)))
    shares[:, at == num_days] = 1
    if not ((at > 0) & (at < num_days)).any() or not len(wanted):
        return shares
    factors = _Factors(plan.recall("curves", lambda: _Curves(plan)), wanted)
    running = np.zeros((min(_BLOCK, len(wanted)), num_days + 1))
    for low in range(0, len(wanted), _BLOCK):
        part = slice(low, min(low + _BLOCK, len(wanted)))
        totals = running[: part.stop - part.start]
        np.cumsum(factors.day_weights(part), axis=1, out=totals[:, 1:])
        np.divide(totals[:, at], totals[:, -1:], out=shares[part])
    return shares


class _Curves:
    """What the curves of a plan are the products of, as arrays (…, num_days)."""

    def __init__(self, plan: Plan) -> None:
        self.since, self.num_days = plan.settings.since, (plan.settings.until - plan.settings.since).days
        curves = plan["curves"].sort("curve")
        days = np.datetime64(self.since) + np.arange(self.num_days)
        self.month = days.astype("datetime64[M]").astype(np.int64) % 12
        self.curve = curves["curve"].to_numpy()
        self.rates, self.season = self._read_seasons(plan["seasons"], curves["season"])
        self.weights, self.calendar = self._read_days(plan["days"], curves["calendar"])
        self.absences, self.person = self._read_availability(plan["availability"], curves["person"])
        self.first = self._day_number(curves["since"], 0).clip(0, self.num_days)
        self.last = self._day_number(curves["until"], self.num_days).clip(0, self.num_days)

    def positions(self, wanted: Ints) -> Ints:
        """Return where some curves stand; raise ValueError for an unknown one."""
        at = np.searchsorted(self.curve, wanted).clip(0, max(len(self.curve) - 1, 0))
        found = self.curve[at] == wanted if len(self.curve) else np.zeros(len(wanted), dtype=np.bool_)
        if not found.all():
            raise ValueError(f"the plan has no curve {wanted[~found][0]}")
        return np.asarray(at, dtype=np.int64)

    def _read_seasons(self, seasons: pl.DataFrame, ids: pl.Series) -> tuple[Floats, Ints]:
        """Return the rates (num_seasons + 1, 12), the first line all 1, and the line of each curve."""
        known = seasons["season"].unique().sort()
        by_month = np.ones((len(known) + 1, 12))
        lines, _ = _positions(known, seasons["season"])
        by_month[lines + 1, seasons["month"].to_numpy() - 1] = seasons["rate"].to_numpy()
        positions, found = _positions(known, ids)
        return by_month, np.where(found, positions + 1, 0)

    def _read_days(self, days: pl.DataFrame, ids: pl.Series) -> tuple[Floats, Ints]:
        """Return the weights of days (num_calendars + 1, num_days), the first line 0, and the line of each curve."""
        known = days["calendar"].unique().sort()
        weights = np.zeros((len(known) + 1, self.num_days))
        lines, _ = _positions(known, days["calendar"])
        at = self._day_number(days["date"], -1)
        inside = (at >= 0) & (at < self.num_days)
        weights[lines[inside] + 1, at[inside]] = days["weight"].to_numpy()[inside]
        positions, found = _positions(known, ids)
        return weights, np.where(found, positions + 1, 0)

    def _read_availability(self, lines: pl.DataFrame, people: pl.Series) -> tuple[list[list[Absence]], Ints]:
        """Return the lines of the people of curves, and whose each curve is: a number from 1, 0 for nobody of them."""
        lines = lines.filter(pl.col("person").is_in(people.unique().implode())).sort(lines.columns)
        known = lines["person"].unique().sort()
        of_person: list[list[Absence]] = [[] for _ in range(len(known) + 1)]
        at, _ = _positions(known, lines["person"])
        first, last = self._day_number(lines["since"], 0), self._day_number(lines["until"], self.num_days)
        for person, low, high, factor in zip((at + 1).tolist(), first.tolist(), last.tolist(),
                                             lines["factor"].to_list(), strict=True):  # fmt: skip
            of_person[person].append((max(low, 0), max(high, 0), factor))
        positions, found = _positions(known, people)
        return of_person, np.where(found, positions + 1, 0)

    def read_available(self, people: Ints) -> tuple[Floats, Ints]:
        """Return the availability (num_different + 1, num_days), the first line all 1, and the line of each curve."""
        known = np.unique(np.append(people, 0))
        factors = np.ones((len(known), self.num_days))
        for line, person in enumerate(known.tolist()):
            for low, high, factor in self.absences[person]:
                factors[line, low:high] *= factor
        return factors, np.searchsorted(known, people)

    def _day_number(self, dates: pl.Series, default: int) -> Ints:
        """Return the position of each date among the plan's days; ``default`` where there is no date."""
        return (dates - self.since).dt.total_days().fill_null(default).cast(pl.Int64).to_numpy()


class _Factors:
    """The factors of some curves on the days of the plan, as arrays (…, num_days)."""

    def __init__(self, curves: _Curves, wanted: Ints) -> None:
        at = curves.positions(wanted)
        self.num_days, self.month = curves.num_days, curves.month
        self.rates, self.weights = curves.rates, curves.weights
        self.season, self.calendar = curves.season[at], curves.calendar[at]
        self.first, self.last = curves.first[at], curves.last[at]
        self.available, self.person = curves.read_available(curves.person[at])

    def day_weights(self, part: slice) -> Floats:
        """Return the weights of the days of some curves; every curve has a day that weighs more than 0."""
        weights = np.take(self.rates[self.season[part]], self.month, axis=1)
        weights *= np.take(self.weights, self.calendar[part], axis=0)
        self._clip(weights, part)
        plain = weights.copy() if (self.person[part] > 0).any() else weights
        if plain is not weights:
            weights *= np.take(self.available, self.person[part], axis=0)
        for k in np.flatnonzero(~(weights.any(axis=1))):
            weights[k] = plain[k] if plain[k].any() else self._equal_days(part.start + int(k))
        return weights

    def _clip(self, weights: Floats, part: slice) -> None:
        for k in np.flatnonzero((self.first[part] > 0) | (self.last[part] < self.num_days)):
            weights[k, : self.first[part.start + k]] = 0
            weights[k, self.last[part.start + k] :] = 0

    def _equal_days(self, k: int) -> Floats:
        """Return 1 on the days of the window, or on all days when the window holds none."""
        weights = np.zeros(self.num_days)
        weights[self.first[k] : self.last[k]] = 1
        return weights if weights.any() else np.ones(self.num_days)


def _positions(known: pl.Series, keys: pl.Series) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return where each key stands in ``known`` (sorted, no nulls) and whether it is there at all.

    Arrays do not become Series here: Polars loads numpy.ma for that, and readers start in a fraction of a second.
    """
    if not len(known):
        return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.bool_)
    keys = keys.cast(known.dtype)
    positions = known.search_sorted(keys).cast(pl.Int64).fill_null(0)
    positions = positions.clip(0, len(known) - 1)
    found = (known.gather(positions) == keys).fill_null(value=False)
    return positions.to_numpy(), found.to_numpy()


def due(plan: Plan, rows: pl.DataFrame, boundaries: Sequence[date], layers: Sequence[str] = LAYERS) -> dict[str, Ints]:
    """Return what is due of each row before the start of each boundary date: by layer int64 (num_rows, num_boundaries).

    ``rows`` are lines of the plan's quotas. Between two neighbouring anchors of a row and layer (the plan's start with
    0 and its end with the whole amount are implied) the curve is renormalised; where it does not move, time decides.
    Revisions of parts of the plan bend the running totals last of all.
    """
    running = _due_by_curve(plan, rows, boundaries, layers)
    for layer in layers:
        bends = read_bends(plan, rows, layer)
        if bends is not None:
            running[layer][bends.lines] = _due_bent(plan, _lines_of(rows, bends), boundaries, layer, bends)[0]
    return running


def least_of_bends(plan: Plan, rows: pl.DataFrame, layer: str) -> Ints:
    """Return the least that a revision leaves a row in the period it changes, (num_rows,): never below 0 in a plan."""
    least = rows[layer].to_numpy().copy()
    bends = read_bends(plan, rows, layer)
    if bends is not None:
        left = _due_bent(plan, _lines_of(rows, bends), [], layer, bends)[1]
        least[bends.lines] = np.minimum(least[bends.lines], left)
    return least


def _lines_of(rows: pl.DataFrame, bends: Bends) -> pl.DataFrame:
    return rows if len(bends.lines) == len(rows) else rows[bends.lines]


def _due_bent(
    plan: Plan, rows: pl.DataFrame, boundaries: Sequence[date], layer: str, bends: Bends
) -> tuple[Ints, Ints]:
    """Return the running totals (num_rows, num_boundaries) of rows that all have bends, and the least these leave."""
    since, num_days = plan.settings.since, (plan.settings.until - plan.settings.since).days
    asked = np.clip(np.array([(day - since).days for day in boundaries], dtype=np.int64), 0, num_days)
    days, at = np.unique(np.concatenate([asked, bends.since, bends.until]), return_inverse=True)
    dates = (np.datetime64(since) + days).astype(object).tolist()
    amounts = rows[layer].to_numpy() - bends.totals()
    own = pl.Series(layer, amounts.tolist(), dtype=pl.Int64)
    before = rows.clone().replace_column(rows.get_column_index(layer), own)
    shares = _shares_of(plan, rows, dates)
    running = _due_by_curve(plan, before, dates, [layer], shares)[layer]
    bent, least = bend(running, shares, days, (amounts, rows["offset"].to_numpy()), bends)
    return bent[:, at[: len(asked)]], least


def _shares_of(plan: Plan, rows: pl.DataFrame, boundaries: Sequence[date]) -> Floats:
    """Return C of each row at each boundary, (num_rows, num_boundaries)."""
    ids, which = np.unique(rows["curve"].to_numpy(), return_inverse=True)
    return np.asarray(evaluate_curves(plan, ids, boundaries)[which], dtype=np.float64)


def _due_by_curve(
    plan: Plan, rows: pl.DataFrame, boundaries: Sequence[date], layers: Sequence[str], shares: Floats | None = None
) -> dict[str, Ints]:
    """Return what is due by curve and anchors alone."""
    shares = _shares_of(plan, rows, boundaries) if shares is None else shares
    offset = rows["offset"].to_numpy()[:, None]
    running = {}
    for layer in layers:
        running[layer] = share_out(rows[layer].to_numpy()[:, None], shares, offset)
        _follow_anchors(plan, rows, boundaries, layer, running[layer])
    return running


def _follow_anchors(plan: Plan, rows: pl.DataFrame, boundaries: Sequence[date], layer: str, running: Ints) -> None:
    """Replace, in ``running``, the lines of rows that have anchors in this layer."""
    settings = plan.settings
    if plan["anchors"].is_empty():
        return
    anchors = plan["anchors"].filter(
        pl.col("layer") == layer, pl.col("date") > settings.since, pl.col("date") < settings.until
    )  # fmt: skip
    if anchors.is_empty():
        return
    order = rows.select(row=pl.col("row").cast(pl.Int32), at=pl.int_range(pl.len()))
    anchors = (
        anchors.join(order, on="row")
        .sort("at", "date", "amount")
        .unique(["at", "date"], keep="last", maintain_order=True)
    )
    if anchors.is_empty():
        return
    lines = anchors["at"].unique(maintain_order=True)
    of_lines = rows.select(pl.all().gather(lines))
    running[lines.to_numpy()] = _between_anchors(plan, of_lines, anchors, layer, boundaries)


def _between_anchors(
    plan: Plan, rows: pl.DataFrame, anchors: pl.DataFrame, layer: str, boundaries: Sequence[date]
) -> Ints:
    """Return the running totals (num_rows, num_boundaries) of rows that all have anchors, sorted by row and date."""
    since, num_days = plan.settings.since, (plan.settings.until - plan.settings.since).days
    asked = np.clip(np.array([(day - since).days for day in boundaries], dtype=np.int64), 0, num_days)
    line = anchors["at"].rle_id().cast(pl.Int64).to_numpy()
    every = np.arange(len(rows))
    # Knots of all rows in one line: (row, day) as one number that grows, so that one search finds every segment.
    knot_line = np.concatenate([every, line, every])
    knot_day = np.concatenate(
        [
            np.zeros(len(rows), np.int64),
            (anchors["date"] - since).dt.total_days().to_numpy(),
            np.full(len(rows), num_days),
        ]
    )
    knot_amount = np.concatenate([np.zeros(len(rows), np.int64), anchors["amount"].to_numpy(), rows[layer].to_numpy()])
    order = np.lexsort((knot_day, knot_line))
    knot_line, knot_day, knot_amount = knot_line[order], knot_day[order], knot_amount[order]
    place = every[:, None] * (num_days + 1) + asked[None, :]
    left = np.searchsorted(knot_line * (num_days + 1) + knot_day, place, side="right") - 1
    left -= asked[None, :] == num_days  # the end of the plan belongs to the last segment of its row
    days, at = np.unique(np.concatenate([knot_day, asked]), return_inverse=True)
    ids, which = np.unique(rows["curve"].to_numpy(), return_inverse=True)
    curves = evaluate_curves(plan, ids, (np.datetime64(since) + days).astype(object).tolist())
    knot_share = curves[which[knot_line], at[: len(knot_day)]]
    share = curves[which][:, at[len(knot_day) :]]
    moved = knot_share[left + 1] - knot_share[left]
    in_time = (asked[None, :] - knot_day[left]) / (knot_day[left + 1] - knot_day[left])
    still = moved <= 0
    part = np.where(still, in_time, (share - knot_share[left]) / np.where(still, 1.0, moved))
    low = knot_amount[left]
    return low + share_out(knot_amount[left + 1] - low, part, rows["offset"].to_numpy()[:, None])
