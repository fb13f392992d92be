"""Erasures survive a restore, because a ledger outside the database names the bookings."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.request_form.jobs import expire_unconfirmed_bookings
from bookings.retention.jobs import erase_due_bookings
from bookings.retention.ledger import read_entries
from bookings.statuses import EventKind, Status
from data_rights.erasure.actions import request_erasure, undo_erasure
from data_rights.erasure.jobs import erase_requested
from feedback.models.concerns import Concern
from outbox.models import Message
from tests.support.addresses import rolled_back
from tests.support.factories import BookingFactory, WalkFactory, in_days, scheduled_booking
from tests.support.feedback_factories import ConcernFactory
from tests.support.requester_pages import create_page_link
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    """A real folder, as in production."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    backend = "django.core.files.storage.FileSystemStorage"
    files = {"BACKEND": backend, "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "erasures": files}
    return folder


def a_day_later():
    return timezone.now() + timedelta(hours=25)


def reapply(**options):
    printed = StringIO()
    call_command("reapply_erasures", **options, stdout=printed)
    return printed.getvalue()


def write_another_entry():
    entry = ContentFile(b'{"requested": true}')
    storages["erasures"].save("00000000-0000-4000-8000-000000000000.json", entry)


def entries():
    return {(entry.booking, entry.requested) for entry in read_entries()}


def test_every_erasure_is_written_when_it_is_carried_out(booking, southwark):
    ended = BookingFactory(borough=southwark, status=Status.DECLINED, asked_at=in_days(-100))
    unconfirmed = BookingFactory(borough=southwark, confirmed_at=None, unconfirmed_since=in_days(-8))
    request_erasure(booking)
    (asked,) = read_entries()

    erase_requested(a_day_later())
    erase_due_bookings(timezone.now())
    expire_unconfirmed_bookings(timezone.now())

    assert (asked.booking, asked.requested, asked.due_at) == (booking.pk, True, booking.erasure_due_at)
    assert entries() == {(booking.pk, True), (ended.pk, False), (unconfirmed.pk, False)}


def test_an_entry_names_nobody(booking, ledger):
    request_erasure(booking)
    erase_requested(a_day_later())

    (file,) = ledger.iterdir()
    assert file.name == f"{booking.pk}.json"
    assert set(json.loads(file.read_text())) == {"erased_at", "requested"}


def test_nothing_is_erased_while_the_ledger_cannot_be_written(booking, ledger):
    request_erasure(booking)
    ledger.rename(ledger.with_name("unreachable"))
    ledger.write_text("a file where the folder was")

    erase_requested(a_day_later())
    kept = BookingContact.objects.get(pk=booking.pk).name
    ledger.unlink()
    ledger.with_name("unreachable").rename(ledger)
    erase_requested(a_day_later())

    assert kept == "Maya Example"
    assert BookingContact.objects.get(pk=booking.pk).name == ""


def test_reapply_erases_what_a_restore_brought_back(booked, team):
    ConcernFactory(report__booking=booked)
    with rolled_back():  # as restoring a backup from before does
        request_erasure(booked)
        erase_requested(a_day_later())
    was = Booking.objects.get(pk=booked.pk)
    before = (was.erased_at, was.status, was.contact.name)

    printed = reapply()

    booked = Booking.objects.get(pk=booked.pk)
    assert before == (None, Status.SCHEDULED, "Maya Example")
    assert "Erased again: 1" in printed
    assert booked.contact.name == ""
    assert Concern.objects.get().text == ""
    assert (booked.status, booked.walk.status) == (Status.CANCELLED_BY_REQUESTER, WalkStatus.CANCELLED)
    assert booked.erasure_due_at is not None


def test_reapply_tells_officers_but_not_her(booked, team):
    with rolled_back():
        request_erasure(booked)
        erase_requested(a_day_later())

    reapply()

    assert Message.objects.filter(kind="officer_walk_cancelled").count() == len(team)
    assert not Message.objects.filter(thread__startswith="requester:").exists()


def test_reapply_erases_a_booking_whose_walk_is_past_in_the_backup(southwark, team):
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(-1))
    booking = scheduled_booking(team, borough=southwark, walk=walk)
    with rolled_back():
        Booking.objects.filter(pk=booking.pk).update(status=Status.CANCELLED_BY_REQUESTER)
        booking.refresh_from_db()
        request_erasure(booking)
        erase_requested(a_day_later())

    reapply()

    assert BookingContact.objects.get(pk=booking.pk).name == ""


