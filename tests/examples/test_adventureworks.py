"""AdventureWorks comes through `[import]` with every figure unchanged."""

import json
import os
from pathlib import Path

import polars as pl
import pytest

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.engine.planning import calendar_span, make_plan
from small_company import slice_of

ROOT = Path(__file__).parents[2]
SOURCE = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
EXAMPLE = ROOT / "examples" / "adventureworks"
pytestmark = pytest.mark.skipif(
    not (SOURCE / "sales_lines.csv").is_file(),
    reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
)
# Both channels, all three years: a line's customer is a reseller or, where there is none, a buyer on the internet.
ALL_SALES = """
[import.sales]
from = "sales_lines.csv"
[import.sales.columns]
date = "OrderDate"
order = "SalesOrderNumber"
customer = ["R{ResellerKey}", "I{CustomerKey}"]
product = "ProductKey"
person = "EmployeeKey"
channel = "Channel"
quantity = "OrderQuantity"
amount = "SalesAmount"
cost = "TotalProductCost"
"""
INTERNET_CUSTOMERS = """
[[import.customers]]
from = "customers.csv"
[[import.customers.join]]
from = "sales_lines.csv"
by = "CustomerKey"
latest = ["OrderDate", "SalesOrderNumber"]
through = 2022-06-30
[import.customers.columns]
customer = "I{CustomerKey}"
name = "CustomerName"
city = "City"
area = "T{SalesTerritoryKey}"
channel = { value = "Internet" }
"""


@pytest.fixture(scope="module")
def facts():
    return json.loads((SOURCE / "expected.json").read_text(encoding="utf-8"), parse_float=str)["facts"]


@pytest.fixture(scope="module")
def opened():
    return open_company(EXAMPLE, data=SOURCE)


@pytest.fixture(scope="module")
def tables(opened):
    return opened.company


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    folder = tmp_path_factory.mktemp("everything")
    plan = (EXAMPLE / "plan.toml").read_text(encoding="utf-8")
    plan, sales = plan[: plan.index("[import.sales]")], ALL_SALES
    plan = plan.replace("[import.customers]", "[[import.customers]]") + INTERNET_CUSTOMERS + sales
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    opened = open_company(folder, data=SOURCE)
    assert [issue for issue in opened.issues if issue.severity == "error"] == []
    return opened.company


