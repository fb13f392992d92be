"""The requester's answer to an offer, and offers that end without an answer."""

import datetime

import pytest
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.offers import Offer, accepted_offer
from bookings.notices import threads
from bookings.request_form.jobs import expire_unconfirmed_bookings
from bookings.response_targets import answer_due_after_offer
from bookings.retention.actions import erase_booking
from bookings.scheduling import jobs
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.scheduling.offers.actions import accept_offer, decline_offers, expire_offers, withdraw_offers
from bookings.statuses import EventKind, OfferAnswer, Status
from outbox.models import Message
from tests.support.booking_history import message_kinds, messages_to_team
from tests.support.decisions import decline_now
from tests.support.factories import BookingFactory, in_days
from tests.support.offers import make_offers
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db


# --- The requester's answer


def test_accept_offer_confirms_the_booking_and_returns_it_with_that_time(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    _first, second = make_offers(booking, inspector, 8, 9)

    accept_offer(booking, offer=second.pk)

    booking.refresh_from_db()
    assert (booking.status, booking.walk_needed_at) == (Status.WAITING, in_days(9))
    assert booking.confirmed_at is not None
    assert booking.answered_at is None
    assert accepted_offer(booking) == second
    assert [offer.answer for offer in Offer.objects.all()] == [OfferAnswer.NO, OfferAnswer.YES]
    assert [event.kind for event in booking.events.all()][1:] == [EventKind.CONFIRMED, EventKind.OFFER_ACCEPTED]
    (told,) = messages_to_team(booking)
    assert told.recipient == booking.bcu.inbox
    assert second.when in told.text
    assert "Maya" not in told.text


def test_accept_offer_twice_is_refused(booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    accept_offer(booking, offer=one.pk)

    with pytest.raises(TransitionNotAllowed, match="has ended, or you’ve already answered it"):
        accept_offer(booking, offer=one.pk)

    assert len(messages_to_team(booking)) == 1


def test_accept_offer_of_another_requester_is_refused(booking, southwark, inspector):
    (hers,) = make_offers(BookingFactory(borough=southwark), inspector, 8)
    make_offers(booking, inspector, 8)

    with pytest.raises(TransitionNotAllowed):
        accept_offer(booking, offer=hers.pk)

    hers.refresh_from_db()
    assert hers.is_open


def test_accept_offer_that_has_just_expired_is_refused(booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    Offer.objects.update(expires_at=timezone.now())

    with pytest.raises(TransitionNotAllowed):
        accept_offer(booking, offer=one.pk)


def test_decline_offers_returns_the_booking_to_the_team(booking, inspector):
    first, _second = make_offers(booking, inspector, 8, 9)

    decline_offers(booking, offer=first.pk)

    booking.refresh_from_db()
    assert (booking.status, booking.answered_at, accepted_offer(booking)) == (Status.WAITING, None, None)
    assert {offer.answer for offer in Offer.objects.all()} == {OfferAnswer.NO}
    assert "Declined the offer" in messages_to_team(booking)[0].text


def test_later_round_replaces_an_earlier_acceptance(booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    accept_offer(booking, offer=one.pk)
    (two,) = make_offers(booking, inspector, 9)

    decline_offers(booking, offer=two.pk)

    assert accepted_offer(Booking.objects.get()) is None


# --- Offers that end without an answer


def test_expire_offers_returns_the_booking_and_tells_both_sides_once(booking, southwark, inspector):
    make_offers(booking, inspector, 8)
    make_offers(BookingFactory(borough=southwark), inspector, 8)
    booking.offers.update(expires_at=timezone.now())

    jobs.expire_offers(timezone.now())
    jobs.expire_offers(timezone.now())
    expire_offers(booking)

    booking.refresh_from_db()
    assert booking.status == Status.WAITING
    assert [offer.answer for offer in booking.offers.all()] == [OfferAnswer.EXPIRED]
    assert message_kinds(booking) == ["offered", "offer_ended"]
    assert [event.kind for event in booking.events.all()] == [EventKind.OFFERED, EventKind.OFFER_EXPIRED]
    assert len(messages_to_team(booking)) == 1
    assert Booking.objects.filter(status=Status.OFFERED).count() == 1


def test_withdraw_offers_tells_the_requester(booking, inspector):
    (one,) = make_offers(booking, inspector, 8)

    withdraw_offers(booking, by=inspector, version=booking.version)

    one.refresh_from_db()
    assert (booking.status, one.answer) == (Status.WAITING, OfferAnswer.WITHDRAWN)
    assert (
        "We have to withdraw the times we offered you"
        in Message.objects.in_thread(threads.requester_thread(booking)).last().text
    )


ENDINGS = {
    "declined": lambda booking, inspector: decline_now(booking, inspector, message="No."),
    "cancelled by her": lambda booking, inspector: cancel_booking_by_requester(booking),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_offer_ends_with_its_booking(end, booking, inspector):
    (one,) = make_offers(booking, inspector, 8)

    end(booking, inspector)

    one.refresh_from_db()
    assert one.answer == OfferAnswer.WITHDRAWN


def test_unconfirmed_booking_with_an_open_offer_does_not_expire(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    make_offers(booking, inspector, 8)
    Booking.objects.update(asked_at=in_days(-8), unconfirmed_since=in_days(-8))

    expire_unconfirmed_bookings(timezone.now())

    assert Booking.objects.get().status == Status.OFFERED


def test_unconfirmed_booking_does_not_expire_right_after_its_offer(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None, asked_at=in_days(-8))
    make_offers(booking, inspector, 8)
    booking.offers.update(expires_at=timezone.now())

    jobs.expire_offers(timezone.now())
    expire_unconfirmed_bookings(timezone.now())

    booking.refresh_from_db()
    assert (booking.status, booking.asked_at, booking.erased_at) == (Status.WAITING, in_days(-8), None)


def test_decline_offers_confirms_the_booking(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    (one,) = make_offers(booking, inspector, 8)

    decline_offers(booking, offer=one.pk)

    booking.refresh_from_db()
    assert booking.confirmed_at is not None


def test_erase_booking_erases_the_offers(booking, inspector):
    make_offers(booking, inspector, 8)
    cancel_booking_by_requester(booking)

    erase_booking(booking)

    assert Offer.objects.get().place == ""
    assert {message.text for message in Message.objects.all()} == {""}


# --- The response target after an offer


def at(day, hour=12):
    return london.to_instant(datetime.date(2026, 12, day), datetime.time(hour))


@pytest.mark.parametrize(
    ("now", "needed", "due"),
    [
        (at(3), at(30), at(4, 17)),  # the requester had it for a day: a day later
        (at(4), at(30), at(7, 17)),  # a Saturday: the end of Monday
        (at(3), at(5, 20), at(3, 20)),  # 48 hours before the walk
        (at(3), at(4), at(3, 17)),  # never earlier than the requester was told
    ],
)
def test_answer_due_after_offer_excludes_the_time_of_the_offer(now, needed, due):
    assert answer_due_after_offer(at(3, 17), offered_at=at(2), now=now, walk_needed_at=needed) == due


def test_declined_offer_of_a_late_booking_is_still_late(booking, inspector):
    Booking.objects.update(answer_due_at=in_days(-3))
    (one,) = make_offers(Booking.objects.get(), inspector, 8)

    decline_offers(booking, offer=one.pk)

    assert Booking.objects.get().answer_due_at < timezone.now()


def test_declined_offer_extends_the_response_target_by_its_own_time(booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    due = Booking.objects.get().answer_due_at
    Offer.objects.update(offered_at=timezone.now() - datetime.timedelta(days=1))

    decline_offers(booking, offer=one.pk)

    assert Booking.objects.get().answer_due_at >= due + datetime.timedelta(days=1)
