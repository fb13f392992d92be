"""Ticking rows of the queue and doing one thing with all of them: by pointer, by keyboard, without scripts."""

import pytest

pytestmark = pytest.mark.stack

ROWS = 5


@pytest.fixture
def queue(visit, team):
    """Open the queue with five bookings, all assigned to the inspector who reads it."""

    def open_queue(**options):
        team.make_booking(booking_count=ROWS)
        inspector = visit(**options)
        inspector.sign_in("inspector.se")
        inspector.go("/staff/bookings/?state=mine")
        return inspector

    return open_queue


def boxes(inspector):
    return inspector.page.locator("input[name=ticked]")


def ticked(inspector):
    return boxes(inspector).evaluate_all("boxes => boxes.map(box => box.checked)")


def bar(inspector):
    return inspector.page.locator(".ticked-bar")


def test_shift_click_ticks_a_range_and_the_bar_counts(queue, check_page):
    inspector = queue()
    hidden = bar(inspector).is_visible()

    boxes(inspector).nth(1).click()
    boxes(inspector).nth(3).click(modifiers=["Shift"])
    ranged, said = ticked(inspector), bar(inspector).get_by_role("status").inner_text()
    check_page(inspector)
    inspector.page.get_by_label("Tick all on this page").check()
    all_said = bar(inspector).get_by_role("status").inner_text()
    inspector.press("Clear")

    assert (hidden, ranged, said, all_said) == (False, [False, True, True, True, False], "3 ticked", f"{ROWS} ticked")
    assert ticked(inspector) == [False] * ROWS
    assert not bar(inspector).is_visible()


def test_range_note_and_decline_by_keyboard_alone(queue, width):
    inspector = queue(keyboard=True, width=width)

    inspector.reach(boxes(inspector).nth(0))
    inspector.page.keyboard.press("Space")
    inspector.reach(boxes(inspector).nth(2))
    inspector.page.keyboard.press("Shift+Space")
    ranged = ticked(inspector)
    inspector.press("Add a note")
    inspector.fill(note="Ring after 5pm.")
    inspector.press("Add the note")
    noted = inspector.heading
    inspector.go("/staff/bookings/?state=mine")
    inspector.tick(boxes(inspector).nth(4))
    inspector.activate(bar(inspector).get_by_role("button", name="Decline"))
    inspector.choose("no officers are free at the times you chose", "Ask again for another day or time")
    inspector.press("Preview the messages")
    words = inspector.text
    inspector.press("Decline 1 booking")

    assert ranged == [True, True, True, False, False]
    assert noted == "Note added to 3 of 3 bookings"
    assert "We can’t arrange this walk, because no officers are free" in words
    assert inspector.heading == "1 of 1 bookings declined"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_every_page_of_an_act_is_accessible_and_fits(queue, check_page, javascript):
    inspector = queue(javascript=javascript, width=320)
    inspector.tick(boxes(inspector).nth(0))
    inspector.tick(boxes(inspector).nth(1))
    check_page(inspector)

    inspector.press("Offer a recurring walk")
    check_page(inspector)
    inspector.go("/staff/bookings/?state=mine")
    inspector.tick(boxes(inspector).nth(0))
    inspector.press("Hand over")
    check_page(inspector)
    inspector.press("Hand over")
    check_page(inspector)
    inspector.go("/staff/bookings/?state=mine")
    inspector.tick(boxes(inspector).nth(0))
    inspector.activate(bar(inspector).get_by_role("button", name="Decline"))
    inspector.choose("no officers are free at the times you chose", "Ask again for another day or time")
    inspector.press("Preview the messages")
    check_page(inspector)
    inspector.press("Decline 1 booking")
    check_page(inspector)

    assert inspector.heading == "1 of 1 bookings declined"


def test_day_is_cleared_without_scripts(visit, team, check_page, width):
    walk = team.make_walk()
    inspector = visit(javascript=False, width=width)
    inspector.sign_in("inspector.se")
    inspector.go("/staff/clear-day/")
    check_page(inspector)

    date = team.stack.shell(f"print(Walk.objects.get(pk='{walk.walk}').date)").strip()
    inspector.go(f"/staff/clear-day/?date={date}&officer=")
    inspector.open_details("Who can’t walk: the whole team")
    inspector.tick(inspector.page.get_by_label("PC Rosa Reed, 601SE"))
    inspector.press("Show the walks")
    check_page(inspector)
    inspector.press("Make these changes and tell everyone")
    check_page(inspector)

    assert "PC Tamsin Tull and PC Una Usher walk instead." in inspector.text
    assert "PC Rosa Reed, 601SE is now marked as off duty that day." in inspector.text
    assert "No walks left." in inspector.text
