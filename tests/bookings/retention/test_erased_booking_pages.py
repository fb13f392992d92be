"""Pages and links of an erased booking."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.manage import jobs
from bookings.manage.actions import PinWrong, open_by_reference, request_link
from bookings.models.links import Link
from bookings.models.read_log import ReadLog
from bookings.models.safeguarding import SafeguardingFlag
from bookings.retention.actions import erase_booking
from bookings.statuses import Status
from outbox.models import Message
from tests.support.factories import BookingFactory, in_days
from tests.support.retention import hold_walk

pytestmark = pytest.mark.django_db

DELETED = "Details have been deleted"


def test_erased_booking_opens_by_no_link_reference_or_pin(client, officer):
    booking = BookingFactory(status=Status.DECLINED)
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30))
    erase_booking(booking)

    page = client.get(reverse("manage:page", args=[token]))
    with pytest.raises(PinWrong):
        open_by_reference(reference=booking.reference, pin="402817", network="192.0.2.1")
    request_link(booking.reference, network="192.0.2.1")
    jobs.resend_links(timezone.now())

    assert page.status_code == 404
    assert not Link.objects.exists()
    assert not Message.objects.exists()


def test_requester_page_says_that_her_details_are_deleted(client):
    booking = BookingFactory(status=Status.DECLINED, outcome_code="no_officers")
    erase_booking(booking)
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30))

    text = client.get(reverse("manage:page", args=[token])).text

    assert "Your details have been deleted." in text
    assert "no officers are free" in text


def test_booking_page_says_that_details_are_deleted(client, inspector, cancelled_request):
    client.force_login(inspector)
    page = reverse("triage:booking", args=[cancelled_request.pk])
    previous_page = client.get(page).text
    erase_booking(cancelled_request)

    text = client.get(page).text

    assert "Maya O&#x27;Brien" in previous_page
    for invented in ("She would like us to suggest", "None told", "She gave no number", "Show her number"):
        assert invented not in text
    assert DELETED in text
    assert "Her details deleted" in text
    assert "Cancelled by us" in text


def test_walk_page_says_that_details_are_deleted(client, inspector, scheduled_request, officer):
    client.force_login(inspector)
    hold_walk(scheduled_request, officer)
    page = reverse("on_the_day:walk", args=[scheduled_request.walk_id])
    previous_page = client.get(page).text
    erase_booking(scheduled_request)

    text = client.get(page).text

    assert "You say or show" in previous_page
    assert DELETED in text
    for empty in ("<dt>Who</dt>", "You say or show", "<dt>Meet</dt>"):
        assert empty not in text
    assert (
        client.post(
            reverse("on_the_day:reveal_phone", args=[scheduled_request.walk_id, scheduled_request.pk])
        ).status_code
        == 404
    )
    assert not ReadLog.objects.filter(kinds__contains=["phone"]).exists()


@pytest.mark.parametrize("name", ["triage:add_note", "triage:mark_safeguarding"])
def test_erased_booking_takes_no_note_and_no_mark(name, as_inspector, southwark):
    booking = BookingFactory(borough=southwark, status=Status.DECLINED)
    erase_booking(booking)
    page = reverse(name, args=[booking.pk])

    shown = as_inspector.get(page)
    pressed = as_inspector.post(page, {"note": "She rings back."})

    assert shown["Location"] == reverse("triage:booking", args=[booking.pk])
    assert pressed.status_code == 409
    assert "Her details have been deleted" in pressed.text
    assert not booking.events.filter(by__isnull=False).exists()
    assert not SafeguardingFlag.objects.exists()
