"""Addresses for messages. Their hosts come from settings, never from a request, whose sender may name any host."""

from django.conf import settings
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.statuses import Channel
from walks.links import public_url

DISCREET_URLCONF = "walkandtalk.discreet_urls"


def page_url(booking: Booking, token: str) -> str:
    """Her page."""
    return _requester_url(booking, "manage:page", token)


def seen_url(booking: Booking, token: str) -> str:
    """Where on her page the button "I have seen this" is."""
    return f"{page_url(booking, token)}#seen"


def offer_url(booking: Booking, token: str) -> str:
    """Where she picks one of the times that we offered, or none."""
    return _requester_url(booking, "manage:answer_offer", token)


def sharing_consent_url(booking: Booking, token: str) -> str:
    """Where on her page she says whether somebody may join her walk."""
    return f"{page_url(booking, token)}#company"


def complaint_url(booking: Booking, token: str) -> str:
    """Where on her page it says what she can do about an answer that she is unhappy with."""
    return f"{page_url(booking, token)}#unhappy"


def one_officer_url(booking: Booking, token: str) -> str:
    """Where she says whether one officer will do."""
    return _requester_url(booking, "manage:one_officer", token)


def cancel_url(booking: Booking, token: str) -> str:
    return _requester_url(booking, "manage:cancel", token)


def change_url(booking: Booking, token: str) -> str:
    """Where she asks for other times."""
    return _requester_url(booking, "manage:request_other_times", token)


def map_url(booking: Booking, token: str) -> str:
    """Where she is met, on our own map."""
    return _requester_url(booking, "manage:map", token)


def find_booking_url(booking: Booking) -> str:
    """The way to her page for somebody who has the reference and no link."""
    return _requester_url(booking, "manage:find_booking")


def neutral_find_booking_url() -> str:
    """The same for somebody who is on the neutral host, whatever she chose: nothing there names the other one."""
    return f"{settings.DISCREET_URL}{reverse('manage:find_booking', urlconf=DISCREET_URLCONF)}"


def report_url(booking: Booking, token: str) -> str:
    """Where she says what worried her."""
    return _requester_url(booking, "feedback:submit_report", token)


def recorded_notes_url(booking: Booking, token: str) -> str:
    """Where she reads what an officer noted for her, and corrects it."""
    return _requester_url(booking, "feedback:recorded_notes", token)


def follow_up_url(booking: Booking, token: str) -> str:
    """Where she says whether it is better since something was done."""
    return _requester_url(booking, "feedback:follow_up", token)


def new_request_url() -> str:
    return public_url("request_form:start")


def privacy_url() -> str:
    return public_url("boroughs:privacy")


def staff_url(name: str) -> str:
    """A list of the staff."""
    return public_url(name)


def staff_booking_url(booking: Booking) -> str:
    return public_url("triage:booking", booking.pk)


def _requester_url(booking: Booking, name: str, *args: str) -> str:
    if booking.channel == Channel.DISCREET:
        return f"{settings.DISCREET_URL}{reverse(name, urlconf=DISCREET_URLCONF, args=args)}"
    return public_url(name, *args)
