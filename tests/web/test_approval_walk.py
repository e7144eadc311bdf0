"""A plan's way into force, walked in a browser: edited, proposed, challenged, approved; one number all along."""

import re

import pytest
from test_day_walk import sign_in

PATIENCE = 300_000
WHOLE = "2026-01-01/2027-01-01"


def first_number(text):
    return re.search(r"\d[\d,]*\.\d\d", text).group()


def row_of(page, name, table="table"):
    """Return the cells of a person's line."""
    line = page.locator(f"{table} tbody tr", has=page.get_by_role("rowheader", name=name, exact=True)).first
    return line.locator("td.amount").all_inner_texts()


def plan_of(page):
    return re.search(r"/plans/([0-9a-f-]{36})/", page.url).group(1)


@pytest.mark.slow
def test_one_number_from_the_workspace_to_home(own_site, open_page):
    def enter(name, **more):
        page = open_page(own_site, **more)
        page.set_default_timeout(PATIENCE)
        sign_in(page, name)
        return page

    director, manager, rep = (enter(name) for name in ("director", "manager", "rep"))
    plain = enter("director", java_script_enabled=False)

    director.goto("/setups/")
    director.locator("a[href*='/target/']").first.click()
    director.fill("#plan-reason", "The second half.")
    director.locator("form[action$='/plan/'] button").click()
    director.get_by_role("link", name="Open the plan").click()
    director.wait_for_url("**/plans/**")
    draft = plan_of(director)

    # The director raises the rep's number.
    rep.goto(f"/plans/{draft}/")
    name = rep.locator("table.numbers tbody th").inner_text()
    state = rep.request.get(f"/plans/{draft}/workspace/cells/").json()
    key = next(row["key"] for row in state["rows"] if row["key"].rpartition(";")[2].startswith("person="))
    plain.goto(f"/plans/{draft}/workspace/?at={key.rpartition(';')[0]}")
    plain.fill(f'input[name="cell {key} | {WHOLE}"]', "+5%")
    plain.select_option("#absorb", "siblings")
    plain.locator("button[value=preview]").click()
    plain.locator("button[value=apply]").click()
    edited = row_of(plain, name)[1]
    assert first_number(edited) != rep.locator("td.sum").first.inner_text()

    # It is proposed as it stands.
    director.goto(f"/plans/{draft}/approval/")
    director.locator("form[action$='/propose/'] button").click()
    director.get_by_role("link", name="It is proposed").click()
    director.wait_for_url("**/approval/")
    proposed = plan_of(director)
    assert proposed != draft

    # The rep asks for another number, the manager grants it, the director takes it in.
    rep.goto(f"/plans/{proposed}/approval/")
    says = row_of(rep, name)[0]
    assert says == first_number(edited)
    wanted = f"{float(says.replace(',', '')) * 0.9:,.2f}"
    rep.locator("details summary").click()
    rep.fill("input[name=asked]", wanted)
    rep.fill("input[name=reason]", "One customer closed.")
    rep.locator("form[action$='/challenge/'] button").click()
    manager.goto(f"/plans/{proposed}/approval/")
    manager.fill("input[name=answer]", "So it did.")
    manager.locator("button[value=grant]").click()
    director.goto(f"/plans/{proposed}/approval/")
    director.locator("form[action$='/take-in/'] button").click()
    director.get_by_role("link", name="It is proposed").click()
    director.wait_for_url("**/approval/")
    final = plan_of(director)

    # The units decide from below, then it comes in force.
    manager.goto(f"/plans/{final}/approval/")
    manager.locator("button[value=approve]").first.click()
    manager.locator(".state.approved").first.wait_for()
    director.goto(f"/plans/{final}/approval/")
    while director.locator("button[value=approve]").count():
        director.locator("button[value=approve]").first.click()
        director.wait_for_load_state("networkidle")
    director.get_by_role("link", name="put it in force").click()
    director.locator("form[action$='/force/'] button").click()
    assert "In force from now on" in director.locator(".message").first.inner_text()

    director.goto("/")
    for _try in range(200):
        if director.locator("table.standing").count():
            break
        assert "The figures are being worked out" in director.locator("main").inner_text()
        director.wait_for_timeout(1_000)
        director.goto("/")
    home = row_of(director, name, "table.standing")[0]
    rep.goto(f"/plans/{final}/")
    page = rep.locator("td.sum").first.inner_text()
    rep.goto(f"/plans/{final}/approval/")
    approval = row_of(rep, name)[0]
    plain.goto(f"/plans/{final}/workspace/?at={key.rpartition(';')[0]}")
    workspace = first_number(row_of(plain, name)[1])
    assert {home, page, approval, workspace} == {wanted}
