"""Two hundred mangled variants of a workbook: each is imported right or told, none half, none with a traceback."""

import random
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from import_worlds import PLAN
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.printing.issue_texts import TEXTS, describe

MAPPING = """
[import.units]
from = "erp.xlsx [Staff]"
tree = [{ value = "All" }, "Region"]
[import.people]
from = "erp.xlsx [Staff]"
[import.people.columns]
person = "Rep"
name = "{First} {Last}"
unit = "Region"
[import.customers]
from = "erp.xlsx [Clients]"
[[import.customers.join]]
from = "erp.xlsx [Orders]"
by = "Client"
latest = "Day"
[import.customers.columns]
customer = "Client"
name = "Name"
person = "Rep"
[import.sales]
from = "erp.xlsx [Orders]"
[import.sales.columns]
date = "Day"
order = "No"
customer = "Client"
person = "Rep"
quantity = "Qty"
amount = "Net"
"""
Sheets = dict[str, list[list[object]]]
REQUIRED = {"staff": ("rep", "region"), "clients": ("client",), "orders": ("day", "client", "net")}  # in every row


def world() -> Sheets:
    """Return the sheets of a small company."""
    chance = random.Random(4)
    orders = [[date(2026, 1, 1) + timedelta(days=k * 9), 1000 + k, f"C{k % 7}", f"r{k % 3}", k % 5 + 1,
               chance.randrange(100, 900_000) / 100] for k in range(40)]  # fmt: skip
    return {
        "Staff": [["Rep", "First", "Last", "Region"], ["r0", "Ann", "Lee", "North"], ["r1", "Bo", "Ray", "South"],
                  ["r2", "José", "Saraiva", "North"]],
        "Clients": [["Client", "Name"], *([f"C{k}", f"Shop {k}"] for k in range(7))],
        "Orders": [["Day", "No", "Client", "Rep", "Qty", "Net"], *orders],
    }  # fmt: skip


def any_cell(sheets: Sheets, chance: random.Random) -> tuple[list[object], int]:
    """Return a row below the titles and the place of a cell that must be filled."""
    name = chance.choice(list(sheets))
    row = chance.choice(sheets[name][1:])
    return row, next(iter(places(sheets[name], *REQUIRED[name.split(" ")[0].lower()])), len(row))


def places(rows: list[list[object]], *names: str) -> list[int]:
    """Return where titles stand now."""
    return [place for place, title in enumerate(rows[0]) if str(title).lower() in names]


# Every change either keeps what the workbook means, or leaves something that must be told.
def blank_rows(sheets, chance):
    rows = sheets[chance.choice(list(sheets))]
    for _ in range(chance.randrange(1, 4)):
        rows.insert(chance.randrange(len(rows) + 1), [None] * len(rows[0]))


def blanks_around(sheets, chance):
    row, place = any_cell(sheets, chance)
    if place < len(row) and isinstance(row[place], str):
        row[place] = f"  {row[place]} "


def capitals(sheets, chance):
    titles = sheets[chance.choice(list(sheets))][0]
    place = chance.randrange(len(titles))
    titles[place] = str(titles[place] or "").upper()


def other_order(sheets, chance):
    name = chance.choice(list(sheets))
    order = list(range(len(sheets[name][0])))
    chance.shuffle(order)
    sheets[name] = [[row[k] for k in order] if len(row) == len(order) else row for row in sheets[name]]


def more_columns(sheets, chance):
    for row in sheets[chance.choice(list(sheets))]:
        row.append(chance.choice(["x", 1, None]))


def lost_column(sheets, chance):
    name = chance.choice(list(sheets))
    place = chance.randrange(len(sheets[name][0]))
    sheets[name] = [row[:place] + row[place + 1 :] for row in sheets[name]]


def twice_a_title(sheets, chance):
    titles = sheets[chance.choice(list(sheets))][0]
    titles.append(titles[chance.randrange(len(titles))])


def heading(sheets, chance):
    sheets[chance.choice(list(sheets))].insert(0, ["Report of 2026"])


def lost_sheet(sheets, chance):
    del sheets[chance.choice(list(sheets))]


def renamed_sheet(sheets, chance):
    name = chance.choice(list(sheets))
    sheets[chance.choice([name.lower(), f"{name} (2)"])] = sheets.pop(name)


def emptied_cell(sheets, chance):
    row, place = any_cell(sheets, chance)
    if place < len(row):
        row[place] = None


def odd_cell(sheets, chance):
    orders = sheets.get("Orders") or [[None] * 6] * 2
    row = chance.choice(orders[1:])
    for place, value in enumerate(row):
        if isinstance(value, float):
            row[place] = chance.choice(["n/k", "12,5x", "#N/A?", "1.2.3", "1e999", "=1+1"])


