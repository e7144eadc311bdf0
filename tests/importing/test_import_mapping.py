"""What each key of `[import]` does, on examples of a few rows."""

import polars as pl
import pytest

from import_worlds import PLAN, SALES, errors, opened, rules

ORDERS = "Day,Client,Net\n2026-05-01,C1,10\n2026-05-02,C2,20.5\n"


def table(company, name, *columns):
    return company.company[name].select(columns).rows()


def test_columns_come_from_columns(tmp_path):
    company = opened(tmp_path, SALES, {"orders.csv": ORDERS})
    assert errors(company) == []
    assert table(company, "sales", "customer", "amount_e4") == [("C1", 100_000), ("C2", 205_000)]
    assert [str(path.name) for path in company.foreign.values()] == ["orders.csv"]


def test_findings_name_file_line_and_column_of_the_foreign_file(tmp_path):
    company = opened(tmp_path, SALES, {"orders.csv": "Day,Client,Net\n2026-05-01,,10\n\n2026-05-01,C,12x\n"})
    assert errors(company) == [("import_not_a_number", "orders.csv", 4, "Net", "12x"),
                               ("value_missing", "orders.csv", 2, "Client", "")]  # fmt: skip


def test_several_files_fill_one_table_and_findings_tell_them_apart(tmp_path):
    mapping = SALES.replace('"orders.csv"', '["2025.csv", "2026.csv"]')
    files = {"2025.csv": ORDERS, "2026.csv": "Net,Client,Day\n1,C3,2026-06-01\nx,C4,2026-06-02\n"}
    company = opened(tmp_path, mapping, files)
    assert errors(company) == [("import_not_a_number", "2026.csv", 3, "Net", "x")]
    assert company.company["sales"]["customer"].to_list() == ["C1", "C2", "C3", "C4"]
    starred = opened(tmp_path, SALES.replace("orders.csv", "202*.csv"), {})
    assert starred.company["sales"].equals(company.company["sales"])


def test_entries_of_other_titles_fill_one_table_too(tmp_path):
    other = SALES.replace("[import.sales]", "[[import.sales]]", 1).replace("orders", "web")
    other = other.replace("Day", "d").replace("Client", "W{id}").replace("Net", "sum")
    files = {"orders.csv": ORDERS, "web.csv": "id,d,sum\n7,2026-07-01,5\n,2026-07-01,6\n"}
    company = opened(tmp_path, SALES.replace("[import.sales]", "[[import.sales]]") + other, files)
    assert company.company["sales"]["customer"].to_list() == ["C1", "C2", "W7", None]
    assert errors(company) == [("value_missing", "web.csv", 3, "id", "")]


def test_templates_constants_value_maps_and_the_first_that_is_filled(tmp_path):
    mapping = """
[import.customers]
from = "clients.csv"
[import.customers.columns]
customer = ["R{Key}", "Web"]
name = "{First} {Last}"
channel = { value = "shop" }
class = { column = "Kind", values = { 1 = "A", 2 = "B" }, otherwise = "C" }
"""
    clients = "Key,Web,First,Last,Kind\n1,,Ann, Lee ,1\n,w2,,Ray,2\n3,,Bo,,7\n4,,,,\n"
    company = opened(tmp_path, mapping, {"clients.csv": clients})
    assert table(company, "customers", "customer", "name", "channel", "class") == [
        ("R1", "Ann Lee", "shop", "A"), ("w2", "Ray", "shop", "B"), ("R3", "Bo", "shop", "C"),
        ("R4", None, "shop", None),
    ]  # fmt: skip


def test_values_that_nothing_is_said_about_are_told(tmp_path):
    mapping = SALES.replace('customer = "Client"', 'customer = { column = "Client", values = { C1 = "one" } }')
    company = opened(tmp_path, mapping, {"orders.csv": ORDERS})
    assert ("import_value_unmapped", "orders.csv", 3, "Client", "C2") in errors(company)


@pytest.mark.parametrize(("where", "kept"), [
    ('Client = "C1"', ["C1"]), ('Client = ["C1", "C3"]', ["C1", "C3"]), ('Client = { not = "C1" }', ["C2", "C3"]),
    ("Net = { filled = true }", ["C1", "C2"]), ("Net = { filled = false }", ["C3"]), ("Net = 10", ["C1"]),
    ("Day = { since = 2026-05-02 }", ["C2", "C3"]), ("Day = { until = 2026-05-02 }", ["C1"]),
    ('Day = { since = 2026-05-02 }, Client = "C3"', ["C3"]),
])  # fmt: skip
def test_filters(tmp_path, where, kept):
    mapping = SALES.replace('"orders.csv"', f'"orders.csv"\nwhere = {{ {where} }}')
    company = opened(tmp_path, mapping, {"orders.csv": ORDERS + "2026-05-03,C3,\n"})
    assert company.company["sales"]["customer"].to_list() == kept


