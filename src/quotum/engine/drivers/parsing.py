"""Reads formulas: a text in, an expression out, or what is wrong with it and where. Nothing is ever run.

A plain descent over the grammar below; sizes are bounded first, so that hostile texts are refused at once::

    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/") signed)*
    signed  = "-" signed | power
    power   = atom ["^" signed]
    atom    = number ["%"] | name | "(" sum ")" | function "(" sum ("," sum)* ")"
            | "lag" "(" name "," number unit ")" | "so_far" "(" name ")"
            | "if" "(" sum comparison sum "," sum "," sum ")"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.drivers.expressions import (
    FUNCTIONS,
    RESERVED,
    Binary,
    Call,
    Comparison,
    Expression,
    If,
    Lag,
    Minus,
    Name,
    Number,
    Operator,
    SoFar,
    Unit,
)

MOST_LETTERS = 2_000
MOST_WORDS = 400
MOST_DEPTH = 60
MOST_CHOICES = 6
"""How deep ``if``, ``min`` and ``max`` may stand in one another: a query names what they compare twice."""
LARGEST = 1e18
MOST_DAYS = 3_660
_NAME = re.compile(r"[^\W\d]\w*")
_WORD = re.compile(
    r"\s*(?:([0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|([^\W\d]\w*)|(<=|>=|==|!=|[-+*/^(),%<>])|(\S))"
)
_UNITS: dict[str, Unit] = {"day": "days", "days": "days", "week": "weeks", "weeks": "weeks",
                           "month": "months", "months": "months"}  # fmt: skip
_DAYS = {"days": 1, "weeks": 7, "months": 31}
_COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")


class _Wrong(Exception):  # noqa: N818 - it never leaves this file
    """A place where the text stops being a formula."""

    def __init__(self, rule: str, at: int, value: str, **details: str) -> None:
        self.rule, self.at, self.value, self.details = rule, at, value, details
        super().__init__(rule)


@dataclass(frozen=True, slots=True)
class _Word:
    kind: str  # number | name | sign | end
    text: str
    at: int


def _unexpected(word: _Word, wanted: str) -> _Wrong:
    rule = "formula_ends" if word.kind == "end" else "formula_unexpected"
    return _Wrong(rule, word.at, word.text, wanted=wanted)


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a driver: letters of any script, digits, underscores; no word of ours."""
    return len(text) <= 80 and _NAME.fullmatch(text) is not None and text not in RESERVED


def parse_expression(text: str, column: str = "") -> tuple[Expression | None, list[Issue]]:
    """Return the expression a formula says, or None and what is wrong with it.

    Issues carry ``column`` (whose formula it is) and the place of the letter as the detail ``at``, counted from 1.
    """
    try:
        if len(text) > MOST_LETTERS:
            raise _Wrong("formula_too_long", 1, text[:20] + "…", most=str(MOST_LETTERS))
        reader = _Reader(_list_words(text))
        expression = reader.read_sum()
        reader.expect("end", "")
    except _Wrong as wrong:
        details = (("at", str(wrong.at)), *wrong.details.items())
        return None, [Issue(rule=wrong.rule, column=column, value=wrong.value[:80], details=details)]
    return expression, []


def _list_words(text: str) -> list[_Word]:
    words: list[_Word] = []
    at = 0
    while found := _WORD.match(text, at):
        number, name, sign, stray = found.groups()
        place = found.end() - len(found[0].lstrip()) + 1
        if stray is not None:
            raise _Wrong("formula_letter", place, stray)
        kind = "number" if number else "name" if name else "sign"
        words.append(_Word(kind, number or name or sign, place))
        if len(words) > MOST_WORDS:
            raise _Wrong("formula_too_long", place, text[:20] + "…", most=str(MOST_WORDS))
        at = found.end()
    return [*words, _Word("end", "", len(text.rstrip()) + 1)]


