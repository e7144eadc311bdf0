"""Monthly series side by side, and what each month weighs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
YEAR = 12


@dataclass(frozen=True, slots=True)
class Panel:
    """Series that are forecast together: ``values`` (num_series, num_months) of known months, the latest last.

    ``exposure`` (num_series or 1, num_months + horizon) is what each month weighs: its working days and the events that
    reach the series. ``first_month`` is the calendar month of the first column, 0 to 11. ``parent`` (num_series,) is
    the series that a season leans on, -1 for none. ``start`` (num_series,) is the first month with anything in it.
    """

    values: Floats
    exposure: Floats
    first_month: int
    parent: Longs
    start: Longs = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    season: Floats = field(default_factory=lambda: np.empty((0, YEAR)))  # (num_series, 12), 1 on average

    @property
    def num_months(self) -> int:
        """Return how many months are known."""
        return int(self.values.shape[1])

    @property
    def horizon(self) -> int:
        """Return how many months are to be forecast."""
        return int(self.exposure.shape[1] - self.values.shape[1])

    def months(self) -> Longs:
        """Return the calendar month of every column, (num_months + horizon,), 0 to 11."""
        return (self.first_month + np.arange(self.exposure.shape[1])) % YEAR

    def seasonal_exposure(self) -> Floats:
        """Return what each month weighs with the season in it, (num_series, num_months + horizon)."""
        return self.exposure * self.season[:, self.months()]


def make_panel(
    values: Floats,
    exposure: Floats | None = None,
    *,
    horizon: int = YEAR,
    first_month: int = 0,
    parent: Longs | None = None,
) -> Panel:
    """Return a panel; what is left out is usual: months that weigh alike, series without parents."""
    num_series, num_months = values.shape
    exposure = np.ones((1, num_months + horizon)) if exposure is None else np.atleast_2d(exposure)
    parent = np.full(num_series, -1, dtype=np.int64) if parent is None else parent
    return with_start(Panel(values, exposure, first_month, parent))


def with_start(panel: Panel) -> Panel:
    """Return the panel with the first month of each series that holds anything; ``num_months`` where none does."""
    after = np.ones((len(panel.values), 1), dtype=bool)
    start = np.hstack([panel.values != 0, after]).argmax(axis=1)
    return replace(panel, start=start.astype(np.int64))


def cut_panel(panel: Panel, origin: int, horizon: int) -> Panel:
    """Return what was known before the month ``origin``, with ``horizon`` months to come; the season is left out."""
    cut = replace(
        panel,
        values=panel.values[:, :origin],
        exposure=panel.exposure[:, : origin + horizon],
        season=np.empty((0, YEAR)),
    )
    return replace(cut, start=np.minimum(panel.start, origin))


def take_series(panel: Panel, chosen: slice) -> Panel:
    """Return some of the series; their seasons must be known already, for parents are left out."""
    many = panel.exposure.shape[0] > 1
    return replace(
        panel,
        values=panel.values[chosen],
        exposure=panel.exposure[chosen] if many else panel.exposure,
        parent=panel.parent[chosen],
        start=panel.start[chosen],
        season=panel.season[chosen],
    )
