"""The vetting gate against presses at the same moment, with real threads and real connections."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from audit.vetting.actions import keep_off_walks
from bookings.locks import lock_booking
from bookings.on_the_day.takeover.actions import accept_takeover, ask_colleague
from bookings.on_the_day.unavailability.actions import IN_USE
from boroughs.models.officers import Officer
from boroughs.models.unavailability import Unavailability
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory, ClaimFactory, OfficerFactory, scheduled_booking
from tests.support.form_data import schedule_data
from tests.support.lock_waits import press_while_locked
from walkandtalk.lib.errors import ActionError
from walks.locks import lock_officers
from walks.models.walks import Assignment

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Case 12 of 2026"
PLAIN = {"contact__needs": [], "contact__needs_details": ""}


@pytest.fixture
def schedule(southwark, inspector, team):
    """Return a call that sends an inspector's form with both officers, and returns the status."""
    booking, client = BookingFactory(borough=southwark), Client()
    ClaimFactory(booking=booking, officer=inspector)
    client.force_login(inspector)
    address, data = reverse("scheduling:schedule", args=[booking.pk]), schedule_data(team)
    return lambda: client.post(address, data)


def live_walks(officer):
    return Assignment.objects.filter(officer=officer, is_live=True).count()


def test_inspector_who_waits_for_the_gate_is_refused(schedule, auditor, officer):
    response = press_while_locked(
        schedule,
        lock=lambda: lock_officers([officer]),
        act=lambda: keep_off_walks(officer, by=auditor, reason=REASON),
    )

    assert response.status_code == 409
    assert f"{officer.display_name} is not available. Choose someone else." in response.text
    assert live_walks(officer) == 0


def test_gate_that_waits_for_an_inspector_finds_the_new_walk(schedule, auditor, officer):
    press_while_locked(
        lambda: keep_off_walks(officer, by=auditor, reason=REASON),
        lock=lambda: lock_officers([officer]),
        act=schedule,
    )

    assert Assignment.objects.filter(officer=officer, left_reason="not_available").count() == 1
    assert live_walks(officer) == 0


def test_colleague_who_accepts_while_she_is_kept_off_gets_no_walk(auditor, team, southwark):
    colleague = OfficerFactory(bcu=southwark.bcu)
    walk = scheduled_booking(team, borough=southwark, **PLAIN).walk
    takeover = ask_colleague(walk, by=team[0], colleague=colleague)

    def accept():
        try:
            accept_takeover(takeover, by=colleague)
        except ActionError as error:
            return str(error)

    refusal = press_while_locked(
        accept,
        lock=lambda: lock_officers([colleague]),
        act=lambda: keep_off_walks(colleague, by=auditor, reason=REASON),
    )

    assert refusal
    assert (live_walks(colleague), set(walk.live_officers())) == (0, set(team))


def test_two_auditors_at_once_make_one_gate(auditor, officer):
    def press():
        try:
            keep_off_walks(officer, by=auditor, reason=REASON)
        except ActionError as error:
            return str(error)

    results = run_concurrently(press, press)

    assert [bool(refusal) for refusal in sorted(results, key=bool)] == [False, True]
    assert Unavailability.objects.count() == 1


def test_gate_does_nothing_by_halves_while_a_row_is_in_use(auditor, team, southwark):
    booking = scheduled_booking(team, borough=southwark)
    pressed = []

    def press():
        try:
            keep_off_walks(team[0], by=auditor, reason=REASON)
        except ActionError as error:
            pressed.append(str(error))

    press_while_locked(press, lock=lambda: lock_booking(booking), act=lambda: wait_for(pressed))

    assert pressed == [IN_USE]
    assert Officer.objects.get(pk=team[0].pk).is_available
    assert live_walks(team[0]) == 1


def wait_for(pressed):
    deadline = time.monotonic() + 10
    while not pressed and time.monotonic() < deadline:
        time.sleep(0.05)
