"""The values that messages about a walk have in common."""

from bookings.notices.walk_card import when_in_words
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walks import links
from walks.models.walks import Walk


def date_and_start_context(walk: Walk) -> Context:
    return {
        "date": london.long_date(walk.start_at),
        "start": london.clock(walk.start_at),
        "meeting_place": walk.meeting_place,
    }


def walk_context(walk: Walk) -> Context:
    return {
        **date_and_start_context(walk),
        "when": when_in_words(walk),
        "finish_place": walk.finish_place,
        "duty_number": walk.duty_number,
        "staff_page": links.staff_walk_url(walk),
    }
