import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from bookings.statuses import Channel, Status
from feedback.concerns.actions import (
    Acceptance,
    accept_concern,
    close_concern_without_action,
    divert_concern,
    start_screening,
)
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent
from feedback.reports.actions import record_concern, send_report_invitation, submit_report
from feedback.statuses import State
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory, InspectorFactory, WalkFactory, in_days, scheduled_booking
from tests.support.feedback_factories import (
    REVIEW_DATE,
    ConcernFactory,
    ImprovementFactory,
    ReportFactory,
    make_completed_booking,
    make_report_submission,
)
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.statuses import WalkStatus

STATES_AFTER_SCREENING = [
    State.ACCEPTED,
    State.REFERRED,
    State.PLANNED,
    State.IN_PROGRESS,
    State.RESOLVED,
    State.PARTLY_RESOLVED,
    State.NO_ACTION,
    State.NOT_OURS,
    State.WITHDRAWN,
    State.DIVERTED,
]


def screenings(by):
    return {
        "start": lambda concern: start_screening(concern, by=by),
        "accept": lambda concern: accept_concern(concern, Acceptance(owner=by, review_date=REVIEW_DATE), by=by),
        "no action": lambda concern: close_concern_without_action(concern, by=by, reason="The land is private."),
        "divert": lambda concern: divert_concern(concern, by=by, external_reference="CRIS 4711"),
    }


def history(concern):
    return [(event.from_state, event.to_state) for event in concern.events.all()]


def test_submit_report_makes_one_concern_for_each_kind(officer):
    booking = make_completed_booking([officer])

    report = submit_report(
        booking, make_report_submission(kinds=("lighting", "followed"), before=2, after=4), submission=uuid.uuid4()
    )

    assert (report.walk, report.by_officer, report.before, report.after) == (booking.walk, None, 2, 4)
    assert {concern.kind for concern in report.concerns.all()} == {"lighting", "followed"}
    for concern in report.concerns.all():
        assert (concern.bcu, concern.state) == (booking.bcu, State.REPORTED)
        assert (concern.place, concern.text) == ("The path behind the library", "I cannot see the ground.")
        assert (concern.light, concern.time_of_day, concern.how_often) == ("dark", "evening", "often")
        assert concern.consent is True
        assert history(concern) == [("", State.REPORTED)]


def test_submit_report_saves_a_safe_place_without_a_kind(southwark):
    report = submit_report(
        BookingFactory(status=Status.DECLINED),
        make_report_submission(kinds=(), safe_place="The bakery"),
        submission=uuid.uuid4(),
    )

    (spot,) = report.concerns.all()
    assert (spot.safe_place, spot.kind, spot.place, spot.text, spot.light) == (True, "", "The bakery", "", "")


def test_submit_report_twice_with_one_submission_saves_one_report(southwark):
    booking = BookingFactory(status=Status.DECLINED)
    submission = uuid.uuid4()

    first = submit_report(booking, make_report_submission(), submission=submission)
    second = submit_report(booking, make_report_submission(), submission=submission)

    assert first == second
    assert Concern.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_submit_report_sent_four_times_concurrently_saves_one_report(southwark):
    booking = BookingFactory(status=Status.DECLINED)
    submission = uuid.uuid4()

    run_concurrently(*[lambda: submit_report(booking, make_report_submission(), submission=submission)] * 4)

    assert (Report.objects.count(), Concern.objects.count()) == (1, 1)


def test_reports_of_one_person_share_a_key(southwark):
    booking = BookingFactory(status=Status.DECLINED)
    declined_booking = BookingFactory(status=Status.DECLINED)
    someone_else = BookingFactory(status=Status.DECLINED, contact__email="joan@example.com")

    reports = [
        submit_report(reported_booking, make_report_submission(), submission=uuid.uuid4())
        for reported_booking in (booking, booking, declined_booking, someone_else)
    ]

    assert len({report.pk for report in reports}) == 4
    assert len({report.person_key for report in reports[:3]}) == 1
    assert reports[3].person_key != reports[0].person_key


