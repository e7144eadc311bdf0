"""Settings of forecasts: which methods may be used, how much history counts, how wide a range is."""

from __future__ import annotations

from dataclasses import dataclass

METHODS = (
    "same_period", "season", "trend", "theta", "intermittent", "lasting", "seasonal_naive",
)  # fmt: skip
"""Names of the methods in the order in which they are preferred where they are equally good."""


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """What ``[forecast]`` of plan.toml says."""

    methods: tuple[str, ...] = METHODS  # of these the best are taken at each level
    best: int = 3  # how many of the best are averaged
    years: int = 5  # of history, at most
    share: float = 0.8  # of the simulated years that lie within low and high
    paths: int = 1000  # simulated years
    outside: tuple[str, ...] = ()  # models of an outside library that compete too, such as AutoETS
