"""Officers are never double-booked, over HTTP, with real threads and real connections.

docs/rules.md#officers-are-never-booked-twice
"""

import datetime
from collections import Counter
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.statuses import Status
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.decisions import schedule_now
from tests.support.factories import BookingFactory, ClaimFactory, InspectorFactory, in_days
from tests.support.lock_waits import wait_for_blocked_session
from walkandtalk.lib import london
from walkandtalk.lib.database import roles
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks import locks
from walks.models.walks import Assignment, Walk
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db(transaction=True)

INSPECTORS = 16
TAKEN = "One of these officers has just been given another walk at that time."


def plan(minutes_later=0):
    return WalkDetails(
        start_at=in_days(10) + datetime.timedelta(minutes=minutes_later),
        minutes=60,
        meeting_place="Peckham Rye station",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
    )


def press(southwark, officers, minutes_later=0):
    """Return a call that submits an inspector's completed form."""
    booking = BookingFactory(borough=southwark)
    client, inspector = Client(), InspectorFactory(bcu=southwark.bcu)
    client.force_login(inspector)
    ClaimFactory(booking=booking, officer=inspector)
    start = london.local(plan(minutes_later).start_at)
    data = {
        "date_day": start.day,
        "date_month": start.month,
        "date_year": start.year,
        "start": start.strftime("%H:%M"),
        "agreed": f"{start.astimezone(datetime.UTC):%Y%m%dT%H%MZ}",
        "minutes": 60,
        "meeting_place": "Peckham Rye station",
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
        "officers": [officer.pk for officer in officers],
        "version": booking.version,
        "need_step_free": "arranged",
        "how_step_free": "Walked by Sergeant Stone",
    }
    return lambda: client.post(reverse("scheduling:schedule", args=[booking.pk]), data)


def concurrent_presses(southwark, team):
    """Return calls that schedule the same two officers, a minute apart and in either order."""
    orders = [team, list(reversed(team))]
    return [press(southwark, orders[number % 2], minutes_later=number) for number in range(INSPECTORS)]


def overlaps():
    """Return the number of pairs of live walks that overlap for one officer."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM walks_assignment a JOIN walks_assignment b
            ON a.officer_id = b.officer_id AND a.id < b.id AND a.period && b.period AND a.is_live AND b.is_live
            """
        )
        return cursor.fetchone()[0]


def test_concurrent_scheduling_succeeds_once_and_explains_to_the_others(southwark, team):
    responses = run_concurrently(*concurrent_presses(southwark, team))

    assert Counter(response.status_code for response in responses) == {302: 1, 409: INSPECTORS - 1}
    assert all(TAKEN in response.text for response in responses if response.status_code == 409)
    assert overlaps() == 0
    assert Walk.objects.count() == 1
    assert Counter(message.thread.split(":")[0] for message in Message.objects.all()) == {"requester": 1, "officer": 2}


@contextmanager
def no_constraint():
    """Remove the database constraint. Afterwards delete every assignment, and add the constraint again."""
    (constraint,) = (c for c in Assignment._meta.constraints if c.name == "officer_walks_one_walk_at_a_time")
    with roles.as_owner(), connection.schema_editor() as editor:
        editor.remove_constraint(Assignment, constraint)
    try:
        yield
    finally:
        Assignment.objects.all().delete()
        with roles.as_owner(), connection.schema_editor() as editor:
            editor.add_constraint(Assignment, constraint)


def test_concurrent_scheduling_double_books_without_lock_and_constraint(southwark, team, monkeypatch):
    """Negative control: unless this double-books officers, the zero in the test above proves nothing."""

    def only_read(officers):
        return list(Officer.objects.filter(pk__in=[officer.pk for officer in officers]).order_by("pk"))

    monkeypatch.setattr("bookings.scheduling.schedule.actions.lock_officers", only_read)

    with no_constraint():
        responses = run_concurrently(*concurrent_presses(southwark, team))
        twice = overlaps()

    assert Counter(response.status_code for response in responses)[302] > 1
    assert twice > 0


def test_constraint_is_back_after_the_negative_control(bcu, officer):
    with no_constraint():
        pass

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE conname = 'officer_walks_one_walk_at_a_time'")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(("minutes_later", "status"), [(89, 409), (90, 302)])
def test_schedule_waits_for_the_first_transaction(minutes_later, status, southwark, inspector, team):
    first = BookingFactory(borough=southwark)
    second = press(southwark, list(reversed(team)), minutes_later=minutes_later)
    answers = []

    def press_second():
        try:
            answers.append(second())
        finally:
            connection.close()

    thread = Thread(target=press_second)
    with transaction.atomic():
        schedule_now(first, inspector, plan=plan(), officers=team)
        thread.start()
        wait_for_blocked_session()
        waited_minutes = not answers
    thread.join()

    assert waited_minutes
    assert [answer.status_code for answer in answers] == [status]
    assert overlaps() == 0


@pytest.mark.parametrize(("minutes_later", "status"), [(90, 302), (-90, 302), (89, 409), (-89, 409)])
def test_schedule_needs_the_gap_between_walks(minutes_later, status, southwark, team):
    press(southwark, team)()

    response = press(southwark, team, minutes_later=minutes_later)()

    assert response.status_code == status
    assert overlaps() == 0


def test_schedule_gives_up_after_three_seconds_and_keeps_the_version(southwark, team):
    """The booking has not changed by then, so the next try still has the version that the inspector read."""
    second = press(southwark, team)
    Booking.objects.update(version=4)
    locked, can_continue = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                locks.lock_officers(team)
                locked.set()
                can_continue.wait(timeout=20)
        finally:
            connection.close()

    thread = Thread(target=hold)
    thread.start()
    locked.wait(timeout=20)
    response = second()
    can_continue.set()
    thread.join()

    assert response.status_code == 409
    assert TAKEN in response.text
    assert response.context["form"]["version"].value() == "1"


def test_cancelling_during_scheduling_leaves_a_consistent_walk(southwark, inspector, team):
    """The requester reads her booking before it has a walk, and cancels while it is being scheduled."""
    booking = BookingFactory(borough=southwark)
    outcome = []

    def cancel():
        try:
            cancel_booking_by_requester(Booking.objects.get(pk=booking.pk))
        except ActionError as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = Thread(target=cancel)
    with transaction.atomic():
        schedule_now(booking, inspector, plan=plan(), officers=team)
        thread.start()
        wait_for_blocked_session()
    thread.join()

    booking.refresh_from_db()
    assert isinstance(outcome[0], TransitionNotAllowed)
    assert (booking.status, booking.walk.live_officers()) == (Status.SCHEDULED, team)
