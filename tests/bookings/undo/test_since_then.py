"""Changes of officers, requesters and their messages between a decision and its undo."""

import pytest

from bookings.manage.freeze.actions import freeze_booking
from bookings.statuses import EventKind
from bookings.undo.actions import undo_decision
from outbox.models import Message
from outbox.statuses import State
from tests.support.decisions import cancel_now, change_now
from tests.support.factories import OfficerFactory, confirmed_adjustments, scheduled_booking
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Assignment

pytestmark = pytest.mark.django_db


def test_officer_who_may_no_longer_walk_is_not_put_back(booked, team, inspector, decided):
    decision, _before = decided(lambda: cancel_now(booked, inspector))
    team[0].leads_walks = False
    team[0].save()

    with pytest.raises(TransitionNotAllowed, match="Someone has changed this"):
        undo_decision(decision, by=inspector)

    assert not Assignment.objects.filter(is_live=True).exists()


def test_decision_about_others_is_undone_although_one_on_the_walk_is_frozen(
    booked, team, southwark, inspector, plan, decided
):
    frozen = scheduled_booking(team, borough=southwark, walk=booked.walk)
    freeze_booking(frozen)
    replacement = OfficerFactory(bcu=southwark.bcu)
    decision, _before = decided(
        lambda: change_now(
            booked.walk,
            inspector,
            plan=plan,
            officers=[team[0], replacement],
            arranged=confirmed_adjustments(booked),
        )
    )

    undo_decision(decision, by=inspector)

    booked.walk.refresh_from_db()
    assert set(Assignment.objects.filter(is_live=True).values_list("officer", flat=True)) == {each.pk for each in team}


def test_messages_of_an_undone_decision_keep_no_word(scheduled, inspector):
    _booking, decision = scheduled

    undo_decision(decision, by=inspector)

    undone = Message.objects.filter(state=State.UNDONE)
    assert undone.count() == 3
    assert {word for row in undone for word in (row.recipient, row.subject, row.text, row.html)} == {""}
    assert [row.attachments for row in undone] == [[], [], []]


def test_reviewer_of_a_request_frozen_within_the_hold_hears_that_she_was_not_told(booked, inspector, stranger, decided):
    decided(lambda: cancel_now(booked, inspector))
    booked.refresh_from_db()

    freeze_booking(booked)

    told = Message.objects.get(kind="team_booking_frozen")
    assert booked.events.filter(kind=EventKind.FROZEN).exists()
    assert "she hasn’t been told" in told.text
    assert not Message.objects.filter(thread=f"requester:{booked.pk}", state=State.PENDING).exists()
