"""“Message the team”: what is sent, who is told and who reads it, until when (docs/rules.md#message-the-team)."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.locks import lock_booking
from bookings.manage.freeze.actions import freeze_booking
from bookings.manage.team_messages.actions import (
    MESSAGES_AN_HOUR,
    TooManyTeamMessages,
    mark_team_message_read,
    message_team,
)
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.models.team_messages import TeamMessage
from bookings.read_log import record_reason
from bookings.statuses import EventKind, ReadReason
from outbox.models import Message
from tests.support.alerts import TODAY, alerts_of, rows_alerted
from tests.support.booking_history import event_kinds
from tests.support.factories import BookingFactory, SafeguardingFlagFactory
from tests.support.lock_waits import press_while_locked
from tests.support.on_the_day import advance_clock, minutes
from tests.support.query_counts import count_queries
from tests.support.requester_pages import create_page_link
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

WORDS = "My ex has seen my phone. Please ring my sister."
SIX_FIFTY_TWO = datetime.datetime(2026, 12, 8, 18, 52, tzinfo=datetime.UTC)
SIGN = "We can’t be sure that she wrote it."


def send(client, booking, words=WORDS):
    return client.post(f"{create_page_link(booking)}message/", {"words": words})


def booking_page(booking):
    return reverse("triage:booking", args=[booking.pk])


def read_button(message):
    return reverse("team_messages:read", args=[message.booking_id, message.pk])


def alerts():
    return Message.objects.filter(kind="team_requester_wrote")


def readings(booking):
    return list(booking.reads.filter(kinds__contains=["team_message"]).values_list("officer", "reason"))


def test_message_is_stored_and_the_team_is_told_without_her_words(client, booking):
    response = send(client, booking)

    alert = alerts().get()
    sent = f"{alert.subject} {alert.text} {alert.html}"
    assert "We’ve sent your message to the team." in client.get(response["Location"]).text
    assert TeamMessage.objects.get().words == WORDS
    assert event_kinds(booking) == [EventKind.TEAM_MESSAGE_SENT]
    assert booking.events.get().note == ""
    assert alert.recipient == booking.bcu.inbox
    assert booking_page(booking) in alert.text
    assert booking.spoken_reference in alert.subject
    assert not [part for part in ("ring my sister", "Maya", "Peckham", "Southwark") if part in sent]


def test_restricted_booking_tells_the_nominated_inspector_alone(client, southwark, inspector, stranger):
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger)
    send(client, booking)
    message = TeamMessage.objects.get()
    pages = {}

    for user in (inspector, stranger):
        client.force_login(user)
        is_listed = client.get(TODAY).status_code == 200 and bool(alerts_of(client, "team_messages"))
        pages[user] = (is_listed, client.post(read_button(message)).status_code)

    assert alerts().get().recipient == stranger.email
    assert pages == {inspector: (False, 404), stranger: (True, 302)}


def test_her_page_says_when_it_was_sent_and_read_and_never_by_whom(client, booking, inspector):
    with time_machine.travel(SIX_FIFTY_TWO, tick=False):
        send(client, booking)
    page = create_page_link(booking)
    with time_machine.travel(SIX_FIFTY_TWO + minutes(9), tick=False):
        unread = client.get(page).text
        mark_team_message_read(booking, TeamMessage.objects.get().pk, by=inspector)
        read = client.get(page).text
    with time_machine.travel(SIX_FIFTY_TWO + datetime.timedelta(days=1), tick=False):
        a_day_later = client.get(page).text

    assert "Sent at 6:52pm" in unread
    assert "Read by the team" not in unread
    assert "Read by the team at 7:01pm" in read
    assert inspector.name not in read
    assert WORDS not in read
    assert "Read by the team at 7:01pm on Tuesday 8 December 2026" in a_day_later


def test_opening_the_booking_reads_nothing_and_the_button_does(client, as_inspector, booking, inspector, colleague):
    message_team(booking, words=WORDS)
    message = TeamMessage.objects.get()

    opened = as_inspector.get(booking_page(booking)).text
    got = as_inspector.get(read_button(message)).status_code
    message.refresh_from_db()
    before = message.read_at
    pressed = as_inspector.post(read_button(message))
    mark_team_message_read(booking, message.pk, by=colleague)

    message.refresh_from_db()
    assert (got, before) == (405, None)
    assert WORDS in opened
    assert SIGN in opened
    assert pressed["Location"] == booking_page(booking)
    assert message.read_by == inspector
    assert event_kinds(booking) == [EventKind.TEAM_MESSAGE_SENT, EventKind.TEAM_MESSAGE_READ]


def test_message_is_read_only_through_its_own_booking(booking, southwark, inspector):
    message_team(booking, words=WORDS)
    other = BookingFactory(borough=southwark)

    mark_team_message_read(other, TeamMessage.objects.get().pk, by=inspector)

    assert TeamMessage.objects.unread().exists()


@pytest.mark.parametrize("who", ["stranger", "officer", "lead"])
def test_nobody_else_can_say_that_it_is_read(who, request, booking):
    message_team(booking, words=WORDS)

    with pytest.raises(PermissionDenied):
        mark_team_message_read(booking, TeamMessage.objects.get().pk, by=request.getfixturevalue(who))


def test_every_page_that_shows_the_words_is_logged(as_inspector, booking, inspector):
    quiet = BookingFactory(borough=booking.borough)
    message_team(booking, words=WORDS)
    claim = {"claimed_by_id": "999"}
    record_reason([booking.pk], ReadReason.COVER, by=inspector)

    as_inspector.get(booking_page(quiet))
    as_inspector.get(booking_page(booking))
    after_the_get = len(readings(booking))
    refused = as_inspector.post(reverse("triage:claim", args=[booking.pk]), claim)

    assert (refused.status_code, WORDS in refused.text) == (409, True)
    assert (after_the_get, readings(quiet)) == (1, [])
    assert readings(booking) == [(inspector.pk, ReadReason.COVER)] * 2


def test_today_shows_it_until_somebody_has_read_it(as_inspector, booking, inspector):
    marked = SafeguardingFlagFactory(booking__borough=booking.borough).booking
    message_team(booking, words=WORDS)
    message_team(booking, words="And one more thing.")
    first, second = TeamMessage.objects.in_order()

    page = as_inspector.get(TODAY).text
    unread = rows_alerted(as_inspector, "team_messages")
    mark_team_message_read(booking, first.pk, by=inspector)
    one_left = rows_alerted(as_inspector, "team_messages")
    mark_team_message_read(booking, second.pk, by=inspector)

    assert rows_alerted(as_inspector, "safeguarding") == [str(marked.pk)]
    assert unread == one_left == [str(booking.pk)]
    assert WORDS not in page
    assert rows_alerted(as_inspector, "team_messages") == []


def test_today_takes_no_more_queries_for_messages(as_inspector, southwark):
    bookings = [BookingFactory(borough=southwark) for _ in range(3)]
    before = count_queries(as_inspector, TODAY)
    message_team(bookings[0], words=WORDS)
    one = count_queries(as_inspector, TODAY)
    for booking in bookings[1:]:
        message_team(booking, words=WORDS)

    # The first urgent item is read with one query more, whatever its kind.
    assert count_queries(as_inspector, TODAY) == one <= before + 1


# --- The limit


def test_limit_keeps_what_she_typed_and_names_other_ways(client, booking):
    booking.bcu.text_number = "07700 900 456"
    booking.bcu.save()
    for number in range(MESSAGES_AN_HOUR):
        send(client, booking, f"Message {number}")

    refused = send(client, booking)
    with advance_clock(61):
        later = send(client, booking)

    assert refused.status_code == 409
    assert f">{WORDS}</textarea>" in refused.text
    for way in ("020 7946 0101", "18001 020 7946 0101", "07700 900 456", "999"):
        assert refused.text.partition("There is a problem")[2].partition("</div>")[0].count(way)
    assert (later.status_code, TeamMessage.objects.count()) == (302, MESSAGES_AN_HOUR + 1)


def test_second_press_sends_one_message(client, booking):
    send(client, booking)
    send(client, booking)

    assert (TeamMessage.objects.count(), alerts().count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_do_not_pass_the_limit(booking):
    for number in range(MESSAGES_AN_HOUR - 1):
        message_team(booking, words=f"Message {number}")

    def press():
        try:
            message_team(Booking.objects.get(), words="One too many")
        except TooManyTeamMessages as error:
            return error

    refused = press_while_locked(
        press, lock=lambda: lock_booking(booking), act=lambda: message_team(booking, words="The last")
    )

    assert isinstance(refused, TooManyTeamMessages)
    assert TeamMessage.objects.count() == MESSAGES_AN_HOUR


@pytest.mark.parametrize(("words", "error"), [("", "Enter your message"), ("x" * 501, "You have used 501.")])
def test_form_says_what_is_wrong_and_keeps_it(words, error, client, booking):
    response = send(client, booking, words)

    assert response.status_code == 422
    assert error in response.text
    assert f">{words}</textarea>" in response.text
    assert not TeamMessage.objects.exists()


# --- Until when, and for whom


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"confirmed_at": None}, False),
        ({"erased_at": SIX_FIFTY_TWO}, False),
    ],
)
def test_page_offers_it_to_a_requester_who_has_confirmed(changes, may, client, booked):
    Booking.objects.update(**changes)

    response = send(client, booked)

    assert ("/message/" in client.get(create_page_link(booked)).text, TeamMessage.objects.exists()) == (may, may)
    assert response.status_code == 302


@pytest.mark.parametrize(("days", "may"), [(6, True), (8, False)])
def test_page_offers_it_until_seven_days_after_the_walk(days, may, client, booked):
    ended = {"start_at": timezone.now() - datetime.timedelta(days=days), "status": "completed"}
    Walk.objects.update(**ended)
    Booking.objects.update(status="completed")

    send(client, booked)

    assert ("/message/" in client.get(create_page_link(booked)).text, TeamMessage.objects.exists()) == (may, may)


def test_frozen_booking_takes_no_message(client, booking, stranger):
    freeze_booking(booking)

    send(client, booking)
    with pytest.raises(TransitionNotAllowed):  # frozen between her page and her press
        message_team(booking, words=WORDS)

    assert not TeamMessage.objects.exists()


def test_unconfirmed_address_can_neither_write_nor_see_that_she_wrote(client, booking):
    message_team(booking, words=WORDS)
    booking.contact.address_unconfirmed_since = timezone.now()
    booking.contact.save()
    until = timezone.now() + minutes(5)
    link = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=until, email="new@example.com")
    page = reverse("manage:page", args=[link])

    client.post(f"{page}message/", {"words": "I am she"})

    assert "Sent at" not in client.get(page).text
    assert TeamMessage.objects.get().words == WORDS


# --- On the walk


@pytest.mark.parametrize(
    ("start", "status", "is_shown"),
    [
        (121, "scheduled", False),
        (119, "scheduled", True),
        (-30, "under_way", True),
        (-30, "completed", False),
    ],
)
def test_officers_on_the_walk_read_it_from_two_hours_before_to_its_end(start, status, is_shown, client, booked, team):
    message_team(booked, words=WORDS)
    Walk.objects.update(start_at=timezone.now() + minutes(start), status=status)
    if status == "completed":
        Booking.objects.update(status="completed")
    client.force_login(team[0])

    page = client.get(reverse("on_the_day:walk", args=[booked.walk_id])).text

    assert (WORDS in page, SIGN in page) == (is_shown, is_shown)
    assert readings(booked) == ([(team[0].pk, ReadReason.ON_WALK)] if is_shown else [])


def test_officers_do_not_read_what_was_written_before_a_freeze(client, tonight, team, stranger):
    message_team(tonight, words=WORDS)
    freeze_booking(tonight)
    client.force_login(team[0])

    assert WORDS not in client.get(reverse("on_the_day:walk", args=[tonight.walk_id])).text
