import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.delivery_problems import jobs
from bookings.delivery_problems.actions import AddressCorrection, correct_address, resend_news
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.models.read_log import ReadLog
from bookings.notices import threads
from bookings.notices.acknowledgements import record_contact
from bookings.notices.undelivered import find_delivery_problems
from bookings.scheduling.preferred_times.actions import apologise_for_passed_times
from bookings.statuses import CancelReason, Channel, EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.alerts import alerts_of
from tests.support.booking_fields import set_booking_fields
from tests.support.decisions import cancel_now
from tests.support.drafts_and_messages import make_requester_message
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.query_counts import count_queries
from tests.support.spoken_with import BY_PHONE, IN_PERSON, NOT_SPOKEN, agree, ring
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

QUEUE, NOT_TOLD = "/staff/bookings/", "/staff/messages/"


@pytest.fixture
def booking(team, southwark):
    return scheduled_booking(team, borough=southwark)


def ago(**time):
    return timezone.now() - datetime.timedelta(**time)


def latest_requester_message(booking):
    return Message.objects.in_thread(threads.requester_thread(booking)).last()


def delivery_problems(**filters):
    problems = find_delivery_problems(Booking.objects.filter(**filters), timezone.now())
    return [(delivery_problem.booking, delivery_problem.why) for delivery_problem in problems]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"state": State.FAILED}, "Her mail server refused our message."),
        ({"state": State.BOUNCED}, "Our message came back: is the address right?"),
        ({"state": State.EXPIRED}, "Our message could not be sent before her walk began."),
        ({"state": State.REVIEW}, "Our database was restored, so we don’t know whether our message was sent."),
    ],
)
def test_find_delivery_problems_lists_a_lost_message_immediately(booking, fields, why):
    make_requester_message(booking, **fields)

    assert delivery_problems() == [(booking, why)]


@pytest.mark.parametrize(("minutes", "named"), [(9, False), (11, True)])
@pytest.mark.parametrize("state", [State.PENDING, State.RETRY])
def test_find_delivery_problems_lists_a_message_unsent_for_ten_minutes(booking, state, minutes, named):
    make_requester_message(booking, state=state, created_at=ago(minutes=minutes))

    assert bool(delivery_problems()) == named


def test_find_delivery_problems_leaves_out_a_reminder_not_yet_due(booking):
    make_requester_message(booking, state=State.PENDING, created_at=ago(days=1), send_after=ago(minutes=9))

    assert delivery_problems() == []


@pytest.mark.parametrize(("hours", "named"), [(25, False), (23, True)])
def test_find_delivery_problems_lists_any_unsent_message_within_a_day_of_the_walk(team, southwark, hours, named):
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=timezone.now() + datetime.timedelta(hours=hours))
    booking = scheduled_booking(team, borough=southwark, walk=walk, acknowledgement__acknowledged_at=timezone.now())
    make_requester_message(booking, state=State.PENDING)

    assert bool(delivery_problems()) == named


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, True),
        ({"acknowledgement__acknowledged_at": ago(hours=1)}, False),
        ({"acknowledgement__informed_at": ago(hours=1)}, False),
    ],
)
def test_find_delivery_problems_lists_unseen_news_within_a_day_of_the_walk(team, southwark, fields, named):
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=timezone.now() + datetime.timedelta(hours=23))
    booking = scheduled_booking(team, borough=southwark, walk=walk, **fields)
    make_requester_message(booking, state=State.SENT, sent_at=ago(hours=2))

    assert bool(delivery_problems()) == named


def test_find_delivery_problems_puts_lost_messages_before_unseen_ones(team, southwark):
    soon = WalkFactory(bcu=southwark.bcu, start_at=timezone.now() + datetime.timedelta(hours=2))
    unread = scheduled_booking(team, borough=southwark, walk=soon)
    problem_booking = BookingFactory(borough=southwark)
    make_requester_message(problem_booking, state=State.FAILED)

    problems = find_delivery_problems(Booking.objects.all(), timezone.now())

    assert [delivery_problem.booking for delivery_problem in problems] == [problem_booking, unread]
    assert [
        delivery_problem.booking
        for delivery_problem in find_delivery_problems(Booking.objects.all(), timezone.now(), most=1)
    ] == [problem_booking]


def test_find_delivery_problems_leaves_out_a_lost_message_after_newer_news_arrived(booking):
    make_requester_message(booking, 1, state=State.FAILED)
    make_requester_message(booking, 2, state=State.SENT, sent_at=timezone.now())

    assert delivery_problems() == []


def test_find_delivery_problems_leaves_out_superseded_messages(booking):
    make_requester_message(booking, state=State.FAILED, superseded_at=timezone.now())

    assert delivery_problems() == []


