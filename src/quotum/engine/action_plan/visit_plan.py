"""The story of a visit plan: owners, tasks, everybody's days, tables; nothing is handed on unchecked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

import polars as pl

from quotum.engine.action_plan.person_tasks import PersonTask, TravelMinutes
from quotum.engine.action_plan.visit_owners import list_owners
from quotum.engine.action_plan.visit_rows import Rows, list_rows
from quotum.engine.action_plan.visit_tasks import Scene, list_buyers, list_seen, list_tasks
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.visit_settings import VisitSettings
from quotum.engine.tables.visit_tables import VISIT_SCHEMAS

PlanOne = Callable[[PersonTask], Rows]
"""What plans one person: ``plan_one`` with settings and travel filled in."""
RunAll = Callable[[PlanOne, Iterable[PersonTask]], Iterator[Rows]]
"""How people are planned: one after the other, or in processes; results come in the order of the tasks."""


_MOST_PLACES = 5
_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """A visit plan: its tables (``VISIT_SCHEMAS``), what it was made with, and what is to be told of it."""

    settings: VisitSettings
    since: date
    until: date
    tables: Mapping[str, pl.DataFrame]
    issues: list[Issue] = field(default_factory=list)
    free_from: date | None = None  # of a plan made anew: earlier days are those of the plan before

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the table called ``name``."""
        return self.tables[name]


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans one person; plain enough to be sent to another process."""

    settings: VisitSettings
    travel: TravelMinutes

    def __call__(self, task: PersonTask) -> Rows:
        """Return the person's rows of every table of a visit plan."""
        from quotum.engine.action_plan.plan_person import plan_person  # compiled loops load here

        return list_rows(task, plan_person(task, self.settings, self.travel))


def one_by_one(plan: PlanOne, tasks: Iterable[PersonTask]) -> Iterator[Rows]:
    """Plan people one after the other."""
    return map(plan, tasks)


def set_scene(
    company: Company, settings: PlanSettings, visits: VisitSettings, days: pl.DataFrame, *,
    classes: Mapping[str, str] | None = None, quadrants: Mapping[str, str] | None = None,
) -> Scene:  # fmt: skip
    """Return what all people have in common.

    ``days(date, kind, provisional)`` covers the horizon and the history; ``classes`` and ``quadrants`` tell of
    customers what the tables do not. The horizon is that of ``visits``, the plan's where it has none.
    """
    since, until = visits.since or settings.since, visits.until or settings.until
    owners = list_owners(company, settings, visits, since, until)
    working = days.filter(pl.col("kind").is_in(["workday", "makeup"]))["date"].sort().to_list()
    scene = Scene(
        company, visits, since, until, tuple(working), settings.seed, owners,
        classes or {}, quadrants or {}, list_seen(company, since), buyers=list_buyers(company, visits, since),
    )  # fmt: skip
    return replace(scene, of_nobody=_names_of_nobody(scene))


def make_visit_plan(scene: Scene, travel: TravelMinutes, run: RunAll = one_by_one) -> VisitPlan:
    """Return everybody's visits of the scene's horizon, with issues on those that could not be placed."""
    tables = _gather(run(Planner(scene.settings, travel), list_tasks(scene)))
    plan = VisitPlan(scene.settings, scene.since, scene.until, {**tables, **_name_everybody(scene, tables)})
    return replace(plan, issues=tell_findings(scene, plan))


def _gather(people: Iterator[Rows]) -> dict[str, pl.DataFrame]:
    """Return everybody's rows as tables; rows of some people at a time, for they take far more memory."""
    parts = {name: [pl.DataFrame(schema=schema)] for name, schema in VISIT_SCHEMAS.items()}
    while some := list(islice(people, _AT_A_TIME)):
        for name, schema in VISIT_SCHEMAS.items():
            rows = [line for of_person in some for line in of_person.get(name, ())]
            parts[name].append(pl.DataFrame(rows, schema=schema, orient="row"))
    return {name: pl.concat(frames, rechunk=True) for name, frames in parts.items()}


