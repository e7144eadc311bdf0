"""Any one driver from the others: how large must it be so that another comes to a wanted value?

Where the goal depends on the unknown as ``a + b·x^k`` (a chain of sums, products and quotients) the answer is exact
algebra, whatever the periods. Elsewhere (``min``, ``if``, several occurrences) the range allowed is searched: changes
of sign, touches and flat stretches are narrowed down, so that several answers, or none, are told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from quotum.engine.curves.day_weights import Floats
from quotum.engine.drivers.evaluate import Play
from quotum.engine.drivers.expressions import Binary, Call, Expression, If, Lag, Minus, Name, Number, SoFar
from quotum.engine.drivers.laying_out import lay_out_known

Answer = Literal["one", "many", "any", "none"]
_LARGEST = 1e15
_SMALLEST = 1e-9
_CLOSE = 1e-9
_STEPS = 33
_HOLLOW, _MOST_HOLLOWS = 0.05, 12
_ROUNDS = 14


@dataclass(frozen=True, slots=True)
class Solution:
    """What a driver must be. ``values`` are within its bounds, in order; ``outside`` would do but are not allowed.

    ``spans`` are stretches all of which do. ``whole`` has (whole value, what the goal comes to) on both sides of each
    value of a driver that is counted in whole ones. ``now`` is what it is, ``reached`` what the goal comes to with
    that, ``best`` what it comes to at both bounds (NaN without a bound above).
    """

    unknown: str
    goal: str
    wanted: float
    answer: Answer
    values: tuple[float, ...] = ()
    spans: tuple[tuple[float, float], ...] = ()
    outside: tuple[float, ...] = ()
    whole: tuple[tuple[float, float], ...] = ()
    now: float = float("nan")
    reached: float = float("nan")
    best: tuple[float, float] = (float("nan"), float("nan"))

    @property
    def value(self) -> float | None:
        """The one answer, or the smallest of several; None where there is none."""
        return min((*self.values, *(span[0] for span in self.spans)), default=None)


def solve_driver(play: Play, unknown: str, goal: str, wanted: float, scope: int = 0) -> Solution:
    """Return what ``unknown`` must be so that ``goal`` comes to ``wanted`` in the whole plan, for one scope.

    Known drivers are solved in the unit they are given in (so much a day stays so much a day). A formula may be the
    unknown as well: it is then taken as given, in the shape over time that it has now. Raises KeyError for names that
    the tree has not.
    """
    shape = find_shape(play, unknown, scope)

    def reach(at: Floats | float) -> Floats:
        xs = np.atleast_1d(np.asarray(at, dtype=np.float64))
        found = play.sum_up(play.evaluate({unknown: xs[:, None] * shape}, scope), goal)
        return np.broadcast_to(found, (len(xs),)).astype(np.float64)

    driver = play.tree.drivers.get(unknown)
    low, high = (driver.low if driver else 0.0), (_LARGEST if driver is None or driver.high is None else driver.high)
    now, reached = value_now(play, unknown, scope), float(play.sum_up(play.evaluate(scope=scope), goal))
    scale = max([abs(value) for value in (wanted, reached) if np.isfinite(value)] + [1e-12])
    form = find_form(play, unknown, goal)
    spans: list[tuple[float, float]] = []
    if form is None:
        roots, spans = _search(reach, wanted, scale, low, high)
    elif form[0] == 0:
        same = abs(reached - wanted) <= _CLOSE * scale
        return Solution(unknown, goal, wanted, "any" if same else "none", now=now, reached=reached)
    else:
        roots = _invert(reach, wanted, scale, *form)
    slack = _CLOSE * max(abs(low), 1.0)
    inside = tuple(sorted(root for root in roots if low - slack <= root <= high * (1 + _CLOSE)))
    outside = tuple(sorted(set(roots) - set(inside)))
    count = len(inside) + 2 * len(spans)
    answer: Answer = "none" if count == 0 else "one" if count == 1 else "many"
    whole = tuple(_read_whole(reach, inside)) if driver is not None and driver.whole else ()
    best = float(reach(low)[0]), float(reach(high)[0]) if high < _LARGEST else float("nan")
    return Solution(unknown, goal, wanted, answer, inside, tuple(spans), outside, whole, now, reached, best)


def find_shape(play: Play, unknown: str, scope: int) -> Floats:
    """Return what one of the unknown is in each period, (num_periods,): its whole plan comes to 1, or to one unit."""
    tree, scene = play.tree, play.scene
    driver = tree.drivers.get(unknown)
    if driver is not None and not driver.formula and driver.estimate not in ("people", "target"):
        if driver.estimate:  # a ratio is the same however many people there are
            return np.ones(len(scene.periods))
        return np.asarray(lay_out_known(driver, scene, 1.0)[scope])
    values = np.broadcast_to(play.evaluate(scope=scope)[unknown], len(scene.periods))
    whole = float(play.sum_up(play.evaluate(scope=scope), unknown))
    if np.isfinite(values).all() and np.isfinite(whole) and whole != 0:
        return np.asarray(values / whole)
    days = scene.working_days if scene.working_days.sum() else scene.days
    return days / days.sum() if tree.adds_up[unknown] else np.ones(len(days))


def value_now(play: Play, unknown: str, scope: int = 0) -> float:
    """Return what a driver is now, in the unit in which it is solved."""
    driver = play.tree.drivers.get(unknown)
    if driver is not None and not driver.formula and not driver.estimate:
        given = driver.value if driver.people is None else driver.people
        return float("nan") if given is None else float(given)
    return float(play.sum_up(play.evaluate(scope=scope), unknown))


def _read_whole(reach: Callable[[Floats | float], Floats], roots: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """Yield both whole readings of each root with what the goal comes to; one where the root is whole itself."""
    for root in roots:
        near = round(root)
        around = [near] if abs(root - near) <= _CLOSE * max(1.0, abs(root)) else [np.floor(root), np.ceil(root)]
        for value in around:
            yield float(value), float(reach(float(value))[0])


def find_form(play: Play, unknown: str, goal: str) -> tuple[float, bool] | None:
    """Return (k, mixed) where the goal is ``a + b·x^k`` with the unknown x, mixed where a may be other than 0.

    (0, …) says that the goal does not depend on it; None that it is another function.
    """
    forms: dict[str, tuple[float, bool] | None] = dict.fromkeys(play.tree.names, (0.0, False))
    forms[unknown] = (1.0, False)
    for name, formula in play.tree.formulas.items():
        if name != unknown:
            forms[name] = join_forms(formula, forms)
    return forms.get(goal, (0.0, False))


def join_forms(part: Expression, forms: dict[str, tuple[float, bool] | None]) -> tuple[float, bool] | None:
    """Return the form of an expression from those of its names; means and sums over time change none."""
    match part:
        case Number():
            return 0.0, False
        case Name() | SoFar():
            return forms[part.name]
        case Lag():  # what was before the plan stays what it was
            found = forms[part.name]
            return None if found is None else (found[0], found[0] != 0)
        case Minus():
            return join_forms(part.of, forms)
        case Call() | If():
            parts = [join_forms(inside, forms) for inside in _inside(part)]
            return (0.0, False) if all(found is not None and found[0] == 0 for found in parts) else None
        case Binary():
            left, right = join_forms(part.left, forms), join_forms(part.right, forms)
            return None if left is None or right is None else _join(part, left, right)


def _inside(part: Call | If) -> tuple[Expression, ...]:
    return part.arguments if isinstance(part, Call) else (part.left, part.right, part.then, part.otherwise)


def _join(part: Binary, left: tuple[float, bool], right: tuple[float, bool]) -> tuple[float, bool] | None:
    (k, mixed), (n, also) = left, right
    if part.operator in ("+", "-"):
        return (k, mixed or also) if k == n else (k or n, True) if 0 in (k, n) else None
    if part.operator == "*":
        return (k + n, mixed or also) if 0 in (k, n) or not (mixed or also) else None
    if part.operator == "/":
        return None if n and (also or (mixed and k)) else (k - n, mixed)
    fixed = part.right.value if isinstance(part.right, Number) else None
    if k == 0 and n == 0:
        return 0.0, False
    return (k * fixed, False) if fixed is not None and not mixed else None


def _invert(
    reach: Callable[[Floats | float], Floats], wanted: float, scale: float, power: float, mixed: bool
) -> list[float]:
    """Return the roots of ``a + b·x^k = wanted``: two points tell a and b, a third round takes their error away."""
    points = np.array([1.0, 2.0])
    for _ in range(3):
        first, second = reach(points)
        rise = second - first if mixed else first
        run = points[1] ** power - points[0] ** power if mixed else points[0] ** power
        if not (np.isfinite(rise) and rise):
            return []
        offset = first - rise / run * points[0] ** power if mixed else 0.0
        raised = (wanted - offset) / (rise / run)
        if power % 2 == 1 or raised >= 0:
            root = float(np.sign(raised) * abs(raised) ** (1 / power)) if raised else 0.0
        else:
            return []
        if not np.isfinite(root) or root == 0 or abs(root) > _LARGEST:
            break
        points = np.array([root, 2 * root])
    if not np.isfinite(root) or not abs(reach(root)[0] - wanted) <= 1e-6 * max(scale, abs(offset)):
        return []
    return [root, -root] if power % 2 == 0 and root else [root]


def _search(
    reach: Callable[[Floats | float], Floats], wanted: float, scale: float, low: float, high: float
) -> tuple[list[float], list[tuple[float, float]]]:
    """Return roots and flat stretches of ``reach(x) = wanted`` within the bounds, from a fine grid narrowed down."""
    powers = np.logspace(np.log10(_SMALLEST), np.log10(_LARGEST), 1441)
    grid = np.concatenate([-powers[::-1], [0.0], powers, [low, high]])
    if high - low < 1e6:
        grid = np.concatenate([grid, np.linspace(low, high, 1001)])
    grid = np.unique(grid[(grid >= low) & (grid <= high)])
    off = reach(grid) - wanted
    near = np.abs(off) <= _CLOSE * scale
    spans = _find_spans(grid, near)
    roots: list[float] = []
    hollows: list[tuple[float, int]] = []
    roots += [float(at) for at in grid[near] if not any(first <= at <= last for first, last in spans)]
    for at in range(len(grid) - 1):
        if near[at] or near[at + 1] or not np.isfinite(off[at : at + 2]).all():
            continue
        if off[at] * off[at + 1] < 0:
            roots += _narrow(reach, wanted, scale, grid[at], grid[at + 1])
        elif at and np.abs(off[[at - 1, at + 1]]).min() - abs(off[at]) > _CLOSE * scale:
            hollows.append((abs(off[at]), at))
    for _, at in sorted(hollow for hollow in hollows if hollow[0] < _HOLLOW * scale)[:_MOST_HOLLOWS]:
        roots += _touch(reach, wanted, scale, grid[at - 1], grid[at + 1])
    ends = [tuple(_edge(reach, wanted, scale, end, grid, way) for end, way in zip(span, (-1, 1), strict=True))
            for span in spans]  # fmt: skip
    return sorted(set(roots)), [(first, last) for first, last in ends]


def _find_spans(grid: Floats, near: npt.NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return the stretches of three and more points that all do."""
    spans, start = [], 0
    for at in range(1, len(grid) + 1):
        if at == len(grid) or near[at] != near[start]:
            if near[start] and at - start >= 3:
                spans.append((float(grid[start]), float(grid[at - 1])))
            start = at
    return spans


