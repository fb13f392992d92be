"""A shared walk that one requester leaves."""

from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.delivery_problems.actions import resend_news
from bookings.models.bookings import Booking
from bookings.notices.calendar_entry import calendar_attachments
from bookings.notices.walk_card import WalkCard
from bookings.on_the_day.jobs import send_on_the_day_alerts
from bookings.scheduling.cancellation.actions import (
    Cancellation,
    cancel_booking_by_requester,
    cancel_walk_of_booking,
)
from bookings.scheduling.jobs import cancel_empty_walks
from bookings.scheduling.offers.actions import decline_offers
from bookings.statuses import CancelReason, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.booking_history import messages_to_requester
from tests.support.decisions import cancel_now, change_now
from tests.support.factories import BookingFactory, confirmed_adjustments, in_days
from tests.support.shared_walks import join_walk, offer_place_on_walk, read_also_coming
from tests.support.world import token_for
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cancelled_by", ["requester", "inspector"])
def test_leaving_a_shared_walk_keeps_the_other_bookings(
    cancelled_by, joinable_booking, waiting_booking, inspector, team
):
    join_walk(waiting_booking, joinable_booking.walk, inspector)

    if cancelled_by == "requester":
        cancel_booking_by_requester(waiting_booking)
    else:
        cancel_now(waiting_booking, inspector, reason=CancelReason.OTHER)

    joinable_booking.refresh_from_db()
    assert (joinable_booking.status, joinable_booking.walk.status, joinable_booking.walk.live_officers()) == (
        "scheduled",
        "scheduled",
        team,
    )
    assert read_also_coming(joinable_booking) == "Nobody else"
    assert "Another woman isn’t coming any more." in messages_to_requester(joinable_booking).last().text
    if cancelled_by == "us":
        assert "The officers will not wait for you." in messages_to_requester(waiting_booking).last().text


def test_cancelled_place_on_a_shared_walk_keeps_the_last_time_and_place(
    joinable_booking, waiting_booking, inspector, team, plan, client
):
    join_walk(waiting_booking, joinable_booking.walk, inspector)
    previous_start, place, walk = (
        joinable_booking.walk.start_at,
        joinable_booking.walk.meeting_place,
        joinable_booking.walk,
    )
    joinable_booking.refresh_from_db()
    cancel_now(joinable_booking, inspector)
    walk.refresh_from_db()
    moved = replace(plan, start_at=in_days(13), meeting_place="Nunhead station")
    hold = confirmed_adjustments(waiting_booking)
    change_now(walk, inspector, plan=moved, officers=team, arranged=hold)

    joinable_booking = Booking.objects.get(pk=joinable_booking.pk)
    resend_news(joinable_booking, by=inspector)
    page = client.get(reverse("manage:page", args=[token_for(joinable_booking)])).text
    with time_machine.travel(previous_start, tick=False):
        send_on_the_day_alerts(timezone.now())
        client.force_login(inspector)
        to_do = client.get(reverse("triage:queue")).text.partition("Someone has to go there now")[2]
    with time_machine.travel(in_days(13), tick=False):
        send_on_the_day_alerts(timezone.now())

    assert (
        f"{london.local(previous_start):%Y%m%dT%H%M}".encode()
        in calendar_attachments(joinable_booking, "CANCEL")[0].content
    )
    news, go = messages_to_requester(joinable_booking).last(), Message.objects.get(kind="team_attendance_needed")
    assert f"Please do not go to {place}. Your place on the walk on {london.long_date(previous_start)}" in news.text
    for text in (page, go.text, to_do.partition("</section>")[0]):
        assert place in text
    for text in (news.text, page, go.text):
        assert london.long_date(previous_start) in text
        assert "Nunhead" not in text


