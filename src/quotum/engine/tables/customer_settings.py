"""What plan.toml says of customers: how they are classed, when they are lost, and what a new one brings."""

from __future__ import annotations

from dataclasses import dataclass, field

CLASS_BASES = ("share", "rank", "amount")
"""What a classing by sales is made from; any other basis is a column of the table customers."""
CLASS_COLUMNS = ("channel", "area", "city", "class")
LATER_QUADRANTS = ("large_later", "small_later")


@dataclass(frozen=True, slots=True)
class Classing:
    """One way of classing customers by their last twelve months.

    ``names`` go from the best class down, ``limits`` part them: of ``share`` the parts of all sales that the better
    customers bring together, of ``rank`` their number (below 1: their part of all who bought), of ``amount`` the least
    sales in major units. A customer moves only when it passes a limit by ``margin`` of it. ``by`` a column of the
    table customers takes its values as they are.
    """

    name: str = "class"
    by: str = "share"
    names: tuple[str, ...] = ("VIP", "first", "second", "other")
    limits: tuple[float, ...] = (0.5, 0.8, 0.95)
    margin: float = 0.1


@dataclass(frozen=True, slots=True)
class StateRules:
    """When a customer is new, dormant, lost or won back; ``dormant`` and ``lost`` count intervals of its own rhythm."""

    new_months: int = 12  # since the first order
    won_back_months: int = 12  # since the order that ended a silence as long as a lost customer's
    dormant: float = 2.0
    lost: float = 4.0
    dormant_days: int = 30  # nobody is dormant before so many days, whatever the rhythm
    lost_days: int = 90
    own_orders: int = 4  # order days from which on a customer has a rhythm of its own
    interval_days: float = 90.0  # where nobody in the company has one
    loss: float = 0.1  # part of the customers lost in a year, where history is too short to tell


@dataclass(frozen=True, slots=True)
class NewCustomers:
    """What a new customer brings."""

    amount: float | None = None  # in its first full year, in major units; None: as those won in the last two years
    ramp: tuple[float, ...] = ()  # part of a full month in its first months; then 1


@dataclass(frozen=True, slots=True)
class ProspectRules:
    """Which prospects come first, and what is taken of them where nothing is written down."""

    demand: float = 50_000.0  # a month, in major units, from which on a prospect is large
    days: float = 15.0  # to its first order, up to which it is soon
    third: str = "large_later"  # which of the two later quadrants comes before the other
    chance: float = 0.3
    days_to_order: float = 90.0


@dataclass(frozen=True, slots=True)
class CustomerSettings:
    """Everything plan.toml says of customers. The first classing makes the class that plans are split by."""

    classings: tuple[Classing, ...] = (
        Classing(),
        Classing("account", names=("key", "general"), limits=(0.5,)),
    )
    states: StateRules = field(default_factory=StateRules)
    new: NewCustomers = field(default_factory=NewCustomers)
    prospects: ProspectRules = field(default_factory=ProspectRules)
