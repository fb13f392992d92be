"""An inspector filters the queue, claims a booking, adds a note and marks a safeguarding matter."""

import pytest

from tests.support.browser.requester_steps import ask_for_a_walk, unused_date

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(("width", "javascript"), [(320, False), (1280, True)])
def test_inspector_filters_claims_notes_and_marks_safeguarding(visit, width, javascript):
    woman, inspector = visit(), visit(width=width, javascript=javascript)
    reference = ask_for_a_walk(woman, f"queue.{width}@example.com", unused_date())
    inspector.sign_in("inspector.as")
    faults = []

    def check_page():
        inspector.page.wait_for_load_state("networkidle")
        faults.extend(inspector.wider_than_the_screen() + (inspector.axe_violations() if javascript else []))

    inspector.go("/staff/bookings/")
    inspector.open_details("More filters")
    inspector.page.get_by_label("Assigned to").select_option("nobody")
    inspector.choose("Not read yet")
    check_page()
    inspector.press("Show these")
    check_page()
    filtered = inspector.page.locator("tr", has_text=reference).count()
    is_still_checked = inspector.page.get_by_label("Not read yet").is_checked()
    inspector.fill(reference=reference.lower().replace("-", " "))
    inspector.press("Find")
    inspector.press("Assign to me")
    check_page()
    inspector.follow("Leave a note")
    inspector.fill(note="She prefers Thursdays.")
    inspector.press("Save the note")
    inspector.follow("Stop: this is a crime or a safeguarding matter")
    check_page()
    inspector.press("Mark this booking")
    booking = inspector.text
    check_page()
    inspector.go("/staff/bookings/?whose=mine")
    queue = inspector.page.locator("tr", has_text=reference).inner_text()
    check_page()
    inspector.go("/staff/bookings/?state=safeguarding")
    inspector.activate(inspector.page.locator("tr", has_text=reference).get_by_role("link").first)
    inspector.follow("Say what became of it")
    inspector.choose("Recorded as a crime")
    inspector.press("Close it")

    assert (filtered, is_still_checked) == (1, True)
    assert "She prefers Thursdays." in booking
    assert "Marked by " in booking
    assert "With Inspector" in queue
    assert "Stop: crime or safeguarding" in queue
    assert "Say what became of it" not in inspector.text
    assert faults == []
