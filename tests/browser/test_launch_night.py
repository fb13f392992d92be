"""Launch night: many requests arrive within minutes, and one inspector assigns and schedules them by keyboard alone."""

import pytest

from tests.support.browser.launch_night import Triage

pytestmark = pytest.mark.stack

REQUESTS = 40
READY = "/staff/bookings/?state=ready"
MOST_LOADS = 80
MOST_PRESSES_PER_BOOKING = 3


def test_inspector_schedules_every_request_of_launch_night_by_keyboard(visit, stack, team):
    team.make_booking()  # hers already
    team.make_requests(REQUESTS - 1, names=("Amina", "Bea", "Cleo", "Dora"))
    inspector = visit(keyboard=True)
    inspector.sign_in("inspector.se")
    triage = Triage(inspector)

    triage.go(READY)
    triage.assign_all()
    triage.go(READY)
    triage.open_first_to_schedule()
    inspector.keep_picture("staff-booking")
    for _booking in range(REQUESTS):
        triage.schedule_and_open_next()
    scheduled = stack.shell("print(Booking.objects.filter(bcu__code='SE', status='scheduled').count())").strip()

    assert "That was the last booking in “Ready to schedule”." in inspector.text
    assert scheduled == str(REQUESTS)
    assert triage.loads <= MOST_LOADS
    assert triage.presses <= MOST_PRESSES_PER_BOOKING * REQUESTS
