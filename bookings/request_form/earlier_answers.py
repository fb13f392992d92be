"""The answers of an earlier request, with which a requester starts another."""

from typing import Any

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft


def start_draft_from(booking: Booking) -> str:
    """Make a draft with the requester's earlier answers, and return the cookie that opens it.

    Whether anyone is in danger, the dates and the PIN are asked anew.
    """
    answers = {question: answer for question, answer in _answers_of(booking).items() if answer}
    _draft, cookie = Draft.objects.start(answers)
    return cookie


def _answers_of(booking: Booking) -> dict[str, Any]:
    """Return the answers as the questions of the request form keep them."""
    contact = booking.contact
    answers: dict[str, Any] = {
        "age": {"adult": "no" if contact.accompanied else "yes"},
        "area": {"borough": booking.borough.gss, "ward": booking.ward.gss if booking.ward else ""},
        "meeting-place": {
            "how": "place" if contact.meeting_place else "suggest",
            "place": contact.meeting_place,
            "map_point": contact.map_coordinates,
        },
        "name": {"name": contact.name},
        "contact": {
            "channel": str(booking.channel),
            "email": contact.email,
            "phone": contact.phone,
            "phone_rules": contact.phone_rules,
            "phone_times": contact.phone_times,
        },
        "needs": {"needs": contact.needs, "needs_details": contact.needs_details},
    }
    if contact.accompanied:
        answers["accompanied"] = {"together": "yes"}
    return answers | _optional_answers_of(booking)


def _optional_answers_of(booking: Booking) -> dict[str, Any]:
    contact = booking.contact
    may_share = contact.may_share_with_partners
    return {
        "route": {"route": contact.route} if contact.route else {},
        "about": {"about": contact.about} if contact.about else {},
        "company": {"companions": contact.companions} if contact.companions else {},
        "passing-on": {} if may_share is None else {"without_name": "yes" if may_share else "no"},
        "restricted": {"restricted": True} if booking.nominated_inspector_id else {},
    }
