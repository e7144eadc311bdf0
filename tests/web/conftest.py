"""The ground of the web's tests: Django with a database of its own, a browser, the site as a process.

Django's settings come from the environment, as in service: a data folder of this process alone, SQLite unless
DATABASE_URL names a server (``python tests/web/postgres_server.py .venv/bin/pytest tests/web`` starts one). Tests that
take ``open_page`` need Chromium; where it is missing they are left out and say so. They are marked browser and slow.
"""

import atexit
import os
import shutil
import tempfile
import time

import pytest

_folder = tempfile.mkdtemp(prefix="quotum-web-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["QUOTUM_DATA_DIR"] = _folder
os.environ["DJANGO_SETTINGS_MODULE"] = "quotum.web.site.settings"

import django  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402

# Set before anything reads them: quick passwords, and static files as they lie in the source.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django_settings.STORAGES = {
    **django_settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
django.setup()

from browsing import AXE, PROFILES, Watch, find_barriers, find_chromium, launch  # noqa: E402
from running_site import PATIENCE_SECONDS, running_site  # noqa: E402


def pytest_collection_modifyitems(items):
    """Mark what is seen in a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker("slow")


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once a process."""
    if find_chromium() is None:
        pytest.skip("Chromium is missing (Debian: apt install chromium); pages were not seen in a browser")
    from playwright.sync_api import sync_playwright

    # Playwright's loop makes Django believe that the test's own thread is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory, worker_id):
    """A data folder with the demonstration in it, made once a run; copied before it is changed. SQLite always."""
    mine = tmp_path_factory.getbasetemp()
    shared = mine if worker_id == "master" else mine.parent
    folder, making, made = shared / "demo-data", shared / "demo-making", shared / "demo-made"
    try:
        making.mkdir()
    except FileExistsError:  # another worker of this run makes it
        until = time.monotonic() + PATIENCE_SECONDS
        while not made.exists() and time.monotonic() < until:
            time.sleep(0.2)
        assert made.exists(), "the demonstration was not made"
        return folder
    with running_site(folder, "--demo", DATABASE_URL=""):
        pass
    made.touch()
    return folder


@pytest.fixture(scope="session")
def demo_site(demo_folder, tmp_path_factory):
    """The address of a site with the demonstration, for tests that change nothing others rely on."""
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("shared") / "data")
    with running_site(folder, "--demo", DATABASE_URL="") as base:
        yield base


@pytest.fixture
def own_site(demo_folder, tmp_path):
    """The address of a site with the demonstration, for one test alone."""
    folder = shutil.copytree(demo_folder, tmp_path / "data")
    with running_site(folder, "--demo", DATABASE_URL="") as base:
        yield base


@pytest.fixture
def open_page(browser):
    """Open a new page of a site, as a desktop or a phone; what no page may do fails the test at its end."""
    opened = []

    def open_one(base: str, path: str = "/", *, profile: str = "desktop", language: str = "en", **more: object):
        context = browser.new_context(base_url=base, locale=language, timezone_id="UTC", **PROFILES[profile], **more)
        page = context.new_page()
        watch = Watch(base)
        watch.over(page)
        opened.append((context, watch))
        page.goto(path)
        return page

    yield open_one
    for context, _ in opened:
        context.close()
    assert [line for _, watch in opened for line in watch.wrong] == []


@pytest.fixture
def barriers():
    """The function that lists what axe finds serious on a page."""
    if not AXE.exists():
        pytest.skip("axe is missing (scripts/build_assets.py fetches it); pages were not checked for barriers")
    return find_barriers
