"""Visit plans as tables for people: what everybody does, and each day in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.adapters.printing.visit_texts import MISSED_WORDS
from quotum.engine.action_plan.visit_plan import VisitPlan

_MOST_PEOPLE, _MOST_NAMED = 40, 5
MOVE_WORDS = {
    "day_off": "the person is not there any more on that day",
    "new_customer": "new to the plan",
    "dropped": "the customer is not to be seen any more",
    "owner": "another person sees the customer",
    "appointment": "a fixed date came, went or moved",
    "made_room": "made room for other changes",
    "better": "hours, cadence or ways are kept better so",
    "no_room": "no day was left",
}
KIND_WORDS = {"start": "leave", "end": "back", "hotel": "hotel"}


def sum_visits(plan: VisitPlan) -> pl.DataFrame:
    """Return a line a person: days, contacts, minutes driven and with customers, what is missing."""
    agenda = plan["agenda"]
    work = pl.col("kind").is_in(["visit", "appointment"])
    days = agenda.group_by("person").agg(
        days=pl.col("date").n_unique(),
        visits=(pl.col("kind") == "visit").sum(),
        appointments=(pl.col("kind") == "appointment").sum(),
        calls=(pl.col("kind") == "call").sum(),
        travel=pl.col("travel").sum(),
        service=(pl.col("end") - pl.col("start")).filter(work).sum(),
    )
    missed = plan["cadences"].group_by("person").agg(
        pl.col("missed").sum(), customers=pl.col("customer").filter(pl.col("needed") > 0).n_unique()
    )
    open_days = plan["visit_days"].group_by("person").agg(open_days=pl.col("is_open").sum())
    named = plan["visit_people"].select("person", "name")
    joined = named.join(days, on="person", how="left").join(missed, on="person", how="left")
    counts = ["customers", "days", "open_days", "visits", "appointments", "calls", "travel", "service", "missed"]
    filled = joined.join(open_days, on="person", how="left").with_columns(pl.col(counts).fill_null(0).cast(pl.Int64))
    return filled.select("person", "name", *counts).sort("person")


def answer_visits(tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Return whether the team can do all that is due, as plain values; what is missed by reason and by person."""
    told = tables["cadences"]
    missed = told.filter(pl.col("missed") > 0)
    by_reason, by_person = (
        dict(missed.group_by(key).agg(pl.col("missed").sum()).sort("missed", key, descending=[True, False]).iter_rows())
        for key in ("reason", "person")
    )
    sums = {name: int(told[name].sum()) for name in ("needed", "planned", "missed")}
    return {"can_do": not missed.height, **sums, "missed_by_reason": by_reason, "missed_by_person": by_person}


def tell_answer(tables: Mapping[str, pl.DataFrame], since: date | None = None) -> str:
    """Return in one line whether the team can do all that is due (from a day on), and if not who cannot and why."""
    answer, due = answer_visits(tables), "due" if since is None else f"due from {since} on"
    if not answer["needed"]:
        return f"No visit or call is {due}."
    if answer["can_do"]:
        return f"The team can do it: all {answer['needed']:,} visits and calls that are {due} have a day."
    people, reasons = answer["missed_by_person"], answer["missed_by_reason"]
    who = ", ".join(f"{printable(person)} {count:,}" for person, count in list(people.items())[:_MOST_NAMED])
    who += ", …" if len(people) > _MOST_NAMED else ""
    why = "; ".join(MISSED_WORDS[reason][0] + (f" ({count:,})" if len(reasons) > 1 else "")
                    for reason, count in reasons.items())  # fmt: skip
    missed = f"{answer['missed']:,} of {answer['needed']:,} visits and calls that are {due}"
    return f"The team cannot do it all: {missed} have no day ({who}): {why}."


def draw_people(plan: VisitPlan) -> str:
    """Return what everybody does as a table with a total."""
    sums = sum_visits(plan)
    lines = [
        [_named(row["person"], row["name"]), f"{row['customers']:,}", f"{row['days']} of {row['open_days']}",
         f"{row['visits']:,}", f"{row['appointments']:,}", f"{row['calls']:,}", hours(row["travel"]),
         hours(row["service"]), f"{row['missed']:,}"]
        for row in sums.head(_MOST_PEOPLE).iter_rows(named=True)
    ]  # fmt: skip
    total = sums.select(pl.exclude("person", "name").sum()).row(0, named=True) if sums.height else {}
    names = ["customers", "", "visits", "appointments", "calls", "travel", "service", "missed"]
    totals = [f"{total[n]:,}" if n not in ("", "travel", "service") else hours(total[n]) if n else "" for n in names]
    header = ["person", "customers", "days", "visits", "fixed", "calls", "driving", "with customers", "missed"]
    if not lines:
        return "Nobody has a customer with a cadence."
    more = f"\n… and {sums.height - _MOST_PEOPLE:,} more" if sums.height > _MOST_PEOPLE else ""
    return f"{draw_table(header, lines, left=1, total=['total', *totals])}{more}"


