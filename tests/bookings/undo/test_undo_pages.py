"""The banner with “Undo”, the button itself, and the messages while they are held."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.undoable_decisions import UndoableDecision
from bookings.statuses import DeclineReason, EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.decisions import change_now, decline_now
from tests.support.factories import confirmed_adjustments
from tests.support.world import token_for
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def decline(client, booking, **changes):
    data = {"version": booking.version, "reason": DeclineReason.NO_OFFICERS, "alternatives": ["other_time"]}
    return client.post(reverse("triage:decline", args=[booking.pk]), data | changes, follow=True)


def undo(client):
    return client.post(reverse("undo:undo", args=[UndoableDecision.objects.get().pk]), follow=True)


def test_banner_says_when_the_messages_leave_and_offers_undo(as_inspector, booking):
    page = decline(as_inspector, booking).text

    decision = UndoableDecision.objects.get()
    assert "Messages leave at <time" in page
    assert f">{london.clock_with_seconds(decision.release_at)}</time>" in page
    assert reverse("undo:undo", args=[decision.pk]) in page
    assert 'data-key="z"' in page


def test_banner_stays_on_other_pages_until_the_messages_leave(as_inspector, booking):
    decline(as_inspector, booking)

    during = as_inspector.get(reverse("triage:queue")).text
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=31), tick=False):
        after = as_inspector.get(reverse("triage:queue")).text

    assert "Messages leave at" in during
    assert "Messages leave at" not in after


def test_act_without_messages_shows_no_undo_for_an_earlier_decision(as_inspector, booking, waiting_booking, inspector):
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=5)):
        decline_now(booking, inspector)

    page = as_inspector.post(reverse("triage:claim", args=[waiting_booking.pk]), follow=True).text

    assert "Assigned to you" in page
    assert "Messages leave at" not in page


def test_undo_returns_to_the_booking_as_it_was(as_inspector, booking):
    decline(as_inspector, booking)

    response = undo(as_inspector)

    assert response.redirect_chain == [(reverse("triage:booking", args=[booking.pk]), 302)]
    assert "Undone. No message was sent, and everything is as it was before." in response.text
    assert "Messages leave at" not in response.text
    assert Booking.objects.get().status == Status.WAITING
    assert Message.objects.get().state == State.UNDONE


def test_second_press_says_that_it_has_been_undone(as_inspector, booking):
    decline(as_inspector, booking)
    undo(as_inspector)

    response = undo(as_inspector)

    assert "You’ve already undone this." in response.text
    assert Booking.objects.get().events.filter(kind=EventKind.UNDONE).count() == 1


def test_late_press_says_what_to_do_instead(as_inspector, booking):
    decline(as_inspector, booking)

    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=31), tick=False):
        response = undo(as_inspector)

    assert "the message has gone. Ring her if she allows it, and make a new booking for her." in response.text
    assert Booking.objects.get().status == Status.DECLINED


def test_press_after_a_handover_leads_to_the_queue(as_inspector, booking, camden):
    decline(as_inspector, booking)
    Booking.objects.update(bcu=camden.bcu)

    response = undo(as_inspector)

    assert response.redirect_chain == [(reverse("triage:queue"), 302)]
    assert "Someone has changed this since you decided" in response.text


def test_undo_is_not_found_for_a_colleague(as_inspector, booking, colleague, client):
    decline_now(booking, colleague)

    assert undo(as_inspector).status_code == 404
    assert Booking.objects.get().status == Status.DECLINED


def test_held_messages_show_the_text_without_her_links(as_inspector, booking, inspector):
    decline(as_inspector, booking, words="Please try in spring")

    page = as_inspector.get(reverse("undo:messages", args=[UndoableDecision.objects.get().pk])).text

    assert Message.objects.get().subject in page
    assert "Please try in spring" in page
    assert "/my-walk/" in Message.objects.get().text
    assert "/my-walk/" not in page
    assert booking.reads.filter(officer=inspector).exists()


def test_booking_page_says_when_the_message_leaves_and_that_it_was_undone(as_inspector, booking):
    during = decline(as_inspector, booking).text
    after = undo(as_inspector).text

    assert "unless the decision is undone" in during
    assert "Messages to her (0)" in after
    assert "“Declined”, before any message left." in after


def test_her_page_does_not_show_the_news_before_it_leaves(client, booking, inspector):
    token = token_for(booking)
    address = reverse("manage:page", args=[token])
    decline_now(booking, inspector)
    decision = UndoableDecision.objects.get()

    during = client.get(address).text
    with time_machine.travel(decision.release_at, tick=False):
        after = client.get(address).text

    assert "We’re updating your page" in during
    assert "We can’t arrange this walk" not in during
    assert "We can’t arrange this walk" in after


def test_her_page_shows_nothing_of_an_undone_decision(client, booking, inspector):
    decline_now(booking, inspector)
    subject = Message.objects.get().subject
    page = reverse("manage:page", args=[token_for(booking)])
    client.force_login(inspector)
    undo(client)
    client.logout()

    text = client.get(page).text

    assert "We have your request" in text
    assert subject not in text


def test_her_page_shows_what_she_did_herself_during_the_hold(client, booked, inspector, team, plan):
    address = reverse("manage:cancel", args=[token_for(booked)])
    change_now(booked.walk, inspector, plan=plan, officers=team, arranged=confirmed_adjustments(booked))

    page = client.post(address, {"sure": "yes"}, follow=True).text

    assert "You’ve cancelled" in page
