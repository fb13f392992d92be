"""Steps of a booking up to its end, and the job that erases it."""

import datetime

from django.utils import timezone

from bookings.models.drafts import Draft
from bookings.on_the_day.actions import end_walk, start_walk
from bookings.request_form.actions import request_booking
from bookings.request_form.confirmation import confirm_booking
from bookings.retention import jobs
from bookings.scheduling.adjustments import ArrangedAdjustment
from tests.support.decisions import schedule_now
from walks.models.walks import Walk

PERIOD = datetime.timedelta(days=90)
LIFT = "Lift at both ends, walked by Sergeant Stone"
WORDS = "Come to the library instead"


def schedule_request(booking_request, inspector, team, plan):
    """Take the request to a scheduled walk by calling the actions, and return the booking."""
    draft, _ = Draft.objects.start()
    booking = request_booking(draft, request=booking_request)
    confirm_booking(booking)
    arranged = [ArrangedAdjustment(need="step_free", how=LIFT, agreed_otherwise=False)]
    schedule_now(booking, inspector, plan=plan, officers=team, arranged=arranged)
    return booking


def hold_walk(booking, officer):
    """Start the walk of this booking now, and end it."""
    Walk.objects.filter(pk=booking.walk_id).update(start_at=timezone.now())
    walk = Walk.objects.get(pk=booking.walk_id)
    start_walk(walk, by=officer)
    end_walk(walk, by=officer)
    booking.refresh_from_db()


def erase_bookings_ended_at(moment):
    """Run the job at the first moment when it erases bookings that ended at `moment`."""
    jobs.erase_due_bookings(moment + PERIOD)
