"""A legal hold keeps a booking from being erased, by her request or by its age, until it ends."""

import datetime
import json
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from accounts.models import SecurityEvent, SecurityEventKind
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.legal_holds import LegalHold
from bookings.request_form.jobs import expire_unconfirmed_bookings
from bookings.retention.actions import erase_booking
from bookings.retention.holds import AFTER_RESTORE, Hold, end_hold, place_hold
from bookings.retention.jobs import erase_due_bookings
from bookings.retention.ledger import read_holds
from bookings.statuses import Status
from data_rights.erasure.actions import carry_out_erasure, request_erasure, undo_erasure
from data_rights.erasure.jobs import erase_requested
from feedback.jobs import erase_due_concerns
from feedback.models.concerns import Concern
from tests.support.addresses import rolled_back
from tests.support.factories import BookingFactory, in_days
from tests.support.feedback_factories import ConcernFactory
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db


def hold_for(days, reason="Complaint 12 of 2026"):
    return Hold(until=london.today() + datetime.timedelta(days=days), reason=reason)


def name_of(booking):
    return BookingContact.objects.get(pk=booking.pk).name


def in_the_evening(days):
    return time_machine.travel(in_days(days, hour=22), tick=False)


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    """A ledger without the entries of other tests, but with one of an earlier booking."""
    (tmp_path / "00000000-0000-4000-8000-000000000000.json").write_text('{"requested": true}')
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "erasures": files}


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


@pytest.fixture
def ended(southwark):
    """A booking past its retention period."""
    return BookingFactory(borough=southwark, status=Status.DECLINED, asked_at=in_days(-100))


def test_her_request_is_carried_out_by_itself_when_the_hold_ends(booking, auditor):
    ConcernFactory(report__booking=booking)
    place_hold(booking, hold_for(10), by=auditor)
    request_erasure(booking)

    with in_the_evening(10):
        erase_requested(timezone.now())
        last_evening = name_of(booking)
    with in_the_evening(11):
        erase_requested(timezone.now())

    assert (last_evening, name_of(booking)) == ("Maya Example", "")
    assert Concern.objects.get().text == ""


def test_she_can_undo_it_for_as_long_as_the_hold_keeps_her_details(booking, auditor):
    place_hold(booking, hold_for(10), by=auditor)
    request_erasure(booking)

    with in_the_evening(5):
        undo_erasure(booking)
    with in_the_evening(11):
        erase_requested(timezone.now())

    assert name_of(booking) == "Maya Example"


def test_retention_waits_for_the_end_of_the_hold(ended, auditor):
    place_hold(ended, hold_for(10), by=auditor)

    erase_due_bookings(timezone.now())
    held = name_of(ended)
    with in_the_evening(11):
        erase_due_bookings(timezone.now())

    assert (held, name_of(ended)) == ("Maya Example", "")


def test_hold_ended_early_lets_the_erasure_go_on(ended, auditor):
    place_hold(ended, hold_for(300), by=auditor)

    end_hold(ended, by=auditor)
    erase_due_bookings(timezone.now())

    hold = LegalHold.objects.get()
    assert name_of(ended) == ""
    assert (hold.ended_by, hold.ended_at is not None) == (auditor, True)
    assert list(read_holds()) == []
    with pytest.raises(ActionError):
        end_hold(ended, by=auditor)


def test_renewed_hold_keeps_both_rows_and_the_later_day_counts(ended, auditor):
    place_hold(ended, hold_for(10), by=auditor)
    place_hold(ended, hold_for(40, reason="The complaint goes on"), by=auditor)

    with in_the_evening(30):
        erase_due_bookings(timezone.now())

    first, second = LegalHold.objects.order_by("pk")
    assert name_of(ended) == "Maya Example"
    assert (first.ended_by, second.ended_at, second.reason) == (auditor, None, "The complaint goes on")


def test_concerns_of_a_held_booking_outlive_their_retention_period(booking, auditor):
    concern = ConcernFactory(report__booking=booking, reported_at=in_days(-4 * 365))
    place_hold(booking, hold_for(10), by=auditor)

    erase_due_concerns(timezone.now())
    held = Concern.objects.get().text
    end_hold(booking, by=auditor)
    erase_due_concerns(timezone.now())

    assert (held, Concern.objects.get().text) == (concern.text, "")


def test_held_booking_that_nobody_confirmed_expires_and_keeps_its_details(southwark, auditor):
    booking = BookingFactory(borough=southwark, confirmed_at=None, unconfirmed_since=in_days(-8))
    place_hold(booking, hold_for(10), by=auditor)

    expire_unconfirmed_bookings(timezone.now())

    assert Booking.objects.get().status == Status.EXPIRED
    assert name_of(booking) == "Maya Example"


def test_held_booking_cannot_be_erased_by_an_action_that_found_it_before(ended, auditor):
    place_hold(ended, hold_for(1), by=auditor)

    with pytest.raises(TransitionNotAllowed):
        erase_booking(ended)

    assert name_of(ended) == "Maya Example"


