"""Two inspectors decide on one booking. The second is told of the first, loses no typed text and undoes nothing."""

import dataclasses

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.notices.acknowledgements import record_contact
from bookings.on_the_day.actions import report_nobody_came
from bookings.on_the_day.outcomes.actions import record_outcome
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.cancellation.actions import (
    Cancellation,
    cancel_booking_by_requester,
    cancel_walk_of_booking,
)
from bookings.statuses import CancelReason, DeclineReason, Status
from tests.support.decisions import cancel_now, change_now, decline_now
from tests.support.factories import (
    BookingFactory,
    InspectorFactory,
    WalkFactory,
    confirmed_adjustments,
    in_days,
    scheduled_booking,
)
from tests.support.form_data import STEP_FREE, confirmed_adjustments_data, plan_data
from tests.support.spoken_with import IN_PERSON, IN_PERSON_DATA
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db

MINE = "Words that I have typed."


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
    """The inspector who decides first."""
    return InspectorFactory(bcu=bcu, name="Frida First")


FORMS = {
    "scheduling:schedule": lambda team: {**plan_data(team, days=10), **STEP_FREE, "meeting_place": MINE},
    "triage:decline": lambda team: {"reason": "no_officers", "alternatives": ["other_time"], "words": MINE},
}


def press_late(client, inspector, booking, name, data):
    """Submit a page that was shown before the other inspector acted."""
    client.force_login(inspector)
    return client.post(reverse(name, args=[booking.pk]), {**data, "version": booking.version})


def get_refusal(response):
    return response.context["error_summary"][0]["text"]


@pytest.mark.parametrize("name", FORMS)
def test_decision_after_a_decline_says_who_did_what_and_when(name, client, inspector, first, waiting, team):
    outdated = Booking.objects.get(pk=waiting.pk)
    decline_now(waiting, first, reason=DeclineReason.UNSAFE_PLACE, message="No.")

    response = press_late(client, inspector, outdated, name, FORMS[name](team))

    waiting.refresh_from_db()
    now = timezone.now()
    assert response.status_code == 409
    assert "“Declined” by Inspector Frida First at " in get_refusal(response)
    assert f"on {london.long_date(now)}. Look at it again, then decide." in get_refusal(response)
    assert MINE in response.text
    assert (waiting.status, waiting.outcome_code) == (Status.DECLINED, "unsafe_place")


def test_cancel_after_a_change_is_refused_and_keeps_the_typed_text(client, inspector, first, scheduled, team, later):
    outdated = Booking.objects.get(pk=scheduled.pk)
    change_now(scheduled.walk, first, plan=later, officers=team, arranged=confirmed_adjustments(scheduled))

    response = press_late(client, inspector, outdated, "scheduling:cancel", {"reason": "illness", "words": MINE})

    assert response.status_code == 409
    assert "“Walk changed” by Inspector Frida First" in get_refusal(response)
    assert MINE in response.text
    assert Booking.objects.get().status == Status.SCHEDULED


def test_change_after_another_change_is_refused_and_overwrites_nothing(
    client, inspector, first, scheduled, team, later
):
    data = {
        **plan_data(team, days=12),
        "meeting_place": MINE,
        "version": scheduled.walk.version,
        **confirmed_adjustments_data(scheduled),
    }
    change_now(scheduled.walk, first, plan=later, officers=team, arranged=confirmed_adjustments(scheduled))
    client.force_login(inspector)

    response = client.post(reverse("scheduling:change_walk", args=[scheduled.walk_id]), data)

    scheduled.walk.refresh_from_db()
    assert response.status_code == 409
    assert "“Walk changed” by Inspector Frida First" in get_refusal(response)
    assert MINE in response.text
    assert scheduled.walk.start_at == later.start_at