JOINED = """
[import.customers]
from = "clients.csv"
[[import.customers.join]]
from = "places.csv"
by = { Place = "Id" }
[[import.customers.join]]
from = "zones.csv"
by = "Zone"
[import.customers.columns]
customer = "Key"
name = "Name"
city = "places.Name"
channel = "Channel"
"""
PLACES = {"clients.csv": "Key,Name,Place\n1,One,7\n2,Two,8\n3,Three,\n",
          "places.csv": "Id,Name,Zone\n7,Rome,z\n9,Oslo,y\n", "zones.csv": "Zone,Channel\nz,web\n"}  # fmt: skip


def test_joins_look_columns_up_one_after_the_other(tmp_path):
    company = opened(tmp_path, JOINED, PLACES)
    assert table(company, "customers", "customer", "name", "city", "channel") == [
        ("1", "One", "Rome", "web"), ("2", "Two", None, None), ("3", "Three", None, None),
    ]  # fmt: skip
    found = [issue for issue in company.issues if issue.rule == "import_not_found"]
    assert [(i.file, i.line, i.value, dict(i.details)["rows"]) for i in found] == [("clients.csv", 3, "8", "1")]


def test_a_key_that_is_looked_up_stands_once(tmp_path):
    twice = {**PLACES, "places.csv": "Id,Name,Zone\n7,Rome,z\n7,Roma,z\n7,Rome,z\n"}
    assert ("import_join_twice", "places.csv", 3, "Id", "7") in errors(opened(tmp_path, JOINED, twice))
    same = {**PLACES, "places.csv": "Id,Name,Zone\n7,Rome,z\n7,Rome,z\n"}
    assert errors(opened(tmp_path, JOINED, same)) == []


OWNERS = """
[import.customers]
from = "clients.csv"
[[import.customers.join]]
from = "orders.csv"
by = { Key = "Client" }
latest = ["Day", "No"]
[import.customers.columns]
customer = "Key"
person = "Rep"
"""


def test_the_latest_row_by_as_of_counts(tmp_path):
    rows = "Day,No,Client,Rep\n2026-05-01,1,C,bob\n2026-06-01,9,C,ann\n2026-06-01,10,C,bob\n2027-01-01,11,C,ann\n"
    company = opened(tmp_path, OWNERS, {"clients.csv": "Key\nC\nD\n", "orders.csv": rows})
    assert table(company, "customers", "customer", "person") == [("C", "bob"), ("D", None)]
    through = OWNERS.replace("latest =", "through = 2026-05-31\nlatest =")
    company = opened(tmp_path, through, {"clients.csv": "Key\nC\n", "orders.csv": rows.replace("bob", "ann", 1)})
    assert table(company, "customers", "person") == [("ann",)]


def test_lines_of_sales_tell_customers_and_people(tmp_path):
    mapping = """
[import.customers]
from = "orders.csv"
latest = "Day"
[import.customers.columns]
customer = "Client"
person = "Rep"
"""
    rows = "Day,Client,Rep\n2026-05-01,C,bob\n2026-06-01,C,ann\n2026-05-01,D,bob\n,E,ann\n2026-05-01,,ann\n"
    company = opened(tmp_path, mapping, {"orders.csv": rows})
    assert errors(company) == []
    assert table(company, "customers", "customer", "person") == [("C", "ann"), ("D", "bob")]


def test_the_sequence_of_orders_tells_dated_ownership(tmp_path):
    mapping = """
[import.ownership]
from = "orders.csv"
changes = "Day"
[import.ownership.columns]
customer = "Client"
person = "Rep"
"""
    rows = ("Day,Client,Rep\n2026-01-05,C,ann\n2026-02-05,C,ann\n2026-03-05,C,bob\n2026-03-05,D,bob\n2026-04-05,C,ann\n"
            "2026-04-05,C,bob\n2026-05-05,C,ann\n2027-05-05,C,bob\n")  # fmt: skip
    company = opened(tmp_path, mapping, {"orders.csv": rows})
    found = company.company["ownership"].select("customer", "person", pl.col("since", "until").cast(pl.String)).rows()
    assert found == [("C", "ann", "2026-01-05", "2026-03-05"), ("C", "bob", "2026-03-05", "2026-05-05"),
                     ("C", "ann", "2026-05-05", None), ("D", "bob", "2026-03-05", None)]  # fmt: skip


