"""Turn the AdventureWorks files into a company folder, to be planned for its fiscal year 2022 (July 2021 to June 2022).

    python examples/adventureworks/read_adventureworks.py SOURCE DIR [--all]

SOURCE is the folder of the files, DIR a new or empty folder. Everything is read and written as text, so that no figure
can change. What had to be decided (more in README.md):

* Target: the company's own quotas of the four quarters from July 2021. They cover reseller sales only, so only
  resellers and their lines are written, to June 2021; ``--all`` writes internet sales and everything later as well.
* Units: group, country, region. A salesperson belongs to the lowest unit above all of his or her territories.
* Owner of a reseller: whoever took its latest order by June 2021; resellers that had not ordered by then have none.
* What is left as it is: coordinates 0, 0, hiring dates (not shifted like the orders), several versions of a product.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import polars as pl

AS_OF = "2021-06-30"
SINCE, UNTIL = "2021-07-01", "2022-07-01"
TOP = "AW"
GROUPS = {"North America": "NAM", "Europe": "EUR", "Pacific": "PAC"}
COUNTRIES = {"United States": "US", "Canada": "CA", "France": "FR", "Germany": "DE", "Australia": "AU",
             "United Kingdom": "GB"}  # fmt: skip
DAYS_BETWEEN_ORDERS = {"A": "365", "S": "182", "Q": "91"}

PLAN = """\
# AdventureWorks, fiscal year 2022: the target is the company's own, the shares come from two years of reseller sales.
[plan]
name = "AdventureWorks FY2022"
since = {since}
until = {until}
as_of = {as_of}
country = "US"
currency = "USD"            # the plan is exact to the cent; the history keeps its four decimals
fiscal_start = 7            # the year and its quarters begin in July
seed = 1

[[target]]
measure = "revenue"
commit = {commit:_}        # the sum of sales_quotas.csv for the four quarters
stretch = {stretch:_}       # a tenth more

[[step]]                    # by region …
across = "unit"
basis = "history"

[[step]]                    # … and person
across = "person"
basis = "history"

[[step]]
along = "calendar"
season = "history"
weekdays = [1, 1, 1, 1, 1, 1, 1]   # orders come in on every day of the week alike
holiday = 1

[[step]]                    # cuts: what a person's number is made of
across = "customer"
of = "person"
basis = "history"

[[step]]
across = "product"
of = "person"
basis = "history"
"""


def read(source: Path, name: str) -> pl.DataFrame:
    """Return one of the source's files, every column as text; empty cells are null."""
    return pl.read_csv(source / f"{name}.csv", infer_schema=False)


def path_to(territory: dict[str, str]) -> list[str]:
    """Return the units from the top down to a territory's region."""
    group, country = GROUPS[territory["SalesTerritoryGroup"]], COUNTRIES[territory["SalesTerritoryCountry"]]
    return [TOP, group, country, f"T{territory['SalesTerritoryKey']}"]


def make_units(territories: list[dict[str, str]]) -> pl.DataFrame:
    """Return the territories as a tree: company, group, country, region."""
    rows: dict[str, tuple[str | None, ...]] = {TOP: (TOP, None, "company", "AdventureWorks")}
    for territory in territories:
        path = path_to(territory)
        for level, kind in enumerate(("Group", "Country", "Region"), 1):
            unit = path[level]
            rows.setdefault(unit, (unit, path[level - 1], kind.lower(), territory[f"SalesTerritory{kind}"]))
    return pl.DataFrame(list(rows.values()), schema=["unit", "parent", "kind", "name"], orient="row")


def lowest_common(paths: Iterable[list[str]]) -> str:
    """Return the lowest unit that lies on all of the paths from the top."""
    unit = TOP
    for level in zip(*paths, strict=True):
        if len(set(level)) > 1:
            break
        unit = level[0]
    return unit


def make_people(source: Path, paths: dict[str, list[str]]) -> pl.DataFrame:
    """Return the 18 salespeople and managers, each in the lowest unit above all of his or her territories."""
    territories = read(source, "employee_territories").group_by("EmployeeKey").agg("SalesTerritoryKey")
    unit = {person: lowest_common(paths[key] for key in keys) for person, keys in territories.rows()}
    return read(source, "employees").select(
        person="EmployeeKey", name=pl.col("FirstName") + " " + pl.col("LastName"),
        unit=pl.col("EmployeeKey").replace_strict(unit), role="Title", hired="HireDate",
    )  # fmt: skip


def make_sales(source: Path) -> pl.DataFrame:
    """Return all order lines of both channels. A reseller's key begins with R, an internet customer's with I."""
    return read(source, "sales_lines").select(
        date="OrderDate", order="SalesOrderNumber",
        customer=pl.coalesce("R" + pl.col("ResellerKey"), "I" + pl.col("CustomerKey")),
        product="ProductKey", person="EmployeeKey", channel="Channel", quantity="OrderQuantity",
        amount="SalesAmount", cost="TotalProductCost", area="T" + pl.col("SalesTerritoryKey"),
    )  # fmt: skip


