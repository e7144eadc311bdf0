"""The ground itself: a server that comes and goes, a browser that sees what no page may do."""

import http.server
import threading

import psycopg
import pytest
from browsing import Watch
from postgres_server import find_programs, running_postgres

PAGE = b"""<!doctype html><html lang=en><title>A page</title><h1>A page</h1><img src=/picture.png>
<script>fetch("http://quotum.invalid/telemetry").catch(() => 0)</script></html>"""


@pytest.fixture
def careless_site():
    """A page that asks another host and has a picture without words."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/" else 503)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(find_programs() is None, reason="PostgreSQL is missing (Debian: apt install postgresql)")
def test_a_postgres_server_lives_as_long_as_its_block():
    with running_postgres(find_programs()) as url, psycopg.connect(url) as connection:
        assert connection.execute("select 6 * 7").fetchone() == (42,)
        connection.close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_the_watch_sees_other_hosts_and_failing_answers(browser, careless_site, barriers):
    context = browser.new_context(base_url=careless_site)
    page = context.new_page()
    watch = Watch(careless_site)
    watch.over(page)
    page.goto("/", wait_until="networkidle")
    assert any(line.startswith("outside: http://quotum.invalid/") for line in watch.wrong)
    assert any(line.startswith("503: ") for line in watch.wrong)
    assert [line.split(":")[0] for line in barriers(page)] == ["image-alt"]
    context.close()
