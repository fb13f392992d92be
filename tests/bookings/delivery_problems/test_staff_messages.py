"""Undelivered messages to officers and teams: access to them, and ways to resolve them."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.models.events import Event
from bookings.notices.undelivered_to_staff import undelivered_staff_messages
from bookings.on_the_day.emails import send_officer_evening_list, send_team_end_overdue
from bookings.request_form.emails import send_team_new_request
from bookings.statuses import EventKind
from outbox.models import Message
from outbox.statuses import State
from tests.support.drafts_and_messages import make_undelivered_officer_message
from tests.support.factories import in_days, scheduled_booking
from tests.support.query_counts import count_queries
from walkandtalk.lib.paging import PAGE_SIZE
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

PAGE = "/staff/messages/"


@pytest.fixture
def booking(team, southwark):
    return scheduled_booking(team, borough=southwark)


@pytest.fixture
def client(client, inspector):
    client.force_login(inspector)
    return client


def create_lost_message(write):
    with transaction.atomic():
        write()
    message = Message.objects.latest("number")
    Message.objects.filter(pk=message.pk).update(state=State.FAILED)
    return message


def messages_visible_to(user):
    return [news.message for news in undelivered_staff_messages(user, timezone.now())]


def every_kind(booking, bcu):
    event = Event.objects.create(walk=booking.walk, kind=EventKind.END_OVERDUE)
    return [
        make_undelivered_officer_message(booking.walk, booking.walk.live_officers()[0]),
        create_lost_message(
            lambda: send_officer_evening_list(booking.walk.live_officers()[1], [booking.walk], now=timezone.now())
        ),
        create_lost_message(lambda: send_team_end_overdue(booking.walk, event)),
        create_lost_message(lambda: send_team_new_request(booking)),
    ]


def test_inspector_sees_undelivered_messages_to_her_officers_and_team(booking, inspector, stranger, bcu):
    messages = every_kind(booking, bcu)

    assert set(messages_visible_to(inspector)) == set(messages)
    assert messages_visible_to(stranger) == []


def test_only_the_nominated_inspector_sees_messages_about_a_restricted_booking(booking, inspector, stranger, bcu):
    of_walk, _tonight, alert, request = every_kind(booking, bcu)
    Walk.objects.update(nominated_inspector=stranger)
    type(booking).objects.update(nominated_inspector=stranger)

    assert set(messages_visible_to(stranger)) == {of_walk, alert, request}
    assert not {of_walk, alert, request} & set(messages_visible_to(inspector))


def test_undelivered_messages_are_hidden_after_two_weeks(booking, inspector):
    message = make_undelivered_officer_message(booking.walk, booking.walk.live_officers()[0])
    assert messages_visible_to(inspector) == [message]

    Message.objects.update(created_at=timezone.now() - datetime.timedelta(days=15))

    assert messages_visible_to(inspector) == []


def test_page_has_a_heading_for_each_list(booking, client, bcu):
    every_kind(booking, bcu)

    text = client.get(PAGE).text

    places = [text.index(words) for words in ("To women", "To officers", "To the team")]
    assert places == sorted(places)
    assert text.count("Send it again") >= 4
    assert booking.walk.live_officers()[0].display_name in text[places[1] : places[2]]
    assert bcu.team_name in text[places[2] :]


def test_page_links_to_the_next_page(booking, client):
    officer = booking.walk.live_officers()[0]
    for _ in range(PAGE_SIZE + 1):
        make_undelivered_officer_message(booking.walk, officer)

    first = client.get(PAGE).context["lists"][1]["page"]
    second = client.get(f"{PAGE}?show=officers&page=2")
    past_the_end = client.get(f"{PAGE}?show=officers&page=3")
    nonsense = client.get(f"{PAGE}?show=officers&page=x")

    assert (len(first), first.next_page_number()) == (PAGE_SIZE, 2)
    assert [(row["name"], len(row["page"])) for row in second.context["lists"]] == [("officers", 1)]
    assert "Back to the first" in second.text
    assert past_the_end.context["lists"][0]["page"].number == 2
    assert nonsense.context["lists"][0]["page"].number == 1


def test_page_takes_the_same_queries_for_many_messages(booking, client, bcu):
    every_kind(booking, bcu)
    count_for_few = count_queries(client, PAGE)
    for _ in range(2):
        every_kind(booking, bcu)

    assert count_queries(client, PAGE) == count_for_few <= 15


def test_resend_sends_once_to_the_current_address(booking, client, inspector):
    officer = booking.walk.live_officers()[0]
    message = make_undelivered_officer_message(booking.walk, officer)
    officer.email = "corrected@example.com"
    officer.save()

    client.post(f"{PAGE}{message.pk}/again/")
    again = client.post(f"{PAGE}{message.pk}/again/")

    message.refresh_from_db()
    copy = Message.objects.latest("number")
    assert again.status_code == 404
    assert Message.objects.count() == 2
    assert (copy.recipient, copy.subject, copy.text, copy.html) == (
        "corrected@example.com",
        message.subject,
        message.text,
        message.html,
    )
    assert (copy.thread, copy.kind, copy.expires_at) == (message.thread, message.kind, message.expires_at)
    assert copy.message_id != message.message_id
    assert (message.state, message.resolved_at is not None) == (State.FAILED, True)
    assert Event.objects.get(kind=EventKind.STAFF_MESSAGE_RESOLVED).by == inspector
    Message.objects.filter(pk=copy.pk).update(state=State.FAILED)
    client.post(f"{PAGE}{copy.pk}/again/")
    assert Message.objects.latest("number").dedupe_key.count(":again:") == 1


def test_message_from_before_a_restore_can_be_sent_again(booking, client):
    message = make_undelivered_officer_message(booking.walk, booking.walk.live_officers()[0])
    Message.objects.update(state=State.REVIEW)

    page = client.get(PAGE).text
    client.post(f"{PAGE}{message.pk}/again/")

    assert "we don’t know whether it was sent" in page
    assert Message.objects.latest("number").state == State.PENDING
    assert Message.objects.undelivered(timezone.now()).exclude(state=State.PENDING).count() == 0


def test_expired_message_can_be_resolved_but_not_resent(booking, client, inspector):
    message = make_undelivered_officer_message(booking.walk, booking.walk.live_officers()[0])
    Message.objects.update(expires_at=in_days(-1))

    page_text, refused = client.get(PAGE).text, client.post(f"{PAGE}{message.pk}/again/")
    client.post(f"{PAGE}{message.pk}/known/")

    assert f"{PAGE}{message.pk}/again/" not in page_text
    assert (refused.status_code, Message.objects.count()) == (403, 1)
    assert messages_visible_to(inspector) == []


def test_message_still_being_tried_has_no_buttons(booking, client):
    message = make_undelivered_officer_message(booking.walk, booking.walk.live_officers()[0])
    long_ago = timezone.now() - datetime.timedelta(minutes=11)
    Message.objects.update(state=State.RETRY, created_at=long_ago)

    text = client.get(PAGE).text

    assert "we are trying again" in text
    assert f"{message.pk}/" not in text.replace(f"of-{message.pk}", "")


def test_resend_refused_for_an_inactive_officer(booking, client):
    officer = booking.walk.live_officers()[0]
    message = make_undelivered_officer_message(booking.walk, officer)
    officer.is_active = False
    officer.save()

    assert client.post(f"{PAGE}{message.pk}/again/").status_code == 403
    assert Message.objects.count() == 1
