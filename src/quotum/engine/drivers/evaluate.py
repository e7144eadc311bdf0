"""What a tree of drivers comes to: for each scope and period, and for the whole plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import Period
from quotum.engine.drivers.estimates import estimate_driver
from quotum.engine.drivers.evaluating import ReachOf, Values, evaluate_expression
from quotum.engine.drivers.expressions import Lag, Reach, list_names, write_expression
from quotum.engine.drivers.laying_out import find_target, lay_out_calendar, lay_out_known
from quotum.engine.drivers.scenes import Scene, weigh_lag
from quotum.engine.drivers.trees import DriverTree
from quotum.engine.tables.driver_tables import DRIVER_SCHEMAS


class Evaluated(dict[str, Values]):
    """Values by name, (…, num_periods).

    ``given`` were put in place of known values or formulas; ``share`` is the scope's part of what was before the plan.
    """

    def __init__(self, values: Mapping[str, Values], given: Collection[str], share: Values) -> None:
        super().__init__(values)
        self.given, self.share = frozenset(given), share


class Play:
    """A tree in a scene: known values laid out over scopes and periods, lags weighed once.

    ``known`` maps each name that is not made from others to (num_scopes, num_periods); ``errors`` holds the standard
    error of those that are not certain; ``issues`` are known drivers that the tables have no value for.
    """

    def __init__(self, tree: DriverTree, scene: Scene, like: Play | None = None) -> None:
        self.tree, self.scene = tree, scene
        self.issues: list[Issue] = []
        self.errors: dict[str, float] = {}
        lags = [part for formula in tree.formulas.values() for part in list_names(formula) if isinstance(part, Lag)]
        self._weights = {
            (lag.name, lag.amount, lag.unit): weigh_lag(scene.periods, lag, adds_up=bool(tree.adds_up[lag.name]))
            for lag in lags
        }
        same = {} if like is None else like._same(tree)
        self.errors |= {} if like is None else {name: error for name, error in like.errors.items() if name in same}
        leaves = [name for name in tree.names if name not in tree.formulas]
        self.known = {name: same[name] if name in same else self._lay_out(name) for name in leaves}

    def with_tree(self, tree: DriverTree) -> Play:
        """Return another tree in the same scene; known values that stay are not looked up again."""
        return Play(tree, self.scene, self)

    def _same(self, tree: DriverTree) -> dict[str, Values]:
        return {name: v for name, v in self.known.items() if tree.drivers.get(name) == self.tree.drivers.get(name)}

    def _lay_out(self, name: str) -> Values:
        driver = self.tree.drivers.get(name)
        if driver is None:
            return lay_out_calendar(name, self.scene)
        self.errors |= {name: driver.error} if driver.error else {}
        if driver.estimate in ("", "people", "target"):
            if driver.estimate == "target" and not np.isfinite(find_target(driver, self.scene)):
                self.issues.append(Issue(rule="driver_no_target", column=f"drivers.{name}", value=name))
            return lay_out_known(driver, self.scene)
        estimate = estimate_driver(self.scene, driver)
        if estimate is None:
            self.issues.append(Issue(rule="driver_no_history", column=f"drivers.{name}", value=driver.estimate))
            return np.full((len(self.scene.scopes), len(self.scene.periods)), np.nan)
        self.errors[name] = driver.error or estimate.error
        return np.tile(estimate.values[:, None], (1, len(self.scene.periods)))

    def evaluate(self, changed: Mapping[str, Values] | None = None, scope: int | None = None) -> Evaluated:
        """Return every name's values, (…, num_periods), with ``changed`` ones in place of known values or formulas.

        Without ``scope`` the axis before the last is that of the scopes.
        """
        known = self.known if scope is None else {name: values[scope] for name, values in self.known.items()}
        share = self.scene.share()[:, :1]
        values = Evaluated({**known, **(changed or {})}, changed or (), share if scope is None else share[scope])
        for name, formula in self.tree.formulas.items():
            if name not in values.given:
                values[name] = evaluate_expression(formula, values, self._reach(values))
        return values

    def sum_up(self, values: Evaluated, name: str) -> Values:
        """Return what a name is in the whole plan, (…): what adds up is added up, ratios are made of sums.

        A number that changes over time (heads) counts by working days; a running sum is its last.
        """
        below = self.tree.below(name)
        done: dict[str, Values] = {}
        for at in (at for at in self.tree.names if at in below):
            formula = self.tree.formulas.get(at)
            if self.tree.adds_up[at]:
                done[at] = np.asarray(self._over_periods(values[at]).sum(axis=-1))
            elif formula is None or at in values.given:
                done[at] = self._mean(self._over_periods(values[at]))
            else:
                done[at] = evaluate_expression(formula, done, self._reach_sums(values))
        return done[name]

    def _reach(self, values: Evaluated) -> ReachOf:
        def reach(part: Reach) -> Values:
            now = self._over_periods(values[part.name])
            if not isinstance(part, Lag):
                return np.cumsum(now, axis=-1)
            weights, before = self._weights[part.name, part.amount, part.unit]
            driver = self.tree.drivers.get(part.name)
            share = values.share if self.tree.adds_up[part.name] else 1.0
            return np.asarray(now @ weights.T + before * (share * (driver.before if driver else 0.0)))

        return reach

    def _reach_sums(self, values: Evaluated) -> ReachOf:
        def reach(part: Reach) -> Values:
            found = self._reach(values)(part)
            adds_up = isinstance(part, Lag) and self.tree.adds_up[part.name]
            return np.asarray(found.sum(axis=-1) if adds_up else found[..., -1])

        return reach

    def _over_periods(self, values: Values) -> Values:
        return np.broadcast_to(values, (*np.shape(values)[:-1], len(self.scene.periods)))

    def _mean(self, now: Values) -> Values:
        weights = self.scene.working_days if self.scene.working_days.sum() else self.scene.days
        constant = (now == now[..., :1]).all(axis=-1)
        return np.where(constant, now[..., 0], now @ (weights / weights.sum()))


def evaluate_drivers(tree: DriverTree, scene: Scene, play: Play | None = None) -> tuple[pl.DataFrame, list[Issue]]:
    """Return ``scope, driver, period, since, until, value``: a line a period, and one with an empty period for all.

    Values are in major units; what has none (a division by zero) is null and an issue that names the formula and the
    first period. ``play`` is that of the tree and the scene, where there is one already.
    """
    play = Play(tree, scene) if play is None else play
    values = play.evaluate()
    lines, names, scopes = 1 + len(scene.periods), tree.names, scene.scopes
    shown = np.empty((len(names), len(scopes), lines))
    for at, name in enumerate(names):
        shown[at, :, 0] = play.sum_up(values, name)
        shown[at, :, 1:] = values[name]
    spans = [Period(scene.settings.since, scene.settings.until, ""), *scene.periods] * (len(names) * len(scopes))
    table = pl.DataFrame(
        {
            "scope": [scope for scope in scopes for _ in range(lines)] * len(names),
            "driver": [name for name in names for _ in range(len(scopes) * lines)],
            "period": [span.label for span in spans],
            "since": [span.since for span in spans],
            "until": [span.until for span in spans],
            "value": shown.ravel(),
        },
        schema=DRIVER_SCHEMAS["drivers"],
    )
    return table.with_columns(pl.col("value").fill_nan(None)), [*play.issues, *find_gaps(play, values)]


def find_gaps(play: Play, values: Evaluated) -> list[Issue]:
    """Return an issue for each formula that has no value somewhere although all its parts have one."""
    issues = []
    shape = (len(play.scene.scopes), len(play.scene.periods))
    for name, formula in play.tree.formulas.items():
        gone = ~np.isfinite(np.broadcast_to(values[name], shape))
        for part in play.tree.parts(name):
            gone &= np.isfinite(np.broadcast_to(values[part], shape))
        if gone.any():
            first = play.scene.periods[int(np.flatnonzero(gone.any(axis=0))[0])].label
            details = (("period", first), ("count", str(int(gone.sum()))))
            text = write_expression(formula)[:80]
            issues.append(Issue(rule="driver_no_value", severity="warning", column=f"drivers.{name}", value=text,
                                details=details))  # fmt: skip
    return issues
