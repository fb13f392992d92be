"""The button with which a requester stops all messages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.manage.actions import resend_link
from bookings.manage.contact.actions import stop_messages
from bookings.notices.contact_preferences import requester_messages
from bookings.statuses import Channel, EventKind
from feedback.jobs import send_report_invitations
from feedback.reports.actions import send_report_invitation
from outbox.models import Message
from outbox.statuses import State
from tests.support.booking_history import event_kinds
from tests.support.decisions import cancel_now, change_now
from tests.support.factories import confirmed_adjustments, in_days
from tests.support.feedback_factories import make_completed_booking
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import london
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db


def test_stop_supersedes_unsent_messages_and_shows_on_both_pages(client, booked, inspector):
    resend_link(booked, request_id="1")
    page = create_page_link(booked)

    response = client.get(f"{page}stop/")
    client.post(f"{page}stop/")

    after = client.get(page)
    client.force_login(inspector)
    seen_by_staff = client.get(reverse("triage:booking", args=[booked.pk])).text
    booked.refresh_from_db()
    assert "Do you want us to stop writing?" in response.text
    assert Message.objects.get().state == State.SUPERSEDED
    assert event_kinds(booked) == [EventKind.MESSAGES_STOPPED]
    assert booked.channel == Channel.FULL
    assert "You asked us to stop writing" in after.text
    assert "Messages to you" not in after.text
    assert f"She asked us to stop writing, {london.clock(booked.contact.messages_stopped_at)}" in seen_by_staff
    assert "Stop writing to her" in seen_by_staff
    assert "not sent, because she asked us to stop writing" in seen_by_staff.lower()


def test_stop_needs_a_post(client, booked):
    client.get(f"{create_page_link(booked)}stop/")

    booked.refresh_from_db()
    assert booked.contact.messages_stopped_at is None


def test_stop_applies_to_all_later_news(booked, inspector, team, plan):
    stop_messages(booked)

    later = WalkDetails(**{**vars(plan), "minutes": 45})
    change_now(booked.walk, inspector, plan=later, officers=team, arranged=confirmed_adjustments(booked))
    resend_link(booked, request_id="1")
    cancel_now(booked, inspector)

    assert not Message.objects.filter(thread__startswith="requester:").exists()
    assert Message.objects.filter(thread__startswith="officer:").exists()


def test_stop_applies_to_the_report_invitation(officer):
    booking = make_completed_booking([officer], start_at=in_days(-1))
    stop_messages(booking)

    send_report_invitations(in_days(0, hour=9))
    is_asked = send_report_invitation(booking, now=in_days(0, hour=9))

    assert not is_asked
    assert not Message.objects.exists()


def test_stopping_twice_records_one_event(booked):
    for _ in range(2):
        stop_messages(booked)

    assert event_kinds(booked) == [EventKind.MESSAGES_STOPPED]


def test_stop_page_redirects_without_email(client, booked):
    booked.channel = Channel.NONE
    booked.save()
    page = create_page_link(booked)
    client.post(page, {"pin": PIN})

    response = client.get(f"{page}stop/")

    assert response.status_code == 302
    assert "Stop all messages" not in client.get(page).text


def test_stop_keeps_the_reasons_of_superseded_messages(booked):
    resend_link(booked, request_id="1")
    Message.objects.update(state=State.SUPERSEDED, superseded_at=timezone.now())
    stop_messages(booked)

    (word,) = requester_messages(booked, timezone.now())

    assert word.state == "not sent, because a newer message took its place"
