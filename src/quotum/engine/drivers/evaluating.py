"""What an expression comes to: on plain numbers and arrays, or compiled to a query on the columns of a frame.

Both say the same; a test holds one against the other. What has no value (a division by zero, a root of a negative
number, an overflow) is NaN in arrays and null in frames, and so is everything that is made from it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.drivers.expressions import Binary, Call, Expression, If, Lag, Minus, Name, Number, Reach, SoFar

Values = npt.NDArray[np.float64]
ReachOf = Callable[[Reach], Values]

_COMPARE: dict[str, Callable[..., npt.NDArray[np.bool_]]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
_COMPARE_COLUMNS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def evaluate_expression(
    expression: Expression, values: Mapping[str, float | Values], reach: ReachOf | None = None
) -> Values:
    """Return what the expression comes to with the drivers' ``values``: numbers, or arrays that fit together.

    ``reach`` answers lags and ``so_far``; without it only formulas of one period can be evaluated.
    Raises KeyError for a name without a value.
    """
    with np.errstate(all="ignore"):
        found = _evaluate(expression, values, reach)
    finite = np.isfinite(found)
    return found if finite.all() else np.where(finite, found, np.nan)


def _evaluate(part: Expression, values: Mapping[str, float | Values], reach: ReachOf | None) -> Values:
    match part:
        case Number():
            return np.float64(part.value)  # type: ignore[return-value]
        case Name():
            return np.asarray(values[part.name], dtype=np.float64)
        case Lag() | SoFar():
            if reach is None:
                raise KeyError(part.name)
            return reach(part)
        case Minus():
            return -_evaluate(part.of, values, reach)
        case Binary():
            left, right = _evaluate(part.left, values, reach), _evaluate(part.right, values, reach)
            return _calculate(part.operator, left, right)
        case Call():
            return _call(part.function, [_evaluate(argument, values, reach) for argument in part.arguments])
        case If():
            left, right = _evaluate(part.left, values, reach), _evaluate(part.right, values, reach)
            chosen = np.where(
                _COMPARE[part.comparison](left, right),
                _evaluate(part.then, values, reach),
                _evaluate(part.otherwise, values, reach),
            )
            return np.where(np.isnan(left) | np.isnan(right), np.nan, chosen)


def _calculate(sign: str, left: Values, right: Values) -> Values:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    found = left / right if sign == "/" else np.power(left, right)
    infinite = np.isinf(found)
    return np.where(infinite, np.nan, found) if infinite.any() else found


def _call(function: str, arguments: list[Values]) -> Values:
    if function in ("min", "max"):
        choose = np.minimum if function == "min" else np.maximum
        found = arguments[0]
        for argument in arguments[1:]:
            found = choose(found, argument)
        return found
    value = arguments[0]
    if function == "abs":
        return np.abs(value)
    # Halves go up: people count so, and it is the same everywhere.
    return np.ceil(value) if function == "ceil" else np.floor(value + 0.5 if function == "round" else value)


def compile_expression(expression: Expression, reach: Callable[[Reach], pl.Expr] | None = None) -> pl.Expr:
    """Return the expression as a query on a frame whose columns are called as the drivers.

    ``reach`` returns the query of lags and ``so_far``; without it formulas that have them raise KeyError.
    """
    found = _compile(expression, reach)
    return pl.when(found.is_finite()).then(found)


def _compile(part: Expression, reach: Callable[[Reach], pl.Expr] | None) -> pl.Expr:
    """Return the query; nothing is NaN within. Parts are named once: a query grows with every time they are."""
    match part:
        case Number():
            return pl.lit(part.value, pl.Float64)
        case Name():
            return pl.col(part.name).cast(pl.Float64).fill_null(np.nan)
        case Lag() | SoFar():
            if reach is None:
                raise KeyError(part.name)
            return reach(part).fill_null(np.nan)
        case Minus():
            return -_compile(part.of, reach)
        case Binary():
            return _calculate_columns(part.operator, _compile(part.left, reach), _compile(part.right, reach))
        case Call():
            return _call_columns(part.function, [_compile(argument, reach) for argument in part.arguments])
        case If():
            left, right = _compile(part.left, reach), _compile(part.right, reach)
            return (
                pl.when(left.is_nan() | right.is_nan())
                .then(pl.lit(np.nan))
                .when(_COMPARE_COLUMNS[part.comparison](left, right))
                .then(_compile(part.then, reach))
                .otherwise(_compile(part.otherwise, reach))
            )


def _calculate_columns(sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    if sign in "+-*":
        return left + right if sign == "+" else left - right if sign == "-" else left * right
    found = left / right if sign == "/" else left.pow(right)
    return found.replace([np.inf, -np.inf], [np.nan, np.nan])


def _call_columns(function: str, arguments: list[pl.Expr]) -> pl.Expr:
    if function in ("min", "max"):
        chosen = pl.min_horizontal(arguments) if function == "min" else pl.max_horizontal(arguments)
        missing = pl.any_horizontal([argument.is_nan() for argument in arguments])
        return pl.when(missing).then(pl.lit(np.nan)).otherwise(chosen)
    value = arguments[0]
    if function == "abs":
        return value.abs()
    return value.ceil() if function == "ceil" else (value + 0.5 if function == "round" else value).floor()