def test_held_booking_is_left_by_a_job_that_found_it_before(booking, auditor):
    request_erasure(booking)
    place_hold(booking, hold_for(10), by=auditor)

    carry_out_erasure(booking, now=in_days(2))

    assert name_of(booking) == "Maya Example"


@pytest.mark.parametrize("days", [-1, 366])
def test_hold_ends_today_or_later_and_within_a_year(ended, auditor, days):
    with pytest.raises(ActionError):
        place_hold(ended, hold_for(days), by=auditor)

    assert not LegalHold.objects.exists()


def test_erased_booking_cannot_be_held(ended, auditor):
    erase_booking(ended)

    ended.refresh_from_db()
    with pytest.raises(ActionError):
        place_hold(ended, hold_for(1), by=auditor)


def test_only_an_auditor_places_and_ends_a_hold(ended, auditor, inspector, administrator, lead):
    for person in (inspector, administrator, lead):
        with pytest.raises(PermissionDenied):
            place_hold(ended, hold_for(1), by=person)
    place_hold(ended, hold_for(1), by=auditor)
    for person in (inspector, administrator, lead):
        with pytest.raises(PermissionDenied):
            end_hold(ended, by=person)
        assert not LegalHold.objects.visible_to(person).exists()

    assert LegalHold.objects.visible_to(auditor).count() == 1


def test_both_acts_are_in_the_security_log_and_in_no_history_that_staff_read(ended, auditor):
    events = ended.events.count()

    place_hold(ended, hold_for(1), by=auditor)
    end_hold(ended, by=auditor)

    lines = SecurityEvent.objects.order_by("pk").values_list("kind", "officer", "booking_id", "reason")
    assert list(lines) == [
        (SecurityEventKind.ERASURE_HELD, auditor.pk, ended.pk, "Complaint 12 of 2026"),
        (SecurityEventKind.HOLD_ENDED, auditor.pk, ended.pk, ""),
    ]
    assert ended.events.count() == events


# --- After a restore --------------------------------------------------------------------------------------------------


def reapply(**options):
    printed = StringIO()
    call_command("reapply_erasures", **options, stdout=printed)
    return printed.getvalue()


def test_hold_that_the_backup_does_not_have_is_repeated(ended, auditor):
    with rolled_back():
        place_hold(ended, hold_for(10), by=auditor)

    printed = reapply()
    reapply()
    erase_due_bookings(timezone.now())

    hold = LegalHold.objects.get()
    assert "Held again: 1" in printed
    assert (hold.by, hold.reason, hold.until) == (auditor, AFTER_RESTORE, hold_for(10).until)
    assert name_of(ended) == "Maya Example"


def test_hold_that_was_ended_after_the_backup_is_ended_again(ended, auditor):
    place_hold(ended, hold_for(10), by=auditor)
    with rolled_back():
        end_hold(ended, by=auditor)

    printed = reapply()

    assert "Holds ended again: 1" in printed
    assert LegalHold.objects.get().ended_at is not None


def test_hold_stays_if_the_ledger_may_have_lost_it(ended, auditor, tmp_path):
    place_hold(ended, hold_for(10), by=auditor)
    (tmp_path / f"{ended.pk}.held").unlink()

    printed = reapply(incomplete_ledger=True)

    assert "Holds ended again: 0" in printed
    assert "0 erasures that wait, 1 holds" in printed
    assert LegalHold.objects.get().ended_at is None


def test_hold_of_an_auditor_whom_the_backup_does_not_have_is_named(ended, tmp_path):
    (tmp_path / f"{ended.pk}.held").write_text(json.dumps({"until": hold_for(10).until.isoformat(), "by": 10**6}))

    assert f"lacks the auditor: booking {ended.pk}, until {hold_for(10).until}" in reapply()


@pytest.mark.parametrize("is_incomplete", [False, True])
def test_erasure_after_the_end_of_a_hold_is_repeated_in_a_backup_that_still_has_it(booking, auditor, is_incomplete):
    place_hold(booking, hold_for(10), by=auditor)
    with rolled_back():
        end_hold(booking, by=auditor)
        request_erasure(booking)
        erase_requested(timezone.now() + datetime.timedelta(hours=25))

    reapply(incomplete_ledger=is_incomplete)

    assert name_of(booking) == ""
    assert LegalHold.objects.get().ended_at is not None


def test_hold_past_its_last_day_is_not_repeated(ended, auditor):
    with rolled_back():
        place_hold(ended, hold_for(10), by=auditor)

    with in_the_evening(11):
        reapply()

    assert not LegalHold.objects.exists()


def test_entry_in_the_ledger_holds_no_reason(ended, auditor):
    place_hold(ended, hold_for(10), by=auditor)

    (entry,) = read_holds()
    assert (entry.booking, entry.until, entry.by) == (ended.pk, hold_for(10).until, auditor.pk)