TREE = """
[import.units]
from = "regions.csv"
tree = [{ value = "World", kind = "all" }, "Country", { column = "Region", key = "T{No}", kind = "region" }]
"""


def test_columns_become_a_tree(tmp_path):
    regions = "No,Region,Country\n1,North,France\n2,South,France\n3,France,France\n4,,Spain\n"
    company = opened(tmp_path, TREE, {"units.csv": None, "regions.csv": regions})
    assert table(company, "units", "unit", "parent", "kind", "name") == [
        ("World", None, "all", "World"), ("France", "World", "Country", "France"),
        ("Spain", "World", "Country", "Spain"),
        ("T1", "France", "region", "North"), ("T2", "France", "region", "South"), ("T3", "France", "region", "France"),
        ("T4", "Spain", "region", None),
    ]  # fmt: skip


def test_a_level_that_repeats_its_parent_or_is_empty_is_left_out(tmp_path):
    mapping = '[import.areas]\nfrom = "r.csv"\ntree = ["Country", "Region", "City"]\n'
    company = opened(tmp_path, mapping, {"r.csv": "City,Region,Country\nLyon,,France\nX,Spain,Spain\n,,Italy\n"})
    assert table(company, "areas", "area", "parent") == [
        ("France", None), ("Spain", None), ("Italy", None), ("Lyon", "France"), ("X", "Spain")]  # fmt: skip


def test_one_key_below_two_parents_is_told(tmp_path):
    mapping = '[import.areas]\nfrom = "r.csv"\ntree = ["State", "City"]\n'
    files = {"r.csv": "City,State\nSpringfield,Ohio\nSpringfield,Illinois\n"}
    assert errors(opened(tmp_path, mapping, files)) == [("import_two_parents", "r.csv", 3, "City", "Springfield")]
    better = mapping.replace('"City"]', '{ column = "City", key = "{State}/{City}" }]')
    assert errors(opened(tmp_path, better, files)) == []


def test_parents_by_a_column_and_tops_that_name_themselves(tmp_path):
    mapping = '[import.units]\nfrom = "o.csv"\n[import.units.columns]\nunit = "Id"\nparent = "Above"\n'
    company = opened(tmp_path, mapping, {"units.csv": None, "o.csv": "Id,Above\nall,all\nnorth,all\n"})
    assert table(company, "units", "unit", "parent") == [("all", None), ("north", "all")]
    assert "import_own_parent" in rules(company)


@pytest.mark.parametrize("line", ['customer = { column = "Client", lowest = "areas" }',
                                  'customer = "Client"\nname = { column = "Client", lowest = "units" }'])  # fmt: skip
def test_only_members_of_a_tree_have_a_lowest_one_above(tmp_path, line):
    mapping = f'[import.customers]\nfrom = "orders.csv"\n[import.customers.columns]\n{line}\n'
    assert [error[0] for error in errors(opened(tmp_path, mapping, {"orders.csv": ORDERS}))] == ["import_not_lowest"]


def test_people_of_several_regions_belong_to_the_lowest_unit_above(tmp_path):
    mapping = TREE + """
[import.people]
from = "staff.csv"
[[import.people.join]]
from = "links.csv"
by = "Id"
many = true
[import.people.columns]
person = "Id"
unit = { column = "T{Region}", lowest = "units" }
"""
    files = {"units.csv": None, "people.csv": None,
             "regions.csv": "No,Region,Country\n1,N,France\n2,S,France\n4,M,Spain\n",
             "staff.csv": "Id\na\nb\nc\nd\n", "links.csv": "Id,Region\na,1\nb,1\nb,2\nc,2\nc,4\n"}  # fmt: skip
    company = opened(tmp_path, mapping, files)
    assert table(company, "people", "person", "unit") == [("a", "T1"), ("b", "France"), ("c", "World"), ("d", None)]


WIDE = """
[import.proposals]
from = "wide.csv"
wide = {{ columns = {columns}, year = {year}, scale = "thousands" }}
[import.proposals.columns]
person = "Rep"
measure = {{ value = "revenue" }}
layer = {{ value = "commit" }}
"""


