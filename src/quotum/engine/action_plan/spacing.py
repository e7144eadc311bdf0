"""Which sets of days suit a contact's cadence, and what each costs: soft gaps around fixed dates and the last one.

A gap is free while it misses the cadence by no more than the tolerance, then each working day costs. A gap below half
of the cadence is not allowed. A set with fewer days than needed costs the missed ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_SETS = 120
_MOST_SHORTER = 24
_BEAM = 400

DaySet = tuple[tuple[int, ...], float]


@dataclass(frozen=True, slots=True)
class Need:
    """What a contact needs in a block of days."""

    every: int
    tolerance: int
    last: int | None  # day of the last contact before the block
    due: int  # first due day, not before the block
    start: int
    end: int
    fixed: tuple[int, ...]  # days on which it is seen anyway
    missed: float
    late: float
    early: float
    most: int | None = None
    planned: tuple[int, ...] | None = None  # the days of a published plan, where these are what is needed

    @property
    def count(self) -> int:
        """How many contacts are needed beside the fixed ones?"""
        return len(self.ideals())

    @property
    def least(self) -> int:
        """The shortest gap that is allowed."""
        return max(1, self.every // 2)

    def ideals(self) -> list[int]:
        """On which days would contacts be due if all came in time?"""
        found, due = [], max(self.due, self.start)
        for day in self.fixed:
            while due < day - self.every / 2:
                found.append(due)
                due += self.every
            due = day + self.every
        while due < self.end:
            found.append(due)
            due += self.every
        found = found[: self.most]
        return found if self.planned is None or len(found) > len(self.planned) else list(self.planned)


def list_day_sets(need: Need, open_days: Sequence[int]) -> list[DaySet]:
    """Return the sets of open days that suit the need, each with its cost in minutes, sorted; none if none suits.

    Sets of as many days as are needed come with at most ``MOST_SETS``, the cheapest and of equals some evenly over all;
    those of fewer days are a last resort.
    """
    return list(_list_day_sets(need, tuple(open_days)))


@lru_cache(maxsize=4096)
def _list_day_sets(need: Need, open_days: tuple[int, ...]) -> tuple[DaySet, ...]:
    wanted = need.count
    found: list[DaySet] = []
    for count in range(wanted, 0, -1):
        most = MOST_SETS if count == wanted else _MOST_SHORTER
        found += _sets_of(need, open_days, count, most, wanted - count)
    return tuple(sorted(found))


def _sets_of(need: Need, open_days: tuple[int, ...], count: int, most: int, short: int) -> list[DaySet]:
    """Return the cheapest sets of ``count`` days; ``short`` of those needed are left out."""
    partial: list[DaySet] = [((), 0.0)]
    for _ in range(count):
        partial = [
            ((*chosen, day), 0.0)
            for chosen, _ in partial
            for day in open_days
            if (not chosen or need.least <= day - chosen[-1] <= 2 * need.every) and day not in need.fixed
        ]
        partial = _thin([(days, price) for days, _ in partial if (price := _price(need, days, short)) is not None],
                        _BEAM)  # fmt: skip
    return [(days, price + short * need.missed) for days, price in _thin(partial, most)]


def _price(need: Need, days: tuple[int, ...], short: int) -> float | None:
    """Return what late and early days cost, None where two contacts are too close; lateness is not asked twice."""
    cost, before = 0.0, need.last
    if before is not None:
        before = max(before, need.start - need.every - need.tolerance)  # what was late before costs nothing more
    is_fixed = False
    for day in sorted((*days, *need.fixed)):
        fixed_now = day in need.fixed
        if before is None:
            over, under = day - max(need.due, need.every - 1, need.start), 0
        else:
            gap = day - before
            is_ours = not fixed_now or not (is_fixed or before < need.start)
            if gap < need.least and is_ours:
                return None
            over, under = gap - need.every - need.tolerance, need.every - need.tolerance - gap
        if not fixed_now or not is_fixed:
            cost += max(0, over) * need.late * (not short) + max(0, under) * need.early
        before, is_fixed = day, fixed_now
    return cost


def _thin(found: list[DaySet], most: int) -> list[DaySet]:
    """Keep the cheapest; of those that cost the same at the edge some evenly over all."""
    if len(found) <= most:
        return found
    ordered = sorted(found, key=lambda pair: (pair[1], pair[0]))
    edge = ordered[most - 1][1]
    cheaper = [pair for pair in ordered if pair[1] < edge]
    equal = [pair for pair in ordered if pair[1] == edge]
    room = most - len(cheaper)
    return cheaper + [equal[at * len(equal) // room] for at in range(room)]


def keep_published(need: Need, open_days: Sequence[int], published: Sequence[int], minutes: float) -> list[DaySet]:
    """Return the sets of days of a need when a plan was published: each of its days that is left costs ``minutes``.

    Sets that keep all published days, or all but one, are always among them, whatever was thinned out.
    """
    sets = dict(list_day_sets(need, open_days))
    own = tuple(day for day in published if day in open_days and day not in need.fixed)[: need.count]
    tried = {own} | {
        tuple(sorted({*own[:at], *own[at + 1 :], day})) for at in range(len(own)) for day in open_days if day not in own
    }
    tried |= {tuple(sorted({*own, day})) for day in open_days} if len(own) < need.count else set()
    for days in sorted(tried):
        if days and days not in sets and len(days) <= need.count and not set(days) & set(need.fixed):
            short = need.count - len(days)
            price = _price(need, days, short)
            if price is not None:
                sets[days] = price + short * need.missed
    return sorted((days, cost + minutes * sum(day not in days for day in published)) for days, cost in sets.items())
