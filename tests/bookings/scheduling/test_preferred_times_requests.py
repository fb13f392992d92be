"""A requester asks for other times on her page."""

import datetime

import pytest
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.conditions import attendance_needed, needs_attendance
from bookings.models.preferred_times import previous_preferred_times
from bookings.notices import threads
from bookings.response_targets import response_target_tag
from bookings.scheduling.offers.actions import OfferedTime, offer_times
from bookings.scheduling.preferred_times.actions import request_other_times
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.statuses import Channel, EventKind, OfferAnswer, Status
from bookings.triage.queue.rows import booking_flags
from outbox.models import Message
from tests.support.booking_history import event_kinds
from tests.support.decisions import cancel_now
from tests.support.factories import BookingFactory, in_days, scheduled_booking
from tests.support.preferred_times import PLACE, make_preferred_time_request, preferred_time_data
from tests.support.request_form import times_in_boxes
from tests.support.requester_pages import create_page_link
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(southwark, team):
    """A booking with a walk in ten days, which we answered long ago."""
    return scheduled_booking(team, borough=southwark, answered_at=in_days(-3))


def test_change_of_a_waiting_booking_replaces_the_times_and_restarts_the_target(client):
    booking = BookingFactory(answer_due_at=in_days(1))

    response = client.post(create_page_link(booking) + "change/", preferred_time_data(20))

    booking = Booking.objects.get()
    new_date = london.today() + datetime.timedelta(days=20)
    assert response.status_code == 302
    assert [
        (preferred_time.round, preferred_time.rank, preferred_time.date)
        for preferred_time in booking.current_preferred_times()
    ] == [(2, 1, new_date)]
    assert len(previous_preferred_times(booking)) == 1
    assert booking.contact.meeting_place == PLACE
    assert booking.contact.previous_meeting_place == "Peckham Rye station, main entrance"
    assert booking.contact.weekends is True
    assert booking.walk_needed_at == london.to_instant(new_date, datetime.time(12))
    assert booking.answer_due_at == booking.bcu.answer_due_at(timezone.now(), booking.walk_needed_at)
    assert booking.change_requested_at is None
    assert event_kinds(booking) == [EventKind.CHANGE_REQUESTED]


def test_each_tap_adds_a_time_and_sends_nothing_until_she_asks(client):
    booking = BookingFactory(contact__weekends=True)
    page = create_page_link(booking) + "change/"
    kept = times_in_boxes(client.get(page).text)
    day = london.today() + datetime.timedelta(days=20)

    added = client.post(page, {**kept, "day": day.isoformat(), "part": "evening", "meeting_place": PLACE})
    unsent = event_kinds(booking)
    removed = client.post(page, {**times_in_boxes(added.text), "remove": "first", "meeting_place": PLACE})
    client.post(page, {**times_in_boxes(removed.text), "meeting_place": PLACE})

    assert (added.status_code, removed.status_code, unsent) == (200, 200, [])
    assert PLACE in added.text
    assert f"{day:%A} {day.day} {day:%B}, evening, 5pm to 8pm" in added.text
    assert [str(time) for time in booking.preferred_times.filter(round=2)] == [
        f"{london.long_date(day)}, evening, 5pm to 8pm"
    ]


def test_change_request_goes_to_the_inspector_and_keeps_the_walk(client, booked):
    walk, page = booked.walk, create_page_link(booked)

    client.post(page + "change/", preferred_time_data(14))

    booking = Booking.objects.get()
    text = " ".join(client.get(page).text.split())
    due = london.long_date(booking.answer_due_at)
    assert (booking.status, booking.walk) == (Status.SCHEDULED, walk)
    assert booking.has_open_change_request
    assert booking.answered_at is None
    assert f"We’ll answer by <strong>{due}</strong>. Until then, nothing changes." in text
    assert walk.meeting_place in text
    assert PLACE in text
    assert "Asked for another time" in [flag.text for flag in booking_flags(booking, request_count=1, conflicts={})]
    assert response_target_tag(booking, now=timezone.now()).summary.startswith("answer by")


