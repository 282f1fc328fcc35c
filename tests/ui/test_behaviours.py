import pytest
from playwright.sync_api import expect

from tests.ui import pages
from tests.ui.conftest import Site


@pytest.fixture
def inbox(site: Site) -> Site:
    site.serve("/item/", pages.ITEM)
    site.serve("/search/", '<a role="option" href="#nordhavn">Nordhavn</a>')
    site.serve("/approve/", pages.ITEM + '{% toast "Approved" undo_url="/undo/" oob=True %}')
    site.serve("/undo/", "")
    site.show(pages.INBOX)
    return site


@pytest.fixture
def task(site: Site) -> Site:
    site.serve("/draft/", "Draft saved 14:02")
    site.show(pages.TASK)
    return site


def test_a_page_keeps_to_the_policy_and_says_nothing_in_the_console(site):
    site.show(pages.GALLERY)

    assert site.complaints == []


def test_j_opens_the_next_item_and_its_heading_takes_the_focus(inbox):
    inbox.page.keyboard.press("j")

    expect(inbox.page.locator("#item-title")).to_be_focused()
    assert inbox.page.locator(".entry > a[aria-current]").inner_text() == "Orbis"
    assert ("GET", "/item/") in inbox.asked


def test_a_key_pressed_while_the_next_item_is_on_its_way_is_for_that_item(inbox):
    press = "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))"
    inbox.page.evaluate(f"() => ['j', 'a'].forEach({press})")

    expect(inbox.page.locator(".toast")).to_contain_text("Approved")
    expect(inbox.page.locator("#item-title")).to_be_focused()
    assert inbox.asked[-2:] == [("GET", "/item/"), ("POST", "/approve/")]


def test_x_ticks_the_item_and_the_bulk_bar_adds_up(inbox):
    inbox.page.keyboard.press("x")
    inbox.page.locator("input[value='3']").check()

    expect(inbox.page.locator(".bulk b")).to_have_text("2 selected, €4,000")


def test_shift_click_ticks_a_range(inbox):
    inbox.page.locator("input[value='1']").click()
    inbox.page.locator("input[value='3']").click(modifiers=["Shift"])

    expect(inbox.page.locator(".bulk b")).to_have_text("3 selected, €6,000")


def test_a_approves_and_z_undoes(inbox):
    inbox.page.keyboard.press("a")
    expect(inbox.page.locator(".toast")).to_contain_text("Approved")
    expect(inbox.page.locator("#item-title")).to_be_focused()

    inbox.page.keyboard.press("z")

    expect(inbox.page.locator(".toast")).to_have_count(0)
    assert [path for method, path in inbox.asked if method == "POST"] == ["/approve/", "/undo/"]


def test_a_second_click_sends_nothing(inbox):
    inbox.page.evaluate("() => { const yes = document.querySelector('.verdict__yes'); yes.click(); yes.click(); }")
    expect(inbox.page.locator(".toast")).to_have_count(1)

    assert inbox.asked.count(("POST", "/approve/")) == 1


def test_rejecting_opens_a_dialog_that_keeps_mistakes_and_closes_when_done(inbox):
    inbox.serve("/reject/", pages.DIALOG)
    inbox.page.keyboard.press("r")
    dialog = inbox.page.locator("#dialog")
    expect(dialog).to_be_visible()

    inbox.serve("/reject/", pages.DIALOG + '<p class="error">Say why.</p>', status=422)
    dialog.get_by_role("button", name="Reject claim").click()
    expect(dialog.locator(".error")).to_be_visible()

    inbox.serve("/reject/", pages.ITEM, headers={"HX-Retarget": "#item", "HX-Reswap": "outerHTML"})
    dialog.get_by_role("button", name="Reject claim").click()
    expect(dialog).to_be_hidden()


def test_single_keys_never_fire_in_a_field(inbox):
    inbox.serve("/reject/", pages.DIALOG)
    inbox.page.keyboard.press("r")

    inbox.page.locator("#note").press_sequentially("a jk?")

    expect(inbox.page.locator("#note")).to_have_value("a jk?")
    assert ("POST", "/approve/") not in inbox.asked


def test_single_keys_can_be_switched_off(inbox):
    inbox.page.evaluate("document.documentElement.dataset.shortcuts = 'off'")

    inbox.page.keyboard.press("a")
    inbox.page.keyboard.press("j")

    assert not {"/approve/", "/item/"} & {path for _method, path in inbox.asked}


def test_the_palette_filters_at_once_and_adds_records(inbox):
    inbox.page.keyboard.press("Control+k")
    expect(inbox.page.locator("[data-palette]")).to_be_focused()

    inbox.page.keyboard.type("claim")

    expect(inbox.page.locator(".palette [role=option]:visible")).to_have_text(["Start a claimN", "Nordhavn"])
    expect(inbox.page.locator("[data-palette]")).to_have_attribute("aria-activedescendant", "palette-0")


def test_g_and_a_letter_goes_to_a_page(inbox):
    inbox.page.keyboard.press("g")
    inbox.page.keyboard.press("d")

    inbox.page.wait_for_url("**/#deals")


def test_a_menu_closes_on_escape_and_gives_the_focus_back(inbox):
    inbox.page.locator(".whoami").click()
    expect(inbox.page.locator(".side .menu__sheet")).to_be_visible()

    inbox.page.keyboard.press("Escape")

    expect(inbox.page.locator(".side .menu__sheet")).to_be_hidden()
    expect(inbox.page.locator(".whoami")).to_be_focused()


