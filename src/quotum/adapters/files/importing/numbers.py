"""Numbers as people write them: 1,234.56 or 1.234,56, thousands marks, percent and currency signs, 万.

Only the decimal mark has to be known: the other marks can then only part thousands, and are checked to do so. It is
told by the values of a file; where they do not say, as in a file that holds nothing but 1.234, it must be stated.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import polars as pl

Mark = Literal[".", ","]
MARKS: tuple[Mark, ...] = (".", ",")
NONE = ("-", "–", "—", "--", "n/a", "N/A", "NA", "#N/A", "null", "NULL", "无", "無")
"""What stands for nothing in a column of numbers or dates."""

_PLAIN = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"
_CODES = "USD EUR GBP CNY RMB JPY HKD TWD CHF MXN ARS CLP COP PEN BRL CAD AUD SGD KRW INR"
_SIGNS = rf"(?:US|R)\$|[$€£¥￥₩₹₽元]|\b(?:{_CODES.replace(' ', '|')})\b"
_MYRIADS = {"千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8}
_SPACES = " \u00a0\u2009\u202f"
_HEAD = 2_000


def _grammar(mark: Mark) -> str:
    """Return the pattern of a whole number with thousands marks and decimals after ``mark``."""
    others = [re.escape(other) for other in ("." if mark == "," else ",", "'", "’")]
    groups = "|".join(rf"[0-9]{{1,3}}(?:{other}[0-9]{{3}})+" for other in [*others, f"[{_SPACES}]"])
    decimals = rf"{re.escape(mark)}[0-9]"
    return rf"(?:(?:{groups}|[0-9]+)(?:{decimals}*)?|{decimals}+)"


_CORES = {mark: _grammar(mark) for mark in MARKS}
_WORDED = re.compile(r"\((?P<negative>.*)\)|(?P<lead>[+-]?)(?P<body>.*?)(?P<trail>-?)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the values of some columns say about the decimal mark."""

    point: str = ""  # a value that only a decimal point explains
    comma: str = ""
    unclear: str = ""  # a value that reads as two different numbers: 1.234 or 1,234

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.point or other.point, self.comma or other.comma, self.unclear or other.unclear)


def _decisive(mark: Mark) -> str:
    """Return the pattern of values that only ``mark`` as decimal mark explains."""
    here, other = re.escape(mark), re.escape("," if mark == "." else ".")
    tail = rf"[0-9]*{here}(?:[0-9]{{1,2}}|[0-9]{{4,}})"  # not three digits after it
    long = rf"(?:[0-9]{{4,}}|0){here}[0-9]+"  # no group of thousands before it
    both = rf"[0-9]{{1,3}}(?:{other}[0-9]{{3}})+{here}[0-9]*"
    parted = rf"[0-9]{{1,3}}(?:{other}[0-9]{{3}}){{2,}}"  # the other mark twice: it parts thousands
    spaced = rf"[0-9]{{1,3}}(?:[{_SPACES}'’][0-9]{{3}})+{here}[0-9]+"
    return rf"^[^0-9.,]*(?:{tail}|{long}|{both}|{parted}|{spaced})[^0-9.,]*$"


_UNCLEAR = r"^[^0-9.,]*[1-9][0-9]{0,2}[.,][0-9]{3}[^0-9.,]*$"


def weigh(cells: pl.Series, most: float | None = None, texts: frozenset[str] | None = None) -> Evidence:
    """Return what a column of text says about its decimal mark.

    ``most``: the largest value the column may have; 47.659 is no 47,659 where 90 is the most. ``texts``: where a
    workbook knows numbers from text, the unclear values that it stores as text; all others are numbers with a point.
    """
    if cells.dtype != pl.String:
        return Evidence()
    found = _weigh(cells.head(_HEAD).drop_nulls(), most, texts)
    if found.point and not cells.str.contains(",", literal=True).any():
        return found
    if found.comma and not found.point and most is None:  # what is left to see: are others written with a point
        return replace(found, point=_first(cells, _decisive(".")))
    return _weigh(cells.drop_nulls(), most, texts)


def _weigh(cells: pl.Series, most: float | None, texts: frozenset[str] | None) -> Evidence:
    marked = cells.filter(cells.str.contains("[.,]"))
    point, comma, unclear = (
        _first(marked, pattern) for pattern in (_decisive("."), _decisive(","), _UNCLEAR)
    )
    if unclear and most is not None and most < 1_000:
        return Evidence(point or (unclear if "." in unclear else ""), comma or (unclear if "," in unclear else ""))
    if unclear and texts is not None:
        unclear = next((text for text in marked.unique().to_list() if text.strip() in texts), "")
    return Evidence(point, comma, unclear)


def _first(cells: pl.Series, pattern: str) -> str:
    found = cells.filter(cells.str.contains(pattern)).head(1).to_list()
    return found[0].strip() if found else ""


