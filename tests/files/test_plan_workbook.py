"""The workbook adds up to the plan, caches what its formulas give, takes no text for one, and is the same twice."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import openpyxl
import polars as pl
import pytest

from quotum.adapters.files.plan_workbook import shares, write_plan_workbook
from quotum.adapters.files.plan_workbook.figures import Rows
from quotum.engine.planning import ISSUE_SCHEMA
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.plan_settings import AlongStep, Target
from quotum.engine.tables.plan_tables import Plan
from small_plans import SETTINGS, bare_plan, nested_plan, quota, replace_tables, small_plan, table

HEAD = 4  # the line of a list's titles, as Excel counts


def written(plan: Plan, tmp_path, *, cached: bool = True, name: str = "plan.xlsx") -> openpyxl.Workbook:
    write_plan_workbook(plan, tmp_path / name)
    return openpyxl.load_workbook(tmp_path / name, data_only=cached)


def lines(sheet) -> list[dict]:
    """Return the lines below the titles, the total included."""
    titles = [cell.value for cell in sheet[HEAD]]
    rows = sheet.iter_rows(min_row=HEAD + 1, values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def with_splits(plan: Plan) -> Plan:
    """Return the plan with the splits of its first measure over units and people."""

    def line(step, node, parent, member, amount, why="free", layer="commit", **more):
        return {"step": step, "measure": "revenue", "node": node, "parent": parent, "dimension": step, "member": member,
                "layer": layer, "share": 0.5, "real": float(amount), "amount": amount, "why": why, **more}  # fmt: skip

    rows = [
        line("unit", 0, -1, "World", 100_000),
        line("unit", 1, 0, "North", 69_999, "floor", floor=69_999.0),
        line("unit", 2, 0, "South", 30_001),
        line("unit", 3, 1, "North", 19_999),
        line("unit", 0, -1, "World", 30_000, layer="extra"),
        line("unit", 1, 0, "North", 20_001, "cap", layer="extra", cap=20_001.0),
        line("person", 4, 3, "vacant:North", 19_999, "no_history"),
    ]
    return replace_tables(plan, splits=table("splits", rows).with_columns(weight_history=pl.lit(2.5)))


def with_issues(plan: Plan, **more) -> Plan:
    row = {"rule": "returns_kept", "severity": "note", "table": "sales", "file": "sales.csv", "line": 7,
           "column": "amount", "value": "-5", "details": json.dumps({"rows": "3"}), "more": 2, **more}  # fmt: skip
    warning = {**row, "rule": "never_heard_of", "severity": "warning", "details": "{}", "more": 0, "line": None}
    return replace_tables(plan, issues=pl.DataFrame([row, warning], schema=ISSUE_SCHEMA))


def test_the_workbook_opens_on_the_summary_and_has_a_sheet_for_each_subject(tmp_path):
    book = written(small_plan(), tmp_path)
    assert book.sheetnames == [
        "Summary", "Regions", "People by month", "Products", "Customers",
        "Regions units", "People by month units", "Regions outlets", "People by month outlets", "Reasons", "Findings",
    ]  # fmt: skip
    assert book.active.title == "Summary"
    assert len(book["Summary"]._charts) == 1


def test_every_total_is_the_plan_s(tmp_path):
    book = written(small_plan(), tmp_path)
    for name in ("Regions", "People by month", "Products", "Customers"):
        total = lines(book[name])[-1]
        assert (total["Commit"], total["Stretch"]) == (1000.0, 1300.0), name


def test_last_year_and_growth_stand_beside_every_target(tmp_path):
    plan = small_plan()
    book = written(plan, tmp_path)
    known = cut_slice(plan, Request(by=()))[0]["last_year"][0] / 100
    total = lines(book["Regions"])[-1]
    assert total["Last year"] == known
    assert total["Growth"] == pytest.approx(1000 / known - 1)
    bo = next(line for line in lines(book["People by month"]) if line["Person"] == "Bo")
    assert (bo["Last year"], bo["Growth"]) == (None, None)


@pytest.mark.parametrize("make", [small_plan, nested_plan])
@pytest.mark.parametrize("by", [("unit",), ("unit", "person"), ("customer",), ("product",), ()])
def test_whole_plan_figures_are_those_of_a_slice(make, by):
    plan = make()
    figures = Rows.read(plan, plan.settings.measures["revenue"]).total_cut(list(by))
    for level in ("commit", "stretch"):
        sliced, _ = cut_slice(plan, Request(by=by, level=level))
        assert figures.select(*by, amount=level).equals(sliced.select(*by, "amount"))
        assert figures["last_year"].to_list() == sliced["last_year"].to_list()


def test_months_add_up_to_the_year_in_every_line_and_column(tmp_path):
    sheet = written(small_plan(), tmp_path)["People by month"]
    found = lines(sheet)
    months = [title for title in found[0] if title.startswith("2027-")]
    assert len(months) == 12
    for line in found:
        assert sum(round(line[month] * 100) for month in months) == round(line["Commit"] * 100)
    for month in months:
        assert sum(round(line[month] * 100) for line in found[:-1]) == round(found[-1][month] * 100)


def test_people_stand_in_the_order_of_units_and_vacancies_have_words(tmp_path):
    found = lines(written(small_plan(), tmp_path)["People by month"])
    assert [(line["Unit"], line["Person"], line["Name"]) for line in found] == [
        ("The North", None, "Vacant in The North"),
        ("The North › City", "Ana", "Ana María"),
        ("The South", "Bo", "薄"),
        ("Total", None, None),
    ]


def test_regions_hold_all_that_is_below_them_and_their_own_part(tmp_path):
    sheet = written(small_plan(), tmp_path)["Regions"]
    assert [(line["Unit"], line["Level"], line["Commit"]) for line in lines(sheet)] == [
        ("All", 1, 1000.0),
        ("The North", 2, 699.99),
        ("The North itself", 3, 199.99),
        ("City", 3, 500.0),
        ("The South", 2, 300.01),
        ("Total", None, 1000.0),
    ]
    assert [sheet.cell(row, 1).alignment.indent for row in range(5, 10)] == [0, 1, 2, 2, 1]


def test_the_summary_shows_the_regions_below_the_top_largest_first(tmp_path):
    plan = small_plan()
    moved = plan["quotas"].with_columns(
        unit=pl.when(pl.col("person") == "Bo").then(pl.lit("World")).otherwise("unit")
    )
    rows = list(written(replace_tables(plan, quotas=moved), tmp_path)["Summary"].iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if row[0] == "Regions: revenue")
    assert [row[:2] for row in rows[start + 1 : start + 5]] == [
        ("Unit", "Commit"), ("The North", 699.99), ("All itself", 300.01), ("Total", 1000.0),
    ]  # fmt: skip
    assert rows[start + 2][5] == pytest.approx(0.69999)


def test_customers_beyond_the_limit_stand_together_so_that_it_still_adds_up(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "MAX_CUSTOMERS", 2)
    sheet = written(small_plan(), tmp_path)["Customers"]
    found = lines(sheet)
    assert [line["Customer"] for line in found] == ["c1", "c6", "4 further ones, together", "Total"]
    assert sum(round(line["Commit"] * 100) for line in found[:-1]) == 100_000
    assert found[0]["Owner"] == "Ana María"
    assert "2 of 6" in sheet["A2"].value
    assert sheet.auto_filter.ref == "A4:J6"


def test_what_a_cut_does_not_split_is_named(tmp_path):
    plan = small_plan()
    partly = replace(plan, cuts={**plan.cuts, "product": plan.cuts["product"].filter(pl.col("row") == 0)})
    found = lines(written(partly, tmp_path)["Products"])
    assert found[-2]["Name"] == "Not split further"
    assert found[-2]["Commit"] == 500.0
    assert found[-1]["Commit"] == 1000.0


def test_reasons_tell_weights_bounds_and_why_in_words(tmp_path):
    found = lines(written(with_splits(small_plan()), tmp_path)["Reasons"])
    by_member = {(line["Split of"], line["Member"]): line for line in found}
    north = by_member["All", "The North"]
    assert (north["Weight: history"], north["Share"], north["Floor"]) == (2.5, 0.5, 699.99)
    assert (north["Why"], north["Why extra"], north["Cap of extra"]) == (
        "raised to its floor", "held at its cap", 200.01,
    )  # fmt: skip
    assert by_member["Target", "All"]["Commit"] == 1000.0
    assert ("All › The North", "The North itself") in by_member
    vacant = by_member["All › The North › The North itself", "Vacant in The North"]
    assert "nothing last year" in vacant["Why"]


def test_findings_are_told_in_words_and_counted_on_the_summary(tmp_path):
    book = written(with_issues(small_plan()), tmp_path)
    warning, note = lines(book["Findings"])
    assert (warning["Severity"], warning["What was found"]) == ("Warning", "never heard of")
    assert (note["File"], note["Line"], note["More of these"]) == ("sales.csv", "7", "2")
    cells = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert (cells["Findings: Warning"], cells["Findings: Note"]) == (1, 3)
    assert (cells["People with a target"], cells["Vacancies"]) == (2, 1)


def test_the_summary_lists_every_measure_ratios_too(tmp_path):
    rows = list(written(small_plan(), tmp_path)["Summary"].iter_rows(values_only=True))
    named = {row[0]: row[1:3] for row in rows}
    assert named["revenue"] == (1000.0, 1300.0)
    assert named["units"] == (700, 700)
    assert named["outlets"] == (60, 66)
    assert named["price"] == (1.43, 1.86)


def test_totals_are_formulas(tmp_path):
    book = written(small_plan(), tmp_path, cached=False)
    people = lines(book["People by month"])
    assert people[-1]["2027-03"] == "=SUM(F5:F7)"
    assert people[0]["Commit"] == "=SUM(D5:O5)"
    assert people[-1]["Growth"] == '=IF(R8>0,P8/R8-1,"")'
    assert lines(book["Regions"])[-1]["Commit"] == "=SUMIF(C5:C9,1,D5:D9)"


def test_no_text_becomes_a_formula_a_link_or_markup(tmp_path):
    nasty = ["=1+1", "@SUM(A1)", "-2+3", "+1", "http://a.b/c", "<r>x</r>", "{=1}", "a\x00\x0b\ufffeb", "x" * 40_000]
    plan = small_plan()
    names = plan["members"].with_row_index("at").with_columns(
        pl.col("at").map_elements(lambda at: nasty[at % len(nasty)], return_dtype=pl.String).alias("name")
    ).drop("at")  # fmt: skip
    settings = replace(SETTINGS, name="=cmd|' /C calc'!A0 & <Plan>")
    book = written(with_issues(with_splits(replace_tables(replace(plan, settings=settings), members=names)),
                               value="=1+1"), tmp_path, cached=False)  # fmt: skip
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert all(formula.startswith(("=SUM(", "=SUMIF(", "=IF(")) for formula in formulas)
    assert book["Summary"]["A1"].value == settings.name
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "s"}
    assert {"=1+1", " <r>x</r>", "ab", "x" * 32_767} <= texts


def test_measure_names_make_safe_and_different_sheet_names(tmp_path):
    names = ["revenue", "a/b[c]:*?'", "A-B-C----", "n" * 60]
    measures = {name: replace(SETTINGS.measures["revenue"], name=name) for name in names}
    settings = replace(SETTINGS, measures=measures, targets=tuple(Target(name, 10, 10) for name in names))
    rows = [quota(i, 10, measure=name, unit="N", person="a", curve=0) for i, name in enumerate(names)]
    plan = bare_plan([{"curve": 0}], settings=settings, quotas=table("quotas", rows))
    found = written(plan, tmp_path).sheetnames
    assert len({name.lower() for name in found}) == len(found) == 3 + 2 * len(names)
    assert max(len(name) for name in found) <= 31


def test_a_plan_without_people_or_history_or_any_split_has_its_months(tmp_path):
    settings = replace(SETTINGS, targets=(Target("revenue", 1201, 1201),), steps=(AlongStep("calendar"),))
    whole = bare_plan([{"curve": 0}], settings=settings, quotas=table("quotas", [quota(0, 1201)]))
    book = written(whole, tmp_path)
    assert book.sheetnames == ["Summary", "By month", "Reasons", "Findings"]
    line, total = lines(book["By month"])
    assert (line["Target"], line["Commit"], total["Commit"]) == ("Target", 12.01, 12.01)
    assert "Stretch" not in total
    channels = [quota(0, 1000, channel="shop", curve=0), quota(1, 201, channel=None, curve=0)]
    split = bare_plan([{"curve": 0}], settings=settings, quotas=table("quotas", channels))
    assert lines(written(split, tmp_path)["By month"])[0]["Channel"] == "shop"


def test_sheets_are_set_up_to_be_read_and_printed(tmp_path):
    for sheet in written(with_issues(small_plan()), tmp_path):
        assert sheet.freeze_panes is not None
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.center.text
        if sheet.title != "Summary":
            assert sheet.auto_filter.ref
            assert sheet.print_title_rows == "$4:$4"
    people = written(small_plan(), tmp_path)["People by month"]
    assert people["D5"].number_format == "#,##0.00"
    assert people["S5"].number_format == "+0.0%;-0.0%;0.0%"
    assert people.freeze_panes == "D5"


def test_the_same_plan_gives_the_same_bytes_dated_as_of(tmp_path):
    plan = with_issues(with_splits(small_plan()))
    book = written(plan, tmp_path)
    written(plan, tmp_path, name="again.xlsx")
    assert (tmp_path / "plan.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert book.properties.created.date() == book.properties.modified.date() == date(2026, 12, 31)


def test_a_file_that_cannot_be_written_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="missing"):
        write_plan_workbook(small_plan(), tmp_path / "missing" / "plan.xlsx")


def test_an_office_program_computes_the_cached_values(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    cached = written(small_plan(), tmp_path)
    formulas = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    formulas.save(tmp_path / "bare.xlsx")  # without cached values, so that they have to be computed
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "computed"), str(tmp_path / "bare.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    computed = openpyxl.load_workbook(tmp_path / "computed" / "bare.xlsx", data_only=True)
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    known = cached[sheet.title][cell.coordinate].value
                    found = computed[sheet.title][cell.coordinate].value
                    assert found in (None, "") if known is None else found == pytest.approx(known, rel=1e-12), cell
                    compared += 1
    assert compared > 100
