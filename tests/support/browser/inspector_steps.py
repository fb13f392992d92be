"""An inspector's steps with a booking, for tests of later steps."""

MEETING_PLACE = "Peckham Rye station, main entrance, under the clock"


def open_booking(inspector, reference):
    inspector.go("/staff/bookings/?state=waiting")
    inspector.activate(inspector.page.locator("tr", has_text=reference).get_by_role("link").first)


def schedule_walk(inspector, reference):
    """Sign in, and schedule the walk with the two officers of the demo data."""
    inspector.sign_in("inspector.as")
    inspector.keep_picture("inspector")
    inspector.activate(inspector.page.locator("tr", has_text=reference).get_by_role("link").first)
    inspector.press("Schedule a walk")
    inspector.fill(meeting_place=MEETING_PLACE, finish_place="Back at the start")
    inspector.choose("Arranged")
    inspector.fill(how_step_free="Lift at both ends")
    inspector.page.get_by_label("Olive Officer", exact=False).check()
    inspector.page.get_by_label("Petra Partner", exact=False).check()
    inspector.press("Schedule this walk")
    assert "Walk scheduled" in inspector.text
