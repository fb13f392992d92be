"""Notes that officers make after a walk, and corrections that the requester makes."""

import uuid

from feedback.reports import actions
from tests.support.feedback_factories import told


def note_concern(booking, officer, **fields):
    return actions.note_concern(booking.walk, booking, told(**fields), submission=uuid.uuid4(), by=officer)


def note_walk(booking, officer, *, submission=None, noted=(), agreed="", words=""):
    return actions.note_walk(
        booking.walk,
        booking,
        submission=submission or uuid.uuid4(),
        by=officer,
        noted=noted,
        agreed=agreed,
        words=words,
    )


def post_correction(her_pages, concern, **said):
    """Send the requester's correction of this concern, and return the response."""
    client, address = her_pages
    data = {"what": "correct", "version": 0, "place": "The bridge", "text": "Three men stood there."} | said
    return client.post(address("correct", concern.pk), data)
