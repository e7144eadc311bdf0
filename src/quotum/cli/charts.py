"""``quotum charts``: pictures of a review."""

from __future__ import annotations

from pathlib import Path

import click

from quotum.cli.show import read_pairs


@click.command("charts")
@click.argument("review", metavar="REVIEW", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder to write them to.")
@click.option("--of", multiple=True, callback=read_pairs, metavar="DIMENSION=KEY",
              help="Pace and reasons of this unit or person too, e.g. person=P03. May be repeated.")  # fmt: skip
@click.option("--measure", help="What is counted; the plan's first target when left out.")
@click.option("--level", default="commit", show_default=True, type=click.Choice(["commit", "stretch"]),
              help="commit or stretch.")  # fmt: skip
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "zh-hans", "zh-hant", "es"]),
              help="Language of titles, axes and legends.")  # fmt: skip
@click.option("--fonts", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder of fonts to use besides the machine's own, for Chinese for example.")  # fmt: skip
def command(
    review: Path, out: Path, of: tuple[tuple[str, str], ...], measure: str | None, level: str, language: str,
    fonts: Path | None,
) -> None:  # fmt: skip
    """Draw a review: where everybody stands, the pace with its outlook, why, and everybody's months.

    Each chart is an SVG, a PNG and its Vega-Lite as JSON. Needs: pip install 'quotum[reports]'.

    \b
    Examples:
      quotum charts march --out pictures
      quotum charts march --out pictures --of person=P03 --of unit=North
      quotum charts march --out pictures --language zh-hans
    """
    from quotum.cli.charts_run import run_charts

    raise SystemExit(run_charts(review, out, of, measure, level, language, fonts))
