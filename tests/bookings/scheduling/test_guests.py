"""Guests join a walk only if every requester on it agrees to them by name."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bookings.models.sharing import Guest
from bookings.notices import threads
from bookings.retention.actions import erase_booking
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.scheduling.guests.actions import GuestInvitation, answer_guest, invite_guest, withdraw_guest
from bookings.scheduling.offers.actions import decline_offers
from bookings.statuses import Channel, GuestState, Status
from outbox.models import Message
from tests.support.booking_history import messages_to_requester
from tests.support.factories import BookingFactory, in_days, scheduled_booking
from tests.support.leak_search import find_leaks, read_stored_rows
from tests.support.shared_walks import consent_to_sharing, join_walk, offer_place_on_walk, read_also_coming
from tests.support.world import token_for
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db

WHO = {"name": "Amira Kanari", "role": "ward panel chair", "organisation": "Kolibri Board"}
IN_WORDS = "Amira Kanari, ward panel chair, Kolibri Board"


@pytest.fixture
def pair(southwark, team):
    """Two requesters on one walk."""
    first = scheduled_booking(team, borough=southwark)
    return [first, scheduled_booking([], walk=first.walk, borough=southwark)]


def invite(walk, inspector):
    walk.refresh_from_db()
    return invite_guest(walk, GuestInvitation(**WHO), by=inspector, version=walk.version)


def welcome(pair, guest):
    for booking in pair:
        booking.refresh_from_db()
        answer_guest(booking, guest=guest.pk, may_come=True)
    guest.refresh_from_db()


def test_invite_guest_asks_each_requester_by_name_and_changes_nothing_yet(pair, inspector):
    guest = invite(pair[0].walk, inspector)

    assert guest.state == GuestState.ASKED
    assert [read_also_coming(booking) for booking in pair] == ["One other woman", "One other woman"]
    assert all(IN_WORDS in messages_to_requester(booking).get().text for booking in pair)


def test_guest_comes_after_the_last_yes_and_is_on_every_card(pair, inspector, officer, client):
    guest = invite(pair[0].walk, inspector)

    answer_guest(pair[0], guest=guest.pk, may_come=True)
    after_one = Guest.objects.get().state
    answer_guest(pair[1], guest=guest.pk, may_come=True)

    pair[0].walk.start_at = in_days(1)
    pair[0].walk.save()
    client.force_login(officer)
    assert (after_one, Guest.objects.get().state) == (GuestState.ASKED, GuestState.COMING)
    assert [read_also_coming(booking) for booking in pair] == [f"One other woman; {IN_WORDS}"] * 2
    assert all(f"Also coming: {IN_WORDS}." in messages_to_requester(booking).last().text for booking in pair)
    assert IN_WORDS in client.get(reverse("on_the_day:walk", args=[pair[0].walk_id])).text
    officers_mail = Message.objects.filter(thread__startswith="officer:")
    assert officers_mail
    assert not [message for message in officers_mail if "Amira" in message.text + message.subject]


def test_guest_comes_if_the_only_requester_who_had_not_answered_leaves(pair, inspector):
    guest = invite(pair[0].walk, inspector)
    answer_guest(pair[0], guest=guest.pk, may_come=True)

    cancel_booking_by_requester(pair[1])

    text = messages_to_requester(pair[0]).last().text
    assert Guest.objects.get().state == GuestState.COMING
    assert "Another woman isn’t coming any more." in text
    assert f"Also coming: {IN_WORDS}." in text
    assert Message.objects.in_thread(threads.team_thread(pair[0].walk)).filter(kind="team_guest_answered").count() == 1


def test_guest_still_waits_if_a_requester_who_had_answered_leaves(pair, inspector):
    guest = invite(pair[0].walk, inspector)
    answer_guest(pair[0], guest=guest.pk, may_come=True)

    cancel_booking_by_requester(pair[0])

    assert Guest.objects.get().state == GuestState.ASKED
    assert "Amira" not in messages_to_requester(pair[1]).last().text


def test_one_no_refuses_the_guest_and_stays_private(pair, inspector):
    guest = invite(pair[0].walk, inspector)

    answer_guest(pair[0], guest=guest.pk, may_come=False)

    with pytest.raises(TransitionNotAllowed, match="has closed"):
        answer_guest(pair[1], guest=guest.pk, may_come=True)
    message = Message.objects.in_thread(threads.team_thread(pair[0].walk)).get()
    assert Guest.objects.get().state == GuestState.REFUSED
    assert "Amira" not in message.text
    assert messages_to_requester(pair[1]).count() == 1


def test_withdraw_guest_sends_the_card_again_with_the_change_first(pair, inspector):
    guest = invite(pair[0].walk, inspector)
    welcome(pair, guest)

    withdraw_guest(pair[0].walk, by=inspector, guest=guest.pk)

    message = messages_to_requester(pair[0]).last()
    assert message.kind == "changed"
    assert "Amira Kanari isn’t coming any more." in message.text[:250]
    assert read_also_coming(pair[0]) == "One other woman"


def test_withdraw_guest_before_the_guest_is_confirmed_tells_nobody(pair, inspector):
    guest = invite(pair[0].walk, inspector)
    previous_count = Message.objects.count()

    withdraw_guest(pair[0].walk, by=inspector, guest=guest.pk)

    assert (Guest.objects.get().state, Message.objects.count()) == (GuestState.WITHDRAWN, previous_count)


def test_changing_a_yes_to_no_removes_the_guest(pair, inspector):
    guest = invite(pair[0].walk, inspector)
    welcome(pair, guest)

    answer_guest(pair[1], guest=guest.pk, may_come=False)

    assert Guest.objects.get().state == GuestState.REFUSED
    assert read_also_coming(pair[0]) == "One other woman"


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_invite_guest_refused_without_private_email(channel, pair, southwark, inspector):
    scheduled_booking([], walk=pair[0].walk, borough=southwark, channel=channel)

    with pytest.raises(ActionError, match="can’t share her walk"):
        invite(pair[0].walk, inspector)

    assert not Guest.objects.exists()


def test_invite_guest_refused_on_a_restricted_walk(southwark, team, inspector, stranger):
    booking = scheduled_booking(team, borough=southwark, nominated_inspector=stranger)
    booking.walk.nominated_inspector = stranger
    booking.walk.bcu = stranger.bcu
    booking.walk.save()

    with pytest.raises(PermissionDenied):
        invite(booking.walk, inspector)
    with pytest.raises(ActionError, match="can’t share her walk"):
        invite(booking.walk, stranger)


def test_guest_and_place_offer_exclude_each_other(southwark, team, inspector):
    first = scheduled_booking(team, borough=southwark)
    consent_to_sharing(first)
    waiting = BookingFactory(borough=southwark)
    offer = offer_place_on_walk(waiting, first.walk, inspector)

    with pytest.raises(ActionError, match="offered a woman a place"):
        invite(first.walk, inspector)
    decline_offers(waiting, offer=offer.pk)
    invite(first.walk, inspector)
    with pytest.raises(ActionError, match="still asking the women"):
        offer_place_on_walk(waiting, first.walk, inspector)


def test_requester_who_joins_is_told_about_the_guest_and_accepts_both(southwark, team, inspector):
    first = scheduled_booking(team, borough=southwark)
    consent_to_sharing(first)
    guest = invite(first.walk, inspector)
    welcome([first], guest)
    unconfirmed = BookingFactory(borough=southwark, confirmed_at=None)
    waiting = BookingFactory(borough=southwark)

    with pytest.raises(ActionError, match="until she’s confirmed"):
        offer_place_on_walk(unconfirmed, first.walk, inspector)
    join_walk(waiting, first.walk, inspector)

    offered = messages_to_requester(waiting).first()
    assert f"One other woman; {IN_WORDS}" in offered.text
    assert waiting.sharing_consents.filter(guest=guest, answer="yes").exists()
    assert waiting.status == Status.SCHEDULED


def test_requester_answers_about_the_guest_on_her_page(pair, inspector, client):
    guest = invite(pair[0].walk, inspector)
    page = reverse("manage:page", args=[token_for(pair[0])])

    page_text = client.get(page).text
    client.post(f"{page}company/", {"may_join": "yes", "guest": str(guest.pk)})

    assert IN_WORDS in page_text
    assert "Yes, this guest may come" in page_text
    assert pair[0].sharing_consents.get(guest=guest).is_yes


def test_erase_booking_erases_the_names_of_guests(pair, inspector):
    guest = invite(pair[0].walk, inspector)
    welcome(pair, guest)
    for booking in pair:
        booking.refresh_from_db()
        cancel_booking_by_requester(booking)
        erase_booking(booking)

    guest.refresh_from_db()
    notes = [event.note for booking in pair for event in booking.events.all()]
    notes += [event.note for event in guest.walk.events.all()]
    assert (guest.name, guest.role, guest.organisation) == ("", "", "")
    assert not [note for note in notes if "Amira" in note]
    assert not [m for m in Message.objects.all() if "Amira" in m.text + m.html]


def test_names_of_guests_are_encrypted_in_the_database(pair, inspector):
    guest = invite(pair[0].walk, inspector)
    welcome(pair, guest)

    assert find_leaks(read_stored_rows(), ["Amira Kanari", "ward panel chair", "Kolibri Board"]) == set()
