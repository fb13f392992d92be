"""Places on a shared walk: conditions for an offer, and effects of the answer."""

import pytest
from django.utils import timezone

from bookings.models.offers import Offer
from bookings.models.walk_queries import with_free_place
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.scheduling.offers.actions import decline_offers, withdraw_offers
from bookings.scheduling.shared_walks.places import accept_place
from bookings.statuses import Channel, ConsentAnswer, EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.booking_history import message_kinds, messages_to_requester
from tests.support.decisions import change_now
from tests.support.factories import BookingFactory, SharingConsentFactory, WalkFactory, scheduled_booking
from tests.support.shared_walks import consent_to_sharing, join_walk, offer_place_on_walk, read_also_coming
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db


# --- Offering a place


def test_withdrawn_place_supersedes_its_offer(joinable_booking, waiting_booking, inspector):
    offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)
    waiting_booking.refresh_from_db()

    withdraw_offers(waiting_booking, by=inspector, version=waiting_booking.version)

    messages = [(message.kind, message.state) for message in messages_to_requester(waiting_booking)]
    assert messages == [("place_offered", State.SUPERSEDED), ("offer_ended", State.PENDING)]


def test_offer_place_gives_only_the_number_of_others(joinable_booking, waiting_booking, inspector):
    offer = offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)

    message = messages_to_requester(waiting_booking).get()
    waiting_booking.refresh_from_db()
    assert (waiting_booking.status, waiting_booking.walk, offer.start_at) == (
        Status.OFFERED,
        None,
        joinable_booking.walk.start_at,
    )
    assert "Also coming: One other woman. At most 4 women in all" in message.text
    for secret in ("Frieda", "flower stall", "green lantern", "Olive", joinable_booking.spoken_reference):
        assert secret not in message.text + message.html


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"channel": Channel.DISCREET}, "can’t share a walk"),
        ({"channel": Channel.NONE}, "can’t share a walk"),
    ],
)
def test_offer_place_refused_without_private_email(fields, sentence, joinable_booking, southwark, inspector):
    booking = BookingFactory(borough=southwark, **fields)

    with pytest.raises(ActionError, match=sentence):
        offer_place_on_walk(booking, joinable_booking.walk, inspector)

    assert not Offer.objects.exists()


def test_offer_place_refused_to_a_restricted_booking(joinable_booking, camden, inspector, stranger):
    """The requester of a restricted booking walks alone, with officers of the nominated inspector's BCU."""
    walk = WalkFactory(bcu=inspector.bcu)
    booking = BookingFactory(borough=camden, nominated_inspector=inspector)

    with pytest.raises(ActionError, match="can’t share a walk"):
        offer_place_on_walk(booking, walk, inspector)


def test_offer_place_refused_on_a_walk_with_a_discreet_booking(waiting_booking, southwark, team, inspector):
    discreet = scheduled_booking(team, borough=southwark, channel=Channel.DISCREET)
    consent_to_sharing(discreet)

    with pytest.raises(ActionError, match="can’t share her walk"):
        offer_place_on_walk(waiting_booking, discreet.walk, inspector)

    assert not with_free_place(Walk.objects.all(), timezone.now()).exists()


@pytest.mark.parametrize("answer", ["", ConsentAnswer.NO])
def test_offer_place_needs_a_yes_from_every_requester_on_the_walk(
    answer, joinable_booking, waiting_booking, southwark, inspector
):
    second = scheduled_booking([], walk=joinable_booking.walk, borough=southwark)
    SharingConsentFactory(booking=second, answer=answer, answered_at=timezone.now() if answer else None)

    with pytest.raises(ActionError, match="Not every woman"):
        offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)


def test_offer_place_refused_if_the_walk_is_full_or_too_soon(joinable_booking, waiting_booking, inspector):
    Walk.objects.update(capacity=1)
    with pytest.raises(ActionError, match="full"):
        offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)

    Walk.objects.update(capacity=2, start_at=timezone.now() + timezone.timedelta(hours=23))
    with pytest.raises(ActionError, match="less than 24 hours"):
        offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)


