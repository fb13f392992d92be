"""Whether the mail server has a message already, where nobody here saw its answer.

A sender may have died, or the connection been lost, after the content had gone. Whoever can ask the server asks before
the message goes again. `settings.EMAIL_RECONCILER` names a function that takes a Message-ID, brackets and all, and
gives back one of the three answers; without one every answer is "unknown".
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
    """Never fails: a server that cannot be asked is no reason to leave her without the message."""
    if not settings.EMAIL_RECONCILER:
        return AcceptanceAnswer.UNKNOWN
    try:
        return AcceptanceAnswer(import_string(settings.EMAIL_RECONCILER)(message_id))
    except Exception as error:  # noqa: BLE001 - whatever it is, "unknown" is the true answer
        logger.error("The mail server could not be asked: %s", type(error).__name__)
        return AcceptanceAnswer.UNKNOWN
