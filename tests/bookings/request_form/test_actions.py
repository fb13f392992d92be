import dataclasses
import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from bookings.manage.contact.actions import change_email_address
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.events import Event
from bookings.request_form.actions import request_booking
from bookings.request_form.confirmation import confirm_booking, confirm_by_phone, report_booking_not_mine
from bookings.request_form.jobs import expire_unconfirmed_bookings, send_confirmation_reminder
from bookings.retention.jobs import delete_expired_drafts
from bookings.statuses import Channel, EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory, in_days, scheduled_booking
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db


def test_request_booking_saves_the_answers(southwark, booking_request):
    draft, _ = Draft.objects.start()

    booking = request_booking(draft, request=booking_request)

    booking = Booking.objects.get(pk=booking.pk)
    assert (booking.bcu, booking.status, booking.confirmed_at) == (southwark.bcu, Status.WAITING, None)
    assert booking.walk_needed_at == in_days(10)
    assert (booking.contact.name, booking.contact.email) == ("Maya O'Brien", "maya@example.com")
    assert [(preferred_time.date, preferred_time.start) for preferred_time in booking.preferred_times.all()] == [
        (preferred_time.date, preferred_time.start) for preferred_time in booking_request.preferred_times
    ]
    assert [event.kind for event in booking.events.all()] == [EventKind.REQUESTED]
    assert Message.objects.count() == 1


def test_request_booking_empties_the_draft(booking_request):
    draft, _ = Draft.objects.start()
    draft.save_answers_of_page({"name": {"name": "Maya"}})

    request_booking(draft, request=booking_request)

    assert Draft.objects.get().answers == {}


def test_request_booking_keeps_the_requesters_language(welsh, booking_request):
    draft, _ = Draft.objects.start()

    with translation.override(welsh):
        booking = request_booking(draft, request=booking_request)

    assert booking.contact.language == welsh
    assert '<html lang="cy"' in Message.objects.get().html


def test_request_booking_without_email_keeps_no_address(booking_request):
    draft, _ = Draft.objects.start()
    request = dataclasses.replace(booking_request, channel=Channel.NONE, pin="402817")

    booking = request_booking(draft, request=request)

    assert (booking.contact.email, booking.contact.email_hmac) == ("", "")
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_request_booking_twenty_times_concurrently_makes_one_booking_and_message(booking_request):
    draft, _ = Draft.objects.start()

    def submit():
        return request_booking(Draft.objects.get(pk=draft.pk), request=booking_request).pk

    bookings = run_concurrently(*[submit] * 20)

    assert bookings == [Booking.objects.get().pk] * 20
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("asked_at", "needed_at", "due_at"),
    [
        # Thursday evening: the third working day after it is Tuesday.
        ("2026-11-19 20:00", "2026-12-08 18:30", "2026-11-24 17:00"),
        # Christmas Day, Boxing Day (observed on the 28th) and the weekend do not count.
        ("2026-12-23 09:00", "2027-01-20 18:30", "2026-12-30 17:00"),
        # The first choice is so soon that 48 hours before it is earlier.
        ("2026-11-19 20:00", "2026-11-25 18:30", "2026-11-23 18:30"),
    ],
)
def test_answer_due_at_is_the_earlier_of_working_days_and_48_hours_before(bcu, asked_at, needed_at, due_at):
    def instant(text):
        return datetime.datetime.fromisoformat(text).replace(tzinfo=london.LONDON)

    assert bcu.answer_due_at(instant(asked_at), instant(needed_at)) == instant(due_at)


def test_confirm_booking_sets_a_time_and_no_status():
    booking = BookingFactory(confirmed_at=None)

    confirm_booking(booking)
    confirm_booking(booking)

    booking.refresh_from_db()
    assert booking.confirmed_at is not None
    assert booking.status == Status.WAITING
    assert [event.kind for event in booking.events.all()] == [EventKind.CONFIRMED]


def test_report_booking_not_mine_stops_messages_and_deletes_nothing(booking_request):
    draft, _ = Draft.objects.start()
    booking = request_booking(draft, request=booking_request)

    report_booking_not_mine(booking)

    booking.refresh_from_db()
    assert booking.status == Status.NOT_MINE
    assert booking.contact.name == "Maya O'Brien"
    assert Message.objects.get().state == State.SUPERSEDED