def test_offer_place_refused_before_needs_have_adjustments(joinable_booking, southwark, inspector):
    booking = BookingFactory(borough=southwark, contact__adjustments_by=False)

    with pytest.raises(ActionError, match="Step-free"):
        offer_place_on_walk(booking, joinable_booking.walk, inspector)


# --- The requester's answer


def test_accept_place_assigns_the_booking_and_tells_no_names(joinable_booking, waiting_booking, inspector, team):
    waiting_booking.confirmed_at = None
    waiting_booking.save()

    join_walk(waiting_booking, joinable_booking.walk, inspector)

    waiting_booking.refresh_from_db()
    other_message = messages_to_requester(joinable_booking).get()
    assert (waiting_booking.status, waiting_booking.walk, waiting_booking.walk_needed_at) == (
        Status.SCHEDULED,
        joinable_booking.walk,
        joinable_booking.walk.start_at,
    )
    assert waiting_booking.confirmed_at is not None
    assert [e.kind for e in waiting_booking.events.all()][-2:] == [EventKind.OFFER_ACCEPTED, EventKind.SCHEDULED]
    assert message_kinds(waiting_booking)[-1] == "scheduled"
    assert read_also_coming(waiting_booking) == read_also_coming(joinable_booking) == "One other woman"
    assert "Another woman is coming too." in other_message.text
    assert "Wanda" not in other_message.text
    assert "Frieda" not in messages_to_requester(waiting_booking).last().text
    assert Message.objects.filter(thread__startswith="officer:").count() == len(team)


def test_accept_place_mentions_companions_to_the_others(joinable_booking, southwark, inspector):
    booking = BookingFactory(borough=southwark, contact__companions=2)

    join_walk(booking, joinable_booking.walk, inspector)

    assert read_also_coming(joinable_booking) == "One other woman, and the people they bring"
    assert read_also_coming(booking) == "2 people you bring; One other woman"


def test_decline_offers_leaves_the_walk_unchanged(joinable_booking, waiting_booking, inspector):
    offer = offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)

    decline_offers(waiting_booking, offer=offer.pk)

    assert waiting_booking.status == Status.WAITING
    assert message_kinds(joinable_booking) == []


def test_change_walk_withdraws_open_places(joinable_booking, waiting_booking, inspector, team, plan):
    offer = offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)

    change_now(joinable_booking.walk, inspector, plan=plan, officers=team)

    waiting_booking.refresh_from_db()
    assert waiting_booking.status == Status.WAITING
    with pytest.raises(TransitionNotAllowed, match="isn’t free any more"):
        accept_place(waiting_booking, offer=offer.pk)


def test_last_place_accepted_withdraws_the_other_offers(joinable_booking, waiting_booking, southwark, inspector):
    Walk.objects.update(capacity=2)
    other_booking = BookingFactory(borough=southwark)
    offers = [
        offer_place_on_walk(guest_booking, joinable_booking.walk, inspector)
        for guest_booking in (waiting_booking, other_booking)
    ]

    accept_place(waiting_booking, offer=offers[0].pk)
    with pytest.raises(TransitionNotAllowed, match="isn’t free any more"):
        accept_place(other_booking, offer=offers[1].pk)

    other_booking.refresh_from_db()
    assert other_booking.status == Status.WAITING
    assert message_kinds(other_booking)[-1] == "offer_ended"


def test_accept_place_refused_if_the_capacity_was_reduced(joinable_booking, waiting_booking, inspector):
    offer = offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)
    Walk.objects.update(capacity=1)

    with pytest.raises(TransitionNotAllowed, match="isn’t free any more"):
        accept_place(waiting_booking, offer=offer.pk)


def test_place_is_neither_offered_nor_accepted_while_officers_are_missing(
    joinable_booking, waiting_booking, southwark, inspector, officer
):
    offer = offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)
    withdraw_from_walk(joinable_booking.walk, by=officer)

    with pytest.raises(TransitionNotAllowed, match="officers are changing"):
        accept_place(waiting_booking, offer=offer.pk)
    with pytest.raises(ActionError, match="too few officers"):
        offer_place_on_walk(BookingFactory(borough=southwark), joinable_booking.walk, inspector)

    waiting_booking.refresh_from_db()
    assert waiting_booking.status == Status.OFFERED
