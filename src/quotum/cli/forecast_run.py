"""The work of ``quotum forecast``: open the company, forecast its nodes, print them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import OpenedCompany, open_company
from quotum.adapters.forecasts import find_outside_models
from quotum.adapters.printing.forecast_tables import draw_months, draw_totals, forecast_for_json
from quotum.adapters.printing.print_issues import print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.forecasting import NodeForecast, forecast_nodes
from quotum.engine.planning import calendar_span, name_lines
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_keys import tell_unknown
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import DIMENSIONS

_BAD_INPUT = 2


def run_forecast(
    folder: Path, dimensions: Sequence[str], measure: str | None, grain: str | None, overrides: Sequence[str],
    data: Path | None, *, as_json: bool,
) -> int:  # fmt: skip
    """Print the forecast of a company folder and return the exit code: 0, or 2 for bad input."""
    opened = open_company(folder, overrides, data)
    forecast, issues = _forecast(opened, dimensions, measure)
    issues = [*opened.issues, *issues]
    if as_json:
        click.echo(forecast_for_json(forecast, dimensions, issues))
    else:
        print_issues(issues)
        if forecast is not None and opened.settings is not None:
            click.echo(_draw(forecast, dimensions, grain, opened.company, opened.settings))
    return _BAD_INPUT if stops(issues) else 0


def _forecast(
    opened: OpenedCompany, dimensions: Sequence[str], measure: str | None
) -> tuple[NodeForecast | None, list[Issue]]:
    """Return the forecast, or None and what forbids it."""
    settings = opened.settings
    if settings is None or stops(opened.issues):
        return None, []
    counted = measure or settings.targets[0].measure
    issues = [issue for name in dimensions for issue in tell_unknown("unknown_dimension", name, DIMENSIONS)]
    issues += tell_unknown("unknown_measure", counted, settings.measures)
    if not issues and settings.measures[counted].kind == "ratio":
        parts = settings.measures[counted].numerator, settings.measures[counted].denominator
        issues.append(Issue(rule="forecast_of_ratio", value=counted, details=(("known", ", ".join(parts)),)))
    outside, found = find_outside_models(settings.forecast.outside)
    issues += found
    days, found = list_days(settings.country, *calendar_span(settings))
    issues += found
    if stops(issues):
        return None, issues
    forecast = forecast_nodes(opened.company, settings, days, counted, dimensions, outside)
    issues += name_lines(list(forecast.issues), opened.company)
    if not forecast.history.height:
        issues.append(
            Issue(rule="forecast_without_history", severity="warning", table="sales", value=str(settings.as_of))
        )
    return forecast, issues


def _draw(
    forecast: NodeForecast, dimensions: Sequence[str], grain: str | None, company: Company, settings: PlanSettings
) -> str:
    decimals = settings.measures[forecast.measure].decimals
    names = _read_names(company, dimensions)
    unit = settings.currency if decimals == settings.currency_decimals else forecast.measure
    head = (
        f"{settings.name}: {forecast.measure} from {settings.since} until {settings.until}, "
        f"known up to {settings.as_of}, {unit}; {settings.forecast.share:.0%} of the simulated years lie between "
        "low and high"
    )
    draw = draw_totals if grain is None else draw_months
    return f"{head}\n\n{draw(forecast, dimensions, names, decimals)}"


def _read_names(company: Company, dimensions: Sequence[str]) -> dict[str, str]:
    """Return the names people read, by ``dimension=key``."""
    names: dict[str, str] = {}
    for dimension in dimensions:
        table, column = DIMENSIONS[dimension]
        if "name" in company[table].columns and column == company[table].columns[0]:
            keys = company[table].select(column, "name").drop_nulls()
            names |= {f"{dimension}={key}": name for key, name in keys.iter_rows()}
    return names
