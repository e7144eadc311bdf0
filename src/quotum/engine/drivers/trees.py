"""The tree of drivers: every formula read, every name known, no circles, parts before what is made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.drivers.expressions import Binary, Expression, Name, Number, list_names
from quotum.engine.drivers.parsing import is_name, parse_expression
from quotum.engine.drivers.time_grains import check_grains
from quotum.engine.tables.driver_settings import Driver, DriverSettings, Norm

CALENDAR = {
    "working_days": 1, "days": 1, "weeks": 1, "months": 1,
    "people": 0, "visits_a_day": 0, "calls_a_day": 0, "minutes_a_day": 0,
}  # fmt: skip
"""What is known without being given: the plan's calendar and the table people; 1 where it adds up over time."""
BUILT_IN = {
    "person_days": "people * working_days",
    "visits_there": "person_days * visits_a_day",
    "calls_there": "person_days * calls_a_day",
    "minutes_there": "person_days * minutes_a_day",
}
"""What follows from those by itself."""
ESTIMATES = {
    "average_order": 0, "average_price": 0, "margin_rate": 0, "orders_per_visit": 0, "orders_per_call": 0,
    "visits_made_per_day": 0, "calls_made_per_day": 0, "amount_per_customer_month": 0, "orders_per_customer_month": 0,
    "customers": 0, "collection_rate": 0, "days_to_order": 0, "days_to_pay": 0, "project_amount": 0,
    "project_chance": 0, "people": 0, "target": 1,
}  # fmt: skip
"""What can be taken from the tables, and whether it adds up over time."""
MOST_DRIVERS = 300


@dataclass(frozen=True, slots=True)
class DriverTree:
    """Drivers that fit together.

    ``drivers`` holds given ones by name, ``formulas`` the expressions of those that are made, in an order in which
    every part comes before what is made from it; ``supplies`` what there is of a driver. ``adds_up`` tells whether a
    name adds up over time (1) or not (0).
    """

    drivers: dict[str, Driver]
    formulas: dict[str, Expression]
    supplies: dict[str, Expression]
    adds_up: dict[str, int]

    @property
    def names(self) -> list[str]:
        """Every name that has a value: used calendar names, known drivers, formulas in their order."""
        used = {part.name for expression in (*self.formulas.values(), *self.supplies.values())
                for part in list_names(expression)}  # fmt: skip
        return [*(name for name in CALENDAR if name in used and name not in self.drivers),
                *(name for name in self.drivers if name not in self.formulas), *self.formulas]  # fmt: skip

    def parts(self, name: str) -> list[str]:
        """Return the names a formula is made from, in the order they stand; none for a known value."""
        formula = self.formulas.get(name)
        return [] if formula is None else list(dict.fromkeys(part.name for part in list_names(formula)))

    def below(self, name: str) -> set[str]:
        """Return everything that ``name`` is made from, itself included."""
        found: set[str] = set()
        left = [name]
        while left:
            found.add(at := left.pop())
            left += [part for part in self.parts(at) if part not in found]
        return found

    def roots(self) -> list[str]:
        """Return the drivers that nothing else is made from, in the order of the file."""
        used = {part for name in self.formulas for part in self.parts(name)}
        return [name for name in self.drivers if name in self.formulas and name not in used]


