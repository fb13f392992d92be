import datetime

import pytest
from django.utils import timezone

from bookings.models.contacts import BookingContact
from bookings.retention.actions import erase_booking
from bookings.retention.jobs import delete_old_history
from feedback import jobs
from feedback.concerns.actions import Acceptance, accept_concern
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.retention import erase_concern
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking
from tests.support.history_limit import history_limit

pytestmark = pytest.mark.django_db

REPORTED_AT = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
ERASED_AT = REPORTED_AT.replace(year=2029)


@pytest.fixture
def concern(inspector):
    """A concern reported on 1 June 2026 that is still active."""
    concern = ConcernFactory(consent=True)
    accept_concern(
        concern, Acceptance(owner=inspector, review_date=REVIEW_DATE), by=inspector, internal="Ring the council"
    )
    Concern.objects.update(reported_at=REPORTED_AT)
    ConcernEvent.objects.record(concern, to_state=State.ACCEPTED, at=REPORTED_AT, to_requester="We asked the council.")
    return Concern.objects.get()


def words(concern):
    """Return every text of the concern and its history."""
    answers = [text for event in concern.events.all() for text in (event.to_requester, event.internal)]
    return [concern.place, concern.text, *answers]


@pytest.mark.parametrize(("now", "is_kept"), [(ERASED_AT - datetime.timedelta(seconds=1), True), (ERASED_AT, False)])
def test_erase_due_concerns_three_years_after_the_report(now, is_kept, concern):
    jobs.erase_due_concerns(now)

    assert any(words(Concern.objects.get())) is is_kept


def test_erase_concern_keeps_the_columns_that_the_figures_count(concern):
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
    previous = Concern.objects.values(*names).get()
    events = concern.events.count()

    jobs.erase_due_concerns(ERASED_AT)

    assert Concern.objects.values(*names).get() == previous
    assert previous["state"] == State.ACCEPTED
    assert previous["light"] == "dark"
    assert ConcernEvent.objects.count() == events


def test_erase_due_concerns_twice_changes_nothing(concern):
    jobs.erase_due_concerns(ERASED_AT)
    first = Concern.objects.get().erased_at
    jobs.erase_due_concerns(ERASED_AT)
    erase_concern(concern)

    assert first is not None
    assert Concern.objects.get().erased_at == first


def test_erase_due_concerns_uses_the_period_in_the_settings(concern, settings):
    settings.KEEP_CONCERNS_YEARS = 1

    jobs.erase_due_concerns(REPORTED_AT.replace(year=2027))

    assert not any(words(Concern.objects.get()))


def test_erase_due_concerns_works_in_batches(monkeypatch, southwark):
    monkeypatch.setattr(jobs, "BATCH", 2)
    ConcernFactory.create_batch(3, reported_at=REPORTED_AT)

    jobs.erase_due_concerns(ERASED_AT)

    assert Concern.objects.exclude(erased_at=None).count() == 2


def test_concern_page_says_that_the_report_was_deleted(concern, client, inspector):
    client.force_login(inspector)
    jobs.erase_due_concerns(ERASED_AT)

    text = client.get(f"/staff/concerns/{concern.pk}/").text

    assert "Her words and the place have been deleted." in text
    assert "library" not in text


def test_delete_old_history_after_exactly_six_years(concern):
    last_day, day_after = history_limit(), history_limit() + datetime.timedelta(microseconds=1)
    for at in (last_day, day_after):
        event = ConcernEvent.objects.record(concern, to_state=State.RESOLVED, at=at, to_requester="It was mended.")
        FollowUpQuestion.objects.create(event=event, asked_at=at)

    delete_old_history(timezone.now())

    assert [event.at for event in ConcernEvent.objects.filter(to_state=State.RESOLVED)] == [day_after]
    assert [question.asked_at for question in FollowUpQuestion.objects.all()] == [day_after]
    assert Concern.objects.exists()


def test_concerns_outlive_the_requesters_details(officer):
    booking = make_completed_booking([officer])
    concern = ConcernFactory(report__booking=booking)

    erase_booking(booking)

    assert BookingContact.objects.get().name == ""
    concern.refresh_from_db()
    assert concern.text == "I cannot see the ground."


def test_no_invitation_for_an_erased_booking(officer):
    booking = make_completed_booking([officer])
    erase_booking(booking)

    jobs.send_report_invitations(in_days(0, hour=12))

    assert not Message.objects.exists()


def test_concern_cannot_be_recorded_for_an_erased_booking(officer, inspector, client):
    booking = make_completed_booking([officer])
    client.force_login(inspector)
    previous_status = client.get(f"/staff/walks/{booking.walk_id}/concern/").status_code
    erase_booking(booking)

    after = client.get(f"/staff/walks/{booking.walk_id}/concern/").status_code

    assert (previous_status, after) == (200, 404)
