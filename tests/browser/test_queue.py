"""An inspector filters the queue, assigns a booking to herself, adds a note and marks a safeguarding matter."""

import pytest

from tests.support.browser.inspector_steps import find_booking
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(("width", "javascript"), [(320, False), (1280, True)])
def test_inspector_filters_claims_notes_and_marks_safeguarding(visit, stack, width, javascript):
    woman, inspector = visit(), visit(width=width, javascript=javascript)
    reference = ask_for_a_walk(woman, f"queue.{width}@example.com", unused_date())
    pk = stack.shell(f"print(Booking.objects.get(reference='{reference.replace('-', '')}').pk)").strip()
    row = inspector.page.locator("tr", has=inspector.page.locator(f"a[href='/staff/bookings/{pk}/']"))
    inspector.sign_in("inspector.as")
    faults = []

    def check_page():
        inspector.page.wait_for_load_state("networkidle")
        faults.extend(inspector.wider_than_the_screen() + (inspector.axe_violations() if javascript else []))

    check_page()
    inspector.go("/staff/bookings/")
    check_page()
    inspector.activate(inspector.page.locator(".tabs").get_by_role("link", name="Unassigned"))
    inspector.choose("Not read yet")
    inspector.press("Filter")
    check_page()
    filtered = row.count()
    is_still_checked = inspector.page.get_by_label("Not read yet").is_checked()
    inspector.activate(row.get_by_role("button", name="Assign to me"))
    inspector.page.get_by_text("Assigned to you").first.wait_for()
    check_page()
    inspector.follow("Leave a note")
    inspector.fill(note="She prefers Thursdays.")
    inspector.press("Save the note")
    inspector.follow("Stop: this is a crime or a safeguarding matter")
    check_page()
    inspector.press("Mark this booking")
    booking = inspector.text
    check_page()
    inspector.go("/staff/bookings/?state=mine")
    mine = row.inner_text()
    check_page()
    inspector.go("/staff/bookings/?state=problems")
    check_page()
    find_booking(inspector, reference.lower().replace("-", " "))
    inspector.follow("Say what became of it")
    inspector.choose("Recorded as a crime")
    inspector.press("Close it")

    assert (filtered, is_still_checked) == (1, True)
    assert "She prefers Thursdays." in booking
    assert "Marked by " in booking
    assert "You" in mine
    assert "Stop: crime or safeguarding" in mine
    assert "Say what became of it" not in inspector.text
    assert faults == []
