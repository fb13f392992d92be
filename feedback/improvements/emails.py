"""The message to the owner of an improvement."""

from django.conf import settings

from bookings.notices.threads import concern_owner_thread
from feedback.models.improvements import Improvement
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.addresses import public_url


def improvement_owner_chosen(improvement: Improvement, *, because: str) -> None:
    """Tell the new owner, at their work address: only a link and the day.

    `because` names the event, so that each choice of an owner makes one message.
    """
    context: Context = {
        "review_date": london.long_date(improvement.review_date),
        "page": public_url("improvements:improvement", improvement.pk),
    }
    queue_message(
        dedupe_key=f"improvement:{improvement.pk}:officer_improvement_owner:{because}",
        thread=concern_owner_thread(improvement.owner),
        recipient=improvement.owner.email,
        sender=settings.FROM_EMAIL,
        **render("officer_improvement_owner", context),
    )
