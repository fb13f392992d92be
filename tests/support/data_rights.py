"""Steps of a requester who gets a copy of her details, or deletes them."""

import datetime

from django.urls import reverse
from django.utils import timezone

from bookings.models.links import Link
from outbox.models import Message
from tests.support.leak_search import LINK_IN_MESSAGE


def link_to(name, booking, purpose=Link.Purpose.PAGE, *, expires_in=datetime.timedelta(hours=1)):
    """Create a link of this purpose, and return the address of the page of this name."""
    token = Link.objects.create_token(booking, purpose, expires_at=timezone.now() + expires_in)
    return reverse(f"data_rights:{name}", args=[token])


def last_message(kind):
    return Message.objects.filter(kind=kind).latest("number")


def last_link(kind):
    """Return the path of the link in the newest message of this kind."""
    return LINK_IN_MESSAGE.search(last_message(kind).text).group(1)


def remove_pin(booking):
    booking.contact.pin_hmac = ""
    booking.contact.save()
    return booking