def test_record_contact_resolves_the_message_and_records_who(booking, inspector):
    message = make_requester_message(booking, state=State.BOUNCED)

    record_contact(booking, IN_PERSON, by=inspector, version=booking.version)

    message.refresh_from_db()
    assert delivery_problems() == []
    assert message.resolved_at is not None
    assert [(event.kind, event.by) for event in booking.events.all()] == [(EventKind.CONTACTED, inspector)]


def test_newer_news_needs_a_new_acknowledgement(booking, inspector, team):
    booking.acknowledgement.informed_at = timezone.now()
    booking.save()

    cancel_now(booking, inspector, reason="illness")

    booking.refresh_from_db()
    assert booking.acknowledgement.informed_at is None


def test_correct_address_sends_the_card_and_revokes_old_links(booking, inspector):
    spoken = ring(booking, inspector)
    old_token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30))
    lost_message = make_requester_message(booking, state=State.FAILED)

    correct_address(booking, AddressCorrection(email="amaya@example.com", spoken=spoken), by=inspector)

    lost_message.refresh_from_db()
    message = Message.objects.in_thread(threads.requester_thread(booking)).last()
    booking.contact.refresh_from_db()
    assert (message.recipient, message.kind) == ("amaya@example.com", "scheduled")
    assert booking.walk.meeting_place in message.text
    assert booking.contact.email == "amaya@example.com"
    assert Link.objects.open(old_token, Link.Purpose.PAGE) is None
    assert lost_message.resolved_at is not None
    assert booking.events.get().kind == EventKind.ADDRESS_CORRECTED
    assert booking.confirmed_at is not None


@pytest.mark.parametrize("spoken", [BY_PHONE, NOT_SPOKEN], ids=["by phone", "not spoken"])
def test_new_address_gets_no_names_before_she_confirms_it_there(booking, inspector, spoken):
    ring(booking, inspector)
    second, act = InspectorFactory(bcu=inspector.bcu), EventKind.ADDRESS_CORRECTED
    agree(booking, act, spoken, by=inspector, second=second, email="typo@example.com")
    previous_version = booking.version

    correct_address(booking, AddressCorrection(email="typo@example.com", spoken=spoken), by=inspector)

    booking.refresh_from_db()
    text = latest_requester_message(booking).text
    assert (booking.confirmed_at is None, booking.version) == (spoken == NOT_SPOKEN, previous_version + 1)
    assert booking.walk.officers_phrase not in text
    assert not any(officer.name in text for officer in booking.walk.live_officers())


def test_cancellation_goes_to_a_new_address_at_once(booking, inspector):
    correct_address(
        booking, AddressCorrection(email="amaya@example.com", spoken=ring(booking, inspector)), by=inspector
    )

    cancel_now(booking, inspector, reason="illness")

    message = latest_requester_message(booking)
    assert (message.recipient, message.kind) == ("amaya@example.com", "cancelled_by_us")


def test_names_follow_once_she_confirms_the_new_address_there(booking, inspector, client):
    correct_address(
        booking, AddressCorrection(email="amaya@example.com", spoken=ring(booking, inspector)), by=inspector
    )
    link = re.search(r"https?://[^/\s]+(/my-walk/[\w-]+/)", latest_requester_message(booking).text).group(1)

    before = client.get(link).text
    client.post(f"{link}confirm/")

    booking.contact.refresh_from_db()
    assert booking.walk.officers_phrase not in before
    assert booking.contact.address_unconfirmed_since is None
    assert booking.walk.officers_phrase in latest_requester_message(booking).text
    assert booking.walk.officers_phrase in client.get(link).text


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.WAITING, "received"),
        (Status.CANCELLED_BY_US, "cancelled_by_us"),
        (Status.DECLINED, "declined"),
        (Status.OFFICERS_ABSENT, "officers_absent"),
        (Status.CANCELLED_BY_REQUESTER, "link"),
    ],
)
def test_resend_news_sends_the_message_of_the_current_status(status, kind, southwark, inspector):
    code = {Status.CANCELLED_BY_US: "illness", Status.DECLINED: "other"}.get(status, "")
    booking = BookingFactory(borough=southwark, status=status, outcome_code=code)

    for _twice in range(2):
        resend_news(booking, by=inspector)

    kinds = Message.objects.in_thread(threads.requester_thread(booking)).values_list("kind", flat=True)
    assert list(kinds) == [kind, kind]


def test_resend_news_repeats_the_inspectors_words(booking, inspector):
    words = "Come on Sunday at ten instead."
    reason = CancelReason.ILLNESS
    cancel_now(booking, inspector, reason=reason, message=words)

    resend_news(booking, by=inspector)

    assert words in latest_requester_message(booking).text


