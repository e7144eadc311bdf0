"""The slow obvious twin: real shares down unit tree, person and customer in fractions, written from the design alone.

A company here is plain Python: units {name: parent}, people {name: (unit, ability)}, customers {name: owner or None},
sales [(customer, date, amount)]. History counts the plan's dates one, two and three years earlier 3, 2 and 1 times. A
mix normalises each basis within the parent; shares are clip(scale × weight, floor, cap) with one scale a parent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor


@dataclass(frozen=True)
class World:
    units: Mapping[str, str | None]
    people: Mapping[str, tuple[str, Fraction]]
    customers: Mapping[str, str | None]
    sales: list[tuple[str, str, Fraction]]
    year: int  # that is planned

    @property
    def top(self) -> str:
        return min(unit for unit, parent in self.units.items() if parent is None)

    def owner(self, customer: str) -> str:
        return self.customers[customer] or f"vacant:{self.top}"

    def unit(self, person: str) -> str:
        return self.people[person][0] if person in self.people else person.removeprefix("vacant:")

    def years_ago(self, customer: str, years: int) -> Fraction:
        of_year = str(self.year - years)
        return sum((amount for c, day, amount in self.sales if c == customer and day[:4] == of_year), Fraction())

    def history(self, customer: str) -> Fraction:
        return sum((weight * self.years_ago(customer, k) for k, weight in ((1, 3), (2, 2), (3, 1))), Fraction())


@dataclass(frozen=True)
class Step:
    basis: Mapping[str, Fraction]
    floor: Fraction | None = None
    cap: Fraction | None = None


class CannotBeMetError(Exception):
    """The bounds of a parent leave no split of its total."""


def clip_shares(
    total: Fraction, weights: list[Fraction], floors: list[Fraction], caps: list[Fraction | None]
) -> list[Fraction]:
    """Return clip(scale × weight, floor, cap) that add up to the total: between which two bends does the scale lie?

    Members without weight stay at their floor.
    """

    def shares(scale: Fraction) -> list[Fraction]:
        raised = [max(scale * w, low) for w, low in zip(weights, floors, strict=True)]
        return [share if cap is None else min(share, cap) for share, cap in zip(raised, caps, strict=True)]

    bends = {Fraction(0)}
    for weight, low, high in zip(weights, floors, caps, strict=True):
        if weight > 0:
            bends |= {low / weight} | ({high / weight} if high is not None else set())
    bends = sorted(bends)
    last = bends[-1]
    endless = sum(w for w, cap in zip(weights, caps, strict=True) if cap is None)
    if endless and sum(shares(last)) < total:
        bends.append(last + (total - sum(shares(last))) / endless)
    if sum(shares(bends[0])) > total or sum(shares(bends[-1])) < total:
        raise CannotBeMetError
    for low, high in pairwise([bends[0], *bends]):
        below, above = sum(shares(low)), sum(shares(high))
        if below <= total <= above:
            scale = low if below == above else low + (high - low) * (total - below) / (above - below)
            return shares(scale)
    raise AssertionError("the shares rise from the first bend to the last")


def split(
    total: Fraction,
    members: list[str],
    step: Step,
    weigh: Callable[[str, str], Fraction],
    last_year_minor: Callable[[str], Fraction],
) -> dict[str, Fraction]:
    """Return the real share of each member of one parent."""
    mixed = dict.fromkeys(members, Fraction())
    parts = Fraction()
    for basis, part in step.basis.items():
        raw = {m: max(weigh(basis, m), Fraction()) for m in members}
        if sum(raw.values()) > 0:
            parts += part
            for m in members:
                mixed[m] += part * raw[m] / sum(raw.values())
    if parts == 0:  # the usual fallback: all alike, reserved members only when they are alone
        ordinary = [m for m in members if not is_reserved(m)] or members
        mixed, parts = {m: Fraction(m in ordinary, 1) for m in members}, Fraction(1)
    floors, caps = [], []
    for m in members:
        ago = last_year_minor(m)
        bound = ago > 0 and not is_reserved(m)
        floors.append(Fraction(ceil(ago * step.floor)) if bound and step.floor is not None else Fraction())
        caps.append(Fraction(floor(ago * step.cap)) if bound and step.cap is not None else None)
    shares = clip_shares(total, [mixed[m] / parts for m in members], floors, caps)
    return dict(zip(members, shares, strict=True))


def is_reserved(member: str) -> bool:
    return member.startswith(("vacant:", "new_business:"))


def split_all(
    world: World, total: Fraction, unit: Step, person: Step, customer: Step
) -> dict[str, dict[tuple[str, ...], Fraction]]:
    """Return the real shares of units (a place's own part has the key (place, "own")), people and customers."""
    owners = {c: world.owner(c) for c in world.customers}
    everybody = [*world.people, *sorted({o for o in owners.values() if o.startswith("vacant:")})]

    def below(place: str) -> set[str]:
        return {place}.union(*(below(u) for u, parent in world.units.items() if parent == place))

    def of_people(people: list[str], basis: str) -> Fraction:
        if basis == "ability":
            return sum((world.people[p][1] for p in people if p in world.people), Fraction())
        return sum((world.history(c) for c, owner in owners.items() if owner in people), Fraction())

    def ago(people: list[str]) -> Fraction:
        return sum((100 * world.years_ago(c, 1) for c, owner in owners.items() if owner in people), Fraction())

    shares: dict[str, dict[tuple[str, ...], Fraction]] = {"unit": {}, "person": {}, "customer": {}}
    leaves: dict[str, Fraction] = {}

    def descend(places: list[str], own: str | None, amount: Fraction) -> None:
        held = {place: [p for p in everybody if world.unit(p) in below(place)] for place in places}
        if own is not None and (mine := [p for p in everybody if world.unit(p) == own]):
            held["own"] = mine
        found = split(amount, list(held), unit, lambda basis, m: of_people(held[m], basis), lambda m: ago(held[m]))
        for member, share in found.items():
            place = own if member == "own" else member
            shares["unit"][(place, "own") if member == "own" else (place,)] = share
            children = [u for u, parent in world.units.items() if parent == place]
            if member != "own" and children:
                descend(children, place, share)
            else:
                leaves[place] = share

    descend([u for u, parent in world.units.items() if parent is None], None, total)
    for place, amount in leaves.items():
        people = [p for p in everybody if world.unit(p) == place] or [f"vacant:{place}"]
        found = split(amount, people, person, lambda basis, p: of_people([p], basis), lambda p: ago([p]))
        for p, share in found.items():
            shares["person"][(p,)] = share
            mine = [c for c, owner in owners.items() if owner == p]
            if not mine or customer.cap is not None:
                mine.append(f"new_business:{p}")
            shares["customer"] |= _split_customers(world, share, mine, customer)
    return shares


def _split_customers(world: World, total: Fraction, members: list[str], step: Step) -> dict[tuple[str, ...], Fraction]:
    """New business takes what the caps of the others leave; then they share the rest."""
    existing = [m for m in members if not is_reserved(m)]
    reserved = [m for m in members if is_reserved(m)]

    def weigh(_: str, member: str) -> Fraction:
        return world.history(member) if member in world.customers else Fraction()

    def ago(member: str) -> Fraction:
        return 100 * world.years_ago(member, 1) if member in world.customers else Fraction()

    if not existing:
        return {(reserved[0],): total}
    left = Fraction()
    if reserved:
        shared = any(weigh("", m) > 0 for m in existing)
        room = []
        for m in existing:
            capped = ago(m) > 0
            low = Fraction(ceil(ago(m) * step.floor)) if capped and step.floor is not None else Fraction()
            counts = weigh("", m) > 0 or not shared
            room.append(low if not counts else Fraction(floor(ago(m) * step.cap)) if capped else total + low)
        left = max(total - sum(room), Fraction())
    found = split(total - left, existing, step, weigh, ago)
    return {(m,): share for m, share in found.items()} | {(m,): left for m in reserved}
