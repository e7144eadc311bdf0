"""``quotum appraise``: score everybody by rules that were known beforehand."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("appraise")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--plan", metavar="PLAN", type=click.Path(path_type=Path),
              help="The plan that figures are held against; needed but for --check.")  # fmt: skip
@click.option("--period", metavar="P", help="What to score: 2027-03, 2027-Q1, 2027-H1 or 2027; needed but for --check.")
@click.option("--out", metavar="OUT", type=click.Path(path_type=Path), help="The folder to write; it must not exist.")
@click.option("--by-unit", is_flag=True, help="With --out: also a workbook for each unit and all below it.")
@click.option("--person", metavar="PERSON", help="Tell a person's scores line by line, down to the rows of the files.")
@click.option("--check", is_flag=True, help="Only tell what is wrong with the schemes, and who carries which goal.")
@click.option("--simulate", is_flag=True,
              help="Score the same dates a year earlier, and tell what other weights would change.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path),
              help="A further folder in which the files of [import] may lie.")  # fmt: skip
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of plan.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print rows with their lines for programs.")
def command(
    folder: Path,
    plan: Path | None,
    period: str | None,
    out: Path | None,
    by_unit: bool,
    person: str | None,
    check: bool,
    simulate: bool,
    data: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Score people and units of a company by the schemes in its folder `schemes`.

    \b
    Examples:
      quotum appraise company --check
      quotum appraise company --plan plan --period 2027-Q1 --out appraisal
      quotum appraise company --plan plan --period 2027-03 --person P03
      quotum appraise company --plan plan --period 2027 --simulate

    Exit code 2: the input is wrong, or a scheme is.
    """
    if not check and (plan is None or period is None):
        raise click.UsageError("Give --plan and --period, or --check.")
    if not (check or simulate or out or person or as_json):
        raise click.UsageError("Give --out, or --person, --simulate, --check or --json to write nothing.")
    from quotum.cli.appraise_run import Wanted, run_appraise

    wanted = Wanted(folder, plan, period or "", out, person, check, simulate, data, overrides, by_unit)
    raise SystemExit(run_appraise(wanted, as_json=as_json))
