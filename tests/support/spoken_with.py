"""Acts of the team: the inspector opens the requester's number, and a second inspector agrees."""

from bookings.approvals.actions import approve, request_approval
from bookings.decisions.spoken_with import BY_PHONE, SpokenWith
from bookings.read_log import record_reason, reveal_phone
from bookings.statuses import ContactMethod, ReadReason

IN_PERSON = SpokenWith(method=ContactMethod.IN_PERSON, place="Peckham police station")
NOT_SPOKEN = SpokenWith(method=ContactMethod.NOT_SPOKEN)


IN_PERSON_DATA = {"contact_method": "in_person", "contact_place": IN_PERSON.place}
"""The same, as a form posts it."""


def show_number(booking, *, by):
    """Open the requester's number as an inspector does: she says why she needs the details, and presses the button."""
    record_reason([booking.pk], ReadReason.IN_TOUCH, by=by)
    return reveal_phone(booking, by=by)


def ring(booking, inspector):
    """Give the requester a number for calls, and let the inspector open it. Return how they spoke."""
    booking.contact.phone, booking.contact.phone_rules = "07700 900123", ["call"]
    booking.contact.save()
    show_number(booking, by=inspector)
    return BY_PHONE


def agree(booking, act, spoken, *, by, second, email=""):
    """Let a second inspector agree to this act."""
    approval = request_approval(booking, act, spoken, by=by, email=email)
    approve(approval, by=second)
    return approval
