"""Forecasts in a decomposition: as a basis of splits, and as the season of rows."""

from __future__ import annotations

import numpy as np

from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.ground import Ints, Lines, Longs, Monthly, Records
from quotum.engine.decomposition.order_steps import StepOrder
from quotum.engine.decomposition.scene import Scene
from quotum.engine.decomposition.seasons import NUM_MONTHS
from quotum.engine.forecasting.member_forecast import forecast_members, weigh_plan
from quotum.engine.forecasting.months import Months
from quotum.engine.tables.plan_settings import PlanSettings


def asks_for_forecasts(order: StepOrder) -> bool:
    """Tell whether a step splits by forecasts, or rows have the season of theirs."""
    steps = (*order.before, *order.after)
    return order.along.season == "forecast" or any("forecast" in {s.fallback, *dict(s.basis)} for s in steps)


def list_monthly(lines: Lines, record: Longs) -> Monthly | None:
    """Return the lines by month and record, None where nobody asked for forecasts."""
    if lines.value_e4 is None or lines.column is None:
        return None
    return Monthly(record, lines.column, lines.value_e4)


def forecast_cells(scene: Scene, records: Records, cell: Longs, cells: Longs) -> Longs:
    """Return what each cell of a split is expected to bring in the plan, whole ten-thousandths, (num_cells,).

    ``cell`` (num_records,) is the cell of each record, -1 for none. Cells that never sold anything weigh 0.
    """
    months, monthly = scene.months, records.monthly
    assert months is not None  # a step that asks for forecasts has its months listed
    assert monthly is not None
    at = cell[monthly.record]
    place = np.where(at >= 0, np.searchsorted(cells, at), -1)
    made = forecast_members(months, scene.settings, place, monthly.column, monthly.value_e4, len(cells))
    return np.rint(made @ weigh_plan(months)).astype(np.int64)


def rate_forecasts(
    settings: PlanSettings, months: Months, lines: Lines, row_of_line: Ints, num_rows: int
) -> tuple[Floats, Floats]:
    """Return what rows are expected to bring by calendar month for each unit of day weight, (num_rows, 12).

    And each row's sales lines in a month, (num_rows,). A calendar month outside of the plan has the rate of the others.
    """
    assert lines.column is not None
    assert lines.value_e4 is not None
    rows = row_of_line.astype(np.int64)
    made = forecast_members(months, settings, rows, lines.column, lines.value_e4, num_rows)
    part, weight = weigh_plan(months), months.weigh()[months.num_known :]
    month = (months.first.month - 1 + months.num_known + np.arange(len(part))) % NUM_MONTHS
    sold, base = np.zeros((num_rows, NUM_MONTHS)), np.zeros(NUM_MONTHS)
    for column, number in enumerate(month.tolist()):
        sold[:, number] += made[:, column] * part[column]
        base[number] += weight[column] * part[column]
    known = base > 0
    rates = np.divide(sold, base, out=np.zeros_like(sold), where=known)
    if known.any():
        rates[:, ~known] = rates[:, known].mean(axis=1, keepdims=True)
    return rates, np.bincount(rows[rows >= 0], minlength=num_rows) / NUM_MONTHS
