"""An inspector filters the queue, assigns a booking to herself, adds a note and marks a safeguarding matter."""

import pytest

from tests.support.browser.inspector_steps import alert, find_booking
from tests.support.browser.requester_steps import ask_for_a_walk, unused_date

pytestmark = pytest.mark.stack

LONG_NAME = "Wilhelmina Featherstonehaugh-Cholmondeley de la Zouche Oyelaran-Oyeyinka"
BELOW_ITS_ROW = """all => all
    .filter(each => each.getBoundingClientRect().bottom > each.closest("tr").getBoundingClientRect().bottom)
    .map(each => each.textContent)"""
FLAG_TWO = """
from bookings.models.safeguarding import SafeguardingFlag
by = Officer.objects.get(email='inspector.se@example.com')
for booking in Booking.objects.filter(claim__officer=by):
    SafeguardingFlag.objects.create(booking=booking, by=by)
print('done')
"""
FLAG_THEM = """
from django.db.models.functions import Length
from bookings.models.safeguarding import SafeguardingFlag
bookings = list(Booking.objects.filter(bcu__code='SE').select_related('contact').order_by('reference'))
ward = Ward.objects.filter(borough=bookings[0].borough).order_by(Length('name')).last()
by = Officer.objects.get(email='inspector.se@example.com')
Officer.objects.filter(email='inspector2.se@example.com').update(name='Grace Boateng-Featherstonehaugh')
Claim.objects.filter(booking=bookings[2]).update(officer=Officer.objects.get(email='inspector2.se@example.com'))
for booking in bookings:
    booking.ward, booking.channel, booking.times_passed_at = ward, 'discreet', timezone.now()
    booking.save()
    booking.acknowledgement.nobody_came_reported_at = timezone.now()
    booking.acknowledgement.save()
    booking.contact.accompanied, booking.contact.inbox_unsafe_at = True, timezone.now()
    booking.contact.save()
for booking in bookings[:2]:
    SafeguardingFlag.objects.create(booking=booking, by=by)
print('done')
"""


@pytest.mark.parametrize(("width", "javascript"), [(320, False), (1280, True)])
def test_inspector_filters_claims_notes_and_marks_safeguarding(visit, stack, width, javascript):
    woman, inspector = visit(), visit(width=width, javascript=javascript)
    reference = ask_for_a_walk(woman, f"queue.{width}@example.com", unused_date())
    pk = stack.shell(f"print(Booking.objects.get(reference='{reference.replace('-', '')}').pk)").strip()
    row = inspector.page.locator("tr", has=inspector.page.locator(f"a[href^='/staff/bookings/{pk}/?']"))
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
    inspector.follow("Add a note")
    inspector.fill(note="She prefers Thursdays.")
    inspector.activate(inspector.page.get_by_role("button", name="Save note", exact=True))
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
    inspector.follow("Close this matter")
    inspector.choose("Recorded as a crime")
    inspector.press("Close it")

    assert (filtered, is_still_checked) == (1, True)
    assert "She prefers Thursdays." in booking
    assert "Marked by " in booking
    assert "You" in mine
    assert "Stop: crime or safeguarding" in mine
    assert "Close this matter" not in inspector.text
    assert faults == []


def test_first_booking_is_visible_below_two_alerts_and_rows_stay_low(visit, stack, team):
    team.make_booking(booking_count=2)
    team.make_requests(10)
    stack.shell(FLAG_TWO)
    inspector = visit()
    inspector.page.set_viewport_size({"width": 1280, "height": 900})
    inspector.sign_in("inspector.se")

    inspector.go("/staff/today/")
    inspector.keep_picture("staff-today")
    inspector.go("/staff/bookings/?state=open")
    inspector.keep_picture("staff-queue")
    rows = [row.bounding_box() for row in inspector.page.locator("[data-row]:not(.alert)").all()]

    assert alert(inspector, "Crime or safeguarding").count() == 2
    assert rows[0]["y"] <= 440
    assert sum(row["y"] + row["height"] <= 900 for row in rows) >= 9
    assert max(row["height"] for row in rows) <= 48


@pytest.mark.parametrize("width", [1280, 1600])
def test_rows_stay_low_with_long_names_and_every_flag(width, visit, stack, team):
    team.make_booking(booking_count=3, name=LONG_NAME)
    stack.shell(FLAG_THEM)
    inspector = visit(width=width)
    inspector.sign_in("inspector.se")

    inspector.go("/staff/bookings/?state=open")
    rows = inspector.page.locator("tbody [data-row]")
    heights = [row.bounding_box()["height"] for row in rows.all()]
    clipped = rows.locator(".govuk-tag").evaluate_all(BELOW_ITS_ROW)
    buttons = [button.bounding_box()["height"] for button in rows.locator(".govuk-button").all()]

    assert LONG_NAME in "".join(rows.all_inner_texts())
    assert len(heights) == 3
    assert max(heights) <= 48
    assert max(buttons) <= 36
    assert clipped == []
    assert inspector.wider_than_the_screen() == []
