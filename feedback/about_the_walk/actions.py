"""The requester answers the questions about her walk."""

import datetime

from django.db import transaction

from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.permissions import may_be_asked_about_walk
from feedback.models.walk_answers import AnsweredAboutWalk, Answers, WalkAnswers
from walkandtalk.lib.errors import require


@transaction.atomic
def answer_about_walk(booking: Booking, answers: Answers, *, today: datetime.date) -> None:
    """Add her answers to the totals of her walk's BCU, once for each booking.

    They count for the month in which she answers, so that the totals of a month that is over never change.
    """
    lock_booking(booking)
    require(may_be_asked_about_walk(booking))
    _row, is_new = AnsweredAboutWalk.objects.get_or_create(booking=booking)
    if is_new and booking.walk is not None:
        WalkAnswers.objects.add(booking.walk.bcu, answers, month=today)
