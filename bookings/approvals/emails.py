"""Messages that ask for a second inspector. They contain no personal details, only a link to the page that does."""

from django.conf import settings

from bookings import links
from bookings.models.approvals import Approval
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.threads import team_booking_thread
from outbox.actions import queue_message
from outbox.composing.compose import render


def approval_requested(booking: Booking, event: Event, approval: Approval) -> None:
    """Ask the team, and the nominated inspector of another BCU, because the team may have nobody else on duty."""
    elsewhere = booking.bcu.nominated_inspector
    colleagues = approval.requested_by.bcu
    recipients = {
        colleagues.inbox if colleagues is not None else "",
        elsewhere.email if elsewhere is not None and elsewhere.is_active else "",
    }
    content = render(
        "team_approval_needed",
        {"reference": booking.spoken_reference, "staff_page": links.staff_approval_url(approval.pk)},
    )
    for number, recipient in enumerate(sorted(recipients - {""})):
        queue_message(
            dedupe_key=f"booking:{booking.pk}:team_approval_needed:{event.pk}:{number}",
            thread=team_booking_thread(booking),
            recipient=recipient,
            sender=settings.FROM_EMAIL,
            **content,
        )
