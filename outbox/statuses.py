"""The states of a message, and the steps of an attempt to send it."""

from django.db.models import TextChoices


class State(TextChoices):
    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    RETRY = "retry", "To be tried again"
    SENT = "sent", "Handed over"
    FAILED = "failed", "Refused"
    BOUNCED = "bounced", "Came back"
    SUPERSEDED = "superseded", "Overtaken by newer news"
    EXPIRED = "expired", "Not sent in time"
    UNDONE = "undone", "Not sent, because the decision was undone"
    REVIEW = "review", "From a restored backup, and perhaps sent before"


# No sender holds these, so they may be claimed, superseded or expired.
WAITING = (State.PENDING, State.RETRY)
UNSENT = (*WAITING, State.SENDING)
# Nobody received these, and nobody will.
UNDELIVERED = (State.FAILED, State.BOUNCED, State.EXPIRED)
# Someone must make sure that the reader knows.
TO_RESOLVE = (*UNDELIVERED, State.REVIEW)


class Step(TextChoices):
    """One step of an attempt, as the log of attempts records it."""

    STARTED = "started", "Started"
    ACCEPTED = "accepted", "Accepted"
    FOUND = "found", "Accepted before, as the server said when it was asked"
    SETTLED = "settled", "Sent before a restore, as someone decided"
    DEFERRED = "deferred", "Not now"
    REFUSED = "refused", "Refused for good"
    UNANSWERED = "unanswered", "No answer: it may or may not have been accepted"
    BOUNCED = "bounced", "Came back, as we were told later"
    WITHDRAWN = "withdrawn", "Overtaken before it was handed over"