def _name_everybody(scene: Scene, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return names and places of the customers and people of a visit plan."""
    customers, people = tables["cadences"]["customer"].unique(), tables["cadences"]["person"].unique()
    known = scene.company["customers"].filter(pl.col("customer").is_in(customers.implode())).sort("customer")
    classes = pl.col("customer").replace_strict(scene.classes, default=None, return_dtype=pl.String)
    named = known.with_columns(pl.col("class").fill_null(classes) if scene.classes else pl.col("class"))
    who = scene.company["people"].filter(pl.col("person").is_in(people.implode())).sort("person")
    return {
        "visit_customers": named.select(list(VISIT_SCHEMAS["visit_customers"])),
        "visit_people": who.select(list(VISIT_SCHEMAS["visit_people"])),
    }


def tell_findings(scene: Scene, plan: VisitPlan) -> list[Issue]:
    """Tell what somebody should look at: visits that found no day, customers without place or person, homes."""
    cadences, customers = plan["cadences"], scene.company["customers"]
    issues = _tell_missed(scene, cadences.filter(pl.col("missed") > 0))
    seen = cadences["customer"].unique()
    placed = pl.col("lat").is_not_null() & pl.col("lon").is_not_null() & ((pl.col("lat") != 0) | (pl.col("lon") != 0))
    nowhere = customers.filter(~placed, pl.col("customer").is_in(seen.implode()))["customer"].sort()
    if len(nowhere):
        issues.append(_told("visits_without_place", "", customers=len(nowhere), example=nowhere[0]))
    alone = customers.join(scene.owners, on="customer", how="anti")["customer"].sort()
    if len(alone):
        issues.append(_told("visits_without_person", "", customers=len(alone), example=alone[0]))
    length = (pl.col("until") - pl.col("since")).dt.total_days().sum()
    seen_days = scene.owners.group_by("customer").agg(days=length).filter(pl.col("customer").is_in(seen.implode()))
    partly = seen_days.filter(pl.col("days") < (scene.until - scene.since).days)["customer"].sort()
    if len(partly):
        issues.append(_told("visits_partly_without_person", "", customers=len(partly), example=partly[0]))
    if scene.of_nobody:
        issues.append(_told("cadence_of_nobody", ", ".join(scene.of_nobody)))
    active = plan["agenda"]["person"].unique()
    homeless = scene.company["people"].filter(~placed, pl.col("person").is_in(active.implode()))["person"].sort()
    if len(homeless):
        issues.append(_told("visits_without_home", "", people=len(homeless), example=homeless[0]))
    return issues


def _names_of_nobody(scene: Scene) -> tuple[str, ...]:
    """Return the names in [cadence] and [visits.classes] that fit no customer: misspelt, more often than not."""
    cadence, company = scene.settings.cadence, scene.company
    classes = {*company["customers"]["class"].drop_nulls(), *scene.classes.values()}
    details = {*company["projects"]["stage"].drop_nulls(), *scene.quadrants.values(), *cadence.prospects}
    named = {*cadence.classes, *cadence.calls} - classes
    return tuple(sorted(named | ({*scene.settings.classes} - classes - details - {*cadence.stages})))


def _tell_missed(scene: Scene, missed: pl.DataFrame) -> list[Issue]:
    """Tell of missed contacts by the reason that binds, with the areas or cities in which most of them are."""
    names = scene.company["areas"].select("area", area_name="name").unique("area", keep="first")
    places = scene.company["customers"].join(names, on="area", how="left").select(
        "customer", place=pl.coalesce("area_name", "area", "city")
    )
    issues = []
    located = missed.join(places.unique("customer", keep="first"), on="customer", how="left")
    for (reason, kind), group in located.sort("reason", "kind").group_by("reason", "kind", maintain_order=True):
        counts = group.drop_nulls("place").group_by("place").agg(pl.col("missed").sum())
        counts = counts.sort("missed", "place", descending=[True, False])
        listed = ", ".join(f"{place} {count}" for place, count in counts.head(_MOST_PLACES).iter_rows())
        listed += f" … (+{counts.height - _MOST_PLACES})" if counts.height > _MOST_PLACES else ""
        issues.append(_told("visits_missed", str(reason), kind=kind, visits=group["missed"].sum(),
                            customers=group.height, example=group["customer"].min(), places=listed))  # fmt: skip
    return issues


def _told(rule: str, value: str, **details: object) -> Issue:
    words = tuple((name, str(detail)) for name, detail in details.items())
    severity = "warning" if rule == "visits_missed" else "note"
    return Issue(rule=rule, severity=severity, table="customers", value=value, details=words)  # type: ignore[arg-type]
