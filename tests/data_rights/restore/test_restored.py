"""`manage.py restored` makes a restored database fit for use: nothing is sent twice, and what ended stays ended."""

import datetime
import json
import shutil
from io import StringIO

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import PasswordLink, SecurityEvent, SecurityEventKind
from bookings.events import record
from bookings.manage.contact.emails import resent_news
from bookings.models.contacts import BookingContact
from bookings.statuses import EventKind
from data_rights.erasure.actions import request_erasure
from data_rights.erasure.jobs import erase_requested
from data_rights.restore.jobs import write_when_seen
from outbox.jobs import Timetable
from outbox.models import Heartbeat, Message
from outbox.sending import delivery
from outbox.statuses import State
from tests.support.addresses import rolled_back
from tests.support.factories import WalkFactory, in_days, scheduled_booking
from tests.support.requester_pages import create_page_link
from tests.support.restores import pretend_restore
from walkandtalk.lib import london
from walkandtalk.lib.database.models import DatabaseMark
from walkandtalk.lib.database.restores import was_restored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    """A real folder, as in production, in which an earlier booking has its entry."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    backend = "django.core.files.storage.FileSystemStorage"
    files = {"BACKEND": backend, "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "erasures": files}
    (folder / "00000000-0000-4000-8000-000000000000.json").write_text('{"requested": true}')
    return folder


@pytest.fixture
def queue_one(booking):
    @transaction.atomic
    def queue_one():
        resent_news(booking, record(EventKind.MESSAGE_RESENT, booking=booking))

    return queue_one


def restored(*options, links="keep", log="--no-security-log"):
    printed = StringIO()
    call_command("restored", *(["--links", links] if links else []), *[log][: bool(log)], *options, stdout=printed)
    return printed.getvalue()


@pytest.fixture(autouse=True)
def nobody_to_ask(settings):
    """Development's mail server could be asked, and says no as soon as an earlier test has made its folder."""
    settings.EMAIL_RECONCILER = ""


def test_restored_refuses_a_database_that_was_not_restored(booking):
    Session.objects.create(session_key="x", expire_date=in_days(1))

    with pytest.raises(CommandError, match="was not restored"):
        restored()

    assert Session.objects.exists()


def test_restored_marks_the_database_and_tells_the_auditor(auditor):
    Heartbeat.objects.create(name="loop", at=timezone.now() - datetime.timedelta(seconds=90))
    pretend_restore()

    printed = restored()

    assert not was_restored()
    assert "Lost at most: 9" in printed
    assert "Open accounts: 1 Auditor" in printed
    assert SecurityEvent.objects.get().kind == SecurityEventKind.RESTORED


def test_nothing_lost_marks_the_database_and_changes_nothing_else(queue_one):
    pretend_restore()
    queue_one()

    restored("--nothing-lost", links="", log="")

    assert not was_restored()
    assert Message.objects.get().state == State.PENDING


def test_nothing_lost_is_refused_if_the_ledger_knows_better(booked):
    with rolled_back():
        request_erasure(booked)
    pretend_restore()

    with pytest.raises(CommandError, match="has 1 erasures that this database lacks"):
        restored("--nothing-lost", links="", log="")

    assert was_restored()


def test_restored_wants_to_know_of_the_security_log(booking):
    pretend_restore()

    with pytest.raises(CommandError, match="--no-security-log"):
        restored(log="")

    assert was_restored()


def test_stop_before_the_end_of_the_data_is_refused(queue_one):
    queue_one()
    Heartbeat.objects.create(name="loop", at=timezone.now())
    pretend_restore()
    an_hour_ago = timezone.now() - datetime.timedelta(hours=1)

    with pytest.raises(CommandError, match="The data ends at "):
        restored("--stopped-at", an_hour_ago.isoformat())

    assert was_restored()
    assert Message.objects.get().state == State.PENDING


def test_copied_folder_that_was_put_back_is_noticed_and_made_fit(queue_one):
    queue_one()
    with rolled_back():
        DatabaseMark.objects.update(seen_at=in_days(1))  # the other server's clock was ahead
        write_when_seen(timezone.now())

    restored()
    write_when_seen(timezone.now())

    assert not was_restored()
    assert Message.objects.get(thread__startswith="requester:").state == State.REVIEW


def test_database_that_notices_nothing_can_be_made_fit_all_the_same(queue_one):
    queue_one()

    restored("--although-not-noticed")

    assert not was_restored()
    assert Message.objects.get(thread__startswith="requester:").state == State.REVIEW


def test_waiting_message_is_held(queue_one, mailoutbox):
    queue_one()
    pretend_restore()

    printed = restored()
    delivery.deliver_due(limit=100)

    assert "Messages held, because they may have been sent: 1" in printed
    assert Message.objects.get(thread__startswith="requester:").state == State.REVIEW
    assert not any(mail.to == ["maya@example.com"] for mail in mailoutbox)


