"""The workbook of an appraisal: charts of the latest period of each scorecard, scorecards kept together on a page."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl

from appraisal_worlds import example, score
from quotum.adapters.files.appraisal_workbook import list_latest, write_appraisal_workbook
from quotum.engine.appraisal import Appraisal
from small_company import firm, settings

STAFF = {"ann": "ward", "bob": "ward", "eve": "lab"}


def written(tmp_path: Path) -> tuple[Appraisal, dict[str, str]]:
    company, schemes = firm(STAFF), example(tmp_path, "clinic")
    made = score(company, schemes, until="2028-01-01")
    write_appraisal_workbook(made, company, settings(), schemes, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        return made, {name: packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml")}


def test_the_ranking_is_drawn_for_the_latest_period_of_each_scorecard(tmp_path):
    made, parts = written(tmp_path)
    latest = list_latest(made["scores"])
    assert len({card for card, *_ in latest}) == len(latest)
    ranking = made["scores"].sort("scorecard", "since", "rank", "person", "unit", nulls_last=True)
    for card, period, first, people in latest:
        lines = ranking.slice(first, people)
        assert lines.select("scorecard", "period").unique().rows() == [(card, period)]
        later = made["scores"].filter(pl.col("scorecard") == card, pl.col("score_e2").is_not_null())
        assert period == later.sort("since")["period"].last()
    drawn = "".join(text for name, text in parts.items() if "charts/chart" in name)
    assert "Score: quality, 2027-Q4" in drawn
    assert "2027-Q3" not in "".join(re.findall(r"<a:t>(.*?)</a:t>", drawn))


def test_a_scorecard_is_not_cut_by_the_end_of_a_page(tmp_path):
    _, parts = written(tmp_path)
    strings = re.findall(r"<si><t[^>]*>(.*?)</t></si>", parts["xl/sharedStrings.xml"])
    workbook = re.findall(r'<sheet name="(.*?)"', parts["xl/workbook.xml"])
    sheet = parts[f"xl/worksheets/sheet{workbook.index('ann') + 1}.xml"]
    breaks = [int(at) for at in re.findall(r'<brk id="(\d+)"', sheet)]
    titles = {int(row): strings[int(text)]
              for row, text in re.findall(r'<c r="A(\d+)"[^>]*t="s"[^>]*><v>(\d+)</v>', sheet)}  # fmt: skip
    assert breaks
    assert all(", 2027" in titles[at + 1] for at in breaks)
    assert max(b - a for a, b in zip([0, *breaks], breaks, strict=False)) <= 34  # the last one is empty
