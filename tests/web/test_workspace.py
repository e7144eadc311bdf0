"""The workspace in a browser: what is typed, pasted and filled is one change, and comes back marked."""

import pytest
from little_site import BUILT
from workspace_world import Plan, serving

pytestmark = pytest.mark.skipif(
    not (BUILT / "workspace.js").exists(),
    reason="the scripts of the pages are not built (no Node or no network at set-up)",
)


@pytest.fixture
def open_plan(open_page):
    """Open a plan's workspace and return its page, ready."""
    running = []

    def open_one(plan: Plan):
        site = serving(plan)
        running.append(site)
        page = open_page(site.__enter__())
        page.wait_for_selector("q-workspace[data-state=ready] .rgCell")
        return page

    yield open_one
    for site in running:
        site.__exit__(None, None, None)


def cell(page, row: int, column: int, pinned: bool = False):
    kind = "colPinStart" if pinned else "rgCol"
    return page.locator(f"revogr-data[type=rgRow][col-type={kind}] [data-rgrow='{row}'][data-rgcol='{column}']")


def type_into(page, row: int, column: int, text: str) -> None:
    cell(page, row, column).click()
    page.wait_for_timeout(60)
    page.keyboard.type(text, delay=15)
    page.wait_for_timeout(60)
    page.keyboard.press("Enter")


def status(page, words: str) -> None:
    page.locator("[data-status]", has_text=words).wait_for()


def gone(page, mark: str) -> None:
    page.locator(mark).first.wait_for(state="detached")  # the grid draws a moment after the words are there


def open_unit(page, row: int) -> None:
    cell(page, row, 0, pinned=True).locator("button").click()