def build_tree(settings: DriverSettings) -> tuple[DriverTree | None, list[Issue]]:
    """Return the tree of the settings, or None and every reason against it.

    Formulas that cannot be read, unknown names, circles, things that add up over time mixed with things that do not,
    and units that do not fit are errors; ``column`` is ``drivers.<name>`` or ``capacity.<name>``.
    """
    if len(settings.drivers) > MOST_DRIVERS:
        return None, [Issue(rule="driver_too_many", column="drivers", value=str(len(settings.drivers)),
                            details=(("most", str(MOST_DRIVERS)),))]  # fmt: skip
    drivers = {driver.name: driver for driver in settings.drivers}
    issues = [
        Issue(rule="driver_name", column=f"drivers.{name}", value=name[:80]) for name in drivers if not is_name(name)
    ]
    formulas: dict[str, Expression] = {}
    for name, driver in drivers.items():
        if driver.formula:
            issues += _read(formulas, name, driver.formula, f"drivers.{name}", drivers)
    supplies: dict[str, Expression] = {}
    for name, formula in settings.capacity:
        issues += _read(supplies, name, formula, f"capacity.{name}", drivers)
        if name not in drivers and name not in CALENDAR:
            issues.append(_unknown(name, f"capacity.{name}", drivers))
    if issues:
        return None, issues
    _supply_norms(settings.norms, drivers, supplies)
    _add_built_in(formulas, supplies, drivers)
    order, circle = order_names({name: [p.name for p in list_names(f)] for name, f in formulas.items()})
    if circle:
        return None, [Issue(rule="driver_circle", column=f"drivers.{circle[0]}", value=" → ".join(circle))]
    tree = DriverTree(drivers, {name: formulas[name] for name in order}, supplies, {})
    adds_up, issues = check_grains(drivers, tree.formulas, supplies, CALENDAR, ESTIMATES)
    return (None, issues) if issues else (replace(tree, adds_up=adds_up), [])


def _supply_norms(norms: Sequence[Norm], drivers: dict[str, Driver], supplies: dict[str, Expression]) -> None:
    """Add what norms make people do of a driver, unless [capacity] says it: 30 a day × the role's people × days."""
    given = set(supplies)
    for norm in norms:
        if norm.activity not in drivers or norm.activity in given:
            continue
        heads = f"people:{norm.role}"
        drivers.setdefault(heads, Driver(heads, estimate="people", role=norm.role))
        span = {"day": "working_days", "week": "weeks", "month": "months"}[norm.per]
        one = Binary("*", Binary("*", Number(norm.amount), Name(heads)), Name(span))
        supplies[norm.activity] = Binary("+", supplies[norm.activity], one) if norm.activity in supplies else one


def _add_built_in(
    formulas: dict[str, Expression], supplies: dict[str, Expression], drivers: dict[str, Driver]
) -> None:
    """Add the formulas of BUILT_IN that are used; a driver of the same name wins."""
    left = [part.name for formula in (*formulas.values(), *supplies.values()) for part in list_names(formula)]
    while left:
        name = left.pop()
        if name in BUILT_IN and name not in drivers and name not in formulas:
            expression, _ = parse_expression(BUILT_IN[name])
            if expression is not None:
                formulas[name] = expression
                left += [part.name for part in list_names(expression)]


def order_names(parts: dict[str, list[str]]) -> tuple[list[str], list[str]]:
    """Return the names so that each comes after its parts, and a circle (first name again at its end) if there is one.

    Among names that could come next, the order of ``parts`` decides.
    """
    order: list[str] = []
    state: dict[str, bool] = {}  # False: on the way down, True: done
    for start in parts:
        way = [start] if start not in state else []
        while way:
            name = way[-1]
            state.setdefault(name, False)
            following = next((part for part in parts[name] if part in parts and not state.get(part, False)), None)
            if following is None:
                way.pop()
                if not state[name]:
                    order.append(name)
                state[name] = True
            elif following in state:
                return [], [*way[way.index(following) :], following]
            else:
                way.append(following)
    return order, []


def _read(
    into: dict[str, Expression], name: str, formula: str, column: str, drivers: dict[str, Driver]
) -> list[Issue]:
    """Read one formula into ``into``; return what is wrong with it."""
    expression, issues = parse_expression(formula, column)
    if expression is None:
        return issues
    into[name] = expression
    return [_unknown(part.name, column, drivers, part.at) for part in list_names(expression)
            if part.name not in (*drivers, *CALENDAR, *BUILT_IN)]  # fmt: skip


def _unknown(name: str, column: str, drivers: dict[str, Driver], at: int = 0) -> Issue:
    details = (("at", str(at) if at else ""), ("nearest", nearest(name, (*drivers, *CALENDAR, *BUILT_IN))))
    return Issue(rule="driver_unknown", column=column, value=name, details=details)
