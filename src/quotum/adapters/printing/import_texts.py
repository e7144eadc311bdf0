"""Texts of findings about `[import]` and the foreign files it names."""

from __future__ import annotations

IMPORT_TEXTS: dict[str, tuple[str, str]] = {
    "import_unknown_table": (
        "{column} names no table that quotum knows.[ Did you mean {nearest}?]",
        "Write [import.<table>]; `quotum tables` lists them.",
    ),
    "import_unknown_column": (
        "{value} has no such column: {column}.[ Did you mean {nearest}?]",
        "Use a column of the table; `quotum tables {value}` tells them.",
    ),
    "import_column_needed": (
        "{column} leaves out what every row needs: {value}.",
        'Say where it comes from: a column of the file, or { value = "…" }.',
    ),
    "import_column_or_value": (
        "{column}: a value comes either from a column or is given, not both or neither.",
        "Write `column = …` or `value = …`.",
    ),
    "import_only_for": ("{column} means nothing for the table {value}.", "It is for: {known}."),
    "import_not_lowest": (
        "{column} cannot be the lowest of {value}: it names no member of that tree.",
        "Leave it out[, or write lowest = \"{tree}\"].",
    ),
    "import_wide_columns": (
        "{column} is `{value}`.",
        'Give a pattern such as "M{month}" or "{year}-{month}", or twelve titles in order of the months.',
    ),
    "import_outside": (
        "{file} lies outside of the company folder and of --data; it was not opened.",
        "Put the file into one of the two folders, without links that lead out.",
    ),
    "import_file_missing": (
        "There is no {file} in the company folder or in --data.[ Did you mean {nearest}?]",
        "Check the name, or give its folder: --data DIR.",
    ),
    "import_unread_kind": ("Files of the kind {value} are not read.", "Save it as CSV, Parquet or .xlsx."),
    "import_sheet_needed": ("The workbook has several sheets: {known}.", 'Name the one: from = "{file} [Sheet]".'),
    "import_sheet_unknown": (
        "There is no sheet {value}.[ Did you mean {nearest}?]",
        "Use one of: {known}.",
    ),
    "import_no_column": (
        "None of the columns asked for is here; the titles are: {value}.",
        "Correct the names, or say in which line the titles stand: header = 3 under [import.files].",
    ),
    "import_column_missing": (
        "No file of {section} has a column {column}.[ Did you mean {nearest}?]",
        "Use the title as the file has it.",
    ),
    "import_title_missing": (
        "No title says where {column} comes from. The titles are: {value}.",
        "Write a section import.{table}.columns and name the column.",
    ),
    "import_by_titles": ("Columns were taken by their titles: {value}.", "Name them under columns to be sure."),
    "import_not_found": (
        "Keys that {source} does not have: {rows} rows (first: {value}). Its columns are empty there.",
        "Nothing, if that is right.",
    ),
    "import_join_twice": (
        "The key {value} stands {rows} times in the file that is looked up, with different contents.",
        'Say which row counts: latest = "a date column", or many = true for a row each.',
    ),
    "import_value_unmapped": (
        "`{value}` is none of the values that are mapped[ (rows: {rows})]: {known}.",
        'Add it to values, or give otherwise = "…".',
    ),
    "import_filter_empty": ("No row has {column} as asked for[: {value}].", "Check the spelling of the value."),
    "import_two_parents": (
        "`{value}` lies below several parents: {parents}.",
        'Give keys that tell them apart, such as key = "{Country}/{City}".',
    ),
    "import_own_parent": (
        "Members that name themselves as parent (rows: {rows}, first: {value}) are taken as tops.",
        "Nothing, if that is right.",
    ),
    "import_no_periods": ("No title stands for a period as {section} says: {value}.", "Correct wide.columns."),
    "import_not_a_year": ("`{value}` is no year.", "Write years with four digits."),
    "import_not_a_number": (
        "`{value}` is no number as this file writes them.",
        'Correct it, or state the decimal mark of the file: decimal = "," under [import.files].',
    ),
    "import_not_a_date": (
        "`{value}` is no date as this file writes them.",
        'Correct it, or state the order: dates = "day-month-year" under [import.files].',
    ),
    "import_decimal_unclear": (
        "`{value}` may be two numbers, and no other value tells whether its mark parts decimals or thousands.",
        'State it: decimal = "." or decimal = "," in [import], or for {file} alone under [import.files].',
    ),
    "import_decimal_mixed": (
        "`{value}` has a decimal comma, but `{other}` has a decimal point.",
        'Correct the file, or state the mark: decimal = "." or decimal = "," under [import.files].',
    ),
    "import_dates_unclear": (
        "`{value}` may be two dates, and no other date tells whether day or month comes first.",
        'State it in [import], or for {file} alone under [import.files]: dates = "day-month-year" or "month-day-year".',
    ),
    "import_dates_mixed": (
        "`{value}` has the month first, but `{other}` has the day first.",
        'Correct the file, or state the order: dates = "day-month-year" under [import.files].',
    ),
    "import_nothing_known": (
        "No table was recognised in {file}.",
        "Write [import] by hand; docs/reference/import.md has an example of each key.",
    ),
    "import_exists": (
        "{file} has an [import] already; nothing was written.",
        "Change that one, or give another folder.",
    ),
    "import_sum_empty": ("There is nothing to sum.", "Check the dates of the plan, and the column and its filters."),
    "too_many_columns": (
        "The table has {value} columns; more than {most} are refused.",
        "Leave out what is not needed.",
    ),
    "formula_without_value": (
        "The formula in {value} was never computed: the file holds no value for it.",
        "Open the workbook in Excel or LibreOffice, save it there, and try again.",
    ),
    "formula_text": ("`{value}` is a formula, not a value.", "Paste the value."),
    "encoding_unclear": (
        "The file is text in an encoding that could not be told; from this line on it is not UTF-8.",
        'State it: encoding = "gb18030" (or big5, cp1252 …) under [import.files], or save the file as UTF-8.',
    ),
    "encoding_wrong": ("From this line on the file is not {value}.", "State the right encoding."),
}
