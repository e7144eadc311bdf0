"""Which days are worked in a country: holidays, make-up working days, and years nobody has announced yet."""

from __future__ import annotations

from datetime import date

import polars as pl

from quotum.engine.basics.issues import Issue

_MAKE_UP_COUNTRIES = {"CN"}
"""Countries that announce make-up working days each year: one without any is a guess, not an announcement."""


def list_days(country: str, since: date, until: date) -> tuple[pl.DataFrame, list[Issue]]:
    """Return what kind of day each day of [since, until) is: ``date, kind, provisional``.

    kind is ``workday``, ``weekend``, ``holiday`` or ``makeup`` (a weekend day that is worked). An empty country has no
    holidays. Days of a year whose make-up days are not announced are provisional, which is a warning; an unknown
    country is an error and comes back without holidays.
    """
    days = pl.DataFrame({"date": pl.date_range(since, until, "1d", closed="left", eager=True)})
    weekend = pl.col("date").dt.weekday() > 5
    kind = pl.when(weekend).then(pl.lit("weekend")).otherwise(pl.lit("workday"))
    if not country:
        return days.with_columns(kind.alias("kind"), pl.lit(False).alias("provisional")), []
    found = _look_up(country, range(since.year, until.year + 1))
    if found is None:
        issue = Issue(rule="unknown_country", table="plan", column="country", value=country)
        return days.with_columns(kind.alias("kind"), pl.lit(False).alias("provisional")), [issue]
    off, worked, guessed = found
    kind = (
        pl.when(pl.col("date").is_in(list(worked)))
        .then(pl.lit("makeup"))
        .when(pl.col("date").is_in(list(off)))
        .then(pl.lit("holiday"))
        .otherwise(kind)
    )
    days = days.with_columns(kind.alias("kind"), pl.col("date").dt.year().is_in(list(guessed)).alias("provisional"))
    issues = [
        Issue(rule="provisional_calendar", severity="warning", table="plan", column="country", value=country,
              details=(("year", str(year)),))
        for year in sorted(guessed) if days.filter(pl.col("date").dt.year() == year).height
    ]  # fmt: skip
    return days, issues


def _look_up(country: str, years: range) -> tuple[set[date], set[date], set[int]] | None:
    """Return days off, make-up working days and the years that are only a guess; None for an unknown country."""
    import holidays

    code, _, subdivision = country.partition("-")
    try:
        listed = holidays.country_holidays(code, subdiv=subdivision or None, years=list(years))
    except NotImplementedError:
        return None
    worked = set(getattr(listed, "weekend_workdays", ()) or ())
    guessed = {y for y in years if code in _MAKE_UP_COUNTRIES and not any(d.year == y for d in worked)}
    return set(listed.keys()), {d for d in worked if d not in listed}, guessed


def list_working_days(country: str, since: date, until: date) -> pl.DataFrame:
    """Return the days of [since, until) with a weight of 1 for a working day, 0 for another."""
    days, _ = list_days(country, since, until)
    return days.select("date", weight=pl.col("kind").is_in(["workday", "makeup"]).cast(pl.Float64))
