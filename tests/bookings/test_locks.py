"""The lock of a booking covers the rows that belong to it: rows read before the lock are read again after it."""

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.locks import lock_booking, lock_bookings_on_walk, lock_scheduled_bookings
from bookings.models.acknowledgements import Acknowledgement
from bookings.models.bookings import Booking
from bookings.models.claims import Claim, get_claim
from bookings.models.contacts import BookingContact
from bookings.models.response_targets import ResponseTarget
from bookings.models.safeguarding import SafeguardingFlag
from tests.support.concurrency import run_in_thread
from tests.support.factories import BookingFactory, WalkFactory, scheduled_booking
from tests.support.lock_waits import wait_for_blocked_session
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db(transaction=True)


def test_lock_booking_discards_rows_read_earlier(southwark, inspector):
    booking, now = BookingFactory(borough=southwark), timezone.now()
    previous = [booking.acknowledgement.acknowledged_at, booking.response_target.first_read_at, get_claim(booking)]
    previous += [booking.contact.messages_stopped_at, booking.has_open_safeguarding]
    Acknowledgement.objects.update(acknowledged_at=now)
    ResponseTarget.objects.update(first_read_at=now)
    BookingContact.objects.update(messages_stopped_at=now)
    claim = Claim.objects.create(booking_id=booking.pk, officer=inspector)
    SafeguardingFlag.objects.create(booking_id=booking.pk, by=inspector)

    with transaction.atomic():
        lock_booking(booking)

    after = [booking.acknowledgement.acknowledged_at, booking.response_target.first_read_at, get_claim(booking)]
    after += [booking.contact.messages_stopped_at, booking.has_open_safeguarding]
    assert (previous, after) == ([None, None, None, None, False], [now, now, claim, now, True])


@pytest.mark.parametrize("lock", [lock_scheduled_bookings, lock_bookings_on_walk])
def test_bookings_of_a_walk_are_read_after_the_wait_for_the_lock(lock, southwark, team):
    booked, now, statuses = scheduled_booking(team, borough=southwark), timezone.now(), []

    def second_person():
        with transaction.atomic():
            (held,) = lock(booked.walk)
            statuses.append((held.version, held.acknowledgement.acknowledged_at, held.contact.email))

    with transaction.atomic():
        lock_booking(booked)
        thread = run_in_thread(second_person)
        wait_for_blocked_session()
        save_changes(booked.acknowledgement, acknowledged_at=now)
        save_changes(booked.contact, email="new@example.com")
        save_changes(booked, version=2)
    thread.join()

    assert statuses == [(2, now, "new@example.com")]


def lock_one(booking):
    lock_booking(booking)
    return booking


def lock_among_others(booking):
    (held,) = lock_bookings_on_walk(WalkFactory(bcu=booking.bcu), besides=booking)
    return held


@pytest.mark.parametrize("lock", [lock_one, lock_among_others])
def test_booking_handed_over_during_the_wait_is_locked_with_its_new_bcu(lock, southwark, camden):
    booking, seen = BookingFactory(borough=southwark), []

    def second_person():
        with transaction.atomic():
            seen.append(lock(Booking.objects.select_related("bcu").get()).bcu)

    with transaction.atomic():
        lock_booking(booking)
        thread = run_in_thread(second_person)
        wait_for_blocked_session()
        save_changes(booking, bcu=camden.bcu)
    thread.join()

    assert seen == [camden.bcu]
