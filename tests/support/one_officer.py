"""Walks from which one of two officers withdraws, and the one-officer question."""

from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.one_officer import OneOfficerQuestion
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.on_the_day.one_officer import actions as one_officer_actions
from tests.support.factories import scheduled_booking
from walks.models.walks import Walk

YES, NO = True, False


def leave_one_officer(officer, other, **fields):
    """Return a booking with a walk from which the other officer has just withdrawn."""
    booking = scheduled_booking([officer, other], **fields)
    withdraw_from_walk(booking.walk, by=other)
    return booking


def get_walk(booking):
    return Walk.objects.select_related("bcu").get(bookings=booking)


def ask_about_one_officer(booking, by):
    walk = get_walk(booking)
    one_officer_actions.ask_about_one_officer(walk, by=by, version=walk.version)


def answer_latest_question(booking, will_do):
    question = OneOfficerQuestion.objects.open().get(booking=booking)
    one_officer_actions.answer_one_officer_question(
        Booking.objects.get(pk=booking.pk), one_officer_actions.OneOfficerAnswer(question=question.pk, will_do=will_do)
    )


def is_listed_as_short(booking, inspector):
    return Walk.objects.visible_to(inspector).short_of_officers(timezone.now()).filter(bookings=booking).exists()
