"""``review.xlsx``: a review as a workbook to mail. The same review gives the same bytes: its date is ``as_of``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book
from quotum.adapters.files.review_workbook.dashboard import write_dashboard
from quotum.adapters.files.review_workbook.people import write_people, write_person
from quotum.adapters.files.review_workbook.statistics import write_contacts, write_sales
from quotum.adapters.files.review_workbook.todo import write_cash, write_warnings
from quotum.engine.tables.review_tables import Review

__all__ = ["write_review_workbook"]

MOST_PEOPLE = 40  # with a sheet of their own; further ones stand in the list of all


def write_review_workbook(review: Review, months: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Write the workbook: dashboard, people, warnings, cash, monthly statistics, a sheet a person.

    ``months(since, until, period, commit)`` of each measure: what the plan asks of the company in its months.
    """
    measures = review["attainment"]["measure"].unique(maintain_order=True).to_list()
    with Book(path, review.settings) as book:
        write_dashboard(book, review, measures[0], months[measures[0]])
        for measure in measures:
            write_people(book, review, measure)
        write_warnings(book, review)
        write_cash(book, review)
        for measure in (measure for measure in measures if review.settings.measures[measure].kind == "flow"):
            write_sales(book, review, measure, months[measure])
        write_contacts(book, review)
        people = review["attainment"].filter(pl.col("dimension") == "person")["node"].unique().sort().to_list()
        for person in people if len(people) <= MOST_PEOPLE else []:
            write_person(book, review, person, measures[0])
