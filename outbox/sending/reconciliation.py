"""Asks the mail server whether it already has a message whose reply was lost.

A sender may die, or a connection may break, after the content was sent. Before sending such a message again, we ask the
server if we can. `settings.EMAIL_RECONCILER` names a function that takes a Message-ID, with its angle brackets, and
returns one of the three answers. Without such a function every answer is "unknown".
"""

import logging
from enum import StrEnum

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class AcceptanceAnswer(StrEnum):
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    UNKNOWN = "unknown"


def ask_mail_server(message_id: str) -> AcceptanceAnswer:
    """Return the server's answer. Never fail: if we cannot ask, the message must still be sent."""
    if not settings.EMAIL_RECONCILER:
        return AcceptanceAnswer.UNKNOWN
    try:
        return AcceptanceAnswer(import_string(settings.EMAIL_RECONCILER)(message_id))
    except Exception as error:  # noqa: BLE001 - whatever the error, "unknown" is the true answer
        logger.error("Could not ask the mail server: %s", type(error).__name__)
        return AcceptanceAnswer.UNKNOWN