class _Reader:
    """Goes over the words once; ``depth`` counts open parentheses, signs and functions."""

    def __init__(self, words: list[_Word]) -> None:
        self._words, self._next, self._depth, self._choices = words, 0, 0, 0

    def _peek(self) -> _Word:
        return self._words[self._next]

    def _take(self) -> _Word:
        word = self._words[self._next]
        self._next += word.kind != "end"
        return word

    def _found(self, *signs: str) -> bool:
        word = self._peek()
        return word.kind == "sign" and word.text in signs

    def expect(self, kind: str, text: str) -> _Word:
        """Take the word that must come next."""
        word = self._take()
        if word.kind != kind or (text and word.text != text):
            raise _unexpected(word, text or ("" if kind == "end" else kind))
        return word

    def read_sum(self) -> Expression:
        """Read a sum, the whole formula being one."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise _Wrong("formula_too_deep", self._peek().at, "", most=str(MOST_DEPTH))
        left = self._read_product()
        while self._found("+", "-"):
            sign = self._take()
            left = Binary(cast(Operator, sign.text), left, self._read_product(), sign.at)
        self._depth -= 1
        return left

    def _read_product(self) -> Expression:
        left = self._read_signed()
        while self._found("*", "/"):
            sign = self._take()
            left = Binary(cast(Operator, sign.text), left, self._read_signed(), sign.at)
        return left

    def _read_signed(self) -> Expression:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise _Wrong("formula_too_deep", self._peek().at, "", most=str(MOST_DEPTH))
        if self._found("-"):
            sign = self._take()
            found: Expression = Minus(self._read_signed(), sign.at)
        else:
            found = self._read_atom()
            if self._found("^"):
                sign = self._take()
                found = Binary("^", found, self._read_signed(), sign.at)
        self._depth -= 1
        return found

    def _read_atom(self) -> Expression:
        word = self._take()
        if word.kind == "number":
            return self._read_number(word)
        if word.kind == "name":
            if self._found("("):
                return self._read_call(word)
            if word.text in RESERVED:
                raise _unexpected(word, "(")
            return Name(word.text, word.at)
        if word.text == "(":
            inside = self.read_sum()
            self.expect("sign", ")")
            return inside
        raise _unexpected(word, "number")

    def _read_number(self, word: _Word) -> Number:
        value = float(word.text) if len(word.text) <= 40 else float("inf")
        if self._found("%"):
            self._take()
            value /= 100
        if not value <= LARGEST:
            raise _Wrong("formula_number", word.at, word.text, most=f"{LARGEST:g}")
        return Number(value, word.at)

    def _read_call(self, word: _Word) -> Expression:
        self.expect("sign", "(")
        if word.text == "lag":
            return self._read_lag(word)
        if word.text == "so_far":
            name = self._read_name()
            self.expect("sign", ")")
            return SoFar(name.text, word.at)
        self._choices += 1
        if self._choices > MOST_CHOICES:
            raise _Wrong("formula_too_deep", word.at, word.text, most=str(MOST_CHOICES))
        found = self._read_if(word) if word.text == "if" else self._read_function(word)
        self._choices -= 1
        return found

    def _read_function(self, word: _Word) -> Expression:
        if word.text not in FUNCTIONS:
            raise _Wrong("formula_function", word.at, word.text, nearest=nearest(word.text, RESERVED),
                         known=", ".join(RESERVED))  # fmt: skip
        arguments = [self.read_sum()]
        while self._found(","):
            self._take()
            arguments.append(self.read_sum())
        self.expect("sign", ")")
        low, high = FUNCTIONS[word.text]
        if not low <= len(arguments) <= high:
            raise _Wrong("formula_arguments", word.at, word.text, low=str(low), high=str(high))
        return Call(word.text, tuple(arguments), word.at)

    def _read_if(self, word: _Word) -> Expression:
        left = self.read_sum()
        sign = self._take()
        if sign.text not in _COMPARISONS:
            raise _unexpected(sign, ">=")
        right = self.read_sum()
        self.expect("sign", ",")
        then = self.read_sum()
        self.expect("sign", ",")
        otherwise = self.read_sum()
        self.expect("sign", ")")
        return If(cast(Comparison, sign.text), left, right, then, otherwise, word.at)

    def _read_name(self) -> _Word:
        name = self.expect("name", "")
        if name.text in RESERVED:
            raise _unexpected(name, "name")
        return name

    def _read_lag(self, word: _Word) -> Expression:
        name = self._read_name()
        self.expect("sign", ",")
        amount, unit = self.expect("number", ""), self.expect("name", "")
        self.expect("sign", ")")
        if unit.text not in _UNITS:
            raise _Wrong("formula_lag_unit", unit.at, unit.text, known="days, weeks, months")
        whole = int(amount.text) if amount.text.isdecimal() and len(amount.text) < 6 else 0
        if not 0 < whole * _DAYS[_UNITS[unit.text]] <= MOST_DAYS:
            raise _Wrong("formula_lag", amount.at, amount.text, most=str(MOST_DAYS))
        return Lag(name.text, whole, _UNITS[unit.text], word.at)