def test_change_request_tells_requester_and_team_that_the_walk_is_unchanged(booking_with_new_times, settings):
    to_her, to_team = Message.objects.order_by("number")

    assert to_her.recipient == "maya@example.com"
    assert (
        f"Until we answer, your walk stays as it is: {london.long_date(booking_with_new_times.walk.start_at)}, 6:30pm"
        in to_her.text
    )
    assert PLACE in to_her.text
    assert to_team.recipient == booking_with_new_times.bcu.inbox
    assert "Until then the walk stays as it is." in to_team.text
    assert "Maya" not in to_team.text
    assert f"{settings.PUBLIC_URL}/staff/walks/{booking_with_new_times.walk.pk}/" in to_team.text


def test_change_declines_an_open_offer_and_sets_a_new_response_target(inspector, southwark):
    booking = BookingFactory(borough=southwark, answer_due_at=in_days(1))
    times = [OfferedTime(start_at=in_days(8 + days), place="Place") for days in range(2)]
    offer_times(booking, by=inspector, version=booking.version, times=times)

    request_other_times(booking, preferred_time=make_preferred_time_request(20))

    booking = Booking.objects.get()
    to_team = Message.objects.in_thread(threads.team_booking_thread(booking)).get()
    assert (booking.status, booking.is_awaiting_answer) == (Status.WAITING, True)
    assert {offer.answer for offer in booking.offers.all()} == {OfferAnswer.NO}
    assert booking.answer_due_at == booking.bcu.answer_due_at(timezone.now(), booking.walk_needed_at)
    assert Booking.objects.answer_due_by(booking.answer_due_at).contains(booking)
    assert event_kinds(booking) == [EventKind.OFFERED, EventKind.OFFER_DECLINED, EventKind.CHANGE_REQUESTED]
    assert f"Answer her by {london.long_date(booking.answer_due_at)}" in to_team.text


def test_attendance_is_needed_at_the_time_of_a_cancelled_walk_with_a_change_request(booked, inspector):
    request_other_times(booked, preferred_time=make_preferred_time_request(5))

    cancel_now(booked, inspector)

    needing_attendance = Booking.objects.filter(attendance_needed(booked.walk.start_at))
    assert needs_attendance(booked, booked.walk.start_at)
    assert needing_attendance.contains(booked)


def test_change_request_sent_twice_is_saved_once(booked):
    for _ in range(2):
        request_other_times(booked, preferred_time=make_preferred_time_request(14, 15))

    assert event_kinds(booked) == [EventKind.CHANGE_REQUESTED]
    assert booked.preferred_times.count() == 3


def test_second_change_keeps_every_round(booking_with_new_times):
    request_other_times(booking_with_new_times, preferred_time=make_preferred_time_request(16))

    assert [
        (preferred_time.round, preferred_time.rank) for preferred_time in booking_with_new_times.preferred_times.all()
    ] == [(3, 1), (2, 1), (2, 2), (1, 1)]
    assert len(previous_preferred_times(booking_with_new_times)) == 2


def test_change_to_an_earlier_time_moves_walk_needed_at(booked):
    request_other_times(booked, preferred_time=make_preferred_time_request(6))

    assert booked.walk_needed_at < booked.walk.start_at


def test_change_after_a_late_answer_is_marked_for_the_figures():
    late = BookingFactory(answer_due_at=in_days(-1))
    in_time = BookingFactory(answer_due_at=in_days(1))

    for booking in (late, in_time):
        request_other_times(booking, preferred_time=make_preferred_time_request(20))

    assert [booking.events.last().code for booking in (late, in_time)] == ["late", ""]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (preferred_time_data(2), "First choice must be between"),
        (preferred_time_data(70), "First choice must be between"),
        (preferred_time_data(14, start="5am"), "First choice must start between 7am and 10pm"),
        ({}, "First choice"),
        (preferred_time_data(14, place="x" * 501), "Meeting place must be 500 characters or fewer"),
    ],
    ids=["notice", "horizon", "earliest", "nothing", "long place"],
)
def test_change_follows_the_rules_of_a_request(answers, error, client, booked):
    response = client.post(create_page_link(booked) + "change/", answers)

    assert response.status_code == 422
    assert error in response.text
    assert not booked.events.exists()


