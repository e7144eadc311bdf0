"""What is told of customers, as tables for people: measures, composition, outlook and prospects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.reason_words import word_reserved
from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.engine.customers import CustomerTables, sum_new_business
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import TREES

MEASURE_WORDS = {
    "served": ("served", "ever bought"),
    "active": ("active (new, stable, won back)", "ever bought"),
    "retained": ("kept", "served a year before"),
    "returning": ("returning", "served"),
    "repurchase": ("bought again", "served"),
    "new": ("new", "served"),
    "acquisition": ("new (acquisition)", "served a year before"),
    "won_back": ("won back", "lost before"),
    "dormant": ("dormant", "ever bought"),
    "lost": ("lost", "there a year before, or new"),
    "potential_share": ("sales, where the potential is known", "their potential"),
    "profit": ("profit contribution", "sales with known cost"),
}
STATE_WORDS = {"won_back": "won back"}
QUADRANT_WORDS = {
    "large_soon": "large and soon", "small_soon": "small but soon", "large_later": "large but later",
    "small_later": "small and later", "unknown": "demand or time not known",
}  # fmt: skip
_MONEY = ("potential_share", "profit")
_BESIDE = ("served", "active", "retained", "new", "won_back", "lost")
_MOST_LINES = 40

Names = Mapping[tuple[str, str], str]


def draw_customers(told: CustomerTables, company: Company, settings: PlanSettings, by: Sequence[str]) -> str:
    """Return the whole page: the company's measures and outlook, then what was asked for by key."""
    names = _read_names(company)
    head = f"{settings.name}: customers on {told.as_of}; {told.measure.name}, twelve months and the twelve before"
    parts = [head, _draw_measures(told, settings)]
    groups = by or (*(classing.name for classing in settings.customers.classings), "state")
    for dimension in groups:
        parts.append(_draw_composition(told, dimension, names))
        if (told.measures["dimension"] == dimension).any():
            parts.append(_draw_beside(told, dimension, names))
    parts += [_draw_outlook(told, [d for d in ("unit", "person") if d in by], names)]
    if told.prospects.height:
        parts.append(_draw_prospects(told))
    return "\n\n".join(part for part in parts if part)


def _draw_measures(told: CustomerTables, settings: PlanSettings) -> str:
    lines = []
    for line in told.measures.filter(pl.col("dimension") == "").iter_rows(named=True):
        decimals = settings.currency_decimals if line["measure"] in _MONEY else 0
        word, base = MEASURE_WORDS[line["measure"]]
        if line["of"] or line["of_before"]:
            amounts = [format_amount(line[name], decimals) for name in ("value", "of", "value_before")]
            rates = [_percent(line["rate"]), _percent(line["rate_before"])]
            lines.append([word, amounts[0], rates[0], f"of {amounts[1]} {base}", amounts[2], rates[1]])
    if not lines:
        return ""
    header = ["", "now", "rate", "", "year before", "rate"]
    # The base reads on from the rate: it stands flush left between columns that stand flush right.
    width = max(len(line[3]) for line in lines)
    lines = [[*line[:3], line[3].ljust(width), *line[4:]] for line in lines]
    return draw_table(header, lines, left=1)


