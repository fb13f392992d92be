"""An inspector's steps with a booking, for tests of later steps."""

import re

BOOKING_PAGE = re.compile(r"/staff/bookings/[0-9a-f-]{36}/")
MEETING_PLACE = "Peckham Rye station, main entrance, under the clock"


def alert(inspector, title):
    """Return the row of Today that says this."""
    return inspector.page.locator(".alert", has_text=title)


def find_booking(inspector, reference):
    """Search for the booking by its reference, in the bar at the top of every page."""
    inspector.go("/staff/bookings/")
    box = inspector.page.locator("#staff-search")
    box.fill(reference)
    with inspector.page.expect_navigation():
        box.press("Enter")


def open_booking(inspector, reference):
    """Find the booking, and assign it to herself unless she has it already."""
    find_booking(inspector, reference)
    assign_to_herself(inspector)


def assign_to_herself(inspector):
    """On a booking's page, or on the page that asks why she opens it, take the booking unless she has it."""
    inspector.page.wait_for_url(BOOKING_PAGE)
    if inspector.page.get_by_role("button", name="Assign to me").count():
        inspector.press("Assign to me")
        inspector.page.get_by_text("Assigned to you").first.wait_for()


def choose_officers(inspector, *names):
    """Tick these officers, and none of the others that the page has ticked."""
    boxes = inspector.page.locator("[name=officers]")
    labels = [box.evaluate("box => box.labels[0].innerText") for box in boxes.all()]
    for box, label in zip(boxes.all(), labels, strict=True):
        inspector.tick(box, on=any(name in label for name in names))


def schedule_walk(inspector, reference):
    """Sign in, and schedule the walk with the two officers of the demo data."""
    inspector.sign_in("inspector.as")
    inspector.go("/staff/bookings/?state=open")
    inspector.keep_picture("inspector")
    open_booking(inspector, reference)
    inspector.press("Schedule a walk")
    inspector.fill(meeting_place=MEETING_PLACE)
    inspector.choose("Arranged")
    inspector.fill(how_step_free="Lift at both ends")
    choose_officers(inspector, "Olive Officer", "Petra Partner")
    inspector.press("Schedule")
    assert "Walk scheduled" in inspector.text
