"""What `quotum serve` is asked for: a demonstration where one is, a zone, names."""

import os

import pytest
from web_world import build_world

from quotum.cli.serve_run import run_serve
from quotum.web.services import demo
from quotum.web.site import serving, surroundings


@pytest.fixture
def quiet(monkeypatch):
    for name in ("QUOTUM_HOSTS", "QUOTUM_TIME_ZONE", "QUOTUM_TODAY", "QUOTUM_DATA_DIR"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    asked = []
    monkeypatch.setattr(serving, "serve", lambda what: asked.append(what) or 0)
    return asked


@pytest.mark.django_db
def test_a_real_company_is_no_demonstration(monkeypatch, capsys):
    build_world()
    monkeypatch.setattr(serving, "open_database", lambda: None)
    monkeypatch.setattr(serving, "_lay_out_static_files", lambda _: None)
    assert not demo.holds_demo()
    assert serving.serve(serving.Serving(demo=True)) == 2
    told = capsys.readouterr()
    assert "company of its own" in told.err
    assert demo.PASSWORD not in told.out


def test_a_zone_that_does_not_exist_is_refused(quiet, tmp_path, capsys):
    assert run_serve(tmp_path, "127.0.0.1", 8000, 1, demo=False, time_zone="Mars/Base") == 2
    assert "Mars/Base" in capsys.readouterr().err
    assert quiet == []


def test_zone_and_names_reach_the_site(quiet, tmp_path):
    assert run_serve(tmp_path, "0.0.0.0", 8000, 1, demo=False, names=["plan.example"], time_zone="Asia/Shanghai") == 0
    names = os.environ["QUOTUM_HOSTS"].split(",")
    assert {"localhost", "127.0.0.1", "plan.example", *surroundings._own_addresses()} <= set(names)
    assert "0.0.0.0" not in names
    assert os.environ["QUOTUM_TIME_ZONE"] == "Asia/Shanghai"


def test_names_of_the_environment_stay(quiet, tmp_path, monkeypatch):
    monkeypatch.setenv("QUOTUM_HOSTS", "a.example")
    run_serve(tmp_path, "127.0.0.1", 8000, 1, demo=False, names=["b.example"])
    assert os.environ["QUOTUM_HOSTS"] == "a.example,b.example"


def test_the_machine_tells_its_zone(tmp_path, monkeypatch):
    monkeypatch.delenv("TZ", raising=False)
    assert surroundings.machine_zone(tmp_path) == "UTC"
    (tmp_path / "timezone").write_text("Europe/Madrid\n")
    assert surroundings.machine_zone(tmp_path) == "Europe/Madrid"
    monkeypatch.setenv("TZ", ":Asia/Shanghai")
    assert surroundings.machine_zone(tmp_path) == "Asia/Shanghai"


@pytest.mark.django_db
def test_behind_a_proxy_each_address_is_counted_by_itself(settings, rf):
    from allauth.account.adapter import get_adapter

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    asked = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.9"})
    assert get_adapter().get_client_ip(asked) == "10.0.0.9"
