"""What programs really export: lines above the titles, totals below, units in titles, names instead of numbers."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from quotum.adapters.files.company_folder import OpenedCompany, open_company
from quotum.adapters.files.importing.drafting import draft_import


def imported(folder: Path, *names: str) -> OpenedCompany:
    """Let quotum guess what files hold and open the company; nothing may be wrong."""
    draft = draft_import([folder / name for name in names], folder / "company")
    opened = open_company(folder / "company", data=folder)
    assert [issue for issue in (*draft.issues, *opened.issues) if issue.severity == "error"] == []
    return opened


def column(opened: OpenedCompany, table: str, name: str) -> list[object]:
    return opened.company[table][name].to_list()


def test_a_chinese_report_with_a_unit_in_its_title_names_for_customers_and_a_total(tmp_path):
    lines = ["日期,订单号,客户名称,业务员,部门,产品,数量,金额（万元）",
             '2026年3月1日,D1,上海永和,张三,华东,茶,2,"1,234.50"', "2026年12月2日,D2,北京大华,李四,华北,壶,1,0.05",
             '合计,,,,,,3,"1,234.55"']  # fmt: skip
    (tmp_path / "销售明细.csv").write_bytes("\n".join(lines).encode("gb18030"))
    opened = imported(tmp_path, "销售明细.csv")
    assert column(opened, "sales", "amount_e4") == [12_345_000 * 10_000, 500 * 10_000]
    assert column(opened, "sales", "customer") == ["上海永和", "北京大华"]
    assert sorted(column(opened, "units", "unit")) == ["Company", "华东", "华北"]


def test_traditional_chinese_in_utf_16_with_tabs(tmp_path):
    lines = ["日期\t單號\t客戶\t業務員\t區域\t數量\t金額(千元)", "2026/3/1\tT1\t甲\t陳一\t北區\t2\t1,050",
             "2026/12/9\tT2\t乙\t林二\t南區\t1\t8"]  # fmt: skip
    (tmp_path / "銷貨.txt").write_bytes("\n".join(lines).encode("utf-16"))
    assert column(imported(tmp_path, "銷貨.txt"), "sales", "amount_e4") == [1_050_000 * 10_000, 8_000 * 10_000]


def test_a_spanish_report_has_lines_above_its_titles_and_a_total_in_the_middle_of_a_row(tmp_path):
    lines = ["Informe de ventas;;;;;;", ";;;;;;",
             "Fecha factura;Nº factura;Código cliente;Razón social;Comercial;Familia;Uds.;Importe neto",
             "31/03/2026;F1;430001;Cañería Núñez S.L.;Íñigo;Té;2;1.234,50 €",
             "01/12/2026;F2;430002;Peña e Hijos;Sofía;Té;1;80,5 €", ";;;;;Total;3;1.315,00 €"]  # fmt: skip
    (tmp_path / "ventas.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    opened = imported(tmp_path, "ventas.csv")
    assert column(opened, "sales", "amount_e4") == [12_345_000, 805_000]
    assert [str(day) for day in column(opened, "sales", "date")] == ["2026-03-31", "2026-12-01"]
    assert dict(opened.company["customers"].select("customer", "name").rows())["430002"] == "Peña e Hijos"


def test_a_workbook_with_a_heading_and_invoices_is_the_history(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Invoices"
    titles = ["Invoice Date", "Invoice No.", "Customer ID", "Sales Rep", "Region", "Item", "Qty", "Net Amount (EUR)"]
    for line in (["ACME Ltd – sales ledger"], [], titles,
                 [dt.datetime(2026, 1, 31), 1000, "C1", "Ann", "North", "Tea", 2, 100.5],
                 [dt.datetime(2026, 12, 1), 1001, "C2", "Bob", "South", "Tea", 1, "1 200.50"]):  # fmt: skip
        sheet.append(line)
    other = book.create_sheet("Customers")
    for line in (["Customer ID", "Customer Name", "City"], ["C1", "One", "Cork"], ["C2", "Two", "Cobh"]):
        other.append(line)
    book.save(tmp_path / "ledger.xlsx")
    opened = imported(tmp_path, "ledger.xlsx")
    assert column(opened, "sales", "amount_e4") == [1_005_000, 12_005_000]
    assert column(opened, "customers", "name") == ["One", "Two"]
    assert column(opened, "people", "person") == ["Ann", "Bob"]


@pytest.mark.parametrize(("name", "year"), [("目标.xlsx", 2026), ("目标2031.xlsx", 2031)])
def test_months_without_a_year_are_those_of_the_plan_unless_the_file_says_another(tmp_path, name, year):
    sales = "date,customer,person,unit,amount\n2025-03-01,C1,张三,North,10\n2025-12-01,C1,李四,North,20\n"
    (tmp_path / "sales.csv").write_text(sales)
    book = openpyxl.Workbook()
    for line in (["销售员", *(f"{month}月" for month in range(1, 13)), "合计"], ["张三", 12, *["-"] * 11, 12]):
        book.active.append(line)
    book.save(tmp_path / name)
    opened = imported(tmp_path, "sales.csv", name)
    assert [day.year for day in column(opened, "proposals", "since")] == [year]


def test_a_customer_called_total_stays_and_other_words_in_brackets_mean_something(tmp_path):
    lines = ["date,customer,person,amount (last year),amount", "2026-03-01,Total,Ann,7,10", "2026-12-01,C1,Bob,8,20"]
    (tmp_path / "sales.csv").write_text("\n".join(lines))
    opened = imported(tmp_path, "sales.csv")
    assert column(opened, "sales", "customer") == ["Total", "C1"]
    assert column(opened, "sales", "amount_e4") == [100_000, 200_000]
