"""Words that an officer knows who was taken off the walk are no proof (docs/rules.md#the-control-rooms-check)."""

import datetime

import pytest
from django.utils import timezone

from audit.vetting.actions import keep_off_walks
from bookings.control_room.jobs import record_failed_checks
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.on_the_day.one_officer.actions import (
    OneOfficerAnswer,
    answer_one_officer_question,
    ask_about_one_officer,
)
from outbox.models import Message
from tests.support.control_room import ADDRESS, START, WORDS, check
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def fresh(walk):
    return Walk.objects.get(pk=walk.pk)


def start(walk, traveller):
    traveller.move_to(START + datetime.timedelta(minutes=5))
    save_changes(walk, status=WalkStatus.UNDER_WAY, started_at=START)


def test_reference_gets_a_no_while_the_walk_is_short_and_a_live_officers_number_a_yes(
    operator, auditor, booking, companion, officer, second_officer
):
    keep_off_walks(officer, by=auditor, reason="Case 7")

    assert fresh(booking.walk).officers_phrase == WORDS
    assert not check(operator, reference=booking.reference)
    assert not check(operator, reference=companion.reference)
    assert not check(operator, officer.shoulder_number)
    assert check(operator, second_officer.shoulder_number)


def test_officer_taken_off_after_the_start_gets_a_no_by_reference_even_if_enough_are_left(
    operator, auditor, booking, officer, second_officer, traveller
):
    save_changes(booking.walk.bcu, min_officers=1)
    start(booking.walk, traveller)
    before = check(operator, reference=booking.reference)

    keep_off_walks(officer, by=auditor, reason="Case 7")

    assert not fresh(booking.walk).is_short
    assert (before, check(operator, reference=booking.reference)) == (True, False)
    assert check(operator, second_officer.shoulder_number)


def test_consent_to_one_officer_brings_new_words_and_the_card_once(
    operator, inspector, booking, officer, second_officer
):
    withdraw_from_walk(booking.walk, by=officer)
    walk = fresh(booking.walk)
    ask_about_one_officer(walk, by=inspector, version=walk.version)
    question = booking.one_officer_questions.get()
    answer_one_officer_question(booking, OneOfficerAnswer(question=question.pk, will_do=True))

    words = fresh(walk).officers_phrase
    (card,) = Message.objects.filter(kind="changed")
    assert words in card.text
    assert not check(operator, reference=booking.reference, words=WORDS)
    assert not check(operator, second_officer.shoulder_number, WORDS)
    assert check(operator, reference=booking.reference, words=words)


def test_right_words_on_a_short_walk_are_not_wrong_words_and_close_nothing(
    operator, booking, companion, officer, second_officer
):
    withdraw_from_walk(booking.walk, by=officer)

    for asked in [booking, companion] * 5:
        assert not check(operator, reference=asked.reference)
    record_failed_checks(timezone.now())

    assert not booking.events.filter(kind="walk_check_failed").exists()
    assert check(operator, second_officer.shoulder_number)


def test_every_no_says_to_ask_for_the_number_too(as_operator, booking):
    page = as_operator.post(ADDRESS, {"number": booking.reference, "words": "blue kettle"}, follow=True)

    assert "Ask for the shoulder number too" in " ".join(page.text.split())
