"""The words that each kind of receiver will read when many requests are declined with the same words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bookings import links
from bookings.models.bookings import Booking
from bookings.permissions import may_show_details
from bookings.statuses import Channel, DeclineAlternative
from bookings.triage.decline.actions import Decline
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.without_speaking import WithoutSpeaking
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib.phone_links import call_url

KIND = "booking_declined"
HER_LINK = "https://her-own-link"
"""Stands for a link of her own, which is made with the message."""


@dataclass(frozen=True)
class Words:
    """The message to one kind of receiver. Without a subject she reads it on her page alone."""

    who: str
    number: int
    subject: str
    text: str


def words_for(bookings: Iterable[Booking], decline: Decline, team: BoroughCommandUnit) -> Iterator[Words]:
    """Yield what each kind of receiver among these will read, the most common kind first."""
    kinds: dict[str, int] = {}
    for booking in bookings:
        kind = _kind_of(booking)
        kinds[kind] = kinds.get(kind, 0) + 1
    for kind, number in sorted(kinds.items(), key=lambda item: -item[1]):
        yield _words(kind, number, decline, team)


def _kind_of(booking: Booking) -> str:
    if not booking.can_be_emailed:
        return ON_HER_PAGE
    if booking.channel == Channel.DISCREET:
        return DISCREET
    return BY_NAME if may_show_details(booking) else WITHOUT_NAME


BY_NAME = "by email, with everything"
WITHOUT_NAME = "by email, without her name, because she hasn’t confirmed that it’s hers"
DISCREET = "by discreet email, which leads to her page"
ON_HER_PAGE = "only on her page, because we don’t write to her"


def _words(kind: str, number: int, decline: Decline, team: BoroughCommandUnit) -> Words:
    full = render(KIND, _context(decline, team, greeting="Hello." if kind == WITHOUT_NAME else "Hello (her name)."))
    if kind == ON_HER_PAGE:
        return Words(kind, number, "", _on_her_page(decline))
    if kind == DISCREET:
        discreet = render(KIND, {"page": HER_LINK}, is_discreet=True)
        return Words(kind, number, discreet["subject"], f"{discreet['text'].strip()}\n\n{_on_her_page(decline)}")
    return Words(kind, number, full["subject"], full["text"].strip())


def _on_her_page(decline: Decline) -> str:
    """Return the parts of her page that the inspector chose and wrote."""
    alternatives = [f"• {DeclineAlternative(code).label}" for code in decline.alternatives]
    parts = [f"We can’t arrange this walk, because {decline.reason.label}.", "\n".join(alternatives), decline.message]
    return "\n\n".join(["Her page says:", *filter(None, parts)])


def _context(decline: Decline, team: BoroughCommandUnit, *, greeting: str) -> Context:
    return {
        "greeting": greeting,
        "reference": "(her reference)",
        "team": team.team_name,
        "team_number": team.duty_number,
        "team_call": call_url(team.duty_number),
        "team_hours": team.duty_hours,
        "by_text": WithoutSpeaking.of(team.duty_number, team.text_number),
        "reason": str(decline.reason.label),
        "alternatives": [str(DeclineAlternative(code).label) for code in decline.alternatives],
        "note": decline.message,
        "ask_again": links.new_request_url(),
        **dict.fromkeys(("page", "submit_report", "unhappy"), HER_LINK),
    }
