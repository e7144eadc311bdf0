"""A manager's workbook holds the unit and all below it, with the figures of the whole review, and nothing else."""

from __future__ import annotations

import fastexcel
import pytest
from small_reviews import review, with_sales

from quotum.adapters.files.review_workbook import write_unit_workbooks
from quotum.engine.basics.trees import Tree
from quotum.engine.slices.subtrees import narrow_review
from quotum.engine.tables.company import Company
from small_company import USUAL, plan, sale, table, tea_house


@pytest.fixture(scope="module")
def house():
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000, stretch=24_000)
    bills = [{"invoice": f"i{at}", "customer": c, "amount": 100 * (at + 1), "date": "2027-01-10", "due": "2027-02-10"}
             for at, c in enumerate(("harbour", "inn", "market"))]  # fmt: skip
    company = Company({**company.tables, "invoices": table("invoices", bills)})
    sold = [sale(customer, 300, f"2027-{month:02}-10", "green", quantity=3)
            for month in range(1, 7) for customer in ("inn", "market")]  # fmt: skip
    tree = Tree.of(company["units"]["unit"].to_list(), company["units"]["parent"].to_list())
    return review(with_sales(company, sold), made, "2027-06-30"), tree


def test_the_unit_stands_in_place_of_the_company(house):
    told, units = house
    part = narrow_review(told, units, "North")
    whole = part["attainment"].filter(dimension="company")
    assert whole.drop("dimension", "node").equals(told["attainment"].filter(node="North").drop("dimension", "node"))
    assert {"", "Coast", "ana", "bo"} <= set(part["attainment"]["node"])
    assert not set(part["attainment"]["node"]) & {"House", "South", "cy", "eve"}
    commit = part["attainment"].filter(level="commit")
    assert commit.filter(dimension="person")["actual"].sum() == commit.filter(dimension="company")["actual"].item()
    assert part["actuals"]["amount"].sum() == commit.filter(dimension="company")["actual"].item()


def test_nothing_of_others_is_in_it(house):
    told, units = house
    part = narrow_review(told, units, "North")
    for name in ("actuals", "warnings", "receivables", "contacts"):
        assert not set(part[name]["unit"]) & {"South", "House"}, name
    assert set(part["movers"]["person"]) <= {"ana", "bo"}
    assert part["cash"]["invoiced"].to_list() == [300_00, 100_00, 200_00]


def test_each_unit_has_a_workbook(house, tmp_path):
    write_unit_workbooks(*house, tmp_path / "units")
    assert sorted(path.stem for path in (tmp_path / "units").iterdir()) == ["Coast", "House", "North", "South"]
    book = fastexcel.read_excel(tmp_path / "units" / "North.xlsx")
    assert {"Dashboard", "Standing", "ana", "bo"} <= set(book.sheet_names)
    assert "cy" not in book.sheet_names
    assert book.load_sheet("Standing", header_row=3).to_polars()["Who"][0] == "North"