@pytest.mark.parametrize(("titles", "columns", "year"), [
    ("M01,M02,M03", '"M{month}"', "2027"), ("Jan,Feb,Mar", '"{month}"', "2027"), ("1月,2月,3月", '"{month}月"', "2027"),
    ("enero,febrero,marzo", '"{month}"', '"Jahr"'), ("2027-01,2027-02,2027-03", '"{year}-{month}"', '"Jahr"'),
    ("2027年1月,2027年2月,2027年3月", '"{year}年{month}月"', '"Jahr"'),
])  # fmt: skip
def test_wide_sheets_become_rows_of_one_period(tmp_path, titles, columns, year):
    company = opened(tmp_path, WIDE.format(columns=columns, year=year),
                     {"wide.csv": f"Rep,Jahr,{titles}\nann,2027,1.5,-,2\nbob,2027,-,-,0\n"})  # fmt: skip
    assert errors(company) == []
    found = company.company["proposals"].select("person", pl.col("since", "until").cast(pl.String), "amount_e4").rows()
    assert found == [("ann", "2027-01-01", "2027-02-01", 15_000_000), ("ann", "2027-03-01", "2027-04-01", 20_000_000),
                     ("bob", "2027-03-01", "2027-04-01", 0)]  # fmt: skip


def test_a_wide_cell_that_is_no_number_is_told_with_its_own_title(tmp_path):
    company = opened(tmp_path, WIDE.format(columns='"M{month}"', year="2027"), {"wide.csv": "Rep,M01,M02\nann,1,x\n"})
    assert errors(company) == [("import_not_a_number", "wide.csv", 2, "M02", "x")]


def test_quarters_and_months_of_a_fiscal_year(tmp_path):
    plan = PLAN.replace("[plan]", "[plan]\nfiscal_start = 7")
    for columns, title, since, until in (('"Q{quarter}"', "Q1", "2026-07-01", "2026-10-01"),
                                         ('"M{month}"', "M08", "2026-08-01", "2026-09-01"),
                                         ('"M{month}"', "M06", "2027-06-01", "2027-07-01")):  # fmt: skip
        mapping = WIDE.format(columns=columns, year="2027").replace("scale", "fiscal = true, scale")
        company = opened(tmp_path, mapping, {"wide.csv": f"Rep,{title}\nann,1\n"}, plan=plan)
        assert company.company["proposals"].select(pl.col("since", "until").cast(pl.String)).rows() == [(since, until)]


def test_targets_are_sums_over_the_plans_dates(tmp_path):
    plan = PLAN.replace(
        "commit = 1000",
        'commit = { sum = "Quota", from = "q.csv", date = "Start", scale = 1000, where = { Kind = "x" } }\n'
        'stretch = { of = "commit", times = 1.1 }',
    )
    quotas = "Start,Quota,Kind\n2026-12-31,7,x\n2027-01-01,1.5,x\n2027-12-31,2,x\n2028-01-01,9,x\n2027-05-05,9,y\n"
    company = opened(tmp_path, "", {"q.csv": quotas}, plan=plan)
    target = company.settings.targets[0]
    assert (target.commit_minor, target.stretch_minor) == (350_000, 385_000)
    wrong = opened(tmp_path, "", {"q.csv": quotas.replace("1.5", "1.x")}, plan=plan)
    assert errors(wrong) == [("import_not_a_number", "q.csv", 3, "Quota", "1.x")]
    later = plan.replace("2027-01-01", "2030-01-01").replace("2028-01-01", "2031-01-01")
    assert "import_sum_empty" in rules(opened(tmp_path, "", {"q.csv": quotas}, plan=later))


def test_targets_are_sums_of_wide_sheets(tmp_path):
    plan = PLAN.replace("commit = 1000", 'commit = { sum = "M{month}", from = "w.csv", year = "Year", scale = "万" }')
    company = opened(tmp_path, "", {"w.csv": "Year,M01,M12\n2026,5,5\n2027,1,-\n2027,0.5,2\n"}, plan=plan)
    assert company.settings.targets[0].commit_minor == 3_500_000


def test_a_setting_from_the_command_line_wins_over_a_sum(tmp_path):
    plan = PLAN.replace("commit = 1000", 'commit = { sum = "Quota", from = "q.csv" }')
    company = opened(tmp_path, "", {}, plan=plan, overrides=["target.revenue.commit=5"])
    assert company.settings.targets[0].commit_minor == 500


def test_without_columns_titles_tell_by_their_aliases(tmp_path):
    mapping = '[import.sales]\nfrom = "ventas.csv"\n'
    rows = "Fecha;Cliente;Vendedor;Importe neto\n31/01/2026;C1;ann;1.234,50\n"
    company = opened(tmp_path, mapping, {"ventas.csv": rows})
    assert errors(company) == []
    assert table(company, "sales", "customer", "person", "amount_e4") == [("C1", "ann", 12_345_000)]
    assert "import_by_titles" in rules(company)
    lacking = opened(tmp_path, mapping, {"ventas.csv": "Fecha,Cliente\n2026-01-31,C\n"})
    assert ("import_title_missing", "ventas.csv", None, "amount", "Fecha, Cliente") in errors(lacking)


