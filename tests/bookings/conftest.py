import pytest
from django.utils import timezone

from bookings.scheduling.preferred_times.actions import request_other_times
from bookings.statuses import CancelReason
from tests.support.decisions import cancel_now
from tests.support.factories import BookingFactory, InspectorFactory, WalkFactory, in_days, scheduled_booking
from tests.support.on_the_day import minutes
from tests.support.one_officer import ask_about_one_officer, leave_one_officer
from tests.support.preferred_times import make_preferred_time_request
from tests.support.request_form import complete_questions
from tests.support.retention import WORDS, schedule_request
from tests.support.shared_walks import consent_to_sharing
from walks.planning.plans import WalkDetails


@pytest.fixture
def plan():
    return WalkDetails(
        start_at=in_days(10),
        minutes=60,
        meeting_place="Peckham Rye station, by the flower stall",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
        map_coordinates=[51.47004, -0.06944],
    )


@pytest.fixture
def at_question(client, southwark):
    """Return a client that has answered everything before this question."""

    def go(question, **other):
        complete_questions(client, until=question, **other)
        return client

    return go


@pytest.fixture
def colleague(bcu):
    """A second inspector of the same BCU."""
    return InspectorFactory(bcu=bcu, name="Cora Colleague", rank="sergeant")


@pytest.fixture
def booking(southwark):
    """A confirmed booking that waits for our answer."""
    return BookingFactory(borough=southwark)


@pytest.fixture
def booked(southwark, team):
    """A booking with a walk in ten days."""
    return scheduled_booking(team, borough=southwark)


@pytest.fixture
def booking_with_new_times(southwark, team):
    """A booking with a walk in ten days, for which the requester then asked for other times."""
    booking = scheduled_booking(team, borough=southwark, answered_at=in_days(-3))
    request_other_times(booking, preferred_time=make_preferred_time_request(14, 15))
    return booking


@pytest.fixture
def scheduled_request(booking_request, inspector, team, plan):
    """A booking that the actions themselves made, confirmed and scheduled, with all its events and messages."""
    return schedule_request(booking_request, inspector, team, plan)


@pytest.fixture
def cancelled_request(scheduled_request, inspector):
    cancel_now(scheduled_request, inspector, reason=CancelReason.OTHER, message=WORDS)
    return scheduled_request


@pytest.fixture
def joinable_booking(southwark, team):
    """A booking with a walk that others may join."""
    booking = scheduled_booking(team, borough=southwark, contact__name="Frieda First")
    consent_to_sharing(booking)
    return booking


@pytest.fixture
def waiting_booking(southwark):
    """A booking that could join another requester's walk."""
    return BookingFactory(borough=southwark, contact__name="Wanda Waiting")


@pytest.fixture
def one_officer_booking(officer, second_officer):
    """A booking with a walk from which the second officer has withdrawn."""
    return leave_one_officer(officer, second_officer)


@pytest.fixture
def one_officer_booking_by_phone(officer, second_officer, inspector):
    """A booking left with one officer. The requester allows calls, and has been asked whether one officer is enough."""
    no_needs = {"contact__needs": [], "contact__needs_details": ""}
    booking = leave_one_officer(officer, second_officer, contact__phone_rules=["call"], **no_needs)
    ask_about_one_officer(booking, inspector)
    return booking


@pytest.fixture
def tonight(southwark, team):
    """A booking whose one-hour walk starts in half an hour."""
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=timezone.now() + minutes(30))
    return scheduled_booking(team, borough=southwark, walk=walk)


@pytest.fixture
def walk_tonight(tonight):
    return tonight.walk