def _edge(
    reach: Callable[[Floats | float], Floats], wanted: float, scale: float, inside: float, grid: Floats, way: int
) -> float:
    """Return where a flat stretch ends, between its last point and the next one of the grid."""
    at = int(np.searchsorted(grid, inside)) + way
    if not 0 <= at < len(grid):
        return inside
    outside = float(grid[at])
    for _ in range(200):
        middle = (inside + outside) / 2
        if abs(float(reach(middle)[0]) - wanted) <= _CLOSE * scale:
            inside = middle
        else:
            outside = middle
        if abs(outside - inside) <= 1e-12 * max(abs(inside), 1e-12):
            break
    return inside


def _narrow(
    reach: Callable[[Floats | float], Floats], wanted: float, scale: float, low: float, high: float
) -> list[float]:
    """Return the root between two points of other signs; none where the function jumps over it."""
    for _ in range(_ROUNDS):
        points = np.linspace(low, high, _STEPS)
        off = reach(points) - wanted
        turn = next((i for i in range(_STEPS - 1) if off[i] * off[i + 1] <= 0), None)
        if turn is None:
            return []
        low, high = points[turn], points[turn + 1]
    at, off = np.array([low, high]), reach(np.array([low, high])) - wanted
    nearer = int(abs(off[1]) < abs(off[0]))
    return [float(at[nearer])] if abs(off[nearer]) <= 1e-7 * scale else []


def _touch(
    reach: Callable[[Floats | float], Floats], wanted: float, scale: float, low: float, high: float
) -> list[float]:
    """Return the point between two others where the function touches the wanted value, if it does."""
    for _ in range(_ROUNDS):
        points = np.linspace(low, high, _STEPS)
        off = np.abs(reach(points) - wanted)
        if not np.isfinite(off).all():
            return []
        best = int(np.argmin(off))
        low, high = points[max(best - 1, 0)], points[min(best + 1, _STEPS - 1)]
    return [float(points[best])] if off[best] <= _CLOSE * scale else []
