"""The question to requesters on a walk: may others join?"""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bookings.models.sharing import SharingConsent
from bookings.notices import threads
from bookings.scheduling.shared_walks.actions import answer_sharing_consent, ask_to_share_walk
from bookings.statuses import Channel, ConsentAnswer, EventKind, OfferAnswer, Status
from outbox.models import Message
from tests.support.booking_history import messages_to_requester
from tests.support.factories import scheduled_booking
from tests.support.shared_walks import offer_place_on_walk
from tests.support.world import token_for
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db


def test_ask_to_share_walk_asks_each_requester_and_names_nobody(southwark, team, inspector):
    booking = scheduled_booking(team, borough=southwark)

    ask_to_share_walk(booking.walk, by=inspector, version=1, most=3)

    message = messages_to_requester(booking).get()
    assert booking.sharing_consents.get().answer == ""
    assert booking.walk.capacity == 3
    assert "At most 3 women would walk in all" in message.text
    assert [event.kind for event in booking.events.all()] == [EventKind.SHARING_ASKED]


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_ask_to_share_walk_refused_without_private_email(channel, southwark, team, inspector):
    booking = scheduled_booking(team, borough=southwark, channel=channel)

    with pytest.raises(ActionError, match="can’t share her walk"):
        ask_to_share_walk(booking.walk, by=inspector, version=1, most=3)

    assert not SharingConsent.objects.exists()


def test_ask_to_share_walk_refused_to_other_staff(joinable_booking, stranger):
    with pytest.raises(PermissionDenied):
        ask_to_share_walk(joinable_booking.walk, by=stranger, version=1, most=3)


def test_answer_sharing_consent_no_withdraws_places_and_tells_the_team(joinable_booking, waiting_booking, inspector):
    offer = offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)

    answer_sharing_consent(joinable_booking, may_join=False)

    waiting_booking.refresh_from_db()
    offer.refresh_from_db()
    message = Message.objects.in_thread(threads.team_thread(joinable_booking.walk)).get()
    requester_message = messages_to_requester(waiting_booking).last()
    assert (waiting_booking.status, offer.answer) == (Status.WAITING, OfferAnswer.WITHDRAWN)
    assert message.subject.startswith("Nobody may join")
    assert "Frieda" not in requester_message.text + message.text
    assert "We have to withdraw the times we offered you" in requester_message.text


def test_requester_answers_sharing_consent_on_her_page(joinable_booking, client):
    page = reverse("manage:page", args=[token_for(joinable_booking)])

    client.get(f"{page}company/")
    answer_after_get = SharingConsent.objects.get().answer
    client.post(f"{page}company/", {"may_join": "no"})

    assert (answer_after_get, SharingConsent.objects.get().answer) == (ConsentAnswer.YES, ConsentAnswer.NO)
    assert "You said no. Nobody will join, and nobody will be told why." in client.get(page).text
