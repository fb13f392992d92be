"""`manage.py erase` deletes what has been kept long enough, of every kind that the privacy page names."""

import datetime
import io

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.retention.holds import Hold, place_hold
from bookings.statuses import Status
from feedback.models.concerns import Concern
from tests.support.factories import BookingFactory
from tests.support.feedback_factories import ConcernFactory
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

DUE = {
    "Requests nobody confirmed": 1,
    "Bookings whose requesters asked us to erase them": 1,
    "Bookings that ended": 3,
    "Concerns": 1,
    "Lines of the history of bookings and walks": 1,
    "Sessions that ended": 1,
}
NOT_CLOSED = {"Kept, because nobody has closed them": 1}


@pytest.fixture
def concern(inspector):
    return ConcernFactory(text="I cannot see the ground.")


def run_erase(**options):
    output = io.StringIO()
    call_command("erase", stdout=output, **options)
    counts = dict(line.split(": ") for line in output.getvalue().splitlines())
    return {what: int(count.split()[0]) for what, count in counts.items() if not count.startswith("0")}


@pytest.fixture
def rows_to_erase(concern, monkeypatch):
    """Make one row for each line that the command prints, but three bookings."""
    monkeypatch.setattr("bookings.retention.jobs.BATCH", 2)
    long_ago = timezone.now() - datetime.timedelta(days=90)
    BookingFactory.create_batch(3, status=Status.DECLINED, asked_at=long_ago)
    BookingFactory(confirmed_at=None, asked_at=long_ago)
    Booking.objects.filter(pk=concern.report.booking_id).update(walk_needed_at=long_ago)
    Concern.objects.update(reported_at=long_ago - datetime.timedelta(days=3 * 366))
    Event.objects.create(at=long_ago - datetime.timedelta(days=6 * 366), kind="changed")
    BookingFactory(status=Status.DECLINED, erasure_due_at=timezone.now())
    Session.objects.create(session_key="ended", expire_date=long_ago)


def test_erase_dry_run_counts_and_deletes_nothing(rows_to_erase):
    output = run_erase(dry_run=True)

    assert output == {**DUE, **NOT_CLOSED}
    assert Booking.objects.exclude(erased_at=None).count() == 0
    assert Concern.objects.get().text == "I cannot see the ground."
    assert Event.objects.count() == 1


def test_erase_deletes_everything_it_counts(rows_to_erase):
    first = run_erase()
    second = run_erase()

    assert first == {**DUE, **NOT_CLOSED}
    assert second == NOT_CLOSED
    assert Booking.objects.exclude(erased_at=None).count() == 5
    assert Booking.objects.count() == 6
    assert not Session.objects.exists()
    assert Concern.objects.get().text == ""


def test_erase_reports_rows_it_cannot_delete(rows_to_erase, monkeypatch):
    monkeypatch.setattr("feedback.jobs.erase_due_concerns", lambda now: None)

    with pytest.raises(CommandError, match="Concerns: 1 could not be deleted"):
        run_erase()


def test_command_leaves_and_counts_what_a_legal_hold_keeps(southwark, auditor):
    long_ago = timezone.now() - datetime.timedelta(days=100)
    ended = BookingFactory(borough=southwark, status=Status.DECLINED, asked_at=long_ago)
    asked = BookingFactory(borough=southwark, status=Status.DECLINED, erasure_due_at=long_ago)
    for booking in (ended, asked):
        place_hold(booking, Hold(until=london.today(), reason="Complaint 12"), by=auditor)

    assert run_erase() == {"Kept, because an auditor holds them": 2}
