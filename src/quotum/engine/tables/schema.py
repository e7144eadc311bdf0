"""The tables of a company folder: names and columns are a promise to everybody who exports data for quotum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Kind = Literal["key", "text", "date", "amount", "number", "whole", "choice", "scope", "currency", "rate"]
"""key: an identifier; amount: a decimal with up to four places, held as Int64 ten-thousandths in a column
``<name>_e4``; number: Float64; whole: Int64; choice: one of a few words; scope: ``dimension=key`` or empty; currency:
three letters; rate: a decimal above 0 with ten places, held as Int64 in a column ``<name>_e10``."""

DTYPES: dict[str, type[pl.DataType]] = {
    "key": pl.String, "text": pl.String, "choice": pl.String, "scope": pl.String,
    "date": pl.Date, "amount": pl.Int64, "number": pl.Float64, "whole": pl.Int64, "currency": pl.String,
    "rate": pl.Int64,
}  # fmt: skip

E4 = 10_000
"""Ten-thousandths in one major unit: history amounts carry four decimals."""
E10 = 10**10
"""Parts of a rate of 1: rates carry ten decimals, as a yen or a dong is little of a euro."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, whether it must be filled, which table its keys live in, which values it may take."""

    name: str
    kind: Kind
    required: bool = False
    refers_to: str = ""  # the table whose key it names; a key that is not there is an issue
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    about: str = ""  # one line for `quotum tables` and the reference page

    @property
    def field(self) -> str:
        """The column's name inside of the engine: amounts and rates say their unit."""
        return self.name + {"amount": "_e4", "rate": "_e10"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, the columns that identify a row (empty: rows may repeat), what it is for."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    parent: str = ""  # the column that makes the rows a tree
    about: str = ""

    def column(self, name: str) -> Column:
        """Return the column called ``name``."""
        return next(c for c in self.columns if c.name == name)

    @property
    def schema(self) -> dict[str, type[pl.DataType]]:
        """Field names and types of the table inside of the engine."""
        return {c.field: DTYPES[c.kind] for c in self.columns}


def _key(name: str, refers_to: str = "", *, required: bool = False, about: str = "") -> Column:
    return Column(name, "key", required=required, refers_to=refers_to, about=about)


def _date(name: str, *, required: bool = False, about: str = "") -> Column:
    return Column(name, "date", required=required, about=about)


def _amount(name: str, *, required: bool = False, low: float | None = None, about: str = "") -> Column:
    return Column(name, "amount", required=required, low=low, about=about)


def _number(name: str, low: float | None = None, high: float | None = None, about: str = "") -> Column:
    return Column(name, "number", low=low, high=high, about=about)


_NAME = Column("name", "text", about="the name people read")
_SINCE = _date("since", required=True, about="first day")
_UNTIL = _date("until", about="first day that no longer belongs to it; empty: open end")
_LAT = _number("lat", -90, 90, "degrees north (WGS 84); 0, 0 counts as unknown")
_LON = _number("lon", -180, 180, "degrees east (WGS 84)")
_CURRENCY = Column("currency", "currency", about="of the row's money; empty: the plan's")
MEASURE = Column("measure", "text", required=True, about="what is counted, as in plan.toml")
LAYER = Column("layer", "choice", required=True, choices=("commit", "extra", "stretch"),
               about="commit, extra (stretch beyond commit) or stretch (both)")  # fmt: skip

_ALL = (
    Table("units", (
        _key("unit", required=True), _key("parent", "units", about="empty for the top"),
        Column("kind", "text", about="region, department, branch …"), _NAME,
    ), key=("unit",), parent="parent", about="the organisation as a tree of any depth"),
    Table("areas", (_key("area", required=True), _key("parent", "areas"), _NAME),
          key=("area",), parent="parent", about="the territory as a tree"),
    Table("categories", (_key("category", required=True), _key("parent", "categories"), _NAME),
          key=("category",), parent="parent", about="the products' categories as a tree"),
    Table("products", (
        _key("product", required=True), _key("category", "categories"), _NAME,
        _amount("price", low=0), _amount("cost", low=0), _CURRENCY,
    ), key=("product",), about="what is sold"),
    Table("people", (
        _key("person", required=True), _NAME, _key("unit", "units", required=True), Column("role", "text"),
        _date("hired"), _date("left", about="first day without the person"),
        _number("ability", 0, None, "weight for the basis ability; a usual person is 1"),
        _number("calls_per_day", 0), _number("visits_per_day", 0), _number("minutes_per_day", 0, 1440), _LAT, _LON,
        _number("end_lat", -90, 90, "where the day ends; empty: at home"), _number("end_lon", -180, 180),
    ), key=("person",), about="who carries a quota"),
    Table("customers", (
        _key("customer", required=True), _NAME, _key("person", "people", about="owner; empty: nobody's"),
        _key("channel"), _key("area", "areas"), Column("city", "text"),
        Column("address", "text", about="street and number"), _LAT, _LON, _key("class"),
        _number("potential", 0, None, "what the customer could buy in a year, major units"),
        _number("monthly_demand", 0, None, "what the customer would buy in a month, major units"),
        _number("days_to_order", 0, None, "until the first order, or between orders"),
        Column("opens", "text", about="time such as 09:00, or by weekday: mon-fri 09:00; sat 10:00"),
        Column("closes", "text", about="as opens; where days are named, the others are closed"),
        _number("minutes", 0, 1440, "minutes of a visit"), _CURRENCY,
        Column("weekdays", "text", about="days on which one is welcome, such as mon-fri or 2,4; Monday is 1"),
    ), key=("customer",), about="who buys, or should"),
    Table("ownership", (
        _key("customer", "customers", required=True), _key("person", "people", required=True), _SINCE, _UNTIL,
        _number("share", 0, 1, "part of the customer; empty: 1. The shares of a day add up to 1"),
    ), about="who owns a customer from when to when; wins over customers.person"),
    Table("sales", (
        _date("date", required=True), _key("order"), _key("customer", "customers", required=True),
        _key("product", "products"), _key("person"), _key("channel"), _amount("quantity"),
        _amount("amount", required=True), _amount("cost"),
        Column("status", "text", about="cancelled lines are left out"), _CURRENCY,
    ), about="what was sold: returns are negative lines"),
    Table("invoices", (_key("invoice", required=True), _date("date", required=True), _date("due"),
                       _key("customer", "customers"), _key("person", "people"), _amount("amount", required=True),
                       _CURRENCY),
          key=("invoice",), about="what was billed"),
    Table("receipts", (_date("date", required=True), _key("invoice"), _key("customer", "customers"),
                       _amount("amount", required=True), _CURRENCY), about="what was paid"),
    Table("activities", (_date("date", required=True), _key("person", "people", required=True),
                         _key("customer", "customers"), Column("kind", "text"), Column("result", "text"),
                         _number("minutes", 0)), about="calls and visits made"),
    Table("appointments", (_key("person", "people", required=True), _key("customer", "customers"),
                           Column("start", "text", required=True, about="such as 2027-01-12 10:00"),
                           _number("minutes", 0), Column("kind", "text")),
          about="fixed dates"),
    Table("absences", (_key("person", "people", required=True), _SINCE,
                       _date("until", required=True, about="first day back"), Column("kind", "text")),
          about="days a person is away"),
    Table("projects", (_key("project", required=True), _key("customer", "customers"), _key("person", "people"),
                       Column("stage", "text"), _date("since"), _amount("amount"), _number("chance", 0, 1),
                       _date("close"), _CURRENCY), key=("project",), about="deals in the making"),
    Table("events", (_SINCE, _date("until", required=True), Column("kind", "text"),
                     Column("scope", "scope", about="dimension=key, or empty for everybody"),
                     Column("effect", "number", required=True, low=0, about="factor on the day"),
                     Column("note", "text")), about="what moves sales for some days"),
    Table("market", (_key("area", "areas"), _key("category", "categories"),
                     Column("year", "whole", required=True, low=1900, high=2200), _number("capacity", 0),
                     _number("own", 0), Column("competitor", "text"), _number("competitor_share", 0, 1),
                     _CURRENCY), about="the market by area, category and year"),
    Table("locks", (MEASURE, LAYER, Column("dimension", "text", required=True), _key("key", required=True),
                    _date("since"), _date("until"),
                    Column("kind", "choice", required=True, choices=("floor", "cap", "lock")),
                    _amount("amount", required=True, low=0), Column("owner", "text"), Column("reason", "text"),
                    _date("expires"), _CURRENCY), about="amounts that are fixed, or may not be under- or overrun"),
    Table("totals", (MEASURE, LAYER, Column("dimension", "text", about="unit, area, channel …; empty: the company"),
                     _key("key"), _date("since"), _date("until"), _amount("amount", required=True, low=0), _CURRENCY),
          about="totals given in a second direction"),
    Table("proposals", (_key("person", "people", required=True), MEASURE, LAYER, _key("customer", "customers"),
                        _date("since"), _date("until"), _amount("amount", required=True, low=0),
                        _number("trust", 0), Column("reason", "text"), _CURRENCY),
          about="what people propose for themselves"),
    Table("costs", (_date("date", required=True), Column("item", "text", required=True), _key("unit", "units"),
                    _key("person", "people"), _amount("amount", required=True), _CURRENCY), about="money spent"),
    Table("rates", (Column("currency", "currency", required=True),
                    _date("since", required=True, about="the rate holds until the currency's next one"),
                    Column("rate", "rate", required=True, about="how much of the plan's currency one is worth")),
          about="actual rates of other currencies; plan rates stand in plan.toml"),
    Table("ratings", (_date("date", required=True), _key("person", "people", required=True),
                      Column("indicator", "text", required=True), Column("rater", "text"),
                      Column("points", "number", required=True)), about="points given by people"),
    Table("incidents", (_date("date", required=True), _key("person", "people"), _key("unit", "units"),
                        Column("kind", "text", required=True), Column("severity", "text"), Column("note", "text")),
          about="events that count in the appraisal"),
    Table("surveys", (_date("date", required=True), _key("customer", "customers"),
                      _key("person", "people", about="whom it is about; empty: the customer's owner on the day"),
                      Column("survey", "text"), Column("question", "text"),
                      Column("points", "number", required=True)), about="what customers answered"),
    Table("objections", (
        _date("date", required=True), _key("person", "people", required=True),
        Column("period", "text", required=True, about="of the score, such as 2027-03"),
        Column("scorecard", "text", about="empty: all of the period"),
        Column("indicator", "text", about="empty: the whole score"), Column("reason", "text", required=True),
        Column("state", "choice", choices=("open", "upheld", "refused"), about="empty: open"),
        _date("answered"), Column("answer", "text"),
    ), about="objections to scores, and the answers"),
)  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in _ALL}

DIMENSIONS: dict[str, tuple[str, str]] = {
    "unit": ("units", "unit"), "area": ("areas", "area"), "person": ("people", "person"),
    "channel": ("customers", "channel"), "category": ("categories", "category"), "product": ("products", "product"),
    "class": ("customers", "class"), "customer": ("customers", "customer"),
}  # fmt: skip
"""What a plan can be split across: the dimension, and the table and column where its keys live."""

TREES: dict[str, str] = {"unit": "units", "area": "areas", "category": "categories"}
"""The dimensions whose members form a tree, and the table of the tree."""
