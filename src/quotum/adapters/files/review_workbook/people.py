"""Where everybody stands: one list of all, and a sheet for each person with the reasons and the customers."""

from __future__ import annotations

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column, column_width
from quotum.adapters.files.review_workbook.words import WORDS
from quotum.adapters.printing.review_tables import DRIVER_WORDS
from quotum.engine.tables.review_tables import COMPANY, Review

_MOST_MOVERS = 15


def write_people(book: Book, review: Review, measure: str, whole: str) -> None:
    """Write the list of company (called ``whole``), units and people of a measure."""
    frame = review["attainment"].filter((pl.col("measure") == measure) & (pl.col("level") == "commit"))
    names = [whole if d == COMPANY else n for d, n in frame.select("dimension", "node").iter_rows()]
    columns = [Column("who", WORDS["who"], names), *list_figures(frame)]
    title = WORDS["of"].format(sheet=WORDS["people"], measure=measure)
    indents = [{COMPANY: 0, "unit": 1}.get(dimension, 2) for dimension in frame["dimension"]]
    decimals = int(frame["decimals"][0])
    book.write_list(
        WORDS["people"], title, WORDS["note_people"], columns, decimals=decimals, frozen=1, indents=indents
    )


def write_needed(book: Book, review: Review, whole: str) -> None:
    """Write what the rest takes in calls and visits; no sheet where no driver tells."""
    frame = review["needed"].filter(pl.col("level") == "commit").drop_nulls("needed")
    if frame.is_empty():
        return
    names = [whole if d == COMPANY else n for d, n in frame.select("dimension", "node").iter_rows()]
    columns = [Column("who", WORDS["who"], names), *_list_needed(frame)]
    indents = [{COMPANY: 0, "unit": 1}.get(dimension, 2) for dimension in frame["dimension"]]
    book.write_list(WORDS["needed"], WORDS["needed"], WORDS["note_needed"], columns, frozen=1, indents=indents)


def _list_needed(frame: pl.DataFrame) -> list[Column]:
    """Return the columns of what is needed in activity."""
    return [
        Column("activity", WORDS["activity"], frame["activity"].to_list()),
        Column("for", WORDS["for"], frame["measure"].to_list()),
        *(Column(name, WORDS[key], frame[name].round(2).to_list(), "number")
          for key, name in (("a_day", "needed_day"), ("a_week", "needed_week"), ("there", "there_week"),
                            ("lately", "made_week"))),
    ]  # fmt: skip


def list_figures(frame: pl.DataFrame) -> list[Column]:
    """Return the columns of an attainment."""
    amounts = (("target", "target"), ("due", "plan_to_date"), ("actual", "actual"))
    rates = frame.select(
        pace=pl.when(pl.col("plan_to_date") > 0).then(pl.col("actual") / pl.col("plan_to_date")),
        attained=pl.when(pl.col("target") > 0).then(pl.col("actual") / pl.col("target")),
        growth=pl.when(pl.col("last_year") > 0).then(pl.col("actual") / pl.col("last_year") - 1),
    )
    needed = frame["needed_week"].round(0).to_list()
    return [
        *(Column(key, WORDS[key], frame[name].to_list(), "amount") for key, name in amounts),
        Column("pace", WORDS["pace"], rates["pace"].to_list(), "percent"),
        Column("gap", WORDS["gap"], (frame["actual"] - frame["plan_to_date"]).to_list(), "amount"),
        Column("attained", WORDS["attained"], rates["attained"].to_list(), "percent"),
        Column("last_year", WORDS["last_year"], frame["last_year"].to_list(), "amount"),
        Column("growth", WORDS["growth"], rates["growth"].to_list(), "growth"),
        *(Column(name, WORDS[name], frame[name].to_list(), "amount") for name in ("outlook", "low", "high")),
        Column("chance", WORDS["chance"], frame["chance"].to_list(), "percent"),
        Column("needed_week", WORDS["needed_week"], [None if n is None else int(n) for n in needed], "amount"),
    ]


def write_person(book: Book, review: Review, person: str, measure: str) -> None:
    """Write a person's sheet: the figures by level, why, and the customers who made it or lost it."""
    sheet = book.add_sheet(person)
    settings = review.settings
    title = WORDS["on"].format(name=person, as_of=review.as_of)
    book.write_title(sheet, title, WORDS["about"].format(since=settings.since, until=settings.until,
                                                         unit=settings.currency))  # fmt: skip
    own = (pl.col("dimension") == "person") & (pl.col("node") == person)
    frame = review["attainment"].filter(own)
    decimals = int(frame["decimals"][0])
    levels = [f"{m}, {level}" for m, level in frame.select("measure", "level").iter_rows()]
    columns = [Column("level", measure, levels), *list_figures(frame)]
    line = book.write_table(sheet, 3, 0, columns, decimals=decimals) + 2
    sheet.set_row(3, 30)  # two lines of title: only Excel would find that out by itself
    for at, column in enumerate(columns):
        sheet.set_column(at, at, max(column_width(column, decimals), 24 if at == 0 else 12))
    why = review["variance"].filter(own & (pl.col("measure") == measure) & (pl.col("level") == "commit"))
    line = book.write_table(sheet, line, 0, [
        Column("driver", WORDS["driver"], [DRIVER_WORDS[name] for name in why["driver"].to_list()]),
        Column("amount", WORDS["amount"], why["amount"].to_list(), "amount", total="=SUM({amount_all})",
               total_value=float(why["amount"].sum())),
    ], decimals=decimals) + 2  # fmt: skip
    needed = review["needed"].filter(own & (pl.col("level") == "commit")).drop_nulls("needed")
    if needed.height:
        line = book.write_table(sheet, line, 0, _list_needed(needed)) + 2
    movers = review["movers"].filter(
        (pl.col("dimension") == "customer") & (pl.col("person") == person) & (pl.col("measure") == measure)
        & pl.col("key").is_not_null()
    )  # fmt: skip
    best = movers.filter(pl.col("gap") > 0).sort("gap", "key", descending=[True, False])
    worst = movers.filter(pl.col("gap") < 0).sort("gap", "key")
    for title, chosen in ((WORDS["made"], best), (WORDS["lost"], worst)):
        shown = chosen.head(_MOST_MOVERS)
        line = book.write_table(sheet, line, 0, [
            Column("key", title, shown["key"].to_list()),
            *(Column(key, WORDS[key], shown[name].to_list(), "amount")
              for key, name in (("due", "plan_to_date"), ("actual", "actual"), ("gap", "gap"))),
            Column("why", WORDS["driver"], [DRIVER_WORDS.get(name, "") for name in shown["why"].to_list()]),
        ], decimals=decimals) + 2  # fmt: skip