def read_numbers(cells: pl.Series, mark: Mark, scale: Decimal = Decimal(1)) -> tuple[pl.Series, pl.Series | None]:
    """Return a column of text as plain decimals such as -1234.50, times ``scale``, and the mask of what is no number.

    What stands for nothing becomes null; what is no number stays as it is. None instead of a mask: every cell is one.
    """
    if cells.dtype != pl.String:
        return (cells, None) if scale == 1 else (_scaled_numbers(cells, scale), None)
    if mark == "." and scale == 1 and (cells.is_null() | cells.str.contains(_PLAIN)).all():
        return cells, None
    usual = rf"^[+-]?{_CORES[mark]}$"
    if cells.str.contains(usual).all():  # nothing stands around any of them
        digits = _plain_digits(cells, mark)
        return (digits if scale == 1 else _scaled(digits, scale)).alias(cells.name), None
    texts = cells.str.strip_chars()
    regular = texts.str.contains(usual).fill_null(value=False)
    digits = _plain_digits(texts, mark)
    if scale != 1:
        digits = _scaled(digits, scale)
    odd = texts.filter(~regular & (texts != "").fill_null(value=False)).unique()
    nothing = [text for text in odd.to_list() if text in NONE]
    words = {text: read_number(text, mark, scale) for text in odd.to_list() if text not in NONE}
    known = {text: value for text, value in words.items() if value is not None}
    wrong = texts.is_in([text for text, value in words.items() if value is None])
    read = pl.select(
        pl.when(regular).then(digits)
        .when(texts.is_in([*nothing, ""])).then(None)
        .otherwise(texts.replace(known) if known else texts)
    ).to_series()  # fmt: skip
    return read.alias(cells.name), wrong.fill_null(value=False) if wrong.any() else None


def _plain_digits(texts: pl.Series, mark: Mark) -> pl.Series:
    """Return numbers without their thousands marks, and with a point before decimals."""
    texts = texts.str.replace_all("." if mark == "," else ",", "", literal=True)
    if texts.str.contains(rf"['’{_SPACES}]").any():
        texts = texts.str.replace_all(rf"['’{_SPACES}]", "")
    return texts if mark == "." else texts.str.replace(mark, ".", literal=True)


def _scaled(digits: pl.Series, scale: Decimal) -> pl.Series:
    """Multiply plain decimals by ``scale``, exactly; what is too long for that is done one by one."""
    exact = digits.cast(pl.Decimal(38, 12), strict=False)
    if scale == scale.to_integral_value() and not digits.str.contains(r"\.[0-9]{13}").any():
        factor = pl.Series([int(scale)], dtype=pl.Int64).cast(pl.Decimal(38, 0))
        small = (exact.abs() < Decimal(10) ** 12).all()
        if small and exact.null_count() == digits.null_count():
            return (exact * factor).cast(pl.Decimal(38, 12)).cast(pl.String)
    known = digits.drop_nulls().unique().to_list()
    return digits.replace({text: value for text in known if (value := read_number(text, ".", scale)) is not None})


def _scaled_numbers(cells: pl.Series, scale: Decimal) -> pl.Series:
    """Multiply a typed column."""
    if cells.dtype.is_integer() and scale == scale.to_integral_value():
        return cells.cast(pl.Int64) * int(scale)
    return cells.cast(pl.Float64) * float(scale)


def read_number(text: str, mark: Mark, scale: Decimal = Decimal(1)) -> str | None:
    """Return one number as a plain decimal times ``scale``, None if it is none.

    Besides marks it knows currency signs, percent, (12) and 12- for -12, full-width digits, 1.2万 and, with a point,
    exponents such as 1.5e3; a cell such as ="0012" is the text in its quotes.
    """
    text = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if len(text) > 80:
        return None
    if found := re.fullmatch(r'="(.*)"', text):
        text = found[1]
    text = re.sub(_SIGNS, "", text).strip()
    shift = 0
    if text.endswith("%"):
        text, shift = text[:-1].strip(), -2
    elif text[-1:] in _MYRIADS:
        text, shift = text[:-1].strip(), _MYRIADS[text[-1]]
    found = _WORDED.fullmatch(text)
    if not found or (found["lead"] and found["trail"]):
        return None
    body = (found["negative"] if found["negative"] is not None else found["body"]).strip()
    negative = found["negative"] is not None or "-" in (found["lead"], found["trail"])
    if re.fullmatch(_CORES[mark], body):
        body = re.sub(rf"[^0-9{re.escape(mark)}]", "", body).replace(mark, ".")
    elif mark != "." or not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}", body):
        return None
    value = (Decimal(body) * scale).scaleb(shift)
    return f"{-value if negative else value:f}"
