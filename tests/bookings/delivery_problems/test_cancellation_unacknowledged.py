"""Cancelled walks, listed until the requester acknowledges the cancellation or is contacted."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.notices.acknowledgements import acknowledge_news, record_contact
from bookings.statuses import EventKind, Status
from tests.support.alerts import alerts_of, rows_alerted
from tests.support.booking_history import event_kinds
from tests.support.decisions import cancel_now
from tests.support.factories import BookingFactory, WalkFactory, in_days
from tests.support.query_counts import count_queries
from tests.support.spoken_with import IN_PERSON, IN_PERSON_DATA
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


@pytest.fixture
def cancelled(booked, inspector):
    cancel_now(booked, inspector)
    return booked


def test_today_lists_a_cancelled_walk_until_it_is_acknowledged(as_inspector, cancelled):
    before = alerts_of(as_inspector, "unacknowledged")
    acknowledge_news(cancelled, version=cancelled.version)

    assert [(alert.title, alert.href) for alert in before] == [
        ("Cancelled and not told.", reverse("triage:booking", args=[cancelled.pk]))
    ]
    assert rows_alerted(as_inspector, "unacknowledged") == []


def test_today_lists_a_cancelled_walk_until_a_contact_is_recorded(as_inspector, cancelled, inspector):
    address = reverse("triage:booking", args=[cancelled.pk])

    previous_response = as_inspector.get(address)
    as_inspector.post(
        reverse("triage:record_contact", args=[cancelled.pk]), {"version": cancelled.version, **IN_PERSON_DATA}
    )
    after = as_inspector.get(address)

    cancelled.refresh_from_db()
    last = cancelled.events.last()
    assert (last.kind, last.by) == (EventKind.CONTACTED, inspector)
    assert rows_alerted(as_inspector, "unacknowledged") == []
    assert "Record how you contacted her" in previous_response.text
    assert "Record how you contacted her" not in after.text
    assert "Spoken with, or met, " in after.text


def test_today_hides_cancelled_walks_of_another_bcu(client, stranger, cancelled):
    client.force_login(stranger)

    assert rows_alerted(client, "unacknowledged") == []


def test_today_puts_the_soonest_cancelled_walk_first_and_the_queue_lists_all(as_inspector, southwark):
    off = {"borough": southwark, "status": Status.CANCELLED_BY_US, "outcome_code": "illness"}
    BookingFactory(**off, walk_needed_at=in_days(-9), contact__name="Old")
    BookingFactory(**off, walk_needed_at=in_days(3), contact__name="Later")
    BookingFactory(**off, walk_needed_at=in_days(2), contact__name="Tuesday")

    listed = alerts_of(as_inspector, "unacknowledged")
    whole = as_inspector.get(QUEUE, {"state": "unacknowledged"})

    assert [(alert.about[0], alert.is_now) for alert in listed] == [("T", False), ("L", False), ("O", False)]
    assert [row.booking.contact.name for row in whole.context["rows"]] == ["Old", "Tuesday", "Later"]


def test_record_contact_refused_to_other_staff(cancelled, stranger, officer):
    for person in (stranger, officer):
        with pytest.raises(PermissionDenied):
            record_contact(cancelled, IN_PERSON, by=person, version=cancelled.version)

    cancelled.refresh_from_db()
    assert cancelled.acknowledgement.contacted_at is None


def test_record_contact_does_nothing_if_no_contact_is_needed(booked, inspector):
    record_contact(booked, IN_PERSON, by=inspector, version=booked.version)

    assert (booked.acknowledgement.contacted_at, event_kinds(booked)) == (None, [])


def test_queue_takes_the_same_queries_for_three_alerts_as_for_one(as_inspector, southwark, team):
    def alert():
        walk = WalkFactory(bcu=southwark.bcu, status=WalkStatus.CANCELLED)
        off = {"borough": southwark, "status": Status.CANCELLED_BY_US, "outcome_code": "illness", "walk": walk}
        BookingFactory(**off)
        BookingFactory(**off, acknowledgement__nobody_came_reported_at=timezone.now())

    alert()
    query_count = count_queries(as_inspector, QUEUE)
    alert()
    alert()

    assert count_queries(as_inspector, QUEUE) == query_count <= 15
