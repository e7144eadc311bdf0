"""The dashboard of the demonstration: what leads it, and that nobody sees what is not theirs."""

import re

import pytest
from browsing import PROFILES

pytestmark = pytest.mark.slow


def enter(open_page, site, who, **more):
    page = open_page(site, **more)
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill("demo-quotum")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    return page


@pytest.mark.parametrize("profile", ["desktop", "phone"])
def test_the_director_starts_with_the_figures_that_lead(demo_site, open_page, barriers, profile):
    page = enter(open_page, demo_site, "director", profile=profile)
    assert re.search(r"\d+%", page.locator(".figure .big").first.inner_text())
    assert page.locator("table.standing tbody tr").count() > 12
    assert page.locator("#warnings + ul > li").count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PROFILES[profile]["viewport"]["width"]
    assert barriers(page) == []


def test_a_manager_sees_the_own_subtree(demo_site, open_page):
    page = enter(open_page, demo_site, "manager")
    assert page.locator("table.standing tbody tr.unit").count() == 1
    assert 1 <= page.locator("table.standing tbody tr.person").count() <= 4
    for path in ("?dimension=company&node=", "chart/pace/?measure=revenue&dimension=company&node="):
        assert page.request.get(f"{demo_site}/standing/{path}").status == 404