def test_reapply_keeps_concerns_after_the_retention_period_alone(southwark):
    booking = BookingFactory(borough=southwark, status=Status.DECLINED, asked_at=in_days(-100))
    ConcernFactory(report__booking=booking)
    with rolled_back():
        erase_due_bookings(timezone.now())

    reapply()

    assert BookingContact.objects.get(pk=booking.pk).name == ""
    assert Concern.objects.get().text != ""


def test_reapply_twice_changes_nothing(booked):
    with rolled_back():
        request_erasure(booked)
        erase_requested(a_day_later())
    reapply()
    first = Booking.objects.get(pk=booked.pk)

    again = reapply()

    assert "Erased again: 0" in again
    assert "Of bookings in this database: 1" in again
    assert Booking.objects.get(pk=booked.pk).erased_at == first.erased_at
    assert booked.events.filter(kind=EventKind.ERASED).count() == 1


def test_reapply_hides_again_what_she_asked_us_to_erase_after_the_backup(client, booked, team):
    with rolled_back():
        request_erasure(booked)
        due_at = booked.erasure_due_at

    printed = reapply()

    booked = Booking.objects.get(pk=booked.pk)
    assert "Hidden again, to be erased later: 1" in printed
    assert (booked.erasure_due_at, booked.contact.name) == (due_at, "Maya Example")
    assert (booked.status, booked.walk.status) == (Status.CANCELLED_BY_REQUESTER, WalkStatus.CANCELLED)
    assert "being deleted" in client.get(create_page_link(booked), follow=True).text


def test_reapply_keeps_what_she_asked_us_to_keep_after_the_backup(booking):
    request_erasure(booking)
    with rolled_back():
        undo_erasure(booking)
    was_hidden = Booking.objects.get(pk=booking.pk).awaits_erasure
    write_another_entry()

    printed = reapply()
    erase_requested(a_day_later())

    assert was_hidden
    assert "Kept, because she undid it: 1" in printed
    assert BookingContact.objects.get(pk=booking.pk).name == "Maya Example"


def test_incomplete_ledger_does_not_prove_that_she_undid_it(booking, ledger):
    request_erasure(booking)
    for file in ledger.iterdir():
        file.unlink()

    printed = reapply(incomplete_ledger=True)

    assert "Kept, because she undid it: 0" in printed
    assert "the ledger may lack their entries: 1 erasures that wait, 0 holds" in printed
    assert Booking.objects.get(pk=booking.pk).awaits_erasure


def test_reapply_leaves_an_erasure_that_waits_alone(booking):
    request_erasure(booking)
    due_at = booking.erasure_due_at

    reapply()

    assert Booking.objects.get(pk=booking.pk).erasure_due_at == due_at


def test_freeze_takes_the_request_out_of_the_ledger(booking):
    request_erasure(booking)

    freeze_booking(booking)

    assert list(read_entries()) == []


def test_reapply_passes_over_bookings_that_the_backup_does_not_have(booking):
    write_another_entry()

    assert "Of bookings in this database: 0" in reapply()


def test_reapply_refuses_an_empty_ledger(booking, ledger):
    request_erasure(booking)
    for file in ledger.iterdir():
        file.unlink()

    with pytest.raises(CommandError, match="The ledger is empty"):
        reapply()

    assert Booking.objects.get(pk=booking.pk).awaits_erasure


def test_reapply_refuses_a_ledger_that_lacks_what_the_database_has_erased(booking, ledger, southwark):
    BookingFactory(borough=southwark, status=Status.DECLINED, asked_at=in_days(-100))
    erase_due_bookings(timezone.now())
    (first,) = ledger.iterdir()
    with rolled_back():
        request_erasure(booking)
        erase_requested(a_day_later())
    first.unlink()

    with pytest.raises(CommandError, match="lacks 1 erasures that this database has"):
        reapply()

    assert BookingContact.objects.get(pk=booking.pk).name == "Maya Example"
    assert "Erased again: 1" in reapply(incomplete_ledger=True)
