"""The fields that are emptied when a booking is erased, and those that are kept."""

import uuid

import pytest
from django.utils import timezone

from bookings.manage.team_messages.actions import mark_team_message_read, message_team
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.events import Event
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.retention.actions import erase_booking
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.statuses import EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.factories import BookingFactory, OfficerFactory
from tests.support.retention import erase_bookings_ended_at, schedule_request
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db


def test_erase_booking_refused_while_it_is_open(scheduled_request):
    with pytest.raises(TransitionNotAllowed):
        erase_booking(scheduled_request)

    assert BookingContact.objects.get().name == "Maya O'Brien"


def test_erase_booking_empties_every_contact_field(cancelled_request):
    names = [field.name for field in BookingContact._meta.fields if field.name != "booking"]
    no_text = {
        "companions": 2,
        "may_share_with_partners": True,
        "accompanied": True,
        "one_time_pin_expires_at": timezone.now(),
        "weekday_evenings": True,
        "weekends": True,
        "calendar_uid": uuid.uuid4(),
        "calendar_sequence": 3,
        "inbox_unsafe_at": timezone.now(),
        "messages_stopped_at": timezone.now(),
        "address_unconfirmed_since": timezone.now(),
    }
    all_filled = {**dict.fromkeys(names, "x"), "phone_rules": ["call"], "needs": ["bsl"], "about": ["place"], **no_text}
    contact = BookingContact.objects.get()
    for name, value in all_filled.items():
        setattr(contact, name, value)
    contact.save()
    all_keys = len(contact.name_keys), len(contact.place_keys)

    erase_booking(cancelled_request)

    contact = BookingContact.objects.get()
    assert all_keys == (1, 1)
    assert {name: getattr(contact, name) for name in names if getattr(contact, name)} == {}
    assert (contact.needs, contact.phone_rules) == ([], [])


def test_erase_booking_empties_what_she_wrote_to_the_team_and_keeps_the_times(cancelled_request, inspector):
    message_team(cancelled_request, words="My sister waits with me")
    message = cancelled_request.team_messages.get()
    mark_team_message_read(cancelled_request, message.pk, by=inspector)

    erase_booking(cancelled_request)

    erased = cancelled_request.team_messages.get()
    assert (erased.words, erased.at) == ("", message.at)
    assert erased.read_by == inspector


def test_erase_booking_empties_the_walk_and_its_messages(cancelled_request, team, inspector):
    previous_texts = [message.text for message in Message.objects.all()]
    numbers = list(Message.objects.order_by("number").values_list("pk", "number", "dedupe_key"))

    erase_booking(cancelled_request)

    walk = Walk.objects.get()
    assert {walk.meeting_place, walk.finish_place, walk.officers_phrase, walk.requester_phrase} == {""}
    assert walk.map_coordinates is None
    assert {event.note for event in Event.objects.all()} == {""}
    assert all(previous_texts)
    assert len(numbers) == 7  # received, scheduled, cancelled; scheduled and cancelled to each officer
    for message in Message.objects.all():
        assert (message.recipient, message.subject, message.text, message.html) == ("", "", "", "")
        assert message.attachments == []
    assert list(Message.objects.order_by("number").values_list("pk", "number", "dedupe_key")) == numbers
    assert not Message.objects.unsent().exists()


def test_erase_booking_erases_team_messages_of_its_own_walk_only(
    booking_request, inspector, team, plan, scheduled_request
):
    others = [OfficerFactory(bcu=team[0].bcu) for _ in range(2)]
    other_booking = schedule_request(booking_request, inspector, others, plan)
    for booking, officer in ((scheduled_request, team[0]), (other_booking, others[0])):
        withdraw_from_walk(booking.walk, by=officer)
    cancel_booking_by_requester(scheduled_request)

    erase_booking(scheduled_request)

    expected = {
        message.dedupe_key.split(":")[1]: message for message in Message.objects.filter(kind="team_officer_withdrew")
    }
    assert expected[str(scheduled_request.walk_id)].text == ""
    assert plan.meeting_place in expected[str(other_booking.walk_id)].text
    assert expected[str(other_booking.walk_id)].state != State.SUPERSEDED
    of_the_officer_who_left = Message.objects.filter(thread=f"officer:{team[0].pk}:{scheduled_request.walk_id}")
    assert [message.text for message in of_the_officer_who_left] == [""]


def test_erase_booking_supersedes_unsent_messages(cancelled_request):
    Message.objects.filter(thread=f"requester:{cancelled_request.pk}").update(state=State.PENDING)

    erase_booking(cancelled_request)

    states = Message.objects.filter(thread=f"requester:{cancelled_request.pk}").values_list("state", flat=True)
    assert set(states) == {State.SUPERSEDED}


def test_erase_booking_keeps_a_walk_that_another_booking_needs(cancelled_request):
    other_booking = BookingFactory(status=Status.COMPLETED, walk=cancelled_request.walk)

    erase_booking(cancelled_request)
    meeting_place = Walk.objects.get().meeting_place
    erase_booking(other_booking)

    assert meeting_place == "Peckham Rye station, by the flower stall"
    assert Walk.objects.get().meeting_place == ""


def test_erase_booking_keeps_the_counted_columns(cancelled_request):
    def counts():
        return [model.objects.count() for model in (Booking, BookingContact, Walk, Message)]

    before, status, version = counts(), cancelled_request.status, cancelled_request.version

    erase_booking(cancelled_request)

    booking = Booking.objects.get()
    assert counts() == before
    assert (booking.status, booking.version, booking.outcome_code) == (status, version, "other")
    assert booking.preferred_times.count() == 2


def test_erase_due_bookings_twice_erases_once(cancelled_request):
    erase_bookings_ended_at(timezone.now())
    first = Booking.objects.get().erased_at
    erase_bookings_ended_at(timezone.now())
    erase_booking(cancelled_request)

    assert Booking.objects.get().erased_at == first
    assert Event.objects.filter(kind=EventKind.ERASED, booking=cancelled_request, by=None).count() == 1
