"""Text in the encodings and with the delimiters of this world."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from import_worlds import errors, opened
from quotum.adapters.files.importing.foreign_text import UnclearEncoding, find_delimiter, to_utf8

TEXT = "日期,客户,净额\n2026-05-01,甲公司,10\n2026-05-02,乙公司,20.5\n"
SPANISH = "Día,Cliente,Neto\n2026-05-01,Señor Núñez,10\n2026-05-02,Peña,20.5\n"
MAPPING = """
[import.sales]
from = "orders.csv"
[import.sales.columns]
date = "{0}"
customer = "{1}"
amount = "{2}"
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_chinese_text_is_read_in_every_usual_encoding(tmp_path, encoding):
    mapping = MAPPING.format("日期", "客户", "净额")
    company = opened(tmp_path, mapping, {"orders.csv": TEXT.encode(encoding)})
    assert errors(company) == []
    assert company.company["sales"]["customer"].to_list() == ["甲公司", "乙公司"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_spanish_text_is_not_taken_for_chinese(tmp_path, encoding):
    company = opened(tmp_path, MAPPING.format("Día", "Cliente", "Neto"), {"orders.csv": SPANISH.encode(encoding)})
    assert errors(company) == []
    assert company.company["sales"]["customer"].to_list() == ["Señor Núñez", "Peña"]


def test_other_encodings_can_be_stated(tmp_path):
    form = '\n[import.files."orders.csv"]\nencoding = "big5"\n'
    data = "日期,客戶,淨額\n2026-05-01,臺北公司,10\n".encode("big5")
    company = opened(tmp_path, form + MAPPING.format("日期", "客戶", "淨額"), {"orders.csv": data})
    assert company.company["sales"]["customer"].to_list() == ["臺北公司"]


@pytest.mark.parametrize(("data", "encoding", "rule", "line"), [
    (b"Day,Client,Net\n2026-05-01,\xff\xfe\x81,1\n", "", "encoding_unclear", 2),
    ("Day,Client,Net\n2026-05-01,ü,1\n".encode("cp1252"), "utf-8", "encoding_wrong", 2),
    (b"Day,Client,Net\n2026-05-01,C\x001,1\n", "", "nul_byte", 2),
])  # fmt: skip
def test_what_is_no_text_is_told_with_its_line(tmp_path, data, encoding, rule, line):
    form = f'\n[import.files."orders.csv"]\nencoding = "{encoding}"\n' if encoding else ""
    company = opened(tmp_path, form + MAPPING.format("Day", "Client", "Net"), {"orders.csv": data})
    assert [error[:3] for error in errors(company)] == [(rule, "orders.csv", line)]


@given(st.text(max_size=40), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_any_stated_text_comes_back(text, encoding):
    text = text.encode("utf-8", "ignore").decode().lstrip("\ufeff")
    assert to_utf8(text.encode(encoding), encoding)[0].decode().lstrip("\ufeff") == text


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_told(data):
    with suppress(UnclearEncoding):
        to_utf8(data)[0].decode()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_found(mark):
    data = mark.join(["Day", "Client", "Net"]) + "\n" + mark.join(["2026-05-01", '"a,b;c|d"', "1"]) + "\n"
    assert find_delimiter(data.encode()) == (mark, 0)


def test_excels_own_line_about_the_delimiter(tmp_path):
    company = opened(tmp_path, MAPPING.format("Day", "Client", "Net"),
                     {"orders.csv": "sep=;\r\nDay;Client;Net\r\n2026-05-01;C;1,5\r\n2026-05-01;C;x\r\n"})  # fmt: skip
    assert errors(company) == [("import_not_a_number", "orders.csv", 4, "Net", "x")]


def test_titles_may_stand_below_a_heading(tmp_path):
    form = '\n[import.files."orders.csv"]\nheader = 3\n'
    text = "Sales report\n\nDay;Client;Net\n2026-05-01;C;1,5\n2026-05-01;C;x\n"
    company = opened(tmp_path, form + MAPPING.format("Day", "Client", "Net"), {"orders.csv": text})
    assert errors(company) == [("import_not_a_number", "orders.csv", 5, "Net", "x")]
