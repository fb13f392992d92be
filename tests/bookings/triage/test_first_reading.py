"""The first reading of a booking, within one working day."""

import datetime

import pytest

from bookings.models.read_log import ReadLog
from bookings.triage.queue.rows import queue_row
from tests.support.factories import BookingFactory, ClaimFactory
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["triage:booking", "scheduling:schedule", "triage:decline"])
def test_opening_a_booking_is_logged_and_the_first_reading_is_kept(page, as_inspector, inspector, booking):
    ClaimFactory(booking=booking, officer=inspector)
    as_inspector.get(staff_address(page, booking))
    booking.refresh_from_db()
    first = booking.response_target.first_read_at
    as_inspector.get(staff_address(page, booking))

    booking.refresh_from_db()
    assert booking.response_target.first_read_at == first is not None
    assert [(read.officer, "page" in read.kinds) for read in ReadLog.objects.all()] == [(inspector, True)] * 2
    assert booking.version == 1


@pytest.mark.parametrize(
    ("asked_at", "late_from"),
    [
        ((2026, 11, 25, 10), (2026, 11, 26, 17)),  # a Wednesday
        ((2026, 11, 27, 22), (2026, 11, 30, 17)),  # a Friday night
    ],
)
def test_queue_flags_a_booking_unread_after_one_working_day(asked_at, late_from, southwark, inspector):
    def instant(year, month, day, hour):
        return london.to_instant(datetime.date(year, month, day), datetime.time(hour))

    booking = BookingFactory(borough=southwark, asked_at=instant(*asked_at))
    late = instant(*late_from)

    def flag(now):
        return queue_row(booking, user=inspector, now=now, request_count=1, conflicts={}).flags[0].text

    assert flag(late) == "Not read yet"
    assert flag(late + datetime.timedelta(seconds=1)) == "Not read in time"