def test_leaving_a_shared_walk_keeps_unsent_changes(joinable_booking, waiting_booking, inspector, team, plan):
    walk = joinable_booking.walk
    join_walk(waiting_booking, walk, inspector)
    moved = replace(plan, start_at=in_days(12), meeting_place="Nunhead station")
    for change in (moved, replace(moved, start_at=in_days(13))):
        walk.refresh_from_db()
        hold = confirmed_adjustments(joinable_booking, waiting_booking)
        change_now(walk, inspector, plan=change, officers=team, arranged=hold)

    waiting_booking.refresh_from_db()
    cancel_booking_by_requester(waiting_booking)

    message = messages_to_requester(joinable_booking).last()
    content = message.text.partition("WHAT CHANGED\n")[2].partition("\n\n")[0].splitlines()
    assert content[0] == "- Another woman is coming too."
    assert content[-1] == "- Another woman isn’t coming any more."
    assert "- The meeting place is now Nunhead station." in content
    assert [line for line in content if "date" in line] == [f"- The date is now {london.long_date(in_days(13))}."]
    assert len(content) == len(set(content))


def test_change_already_sent_is_not_repeated(joinable_booking, waiting_booking, inspector, team, plan):
    join_walk(waiting_booking, joinable_booking.walk, inspector)
    Message.objects.update(state=State.SENT, sent_at=timezone.now())

    waiting_booking.refresh_from_db()
    cancel_booking_by_requester(waiting_booking)

    assert WalkCard.of(joinable_booking).changes == ("Another woman isn’t coming any more.",)
    assert "is coming too" not in messages_to_requester(joinable_booking).last().text


def test_cancel_walk_of_booking_tells_every_requester_not_to_go(
    joinable_booking, waiting_booking, southwark, inspector
):
    third = BookingFactory(borough=southwark)
    join_walk(waiting_booking, joinable_booking.walk, inspector)
    offer_place_on_walk(third, joinable_booking.walk, inspector)
    joinable_booking.refresh_from_db()

    cancel_walk_of_booking(
        joinable_booking,
        Cancellation(reason=CancelReason.ILLNESS),
        by=inspector,
        version=joinable_booking.version,
    )

    for booking in (joinable_booking, waiting_booking, third):
        booking.refresh_from_db()
    assert [joinable_booking.status, waiting_booking.status, third.status] == [
        "cancelled_by_us",
        "cancelled_by_us",
        "waiting",
    ]
    assert joinable_booking.walk.status == WalkStatus.CANCELLED
    for booking in (joinable_booking, waiting_booking):
        assert "The officers will not be there." in messages_to_requester(booking).last().text


def test_cancel_page_asks_which_bookings_only_on_a_shared_walk(joinable_booking, waiting_booking, inspector, client):
    client.force_login(inspector)
    page = reverse("scheduling:cancel", args=[joinable_booking.pk])

    alone = client.get(page).text
    join_walk(waiting_booking, joinable_booking.walk, inspector)
    joinable_booking.refresh_from_db()
    shared = client.get(page).text
    client.post(page, {"reason": "illness", "whole_walk": "yes", "version": joinable_booking.version})

    waiting_booking.refresh_from_db()
    assert ("Who is it cancelled for?" in alone, "Who is it cancelled for?" in shared) == (False, True)
    assert waiting_booking.status == Status.CANCELLED_BY_US


def test_walk_without_bookings_waits_for_an_open_offer(joinable_booking, waiting_booking, inspector):
    offer = offer_place_on_walk(waiting_booking, joinable_booking.walk, inspector)

    cancel_booking_by_requester(joinable_booking)
    cancel_empty_walks(timezone.now())
    status_meanwhile = Walk.objects.get().status
    decline_offers(waiting_booking, offer=offer.pk)
    cancel_empty_walks(timezone.now())

    assert (status_meanwhile, Walk.objects.get().status) == (WalkStatus.SCHEDULED, WalkStatus.CANCELLED)
    assert not Walk.objects.get().live_officers()
    assert Message.objects.filter(thread__startswith="officer:", kind="officer_walk_cancelled").count() == 2
