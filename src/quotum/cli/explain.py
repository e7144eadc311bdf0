"""``quotum explain``: why a number is what it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command("explain")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--unit", help="A unit: all of it, with the units below.")
@click.option("--person", help="The person whose number it is.")
@click.option("--customer", help="One customer of it.")
@click.option("--product", help="One product of it.")
@click.option("--measure", help="What is counted; the plan's first target when left out.")
@click.option("--level", default="commit", show_default=True, help="commit or stretch; hedged above steps that hedge.")
@click.option("--since", type=_DATE, metavar="DATE", help="First day, such as 2027-03-01.")
@click.option("--until", type=_DATE, metavar="DATE", help="First day that no longer belongs to it.")
@click.option("--period", metavar="P", help="Of an appraisal: only this period, such as 2027-03.")
@click.option("--company", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Of a review: the company's folder, to name the rows of files behind the lines.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the ledger for programs.")
def command(
    plan: Path,
    unit: str | None,
    person: str | None,
    customer: str | None,
    product: str | None,
    measure: str | None,
    level: str,
    since: datetime | None,
    until: datetime | None,
    period: str | None,
    company: Path | None,
    as_json: bool,
) -> None:
    """Tell why a number is what it is: a ledger from the target down whose lines add up exactly.

    PLAN may be a folder of `quotum appraise` too: scores open to their lines, figures and rows of files. Of a folder
    of `quotum review` it opens what was sold: why it is not what was due, and the lines it is made of.

    \b
    Examples:
      quotum explain plan --person P03
      quotum explain plan --person P03 --customer C0042 --since 2027-03-01 --until 2027-04-01
      quotum explain plan --person P03 --product K7 --level stretch --json
      quotum explain appraisal --person P03 --period 2027-03
      quotum explain march --person P03 --company company
    """
    given = {"unit": unit, "person": person, "customer": customer, "product": product}
    keys = [(dimension, key) for dimension, key in given.items() if key]
    if not keys:
        raise click.UsageError("Name whose number it is, e.g. --person P03.")
    if (plan / "appraisal.json").is_file():
        from quotum.cli.explain_score_run import run_explain_score

        raise SystemExit(run_explain_score(plan, person or "", unit or "", period or "", as_json=as_json))
    span = since.date() if since else None, until.date() if until else None
    if (plan / "review.json").is_file():
        from quotum.cli.explain_review_run import run_explain_review

        raise SystemExit(run_explain_review(plan, keys, measure, level, span, company, as_json=as_json))
    from quotum.cli.explain_run import run_explain

    raise SystemExit(run_explain(plan, keys, measure, level, span, as_json=as_json))
