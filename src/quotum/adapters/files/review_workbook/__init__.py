"""``review.xlsx``: a review as a workbook to mail. The same review gives the same bytes: its date is ``as_of``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book
from quotum.adapters.files.review_workbook.dashboard import write_dashboard
from quotum.adapters.files.review_workbook.people import write_needed, write_people, write_person
from quotum.adapters.files.review_workbook.statistics import write_contacts, write_sales
from quotum.adapters.files.review_workbook.todo import write_cash, write_warnings
from quotum.adapters.files.review_workbook.words import WORDS
from quotum.adapters.files.visit_papers import file_name
from quotum.engine.basics.trees import Tree
from quotum.engine.slices.subtrees import list_managed, narrow_review
from quotum.engine.tables.review_tables import Review

__all__ = ["write_review_workbook", "write_unit_workbooks"]

MOST_PEOPLE = 40  # with a sheet of their own; further ones stand in the list of all


def write_review_workbook(review: Review, path: Path, whole: str = WORDS["company"]) -> None:
    """Write the workbook: dashboard, people, what the rest takes, warnings, cash, monthly statistics, a sheet a person.

    ``whole`` is what the review calls the company: a part of it has the name of its unit.
    """
    measures = review["attainment"]["measure"].unique(maintain_order=True).to_list()
    flows = [measure for measure in measures if review.settings.measures[measure].kind == "flow"]
    with Book(path, review.settings) as book:
        write_dashboard(book, review, measures[0])
        for measure in measures:
            write_people(book, review, measure, whole)
        write_needed(book, review, whole)
        write_warnings(book, review)
        write_cash(book, review, whole)
        for measure in flows:
            write_sales(book, review, measure)
        write_contacts(book, review)
        people = review["attainment"].filter(pl.col("dimension") == "person")["node"].unique().sort().to_list()
        for person in people if len(people) <= MOST_PEOPLE else []:
            write_person(book, review, person, measures[0])


def write_unit_workbooks(
    review: Review, units: Tree, folder: Path, name: Callable[[Review], Review] = lambda part: part
) -> None:
    """Write a workbook for each unit: the unit and all below it, and nothing else. Raises OSError.

    ``name`` puts names beside the keys of a part.
    """
    folder.mkdir()
    for unit in list_managed(review, units):
        write_review_workbook(name(narrow_review(review, units, unit)), folder / f"{file_name(unit)}.xlsx", unit)