def test_change_to_a_time_that_the_clocks_skip_is_refused(client, booked):
    spring = next(
        day
        for day in (datetime.date(london.today().year + 1, 3, 31) - datetime.timedelta(days=n) for n in range(7))
        if day.weekday() == 6
    )
    bcu = booked.bcu
    bcu.horizon_days, bcu.earliest = 400, datetime.time(0)
    bcu.save()

    response = client.post(
        create_page_link(booked) + "change/", preferred_time_data((spring - london.today()).days, start="1:30am")
    )

    assert response.status_code == 422
    assert "1:30am" in response.text


def test_change_needs_the_same_notice_for_an_interpreter(client):
    booking = BookingFactory(contact__needs=["bsl"])

    response = client.post(create_page_link(booking) + "change/", preferred_time_data(14))
    with pytest.raises(TransitionNotAllowed):
        request_other_times(booking, preferred_time=make_preferred_time_request(14))

    assert "because we need 21 days to find an interpreter" in response.text
    assert not booking.events.exists()


@pytest.mark.parametrize(("place", "pin"), [(PLACE, None), ("Peckham Rye station, main entrance", [51.47, -0.07])])
def test_change_of_the_place_removes_its_map_point(place, pin):
    booking = BookingFactory(contact__map_coordinates=[51.47, -0.07])

    request_other_times(booking, preferred_time=make_preferred_time_request(14, place=place))

    booking.contact.refresh_from_db()
    assert booking.contact.map_coordinates == pin


def test_change_form_starts_with_the_current_times(client, booked):
    form = client.get(create_page_link(booked) + "change/").context["form"]

    assert form.initial["first_date"] == booked.current_preferred_times()[0].date
    assert form.initial["meeting_place"] == "Peckham Rye station, main entrance"


def test_change_form_leaves_out_times_that_are_no_longer_possible(client):
    booking = BookingFactory(walk_needed_at=in_days(-1))

    response = client.get(create_page_link(booking) + "change/")

    assert response.status_code == 200
    assert "first_date" not in response.context["form"].initial


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.WAITING, Status.OFFERED, Status.SCHEDULED}))
def test_change_refused_after_a_final_answer(status, client, booked):
    booked.status = status
    booked.outcome_code = {"declined": "other", "cancelled_by_us": "illness"}.get(status, "")
    booked.save()

    response = client.get(create_page_link(booked) + "change/")
    with pytest.raises(TransitionNotAllowed):
        request_other_times(booked, preferred_time=make_preferred_time_request(14))

    assert response.status_code == 302
    assert not booked.events.exists()


def test_change_refused_once_the_walk_has_started(booked):
    booked.walk.start_at = timezone.now()
    booked.walk.save()

    with pytest.raises(TransitionNotAllowed):
        request_other_times(booked, preferred_time=make_preferred_time_request(14))


def test_change_request_makes_a_pending_decision_outdated(inspector, team, plan):
    booking = BookingFactory()
    shown_version = booking.version
    request_other_times(booking, preferred_time=make_preferred_time_request(14))

    with pytest.raises(TransitionNotAllowed):
        schedule_booking(booking, Schedule(plan=plan, officers=team), by=inspector, version=shown_version)


def test_change_of_a_discreet_booking_writes_to_the_team_only(booked):
    booked.channel = Channel.DISCREET
    booked.save()

    request_other_times(booked, preferred_time=make_preferred_time_request(14))

    assert [message.recipient for message in Message.objects.all()] == [booked.bcu.inbox]
