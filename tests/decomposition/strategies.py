"""Random small companies and settings: units of any shape, shared and vanishing owners, returns, locks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, PlanSettings, Target
from small_company import firm, settings

PLANS = ((date(2027, 1, 1), date(2028, 1, 1)), (date(2027, 6, 1), date(2028, 1, 1)),
         (date(2027, 2, 10), date(2027, 3, 20)), (date(2027, 7, 1), date(2028, 9, 1)))  # fmt: skip
FIRST_SALE = date(2024, 1, 1)

plan_dates = st.integers(0, 420).map(lambda n: (date(2026, 12, 1) + timedelta(days=n)).isoformat())
past_dates = st.integers(0, 1095).map(lambda n: (FIRST_SALE + timedelta(days=n)).isoformat())
amounts = st.sampled_from([0.01, 0.99, 3.3333, 10.0, 33.3, 100.0, 1000.0, 12345.6789, -5.0, -250.0])
ratios = st.sampled_from([None, None, None, 0.0, 0.5, 0.9])


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """Return a company of up to five units, five people, seven customers and thirty sales; locks come with settings."""
    num_units = draw(st.integers(1, 5))
    units = {f"u{i}": f"u{draw(st.integers(0, i - 1))}" if i else None for i in range(num_units)}
    people = {f"p{i}": f"u{draw(st.integers(0, num_units - 1))}" for i in range(draw(st.integers(1, 5)))}
    customers = {
        f"c{i}": draw(st.sampled_from([*people, None])) for i in range(draw(st.integers(0, 7)))
    }  # fmt: skip
    return firm(
        people,
        customers,
        [
            {"date": draw(past_dates), "customer": draw(st.sampled_from([*customers])), "amount": draw(amounts),
             "product": draw(st.sampled_from(["q0", "q1", "q2", None])), "quantity": draw(st.integers(-2, 9)),
             "order": draw(st.sampled_from(["o1", "o2", "o3", None]))}
            for _ in range(draw(st.integers(0, 30)) if customers else 0)
        ],
        units=units,
        people=[
            {"person": p, **draw(_employment()), "ability": draw(st.sampled_from([None, 0.5, 1.7]))} for p in people
        ],
        customers=[
            {"customer": c, "channel": draw(st.sampled_from(["k0", "k1", None])),
             "class": draw(st.sampled_from(["A", "B", None])), "area": draw(st.sampled_from(["a0", "a1", None])),
             "potential": draw(st.sampled_from([None, 0.0, 50.0, 700.0]))}
            for c in customers
        ],
        ownership=[row for c in customers for row in draw(_owners(c, list(people)))],
        products=[{"product": f"q{i}", "category": draw(st.sampled_from(["g", "h", None])), "price": 10,
                   "cost": draw(st.sampled_from([None, 2, 9]))} for i in range(3)],
        categories=[{"category": "g"}, {"category": "h", "parent": "g"}],
        areas=[{"area": "a0"}, {"area": "a1", "parent": "a0"}],
        absences=[{"person": draw(st.sampled_from([*people])), "since": since, "until": until}
                  for since, until in draw(st.lists(_spans(), max_size=2))],
        events=[{"since": since, "until": until, "effect": draw(st.sampled_from([0, 0.5, 2])),
                 "scope": draw(st.sampled_from([None, "unit=u0", "person=p0"]))}
                for since, until in draw(st.lists(_spans(), max_size=2))],
    )  # fmt: skip


@st.composite
def _employment(draw: st.DrawFn) -> dict[str, str | None]:
    """Return when somebody came and went: mostly long ago and never."""
    kind = draw(st.sampled_from(["stays", "stays", "comes", "goes", "both"]))
    hired, left = draw(_spans())
    return {"hired": hired if kind in ("comes", "both") else None, "left": left if kind in ("goes", "both") else None}


def _spans() -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(plan_dates, plan_dates).map(sorted).filter(lambda span: span[0] < span[1]).map(tuple)


@st.composite
def _owners(draw: st.DrawFn, customer: str, people: list[str]) -> list[dict[str, object]]:
    """Return the dated owners of a customer: none, one for some time, one after the other, or two at once."""
    kind = draw(st.sampled_from(["none", "none", "some", "after", "shared"]))
    one, two = draw(st.sampled_from(people)), draw(st.sampled_from(people))
    since, until = draw(_spans())
    match kind:
        case "some":
            return [{"customer": customer, "person": one, "since": since, "until": until}]
        case "after":
            return [{"customer": customer, "person": one, "since": "2020-01-01", "until": since},
                    {"customer": customer, "person": two, "since": since}]  # fmt: skip
        case "shared" if one != two:
            share = draw(st.sampled_from([0.6, 1 / 3, 0.5]))
            first = {"customer": customer, "person": one, "since": "2020-01-01"}
            return [{**first, "share": share}, {**first, "until": since, "share": 1 - share},
                    {"customer": customer, "person": two, "since": since, "share": 1 - share}]  # fmt: skip
    return []


OF_CUSTOMERS = ("history", "potential", "equal")
OF_PEOPLE = (*OF_CUSTOMERS, "ability", "headcount", "working_days")


@st.composite
def mixes(draw: st.DrawFn, bases: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    chosen = draw(st.lists(st.sampled_from(bases), min_size=1, max_size=3, unique=True))
    return tuple((basis, draw(st.sampled_from([0.1, 0.3, 0.6, 1.0]))) for basis in chosen)


_LISTED = {"product": ("q0",), "category": ("g",), "area": ("a0",), "class": ("A",)}


@st.composite
def across(draw: st.DrawFn, dimension: str, *, of: str = "", bounded: bool = True) -> AcrossStep:
    bases = {"unit": OF_PEOPLE, "person": OF_PEOPLE,
             **dict.fromkeys(("product", "category"), ("history", "equal"))}.get(dimension, OF_CUSTOMERS)
    step = AcrossStep(dimension, dimension, of, basis=draw(mixes(bases)),
                      members=draw(st.sampled_from([(), (), _LISTED[dimension]])) if dimension in _LISTED else (),
                      fallback=draw(st.sampled_from(["equal", bases[-1]])))  # fmt: skip
    if not bounded:
        return step
    floor = draw(ratios)
    cap = draw(st.sampled_from([None, None, 1.0, 3.0]))
    lot = draw(st.sampled_from([0, 0, 0, 700]))
    return replace(step, floor=floor if not lot else None, cap=cap if not lot else None,
                   stretch_cap=draw(st.sampled_from([None, None, 1.5])) if not lot else None,
                   lot_minor={"revenue": lot} if lot else {})  # fmt: skip


@st.composite
def plans(draw: st.DrawFn, *, bounded: bool = True) -> PlanSettings:
    """Return settings whose steps fit: a way down to rows, a calendar, cuts side by side or below one another."""
    since, until = draw(st.sampled_from(PLANS))
    before = draw(st.sampled_from([("unit", "person"), ("person",), ("unit",), ("channel", "person"), ("area",), (),
                                   ("unit", "person", "customer"), ("product", "person"), ("area", "unit", "person"),
                                   ("category", "product"), ("class", "customer")]))  # fmt: skip
    left = [d for d in ("customer", "product", "class", "person", "category") if d not in before]
    after = draw(st.lists(st.sampled_from(left), max_size=2, unique=True))
    calendar = AlongStep("calendar", season=draw(st.sampled_from(["flat", "history"])), holiday=0.5,
                         weekdays=draw(st.sampled_from([(1,) * 7, (1, 1, 1, 1, 1, 0, 0), (2, 0, 0, 1, 1, 0.5, 0)])),
                         shrink=draw(st.sampled_from([0.0, 30.0])))  # fmt: skip
    below = draw(st.booleans())
    cuts = [draw(across(d, of=after[0] if i and below else "calendar", bounded=bounded)) for i, d in enumerate(after)]
    commit = draw(st.integers(0, 10**7) | st.sampled_from([0, 1, 7, 10**12]))
    target = Target("revenue", commit, commit + draw(st.sampled_from([0, 0, 1, 12_345])))
    return settings(
        *(draw(across(d, bounded=bounded)) for d in before), calendar, *cuts,
        since=since, until=until, as_of=draw(st.sampled_from([date(2026, 12, 31), date(2026, 9, 30)])),
        targets=(target,), history_years=draw(st.sampled_from([(3, 2, 1), (1,)])), country="CN",
        fiscal_start=draw(st.sampled_from([1, 7])),
    )  # fmt: skip


@st.composite
def locks(draw: st.DrawFn, company: Company, wanted: PlanSettings) -> list[dict[str, object]]:
    """Return up to three locks of people or units, some for a part of the plan only."""
    total = wanted.targets[0].commit_minor / 100
    keys = [("person", p) for p in company["people"]["person"]] + [("unit", u) for u in company["units"]["unit"]]
    rows = []
    for dimension, key in draw(st.lists(st.sampled_from(keys), max_size=3, unique=True)):
        since, until = draw(st.none() | _spans()) or (None, None)
        rows.append({
            "measure": "revenue", "layer": draw(st.sampled_from(["commit", "commit", "extra", "stretch"])),
            "dimension": dimension, "key": key, "kind": draw(st.sampled_from(["floor", "cap", "lock"])),
            "amount": round(total * draw(st.sampled_from([0.0, 0.05, 0.1, 0.3])), 2), "since": since, "until": until,
        })  # fmt: skip
    return rows
