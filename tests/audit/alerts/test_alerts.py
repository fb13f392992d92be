"""The auditor is told at once of what matters, once for each, and every morning of the day before."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from audit.alerts.findings import FREQUENT_KINDS, ORDINARY_KINDS, VETTING_KINDS
from audit.alerts.jobs import BATCH, send_alerts, send_digest
from bookings.approvals.actions import request_approval
from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.statuses import EventKind
from outbox.models import Message
from tests.support.factories import BookingFactory, InspectorFactory, scheduled_booking
from tests.support.looks import in_london, look, travel_to
from tests.support.spoken_with import IN_PERSON
from walkandtalk.lib import london
from walkandtalk.lib.monitoring.request_ids import in_request

pytestmark = pytest.mark.django_db


def alerts():
    send_alerts(timezone.now())
    return list(Message.objects.filter(kind="auditor_alert").order_by("number"))


def subjects():
    return [message.subject for message in alerts()]


@pytest.mark.parametrize("kind", [kind for kind in SecurityEventKind if kind not in ORDINARY_KINDS])
def test_each_kind_of_line_is_told_once_however_often_the_job_runs(inspector, administrator, kind):
    record_security_event(kind, officer=administrator, subject=inspector)

    first, again = alerts(), alerts()

    assert (len(first), len(again)) == (1, 1)
    assert first[0].recipient == settings.AUDITOR_EMAIL
    assert first[0].subject == f"Audit: {kind.label}"
    assert (inspector.name in first[0].text) is (kind not in VETTING_KINDS)
    assert administrator.name in first[0].text


@pytest.mark.parametrize("kind", sorted(ORDINARY_KINDS))
def test_ordinary_lines_are_not_told(inspector, kind):
    record_security_event(SecurityEventKind(kind), officer=inspector)

    assert alerts() == []


def test_job_that_was_down_for_days_tells_later(inspector):
    with travel_to(timezone.now() - datetime.timedelta(days=3)):
        record_security_event(SecurityEventKind.READING_PAUSED, officer=inspector)

    assert len(alerts()) == 1


def test_refused_sign_ins_of_one_account_make_one_message_an_hour(inspector, officer):
    with travel_to(in_london(london.today() - datetime.timedelta(days=1), 10, 5)):
        for _ in range(20):
            record_security_event(SecurityEventKind.SIGN_IN_REFUSED, subject=inspector)
        record_security_event(SecurityEventKind.SIGN_IN_REFUSED, subject=officer)
    with travel_to(in_london(london.today() - datetime.timedelta(days=1), 11, 5)):
        record_security_event(SecurityEventKind.SIGN_IN_REFUSED, subject=inspector)

    assert len(alerts()) == 3


def test_refused_sign_in_of_a_name_that_nobody_has_is_not_told():
    record_security_event(SecurityEventKind.SIGN_IN_REFUSED)

    assert alerts() == []


def test_message_has_no_reference_and_no_detail(auditor, booking):
    record_security_event(SecurityEventKind.ERASURE_HELD, officer=auditor, booking_id=booking.pk, reason="Complaint 12")

    (message,) = alerts()

    everything = message.subject + message.text + message.html + message.dedupe_key + message.thread
    assert "Complaint 12" in message.text
    hers = (booking.spoken_reference, booking.reference, booking.contact.name, booking.contact.email)
    assert [words for words in hers if words in everything] == []


def test_look_at_a_restricted_booking_by_anybody_else_is_told(southwark, team, inspector, stranger):
    restricted = scheduled_booking(team, borough=southwark, nominated_inspector=stranger)
    look(stranger, restricted)
    look(team[0], restricted, reason="on_walk")
    nothing_yet = alerts()

    look(inspector, restricted)

    assert nothing_yet == []
    assert subjects() == ["Audit: A look at a restricted booking by someone who should not be able to"]


def test_look_before_the_booking_was_restricted_is_not_told(inspector, stranger, booking):
    with travel_to(timezone.now() - datetime.timedelta(minutes=1)):
        look(inspector, booking)
    freeze_booking(booking)

    assert Booking.objects.get().nominated_inspector == stranger
    assert alerts() == []


def test_second_inspector_who_was_asked_to_agree_is_not_told(southwark, stranger):
    restricted = BookingFactory(borough=southwark, nominated_inspector=stranger)
    request_approval(restricted, EventKind.PIN_RESET, IN_PERSON, by=stranger)
    look(InspectorFactory(bcu=stranger.bcu), restricted, kinds=["approval"], reason="approval")

    assert alerts() == []


def test_unusual_number_is_told_when_the_days_count_first_becomes_unusual(southwark, inspector):
    with travel_to(in_london(london.today(), 12)):
        for booking in BookingFactory.create_batch(29, borough=southwark):
            look(inspector, booking)
        before = alerts()
        look(inspector, BookingFactory(borough=southwark))
        (message,) = alerts()
        look(inspector, BookingFactory(borough=southwark))
        after = alerts()

    assert (before, len(after)) == ([], 1)
    assert "30 bookings so far" in message.text
    assert f"?person={inspector.pk}" in message.text


def test_rare_kinds_and_restricted_looks_come_before_frequent_ones(southwark, team, inspector, administrator, stranger):
    for kind in sorted(FREQUENT_KINDS):
        record_security_event(kind, officer=administrator, subject=stranger)
    for _time in range(2):
        record_security_event(SecurityEventKind.DEACTIVATED, officer=administrator, subject=stranger)
    look(inspector, scheduled_booking(team, borough=southwark, nominated_inspector=stranger))

    first = [message.subject for message in alerts()][:3]

    stopped = "Audit: Stopped from signing in"
    look_told = "Audit: A look at a restricted booking by someone who should not be able to"
    assert first == [stopped, look_told, stopped]


@pytest.mark.parametrize("kind", [SecurityEventKind.ACCOUNT_CHANGED, SecurityEventKind.PEOPLE_EXPORTED])
def test_flood_of_one_kind_delays_no_closure(kind, inspector, administrator):
    for _time in range(BATCH + 30):
        record_security_event(kind, officer=administrator, subject=inspector)
    record_security_event(SecurityEventKind.DEACTIVATED, officer=administrator, subject=inspector)

    told = subjects()

    assert len(told) == BATCH
    assert "Audit: Stopped from signing in" in told


@pytest.mark.parametrize(
    ("kind", "has_its_own"),
    [
        (SecurityEventKind.DEACTIVATED, True),
        (SecurityEventKind.NOMINATION_ENDED, True),
        (SecurityEventKind.ACCOUNT_CHANGED, True),
        (SecurityEventKind.ACCOUNT_CREATED, False),
        (SecurityEventKind.INVITED, False),
        (SecurityEventKind.BCU_CHANGED, False),
    ],
)
def test_line_that_a_batch_must_not_hide_is_told(kind, has_its_own, inspector, administrator):
    with in_request(uuid4()):
        record_security_event(SecurityEventKind.PEOPLE_CHANGED, officer=administrator, count=2, change="close")
        record_security_event(kind, officer=administrator, subject=inspector)

    assert (f"Audit: {kind.label}" in subjects()) is has_its_own


@pytest.mark.parametrize(
    ("kind", "change"),
    [(SecurityEventKind.TEXT_CHANGED, "Help contact 3"), (SecurityEventKind.TEAM_RULES_CHANGED, "AS")],
)
def test_changed_text_or_rule_is_told_with_its_row_and_leads_to_the_fields(kind, change, administrator):
    record_security_event(kind, officer=administrator, change=change)

    (message,) = alerts()

    assert f"More: {change}" in message.text
    assert f"/staff/audit/reports/administration/?period={london.today()}" in message.text


# --- The digest -------------------------------------------------------------------------------------------------------


def digest_at(hour, minute=0):
    with travel_to(in_london(datetime.date(2026, 12, 2), hour, minute)):
        send_digest(timezone.now())
    return list(Message.objects.filter(kind="auditor_digest"))


def test_digest_comes_once_between_seven_and_midday():
    early, first, again, late = digest_at(6, 59), digest_at(7), digest_at(7, 5), digest_at(12)

    assert (early, len(first), len(again), len(late)) == ([], 1, 1, 1)
    assert first[0].recipient == settings.AUDITOR_EMAIL
    assert first[0].expires_at == in_london(datetime.date(2026, 12, 2), 18)


def test_quiet_day_says_so():
    (message,) = digest_at(7)

    assert message.subject == "Audit of Tuesday 1 December 2026"
    assert "Nothing unusual on Tuesday 1 December 2026" in message.text
    assert "0 lines for that day" in message.text


def test_digest_counts_the_day_before_and_links_to_its_reports(inspector, booking):
    day = datetime.date(2026, 12, 1)
    with time_machine.travel(in_london(day, 3), tick=False):
        look(inspector, booking)
        record_security_event(SecurityEventKind.READING_PAUSED, officer=inspector)
        record_security_event(SecurityEventKind.SEARCHED_BY_NAME, officer=inspector, count=2)
        record_security_event(SecurityEventKind.SEARCHED, officer=inspector, count=1)
    look(inspector, booking, at=in_london(datetime.date(2026, 12, 2), 3))

    (message,) = digest_at(7)

    assert "Nothing unusual" not in message.text
    for words in (
        "Looks without a claim or a walk: 1",
        "/staff/audit/reports/unassigned/?period=2026-12-01",
        "Looks out of hours: 1",
        "Searches by name or place, beyond a person’s own bookings: 1",
        "/staff/audit/security/?kind=searched_by_name&day=2026-12-01",
        "that we told you of: 1",
        "1 line for that day",
    ):
        assert words in message.text


def test_digest_after_the_clocks_change_is_of_one_day(inspector, booking):
    look(inspector, booking, at=in_london(datetime.date(2026, 10, 25), 0))
    look(inspector, booking, at=in_london(datetime.date(2026, 10, 25), 23, 59))
    look(inspector, booking, at=in_london(datetime.date(2026, 10, 26), 0))

    with travel_to(in_london(datetime.date(2026, 10, 26), 7)):
        send_digest(timezone.now())

    assert "2 lines for that day" in Message.objects.get().text
