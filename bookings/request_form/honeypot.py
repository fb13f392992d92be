"""A copy of the sent page for robots, so that they do not learn that we detected them."""

from django.conf import settings
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.request_form import emails
from bookings.request_form.questions import Answers, booking_request
from bookings.statuses import Channel
from boroughs.models.bcus import BoroughCommandUnit
from outbox.models import Message
from walkandtalk.lib import london


def make_decoy_booking(answers: Answers) -> tuple[Booking, Message | None]:
    """Return an unsaved booking and message for the sent page. The reference comes from the draft."""
    request, now = booking_request(answers), timezone.now()
    bcu = BoroughCommandUnit.objects.get(boroughs__gss=request.borough_gss)
    walk_needed_at = min(
        london.to_instant(preferred_time.date, preferred_time.start) for preferred_time in request.preferred_times
    )
    booking = Booking(
        reference=answers["decoy"]["reference"],
        bcu=bcu,
        channel=request.channel,
        answer_due_at=bcu.answer_due_at(now, walk_needed_at),
    )
    if request.channel == Channel.NONE:
        return booking, None
    return booking, Message(
        recipient=request.email,
        sender=settings.FROM_EMAIL if request.channel == Channel.FULL else settings.DISCREET_FROM_EMAIL,
        subject=emails.received_subject(booking),
    )