def odd_date(sheets, chance):
    for row in chance.sample(sheets.get("Orders", [[None]] * 3)[1:], 2):
        for place, value in enumerate(row):
            if isinstance(value, date):
                row[place] = chance.choice(["31.31.2026", "soon", "2026-02-30", "01/02/2026"])


def numbers_as_text(sheets, chance):
    for row in sheets.get("Orders", [])[1:]:
        for place, value in enumerate(row):
            if isinstance(value, float):
                row[place] = chance.choice([f"{value:.2f}", f"{value:,.2f}", f"$ {value:,.2f}", f" {value:.2f} "])


def numbers_as_european_text(sheets, chance):
    for row in sheets.get("Orders", [])[1:]:
        for place, value in enumerate(row):
            if isinstance(value, float):
                row[place] = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def dates_as_text(sheets, chance):
    form = chance.choice(["%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%Y年%m月%d日", "%Y%m%d", "%d.%m.%Y"])
    for row in sheets.get("Orders", [])[1:]:
        for place, value in enumerate(row):
            row[place] = value.strftime(form) if isinstance(value, date) else value


def a_key_twice(sheets, chance):
    name = chance.choice([name for name in sheets if not name.lower().startswith("orders")])
    row = list(chance.choice(sheets[name][1:]))
    for place in places(sheets[name], "name", "first"):
        row[place] = "somebody else"
    sheets[name].append(row)


def a_stranger(sheets, chance):
    for row in sheets.get("Orders", [])[-1:]:
        row[:] = ["C99" if value in {f"C{k}" for k in range(7)} else value for value in row]


CHANGES = [blank_rows, blanks_around, capitals, other_order, more_columns, lost_column, twice_a_title, heading,
           lost_sheet, renamed_sheet, emptied_cell, odd_cell, odd_date, numbers_as_text, numbers_as_european_text,
           dates_as_text, a_key_twice, a_stranger]  # fmt: skip


def write_book(path: Path, sheets: Sheets, chance: random.Random | None) -> None:
    """Write the sheets; now and then a formula without a value, an error, or damaged bytes."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(line, place, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(line, place, value)
                    elif value is not None:
                        sheet.write(line, place, value)
        if not sheets:
            book.add_worksheet("Empty")
    if chance is None:
        return
    kind = chance.random()
    if kind < 0.05:
        path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])
    elif kind < 0.12:
        data = bytearray(path.read_bytes())
        for _ in range(3):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
    elif kind < 0.2:
        spoil_cell(path, chance)


def spoil_cell(path: Path, chance: random.Random) -> None:
    """Turn an amount into a formula that was never computed, or into an error."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = sorted(part for part in parts if part.startswith("xl/worksheets/sheet"))[-1]
    text = parts[name].decode()
    cells = [at for at in range(len(text)) if text.startswith("<c r=\"F", at)]
    if cells:
        at = chance.choice(cells)
        end = text.index("</c>", at)
        reference = text[at + 6 : text.index('"', at + 6)]
        cell = chance.choice([f'<c r="{reference}"><f>A1*2</f></c>', f'<c r="{reference}" t="e"><v>#REF!</v></c>'])
        parts[name] = (text[:at] + cell + text[end + 4 :]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, data in parts.items():
            book.writestr(part, data)


def make(folder: Path, seed: int) -> list[str]:
    """Write the variant of a seed; return the changes made. Seed 0 is the sound workbook."""
    chance = random.Random(seed)
    sheets = world()
    changes = [chance.choice(CHANGES) for _ in range(chance.randrange(1, 3))] if seed else []
    for change in changes:
        if sheets and all(len(rows) > 3 for rows in sheets.values()):
            change(sheets, chance)
    folder.mkdir(exist_ok=True)
    (folder / "plan.toml").write_text(PLAN + MAPPING, encoding="utf-8")
    write_book(folder / "erp.xlsx", sheets, chance if seed else None)
    return [change.__name__ for change in changes]


@pytest.mark.slow
def test_two_hundred_mangled_workbooks_are_imported_right_or_told(tmp_path):
    make(tmp_path / "sound", 0)
    sound = open_company(tmp_path / "sound")
    assert [issue for issue in sound.issues if issue.severity == "error"] == []
    right = 0
    for seed in range(1, 201):
        changes = make(tmp_path / str(seed), seed)
        opened = open_company(tmp_path / str(seed))
        assert {issue.rule for issue in opened.issues} <= TEXTS.keys(), (seed, changes)
        assert all(describe(issue)[1] for issue in opened.issues), (seed, changes)
        if any(issue.severity == "error" for issue in opened.issues):
            continue
        right += 1
        for name, frame in sound.company.tables.items():
            mine, same = (f.sort(f.columns) for f in (opened.company[name], frame))
            assert mine.equals(same), f"{seed} {changes}: {name} was imported half\n{mine}\n{same}"
    assert 40 <= right <= 160
