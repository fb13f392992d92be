"""Cancelled walks, listed until we know that the requester knows."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.notices.acknowledgements import reach_booking, see_news
from bookings.scheduling.cancellation.actions import cancel_booking_by_us
from bookings.statuses import CancelReason, EventKind, Status
from bookings.triage.queue import views
from tests.support.booking_history import event_kinds
from tests.support.factories import BookingFactory, WalkFactory, in_days
from tests.support.query_counts import queries_of
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


@pytest.fixture
def cancelled(booked, inspector):
    cancel_booking_by_us(booked, by=inspector, version=booked.version, reason=CancelReason.ILLNESS, words="")
    return booked


def test_queue_keeps_a_cancelled_walk_until_she_has_seen_it(as_inspector, cancelled):
    before = as_inspector.get(QUEUE)
    see_news(cancelled, version=cancelled.version)
    after = as_inspector.get(QUEUE)

    assert "Cancelled by us, not known whether she knows</h2>" in before.text
    assert list(before.context["not_known"]) == [cancelled]
    assert list(after.context["not_known"]) == []


def test_queue_keeps_a_cancelled_walk_until_somebody_has_reached_her(as_inspector, cancelled, inspector):
    address = reverse("triage:booking", args=[cancelled.pk])

    before = as_inspector.get(address)
    as_inspector.post(reverse("triage:reached", args=[cancelled.pk]), {"version": cancelled.version})
    after = as_inspector.get(address)

    cancelled.refresh_from_db()
    last = cancelled.events.last()
    assert (last.kind, last.by) == (EventKind.REACHED, inspector)
    assert list(as_inspector.get(QUEUE).context["not_known"]) == []
    assert "I have spoken with her, or she was met" in before.text
    assert "I have spoken with her, or she was met" not in after.text
    assert "Spoken with, or met, " in after.text


def test_queue_shows_no_cancelled_walk_of_another_bcu(client, stranger, cancelled):
    client.force_login(stranger)

    assert list(client.get(QUEUE).context["not_known"]) == []


def test_queue_lists_walks_to_come_before_old_ones_and_all_of_them_elsewhere(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(views, "ALERTS_SHOWN", 1)
    off = {"borough": southwark, "status": Status.CANCELLED_BY_US, "outcome_code": "illness"}
    BookingFactory(**off, needed_at=in_days(-9), contact__name="Old")
    BookingFactory(**off, needed_at=in_days(3), contact__name="Later")
    BookingFactory(**off, needed_at=in_days(1), contact__name="Tomorrow")

    first = as_inspector.get(QUEUE)
    whole = as_inspector.get(QUEUE, {"state": "not_known"})

    assert [booking.contact.name for booking in first.context["not_known"]] == ["Tomorrow", "Later"]
    assert "Later" not in first.text
    assert '<a class="govuk-link" href="?state=not_known">All of them</a>' in first.text
    assert [row.booking.contact.name for row in whole.context["rows"]] == ["Old", "Tomorrow", "Later"]


def test_reach_booking_is_for_the_inspector_of_her_bcu(cancelled, stranger, officer):
    for person in (stranger, officer):
        with pytest.raises(PermissionDenied):
            reach_booking(cancelled, by=person, version=cancelled.version)

    cancelled.refresh_from_db()
    assert cancelled.reached_at is None


def test_reach_booking_does_nothing_where_nobody_has_to_be_reached(booked, inspector):
    reach_booking(booked, by=inspector, version=booked.version)

    assert (booked.reached_at, event_kinds(booked)) == (None, [])


def test_queue_asks_as_often_for_three_alerts_as_for_one(as_inspector, southwark, team):
    def alert():
        walk = WalkFactory(bcu=southwark.bcu, status=WalkStatus.CANCELLED)
        off = {"borough": southwark, "status": Status.CANCELLED_BY_US, "outcome_code": "illness", "walk": walk}
        BookingFactory(**off)
        BookingFactory(**off, nobody_came_at=timezone.now())

    alert()
    one = queries_of(as_inspector, QUEUE)
    alert()
    alert()

    assert queries_of(as_inspector, QUEUE) == one <= 15
