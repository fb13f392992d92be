"""Two inspectors at one booking: the second reads what the first did, keeps what she typed, and undoes nothing."""

import dataclasses

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import actions
from bookings.models import Booking
from bookings.statuses import CancelReason, DeclineReason, Status
from tests.addresses import STEP_FREE, plan_data
from tests.factories import BookingFactory, InspectorFactory, in_days, scheduled_booking
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

MINE = "Words that I have typed."


@pytest.fixture
def team(officer, second_officer):
    return [officer, second_officer]


@pytest.fixture
def waiting(southwark):
    return BookingFactory(borough=southwark)


@pytest.fixture
def scheduled(southwark, team):
    return scheduled_booking(team, borough=southwark)


@pytest.fixture
def later(plan):
    """The same walk a day later."""
    return dataclasses.replace(plan, start_at=in_days(11))


@pytest.fixture
def first(bcu):
    """The inspector who is quicker."""
    return InspectorFactory(bcu=bcu, name="Frida First")


FORMS = {
    "schedule": lambda team: {**plan_data(team, days=10), **STEP_FREE, "meeting_place": MINE},
    "decline": lambda team: {"reason": "no_officers", "alternatives": ["other_time"], "words": MINE},
}


def press_late(client, inspector, booking, name, data):
    """Her page was shown before the other inspector acted."""
    client.force_login(inspector)
    return client.post(reverse(f"staff:{name}", args=[booking.pk]), {**data, "version": booking.version})


def refusal(response):
    return response.context["error_summary"][0]["text"]


@pytest.mark.parametrize("name", FORMS)
def test_decision_about_a_booking_that_was_declined_meanwhile_says_who_did_what_when(
    name, client, inspector, first, waiting, team
):
    seen = Booking.objects.get(pk=waiting.pk)
    actions.decline_booking(
        waiting, by=first, version=1, reason=DeclineReason.UNSAFE_PLACE, alternatives=[], words="No."
    )

    response = press_late(client, inspector, seen, name, FORMS[name](team))

    waiting.refresh_from_db()
    now = timezone.now()
    assert response.status_code == 409
    assert "“Declined” by Inspector Frida First at " in refusal(response)
    assert f"on {london.long_date(now)}. Look at it again, then decide." in refusal(response)
    assert MINE in response.text
    assert (waiting.status, waiting.outcome_code) == (Status.DECLINED, "unsafe_place")


def test_cancel_after_the_walk_was_changed_meanwhile_says_so_and_keeps_the_words(
    client, inspector, first, scheduled, team, later
):
    seen = Booking.objects.get(pk=scheduled.pk)
    actions.change_walk(scheduled.walk, by=first, version=1, plan=later, officers=team)

    response = press_late(client, inspector, seen, "cancel", {"reason": "illness", "words": MINE})

    assert response.status_code == 409
    assert "“Walk changed” by Inspector Frida First" in refusal(response)
    assert MINE in response.text
    assert Booking.objects.get().status == Status.SCHEDULED


def test_change_after_another_change_says_so_and_overwrites_nothing(client, inspector, first, scheduled, team, later):
    data = {**plan_data(team, days=12), "meeting_place": MINE, "version": scheduled.walk.revision}
    actions.change_walk(scheduled.walk, by=first, version=1, plan=later, officers=team)
    client.force_login(inspector)

    response = client.post(reverse("staff:change", args=[scheduled.walk_id]), data)

    scheduled.walk.refresh_from_db()
    assert response.status_code == 409
    assert "“Walk changed” by Inspector Frida First" in refusal(response)
    assert MINE in response.text
    assert scheduled.walk.start_at == later.start_at


def test_second_press_is_about_the_booking_as_it_is_now(client, inspector, first, scheduled, team, later):
    seen = Booking.objects.get(pk=scheduled.pk)
    actions.change_walk(scheduled.walk, by=first, version=1, plan=later, officers=team)
    refused = press_late(client, inspector, seen, "cancel", {"reason": "illness", "words": MINE})

    client.post(
        reverse("staff:cancel", args=[scheduled.pk]),
        {"reason": "illness", "words": MINE, "version": refused.context["form"]["version"].value()},
    )

    assert Booking.objects.get().status == Status.CANCELLED_BY_US


def test_what_she_did_herself_is_told_too(inspector, scheduled):
    seen = Booking.objects.get(pk=scheduled.pk)
    actions.cancel_booking_by_her(scheduled)

    with pytest.raises(actions.MoveNotAllowed, match="“Cancelled by her” at "):
        actions.cancel_booking_by_us(seen, by=inspector, version=seen.version, reason=CancelReason.OTHER, words="")