def test_missing_address_does_not_link_two_reports(southwark):
    bookings = [BookingFactory(status=Status.DECLINED, contact__email_hmac="") for _ in range(2)]

    keys = {
        submit_report(booking, make_report_submission(), submission=uuid.uuid4()).person_key for booking in bookings
    }

    assert len(keys) == 2


@pytest.mark.parametrize("status", [Status.NOT_MINE, Status.EXPIRED])
def test_submit_report_refused_for_a_booking_reported_not_mine(status, southwark):
    with pytest.raises(PermissionDenied):
        submit_report(BookingFactory(status=status), make_report_submission(), submission=uuid.uuid4())

    assert not Report.objects.exists()


def test_record_concern_by_an_officer_of_the_walk(officer, second_officer):
    booking = make_completed_booking([officer, second_officer])

    report = record_concern(booking.walk, booking, make_report_submission(), submission=uuid.uuid4(), by=officer)

    assert (report.booking, report.by_officer) == (booking, officer)
    assert [event.by for event in report.concerns.get().events.all()] == [officer]


def test_record_concern_by_the_inspector(officer, inspector):
    booking = make_completed_booking([officer])

    report = record_concern(booking.walk, booking, make_report_submission(), submission=uuid.uuid4(), by=inspector)

    assert report.by_officer == inspector


def test_record_concern_refused_to_others(officer, second_officer, stranger, lead):
    booking = make_completed_booking([officer])

    for by in (second_officer, stranger, lead):
        with pytest.raises(PermissionDenied):
            record_concern(booking.walk, booking, make_report_submission(), submission=uuid.uuid4(), by=by)

    assert not Report.objects.exists()


def test_record_concern_refused_before_the_walk_starts(officer):
    booking = scheduled_booking([officer])

    with pytest.raises(PermissionDenied):
        record_concern(booking.walk, booking, make_report_submission(), submission=uuid.uuid4(), by=officer)


def test_record_concern_refused_to_an_officer_a_week_later(officer, inspector):
    booking = make_completed_booking([officer], start_at=in_days(-8))

    with pytest.raises(PermissionDenied):
        record_concern(booking.walk, booking, make_report_submission(), submission=uuid.uuid4(), by=officer)

    assert record_concern(booking.walk, booking, make_report_submission(), submission=uuid.uuid4(), by=inspector)


def test_record_concern_while_the_walk_is_under_way(officer):
    walk = WalkFactory(officers=[officer], start_at=timezone.now(), status=WalkStatus.UNDER_WAY)
    booking = scheduled_booking([officer], walk=walk)

    assert record_concern(walk, booking, make_report_submission(), submission=uuid.uuid4(), by=officer)


def test_record_concern_refused_for_a_requester_of_another_walk(officer):
    booking = make_completed_booking([officer])

    with pytest.raises(PermissionDenied):
        record_concern(booking.walk, BookingFactory(), make_report_submission(), submission=uuid.uuid4(), by=officer)


def test_start_screening_changes_the_state(inspector):
    concern = ConcernFactory()

    start_screening(concern, by=inspector)

    assert concern.state == State.SCREENING
    assert history(concern) == [(State.REPORTED, State.SCREENING)]


@pytest.mark.parametrize("state", [State.REPORTED, State.SCREENING])
def test_accept_concern_sets_owner_and_review_date(state, inspector, bcu):
    concern, owner = ConcernFactory(state=state), InspectorFactory(bcu=bcu)

    accept_concern(concern, Acceptance(owner=owner, review_date=REVIEW_DATE), by=inspector)

    concern.refresh_from_db()
    assert (concern.state, concern.owner, concern.review_date) == (State.ACCEPTED, owner, REVIEW_DATE)
    assert history(concern)[-1] == (State.SCREENING, State.ACCEPTED)


def test_close_concern_without_action_keeps_the_reason_for_the_requester(inspector):
    concern = ConcernFactory()

    close_concern_without_action(concern, by=inspector, reason="The land is private.")

    concern.refresh_from_db()
    assert concern.state == State.NO_ACTION
    assert concern.latest_answer() == "The land is private."


