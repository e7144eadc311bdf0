"""What plan.toml says about planning the rest of a year anew: what is kept, for whom, and how far months may move."""

from __future__ import annotations

from dataclasses import dataclass, field

KEEP_YEAR, KEEP_REST, OUTLOOK = "keep-year", "keep-rest", "outlook"
POLICIES = (KEEP_YEAR, KEEP_REST, OUTLOOK)
SPREADS = ("smooth", "opportunity")
SURPLUSES = ("stays", "relieves")


@dataclass(frozen=True, slots=True)
class ReplanSettings:
    """What ``[replan]`` says.

    ``floor`` and ``cap`` are factors on what each month ahead was planned to be; they bind where the year is kept.
    ``spread``: the rest keeps its shape (smooth), or goes to the months that the forecast sees strong (opportunity).
    ``surplus``: what somebody is ahead of the whole year stays with them, or relieves others: of the unit, then all.
    ``units``: the policy of a unit and all below it, where it is another one.
    """

    policy: str = KEEP_YEAR
    spread: str = "smooth"
    surplus: str = "stays"
    floor: float = 0.0
    cap: float | None = None
    units: dict[str, str] = field(default_factory=dict)

    @property
    def looks_ahead(self) -> bool:
        """Whether a forecast of the months ahead is needed."""
        return self.spread == "opportunity" or OUTLOOK in (self.policy, *self.units.values())
