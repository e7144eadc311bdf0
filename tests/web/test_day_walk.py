"""A rep's morning on a phone and a manager's Monday, walked in a browser."""

import pytest
from browsing import PHONE

PASSWORD = "demo-quotum"


def sign_in(page, name):
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_load_state("networkidle")


def fits(page):
    """Whether the page is no wider than the phone: innerWidth grows with a page that is too wide."""
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


@pytest.mark.slow
def test_a_rep_logs_the_next_visit_in_three_taps_and_finds_a_customer(own_site, open_page, barriers):
    page = open_page(own_site, profile="phone")
    sign_in(page, "rep")
    assert page.locator(".needed .big").inner_text()
    assert page.locator("h2 small").first.inner_text().startswith("0 of ")
    assert fits(page)
    assert barriers(page) == []
    page.locator(".stop.next a.done").tap()
    page.locator(".chips label", has_text="Interested").tap()
    page.locator(".save button").tap()
    page.wait_for_url("**/")
    assert page.locator("h2 small").first.inner_text().startswith("1 of ")
    assert page.locator(".stop.done").count() == 1
    page.goto("/customers/")
    page.locator("#q").press_sequentially("C12", delay=30)
    page.locator("#found .title a").first.tap()
    page.wait_for_url("**/customers/card/**")
    page.locator(".timeline li").first.wait_for()
    assert fits(page)
    assert barriers(page) == []


@pytest.mark.slow
def test_a_manager_sees_who_is_behind_and_says_something(own_site, open_page, barriers):
    page = open_page(own_site)
    sign_in(page, "manager")
    page.goto("/monday/")
    assert barriers(page) == []
    page.locator("tbody th a").first.click()
    page.fill("#remark", "What keeps the moved visits back?")
    page.locator("#remarks button").click()
    page.wait_for_load_state("networkidle")
    assert "What keeps the moved visits back?" in page.locator(".remark").first.inner_text()
    assert page.locator(".acts").count() == 0