def test_divert_concern_keeps_kind_date_and_reference(inspector):
    concern = ConcernFactory(consent=True)
    ConcernEvent.objects.record(concern, to_state=State.REPORTED, internal="She names him.")

    divert_concern(concern, by=inspector, external_reference="CRIS 4711")

    concern.refresh_from_db()
    remaining = (concern.kind, concern.reported_at, concern.state, concern.external_reference)
    assert remaining == ("lighting", concern.report.reported_at, State.DIVERTED, "CRIS 4711")
    erased = (concern.place, concern.text, concern.light, concern.time_of_day, concern.how_often, concern.consent)
    assert erased == ("", "", "", "", "", False)
    assert not any(event.internal or event.to_requester for event in concern.events.all())


def test_divert_concern_erases_the_text_in_the_same_report(inspector):
    report = ReportFactory()
    diverted, beside = ConcernFactory(report=report), ConcernFactory(report=report, kind="cctv")
    another = ConcernFactory()

    divert_concern(diverted, by=inspector, external_reference="CRIS 4711")

    beside.refresh_from_db()
    another.refresh_from_db()
    assert (beside.state, beside.text, beside.place) == (State.REPORTED, "", "The path behind the library")
    assert another.text == "I cannot see the ground."


@pytest.mark.parametrize("screening", ["start", "accept", "no action", "divert"])
@pytest.mark.parametrize("state", STATES_AFTER_SCREENING)
def test_screening_refused_from_every_later_state(state, screening, inspector):
    fields = {"owner": inspector, "review_date": REVIEW_DATE, "external_reference": "CRIS 1"}
    joined = ImprovementFactory(state=state) if state in (State.REFERRED, State.NOT_OURS) else None
    concern = ConcernFactory(state=state, improvement=joined, **fields)

    with pytest.raises(TransitionNotAllowed):
        screenings(inspector)[screening](concern)

    concern.refresh_from_db()
    assert (concern.state, concern.text) == (state, "I cannot see the ground.")
    assert not concern.events.exists()


@pytest.mark.parametrize("screening", ["start", "accept", "no action", "divert"])
def test_screening_refused_to_officers_of_the_walk_and_others(screening, officer, stranger, lead, bcu):
    on_the_walk, note_author = InspectorFactory(bcu=bcu), InspectorFactory(bcu=bcu)
    booking = make_completed_booking([officer, on_the_walk])
    concern = ConcernFactory(report__booking=booking, report__by_officer=note_author)

    for by in (officer, on_the_walk, note_author, stranger, lead):
        with pytest.raises(PermissionDenied):
            screenings(by)[screening](concern)

    concern.refresh_from_db()
    assert concern.state == State.REPORTED
    assert not concern.events.exists()


@pytest.mark.django_db(transaction=True)
def test_second_screener_waits_for_the_first(inspector):
    concern = ConcernFactory()
    refused, first_holds_the_lock = [], threading.Event()

    def second():
        first_holds_the_lock.wait()
        try:
            close_concern_without_action(Concern.objects.get(pk=concern.pk), by=inspector, reason="Private land.")
        except TransitionNotAllowed as error:
            refused.append(str(error))
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        accept_concern(concern, Acceptance(owner=inspector, review_date=REVIEW_DATE), by=inspector)
        first_holds_the_lock.set()
        thread.join(timeout=0.5)
        waited = thread.is_alive()
    thread.join()

    concern.refresh_from_db()
    assert waited
    assert concern.state == State.ACCEPTED
    assert refused == ["This concern is now “accepted”: someone else has checked it."]


@pytest.mark.parametrize("channel", [Channel.FULL, Channel.DISCREET])
def test_send_report_invitation_sends_one_message(channel, officer):
    booking = make_completed_booking([officer], channel=channel)
    now = booking.walk.end_at

    results = [send_report_invitation(booking, now=now) for _ in range(2)]

    assert results == [True, False]
    assert Message.objects.get().dedupe_key == f"booking:{booking.pk}:report_invitation:requester"
    assert booking.links.count() == 1


@pytest.mark.parametrize("fields", [{"channel": Channel.NONE}, {"status": Status.SCHEDULED}])
def test_send_report_invitation_skips_others(fields, officer):
    booking = make_completed_booking([officer])
    type(booking).objects.filter(pk=booking.pk).update(**fields)

    assert send_report_invitation(booking, now=booking.walk.end_at) is False
    assert not Message.objects.exists()
