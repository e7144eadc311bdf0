"""What a step sees, and the members it is to split."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from quotum.engine.decomposition.bases import PeopleWeights
from quotum.engine.decomposition.ground import Ground, Ints
from quotum.engine.forecasting.months import Months
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, PlanSettings


@dataclass(frozen=True, slots=True)
class Scene:
    """What a step sees: the company, its ground, the settings and the measure that is split."""

    company: Company
    settings: PlanSettings
    ground: Ground
    people: PeopleWeights
    measure: Measure
    months: Months | None = None  # known and coming ones, where a step asks for forecasts


@dataclass(frozen=True, slots=True)
class Members:
    """The last members of a step: ``frame`` holds ``node`` and a column of keys for each dimension on the way down."""

    frame: pl.DataFrame

    @property
    def nodes(self) -> Ints:
        """Return the members' nodes, (num_members,)."""
        return self.frame["node"].to_numpy()
