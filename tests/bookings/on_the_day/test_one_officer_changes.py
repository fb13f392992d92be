"""Changes to a walk after a one-officer question."""

import dataclasses
import datetime

import pytest
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.one_officer import OneOfficerQuestion
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.on_the_day.one_officer.actions import OneOfficerAnswer, answer_one_officer_question
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from tests.support.concurrency import run_concurrently
from tests.support.decisions import cancel_now, change_now
from tests.support.factories import OfficerFactory, in_days
from tests.support.form_data import plan_data
from tests.support.one_officer import (
    YES,
    answer_latest_question,
    ask_about_one_officer,
    get_walk,
    is_listed_as_short,
    leave_one_officer,
)
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db


def get_details(walk):
    return WalkDetails(
        start_at=walk.start_at,
        minutes=walk.minutes,
        meeting_place=walk.meeting_place,
        finish_place=walk.finish_place,
        duty_number=walk.duty_number,
    )


def replace_officers(booking, inspector, officers):
    walk = get_walk(booking)
    change_now(walk, inspector, plan=get_details(walk), officers=officers)


@pytest.mark.parametrize("was_answered", [False, True])
def test_another_officer_ends_the_question_and_the_agreement(was_answered, one_officer_booking, inspector, officer):
    ask_about_one_officer(one_officer_booking, inspector)
    if was_answered:
        answer_latest_question(one_officer_booking, YES)

    replace_officers(one_officer_booking, inspector, [officer, OfficerFactory(bcu=officer.bcu)])

    walk = get_walk(one_officer_booking)
    assert not OneOfficerQuestion.objects.open().exists()
    assert walk.one_officer_agreed_at is None
    assert walk.least_officers == 2


def move_walk_one_hour(booking, inspector, officers):
    walk = get_walk(booking)
    moved = dataclasses.replace(get_details(walk), start_at=walk.start_at + datetime.timedelta(hours=1))
    change_now(walk, inspector, plan=moved, officers=officers)


def test_agreement_holds_if_the_walk_moves_but_not_for_another_officer(
    one_officer_booking_by_phone, inspector, officer
):
    answer_latest_question(one_officer_booking_by_phone, YES)
    previous_start = get_walk(one_officer_booking_by_phone).start_at

    move_walk_one_hour(one_officer_booking_by_phone, inspector, [officer])
    with pytest.raises(ActionError, match="at least 2 officers"):
        move_walk_one_hour(one_officer_booking_by_phone, inspector, [OfficerFactory(bcu=officer.bcu)])

    walk = get_walk(one_officer_booking_by_phone)
    assert walk.start_at == previous_start + datetime.timedelta(hours=1)
    assert walk.one_officer_agreed_at is not None
    assert walk.live_officers() == [officer]


def test_change_page_accepts_the_agreed_officer_alone(one_officer_booking_by_phone, inspector, officer, client):
    answer_latest_question(one_officer_booking_by_phone, YES)
    walk = get_walk(one_officer_booking_by_phone)
    client.force_login(inspector)
    page = reverse("scheduling:change_walk", args=[walk.pk])

    page_text = client.get(page).text
    response = client.post(page, {**plan_data([officer], days=5), "version": walk.version})

    assert "Or keep the one officer" in page_text
    assert response.status_code == 302
    assert get_walk(one_officer_booking_by_phone).version > walk.version


def test_last_officer_leaving_ends_the_agreement(one_officer_booking, inspector, officer):
    ask_about_one_officer(one_officer_booking, inspector)
    answer_latest_question(one_officer_booking, YES)

    withdraw_from_walk(get_walk(one_officer_booking), by=officer)

    assert get_walk(one_officer_booking).one_officer_agreed_at is None
    assert is_listed_as_short(one_officer_booking, inspector)


@pytest.mark.parametrize("cancelled_by", ["requester", "inspector"])
def test_cancellation_withdraws_the_question(cancelled_by, one_officer_booking, inspector):
    ask_about_one_officer(one_officer_booking, inspector)
    question = OneOfficerQuestion.objects.get()
    booking = Booking.objects.get(pk=one_officer_booking.pk)

    if cancelled_by == "requester":
        cancel_booking_by_requester(booking)
    else:
        cancel_now(booking, inspector, reason="illness")

    with pytest.raises(TransitionNotAllowed):
        answer_one_officer_question(
            Booking.objects.get(pk=one_officer_booking.pk), OneOfficerAnswer(question=question.pk, will_do=True)
        )
    question.refresh_from_db()
    assert question.answer == "withdrawn"


def test_answer_refused_once_the_walk_has_started(one_officer_booking, inspector):
    ask_about_one_officer(one_officer_booking, inspector)
    Walk.objects.update(start_at=in_days(-1))

    with pytest.raises(TransitionNotAllowed):
        answer_latest_question(one_officer_booking, YES)


@pytest.mark.django_db(transaction=True)
def test_concurrent_answer_and_replacement_do_not_conflict(officer, second_officer, inspector):
    booking = leave_one_officer(officer, second_officer)
    ask_about_one_officer(booking, inspector)
    spare = OfficerFactory(bcu=officer.bcu)

    def attempt(action):
        try:
            action()
        except ActionError:
            return "refused"
        return "done"

    outcomes = run_concurrently(
        lambda: attempt(lambda: answer_latest_question(booking, YES)),
        lambda: attempt(lambda: replace_officers(booking, inspector, [officer, spare])),
    )

    walk = get_walk(booking)
    assert "done" in outcomes
    assert (walk.one_officer_agreed_at is None) == (len(walk.live_officers()) == 2)
    assert not walk.is_short
    assert not OneOfficerQuestion.objects.open().exists()
