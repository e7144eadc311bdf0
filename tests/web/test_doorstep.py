"""Every room of the menu as three people see it: no barriers, nothing from elsewhere, nothing refused or too wide."""

import pytest


@pytest.mark.parametrize(
    ("who", "profile", "language"),
    [("director", "phone", "en"), ("manager", "desktop", "es"), ("rep", "phone", "zh-CN")],
)
def test_the_rooms_are_open_to_everybody(demo_site, open_page, barriers, who, profile, language):
    page = open_page(demo_site, profile=profile, language=language)
    page.set_default_timeout(120_000)
    assert barriers(page) == []
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill("demo-quotum")
    page.locator("main form button").first.click()
    page.wait_for_url(f"{demo_site}/")
    rooms = page.eval_on_selector_all("header nav a", "links => links.map((link) => link.getAttribute('href'))")
    assert len(rooms) > 4
    found = {}
    for room in rooms:
        page.goto(room)
        page.wait_for_load_state("networkidle")
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[room] = [*barriers(page), *(["wider than the screen"] if too_wide else [])]
    assert {room: wrong for room, wrong in found.items() if wrong} == {}