def test_the_theme_changes_at_once_and_is_remembered(inbox):
    inbox.page.locator(".whoami").click()

    inbox.page.locator(".side button[value=dark]").click()

    expect(inbox.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ("POST", "/appearance/") in inbox.asked


def test_a_failed_request_leaves_the_page_and_offers_to_try_again(inbox):
    inbox.serve("/approve/", "", status=500)
    inbox.page.keyboard.press("a")
    again = inbox.page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()

    inbox.serve("/approve/", pages.ITEM)
    again.click()

    expect(again).to_have_count(0)
    expect(inbox.page.locator("#item-title")).to_be_focused()


def test_a_toast_leaves_after_eight_seconds_unless_it_is_hovered(inbox):
    inbox.page.clock.install()
    inbox.open()
    inbox.page.evaluate("portal.say('One'); portal.say('Two')")
    inbox.page.locator(".toast").first.hover()

    inbox.page.clock.run_for(9000)

    expect(inbox.page.locator(".toast")).to_have_text(["One"])


def test_a_draft_saves_itself(task):
    task.page.locator("#company").fill("Nordhavn")

    expect(task.page.locator("[data-autosave-status]")).to_have_text("Draft saved 14:02")
    assert ("POST", "/draft/") in task.asked


def test_a_draft_that_could_not_be_saved_is_tried_again_and_keeps_what_was_typed(task):
    task.serve("/draft/", "", status=500)
    task.page.locator("#company").fill("Nordhavn")
    expect(task.page.locator("[data-autosave-status]")).to_contain_text("Not saved yet")

    task.serve("/draft/", "Draft saved 14:03")

    expect(task.page.locator("[data-autosave-status]")).to_have_text("Draft saved 14:03")
    expect(task.page.locator("#company")).to_have_value("Nordhavn")


@pytest.mark.parametrize("status", [200, 409, 500])
def test_sending_waits_for_a_save_that_is_under_way(task, status):
    held = []
    task.page.route("**/draft/", lambda route: held.append(route))
    task.serve("/save/", "Sent")
    with task.page.expect_request("**/draft/"):
        task.page.locator("#company").fill("Nordhavn")

    task.page.locator("form[data-autosave] button:not([type=button])").first.click()
    task.page.wait_for_timeout(200)
    assert ("POST", "/save/") not in task.asked

    with task.page.expect_request("**/save/") as sent:
        held[0].fulfill(status=status, body='<input type="hidden" name="version" value="2">')
    assert ("version=2" in sent.value.post_data) == (status != 500)
    task.page.wait_for_url("**/save/")
    assert task.asked.count(("POST", "/save/")) == 1


def test_leaving_with_unsaved_work_asks_once(task):
    questions = []
    task.page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    task.serve("/draft/", "", status=500)
    task.page.locator("#company").fill("Nordhavn")

    task.open("/")

    assert questions == ["beforeunload"]


def test_a_file_goes_up_at_once_and_can_be_removed(task):
    task.serve("/upload/", '{% include "components/file_row.html" with name="files" file=row %}')
    task.serve("/remove/", "")
    task.page.set_input_files("input[type=file]", {"name": "Notes.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    expect(task.page.locator(".files input[name=files]")).to_have_value("7")

    task.page.get_by_role("button", name="Remove Notes.pdf").click()

    expect(task.page.locator(".files li")).to_have_count(0)


def test_a_file_that_failed_says_so(task):
    task.serve("/upload/", "The file is larger than 20 MB. Compress it or split it.", status=422)

    task.page.set_input_files("input[type=file]", {"name": "Film.mp4", "mimeType": "video/mp4", "buffer": b"x"})

    expect(task.page.locator(".files small")).to_have_text("The file is larger than 20 MB. Compress it or split it.")


def test_a_combobox_is_chosen_by_keyboard(task):
    task.serve("/options/", '{% include "components/option.html" with value="5" label="Nordhavn" note="Denmark" %}')
    task.page.locator("#customer").press_sequentially("nor")
    expect(task.page.locator(".combo__list")).to_be_visible()

    task.page.keyboard.press("ArrowDown")
    task.page.keyboard.press("Enter")

    expect(task.page.locator("[name=customer]")).to_have_value("5")
    expect(task.page.locator("#customer")).to_have_value("Nordhavn")


def test_typing_on_forgets_what_was_chosen(task):
    task.serve("/options/", "")
    task.page.evaluate("document.querySelector('[name=customer]').value = '5'")

    task.page.locator("#customer").press_sequentially("x")

    expect(task.page.locator("[name=customer]")).to_have_value("")


def test_the_error_summary_takes_the_focus(site):
    summary = '<div data-error-summary tabindex="-1" role="alert">Two fields need your attention</div>'
    site.show(pages.TASK.replace("{% block form %}", "{% block form %}" + summary))

    expect(site.page.locator("[data-error-summary]")).to_be_focused()


def test_without_scripts_everything_has_a_way(site_without_scripts):
    site = site_without_scripts
    site.serve("/reject/", "Reason")
    page = site.show(pages.INBOX)

    page.locator("input[value='2']").check()
    assert page.locator(".bulk").is_visible()
    page.locator(".whoami").click()
    assert page.locator(".side .menu__sheet").is_visible()
    assert not page.locator(".side .needs-script").is_visible()
    page.get_by_role("link", name="Reject").click()
    assert page.url.endswith("/reject/")