def test_change_of_a_cancelled_walk_is_refused_without_a_button(client, inspector, first, scheduled, team):
    data = {**plan_data(team, days=12), "meeting_place": MINE, "version": scheduled.walk.version}
    cancel_walk_of_booking(scheduled, Cancellation(reason=CancelReason.ILLNESS), by=first, version=1)
    client.force_login(inspector)

    response = client.post(
        reverse("scheduling:change_walk", args=[scheduled.walk_id]), {**data, **confirmed_adjustments_data(scheduled)}
    )

    assert response.status_code == 409
    assert "now “cancelled”" in get_refusal(response)
    assert MINE in response.text
    assert "Change the walk" not in response.text


def test_second_press_uses_the_current_booking(client, inspector, first, scheduled, team, later):
    outdated = Booking.objects.get(pk=scheduled.pk)
    change_now(scheduled.walk, first, plan=later, officers=team, arranged=confirmed_adjustments(scheduled))
    refused = press_late(client, inspector, outdated, "scheduling:cancel", {"reason": "illness", "words": MINE})

    client.post(
        reverse("scheduling:cancel", args=[scheduled.pk]),
        {"reason": "illness", "words": MINE, "version": refused.context["form"]["version"].value()},
    )

    assert Booking.objects.get().status == Status.CANCELLED_BY_US


def test_decision_after_the_requester_cancelled_says_so(inspector, scheduled):
    outdated = Booking.objects.get(pk=scheduled.pk)
    cancel_booking_by_requester(scheduled)

    with pytest.raises(TransitionNotAllowed, match="“Cancelled by the requester” at "):
        cancel_now(outdated, inspector, reason=CancelReason.OTHER)


# --- Buttons without fields -------------------------------------------------------------------------------------------


def test_record_contact_names_the_colleague_who_was_first(client, inspector, first, southwark):
    cancelled = BookingFactory(borough=southwark, status=Status.CANCELLED_BY_US, outcome_code="illness")
    record_contact(cancelled, IN_PERSON, by=first, version=1)

    response = press_late(client, inspector, cancelled, "triage:record_contact", IN_PERSON_DATA)

    assert response.status_code == 409
    assert "“Spoken with, or met” by Inspector Frida First at " in get_refusal(response)


def test_record_contact_twice_by_one_inspector_is_allowed(client, inspector, southwark):
    cancelled = BookingFactory(borough=southwark, status=Status.CANCELLED_BY_US, outcome_code="illness")

    answered = [
        press_late(client, inspector, cancelled, "triage:record_contact", IN_PERSON_DATA).status_code
        for _twice in range(2)
    ]

    assert answered == [302, 302]
    assert cancelled.events.count() == 1


def test_record_contact_on_an_outdated_page_does_not_answer_nobody_came(client, inspector, scheduled):
    scheduled.walk.start_at = timezone.now()
    scheduled.walk.save()
    outdated = Booking.objects.get(pk=scheduled.pk)
    report_nobody_came(scheduled)

    response = press_late(client, inspector, outdated, "triage:record_contact", IN_PERSON_DATA)

    assert response.status_code == 409
    assert "“Said that nobody came” at " in get_refusal(response)
    assert Booking.objects.get().nobody_came_not_contacted


def test_confirm_by_phone_says_that_the_requester_has_confirmed_herself(client, inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])
    outdated = Booking.objects.get(pk=booking.pk)
    confirm_booking(booking)

    response = press_late(client, inspector, outdated, "triage:confirm_by_phone", {})

    assert response.status_code == 409
    assert "“Confirmed that it was her” at " in get_refusal(response)


def test_record_outcome_names_the_outcome_a_colleague_recorded(client, inspector, first, southwark, team):
    ended = scheduled_booking(
        team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(-2))
    )
    outdated = Booking.objects.get(pk=ended.pk)
    record_outcome(ended, by=first, version=1, outcome=Status.COMPLETED)

    response = press_late(client, inspector, outdated, "on_the_day:record_outcome", {"outcome": Status.OFFICERS_ABSENT})

    assert response.status_code == 409
    assert "“Took place, recorded afterwards” by Inspector Frida First" in get_refusal(response)
    assert Booking.objects.get().status == Status.COMPLETED
