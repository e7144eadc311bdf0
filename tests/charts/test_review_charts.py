"""Charts of a review are Vega-Lite whose numbers are the review's; pictures have the same bytes again."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

pytest.importorskip("altair", reason="needs the extra reports: pip install 'quotum[reports]'")
sys.path.insert(0, str(Path(__file__).parents[1] / "tracking"))
from small_reviews import drivers, review, with_sales

from quotum.adapters.charts import draw_bullets, draw_heat_map, draw_pace, draw_waterfall
from quotum.adapters.charts.pictures import check_fonts, write_pictures
from quotum.adapters.charts.review_charts import list_charts
from quotum.adapters.charts.words import LANGUAGES, words_in
from quotum.cli.charts import command
from quotum.engine.tables.plan_settings import Measure, Target
from small_company import CALENDAR, MEASURES, PERSON, UNIT, USUAL, each_month, firm, plan, sale, tea_house
from small_company import settings as plan_settings


@pytest.fixture(scope="module")
def told():
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000, stretch=24_000)
    sold = [sale("inn", 300, f"2027-{month:02}-10", "green", quantity=3) for month in range(1, 7)]
    return review(with_sales(company, [*sold, sale("harbour", 9000.05, "2027-01-20")]), made, "2027-06-15")


def values(layer):
    return layer["data"]["values"]


def parts(spec):
    """Return the rows of every table of a chart, those of shared data first."""
    shared = list(spec.get("datasets", {}).values())
    return [*shared, *(values(layer) for layer in [spec, *spec.get("layer", [])] if "values" in layer.get("data", {}))]


def test_bullets_stand_in_parts_of_the_target_and_are_not_cut_at_one(told):
    [rows] = parts(draw_bullets(told, "revenue"))
    lines = told["attainment"].filter(level="commit")
    assert rows[0]["who"] == words_in("en")["company"]
    company = lines.row(0, named=True)
    assert rows[0]["actual"] == round(company["actual"] / company["target"], 4)
    assert max(row["actual"] for row in rows) > 1


def test_the_pace_ends_at_target_outlook_and_range(told):
    spec = draw_pace(told, "revenue")
    fan, lines = sorted(parts(spec), key=lambda rows: "low" not in rows[0])
    company = told["attainment"].filter(dimension="company", level="commit").row(0, named=True)
    ends = {row["line"]: row["total"] for row in lines}  # the last of each
    assert ends == {"Plan": company["target"] / 100, "Actual": company["actual"] / 100,
                    "Outlook": company["outlook"] / 100}  # fmt: skip
    assert (fan[0]["low"], fan[0]["high"]) == (company["actual"] / 100,) * 2
    assert (fan[-1]["low"], fan[-1]["high"]) == (company["low"] / 100, company["high"] / 100)


def test_the_waterfall_goes_from_due_to_actual_step_by_step(told):
    [rows] = parts(draw_waterfall(told, "revenue", "person", "bo"))
    moves = list(drivers(told, "bo").values())
    assert all(after["since"] == before["until"] for before, after in pairwise(rows[:-1]))
    assert rows[-2]["until"] == rows[-1]["until"]
    assert [round(row["amount"] * 100) for row in rows[1:-1]] == moves


def test_the_heat_map_tells_whole_months_only(told):
    [rows] = parts(draw_heat_map(told, "revenue"))
    assert {row["period"] for row in rows} == {f"2027-{month:02}" for month in range(1, 6)}


def test_pictures_are_written_and_the_same_again(told, tmp_path):
    pytest.importorskip("vl_convert")
    charts = list_charts(told, "revenue", nodes=[("person", "bo"), ("unit", "North")])
    assert set(charts) == {"attainment", "months", "pace", "why", "pace-person-bo", "why-person-bo", "pace-unit-North",
                           "why-unit-North"}  # fmt: skip
    for folder in ("one", "two"):
        assert not write_pictures({name: charts[name] for name in ("pace", "months")}, tmp_path / folder)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["months.json", "months.png", "months.svg", "pace.json", "pace.png", "pace.svg"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert (tmp_path / "one" / "pace.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "one" / "pace.json").read_text(encoding="utf-8")) == charts["pace"]


def test_boxes_in_place_of_chinese_are_told_beforehand(tmp_path):
    spec = {"title": "恒光家居"}
    [issue] = check_fonts([spec], folders=[str(tmp_path)])
    assert (issue.rule, issue.value) == ("chart_font_missing", "恒")
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"")
    assert not check_fonts([spec], tmp_path, folders=())
    assert not check_fonts([{"title": "Bühler"}], folders=())


def test_ratios_and_levels_have_no_months_but_stand_and_have_reasons():
    price = Measure("price", "ratio", decimals=2, numerator="revenue", denominator="units")
    company = firm({"ana": "North"}, {"inn": "ana"}, each_month("inn", 100, quantity=10))
    targets = (Target("revenue", 2400_00, 2400_00), Target("units", 300, 300), Target("outlets", 4, 4))
    wanted = replace(plan_settings(UNIT, PERSON, CALENDAR, targets=targets), measures={**MEASURES, "price": price})
    made = plan(company, wanted)
    told = review(with_sales(company, [sale("inn", 300, "2027-01-20", quantity=20)]), made, "2027-01-31")
    for measure in ("price", "outlets"):
        charts = list_charts(told, measure, nodes=[("person", "ana")])
        assert set(charts) == {"attainment", "why", "why-person-ana"}
        [rows] = parts(charts["why"])
        assert rows[-2]["until"] == rows[-1]["until"]


def test_every_language_says_every_word_with_the_same_blanks():
    blanks = {name: sorted(re.findall(r"\{\w+\}", text)) for name, text in words_in("en").items()}
    for language in LANGUAGES:
        said = words_in(language)
        assert {name: sorted(re.findall(r"\{\w+\}", text)) for name, text in said.items()} == blanks
    [asked] = [option for option in command.params if option.name == "language"]
    assert tuple(asked.type.choices) == LANGUAGES


def test_a_chart_speaks_the_language_asked_for(told):
    for language, word in (("zh-hans", "实际"), ("zh-hant", "實際"), ("es", "Real")):
        charts = list_charts(told, "revenue", language=language)
        drawn = json.dumps(charts, ensure_ascii=False)
        assert word in drawn
        assert "Due by now" not in drawn
        assert "Actual" not in drawn


def test_charts_tell_names_and_keys_only_where_two_have_the_same(told):
    names = told["attainment"].filter(dimension="person").select("node").unique().sort("node")["node"].to_list()
    given = pl.DataFrame({"dimension": "person", "key": names[:2], "name": ["Li Na", "Li Na"]})
    named = replace(told, tables={**told.tables, "names": given})
    [rows] = parts(draw_bullets(named, "revenue"))
    assert {f"Li Na ({key})" for key in names[:2]} <= {row["who"] for row in rows}
    one = replace(told, tables={**told.tables, "names": given.head(1)})
    assert "Li Na" in {row["who"] for row in parts(draw_heat_map(one, "revenue"))[0]}
