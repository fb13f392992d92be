"""Officers' notes after a walk, and the requester's corrections."""

import uuid

from feedback.reports import actions
from tests.support.feedback_factories import make_report_submission


def record_concern(booking, officer, **fields):
    return actions.record_concern(
        booking.walk, booking, make_report_submission(**fields), submission=uuid.uuid4(), by=officer
    )


def add_walk_note(booking, officer, *, submission=None, noted=(), agreed="", words="", about_a_place=None):
    said = {"noted": noted, "agreed": agreed, "words": words, "about_a_place": about_a_place}
    entry = actions.WalkNoteEntry(submission=submission or uuid.uuid4(), **said)
    return actions.add_walk_note(booking.walk, booking, entry, by=officer)


def post_correction(requester_pages, concern, **said):
    """Send the requester's correction of this concern, and return the response."""
    client, address = requester_pages
    data = {"what": "correct", "version": 0, "place": "The bridge", "text": "Three men stood there."} | said
    return client.post(address("correct", concern.pk), data)
