"""The auditor is told of many checks of officers that were answered no."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from audit.alerts.findings import FAILED_CHECKS_OF_A_BOOKING, FAILED_CHECKS_OF_A_PERSON, counts_of
from audit.alerts.jobs import send_alerts
from outbox.models import Message
from tests.support.factories import BookingFactory
from tests.support.looks import in_london, travel_to
from tests.support.people import make_control_room
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

NOON = in_london(london.today() - datetime.timedelta(days=1), 12)


def fail(operator, *, booking=None, times=1, at=NOON):
    with travel_to(at):
        for _time in range(times):
            pk = booking.pk if booking is not None else None
            record_security_event(SecurityEventKind.WALK_CHECK_FAILED, officer=operator, booking_id=pk)


def alerts():
    send_alerts(timezone.now())
    return list(Message.objects.filter(kind="auditor_alert").order_by("number"))


def test_many_wrong_words_for_one_booking_are_told_once_a_day_whoever_typed_them(control_room, southwark):
    booking, other = BookingFactory.create_batch(2, borough=southwark)
    fail(control_room, booking=booking, times=FAILED_CHECKS_OF_A_BOOKING - 1)
    fail(control_room, booking=other)
    before = alerts()
    fail(make_control_room(), booking=booking)
    (message,) = alerts()
    fail(control_room, booking=booking)

    assert (before, len(alerts())) == ([], 1)
    assert message.subject == "Audit: Many checks of one walk’s officers with the wrong words"
    assert f"5 so far on {london.long_date(NOON)}." in message.text
    assert f"?booking={booking.pk}" in message.text
    assert booking.spoken_reference not in message.subject + message.text + message.html


def test_many_noes_to_one_person_are_told_with_the_name(control_room):
    fail(control_room, times=FAILED_CHECKS_OF_A_PERSON - 1)
    fail(make_control_room(), times=FAILED_CHECKS_OF_A_PERSON - 1)
    before = alerts()
    fail(control_room)

    (message,) = alerts()
    assert before == []
    assert message.subject == "Audit: Many checks of officers that were answered no"
    assert control_room.name in message.text


def test_days_are_counted_apart(control_room, southwark):
    booking = BookingFactory(borough=southwark)
    fail(control_room, booking=booking, times=3, at=NOON)
    fail(control_room, booking=booking, times=3, at=NOON - datetime.timedelta(days=1))

    assert alerts() == []


def test_digest_counts_the_checks_that_were_answered_no(control_room):
    fail(control_room, times=2)

    numbers = {count.label: count.number for count in counts_of(london.local(NOON).date())}
    assert numbers["Checks by a control room that were answered no"] == 2
