"""Known drivers laid out over scopes and periods: what is the company's, what everybody has, heads from a date."""

from __future__ import annotations

import numpy as np

from quotum.engine.curves.day_weights import Floats
from quotum.engine.drivers.presence import count_head_days
from quotum.engine.drivers.scenes import Scene
from quotum.engine.tables.driver_settings import Driver


def lay_out_calendar(name: str, scene: Scene) -> Floats:
    """Return a name of CALENDAR over scopes and periods, (num_scopes, num_periods)."""
    if name == "people":
        return _heads(scene, scene.days_of())
    if name.endswith("_a_day"):
        return scene.mean_of(name.removesuffix("_a_day") + "_per_day")
    spans = {"working_days": scene.working_days, "days": scene.days, "weeks": scene.days / 7, "months": scene.months}
    return np.broadcast_to(spans[name], (len(scene.scopes), len(scene.periods)))


def lay_out_known(driver: Driver, scene: Scene, value: float | None = None) -> Floats:
    """Return a known driver over scopes and periods, with another value where one is given.

    What is the company's is shared by person-days among units and people; what each person has is times the people
    there; heads from a date belong to their unit, and to nobody in person.
    """
    shape = (len(scene.scopes), len(scene.periods))
    if driver.estimate == "people":
        return _heads(scene, scene.days_of(driver.role)) if value is None else np.full(shape, value)
    if driver.estimate == "target":
        whole = find_target(driver, scene) if value is None else value
        return whole * _span(scene, "plan") * scene.share()
    if driver.people is not None:
        ramp = scene.settings.ramp if driver.ramp is None else driver.ramp
        days = count_head_days(driver.since, driver.until, ramp, scene.dates, scene.worked, scene.edges)
        there = [not scene.by or driver.unit in scene.units_below(scope) for scope in scene.scopes]
        return np.asarray((driver.people if value is None else value) * np.outer(there, _heads(scene, days)))
    amount = value if value is not None else 0.0 if driver.value is None else driver.value
    if driver.each == "person":
        days = scene.days_of(driver.role)
        return amount * (days if driver.per == "day" else _heads(scene, days) * _span(scene, driver.per))
    return amount * _span(scene, driver.per) * scene.share() if driver.per else np.full(shape, amount)


def find_target(driver: Driver, scene: Scene) -> float:
    """Return the plan's commitment of the measure that a driver is called as, in major units; NaN without one."""
    settings = scene.settings
    found = [target.commit_minor for target in settings.targets if target.measure == driver.name]
    return float(found[0] / 10 ** settings.measures[driver.name].decimals) if found else float("nan")


def _span(scene: Scene, per: str) -> Floats:
    """Return how many working days, weeks … each period has; of the plan its part by working days; 1 of nothing."""
    if per == "plan":
        days = scene.working_days if scene.working_days.sum() else scene.days
        return np.asarray(days / days.sum())
    spans = {"day": scene.working_days, "week": scene.days / 7, "month": scene.months, "year": scene.months / 12}
    return spans.get(per, np.ones(len(scene.periods)))


def _heads(scene: Scene, person_days: Floats) -> Floats:
    """Return person-days as people: there the whole period is 1."""
    days = np.broadcast_to(scene.working_days, np.shape(person_days))
    return np.divide(person_days, days, out=np.zeros(np.shape(person_days)), where=days > 0)
