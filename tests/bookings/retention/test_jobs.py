"""The times at which the jobs erase bookings, walks and their history."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.drafts import Draft
from bookings.models.events import Event, EventNote
from bookings.models.read_log import ReadLog
from bookings.on_the_day import emails
from bookings.request_form.actions import request_booking
from bookings.request_form.confirmation import report_booking_not_mine
from bookings.request_form.jobs import expire_unconfirmed_bookings
from bookings.retention import jobs
from bookings.retention.jobs import delete_old_history, erase_due_bookings
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.statuses import OPEN_STATUSES, CancelReason, EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.decisions import cancel_now, decline_now
from tests.support.factories import BookingFactory, WalkFactory, in_days, scheduled_booking
from tests.support.history_limit import database_now, history_limit
from tests.support.retention import PERIOD, WORDS, erase_bookings_ended_at, hold_walk
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

ENDINGS = {
    "completed": lambda booking, officer, inspector: hold_walk(booking, officer),
    "cancelled by her": lambda booking, officer, inspector: cancel_booking_by_requester(booking),
    "cancelled by us": lambda booking, officer, inspector: cancel_now(
        booking, inspector, reason=CancelReason.OTHER, message=WORDS
    ),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_erase_due_bookings_erases_after_the_retention_period_and_no_sooner(
    ending, scheduled_request, officer, inspector
):
    started_at = timezone.now()
    ending(scheduled_request, officer, inspector)
    after = timezone.now()

    erase_bookings_ended_at(started_at)
    too_soon = BookingContact.objects.get().name
    erase_bookings_ended_at(after)

    assert too_soon == "Maya O'Brien"
    assert BookingContact.objects.get().name == ""


def test_erase_due_bookings_erases_a_booking_reported_not_mine(southwark):
    booking = BookingFactory(confirmed_at=None, asked_at=timezone.now() - PERIOD)
    started_at = timezone.now()
    report_booking_not_mine(booking)

    erase_bookings_ended_at(started_at)
    too_soon = BookingContact.objects.get().name
    erase_bookings_ended_at(timezone.now())

    assert too_soon == "Maya Example"
    assert BookingContact.objects.get().name == ""


def test_erase_due_bookings_erases_a_declined_booking(inspector):
    booking = BookingFactory(asked_at=timezone.now() - PERIOD)
    started_at = timezone.now()
    decline_now(booking, inspector, message=WORDS)

    erase_bookings_ended_at(started_at)
    too_soon = BookingContact.objects.get().name
    erase_bookings_ended_at(timezone.now())

    assert too_soon == "Maya Example"
    assert BookingContact.objects.get().name == ""
    assert [event.note for event in booking.events.all()] == ["", ""]


def test_erase_due_bookings_uses_the_period_in_the_settings(cancelled_request, settings):
    settings.KEEP_ENDED_DAYS = 30

    erase_due_bookings(timezone.now() + datetime.timedelta(days=30))

    assert BookingContact.objects.get().name == ""


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_erase_due_bookings_leaves_open_bookings(status, team):
    booking = scheduled_booking(team, asked_at=timezone.now() - 20 * PERIOD)
    Booking.objects.filter(pk=booking.pk).update(status=status)

    erase_due_bookings(timezone.now() + 40 * PERIOD)

    assert BookingContact.objects.get().name == "Maya Example"
    assert Walk.objects.get().meeting_place == "Peckham Rye station, by the flower stall"
    assert list(Booking.objects.open_too_long(timezone.now() + 40 * PERIOD)) == [booking]


def test_open_too_long_waits_for_the_walk(team):
    walk = WalkFactory(officers=team, start_at=in_days(5))
    booking = scheduled_booking(team, walk=walk)
    Booking.objects.filter(pk=booking.pk).update(walk_needed_at=in_days(-5))

    assert not Booking.objects.open_too_long(in_days(90, hour=0)).exists()
    assert Booking.objects.open_too_long(in_days(96)).exists()


def test_erase_due_bookings_takes_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    BookingFactory.create_batch(3, status=Status.DECLINED)

    erase_bookings_ended_at(timezone.now())
    first = Booking.objects.exclude(erased_at=None).count()
    erase_bookings_ended_at(timezone.now())

    assert (first, Booking.objects.exclude(erased_at=None).count()) == (2, 3)


def test_erase_due_bookings_does_not_need_history():
    BookingFactory(status=Status.DECLINED, asked_at=timezone.now() - PERIOD)

    erase_due_bookings(timezone.now())

    assert BookingContact.objects.get().name == ""


def test_expire_unconfirmed_bookings_erases_immediately(booking_request):
    draft, _ = Draft.objects.start()
    booking = request_booking(draft, request=booking_request)

    expire_unconfirmed_bookings(timezone.now() + datetime.timedelta(days=7))

    booking.refresh_from_db()
    assert booking.status == Status.EXPIRED
    assert (booking.contact.name, booking.contact.email_hmac, booking.links.count()) == ("", "", 0)
    assert (Message.objects.get().state, Message.objects.get().text) == (State.SUPERSEDED, "")


def test_expire_unconfirmed_bookings_uses_the_period_in_the_settings(settings):
    settings.KEEP_UNCONFIRMED_DAYS = 3
    BookingFactory(confirmed_at=None, asked_at=timezone.now() - datetime.timedelta(days=3))

    expire_unconfirmed_bookings(timezone.now())

    assert Booking.objects.get().status == Status.EXPIRED


def test_erase_due_bookings_erases_old_walks_without_bookings_only(cancelled_request, team, southwark):
    """A booking whose walks were both cut short refers only to the second."""
    ended_fields, bcu_fields = {"status": WalkStatus.CUT_SHORT, "start_at": in_days(-91)}, {"bcu": southwark.bcu}
    first, second, younger = (WalkFactory(**bcu_fields, **ended_fields) for _each in range(3))
    Walk.objects.filter(pk=younger.pk).update(start_at=in_days(-88))
    Booking.objects.update(cut_short_walk=second)

    erase_due_bookings(timezone.now())

    forgotten = set(Walk.objects.exclude(erased_at=None))
    assert forgotten == {first}
    assert [walk.meeting_place for walk in forgotten] == [""]


def test_evening_lists_are_deleted_after_a_week(scheduled_request, officer):
    with transaction.atomic():
        emails.send_officer_evening_list(officer, [scheduled_request.walk], now=timezone.now())
    end = scheduled_request.walk.end_at

    delete_old_history(end + datetime.timedelta(days=6))
    remaining = Message.objects.filter(kind="tonight").count()
    delete_old_history(end + datetime.timedelta(days=7))

    assert remaining == 1
    assert not Message.objects.filter(kind="tonight").exists()


def test_delete_old_history_after_six_years_and_no_sooner(cancelled_request, inspector):
    last_day, day_after = history_limit(), history_limit() + datetime.timedelta(microseconds=1)
    for at in (last_day, day_after):
        event = Event.objects.create(booking=cancelled_request, kind=EventKind.NOTE_ADDED, by=inspector, at=at)
        EventNote.objects.create(event=event, text="She rang.")
        ReadLog.objects.create(officer=inspector, booking=cancelled_request, kinds=["page"], reason="review", at=at)

    delete_old_history(timezone.now())

    assert last_day == london.years_before(database_now(), 6)
    assert [event.at for event in Event.objects.filter(at__lte=day_after)] == [day_after]
    assert [note.event.at for note in EventNote.objects.filter(event__at__lte=day_after)] == [day_after]
    assert [read.at for read in ReadLog.objects.all()] == [day_after]
    assert Booking.objects.exists()
