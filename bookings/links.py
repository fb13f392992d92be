"""Addresses for messages. Hosts come from settings, never from a request, which could name a false host."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.statuses import Channel
from walkandtalk.lib.addresses import public_url

DISCREET_URLCONF = "walkandtalk.discreet_urls"


def page_url(booking: Booking, token: str) -> str:
    """Return the address of the requester's page."""
    return _requester_url(booking, "manage:page", token)


def seen_url(booking: Booking, token: str) -> str:
    """Return the address of the "I’ve seen this" button on the requester's page."""
    return f"{page_url(booking, token)}#seen"


def offer_url(booking: Booking, token: str) -> str:
    """Return the address where the requester answers our offer."""
    return _requester_url(booking, "manage:answer_offer", token)


def sharing_consent_url(booking: Booking, token: str) -> str:
    """Return the address on the requester's page where she says whether someone may join her walk."""
    return f"{page_url(booking, token)}#company"


def complaint_url(booking: Booking, token: str) -> str:
    """Return the address of the advice on the requester's page about complaints."""
    return f"{page_url(booking, token)}#unhappy"


def one_officer_url(booking: Booking, token: str) -> str:
    """Return the address where the requester says whether one officer is enough."""
    return _requester_url(booking, "manage:one_officer", token)


def freeze_url(channel: Channel, token: str) -> str:
    """Return the address where the reader of a security notice says “This wasn’t me”, on the host of that channel."""
    return _url(channel, "manage:freeze", token)


def cancel_url(booking: Booking, token: str) -> str:
    return _requester_url(booking, "manage:cancel", token)


def change_url(booking: Booking, token: str) -> str:
    """Return the address where the requester asks for other times."""
    return _requester_url(booking, "manage:request_other_times", token)


def copy_url(booking: Booking, token: str) -> str:
    """Return the address where the requester gets a copy of her details."""
    return _requester_url(booking, "data_rights:copy", token)


def erasure_url(booking: Booking, token: str) -> str:
    """Return the address where the requester deletes her details."""
    return _requester_url(booking, "data_rights:erase", token)


def undo_erasure_url(booking: Booking, token: str) -> str:
    """Return the address where the requester keeps her details after all."""
    return _requester_url(booking, "data_rights:undo_erasure", token)


def map_url(booking: Booking, token: str) -> str:
    """Return the address of our own map of the meeting place."""
    return _requester_url(booking, "manage:map", token)


def find_booking_url(booking: Booking) -> str:
    """Return the address where a requester with a reference but no link finds her page."""
    return _requester_url(booking, "manage:find_booking")


def neutral_find_booking_url() -> str:
    """Return that address on the neutral host, for every channel: nothing there may name the public host."""
    return f"{settings.DISCREET_URL}{reverse('manage:find_booking', urlconf=DISCREET_URLCONF)}"


def report_url(booking: Booking, token: str) -> str:
    """Return the address where the requester reports a concern."""
    return _requester_url(booking, "feedback:submit_report", token)


def recorded_notes_url(booking: Booking, token: str) -> str:
    """Return the address where the requester reads and corrects the notes an officer recorded for her."""
    return _requester_url(booking, "feedback:recorded_notes", token)


def follow_up_url(booking: Booking, token: str) -> str:
    """Return the address where the requester answers whether a concern has improved."""
    return _requester_url(booking, "feedback:follow_up", token)


def place_report_url(channel: Channel, token: str) -> str:
    """Return the address of the page of someone who told us about a place without asking for a walk."""
    return _url(channel, "tell_us:page", token)


def place_report_follow_up_url(channel: Channel, token: str) -> str:
    """Return the address where she answers whether a concern has improved."""
    return _url(channel, "tell_us:follow_up", token)


def new_request_url() -> str:
    return public_url("request_form:start")


def privacy_url() -> str:
    return public_url("boroughs:privacy")


def staff_concern_url(pk: UUID) -> str:
    return public_url("feedback:concern", pk)


def staff_url(name: str) -> str:
    """Return the address of a staff list."""
    return public_url(name)


def staff_booking_url(booking: Booking) -> str:
    return public_url("triage:booking", booking.pk)


def staff_approval_url(pk: UUID) -> str:
    return public_url("approvals:approve", pk)


def _requester_url(booking: Booking, name: str, *args: str) -> str:
    return _url(Channel(booking.channel), name, *args)


def _url(channel: Channel, name: str, *args: str) -> str:
    if channel == Channel.DISCREET:
        return f"{settings.DISCREET_URL}{reverse(name, urlconf=DISCREET_URLCONF, args=args)}"
    return public_url(name, *args)
