"""Launch night: many requests arrive within minutes, and one inspector assigns and schedules them by keyboard alone."""

import pytest

from tests.support.browser.launch_night import Triage

pytestmark = pytest.mark.stack

REQUESTS = 2
READY = "/staff/bookings/?state=ready"
LOADS_PER_BOOKING = 4
PRESSES_PER_BOOKING = 6


def test_inspector_schedules_every_request_of_launch_night_by_keyboard(visit, stack, team):
    team.make_booking()
    stack.shell("Booking.objects.filter(bcu__code='SE').delete()\nprint('done')")
    team.make_requests(REQUESTS, names=("Amina", "Bea", "Cleo", "Dora"))
    inspector = visit(keyboard=True)
    inspector.sign_in("inspector.se")
    triage = Triage(inspector)

    for _booking in range(REQUESTS):
        triage.go(READY)
        triage.assign_first()
        triage.open_schedule()
        triage.choose_two_officers()
        triage.send()
        inspector.page.get_by_text("Walk scheduled for").first.wait_for()
    scheduled = stack.shell("print(Booking.objects.filter(bcu__code='SE', status='scheduled').count())").strip()

    assert scheduled == str(REQUESTS)
    assert triage.loads <= LOADS_PER_BOOKING * REQUESTS
    assert triage.presses <= PRESSES_PER_BOOKING * REQUESTS
