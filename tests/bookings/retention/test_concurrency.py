"""A booking that is erased while something else happens to it."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from bookings.manage.actions import resend_link
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.request_form.confirmation import confirm_booking, expire_booking
from bookings.retention.actions import erase_booking
from bookings.statuses import EventKind, Status
from outbox.models import Message
from tests.support.concurrency import run_concurrently, run_in_thread
from tests.support.factories import BookingFactory
from tests.support.lock_waits import wait_for_blocked_session
from tests.support.retention import erase_bookings_ended_at
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db(transaction=True)


def test_erase_due_bookings_run_concurrently_by_beat_and_loop_erases_once(cancelled_request):
    run_concurrently(*[lambda: erase_bookings_ended_at(timezone.now())] * 4)

    assert BookingContact.objects.get().name == ""
    assert Event.objects.filter(kind=EventKind.ERASED).count() == 1


def test_erasing_two_bookings_concurrently_erases_their_walk(cancelled_request):
    other_booking = BookingFactory(status=Status.COMPLETED, walk=cancelled_request.walk)
    locked = threading.Event()

    def erase_the_other():
        locked.wait()
        erase_booking(Booking.objects.get(pk=other_booking.pk))
        connection.close()

    thread = threading.Thread(target=erase_the_other)
    thread.start()
    with transaction.atomic():
        erase_booking(cancelled_request)
        locked.set()
        thread.join(timeout=0.5)
    thread.join()

    assert Walk.objects.get().meeting_place == ""


def test_link_requested_while_the_booking_is_erased_is_not_sent(cancelled_request):
    cancelled_request = Booking.objects.select_related("contact", "bcu").get()
    address = cancelled_request.contact.email
    locked = threading.Event()

    def send_again():
        locked.wait()
        resend_link(cancelled_request, request_id="1")
        connection.close()

    thread = threading.Thread(target=send_again)
    thread.start()
    with transaction.atomic():
        erase_booking(Booking.objects.get())
        locked.set()
        thread.join(timeout=0.5)
        waited_minutes = thread.is_alive()
    thread.join()

    assert address
    assert waited_minutes
    assert {message.recipient for message in Message.objects.all()} == {""}
    assert not Link.objects.exists()


def test_expire_booking_leaves_a_booking_that_is_being_confirmed(southwark):
    asked_at = timezone.now() - datetime.timedelta(days=30)
    unconfirmed = BookingFactory(borough=southwark, confirmed_at=None, asked_at=asked_at)

    with transaction.atomic():
        confirm_booking(unconfirmed)
        expiry = run_in_thread(lambda: expire_booking(Booking.objects.get(pk=unconfirmed.pk), now=timezone.now()))
        wait_for_blocked_session()
    expiry.join()

    saved = Booking.objects.select_related("contact").get()
    assert (saved.status, saved.contact.name, saved.erased_at) == (
        Status.WAITING,
        "Maya Example",
        None,
    )
