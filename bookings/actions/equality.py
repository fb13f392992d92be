"""She says something of herself, to be counted."""

import datetime
from collections.abc import Mapping

from bookings.models import Draft, EqualityCount


def count_equality(draft: Draft, *, answers: Mapping[str, str], today: datetime.date) -> None:
    """Count her answers, once a draft.

    Two transactions on purpose: rows written by one and the same could be told to belong together, and the draft leads
    to her booking for an hour. If the second fails she is not counted, which harms nobody.
    """
    if answers and draft.count_once():
        EqualityCount.objects.add(answers, month=today)
