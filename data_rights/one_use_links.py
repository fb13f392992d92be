"""Links that work once, for a requester without a PIN: only her own inbox has them, and not for long."""

import datetime
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.manage.contact.actions import count_resend
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.notices.letters import MessageLink
from bookings.permissions import BookingAction, RequesterAction, available_actions, requester_actions
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require

LIFETIME = datetime.timedelta(hours=1)


def one_hour_link(purpose: Link.Purpose, address: Callable[[Booking, str], str]) -> MessageLink:
    return MessageLink(purpose=purpose, address=address, expires_at=timezone.now() + LIFETIME)


def use_link(token: str, purpose: Link.Purpose) -> None:
    """Use the link up, so that nobody opens it again from the requester's inbox. The action it allows follows."""
    if not Link.objects.use(token, purpose):
        raise ActionError(_("This link has been used already. Ask for a new one."))


def check_may_be_sent(booking: Booking, *, by: Officer | None, hers: RequesterAction, staff: BookingAction) -> None:
    """Check that a link may be sent to the address on file, and count it. The caller holds the lock.

    A colleague may send one only to an address that the requester has confirmed, and never reads it herself.
    """
    now = timezone.now()
    if by is None:
        if hers not in requester_actions(booking, now) or not (booking.can_be_emailed and booking.contact.email):
            raise ActionError(_("We can’t send you a link for this. Call the team named on your page."))
    else:
        allowed = available_actions(booking, by, now)
        require(bool(allowed))
        if staff not in allowed:
            raise ActionError("She hasn’t confirmed an email address that we may write to, so we can’t send it.")
    count_resend(booking, of=hers)
