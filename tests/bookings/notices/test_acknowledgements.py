"""The button with which a requester acknowledges the news."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from bookings.notices.acknowledgements import acknowledge_news
from bookings.statuses import STATUSES_TO_ACKNOWLEDGE, Channel, EventKind, Status
from tests.support.booking_history import event_kinds
from tests.support.decisions import cancel_now, change_now, schedule_now
from tests.support.factories import BookingFactory, confirmed_adjustments
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import london
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db


def test_acknowledgement_is_recorded_and_shown(client, booked):
    page = create_page_link(booked)

    previous_response = client.get(page)
    response = client.post(f"{page}seen/", {"version": previous_response.context["booking"].version})
    after = client.get(page)

    booked.refresh_from_db()
    assert response["Location"] == page
    assert event_kinds(booked) == [EventKind.ACKNOWLEDGED]
    assert f'action="{page}seen/"' in previous_response.text
    assert f'action="{page}seen/"' not in after.text
    assert f"You told us that you’ve seen this: {london.clock(booked.acknowledgement.acknowledged_at)}" in after.text


def test_acknowledgement_needs_a_post_with_a_version(client, booked):
    page = create_page_link(booked)

    answers = [client.get(f"{page}seen/"), *(client.post(f"{page}seen/", data) for data in ({}, {"version": "x"}))]

    assert [response.status_code for response in answers] == [302, 302, 302]
    booked.refresh_from_db()
    assert booked.acknowledgement.acknowledged_at is None


def test_acknowledgement_refused_for_news_newer_than_the_page(client, booked, inspector):
    page = create_page_link(booked)
    version = booked.version
    cancel_now(booked, inspector)

    response = client.post(f"{page}seen/", {"version": version})

    booked.refresh_from_db()
    assert response.status_code == 409
    assert "There’s newer news" in response.text
    assert "Please do not go to" in response.text
    assert booked.acknowledgement.acknowledged_at is None


def test_acknowledging_twice_records_one_event(booked):
    for _ in range(2):
        acknowledge_news(booked, version=booked.version)

    assert event_kinds(booked) == [EventKind.ACKNOWLEDGED]


@pytest.mark.parametrize("status", sorted(set(Status) - STATUSES_TO_ACKNOWLEDGE))
def test_only_urgent_news_asks_for_an_acknowledgement(status, client, booked):
    booked.status = status
    booked.outcome_code = "other" if status == Status.DECLINED else ""
    booked.save()

    acknowledge_news(booked, version=booked.version)

    assert booked.acknowledgement.acknowledged_at is None
    assert "/seen/" not in client.get(create_page_link(booked)).text


def test_change_walk_clears_the_acknowledgement(booked, inspector, team, plan):
    acknowledge_news(booked, version=booked.version)

    later = WalkDetails(**{**vars(plan), "minutes": 45})
    change_now(booked.walk, inspector, plan=later, officers=team, arranged=confirmed_adjustments(booked))

    booked.refresh_from_db()
    assert booked.acknowledgement.acknowledged_at is None


def test_cancellation_clears_the_acknowledgement(booked, inspector):
    acknowledge_news(booked, version=booked.version)
    booked.acknowledgement.contacted_at = timezone.now()
    booked.save()

    cancel_now(booked, inspector)

    booked.refresh_from_db()
    assert (booked.acknowledgement.acknowledged_at, booked.acknowledgement.contacted_at) == (None, None)


def test_scheduling_clears_the_acknowledgement(southwark, inspector, team, plan):
    booking = BookingFactory(borough=southwark, acknowledgement__acknowledged_at=timezone.now())

    schedule_now(booking, inspector, plan=plan, officers=team)

    booking.refresh_from_db()
    assert booking.acknowledgement.acknowledged_at is None


def test_acknowledgement_survives_the_pin_page_on_the_neutral_host(client, booked):
    booked.channel = Channel.DISCREET
    booked.save()
    path = reverse(
        "manage:acknowledge", urlconf="walkandtalk.discreet_urls", args=[create_page_link(booked).split("/")[2]]
    )
    headers = {"host": settings.DISCREET_HOST}

    response = client.post(path, {"version": booked.version}, headers=headers)
    client.post(path, {"version": booked.version, "pin": PIN}, headers=headers)

    booked.refresh_from_db()
    assert "What is your PIN?" in response.text
    assert booked.acknowledgement.acknowledged_at is not None


def test_booking_page_shows_the_acknowledgement(as_inspector, booked):
    address = reverse("triage:booking", args=[booked.pk])

    previous_page = as_inspector.get(address).text
    acknowledge_news(booked, version=booked.version)
    after = as_inspector.get(address).text

    assert "not seen yet" in previous_page
    assert f"she has seen the news, {london.clock(booked.acknowledgement.acknowledged_at)}" in after