def test_resend_news_repeats_the_apology_for_passed_times(southwark, inspector):
    booking = BookingFactory(borough=southwark, walk_needed_at=in_days(-1), answer_due_at=in_days(-3))
    apologise_for_passed_times(booking, now=timezone.now())

    resend_news(booking, by=inspector)

    assert latest_requester_message(booking).kind == "times_passed"


def test_correct_address_supersedes_messages_to_the_old_one(booking, inspector, mailoutbox):
    waiting = make_requester_message(booking)

    correct_address(
        booking, AddressCorrection(email="amaya@example.com", spoken=ring(booking, inspector)), by=inspector
    )

    waiting.refresh_from_db()
    assert waiting.state == State.SUPERSEDED


@pytest.mark.parametrize("fields", [{"channel": Channel.NONE}, {"contact__messages_stopped_at": timezone.now()}])
def test_requester_who_wants_no_email_gets_none(booking, inspector, fields):
    set_booking_fields(booking, **fields)

    with pytest.raises(ActionError, match="doesn’t want email"):
        resend_news(booking, by=inspector)


@pytest.mark.parametrize("decision", [(), (AddressCorrection(email="amaya@example.com", spoken=BY_PHONE),)])
def test_only_her_inspector_writes_again(booking, stranger, decision):
    action = correct_address if decision else resend_news

    with pytest.raises(PermissionDenied):
        action(booking, *decision, by=stranger)

    assert not Message.objects.exists()


def test_report_undelivered_tells_the_team_once_for_each_message(booking):
    make_requester_message(booking, state=State.FAILED)

    for _twice in range(2):
        jobs.report_undelivered(timezone.now())

    message = Message.objects.get(kind="team_message_undelivered")
    assert message.recipient == booking.bcu.inbox
    assert booking.spoken_reference in message.subject
    assert reverse("triage:booking", args=[booking.pk]) in message.text
    assert booking.contact.name not in message.text + message.html + message.subject


def test_team_reads_that_a_message_from_before_a_restore_may_have_arrived(booking):
    make_requester_message(booking, state=State.REVIEW)

    jobs.report_undelivered(timezone.now())

    message = Message.objects.get(kind="team_message_undelivered")
    assert message.subject == f"May not have arrived: {booking.spoken_reference}"
    assert "may not have had our message" in message.text
    assert "It didn’t reach her mail server" not in message.text


def test_today_lists_delivery_problems(as_inspector, booking):
    make_requester_message(booking, state=State.BOUNCED)

    (alert,) = alerts_of(as_inspector, "not_told")

    assert alert.href == f"/staff/bookings/{booking.pk}/#not-told"
    assert "You may text her" in alert.about


@pytest.mark.parametrize("is_hers", [True, False])
def test_delivery_problems_page_says_when_to_contact_a_requester_whose_booking_is_hers(
    is_hers, as_inspector, inspector, booking
):
    make_requester_message(booking, state=State.FAILED)
    if is_hers:
        ClaimFactory(booking=booking, officer=inspector)

    page = as_inspector.get(NOT_TOLD).content.decode()

    assert [text in page for text in ("Do not call her", "after 5pm")] == [is_hers] * 2
    assert [text in page for text in ("M", "You may text her", "07700 900123")] == [True, True, False]
    assert ReadLog.objects.exists() is is_hers


def test_delivery_problems_page_hides_other_teams_problems(client, stranger, booking):
    make_requester_message(booking, state=State.FAILED)
    client.force_login(stranger)

    assert "Every requester has our latest news." in client.get(NOT_TOLD).content.decode()


@pytest.mark.parametrize("address", [QUEUE, NOT_TOLD])
def test_lists_take_the_same_queries_for_one_and_for_three(address, as_inspector, team, southwark, booking):
    make_requester_message(booking, state=State.FAILED)
    query_count = count_queries(as_inspector, address)
    for number in (11, 12):
        other = scheduled_booking(
            team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, start_at=in_days(number), officers=team)
        )
        make_requester_message(other, state=State.FAILED)

    assert count_queries(as_inspector, address) == query_count


def test_booking_page_offers_actions_on_an_undelivered_message(as_inspector, booking):
    make_requester_message(booking, state=State.BOUNCED)

    page = as_inspector.get(reverse("triage:booking", args=[booking.pk])).content.decode()

    assert all(
        text in page
        for text in ("She may not have our news", "I have told her", "Send it again", "Correct the address")
    )


def test_address_page_asks_how_she_was_spoken_with(as_inspector, booking):
    answers = {"email": "amaya@example.com"}

    response = as_inspector.post(reverse("delivery_problems:correct_address", args=[booking.pk]), answers)

    booking.contact.refresh_from_db()
    assert "Select how you spoke with her" in response.text
    assert "By phone, on the number she gave us" not in response.text  # she allows texts only
    assert booking.contact.email == "maya@example.com"
