"""A web server of a few lines for tests of what runs in browsers: the built scripts, the site's policy, own answers."""

import contextlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from quotum.web.site.middleware import POLICY

BUILT = Path(__file__).parents[2] / "src/quotum/web/static/built"
KINDS = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}

Answer = Callable[[str, str, dict[str, str], bytes], tuple[int, Any]]
"""Method, address, headers and body of a request to a status and bytes (a page) or anything else (JSON)."""


def page_with(module: str, body: str, language: str = "en") -> bytes:
    """Return a page that loads one of the built modules with its styles."""
    links = f'<link rel="stylesheet" href="/built/{module}.css">'
    links += f'<script type="module" src="/built/{module}.js"></script>'
    head = f'<head><meta charset="utf-8"><title>{module}</title>{links}</head>'
    text = f'<!doctype html><html lang="{language}">{head}<body><main><h1>{module}</h1>{body}</main></body></html>'
    return text.encode()


@contextlib.contextmanager
def little_site(answer: Answer) -> Iterator[str]:
    """Yield the address of a site that gives the built files and, for the rest, what ``answer`` says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path = BUILT / Path(urlsplit(self.path).path).name
            if self.path.startswith("/built/") and path.is_file():
                self.send(200, KINDS.get(path.suffix, "text/plain"), path.read_bytes())
            elif self.path == "/favicon.ico":
                self.send(204, "image/png", b"")
            else:
                self.give(b"")

        def do_POST(self):
            self.give(self.rfile.read(int(self.headers["Content-Length"])))

        def give(self, body):
            status, content = answer(self.command, self.path, dict(self.headers), body)
            if isinstance(content, bytes):
                self.send(status, "text/html", content)
            else:
                self.send(status, "application/json", json.dumps(content).encode())

        def send(self, status, kind, content):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