def draw_days(plan: VisitPlan, people: Sequence[str], since: date | None, until: date | None) -> str:
    """Return the days of some people in order, with times."""
    names = {**dict(plan["visit_customers"].select("customer", "name").iter_rows())}
    cities = dict(plan["visit_customers"].select("customer", "city").iter_rows())
    why = {(p, c, d, k): (w, x) for p, c, d, k, w, x in plan["visits"].select(
        "person", "customer", "date", "kind", "why", "detail").iter_rows()}  # fmt: skip
    shown = plan["agenda"].filter(pl.col("person").is_in(list(people)))
    shown = shown if since is None else shown.filter(pl.col("date") >= since)
    shown = shown if until is None else shown.filter(pl.col("date") < until)
    lines, day = [], None
    for row in shown.sort("person", "date", "position").iter_rows(named=True):
        key = row["person"], row["date"]
        customer = row["customer"] or ""
        first = [row["person"], f"{row['date']:%a} {row['date']}"] if key != day else ["", ""]
        day = key
        for_what = why.get((row["person"], customer, row["date"], row["kind"]), ("", row["detail"] or ""))
        lines.append([
            *first, clock(row["start"]), clock(row["end"]) if row["end"] > row["start"] else "",
            KIND_WORDS.get(row["kind"], row["kind"]), _named(customer, names.get(customer)) if customer else "",
            printable(cities.get(customer) or ""), " ".join(part for part in for_what if part),
            f"{row['travel']} min" if row["travel"] else "",
        ])  # fmt: skip
    header = ["person", "day", "from", "to", "what", "customer", "place", "why", "way"]
    return draw_table(header, lines, left=8) if lines else "Nothing is planned."


def tell_moves(published: VisitPlan, made: VisitPlan) -> str:
    """Return in one line what became of the visits and calls that were planned for the days that are free."""
    first, moves = made.free_from or made.since, made["moves"]
    before = published["visits"].filter(pl.col("date") >= first).height
    was, now = moves["before"].is_not_null(), moves["after"].is_not_null()
    another = moves["why"] == "owner"
    counts = [
        ((was & now & ~another).sum(), "on another day"), ((was & now & another).sum(), "with another person"),
        ((was & ~now).sum(), "gone"), ((now & ~was).sum(), "new"),
    ]  # fmt: skip
    told = ", ".join([f"{before - was.sum():,} stay", *(f"{count:,} {words}" for count, words in counts if count)])
    touched = moves["customer"].n_unique()
    whose = f"; {touched:,} customer{'' if touched == 1 else 's'} affected" if touched else ""
    return f"Of {before:,} visits and calls from {first} on: {told}{whose}"


def draw_moves(plan: VisitPlan) -> str:
    """Return what a new plan moved and why."""
    names = dict(plan["visit_customers"].select("customer", "name").iter_rows())
    moves = plan["moves"].sort("person", "before", "after", "customer", nulls_last=True)
    lines = [
        [row["person"], _named(row["customer"], names.get(row["customer"])), row["kind"], str(row["before"] or "-"),
         str(row["after"] or "-"), MOVE_WORDS[row["why"]]]
        for row in moves.head(_MOST_PEOPLE).iter_rows(named=True)
    ]  # fmt: skip
    more = f"\n… and {moves.height - _MOST_PEOPLE:,} more" if moves.height > _MOST_PEOPLE else ""
    header = ["person", "customer", "what", "was", "is", "why"]
    return draw_table(header, lines, left=6) + more if lines else "Nothing moved."


def draw_missed(plan: VisitPlan, people: Sequence[str] = ()) -> str:
    """Return the contacts that found no day, with the reason; empty where there are none."""
    missed = plan["cadences"].filter(pl.col("missed") > 0).sort("person", "customer", "kind")
    missed = missed.filter(pl.col("person").is_in(list(people))) if people else missed
    names = dict(plan["visit_customers"].select("customer", "name").iter_rows())
    lines = [
        [row["person"], _named(row["customer"], names.get(row["customer"])), row["kind"], str(row["missed"]),
         f"of {row['needed']}", MISSED_WORDS[row["reason"]][0]]
        for row in missed.head(_MOST_PEOPLE).iter_rows(named=True)
    ]  # fmt: skip
    more = f"\n… and {missed.height - _MOST_PEOPLE:,} more" if missed.height > _MOST_PEOPLE else ""
    return draw_table(["person", "customer", "what", "missed", "", "why"], lines, left=3) + more if lines else ""


def clock(minute: int) -> str:
    """Return a minute of the day as 09:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def hours(minutes: int) -> str:
    """Return minutes as hours and minutes, 12:05."""
    return f"{minutes // 60:,}:{minutes % 60:02d}"


def _named(key: str, name: str | None) -> str:
    return printable(key if not name or name == key else f"{key} {name}")
