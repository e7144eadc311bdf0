"""The list of aliases is sound, and knows the languages it promises."""

import re

import pytest

from quotum.adapters.files.importing.aliases import _read_list, column_aliases, fold, table_aliases
from quotum.engine.tables.schema import TABLES

COLUMNS = sorted({column.name for table in TABLES.values() for column in table.columns})


def listed(table: str, column: str) -> set[str]:
    names = (*_read_list()["shared"].get(column, ()), *_read_list().get(table, {}).get(column, ()), column)
    return {fold(name) for name in names}


@pytest.mark.parametrize("table", TABLES)
def test_no_alias_names_two_columns_of_one_table(table):
    names = [column.name for column in TABLES[table].columns]
    owners: dict[str, list[str]] = {}
    for name in names:
        for alias in listed(table, name):
            owners.setdefault(alias, []).append(name)
    assert {alias: found for alias, found in owners.items() if len(found) > 1} == {}
    assert all(column_aliases(table)[alias] == found[0] for alias, found in owners.items())


def test_no_alias_names_two_tables():
    given = [(fold(alias), table) for table, aliases in _read_list()["tables"].items() for alias in aliases]
    given += [(fold(table), table) for table in TABLES]
    assert {alias for alias, table in given if table_aliases()[alias] != table} == set()
    assert set(_read_list()["tables"]) == set(TABLES)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_has_chinese_and_spanish_aliases(column):
    aliases = _read_list()["shared"][column]
    assert any(re.search("[\u4e00-\u9fff]", alias) for alias in aliases)
    assert sum(not re.search("[\u4e00-\u9fff]", alias) for alias in aliases) >= 2


def test_the_list_names_only_tables_and_columns_that_are_there():
    own = {table: set(columns) for table, columns in _read_list().items() if table not in ("tables", "shared")}
    assert set(own) <= set(TABLES)
    assert all(columns <= {column.name for column in TABLES[table].columns} for table, columns in own.items())
    assert set(_read_list()["shared"]) == set(COLUMNS)


@pytest.mark.parametrize(("table", "titles"), [
    ("sales", ["Order Date", "order_no", "CustomerKey", "SKU", "Sales Rep", "Qty", "Net Amount"]),
    ("sales", ["订单日期", "订单号", "客户", "产品", "业务员", "数量", "金额"]),
    ("sales", ["訂單日期", "訂單號", "客戶", "產品", "業務員", "數量", "金額"]),
    ("sales", ["Fecha de pedido", "Nº pedido", "Cliente", "Artículo", "Vendedor", "Cantidad", "Importe"]),
])  # fmt: skip
def test_titles_in_four_languages(table, titles):
    found = [column_aliases(table).get(fold(title)) for title in titles]
    assert found == ["date", "order", "customer", "product", "person", "quantity", "amount"]