def test_report_booking_not_mine_refused_after_confirmation(officer, second_officer):
    booking = scheduled_booking([officer, second_officer])

    with pytest.raises(TransitionNotAllowed):
        report_booking_not_mine(booking)

    booking.refresh_from_db()
    assert booking.status == Status.SCHEDULED
    assert booking.walk.live_officers() == [officer, second_officer]


def test_request_booking_refuses_a_time_the_bcu_no_longer_takes(booking_request, bcu):
    draft, _ = Draft.objects.start()
    bcu.notice_days = 20
    bcu.save()

    with pytest.raises(ActionError, match="isn’t possible any more"):
        request_booking(draft, request=booking_request)

    assert not Booking.objects.exists()


def test_request_booking_without_email_needs_no_confirmation(booking_request):
    draft, _ = Draft.objects.start()
    request = dataclasses.replace(booking_request, channel=Channel.NONE, pin="402817")

    booking = request_booking(draft, request=request)

    assert booking.confirmed_at is not None


@pytest.mark.parametrize(("phone", "rules"), [("", []), ("07700 900123", ["text"])])
def test_confirm_by_phone_refused_without_an_allowed_number(inspector, bcu, phone, rules):
    booking = BookingFactory(confirmed_at=None)
    booking.contact.phone, booking.contact.phone_rules = phone, rules
    booking.contact.save()

    with pytest.raises(PermissionDenied):
        confirm_by_phone(booking, by=inspector, version=booking.version)


def test_expire_unconfirmed_bookings_takes_those_unconfirmed_for_seven_days():
    now = timezone.now()
    old = now - datetime.timedelta(days=7, minutes=1)
    expired = BookingFactory(confirmed_at=None, asked_at=old)
    BookingFactory(confirmed_at=None, asked_at=now - datetime.timedelta(days=6))
    BookingFactory(confirmed_at=now, asked_at=old)

    expire_unconfirmed_bookings(now)

    assert list(Booking.objects.filter(status=Status.EXPIRED)) == [expired]
    assert [event.kind for event in Event.objects.all()] == [EventKind.EXPIRED, EventKind.ERASED]


def test_expire_unconfirmed_bookings_waits_again_after_a_corrected_address():
    booking = BookingFactory(confirmed_at=None, asked_at=timezone.now() - datetime.timedelta(days=8))

    change_email_address(booking, email="right@example.com", is_verified=False)
    send_confirmation_reminder(timezone.now() + datetime.timedelta(days=1))
    expire_unconfirmed_bookings(timezone.now() + datetime.timedelta(days=6))

    booking.refresh_from_db()
    assert booking.status == Status.WAITING
    reminder = Message.objects.order_by("number").last()
    goes_at = london.long_date(timezone.now() + datetime.timedelta(days=7))
    assert (reminder.kind, goes_at in reminder.text) == ("confirm_reminder", True)


def test_draft_in_two_tabs_keeps_both_answers(db):
    one_tab, cookie = Draft.objects.start()
    other_tab = Draft.objects.open(cookie)

    one_tab.save_answers_of_page({"name": "Maya"})
    other_tab.save_answers_of_page({"needs": "none"})

    assert Draft.objects.open(cookie).answers == {"name": "Maya", "needs": "none"}


def test_discarded_draft_cannot_be_saved(db):
    draft, cookie = Draft.objects.start()
    Draft.objects.discard(cookie)

    with pytest.raises(Draft.DoesNotExist):
        draft.save_answers_of_page({"name": "Maya"})

    assert not Draft.objects.exists()


def test_delete_expired_drafts_deletes_answers_after_an_hour(db):
    draft, cookie = Draft.objects.start()

    delete_expired_drafts(timezone.now() + datetime.timedelta(minutes=59))
    saved_draft = Draft.objects.open(cookie)
    delete_expired_drafts(timezone.now() + datetime.timedelta(minutes=61))

    assert saved_draft == draft
    assert not Draft.objects.exists()
