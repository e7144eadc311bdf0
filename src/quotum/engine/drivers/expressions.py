"""The expression language of drivers and indicators: what a formula is made of, and how it is written.

``revenue = orders * average_order``; ``orders = lag(visits, 14 days) * conversion``; ``if(rate >= 85 %, 1, rate)``.
Numbers, names, ``+ - * / ^``, parentheses, ``min max abs round floor ceil``, ``if(a >= b, then, else)``,
``lag(name, 14 days)`` and ``so_far(name)``. There is nothing else, so nothing can be run through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Unit = Literal["days", "weeks", "months"]
Operator = Literal["+", "-", "*", "/", "^"]
Comparison = Literal["<", "<=", ">", ">=", "==", "!="]

FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (2, 20), "max": (2, 20), "abs": (1, 1), "round": (1, 1), "floor": (1, 1), "ceil": (1, 1),
}  # fmt: skip
"""The functions, and how few and how many arguments they take."""
RESERVED = (*FUNCTIONS, "if", "lag", "so_far")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands: ``12``, ``0.5``, ``15 %``."""

    value: float
    at: int = 0  # the place of its first letter in the formula, from 1


@dataclass(frozen=True, slots=True)
class Name:
    """The value of a driver in the same period."""

    name: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Lag:
    """What a driver was some time earlier: ``lag(contacts, 14 days)``."""

    name: str
    amount: int
    unit: Unit
    at: int = 0


@dataclass(frozen=True, slots=True)
class SoFar:
    """What a driver added up to from the first period to this one: ``so_far(new_customers)``."""

    name: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Minus:
    """The same with the other sign."""

    of: Expression
    at: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    """Two parts and a sign between them."""

    operator: Operator
    left: Expression
    right: Expression
    at: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A function of FUNCTIONS with its arguments."""

    function: str
    arguments: tuple[Expression, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class If:
    """One of two values, as a comparison says."""

    comparison: Comparison
    left: Expression
    right: Expression
    then: Expression
    otherwise: Expression
    at: int = 0


Reach = Lag | SoFar
Expression = Number | Name | Lag | SoFar | Minus | Binary | Call | If

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_MINUS = 3


def list_parts(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions that one is made of."""
    match expression:
        case Minus():
            return (expression.of,)
        case Binary():
            return (expression.left, expression.right)
        case Call():
            return expression.arguments
        case If():
            return (expression.left, expression.right, expression.then, expression.otherwise)
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and everything in it, from left to right."""
    left = [expression]
    while left:
        found = left.pop()
        yield found
        left.extend(reversed(list_parts(found)))


def list_names(expression: Expression) -> list[Name | Lag | SoFar]:
    """Return the places where other drivers are named, from left to right."""
    return [part for part in walk(expression) if isinstance(part, (Name, Lag, SoFar))]


def write_expression(expression: Expression) -> str:
    """Return the formula as text with no more parentheses than needed; read again it gives the same expression."""
    return _write(expression, 0)


def _write(expression: Expression, around: int) -> str:
    match expression:
        case Number():
            return f"{expression.value!r}".removesuffix(".0")
        case Name():
            return expression.name
        case Lag():
            return f"lag({expression.name}, {expression.amount} {expression.unit})"
        case SoFar():
            return f"so_far({expression.name})"
        case Minus():
            text = f"-{_write(expression.of, _MINUS)}"
            return f"({text})" if around > _MINUS else text
        case Call():
            return f"{expression.function}({', '.join(_write(part, 0) for part in expression.arguments)})"
        case If():
            left, right, then, otherwise = (_write(part, 0) for part in list_parts(expression))
            return f"if({left} {expression.comparison} {right}, {then}, {otherwise})"
        case Binary():
            own = _STRENGTH[expression.operator]
            power = expression.operator == "^"  # binds to the right; a sign before its base needs parentheses
            left, right = _write(expression.left, own + power), _write(expression.right, _MINUS if power else own + 1)
            sign = "^" if power else f" {expression.operator} "
            return f"({left}{sign}{right})" if own < around else f"{left}{sign}{right}"