def total(sales: pl.DataFrame) -> str:
    """Return the exact sum of the amounts, as the source writes it: without zeros at the end."""
    whole, rest = divmod(sales["amount_e4"].sum(), 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").removesuffix(".")


def fiscal_year(sales: pl.DataFrame, year: int) -> pl.DataFrame:
    return sales.filter(pl.col("date").is_between(pl.date(year - 1, 7, 1), pl.date(year, 6, 30)))


def test_totals_of_all_lines_are_those_of_the_source_to_the_last_decimal(everything, facts):
    sales = everything["sales"]
    assert total(sales) == facts["SalesAmount_total"]
    for channel, years in facts["SalesAmount_by_channel_and_fiscal_year"].items():
        mine = sales.filter(pl.col("channel") == channel)
        assert {name: total(fiscal_year(mine, int(name[2:]))) for name in years} == years


def test_the_history_to_june_2021_is_the_resellers_first_two_years(tables, facts):
    expected = facts["SalesAmount_by_channel_and_fiscal_year"]["Reseller"]
    assert total(fiscal_year(tables["sales"], 2020)) == expected["FY2020"]
    assert total(fiscal_year(tables["sales"], 2021)) == expected["FY2021"]
    assert str(tables["sales"]["date"].max()) == "2021-06-30"
    assert set(tables["customers"]["channel"]) == {"Reseller"}


def test_months_regions_and_sellers_keep_their_totals(everything, facts):
    sales = everything["sales"].join(everything["customers"].select("customer", "area"), on="customer")
    for month, amount in facts["SalesAmount_by_month"].items():
        assert total(sales.filter(pl.col("date").dt.strftime("%Y-%m") == month)) == amount
    names = dict(everything["areas"].select("area", "name").rows())
    resellers = sales.filter(pl.col("channel") == "Reseller")
    sold = {f"{key}": total(part) for (key,), part in resellers.group_by("person")}
    assert sold == {name.split(" ")[0]: amount for name, amount in facts["reseller_SalesAmount_by_employee"].items()}
    # Internet customers may lie in several regions over the years; their latest one counts.
    expected = facts["SalesAmount_by_region"]
    by_name = sales.with_columns(region=pl.col("area").replace_strict(names))
    assert {name: total(by_name.filter(pl.col("region") == name)) for name in expected} == expected


def test_the_commitment_is_the_sum_of_the_companys_quotas(opened, facts):
    target = opened.settings.targets[0]
    assert target.commit_minor == 4_324_000_000 == int(float(facts["quota_by_fiscal_year"]["FY2022"])) * 100
    assert target.stretch_minor == 4_756_400_000


def test_people_sit_in_the_lowest_unit_above_all_of_their_territories(tables):
    units = dict(tables["people"].select("name", "unit").rows())
    assert units["Brian Welcker"] == "AW"
    assert units["Stephen Jiang"] == "NAM"
    assert units["Michael Blythe"] == "US"
    assert units["Amy Alberts"] == "EUR"
    assert units["Jillian Carson"] == "T3"


def test_a_reseller_belongs_to_whoever_took_its_latest_order(tables):
    sales, owner = tables["sales"], dict(tables["customers"].select("customer", "person").rows())
    assert sum(person is None for person in owner.values()) == 701 - sales["customer"].n_unique()
    last = dict(sales.sort("date", "order").select("customer", "person").rows())
    assert all(owner[customer] == person for customer, person in last.items())


def test_the_files_read_without_errors_and_findings_name_them(opened):
    assert [issue for issue in opened.issues if issue.severity in ("error", "conflict")] == []
    warnings = [issue for issue in opened.issues if issue.severity == "warning"]
    assert [(i.rule, i.file, i.column) for i in warnings] == [("zero_coordinates", "resellers.csv", "Latitude")]
    assert opened.company["sales"]["amount_e4"].sum() == 162_884_417_675 + 279_216_705_182
    assert set(opened.foreign) == {
        f"{name}.csv" for name in ("employees", "employee_territories", "geographies", "product_categories", "products",
                                   "product_subcategories", "resellers", "sales_lines", "sales_quotas", "territories")
    }  # fmt: skip


def test_the_wide_target_sheet_becomes_the_plan_cell_by_cell(facts):
    opened = open_company(ROOT / "examples" / "adventureworks_targets", data=SOURCE)
    assert opened.issues == []
    year = facts["targets_wide_pl300"]["sum_in_thousands_by_year"]["2020"]
    assert opened.settings.targets[0].commit_minor == int(year) * 100_000
    days, _ = list_days(opened.settings.country, *calendar_span(opened.settings))
    plan, _ = make_plan(opened.company, opened.settings, days)
    planned = {(row["person"], row["since"].month): row["amount"]
               for row in slice_of(plan, "person", grain="month").iter_rows(named=True)}  # fmt: skip
    keys = pl.read_csv(SOURCE / "employees.csv", infer_schema=False)
    key_of = dict(keys.select("EmployeeID", "EmployeeKey").rows())
    sheet = pl.read_csv(SOURCE / "targets_wide_pl300.csv", infer_schema=False).filter(pl.col("Year") == "2020")
    expected = {(key_of[row["EmployeeID"]], month): int(row[f"M{month:02d}"]) * 100_000
                for row in sheet.iter_rows(named=True)
                for month in range(1, 13) if row[f"M{month:02d}"] != "-"}  # fmt: skip
    assert {cell: planned[cell] for cell in expected} == expected
    assert sum(planned.values()) == sum(expected.values())


@pytest.mark.parametrize("year", [2017, 2018, 2019, 2020, 2021])
def test_every_year_of_the_wide_sheet_sums_to_what_is_known(facts, tmp_path, year):
    plan = (ROOT / "examples" / "adventureworks_targets" / "plan.toml").read_text(encoding="utf-8")
    plan = plan.replace("since = 2020-01-01", f"since = {year}-01-01").replace("as_of = 2019-12-31", "")
    plan = plan.replace("until = 2021-01-01", f"until = {year + 1}-01-01").replace('"2020"', f'"{year}"')
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    opened = open_company(tmp_path, data=SOURCE)
    expected = int(facts["targets_wide_pl300"]["sum_in_thousands_by_year"][str(year)])
    assert opened.settings.targets[0].commit_minor == expected * 100_000
    locks = opened.company["locks"].filter(pl.col("reason") == "target sheet, month")
    assert locks["amount_e4"].sum() == expected * 1_000 * 10_000