def test_an_edit_is_previewed_everywhere_and_accepted(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    before = plan.leaves.sum()
    type_into(page, 1, 1, "6,000,000")
    status(page, "1 edits")
    name, body = plan.requests[-1]
    assert (name, body["edits"]) == ("preview", [{"row": "U0", "period": "2027", "text": "6,000,000"}])
    assert body["options"] == {"absorb": "siblings"}
    assert cell(page, 1, 1).inner_text() == "6,000,000.00"
    assert "q-edited" in cell(page, 1, 1).get_attribute("class")
    assert "q-changed" in cell(page, 0, 1).get_attribute("class")  # the company's year follows
    assert cell(page, 1, 2).get_attribute("title").startswith("was ")
    assert plan.leaves.sum() == before
    page.locator("[data-reason]").fill("A new store")
    page.locator("[data-do=apply]").click()
    status(page, "Saved")
    assert plan.requests[-1][1]["reason"] == "A new store"
    assert plan.leaves[plan.below["U0"]].sum() == 6_000_000_00
    gone(page, ".q-changed")
    page.locator("[data-do=undo]").click()
    page.locator("[data-do=redo]:enabled").wait_for()
    assert plan.leaves.sum() == before


def test_what_cannot_be_read_hides_no_other_edit(open_plan):
    plan = Plan(40, 4)
    plan.strict = True
    page = open_plan(plan)
    type_into(page, 1, 1, "6,000,000")
    status(page, "1 edits")
    type_into(page, 2, 1, "abc")
    status(page, "abc is no amount.")
    page.locator(".q-wrong", has_text="abc").first.wait_for()
    assert cell(page, 1, 1).inner_text() == "6,000,000.00"
    assert cell(page, 2, 1).inner_text() == "abc"


def test_a_pasted_block_is_one_change(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    cell(page, 1, 2).click()
    page.wait_for_timeout(100)
    page.evaluate(
        """() => {
        const data = new DataTransfer();
        data.setData("text/plain", "1000\\t2000\\r\\n3000\\t4000\\r\\n");
        document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    status(page, "4 edits")
    edits = {(edit["row"], edit["period"]): edit["text"] for edit in plan.requests[-1][1]["edits"]}
    assert edits == {
        ("U0", "2027-01"): "1000", ("U0", "2027-02"): "2000", ("U1", "2027-01"): "3000", ("U1", "2027-02"): "4000",
    }  # fmt: skip
    assert len(plan.requests) == 1
    page.locator("[data-do=undo]").click()  # the gesture is taken back as a whole, before anything is saved
    page.locator(".q-edited").first.wait_for(state="detached")
    assert len(plan.requests) == 1


def test_what_is_copied_is_exact_and_goes_into_a_spreadsheet(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    cell(page, 1, 2).click()
    page.wait_for_timeout(150)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(250)
    copied = page.evaluate(
        """async () => {
        const event = new ClipboardEvent("copy", {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
        document.dispatchEvent(event);
        await new Promise((done) => setTimeout(done, 50));
        return event.clipboardData.getData("text/plain"); }"""
    )
    months = plan.leaves[plan.below["U0"]].sum(axis=0)[:2]
    assert copied == "\t".join(f"{month / 100:.2f}" for month in months)


def test_the_fill_handle_copies(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    cell(page, 1, 3).click()
    page.wait_for_timeout(150)
    handle = page.locator(".autofill-handle").first.bounding_box()
    goal = cell(page, 3, 3).bounding_box()
    page.mouse.move(handle["x"] + 2, handle["y"] + 2)
    page.mouse.down()
    page.mouse.move(goal["x"] + 20, goal["y"] - 10, steps=4)
    page.wait_for_timeout(60)
    page.mouse.move(goal["x"] + 20, goal["y"] + 16, steps=4)
    page.wait_for_timeout(60)
    page.mouse.up()
    status(page, "edits")
    edits = plan.requests[-1][1]["edits"]
    wanted = f"{plan.leaves[plan.below['U0']][:, 1].sum() / 100:.2f}"
    assert {(edit["row"], edit["text"]) for edit in edits} >= {("U1", wanted), ("U2", wanted)}


def test_rows_come_from_the_server_when_they_are_opened(open_plan):
    page = open_plan(Plan(40, 4, lazy=True))
    open_unit(page, 1)
    page.wait_for_selector("text=Row P0")
    assert cell(page, 2, 0, pinned=True).inner_text() == "Row P0"
    open_unit(page, 1)
    page.wait_for_selector("text=Row P0", state="detached")
    assert cell(page, 2, 0, pinned=True).inner_text().endswith("Row U1")


def test_marks_and_fixed_cells(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    open_unit(page, 1)
    page.wait_for_selector("text=Row P0")
    assert "q-floor" in cell(page, 2, 3).get_attribute("class")
    assert cell(page, 2, 4).get_attribute("title") == "Locked"
    open_unit(page, 1)
    open_unit(page, 2)
    page.wait_for_selector("text=Row P1")
    cell(page, 3, 2).click()
    page.keyboard.type("5")
    page.wait_for_timeout(200)
    assert plan.requests == []


def test_months_fold_into_the_year(open_plan):
    page = open_plan(Plan(40, 4))
    may = page.locator(".rgHeaderCell", has_text="2027-05")
    may.wait_for()
    page.locator("revogr-header button", has_text="▾").click()
    may.wait_for(state="detached")
    assert page.locator(".rgHeaderCell", has_text="2027").count() == 1
    page.locator("revogr-header button", has_text="▸").click()
    may.wait_for()


def test_two_editors_lose_no_number(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    type_into(page, 1, 2, "111")
    status(page, "1 edits")
    answer = plan.apply([{"row": "U3", "period": "2027-05", "text": "222"}])[0]
    plan.versions.append(answer)
    plan.move_to(answer)
    page.locator("[data-do=apply]").click()
    status(page, "Somebody was quicker")
    assert plan.requests[-1][0] == "preview"  # what is still to be accepted is held against the new draft
    assert plan.requests[-1][1]["base"] == "2"
    page.locator("[data-do=apply]").click()
    status(page, "Saved")
    assert plan.leaves[plan.below["U0"], 0].sum() == 111_00
    assert plan.leaves[plan.below["U3"], 4].sum() == 222_00


def test_what_is_typed_while_saving_is_kept(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    type_into(page, 1, 2, "111")
    status(page, "1 edits")
    plan.hold.clear()
    page.locator("[data-do=apply]").click()
    type_into(page, 2, 2, "222")
    status(page, "2 edits")
    plan.hold.set()
    status(page, "1 edits")  # the one that was on its way is saved, the other is still to be accepted
    page.locator("[data-do=apply]").click()
    status(page, "Saved")
    gone(page, ".q-edited")
    assert [plan.leaves[plan.below[unit], 0].sum() for unit in ("U0", "U1")] == [111_00, 222_00]


def test_what_cannot_be_read_is_marked_and_nothing_is_saved(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    type_into(page, 1, 2, "lots")
    page.locator("[data-issues] li", has_text="lots is no amount. → Type digits.").wait_for()
    assert cell(page, 1, 2).get_attribute("aria-invalid") == "true"
    page.locator("[data-do=apply]").click()
    status(page, "Nothing was saved")
    assert plan.version == 1
    assert page.locator("[data-do=apply]").is_enabled()  # the edit is still there to be mended


def test_the_keyboard_is_enough(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    page.locator("[data-do=explain]").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("Boolean(document.activeElement.closest('revo-grid'))"):
            break
    page.wait_for_timeout(200)
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    page.keyboard.press("F2")
    page.wait_for_timeout(100)
    page.keyboard.press("Control+a")
    page.keyboard.type("700", delay=30)
    page.keyboard.press("Enter")
    status(page, "1 edits")
    page.locator("revo-grid input").wait_for(state="detached")
    page.keyboard.press("Control+Enter")
    status(page, "Saved")
    page.keyboard.press("Control+z")
    page.locator("[data-do=redo]:enabled").wait_for()
    assert [name for name, _ in plan.requests] == ["preview", "apply", "undo"]
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert not page.evaluate("Boolean(document.activeElement.closest('revo-grid'))")


def test_ctrl_enter_while_typing_takes_the_number_and_accepts_it(open_plan):
    plan = Plan(40, 4)
    page = open_plan(plan)
    cell(page, 1, 1).click()
    page.wait_for_timeout(60)
    page.keyboard.type("6000000", delay=15)
    page.keyboard.press("Control+Enter")
    status(page, "Saved")
    assert plan.leaves[plan.below["U0"]].sum() == 6_000_000_00


def test_axe_finds_nothing(open_plan, barriers):
    page = open_plan(Plan(40, 4))
    open_unit(page, 1)
    cell(page, 2, 3).click()
    page.wait_for_timeout(150)
    assert barriers(page) == []


def test_two_thousand_people_scroll_smoothly(open_plan):
    """A turn of the wheel costs little of the processor, only what is seen is drawn, and every row can be reached.

    Time of the processor, not of the clock: other work on the machine shall not matter.
    """
    page = open_plan(Plan(2000, 20))
    page.evaluate(
        """() => { const w = document.querySelector("q-workspace");
        for (const row of w.sheet.rows) if (row.children) w.sheet.openRows.add(row.key); w.grid.showRows(); }"""
    )
    page.wait_for_timeout(500)
    cell(page, 0, 1).hover()
    chrome = page.context.new_cdp_session(page)
    chrome.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy_ms():
        metrics = {metric["name"]: metric["value"] for metric in chrome.send("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"] * 1000

    before = busy_ms()
    for _ in range(20):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(16)
    page.wait_for_timeout(300)
    assert (busy_ms() - before) / 20 < 80
    assert page.locator("revogr-data[col-type=rgCol] .rgRow").count() < 100
    page.evaluate("document.querySelector('revo-grid').scrollToRow(2020)")
    page.wait_for_selector("text=Row P1999")
