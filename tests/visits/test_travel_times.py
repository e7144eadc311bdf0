"""Where travel minutes come from: great circles, a file, a routing service that may be slow, wrong or gone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlparse

import pytest

from quotum.adapters.travel_times import open_travel
from quotum.adapters.travel_times.routing_service import ServiceFailed
from quotum.engine.action_plan.travel_ways import GreatCircle
from quotum.engine.tables.visit_settings import Travel

PLACES = [(55.95, -3.19), (55.97, -3.17), (55.95, -3.25)]
KEYS = ["K0", "K1", "K2"]


class Stub(BaseHTTPRequestHandler):
    """Answers like OSRM and Valhalla: a minute for each step between indices; counts what it is asked."""

    asked: ClassVar[list[str]] = []
    answer = "right"

    def do_GET(self) -> None:
        query = parse_qs(urlparse(self.path).query)
        sources = [int(at) for at in query["sources"][0].split(";")]
        targets = [int(at) - len(sources) for at in query["destinations"][0].split(";")]
        self.reply({"code": "Ok", "durations": [[60.0 * abs(a - b) or None for b in targets] for a in sources]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        cells = [[{"time": 120 * abs(a - b)} for b in range(len(body["targets"]))] for a in range(len(body["sources"]))]
        self.reply({"sources_to_targets": cells})

    def reply(self, answer: dict) -> None:
        Stub.asked.append(self.path)
        text = json.dumps({"code": "NoTable"} if Stub.answer == "wrong" else answer).encode()
        text = Stub.answer.encode() if Stub.answer.startswith("{") else text
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    Stub.asked, Stub.answer = [], "right"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_the_great_circle_is_longer_by_a_factor_and_symmetric():
    minutes = GreatCircle(1.3, 40.0)(PLACES, KEYS)
    assert minutes.shape == (3, 3)
    assert (minutes == minutes.T).all()
    assert round(minutes[0, 1]) == 5  # 2.55 km × 1.3 at 40 km/h
    assert minutes[0, 0] == 0


def test_a_service_is_asked_once_and_its_answers_are_kept(url: str, tmp_path: Path):
    travel, issues = open_travel(Travel(url=url), tmp_path, tmp_path / "cache")
    assert issues == []
    first, second = travel(PLACES, KEYS), travel(PLACES, KEYS)
    assert first[0, 2] == 2
    assert first[0, 1] == first[1, 2] == 1
    assert (first == second).all()
    assert len(Stub.asked) == 1


def test_many_places_are_asked_for_in_parts(url: str, tmp_path: Path):
    travel, _ = open_travel(Travel(url=url), tmp_path, tmp_path / "cache")
    minutes = travel([(55.0 + at / 100, -3.0) for at in range(120)], [""] * 120)
    assert minutes.shape == (120, 120)
    assert len(Stub.asked) == 9


def test_valhalla_is_asked_in_its_own_way(url: str, tmp_path: Path):
    travel, _ = open_travel(Travel(url=url, service="valhalla"), tmp_path, None)
    assert travel(PLACES, KEYS)[0, 2] == 4
    assert Stub.asked == ["/sources_to_targets"]


def test_a_service_that_is_gone_or_wrong_is_told(url: str, tmp_path: Path):
    Stub.answer = "wrong"
    travel, _ = open_travel(Travel(url=url), tmp_path, None)
    with pytest.raises(ServiceFailed, match="NoTable"):
        travel(PLACES, KEYS)
    gone, _ = open_travel(Travel(url="http://127.0.0.1:9", timeout_seconds=0.2), tmp_path, None)
    with pytest.raises(ServiceFailed):
        gone(PLACES, KEYS)


@pytest.mark.parametrize(
    "cells", ['"abc"', "null", "5", "[[1]]", *(f"[[{cell}, 1, 1], [1, 1, 1], [1, 1, 1]]" for cell in ("{}", -60, 1e12))]
)
@pytest.mark.parametrize("service", ["osrm", "valhalla"])
def test_rubbish_is_told_and_not_kept(url: str, tmp_path: Path, cells: str, service: str):
    Stub.answer = f'{{"code": "Ok", "durations": {cells}, "sources_to_targets": {cells}}}'
    travel, _ = open_travel(Travel(url=url, service=service), tmp_path, tmp_path / "cache")  # type: ignore[arg-type]
    with pytest.raises(ServiceFailed):
        travel(PLACES, KEYS)
    assert not list((tmp_path / "cache").glob("*.json"))


def test_a_kept_answer_that_is_damaged_is_asked_again(url: str, tmp_path: Path):
    travel, _ = open_travel(Travel(url=url), tmp_path, tmp_path / "cache")
    travel(PLACES, KEYS)
    for file in (tmp_path / "cache").iterdir():
        file.write_text("[[1, ")
    assert travel(PLACES, KEYS)[0, 2] == 2


def test_own_times_win_over_the_great_circle(tmp_path: Path):
    (tmp_path / "ways.csv").write_text("from,to,minutes\nK0,K1,42\n", encoding="utf-8")
    travel, issues = open_travel(Travel(file="ways.csv"), tmp_path)
    assert issues == []
    minutes = travel(PLACES, KEYS)
    assert minutes[0, 1] == 42
    assert round(minutes[1, 0]) == 5


@pytest.mark.parametrize(
    ("text", "rule"),
    [("a,b\n1,2\n", "travel_file_columns"), ("from,to,minutes\nK0,K1,far\n", "travel_file_minutes"),
     ("from,to,minutes\nK0,K1,-1\n", "travel_file_minutes"), (None, "travel_file_unreadable")],
)  # fmt: skip
def test_a_wrong_file_is_told(tmp_path: Path, text: str | None, rule: str):
    if text is not None:
        (tmp_path / "ways.csv").write_text(text, encoding="utf-8")
    _, issues = open_travel(Travel(file="ways.csv"), tmp_path)
    assert [issue.rule for issue in issues] == [rule]
