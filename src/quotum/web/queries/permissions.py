"""Who may do what, how far: from the posts that are in force today (K1). Every query and service asks here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from quotum.web.queries.clock import today
from quotum.web.records.models import Customer, Ownership, Person, Unit, User
from quotum.web.records.roles import MAY, NEED_PERSON


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a capability goes: everywhere, the subtrees of some units (their paths), one's own person."""

    everywhere: bool = False
    paths: tuple[str, ...] = ()
    person: str = ""

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.paths) or bool(self.person)


def reach_of(user: User, capability: str) -> Reach:
    """Return how far ``capability`` goes for the user today; a false value where it is not given at all."""
    if not user.is_authenticated or not user.is_active:
        return Reach()
    if "_reaches" not in user.__dict__:  # once a request: the user object lives that long
        user.__dict__["_reaches"] = _all_reaches(user)
    reaches: dict[str, Reach] = user.__dict__["_reaches"]
    return reaches.get(capability, Reach())


def may(user: User, capability: str) -> bool:
    """Tell whether the user has the capability anywhere."""
    return bool(reach_of(user, capability))


def lacks_person(user: User) -> bool:
    """Tell whether a post of today works with what is one's own while the account names no person."""
    day = today()
    in_force = user.posts.filter(Q(until=None) | Q(until__gt=day), since__lte=day)
    return not user.person_id and in_force.filter(role__in=NEED_PERSON).exists()


def require(user: User, capability: str) -> Reach:
    """Return how far the capability goes; raise PermissionDenied where the user does not have it at all."""
    reach = reach_of(user, capability)
    if not reach:
        raise PermissionDenied(capability)
    return reach


def require_everywhere(user: User, capability: str) -> None:
    """Raise PermissionDenied unless the capability reaches the whole company."""
    if not require(user, capability).everywhere:
        raise PermissionDenied(capability)


def units_within(reach: Reach) -> QuerySet[Unit]:
    """Return the units that lie within; of one's own person only the unit it belongs to is not among them."""
    return Unit.objects.filter(_below(reach, "path"))


def people_within(reach: Reach) -> QuerySet[Person]:
    """Return the people that lie within."""
    return Person.objects.filter(_of_person(reach, ""))


def customers_within(reach: Reach) -> QuerySet[Customer]:
    """Return the customers whose owner of today lies within: dated owners decide alone where a customer has any."""
    if reach.everywhere:
        return Customer.objects.all()
    in_force = Q(until=None) | Q(until__gt=today())
    owned = Ownership.objects.filter(in_force, _of_person(reach, "person__"), since__lte=today())
    undated = ~Exists(Ownership.objects.filter(customer=OuterRef("pk")).order_by())
    return Customer.objects.filter((_of_person(reach, "person__") & undated) | Q(pk__in=owned.values("customer")))


def keys_within(reach: Reach) -> tuple[tuple[str, str], ...] | None:
    """Return a plan's ``under`` pairs that hold a slice within reach; None: no limit."""
    if reach.everywhere:
        return None
    if reach.paths:
        return tuple(("unit", path.rstrip("\n").rpartition("\n")[2]) for path in reach.paths)
    return (("person", reach.person),)


def _below(reach: Reach, field: str) -> Q:
    """Return the condition that a unit's path lies in a subtree within reach."""
    if reach.everywhere:
        return Q()
    return _any_of(Q(**{f"{field}__startswith": path}) for path in reach.paths)


def _of_person(reach: Reach, prefix: str) -> Q:
    """Return the condition that a person lies within: in a subtree, or the own one. An empty Q lets everything pass."""
    if reach.everywhere:
        return Q()
    below = _below(reach, f"{prefix}unit__path")
    return below | Q(**{f"{prefix}person": reach.person}) if reach.person else below


def _any_of(conditions: Iterable[Q]) -> Q:
    """Return the conditions joined by or; nothing passes where there are none."""
    return reduce(or_, conditions, Q(pk__in=[]))


def _all_reaches(user: User) -> dict[str, Reach]:
    """Return the reach of every capability the user has, from one query."""
    day = today()
    posts = user.posts.filter(Q(until=None) | Q(until__gt=day), since__lte=day).select_related("unit")
    found: dict[str, Reach] = {}
    for post in posts:
        for capability, reach in MAY[post.role].items():
            before = found.get(capability, Reach())
            whole = reach == "all" or (reach == "subtree" and post.unit is None)
            path = (post.unit.path,) if reach == "subtree" and post.unit is not None else ()
            own = user.person_id or "" if reach in {"own", "subtree"} else ""
            found[capability] = Reach(
                before.everywhere or whole, tuple(sorted({*before.paths, *path})), before.person or own
            )
    return found
