"""``quotum tables``: which tables and columns a company folder may hold."""

from __future__ import annotations

import click


@click.command("tables")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the tables for programs.")
def command(name: str | None, as_json: bool) -> None:
    """Tell which tables a company folder may hold, or the columns of the table NAME.

    \b
    Examples:
      quotum tables
      quotum tables customers
      quotum tables --json
    """
    from quotum.adapters.printing.print_tables import describe_table, list_tables, tables_as_json
    from quotum.engine.basics.nearest import nearest
    from quotum.engine.tables.schema import TABLES

    if name is not None and name not in TABLES:
        near = nearest(name, TABLES)
        click.echo(f"There is no table {name}{f'; did you mean {near}?' if near else '.'}", err=True)
        raise SystemExit(2)
    if as_json:
        click.echo(tables_as_json(name))
    else:
        click.echo(list_tables() if name is None else describe_table(TABLES[name]))
