"""Texts of findings about files: what is there, and whether it can be read."""

from __future__ import annotations

FILE_TEXTS: dict[str, tuple[str, str]] = {
    "folder_in_use": ("{file} is not empty; nothing was written.", "Give a new folder, or empty this one first."),
    "folder_not_written": ("{file} cannot be written[: {value}].", "Choose another place."),
    "folder_missing": ("There is no folder {file}.", "Check the path, or make a company with `quotum new {file}`."),
    "folder_unreadable": (
        "The folder {file} cannot be opened[: {value}].",
        "Give the path of a folder that you may read.",
    ),
    "not_a_file": ("{file} is not an ordinary file.", "Put the file itself there."),
    "outside_folder": (
        "{file} is a link that leads out of the company folder; it was not followed.",
        "Copy the file into the folder.",
    ),
    "unknown_file": (
        "{file} holds no table that quotum knows.[ Did you mean {nearest}?]",
        "Name the file after its table (`quotum tables` lists them), or bring it in by `quotum import`.",
    ),
    "unread_file": (
        "{file} looks like the table {value}, but files of this kind are not read.",
        "Save it as CSV (UTF-8), Parquet or .xlsx.",
    ),
    "unknown_sheet": (
        "The sheet {value} is no table that quotum knows.[ Did you mean {nearest}?]",
        "Name the sheet after its table; `quotum tables` lists them.",
    ),
    "several_workbooks": (
        "There is more than one workbook: {value}.",
        "Keep one workbook with a sheet for each table.",
    ),
    "table_twice": ("The table {table} is given twice: {value}.", "Keep one of them."),
    "table_missing": ("The table {table} is missing.", "Add it; `quotum tables {table}` tells its columns."),
    "table_without_rows": ("The table {table} has no rows.", "Fill it; every plan needs it."),
    "tables_empty": ("Tables without rows: {value}.", "Fill them to plan with them, or leave them."),
    "sheet_empty": ("The sheet is empty.", "Fill it, or leave it."),
    "file_empty": ("The file is empty: it has not even a header.", "Export it again, or delete it."),
    "file_unreadable": (
        "The file cannot be opened[: {value}].",
        "Check that you may read it and that it is not in use.",
    ),
    "file_damaged": (
        "The file is not what its ending says, or it is damaged[: {value}].",
        "Export it again, or save it anew in its program, without a password.",
    ),
    "packed_too_much": (
        "{file} unpacks to {value}, which is more than is taken at once.", "Send the tables in several parts.",
    ),
    "packed_nothing": ("{file} holds no table.", "Pack CSV, Parquet or .xlsx files."),
    "packed_locked": ("{file} is locked with a password.", "Pack it again without one."),
    "packed_twice": ("{file} holds {value} more than once, or it was sent beside it.", "Leave one of them out."),
    "company_changed_meanwhile": (
        "Others changed the company while it was compared with the files.",
        "Look at the files again, then take them in.",
    ),
    "beyond_reach": (
        "{table}.{column}: {value} is not yours to bring in.",
        "Bring in what belongs to your units, or ask somebody who may edit the whole company.",
    ),
    "table_beyond_reach": (
        "The table {table} belongs to the whole company; it is not yours to bring in.",
        "Leave it out, or ask somebody who may edit the whole company.",
    ),
    "workbook_too_large": (
        "The workbook would unpack to {value}; it was not opened.",
        "Give large tables as CSV or Parquet, and delete empty formatted cells.",
    ),
    "excel_error": ("The cell {value} shows an error of Excel.", "Correct its formula, or paste the value."),
    "not_utf8": (
        "The text is not UTF-8[ (near `{value}`)].",
        "Save the file as UTF-8 (in Excel: `CSV UTF-8`), or bring it in by `quotum import`.",
    ),
    "nul_byte": ("The file holds a NUL byte here: it is no plain text, or damaged.", "Export it again as CSV UTF-8."),
    "other_delimiter": (
        "Columns seem to be parted by `{value}`; quotum reads commas.",
        "Save the file with commas between the columns, or bring it in by `quotum import`.",
    ),
    "quote_open": ("A quoted cell begins here and never ends.", 'Close the quote, or double it if it is a letter: "".'),
    "quote_misplaced": ("A quoted cell goes on after its closing quote.", 'Double quotes inside of a quoted cell: "".'),
    "row_too_long": (
        "The row has {value} cells, the header {fields}.",
        "Put cells that contain a comma in quotes, or remove what is too many.",
    ),
    "row_too_short": (
        "The row has {value} cells, the header {fields}.",
        "Add the missing cells; empty ones still need commas.",
    ),
    "record_too_large": (
        "A record of more than 16 MB begins here; the file was not read.",
        "Look for a quote that was not closed, or for a line without an end.",
    ),
    "file_too_packed": (
        "The file would unpack to {value} rows of next to nothing; it was not read.",
        "Export it again, with the rows that count.",
    ),
    "cell_too_long": (
        "The cell holds more than 32,767 characters.",
        "Look for a quote that was not closed, or shorten the text.",
    ),
    "unknown_column": (
        "The column {column} is not known and was left out.[ Did you mean {nearest}?]",
        "Rename it if it should be read; `quotum tables {table}` tells the columns.",
    ),
    "column_twice": ("The column {column} is given twice.", "Keep one of them."),
    "column_missing": (
        "The column {column} is missing[; is it `{nearest}`?].",
        "Add it, or rename the column that holds it.",
    ),
}
