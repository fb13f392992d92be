"""Keyboard shortcuts (static/keys.js) on the pages of an inspector, who has no pointer."""

import re

import pytest

from tests.support.browser.visitor import WRONG_FOCUS

pytestmark = pytest.mark.stack

READY = "/staff/bookings/?state=mine"


@pytest.fixture
def inspector(visit, team):
    team.make_booking(booking_count=3)
    inspector = visit(keyboard=True)
    inspector.sign_in("inspector.se")
    inspector.go(READY)
    inspector.page.locator("[data-row]").nth(2).wait_for()
    return inspector


def press(inspector, *keys):
    for key in keys:
        inspector.page.keyboard.press(key)


def focused_row(inspector):
    """Return the number of the row that has the focus, or -1."""
    here = (
        "[...document.querySelectorAll('[data-rows] [data-row]')].indexOf(document.activeElement.closest('[data-row]'))"
    )
    return inspector.page.evaluate(here)


def test_j_and_k_move_through_the_rows_with_the_focus_in_sight(inspector):
    places, faults = [], []
    for key in "jjjjkk":
        press(inspector, key)
        places.append(focused_row(inspector))
        faults.append(inspector.page.evaluate(WRONG_FOCUS))

    assert places == [0, 1, 2, 2, 1, 0]
    assert set(faults) == {""}


def test_enter_opens_the_row_and_s_schedules_it(inspector):
    press(inspector, "j", "j")
    second = inspector.page.locator("[data-row]").nth(1).get_attribute("data-row")

    press(inspector, "Enter")
    inspector.page.wait_for_url(f"**/staff/bookings/{second}/*")
    inspector.page.go_back()
    press(inspector, "j", "j", "s")

    inspector.page.wait_for_url(f"**/staff/bookings/{second}/schedule/*")


def test_keys_of_a_row_do_nothing_without_a_current_row(inspector):
    press(inspector, "s")
    inspector.page.wait_for_timeout(300)

    assert inspector.path == "/staff/bookings/"


def test_keys_of_the_page_work_anywhere(inspector):
    press(inspector, "/")
    searched = inspector.page.evaluate("[document.activeElement.id, document.activeElement.value]")
    inspector.go(READY)
    press(inspector, "n")
    inspector.page.wait_for_url("**/staff/bookings/new/")
    inspector.go(READY)
    press(inspector, "?")
    inspector.page.wait_for_url("**/staff/keys/")

    assert searched == ["staff-search", ""]


def test_keys_typed_into_a_box_or_with_a_modifier_press_nothing(inspector):
    press(inspector, "j")
    for keys in ("Control+s", "Alt+s", "Meta+s"):
        press(inspector, keys)
    inspector.page.locator("#staff-search").focus()
    inspector.page.keyboard.type("jns?/")
    inspector.page.wait_for_timeout(300)

    assert inspector.path == "/staff/bookings/"
    assert inspector.page.locator("#staff-search").input_value() == "jns?/"


def test_switched_off_no_key_works_and_no_hint_is_shown(inspector):
    hints = inspector.page.locator(".key:visible")
    shown = hints.count()
    inspector.go("/staff/keys/")
    inspector.press("Switch them off")
    inspector.page.get_by_text("Keyboard shortcuts are off.").first.wait_for()
    inspector.go(READY)
    hidden = hints.count()

    press(inspector, "j", "s", "?")
    inspector.page.wait_for_timeout(300)
    moved = focused_row(inspector)
    inspector.go("/staff/keys/")
    inspector.press("Switch them on")
    inspector.page.get_by_text("Keyboard shortcuts are on.").first.wait_for()

    assert (shown > 0, hidden, moved) == (True, 0, -1)
    assert inspector.page.locator("td .key:visible").count() > 5


def test_page_of_the_shortcuts_has_no_fault_at_any_width(inspector, check_page):
    inspector.go("/staff/keys/")

    assert re.search(r"Keyboard shortcuts are\s+on", inspector.text)
    check_page(inspector)
