"""Our apology when every time that a requester chose has passed."""

import datetime

import pytest
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.on_the_day.actions import cut_walk_short
from bookings.scheduling import jobs
from bookings.scheduling.offers.actions import OfferedTime, accept_offer, decline_offers, offer_times
from bookings.scheduling.preferred_times.actions import request_other_times
from bookings.statuses import Channel, EventKind, Status, Whereabouts
from outbox.models import Message
from tests.support.alerts import rows_alerted
from tests.support.booking_history import event_kinds
from tests.support.decisions import schedule_now
from tests.support.factories import BookingFactory, PreferredTimeFactory, WalkFactory, in_days
from tests.support.preferred_times import make_preferred_time_request, preferred_time_data
from tests.support.requester_pages import PIN, create_page_link
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def test_apology_goes_once_after_the_last_time_has_passed():
    booking = BookingFactory(walk_needed_at=in_days(3))
    PreferredTimeFactory(booking=booking, rank=2, date=in_days(5).date())

    jobs.send_times_passed_apologies(in_days(4))
    after_the_first = Message.objects.count()
    jobs.send_times_passed_apologies(in_days(5, 18, 29))
    a_minute_early = Message.objects.count()
    for _ in range(2):
        jobs.send_times_passed_apologies(in_days(5, 18, 31))

    booking.refresh_from_db()
    message = Message.objects.get()
    assert (after_the_first, a_minute_early) == (0, 0)
    assert event_kinds(booking) == [EventKind.TIMES_PASSED]
    assert "Every time you chose has passed, and we didn’t answer you. We’re sorry." in message.text
    assert "/change/" in message.text


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.WAITING, Status.COMPLETED, Status.SCHEDULED}))
def test_apology_goes_to_waiting_requesters_only(status):
    BookingFactory(walk_needed_at=in_days(-1), status=status)

    jobs.send_times_passed_apologies(timezone.now())

    assert not Message.objects.exists()


@pytest.mark.parametrize("channel", Channel)
def test_apology_is_on_the_page_until_new_times_are_chosen(channel, client):
    booking = BookingFactory(walk_needed_at=in_days(-1), answer_due_at=in_days(-3), channel=channel)
    jobs.send_times_passed_apologies(timezone.now())
    page = create_page_link(booking)
    client.post(page, {"pin": PIN})

    apology = client.get(page).text
    client.post(page + "change/", preferred_time_data(20))
    after = client.get(page).text

    booking.refresh_from_db()
    assert "We’re sorry we didn’t answer" in apology
    assert "We’re sorry we didn’t answer" not in after
    assert booking.times_passed_at is None
    assert booking.answer_due_at > timezone.now()
    assert event_kinds(booking) == [EventKind.TIMES_PASSED, EventKind.CHANGE_REQUESTED]
    assert booking.events.last().code == "late"


def test_apology_ends_with_an_accepted_offer_and_returns_if_that_time_passes(client, inspector, southwark):
    booking = BookingFactory(borough=southwark, walk_needed_at=in_days(-1), answer_due_at=in_days(-3))
    jobs.send_times_passed_apologies(timezone.now())
    booking.refresh_from_db()
    times = [OfferedTime(start_at=in_days(8), place="Place")]
    offer_times(booking, by=inspector, version=booking.version, times=times)

    accept_offer(booking, offer=booking.offers.get().pk)
    page = client.get(create_page_link(booking)).text
    for _ in range(2):
        jobs.send_times_passed_apologies(in_days(9))

    assert "You said yes to" in page
    assert "We’re sorry we didn’t answer" not in page
    assert event_kinds(booking).count(EventKind.TIMES_PASSED) == 2


def test_apology_goes_once_for_the_same_times_even_after_a_declined_offer(inspector, southwark):
    booking = BookingFactory(borough=southwark, walk_needed_at=in_days(-1), answer_due_at=in_days(-3))
    jobs.send_times_passed_apologies(timezone.now())
    booking.refresh_from_db()
    times = [OfferedTime(start_at=in_days(8), place="Place")]
    offer_times(booking, by=inspector, version=booking.version, times=times)

    decline_offers(booking, offer=booking.offers.get().pk)
    jobs.send_times_passed_apologies(timezone.now())

    assert event_kinds(booking).count(EventKind.TIMES_PASSED) == 1


def test_apology_is_not_repeated_if_the_walk_is_cut_short(client, inspector, southwark, team, plan):
    booking = BookingFactory(borough=southwark, walk_needed_at=in_days(-1), answer_due_at=in_days(-3))
    jobs.send_times_passed_apologies(timezone.now())
    booking.refresh_from_db()
    walk = schedule_now(booking, inspector, plan=plan, officers=team)
    Walk.objects.update(start_at=timezone.now() - datetime.timedelta(minutes=20))

    cut_walk_short(walk, by=team[0], where=Whereabouts.ALONE)
    page = client.get(create_page_link(booking)).text

    assert "You’re first in line for another time" in page
    assert "We’re sorry we didn’t answer" not in page


def test_apology_is_on_the_inspectors_queue(client, inspector, southwark):
    booking = BookingFactory(borough=southwark, walk_needed_at=in_days(-1), contact__name="Paula Passed")
    other_booking = BookingFactory(borough=southwark, contact__name="Wanda Waiting")
    jobs.send_times_passed_apologies(timezone.now())
    client.force_login(inspector)

    listed = client.get("/staff/bookings/?state=times_passed").text.split("<tbody")[1]

    assert rows_alerted(client, "times_passed") == [str(booking.pk)]
    assert "All her times passed" in listed
    assert str(booking.pk) in listed
    assert str(other_booking.pk) not in listed


def test_apology_goes_again_after_the_next_round_has_passed():
    booking = BookingFactory(walk_needed_at=in_days(-1))
    jobs.send_times_passed_apologies(timezone.now())
    request_other_times(Booking.objects.get(), preferred_time=make_preferred_time_request(14))

    jobs.send_times_passed_apologies(in_days(14))

    assert event_kinds(booking) == [EventKind.TIMES_PASSED, EventKind.CHANGE_REQUESTED, EventKind.TIMES_PASSED]


def test_apology_after_a_cut_short_walk_waits_for_new_times_to_pass(client):
    cut_short = WalkFactory(status=WalkStatus.CUT_SHORT, start_at=in_days(-1), ended_at=in_days(-1, 18, 50))
    booking = BookingFactory(walk_needed_at=cut_short.ended_at, cut_short_walk=cut_short)
    jobs.send_times_passed_apologies(timezone.now())
    previous_events = event_kinds(booking)
    request_other_times(Booking.objects.get(), preferred_time=make_preferred_time_request(14))

    jobs.send_times_passed_apologies(in_days(14))

    page = client.get(create_page_link(booking)).text
    assert previous_events == []
    assert event_kinds(booking) == [EventKind.CHANGE_REQUESTED, EventKind.TIMES_PASSED]
    assert "Choose other times" in page
    assert "you don’t need to do anything" not in page