def make_resellers(source: Path, sales: pl.DataFrame) -> pl.DataFrame:
    """Return the resellers with the person of their latest order by AS_OF (the higher order number on the same day)."""
    known = sales.filter(pl.col("date") <= AS_OF).sort("date", "order")
    owners = known.group_by("customer").agg(pl.col("person").last())
    places = read(source, "geographies")
    return (
        read(source, "resellers").join(places, on="GeographyKey", how="left")
        .with_columns(customer="R" + pl.col("ResellerKey"))
        .join(owners, on="customer", how="left", maintain_order="left")
        .select(
            "customer", "person", name="ResellerName", channel=pl.lit("Reseller"),
            area="T" + pl.col("SalesTerritoryKey"), city="City", lat="Latitude", lon="Longitude",
            potential="AnnualRevenue", days_to_order=pl.col("OrderFrequency").replace_strict(DAYS_BETWEEN_ORDERS),
            **{"class": "BusinessType"},
        )
    )  # fmt: skip


def make_internet_customers(source: Path, sales: pl.DataFrame) -> pl.DataFrame:
    """Return the internet customers: nobody owns them; their area is that of their latest order."""
    areas = sales.sort("date", "order").group_by("customer").agg(pl.col("area").last())
    named = read(source, "customers").select(
        customer="I" + pl.col("CustomerKey"), name="CustomerName", city="City", channel=pl.lit("Internet")
    )
    return named.join(areas, on="customer", how="left", maintain_order="left")


def make_categories(source: Path) -> pl.DataFrame:
    """Return categories (C) and below them the subcategories (S)."""
    top = read(source, "product_categories").select(
        category="C" + pl.col("ProductCategoryKey"), parent=pl.lit(None, pl.String), name="EnglishProductCategoryName"
    )
    below = read(source, "product_subcategories").select(
        category="S" + pl.col("ProductSubcategoryKey"), parent="C" + pl.col("ProductCategoryKey"),
        name="EnglishProductSubcategoryName",
    )  # fmt: skip
    return pl.concat([top, below])


def sum_quotas(source: Path) -> int:
    """Return the company's quotas of the plan's four quarters, in dollars."""
    quotas = read(source, "sales_quotas").filter((pl.col("QuarterStart") >= SINCE) & (pl.col("QuarterStart") < UNTIL))
    return int(quotas["SalesAmountQuota"].cast(pl.Int64).sum())


def make_tables(source: Path, *, everything: bool = False) -> dict[str, pl.DataFrame]:
    """Return the company's tables, every column as text."""
    territories = read(source, "territories").filter(pl.col("SalesTerritoryRegion") != "Corporate HQ").to_dicts()
    units = make_units(territories)
    sales = make_sales(source)
    customers = make_resellers(source, sales)
    if everything:
        customers = pl.concat([customers, make_internet_customers(source, sales)], how="diagonal")
    else:
        sales = sales.filter((pl.col("channel") == "Reseller") & (pl.col("date") <= AS_OF))
    return {
        "units": units,
        "areas": units.select("parent", "name", area="unit"),  # resellers lie in the same regions
        "people": make_people(source, {t["SalesTerritoryKey"]: path_to(t) for t in territories}),
        "categories": make_categories(source),
        "products": read(source, "products").select(
            product="ProductKey", category="S" + pl.col("ProductSubcategoryKey"), name="ProductName",
            price="ListPrice", cost="StandardCost",
        ),
        "customers": customers,
        "sales": sales.drop("area"),
    }  # fmt: skip


def write_company(source: Path, folder: Path, *, everything: bool = False) -> None:
    """Write the company folder: a CSV file per table, and plan.toml."""
    tables = make_tables(source, everything=everything)
    commit = sum_quotas(source)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")
    plan = PLAN.format(since=SINCE, until=UNTIL, as_of=AS_OF, commit=commit, stretch=commit * 11 // 10)
    (folder / "plan.toml").write_text(plan, encoding="utf-8", newline="\n")


def main() -> int:
    """Read the command line; 2 where the folders will not do."""
    parser = argparse.ArgumentParser(description="Turn the AdventureWorks files into a company folder.")
    parser.add_argument("source", type=Path, help="folder of the AdventureWorks files")
    parser.add_argument("folder", type=Path, help="new or empty folder to write the company into")
    parser.add_argument("--all", action="store_true", help="internet sales and the lines after June 2021 too")
    arguments = parser.parse_args()
    if not (arguments.source / "sales_lines.csv").is_file():
        parser.error(f"{arguments.source} does not hold the AdventureWorks files (sales_lines.csv is missing)")
    if arguments.folder.exists() and (not arguments.folder.is_dir() or any(arguments.folder.iterdir())):
        parser.error(f"{arguments.folder} is not empty")
    write_company(arguments.source, arguments.folder, everything=arguments.all)
    print(f"{arguments.folder}: AdventureWorks. Next: quotum plan {arguments.folder} --out PLAN")
    return 0


if __name__ == "__main__":
    sys.exit(main())
