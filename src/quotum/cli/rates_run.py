"""The work of ``quotum rates``: read the company, sum the effects of actual rates by year, print them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.currencies import currency_decimals
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.adapters.printing.rate_tables import draw_effects
from quotum.engine.basics.issues import stops
from quotum.engine.tables.findings import rate_text
from quotum.engine.tables.rate_effects import by_year


def run_rates(folder: Path, overrides: Sequence[str], data: Path | None, *, as_json: bool) -> int:
    """Print plan rates and effects; return the exit code: 0, or 2 for bad input."""
    opened = open_company(folder, overrides, data)
    settings, failed = opened.settings, stops(opened.issues)
    years = by_year(opened.rate_effects)
    if as_json:
        shown = {
            "currency": settings.currency if settings else None,
            "rates": {code: rate_text(rate) for code, rate in settings.rates.items()} if settings else {},
            "effects": [] if failed else years.to_dicts(),
            "issues": [issue_for_json(issue) for issue in opened.issues],
        }
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return 2 if failed else 0
    print_issues([issue for issue in opened.issues if issue.severity != "note"])
    if settings is None or failed:
        return 2
    if years.is_empty():
        click.echo(f"{settings.name}: every amount is in {settings.currency}.")
        return 0
    given = ", ".join(f"1 {code} = {rate_text(rate)}" for code, rate in settings.rates.items())
    click.echo(f"{settings.name}, plan rates in {settings.currency}: {given}")
    decimals = {code: currency_decimals(code) for code in (settings.currency, *settings.rates)}
    click.echo(draw_effects(years, decimals, settings.currency))
    return 0
