"""The first pages people see, on a desktop and a phone: no barriers, nothing from elsewhere, nothing refused."""

import pytest


@pytest.mark.parametrize(("profile", "language"), [("desktop", "en"), ("phone", "zh-CN")])
def test_signing_in(demo_site, open_page, barriers, profile, language):
    page = open_page(demo_site, profile=profile, language=language)
    assert barriers(page) == []
    page.locator("input[name=login]").fill("director")
    page.locator("input[name=password]").fill("demo-quotum")
    page.locator("main button[type=submit], main form button").first.click()
    page.wait_for_load_state("networkidle")
    assert page.url.rstrip("/") == demo_site
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
