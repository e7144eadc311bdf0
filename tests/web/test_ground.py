"""The ground itself: a server that comes and goes, a browser that sees what no page may do."""

import psycopg
import pytest
from browsing import Watch
from little_site import little_site
from postgres_server import find_programs, running_postgres

PAGE = b"""<!doctype html><html lang=en><title>A page</title><h1>A page</h1><img src=/picture.png>
</html>"""


@pytest.mark.skipif(find_programs() is None, reason="PostgreSQL is missing (Debian: apt install postgresql)")
def test_a_postgres_server_lives_as_long_as_its_block():
    with running_postgres(find_programs()) as url, psycopg.connect(url) as connection:
        assert connection.execute("select 6 * 7").fetchone() == (42,)
        connection.close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_the_watch_sees_other_hosts_and_failing_answers(browser, barriers):
    with little_site(lambda method, path, *rest: (200, PAGE) if path == "/" else (503, b"")) as base:
        context = browser.new_context(base_url=base)
        page = context.new_page()
        watch = Watch(base)
        watch.over(page)
        page.goto("/", wait_until="networkidle")
        assert any(line.startswith("503: ") for line in watch.wrong)
        assert [line.split(":")[0] for line in barriers(page)] == ["image-alt"]
        page.evaluate("location.href = 'http://quotum.invalid/telemetry'")
        page.wait_for_timeout(300)
        assert any(line.startswith("outside: http://quotum.invalid/") for line in watch.wrong)
        context.close()
