import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.events import Event
from bookings.retention.actions import erase_booking
from bookings.statuses import Status
from feedback import jobs
from feedback.concerns.actions import Acceptance, accept_concern
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent
from feedback.retention import erase_concern
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import BookingFactory, in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking

pytestmark = pytest.mark.django_db

TOLD = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
IN_TIME = TOLD.replace(year=2029)


@pytest.fixture
def concern(inspector):
    """Told on the first of June, and being looked into still."""
    concern = ConcernFactory(consent=True)
    accept_concern(
        concern, Acceptance(owner=inspector, review_date=REVIEW_DATE), by=inspector, internal="Ring the council"
    )
    ConcernEvent.objects.update(at=TOLD)
    Concern.objects.update(reported_at=TOLD)
    event = ConcernEvent.objects.last()
    event.to_requester, event.public = "We asked the council.", "A lamp is on its way."
    event.save()
    return Concern.objects.get()


def words(concern):
    """Everything that was said in it and about it."""
    answers = [text for event in concern.events.all() for text in (event.to_requester, event.internal, event.public)]
    return [concern.place, concern.text, *answers]


@pytest.mark.parametrize(("now", "is_kept"), [(IN_TIME - datetime.timedelta(seconds=1), True), (IN_TIME, False)])
def test_erase_due_concerns_three_years_after_they_were_told(now, is_kept, concern):
    jobs.erase_due_concerns(now)

    assert any(words(Concern.objects.get())) is is_kept


def test_erase_concern_keeps_what_is_counted(concern):
    names = [
        "kind",
        "state",
        "reported_at",
        "light",
        "time_of_day",
        "how_often",
        "consent",
        "bcu",
        "owner",
        "review_date",
    ]
    before = Concern.objects.values(*names).get()
    events = concern.events.count()

    jobs.erase_due_concerns(IN_TIME)

    assert Concern.objects.values(*names).get() == before
    assert before["state"] == State.ACCEPTED
    assert before["light"] == "dark"
    assert ConcernEvent.objects.count() == events


def test_erase_due_concerns_twice_is_once(concern):
    jobs.erase_due_concerns(IN_TIME)
    first = Concern.objects.get().erased_at
    jobs.erase_due_concerns(IN_TIME)
    erase_concern(concern)

    assert first is not None
    assert Concern.objects.get().erased_at == first


def test_erase_due_concerns_goes_by_the_period_of_the_settings(concern, settings):
    settings.KEEP_CONCERNS_YEARS = 1

    jobs.erase_due_concerns(TOLD.replace(year=2027))

    assert not any(words(Concern.objects.get()))


def test_erase_due_concerns_takes_a_batch_at_a_time(monkeypatch, southwark):
    monkeypatch.setattr(jobs, "BATCH", 2)
    ConcernFactory.create_batch(3, reported_at=TOLD)

    jobs.erase_due_concerns(IN_TIME)

    assert Concern.objects.exclude(erased_at=None).count() == 2


def test_concern_page_says_that_the_words_are_deleted(concern, client, inspector):
    client.force_login(inspector)
    jobs.erase_due_concerns(IN_TIME)

    text = client.get(f"/staff/concerns/{concern.pk}/").text

    assert "Her words and the place have been deleted." in text
    assert "library" not in text


def test_delete_old_history_six_years_later_and_no_sooner(concern):
    ConcernEvent.objects.update(at=TOLD)
    before = ConcernEvent.objects.count()

    jobs.delete_old_history(TOLD.replace(year=2032) - datetime.timedelta(seconds=1))
    a_second_early = ConcernEvent.objects.count()
    jobs.delete_old_history(TOLD.replace(year=2032))

    assert a_second_early == before > 0
    assert ConcernEvent.objects.count() == 0
    assert Concern.objects.exists()


def test_concerns_outlive_who_she_is(officer):
    booking = make_completed_booking([officer])
    concern = ConcernFactory(report__booking=booking)

    erase_booking(booking)

    assert BookingContact.objects.get().name == ""
    concern.refresh_from_db()
    assert concern.text == "I cannot see the ground."


def test_send_report_invitation_writes_to_nobody_whose_booking_is_erased(officer):
    booking = make_completed_booking([officer])
    erase_booking(booking)

    jobs.send_report_invitations(in_days(0, hour=12))

    assert not Message.objects.exists()


def test_note_is_for_women_whose_bookings_are_not_erased(officer, inspector, client):
    booking = make_completed_booking([officer])
    client.force_login(inspector)
    before = client.get(f"/staff/walks/{booking.walk_id}/concern/").status_code
    erase_booking(booking)

    after = client.get(f"/staff/walks/{booking.walk_id}/concern/").status_code

    assert (before, after) == (200, 404)


# --- The command -----------------------------------------------------------------------------------------------------


def run_erase(**options):
    said = io.StringIO()
    call_command("erase", stdout=said, **options)
    return [int(line.split(": ")[1].split()[0]) for line in said.getvalue().splitlines()]


@pytest.fixture
def much(concern, monkeypatch):
    """Three bookings and a concern to erase, one request nobody confirmed, and one that nobody closed."""
    monkeypatch.setattr("bookings.retention.jobs.BATCH", 2)
    long_ago = timezone.now() - datetime.timedelta(days=90)
    BookingFactory.create_batch(3, status=Status.DECLINED, asked_at=long_ago)
    BookingFactory(confirmed_at=None, asked_at=long_ago)
    Booking.objects.filter(pk=concern.report.booking_id).update(walk_needed_at=long_ago)
    Concern.objects.update(reported_at=long_ago - datetime.timedelta(days=3 * 366))
    Event.objects.create(at=long_ago - datetime.timedelta(days=6 * 366), kind="changed")


def test_erase_with_dry_run_counts_and_deletes_nothing(much):
    said = run_erase(dry_run=True)

    assert said == [1, 3, 0, 1, 0, 1, 0, 0, 0, 1]
    assert Booking.objects.exclude(erased_at=None).count() == 0
    assert Concern.objects.get().text == "I cannot see the ground."
    assert Event.objects.count() == 1


def test_erase_deletes_what_it_counts_until_nothing_is_left(much):
    first = run_erase()
    second = run_erase()

    assert first == [1, 3, 0, 1, 0, 1, 0, 0, 0, 1]
    assert second == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert Booking.objects.exclude(erased_at=None).count() == 4
    assert Booking.objects.count() == 5
    assert Concern.objects.get().text == ""


def test_erase_says_what_it_cannot_delete(much, monkeypatch):
    monkeypatch.setattr("feedback.jobs.erase_due_concerns", lambda now: None)

    with pytest.raises(CommandError, match="Concerns: 1 could not be deleted"):
        run_erase()
