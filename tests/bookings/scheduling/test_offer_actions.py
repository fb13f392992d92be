"""Offers of other times: valid times, the number of rounds, and the messages."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from bookings.models.offers import Offer
from bookings.notices.threads import requester_thread
from bookings.request_form.emails import send_request_received
from bookings.scheduling.offers.actions import decline_offers, offer_times
from bookings.statuses import Channel, EventKind, Status
from outbox.models import Message
from tests.support.factories import BookingFactory, in_days
from tests.support.offers import make_offers, offered_times
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db


def test_offer_times_asks_the_requester_with_time_and_place(booking, inspector):
    first, second = make_offers(booking, inspector, 8, 9)

    message = Message.objects.in_thread(requester_thread(booking)).get()
    assert booking.status == Status.OFFERED
    assert (first.start_at, second.place, first.round) == (in_days(8), "Place 9", 1)
    assert booking.answered_at is not None
    assert [event.kind for event in booking.events.all()] == [EventKind.OFFERED]
    assert message.subject == f"Can you come at another time? {booking.spoken_reference}"
    assert f"{first.when}. Place 8" in message.text
    assert "/offer/" in message.text


def test_offer_times_leaves_the_request_to_confirm_unsuperseded(booking, inspector):
    send_request_received(booking, preferred_times=[])

    make_offers(booking, inspector, 8)

    assert [message.state for message in Message.objects.in_thread(requester_thread(booking))] == [
        "pending",
        "pending",
    ]


def test_offer_times_expires_in_three_days_or_12_hours_before_the_first(booking, southwark, inspector):
    (far,) = make_offers(booking, inspector, 8)
    soon, _also = make_offers(BookingFactory(borough=southwark), inspector, 2, 9)

    assert far.expires_at - far.offered_at == datetime.timedelta(days=3)
    assert soon.expires_at == in_days(2) - datetime.timedelta(hours=12)


def test_offer_times_to_an_unconfirmed_requester_names_only_time_and_area(booking, inspector):
    booking.confirmed_at = None
    booking.save()

    make_offers(booking, inspector, 8)

    text = Message.objects.get().text
    for private_text in ("07700", "Step-free", "stick", "main entrance", "Inspector"):
        assert private_text not in text


def test_offer_times_to_a_discreet_requester_says_only_that_there_is_news(southwark, inspector):
    booking = BookingFactory(borough=southwark, channel=Channel.DISCREET)

    make_offers(booking, inspector, 8)

    message = Message.objects.get()
    assert message.subject == "Your appointment"
    assert "Place 8" not in message.text + message.html


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "one to 3 times"),
        ([5, 6, 7, 8], "one to 3 times"),
        ([5, 5], "the same time twice"),
        ([0, 5], "at least 24 hours away"),
    ],
)
def test_offer_times_refuses_an_invalid_choice_of_times(chosen, said, booking, inspector):
    with pytest.raises(ActionError, match=said):
        make_offers(booking, inspector, *chosen)

    booking.refresh_from_db()
    assert booking.status == Status.WAITING


def test_offer_times_is_limited_to_three_rounds(booking, inspector):
    for _round in range(3):
        (one,) = make_offers(booking, inspector, 8)
        decline_offers(booking, offer=one.pk)

    with pytest.raises(ActionError, match="already had 3 rounds of offers"):
        make_offers(booking, inspector, 8)

    assert [offer.round for offer in Offer.objects.all()] == [1, 2, 3]


def test_offer_times_refused_while_an_offer_is_open(booking, inspector):
    make_offers(booking, inspector, 8)

    with pytest.raises(TransitionNotAllowed, match="hasn’t answered the last offer"):
        make_offers(booking, inspector, 9)


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {Status.WAITING, Status.OFFERED, Status.SCHEDULED, "completed"})
)
def test_offer_times_refused_once_the_booking_has_moved_on(status, southwark, inspector):
    booking = BookingFactory(borough=southwark, status=status)

    with pytest.raises(TransitionNotAllowed):
        make_offers(booking, inspector, 8)

    assert not Offer.objects.exists()


def test_offer_times_refused_to_an_inspector_of_another_bcu(booking, stranger):
    with pytest.raises(PermissionDenied):
        make_offers(booking, stranger, 8)


def test_offer_times_refused_for_an_older_version(booking, inspector):
    with pytest.raises(TransitionNotAllowed, match="Someone has changed this"):
        offer_times(booking, by=inspector, version=booking.version - 1, times=offered_times(8))
