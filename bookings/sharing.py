"""Sharing walks: who may share, and what each requester learns about the others. Never a name or a number."""

from uuid import UUID

from django.utils.translation import gettext as _

from bookings.models.bookings import Booking
from bookings.models.sharing import Guest, SharingConsent
from bookings.statuses import ConsentAnswer, GuestState, Status
from walkandtalk.lib.plain_text import one_line
from walks.models.walks import Walk


def describe_companions(walk: Walk, *, besides: Booking) -> str:
    """Say how many other women and which guests are coming. Return "" if nobody else is."""
    guests = [one_line(guest.in_words) for guest in walk.guests.filter(state=GuestState.COMING)]
    return "; ".join(filter(None, [_describe_other_requesters(walk, besides), *guests]))


def _describe_other_requesters(walk: Walk, besides: Booking) -> str:
    other_bookings = walk.bookings.filter(status=Status.SCHEDULED).exclude(pk=besides.pk)
    rows = list(other_bookings.values_list("contact__companions", "contact__accompanied"))
    if not rows:
        return ""
    women = _("One other woman") if len(rows) == 1 else _("%(n)s other women") % {"n": len(rows)}
    brings = any(companions or accompanied for companions, accompanied in rows)
    return _("%(women)s, and the people they bring") % {"women": women} if brings else women


def is_shared_walk(booking: Booking) -> bool:
    """Return whether the walk goes ahead for others if this requester does not come."""
    walk = booking.walk
    return walk is not None and walk.bookings.filter(status=Status.SCHEDULED).exclude(pk=booking.pk).exists()


def has_everyone_consented(walk: Walk) -> bool:
    """Return whether every requester on the walk has agreed that others may join."""
    consented = walk.sharing_consents.filter(guest=None, answer=ConsentAnswer.YES).values("booking")
    return not walk.bookings.filter(status=Status.SCHEDULED).exclude(pk__in=consented).exists()


def open_sharing_questions(booking: Booking) -> list[SharingConsent]:
    """Return the sharing questions on the requester's page before her walk, about other women and guests."""
    if booking.status != Status.SCHEDULED or booking.walk is None or booking.walk.started_at is not None:
        return []
    questions = booking.sharing_consents.filter(walk=booking.walk).select_related("guest")
    return [question for question in questions if question.guest is None or question.guest.may_come]


def find_sharing_question(booking: Booking, *, guest: UUID | None = None) -> SharingConsent | None:
    """Return the question about this guest, or about other women if no guest is given."""
    return next((row for row in open_sharing_questions(booking) if row.guest_id == guest), None)


def has_everyone_accepted_guest(guest: Guest) -> bool:
    """Return whether every requester on the walk has agreed to this guest."""
    consented = guest.sharing_consents.filter(answer=ConsentAnswer.YES).values("booking")
    return not guest.walk.bookings.filter(status=Status.SCHEDULED).exclude(pk__in=consented).exists()
