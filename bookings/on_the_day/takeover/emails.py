"""Messages between officers about taking over a walk. They hold no detail of a requester, and no place."""

from django.conf import settings

from bookings.notices.threads import officer_thread
from outbox.actions import queue_message, supersede
from outbox.composing.compose import render
from walkandtalk.lib import london
from walkandtalk.lib.addresses import public_url
from walks.models.takeovers import Takeover
from walks.models.walks import START_OPEN_BEFORE


def send_officer_takeover_question(takeover: Takeover) -> None:
    """Ask the colleague. The message expires with the question."""
    _queue(takeover, "officer_takeover_question", to_colleague=True)


def send_officer_takeover_declined(takeover: Takeover) -> None:
    """Tell the officer who asked that her colleague can't, so that she is still on the walk."""
    _queue(takeover, "officer_takeover_declined", to_colleague=False)


def supersede_question(takeover: Takeover) -> None:
    """Stop an unsent question that was withdrawn."""
    supersede(officer_thread(takeover.walk, takeover.colleague), kinds=["officer_takeover_question"])


def _queue(takeover: Takeover, kind: str, *, to_colleague: bool) -> None:
    walk = takeover.walk
    recipient = takeover.colleague if to_colleague else takeover.asked_by
    queue_message(
        dedupe_key=f"walk:{walk.pk}:{kind}:{takeover.pk}:officer-{recipient.pk}",
        thread=officer_thread(walk, recipient),
        recipient=recipient.email,
        sender=settings.FROM_EMAIL,
        version=walk.version,
        expires_at=walk.start_at - START_OPEN_BEFORE if to_colleague else walk.end_at,
        **render(
            kind,
            {
                "date": london.long_date(walk.start_at),
                "start": london.clock(walk.start_at),
                "asked_by": takeover.asked_by.display_name,
                "colleague": takeover.colleague.display_name,
                "minutes": walk.minutes,
                "page": public_url("on_the_day:walks"),
            },
        ),
    )
