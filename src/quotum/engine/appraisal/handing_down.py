"""Indicators handed down from the top to posts: who owns which part, and whom a change at the top touches."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from quotum.engine.appraisal.schemes import Scheme
from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.basics.nearest import nearest

GOAL_SCHEMA: dict[str, type[pl.DataType]] = {
    # A line an indicator and post. part: of the whole; target_e4: in ten-thousandths; owns: nobody below has a part.
    "indicator": pl.String, "post": pl.String, "from_post": pl.String, "depth": pl.Int64, "part": pl.Float64,
    "target_e4": pl.Int64, "owns": pl.Boolean,
}  # fmt: skip
_E4 = 10_000


def hand_down(scheme: Scheme) -> tuple[pl.DataFrame, list[Issue]]:
    """Return who carries which part of the goals at the top (``GOAL_SCHEMA``), and what is wrong with it.

    Parts of a post add up to what it hands down, whole ten-thousandths and all (a ratio is the same everywhere); a goal
    that is not handed on is owned where it is. Issues: parts that do not add up to 1, posts nobody knows or that are
    not below the giver, a goal
    twice, a way in a circle, an indicator without an owner, a post without an indicator.
    """
    issues: list[Issue] = []
    given = {(hand.indicator, hand.post): hand for hand in scheme.handovers}
    lines: list[tuple[str, str, str, int, float, int, bool]] = []
    used: set[tuple[str, str]] = set()
    for goal in scheme.goals:
        left: list[tuple[str, str, int, float, int, tuple[str, ...]]] = [
            (goal.post, "", 0, 1.0, round(goal.target * _E4), (goal.post,))
        ]
        if any(line[0] == goal.indicator for line in lines):
            issues.append(_issue(scheme, "goal_twice", goal.indicator))
            continue
        while left:
            post, above, depth, part, target, way = left.pop(0)
            hand = given.get((goal.indicator, post))
            if not post:
                issues.append(_issue(scheme, "indicator_without_owner", goal.indicator, scorecard=scheme.name))
                continue
            lines.append((goal.indicator, post, above, depth, part, target, hand is None))
            if hand is None:
                continue
            used.add((goal.indicator, post))
            running, reach = 0, 0.0
            for below, share in sorted(hand.to):
                reach += share
                end = round(target * reach)
                if below in way:
                    issues.append(_issue(scheme, "goal_circle", goal.indicator, way=" → ".join((*way, below))))
                else:
                    below_target = target if goal.ratio else end - running
                    left.append((below, post, depth + 1, part * share, below_target, (*way, below)))
                running = end
    issues += _check_hands(scheme, used)
    frame = pl.DataFrame(lines, schema=GOAL_SCHEMA, orient="row")
    without = [post for post in scheme.posts if frame.filter(post=post).is_empty()]
    issues += [_issue(scheme, "owner_without_indicator", post, "warning") for post in without]
    return frame.sort("indicator", "depth", "post", maintain_order=True), issues


def compare_goals(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return what a change at the top does: each touched post with its target before and after (null: none)."""
    keys = ["indicator", "post", "from_post"]
    both = before.select(*keys, before="target_e4").join(
        after.select(*keys, after="target_e4"), on=keys, how="full", coalesce=True
    )
    return both.filter(pl.col("before").ne_missing(pl.col("after"))).sort(keys)


def _check_hands(scheme: Scheme, used: set[tuple[str, str]]) -> list[Issue]:
    issues = []
    for hand in scheme.handovers:
        whole = sum(part for _, part in hand.to)
        if abs(whole - 1.0) > 1e-9:
            issues.append(_issue(scheme, "goal_parts", hand.indicator, post=hand.post, sum=f"{whole:g}"))
        if (hand.indicator, hand.post) not in used:
            issues.append(_issue(scheme, "goal_not_there", hand.indicator, "warning", post=hand.post))
        for post, _ in hand.to:
            issues += _check_post(scheme.posts, post, hand.post, hand.indicator, scheme)
    for goal in scheme.goals:
        if goal.post and goal.post not in scheme.posts:
            issues.append(_unknown_post(scheme, goal.post))
    return issues


def _check_post(posts: Mapping[str, str], post: str, above: str, indicator: str, scheme: Scheme) -> list[Issue]:
    if post not in posts:
        return [_unknown_post(scheme, post)]
    if posts[post] != above:
        return [_issue(scheme, "goal_not_below", indicator, "warning", post=post, above=above, superior=posts[post])]
    return []


def _unknown_post(scheme: Scheme, post: str) -> Issue:
    return _issue(scheme, "post_unknown", post, nearest=nearest(post, scheme.posts))


def _issue(scheme: Scheme, rule: str, value: str, severity: Severity = "error", **details: str) -> Issue:
    return Issue(rule=rule, severity=severity, table="schemes", file=scheme.file, value=value,
                 details=tuple(details.items()))  # fmt: skip
