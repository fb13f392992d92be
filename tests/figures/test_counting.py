"""The bookings and messages that each figure counts."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from bookings.models.acknowledgements import Acknowledgement
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.request_form.actions import request_booking
from bookings.request_form.booking_request import PreferredTimeRequest, RequestedTime
from bookings.request_form.confirmation import confirm_booking
from bookings.retention.actions import erase_booking
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.scheduling.jobs import send_times_passed_apologies
from bookings.scheduling.preferred_times.actions import request_other_times
from bookings.statuses import Status
from figures.counting import Tally, by_bcu, by_month_and_bcu
from figures.periods import last_days, month_period
from figures.showing import format_figure
from outbox.models import Message
from outbox.statuses import State
from tests.support.decisions import decline_now
from tests.support.factories import BookingFactory, in_days
from tests.support.figures import HOUR, find_figure, make_answered_booking, make_booking_of_past_walk, make_message
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def count_last_days(bcu, days=28):
    return by_bcu(Booking.objects.filter(nominated_inspector=None), last_days(days, now=timezone.now())).get(
        bcu.pk, Tally()
    )


@pytest.fixture
def requested(booking_request):
    draft, _cookie = Draft.objects.start()
    return request_booking(draft, request=booking_request)


def test_waits_run_to_the_first_answer(southwark, bcu):
    for hours in range(1, 12):
        make_answered_booking(southwark, hours)
    BookingFactory(borough=southwark)

    tally = count_last_days(bcu)

    assert (tally.requested, tally.answers, tally.median, tally.percentile_90) == (12, 11, 6 * HOUR, 10 * HOUR)
    assert format_figure(find_figure("median"), tally, exact=True) == "6 hours"


def test_first_reading_is_in_time_until_the_end_of_the_next_working_day(southwark, bcu):
    monday = london.today() - datetime.timedelta(days=london.today().weekday() + 14)
    asked_at = london.to_instant(monday, datetime.time(11))
    due = london.to_instant(monday + datetime.timedelta(days=1), datetime.time(17))

    def one(read=None, answered=None, **fields):
        return BookingFactory(
            borough=southwark,
            asked_at=asked_at,
            response_target__first_read_at=read,
            response_target__first_answered_at=answered,
            **fields,
        )

    one(read=due)
    one(read=due + HOUR, answered=due + HOUR)
    one(answered=due - HOUR)
    one()
    one(status=Status.EXPIRED)
    BookingFactory(borough=southwark, response_target__first_read_at=timezone.now())
    erased = one()
    with time_machine.travel(due - HOUR):
        cancel_booking_by_requester(erased)

    tally = count_last_days(bcu)

    assert (tally.read_due, tally.read_in_time) == (5, 2)
    assert format_figure(find_figure("read_in_time"), tally, exact=True) == "2 of 5 (40%)"


def test_answered_in_time_counts_bookings_whose_answer_is_due(southwark, bcu):
    unanswered = {"response_target__first_answered_at": None, "answered_at": None}
    make_answered_booking(southwark, 3)
    make_answered_booking(southwark, 4, kept=False)
    make_answered_booking(southwark, 5, **unanswered)
    make_answered_booking(southwark, 6, **unanswered, status=Status.EXPIRED)
    BookingFactory(borough=southwark, response_target__first_answer_due_at=in_days(3))
    late = make_answered_booking(southwark, 7, **unanswered)
    with time_machine.travel(late.response_target.first_answer_due_at - HOUR):
        cancel_booking_by_requester(late)

    assert (count_last_days(bcu).due, count_last_days(bcu).in_time) == (4, 1)


def test_actions_update_the_counted_columns(requested, inspector, bcu):
    confirm_booking(requested)
    assert requested.response_target.first_answer_due_at == requested.answer_due_at

    with time_machine.travel(timezone.now() + 5 * HOUR, tick=False):
        decline_now(requested, inspector, reason="no_officers", alternatives=("other_time",), message="")
    with time_machine.travel(timezone.now() + 6 * HOUR):
        tally = count_last_days(bcu)

    assert (tally.requested, tally.answers, tally.declined) == (1, 1, 1)
    assert abs(tally.median - 5 * HOUR) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize(("after", "moves"), [(-HOUR, True), (HOUR, False)])
def test_new_times_before_our_answer_move_the_first_response_target_unless_it_was_missed(after, moves, requested):
    previous_due_at = requested.response_target.first_answer_due_at
    with time_machine.travel(previous_due_at + after):
        preferred_time = RequestedTime(date=london.today() + datetime.timedelta(days=20), start=datetime.time(18))
        other = PreferredTimeRequest(
            preferred_times=(preferred_time,), weekday_evenings=False, weekends=False, meeting_place="Nunhead station"
        )
        request_other_times(requested, preferred_time=other)

    requested.refresh_from_db()
    assert requested.answer_due_at > previous_due_at
    assert requested.response_target.first_answer_due_at == (requested.answer_due_at if moves else previous_due_at)


def test_outcomes_are_counted_by_the_date_of_the_walk(southwark, bcu):
    for status in (Status.COMPLETED, Status.CANCELLED_BY_US, Status.OFFICERS_ABSENT, Status.REQUESTER_ABSENT):
        make_booking_of_past_walk(southwark, status)
    make_booking_of_past_walk(southwark, Status.CANCELLED_BY_REQUESTER)
    make_booking_of_past_walk(southwark, Status.COMPLETED, days=-40)
    make_booking_of_past_walk(southwark, Status.CANCELLED_BY_US, days=5)

    tally = count_last_days(bcu)

    assert (tally.planned, tally.walked, tally.cancelled_by_us, tally.officers_absent) == (4, 1, 1, 1)
    assert count_last_days(bcu, 90).walked == 2


def test_times_passed_are_counted_after_a_new_request(requested, bcu):
    with time_machine.travel(requested.walk_needed_at + datetime.timedelta(days=2)):
        send_times_passed_apologies(timezone.now())
        preferred_time = RequestedTime(date=london.today() + datetime.timedelta(days=20), start=datetime.time(18))
        other = PreferredTimeRequest(
            preferred_times=(preferred_time,), weekday_evenings=False, weekends=False, meeting_place=""
        )
        request_other_times(requested, preferred_time=other)

        assert (count_last_days(bcu).times_passed, count_last_days(bcu).officers_absent) == (1, 1)


@pytest.mark.parametrize("state", [State.FAILED, State.BOUNCED, State.EXPIRED])
def test_delivery_problem_is_a_message_that_did_not_arrive(state, southwark, bcu):
    make_message(make_booking_of_past_walk(southwark, Status.REQUESTER_ABSENT), state)
    make_message(make_booking_of_past_walk(southwark, Status.COMPLETED), State.SENT)

    assert (count_last_days(bcu).delivery_problems, count_last_days(bcu).planned) == (1, 2)


@pytest.mark.parametrize("how", ["acknowledged_at", "contacted_at", "informed_at", "settled", "newer", "link"])
def test_delivery_problem_solved_before_the_walk_is_not_counted(how, southwark, bcu):
    booking = make_booking_of_past_walk(southwark, Status.COMPLETED)
    hour_before = booking.walk.start_at - HOUR
    make_message(
        booking,
        State.BOUNCED,
        **({"resolved_at": hour_before} if how == "settled" else {}),
        kind="link" if how == "link" else "changed",
    )
    if how == "newer":
        make_message(booking, State.SENT)
    if how.endswith("_at"):
        Acknowledgement.objects.update(**{how: hour_before})

    assert count_last_days(bcu).delivery_problems == 0

    Acknowledgement.objects.update(acknowledged_at=None, contacted_at=None, informed_at=None)
    Message.objects.filter(state=State.SENT).delete()
    Message.objects.update(resolved_at=booking.walk.start_at + HOUR, kind="changed")
    Acknowledgement.objects.update(contacted_at=booking.walk.start_at + HOUR)
    assert count_last_days(bcu).delivery_problems == 1


def test_figures_are_unchanged_after_a_booking_is_erased(southwark, bcu):
    lost = make_booking_of_past_walk(
        southwark,
        Status.OFFICERS_ABSENT,
        response_target__first_answer_due_at=in_days(-4),
        response_target__first_answered_at=in_days(-6),
    )
    Booking.objects.update(asked_at=in_days(-8))
    make_message(lost, State.BOUNCED)
    tally = count_last_days(bcu)
    lost.refresh_from_db()

    erase_booking(lost)

    assert count_last_days(bcu) == tally
    assert (
        tally.requested,
        tally.answers,
        tally.in_time,
        tally.officers_absent,
        tally.delivery_problems,
    ) == (
        1,
        1,
        1,
        1,
        1,
    )


def test_months_are_in_london_time(southwark, bcu):
    """Requests around midnight at the end of 31 March, which is an hour earlier in UTC."""
    for minute in (59, 60):
        at = datetime.datetime(2026, 3, 31, 22, tzinfo=datetime.UTC) + minute * datetime.timedelta(minutes=1)
        BookingFactory(borough=southwark, asked_at=at)
    now = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)
    march, april = (month_period(datetime.date(2026, month, 1), now=now) for month in (3, 4))

    tallies = by_month_and_bcu(Booking.objects.all(), last_days(90, now=now))

    assert {month: of_bcus[bcu.pk].requested for month, of_bcus in tallies.items()} == {
        datetime.date(2026, 3, 1): 1,
        datetime.date(2026, 4, 1): 1,
    }
    assert [by_bcu(Booking.objects.all(), period)[bcu.pk].requested for period in (march, april)] == [1, 1]
