"""``quotum check``: every finding about a company folder at once."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("check")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Check with a changed setting of plan.toml."
)
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of the foreign files that [import] names; without it they lie in DIR.")  # fmt: skip
@click.option("--feasible", is_flag=True, help="Tell whether the targets can be met: chance, growth, share, rules.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings for programs.")
def command(folder: Path, overrides: tuple[str, ...], data: Path | None, feasible: bool, as_json: bool) -> None:
    """Check the tables and plan.toml of a company folder, and tell every finding at once.

    \b
    Examples:
      quotum check company
      quotum check company --json
      quotum check company --feasible

    Exit code 0: a plan can be made (there may be warnings). 2: there are errors.
    """
    from quotum.adapters.files.company_folder import open_company
    from quotum.adapters.printing.print_issues import count_issues, issues_as_json, print_issues
    from quotum.engine.basics.issues import stops

    opened = open_company(folder, overrides, data)
    if (folder / "schemes").is_dir():
        from quotum.cli.appraise_run import check_company_schemes

        opened.issues.extend(check_company_schemes(folder, opened))
    if feasible:
        from quotum.cli.feasible_run import run_feasible

        raise SystemExit(run_feasible(opened, as_json=as_json))
    if as_json:
        click.echo(issues_as_json(opened.issues))
    else:
        print_issues(opened.issues)
        rows = sum(frame.height for frame in opened.company.tables.values())
        tables = sum(frame.height > 0 for frame in opened.company.tables.values())
        click.echo(f"{folder}: {tables} tables, {rows:,} rows; {count_issues(opened.issues)}")
    if stops(opened.issues):
        raise SystemExit(2)