def _draw_composition(told: CustomerTables, dimension: str, names: Names) -> str:
    """Draw the parts of sales by a dimension, the largest first; the smallest are left out and counted."""
    frame = told.composition.filter(pl.col("dimension") == dimension)
    decimals = told.measure.decimals
    lines = [
        [_called(names, dimension, line["key"]), _count(line["customers"]), format_amount(line["amount"], decimals),
         _percent(line["share"]), format_amount(line["before"], decimals), _percent(line["share_before"]),
         _points(line["change"])]
        for line in frame.head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    if not lines:
        return ""
    total = [
        "total",
        "",
        format_amount(int(frame["amount"].sum()), decimals),
        "",
        format_amount(int(frame["before"].sum()), decimals),
    ]
    header = [dimension, "customers", told.measure.name, "share", "year before", "share", "change"]
    return draw_table(header, lines, left=1, total=[*total, "", ""]) + _more(frame.height)


def _draw_beside(told: CustomerTables, dimension: str, names: Names) -> str:
    """Draw the measures of each key of a dimension side by side."""
    frame = told.measures.filter((pl.col("dimension") == dimension) & pl.col("measure").is_in(_BESIDE))
    composed = told.composition.filter(pl.col("dimension") == dimension)["key"].drop_nulls()
    listed = frame["key"].unique().sort().to_list()
    keys = listed if dimension in TREES else list(dict.fromkeys([*(k for k in composed if k in set(listed)), *listed]))
    found = {(key, measure): (value, rate) for key, measure, value, rate in
             frame.select("key", "measure", "value", "rate").iter_rows()}  # fmt: skip
    lines = []
    for key in keys[:_MOST_LINES]:
        cells = [cell for m in _BESIDE for cell in (_count(found[key, m][0]), _percent(found[key, m][1]))]
        lines.append([_called(names, dimension, key), *cells])
    header = [dimension, *(cell for m in _BESIDE for cell in (MEASURE_WORDS[m][0].partition(" (")[0], "rate"))]
    return draw_table(header, lines, left=1) + _more(len(keys))


def _draw_outlook(told: CustomerTables, dimensions: Sequence[str], names: Names) -> str:
    """Draw what the target needs of customers: the company, then units and people where they are asked for."""
    frame = told.outlook.filter(pl.col("dimension").is_in(["", *dimensions]))
    decimals = told.measure.decimals
    header = [
        "needed by",
        "target",
        "done",
        "existing",
        "new business",
        "new customers",
        "(a full year each)",
        "in hand",
        "missing",
    ]
    lines = []
    for line in frame.head(_MOST_LINES).iter_rows(named=True):
        amounts = [
            format_amount(line[f"{name}_minor"], decimals) for name in ("target", "done", "existing", "new_needed")
        ]
        counts = [_count(line["customers_needed"]), _count(line["customers_if_full_year"])]
        hand = f"{line['in_hand']:.1f} of {line['prospects']:,}" if line["prospects"] else "0"
        lines.append(
            [
                _called(names, line["dimension"], line["key"]) or "company",
                *amounts,
                *counts,
                hand,
                _count(line["missing"]),
            ]
        )
    table = draw_table(header, lines, left=1) + _more(frame.height)
    return f"{table}\n{_word_new(told)}"


def _word_new(told: CustomerTables) -> str:
    """Say in a sentence what the counts of new customers rest on."""
    facts, decimals = told.facts, told.measure.decimals
    yearly = facts["new_yearly"]
    if yearly is None:
        return "What a new customer brings is not known."
    size = 10**decimals
    full, part = format_amount(round(yearly * size), decimals), facts["new_part"] or 0.0
    each = format_amount(round(yearly * size * part), decimals)
    brought = sum_new_business(1, yearly * size, told.parts)
    one_a_month = [format_amount(amount, decimals) for amount in (brought.low, brought.high)]
    return (
        f"A new customer brings {full} in a full year and {each} within the plan: won evenly over it, counted from its "
        f"first order.\nOne won a month brings {' to '.join(one_a_month)} within the plan: won late or early in its "
        f"month.\nLost in a year: {_percent(facts['loss'])}; never a second order: "
        f"{_percent(facts['loss_of_first'])}; usual days between orders: {facts['interval_days']:g}."
    )


def _draw_prospects(told: CustomerTables) -> str:
    """Draw how many prospects stand in each quadrant, the first to be seen first."""
    by = told.prospects.group_by("priority", "quadrant").agg(
        pl.len(), pl.col("monthly_demand").sort().sum(), pl.col("chance").sort().sum()
    )
    lines = [
        [QUADRANT_WORDS[quadrant], f"{count:,}", f"{demand or 0:,.0f}", f"{chance:,.1f}"]
        for _, quadrant, count, demand, chance in by.sort("priority").iter_rows()
    ]
    return draw_table(["prospects", "count", "demand a month", "expected"], lines, left=1)


def _read_names(company: Company) -> Names:
    """Return the names people read of the keys that are shown."""
    tables = {"unit": "units", "person": "people", "area": "areas", "category": "categories"}
    return {
        (dimension, key): name
        for dimension, table in tables.items()
        for key, name in company[table].select(dimension, "name").iter_rows()
        if name
    }


def _called(names: Names, dimension: str, key: str | None) -> str:
    """Return a key with its name; reserved ones in words, a missing one as a dash."""
    if key is None:
        return "-"
    if dimension == "state":
        return STATE_WORDS.get(key, key)
    is_vacant = dimension == "person"  # a class may well be called as what is left over
    words = word_reserved(key, lambda of, plain: names.get((of, plain), plain)) if is_vacant else None
    name = names.get((dimension, key), "")
    return printable(words or (key if name in ("", key) else f"{key} {name}"))


def _count(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1%}"


def _points(change: float | None) -> str:
    return "" if change is None else f"{100 * change:+.1f}"


def _more(height: int) -> str:
    return f"\n… and {height - _MOST_LINES:,} more; --json has them all" if height > _MOST_LINES else ""
