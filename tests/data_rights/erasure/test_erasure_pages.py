"""A requester deletes her details, which hides them at once, and can undo it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.links import Link
from bookings.notices.acknowledgements import acknowledge_news
from bookings.statuses import Channel, EventKind, Status
from data_rights.erasure import jobs
from outbox.models import Message
from tests.support.booking_history import messages_to_requester
from tests.support.data_rights import last_link, link_to, remove_pin
from tests.support.decisions import cancel_now
from tests.support.factories import BookingFactory, WalkFactory, scheduled_booking
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

PENDING = "Your details are being deleted"


def erase(client, booking, pin=PIN):
    return client.post(link_to("erase", booking), {"pin": pin}, follow=True)


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def booked_in(hours, southwark, team):
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_hours(hours))
    return scheduled_booking(team, borough=southwark, walk=walk)


def test_request_asks_for_the_pin_and_changes_nothing_without_it(client, booking):
    page = link_to("erase", booking)

    shown, wrong = client.get(page).text, client.post(page, {"pin": "111111"})
    without = client.post(page)

    booking.refresh_from_db()
    assert "You can undo it for 24 hours" in shown
    assert (wrong.status_code, without.status_code) == (422, 422)
    assert (booking.erasure_due_at, booking.status) == (None, Status.WAITING)


def test_request_hides_her_page_at_once_and_says_until_when(client, booking):
    response = erase(client, booking)

    booking.refresh_from_db()
    assert PENDING in response.text
    assert timedelta(hours=23) < booking.erasure_due_at - timezone.now() <= timedelta(hours=24)
    for address in (create_page_link(booking), f"{create_page_link(booking)}cancel/", link_to("copy", booking)):
        hidden = client.get(address, follow=True)
        assert PENDING in hidden.text
        assert "Maya" not in hidden.text
        assert booking.spoken_reference not in hidden.text


def test_report_page_is_hidden_too(client, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    report = Link.objects.create_token(booking, Link.Purpose.REPORT, expires_at=in_hours(1))
    erase(client, booking)

    assert PENDING in client.get(reverse("feedback:submit_report", args=[report]), follow=True).text


def test_request_cancels_an_open_request_and_tells_her(client, booking):
    erase(client, booking)

    booking.refresh_from_db()
    kinds = list(Message.objects.order_by("number").values_list("kind", flat=True))
    assert booking.status == Status.CANCELLED_BY_REQUESTER
    assert kinds == ["cancelled_by_requester", "erasure_requested"]
    assert booking.events.filter(kind=EventKind.ERASURE_REQUESTED, by=None).count() == 1


def test_request_cancels_a_later_walk_and_officers_hear_no_reason(client, booked, team):
    said = client.get(link_to("erase", booked)).text

    erase(client, booked)

    booked.refresh_from_db()
    told = Message.objects.filter(kind="officer_walk_cancelled")
    assert "This cancels what you asked for" in said
    assert "but not what was cancelled" in said
    assert (booked.status, booked.walk.status) == (Status.CANCELLED_BY_REQUESTER, WalkStatus.CANCELLED)
    assert told.count() == len(team)
    assert not any("delete" in message.text or "erase" in message.text for message in told)
    assert not Message.objects.filter(kind__startswith="team").exists()


@pytest.mark.parametrize("hours", [23.9, 1])
def test_request_never_cancels_a_walk_within_24_hours(client, southwark, team, hours):
    booking = booked_in(hours, southwark, team)

    shown = client.get(link_to("erase", booking))
    refused = client.post(link_to("erase", booking), {"pin": PIN})

    booking.refresh_from_db()
    assert "Cancel first" in shown.text
    assert 'name="pin"' not in shown.text
    assert "Cancel your walk first" in refused.text
    assert (booking.status, booking.erasure_due_at) == (Status.SCHEDULED, None)


def test_request_just_over_24_hours_before_the_walk_is_accepted(client, southwark, team):
    booking = booked_in(24.1, southwark, team)

    erase(client, booking)

    booking.refresh_from_db()
    assert booking.awaits_erasure


def test_request_during_the_walk_waits_until_it_is_over(client, southwark, team):
    booking = booked_in(-0.2, southwark, team)
    Walk.objects.update(status=WalkStatus.UNDER_WAY, started_at=timezone.now())

    shown = client.get(link_to("erase", booking)).text

    assert "It has started" in shown
    assert "Cancel first" not in shown


def test_request_after_she_cancelled_is_accepted_on_the_day(client, southwark, team):
    booking = booked_in(5, southwark, team)
    client.post(f"{create_page_link(booking)}cancel/")

    erase(client, booking)

    booking.refresh_from_db()
    assert booking.awaits_erasure


def test_request_waits_until_she_has_seen_that_we_cancelled(client, southwark, team, inspector):
    """Otherwise nobody would go to the place where she may be waiting, and our message would never leave."""
    booking = booked_in(3, southwark, team)
    cancel_now(booking, inspector, reason="illness")
    booking.refresh_from_db()

    shown = client.get(link_to("erase", booking)).text
    refused = client.post(link_to("erase", booking), {"pin": PIN})
    booking.refresh_from_db()
    before = (booking.erasure_due_at, messages_to_requester(booking).get(kind="cancelled_by_us").superseded_at)
    acknowledge_news(booking, version=booking.version)
    erase(client, booking)

    booking.refresh_from_db()
    assert "Press “I’ve seen this” on your page" in shown
    assert "Press “I’ve seen this” on your page" in refused.text
    assert before == (None, None)
    assert booking.awaits_erasure


@pytest.mark.parametrize(("hours", "is_accepted"), [(-1, False), (-23, False), (-25, True)])
def test_request_waits_a_day_while_we_look_for_her_after_nobody_came(client, southwark, team, hours, is_accepted):
    booking = booked_in(hours, southwark, team)
    Booking.objects.filter(pk=booking.pk).update(status=Status.OFFICERS_ABSENT, outcome_code="other")
    save_changes(booking.acknowledgement, nobody_came_reported_at=in_hours(hours + 0.5))

    shown = client.get(link_to("erase", booking)).text
    answer = erase(client, booking).text

    booking.refresh_from_db()
    assert ("be sure that you’re safe first" in answer) != is_accepted
    assert ("someone will try to speak with you" in shown) != is_accepted
    assert booking.awaits_erasure == is_accepted


def test_request_deletes_the_draft_that_opens_the_page_after_sending(client, booking):
    draft, _cookie = Draft.objects.start()
    save_changes(booking, draft_uuid=draft.pk)

    erase(client, booking)

    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_without_a_pin_a_link_that_works_once_is_needed(client, without_pin):
    asked = client.post(link_to("erase", without_pin))
    without_pin.refresh_from_db()
    was_pending = without_pin.awaits_erasure
    link = last_link("erasure_link")
    client.get(link)
    response = client.post(link, follow=True)
    again = client.post(link, follow=True)

    without_pin.refresh_from_db()
    assert "Check your email" in asked.text
    assert not was_pending
    assert PENDING in response.text
    assert again.status_code == 404
    assert without_pin.awaits_erasure


def test_the_link_asks_for_the_pin_of_a_requester_who_has_one(as_inspector, booking):
    as_inspector.post(reverse("send_links:send_erasure_link", args=[booking.pk]))
    link = last_link("erasure_link")

    with_the_inbox_alone = Client().post(link)

    booking.refresh_from_db()
    assert with_the_inbox_alone.status_code == 422
    assert not booking.awaits_erasure


@pytest.mark.parametrize("purpose", [Link.Purpose.COPY, Link.Purpose.UNDO, Link.Purpose.REPORT])
def test_no_other_link_erases(client, without_pin, purpose):
    assert client.post(link_to("erase", without_pin, purpose)).status_code == 404


def test_a_refused_request_does_not_use_up_the_link(client, southwark, team):
    booking = remove_pin(booked_in(5, southwark, team))
    link = link_to("erase", booking, Link.Purpose.ERASE)

    client.post(link)

    assert Link.objects.get(purpose=Link.Purpose.ERASE).revoked_at is None


def test_inspector_cannot_erase_and_sends_only_to_a_confirmed_address(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, contact__address_unconfirmed_since=timezone.now())

    response = as_inspector.post(reverse("send_links:send_erasure_link", args=[booking.pk]))

    booking.refresh_from_db()
    assert response.status_code == 409
    assert not booking.awaits_erasure
    assert not Message.objects.exists()


# --- Freeze


def test_freeze_calls_off_a_deletion_that_somebody_else_asked_for(client, booked):
    token = Link.objects.create_token(booked, Link.Purpose.FREEZE, expires_at=in_hours(1))
    erase(client, booked)

    client.post(reverse("manage:freeze", args=[token]))
    jobs.erase_requested(in_hours(25))

    booked.refresh_from_db()
    assert booked.frozen_at is not None
    assert (booked.erasure_due_at, booked.erased_at) == (None, None)
    assert booked.contact.name


def test_link_to_freeze_neither_shows_nor_undoes_a_deletion(client, booked):
    erase(client, booked)

    address = link_to("undo_erasure", booked, Link.Purpose.FREEZE)
    responses = [client.get(address), client.post(address, {"pin": PIN})]

    booked.refresh_from_db()
    assert [response.status_code for response in responses] == [404, 404]
    assert booked.awaits_erasure


# --- Undo


def test_undo_with_the_pin_brings_her_page_back_but_not_the_walk(client, booked):
    page = create_page_link(booked)
    erase(client, booked)
    wrong = client.post(link_to("undo_erasure", booked), {"pin": "111111"})

    back = client.post(link_to("undo_erasure", booked), {"pin": PIN}, follow=True)

    booked.refresh_from_db()
    assert wrong.status_code == 422
    assert "You’ve cancelled" in back.text
    assert "You’ve cancelled" in client.get(page).text
    assert (booked.erasure_due_at, booked.status) == (None, Status.CANCELLED_BY_REQUESTER)
    assert Message.objects.filter(kind="erasure_undone").count() == 1


def test_undo_without_a_pin_needs_the_link_in_the_message(client, without_pin):
    client.post(link_to("erase", without_pin, Link.Purpose.ERASE))
    shown = client.get(create_page_link(without_pin), follow=True).text
    client.post(link_to("undo_erasure", without_pin))
    without_pin.refresh_from_db()
    with_her_page_alone = without_pin.awaits_erasure

    undone = client.post(last_link("erasure_requested"), follow=True)

    without_pin.refresh_from_db()
    assert "use the link in the email" in shown
    assert "Keep my details" not in shown
    assert with_her_page_alone
    assert "You’ve cancelled" in undone.text
    assert not without_pin.awaits_erasure


def test_link_to_undo_is_sent_again_from_any_link_to_her_page(client, without_pin):
    """Someone who holds her phone for a minute can delete our message as well."""
    page = create_page_link(without_pin)
    client.post(link_to("erase", without_pin, Link.Purpose.ERASE))
    Message.objects.all().delete()
    without_pin.links.filter(purpose=Link.Purpose.UNDO).delete()

    asked = client.get(page, follow=True)
    sent = client.post(asked.redirect_chain[-1][0])
    again = client.post(asked.redirect_chain[-1][0])
    without_pin.refresh_from_db()
    was_pending = without_pin.awaits_erasure
    client.post(last_link("erasure_requested"))

    without_pin.refresh_from_db()
    assert "Email me the link again" in asked.text
    assert "on its way" in sent.text
    assert "We’ve only just emailed you" in again.text
    assert (was_pending, without_pin.erasure_due_at) == (True, None)


def test_undo_by_the_link_asks_for_the_pin_of_a_requester_who_has_one(client, booking):
    erase(client, booking)
    link = last_link("erasure_requested")

    assert Client().post(link).status_code == 422
    assert Client().post(link, {"pin": PIN}).status_code == 302


def test_undo_by_reference_and_pin_without_email(client, southwark):
    booking = BookingFactory(borough=southwark, channel=Channel.NONE, contact__email="")
    found = {"reference": booking.reference, "pin": PIN}
    page = client.post("/my-walk/", found)["Location"]
    client.post(f"{page}delete/", {"pin": PIN})

    hers = Client()
    shown = hers.post("/my-walk/", found, follow=True)
    hers.post(f"{shown.redirect_chain[-1][0]}", {"pin": PIN})

    booking.refresh_from_db()
    assert PENDING in shown.text
    assert not booking.awaits_erasure
    assert not Message.objects.exists()


def test_undo_is_too_late_once_it_is_carried_out(client, booking):
    erase(client, booking)
    page = link_to("undo_erasure", booking)
    jobs.erase_requested(in_hours(24.1))

    assert client.post(page, {"pin": PIN}).status_code == 404


def test_job_erases_after_24_hours_and_not_before(client, booking):
    erase(client, booking)
    jobs.erase_requested(in_hours(23.9))
    booking.refresh_from_db()
    early = booking.erased_at
    jobs.erase_requested(in_hours(24.1))

    booking.refresh_from_db()
    assert early is None
    assert booking.erased_at is not None
    assert booking.contact.name == ""


def test_job_erases_nothing_that_was_undone(client, booking):
    erase(client, booking)
    client.post(link_to("undo_erasure", booking), {"pin": PIN})

    jobs.erase_requested(in_hours(48))

    booking.refresh_from_db()
    assert booking.contact.name == "Maya Example"


def test_her_own_link_sends_nothing_while_it_is_pending(client, booking):
    erase(client, booking)
    before = Message.objects.count()

    with time_machine.travel(in_hours(1)):
        client.post("/my-walk/", {"reference": booking.reference})

    assert Message.objects.count() == before