def test_sheets_and_parquet_files_are_read_alike(tmp_path):
    import xlsxwriter

    frame = pl.DataFrame({"Day": ["2026-05-01", "2026-05-02"], "Client": [1, 2], "Net": [10.0, 20.5]})
    frame.with_columns(pl.col("Day").str.to_date()).write_parquet(tmp_path / "orders.parquet")
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        book.add_worksheet("Notes").write(0, 0, "nothing")
        sheet = book.add_worksheet("Orders 2026")
        sheet.write_row(1, 0, frame.columns)
        for line, row in enumerate(frame.rows(), 2):
            sheet.write_row(line, 0, row)
    frames = [opened(tmp_path, SALES.replace("orders.csv", name), {}).company["sales"]
              for name in ("orders.parquet", "book.xlsx [Orders 2026]", "book.xlsx [orders 2026]")]  # fmt: skip
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])
    assert frames[0]["customer"].to_list() == ["1", "2"]
    needed = opened(tmp_path, SALES.replace("orders.csv", "book.xlsx"), {})
    assert [error[0] for error in errors(needed)] == ["import_sheet_needed"]
    wrong = opened(tmp_path, SALES.replace("orders.csv", "book.xlsx [Order 2026]"), {})
    assert [error[0] for error in errors(wrong)] == ["import_sheet_unknown"]


@pytest.mark.parametrize(("mapping", "rule"), [
    ('[import.sails]\nfrom = "x.csv"\n', "import_unknown_table"), ("[import.sales]\n", "setting_missing"),
    (SALES.replace('"orders.csv"', "[]"), "setting_type"), (SALES.replace('"orders.csv"', '""'), "setting_type"),
    (SALES + 'colour = "x"\n', "import_unknown_column"), (SALES.replace('amount = "Net"', ""), "import_column_needed"),
    (SALES.replace('"Net"', '"Nett"'), "import_column_missing"), (SALES + "frm = 1\n", "import_unknown_column"),
    (SALES.replace('"orders.csv"', '"orders.csv"\nlatest = "Day"'), "import_only_for"),
    (SALES.replace('"orders.csv"', '"orders.csv"\ntree = ["Day"]'), "import_only_for"),
    (SALES.replace('"orders.csv"', '"orders.csv"\nwidth = 3'), "setting_unknown"),
    (SALES.replace('"Net"', '{ column = "Net", value = 1 }'), "import_column_or_value"),
    (SALES.replace('"Net"', '{ column = "Net", scale = "lots" }'), "setting_type"),
    (SALES.replace('"orders.csv"', '"orders.pdf"'), "import_file_missing"),
    ("[import]\ndecimal = 5\n", "setting_type"), ('[import]\nencoding = "klingon"\n', "setting_choice"),
    ('[import]\ndates = "dmy"\n', "setting_choice"), ("import = 3\n" + SALES[:0], "setting_type"),
])  # fmt: skip
def test_what_is_wrong_with_the_mapping_is_told(tmp_path, mapping, rule):
    plan = PLAN if not mapping.startswith("import =") else mapping + PLAN
    company = opened(tmp_path, "" if plan != PLAN else mapping, {"orders.csv": ORDERS}, plan=plan)
    assert rule in {error[0] for error in errors(company)}
    assert company.settings is None or rule in ("import_column_missing", "import_file_missing")


def test_a_table_is_not_both_imported_and_given(tmp_path):
    company = opened(tmp_path, SALES, {"orders.csv": ORDERS, "sales.csv": "date,customer,amount\n2026-01-01,C,1\n"})
    assert [error[:2] for error in errors(company)] == [("table_twice", "sales.csv")]


def test_a_file_of_a_tables_name_may_be_the_foreign_one(tmp_path):
    company = opened(tmp_path, SALES.replace("orders.csv", "sales.csv"), {"sales.csv": ORDERS})
    assert errors(company) == []
    assert company.company["sales"].height == 2


def test_imported_and_plain_tables_give_the_same_plan_digests_and_bytes(tmp_path):
    from quotum.adapters.files.digests import digest_folder

    company = opened(tmp_path, SALES, {"orders.csv": ORDERS})
    assert set(digest_folder(tmp_path, company.foreign)) == {"units.csv", "people.csv", "plan.toml", "orders.csv"}