def test_reminder_that_was_due_before_the_stop_is_held_and_later_ones_are_sent(southwark, team):
    tomorrow = london.today() + datetime.timedelta(days=1)
    now = london.to_instant(tomorrow, datetime.time(10, 30))
    stopped_at = now - datetime.timedelta(minutes=45)
    with time_machine.travel(now, tick=False):
        for hours in (1, 26):  # the reminders are due at 9:30am, two hours before, and at 10am, the day before
            walk = WalkFactory(bcu=southwark.bcu, start_at=now + datetime.timedelta(hours=hours))
            scheduled_booking(team, borough=southwark, walk=walk)
        pretend_restore()

        restored("--stopped-at", stopped_at.isoformat())
        reminders = Message.objects.filter(kind="reminder").order_by("number")
        at_first = list(reminders.values_list("state", flat=True))
        Timetable().run_due()

    assert at_first == [State.REVIEW]
    assert list(reminders.values_list("state", flat=True)) == [State.REVIEW, State.PENDING]


def test_erasure_is_repeated_and_nobody_is_told_again(booked, team):
    with rolled_back():
        request_erasure(booked)
        erase_requested(timezone.now() + datetime.timedelta(hours=25))
    pretend_restore()

    printed = restored()

    assert "Erased again: 1" in printed
    assert BookingContact.objects.get(pk=booked.pk).name == ""
    told = Message.objects.filter(kind="officer_walk_cancelled")
    assert [message.state for message in told] == [State.SUPERSEDED] * len(team)  # erased with the walk


def test_restored_stops_without_a_ledger_and_marks_nothing(booking, ledger):
    shutil.rmtree(ledger)
    pretend_restore()

    with pytest.raises(CommandError, match="The ledger is empty"):
        restored()

    assert was_restored()
    restored("--incomplete-ledger")
    assert not was_restored()


def test_sessions_and_password_links_end_and_other_links_may_stay(client, booking, officer, as_inspector):
    page = create_page_link(booking)
    PasswordLink.objects.create_token(officer, PasswordLink.Purpose.RESET, expires_at=in_days(1))
    pretend_restore()

    restored()

    assert as_inspector.get("/staff/").status_code == 302
    assert not PasswordLink.objects.exists()
    assert not Session.objects.exists()
    assert client.get(page, follow=True).status_code == 200


def test_links_and_calendar_feeds_are_revoked_if_chosen(client, booking, officer):
    page = create_page_link(booking)
    pretend_restore()

    restored(links="revoke")

    assert client.get(page, follow=True).status_code == 404
    was = officer.access_version
    officer.refresh_from_db()
    assert officer.access_version == was + 1


def line(kind, subject, *, at, logger="walkandtalk.security_log"):
    return json.dumps({"logger": logger, "event": kind, "subject": subject, "change": "", "at": at.isoformat()})


def test_account_that_the_shipped_log_closed_is_closed_again(officer, second_officer, inspector, auditor, tmp_path):
    backup = timezone.now() - datetime.timedelta(hours=1)
    later = timezone.now()
    Heartbeat.objects.create(name="loop", at=backup)
    log = tmp_path / "stdout.log"
    log.write_text(
        "\n".join(
            [
                "Celery says hello",
                line("deactivated", officer.pk, at=later),
                line("deactivated", second_officer.pk, at=later),
                line("reactivated", second_officer.pk, at=later),
                line("deactivated", inspector.pk, at=backup - datetime.timedelta(hours=1)),
                line("role_changed", inspector.pk, at=later),
                line("signed_in", inspector.pk, at=later),
                line("deactivated", auditor.pk, at=backup - datetime.timedelta(minutes=4)),  # by another clock
            ]
        )
    )
    pretend_restore()

    printed = restored("--security-log", str(log), log="")

    people = (officer, second_officer, inspector, auditor)
    active = {person: type(person).objects.get(pk=person.pk).is_active for person in people}
    assert active == {officer: False, second_officer: True, inspector: True, auditor: False}
    assert SecurityEvent.objects.filter(kind="deactivated", subject=officer).exists()
    assert f"{later.isoformat()} role_changed of account {inspector.pk}" in printed
    assert "signed_in" not in printed


def test_failing_job_is_named_and_stops_nothing(settings):
    settings.JOBS = {"tests.data_rights.restore.test_restored.fail": 60, **settings.JOBS}
    pretend_restore()

    printed = restored()

    assert "may be sent again: tests.data_rights.restore.test_restored.fail" in printed
    assert not was_restored()


def fail(_now):
    raise ValueError
