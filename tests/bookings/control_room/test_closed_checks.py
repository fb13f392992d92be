"""When wrong words close the check of a walk, the team and the auditor hear of it, and the caller does not."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import SecurityEvent, SecurityEventKind
from audit.alerts.findings import findings
from audit.security.words import SecurityLine
from bookings.control_room.jobs import record_failed_checks, report_closed_checks
from bookings.statuses import EventKind
from outbox.models import Message
from tests.support.control_room import START, WRONG, check, close_check
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db


def told():
    return Message.objects.filter(kind="team_walk_check_closed")


def lines(kind=SecurityEventKind.WALK_CHECK_CLOSED):
    return SecurityEvent.objects.filter(kind=kind).order_by("pk")


def test_team_is_told_once_to_ring_and_not_who_asked(operator, booking, walk, southwark):
    close_check(operator, walk)
    before = told().exists()

    for _run in range(2):
        report_closed_checks(timezone.now())

    message = told().get()
    assert not before
    assert (message.recipient, message.subject) == (
        southwark.bcu.inbox,
        "Ring now: Tuesday 8 December 2026, 6:30pm",
    )
    assert "Ring the officers now, then ring each requester" in message.text
    assert operator.name not in message.text + message.html
    assert booking.contact.name not in message.text + message.html
    assert walk.events.get(kind=EventKind.WALK_CHECK_CLOSED).by is None


def test_nominated_inspector_is_told_of_a_restricted_walk(operator, walk, booking, stranger):
    save_changes(walk, nominated_inspector=stranger)
    close_check(operator, walk)

    report_closed_checks(timezone.now())

    assert told().get().recipient == stranger.email


def test_auditor_is_told_once_and_led_to_the_noes(operator, booking, walk):
    close_check(operator, walk)
    before = [finding.what for finding in findings(timezone.now())]

    for _run in range(2):
        report_closed_checks(timezone.now())

    line = lines().get()
    what = "Closed the check of a walk’s officers after many wrong words"
    (finding,) = [each for each in findings(timezone.now()) if each.what == what]
    assert what not in before
    assert (finding.who, finding.address) == ("", "security/?kind=walk_check_failed&day=2026-12-08")
    assert line.booking_id == booking.pk
    assert SecurityLine(line).person == "The service, by a limit"


def test_nine_wrong_words_and_another_walk_tell_nobody(operator, booking, walk, southwark):
    other = OfficerFactory(bcu=southwark.bcu)
    elsewhere = WalkFactory(bcu=southwark.bcu, officers=[other], start_at=START)
    scheduled_booking([other], walk=elsewhere, borough=southwark)
    close_check(operator, elsewhere)
    for number in ["11AS"] * 4:
        check(operator, number, WRONG)

    report_closed_checks(timezone.now())

    assert not told().exists()
    assert not lines().exists()


def test_limit_that_is_reached_just_before_midnight_is_told_of_after_it(operator, booking, walk, traveller):
    night = datetime.datetime(2026, 12, 8, 23, 59, 50, tzinfo=datetime.UTC)
    save_changes(walk, start_at=night)
    traveller.move_to(night)
    close_check(operator, walk)
    traveller.shift(20)

    for _run in range(2):
        report_closed_checks(timezone.now())

    assert told().count() == lines().count() == 1


def test_right_words_after_the_limit_are_not_wrong_words_in_her_history(operator, booking, companion, walk):
    close_check(operator, walk)

    assert not check(operator, reference=booking.reference)
    assert not check(operator, reference=companion.reference, words=WRONG)
    record_failed_checks(timezone.now())

    failed = lines(SecurityEventKind.WALK_CHECK_FAILED)
    assert [(line.booking_id, line.change) for line in failed][-2:] == [
        (None, "by reference, with the right words"),
        (companion.pk, "by reference"),
    ]
    assert not booking.events.filter(kind=EventKind.WALK_CHECK_FAILED).exists()
    assert companion.events.filter(kind=EventKind.WALK_CHECK_FAILED).exists()


def test_no_that_closes_a_walk_writes_no_message_and_no_event(operator, booking, walk):
    close_check(operator, walk)

    assert not Message.objects.exists()
    assert not walk.events.exists()
