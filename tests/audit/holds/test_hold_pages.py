"""The auditor places, renews and ends a hold; the requester reads until when, and staff read nothing."""

import datetime
import uuid

import pytest
from django.conf import settings
from django.utils import timezone

from bookings.models.legal_holds import LegalHold
from bookings.retention.holds import Hold, place_hold
from bookings.statuses import Channel
from data_rights.copy.builder import build_copy
from data_rights.erasure.actions import request_erasure
from outbox.models import Message
from tests.support.data_rights import link_to
from tests.support.factories import BookingFactory, in_days
from tests.support.form_data import date_data
from tests.support.looks import travel_to
from tests.support.requester_pages import PIN
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db
REASON = "Complaint 12 of 2026"


def place(client, booking, *, days=30, reason=REASON):
    return client.post(
        f"/staff/audit/holds/{booking.pk}/", {"reason": reason, **date_data("until", days=days)}, follow=True
    )


def held_until(days):
    return london.long_date(london.today() + datetime.timedelta(days=days))


@pytest.fixture
def held(booking, auditor):
    place_hold(booking, Hold(until=london.today() + datetime.timedelta(days=30), reason=REASON), by=auditor)
    return booking


def test_booking_is_found_by_its_reference_and_held(as_auditor, auditor, booking):
    found = as_auditor.post("/staff/audit/holds/", {"reference": booking.spoken_reference.lower()})
    page = as_auditor.get(found.url).text
    after = place(as_auditor, booking).text

    hold = LegalHold.objects.get()
    assert found.url == f"/staff/audit/holds/{booking.pk}/"
    assert "Hold the erasure" in page
    assert (hold.by, hold.reason) == (auditor, REASON)
    assert f"Held until the end of {held_until(30)}" in after
    assert "Renew the hold" in after
    assert booking.contact.name not in page + after


def test_hold_is_renewed_and_ended(as_auditor, held):
    place(as_auditor, held, days=60)
    ended = as_auditor.post(f"/staff/audit/holds/{held.pk}/end/", follow=True).text
    again = as_auditor.post(f"/staff/audit/holds/{held.pk}/end/", follow=True).text

    assert LegalHold.objects.filter(ended_at=None).count() == 0
    assert "The hold has ended" in ended
    assert "This hold has ended already" in again
    assert as_auditor.get("/staff/audit/holds/").text.count("Complaint 12 of 2026") == 2


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"reason": ""}, "Enter why her details must be kept"),
        ({"reason": "one\ntwo"}, "Enter the reason in one line"),
        ({"days": -1}, "Last day must be today or later"),
        ({"days": 366}, "Last day must be"),
    ],
)
def test_mistakes_are_explained(as_auditor, booking, typed, error):
    response = place(as_auditor, booking, **typed)

    assert response.status_code == 422
    assert error in response.text
    assert not LegalHold.objects.exists()


def test_unknown_booking_is_not_found(as_auditor):
    assert as_auditor.get(f"/staff/audit/holds/{uuid.uuid4()}/").status_code == 404
    assert as_auditor.post("/staff/audit/holds/", {"reference": "K7QX-M2PD-9TRWE"}).status_code == 422


def test_erased_booking_offers_no_hold(as_auditor, southwark):
    erased = BookingFactory(borough=southwark, erased_at=timezone.now())

    text = as_auditor.get(f"/staff/audit/holds/{erased.pk}/").text

    assert "nothing left to hold" in text
    assert "Hold the erasure" not in text


# --- What others read -------------------------------------------------------------------------------------------------


def test_she_reads_before_and_after_she_asks_that_we_keep_her_details_and_until_when(client, held):
    before = client.get(link_to("erase", held)).text
    request_erasure(held)
    after = client.get(link_to("undo_erasure", held)).text
    with travel_to(in_days(5)):
        days_later = client.get(link_to("undo_erasure", held)).text
    message = Message.objects.get(kind="erasure_requested")

    kept = f"We have to keep your details until {held_until(30)} at the latest"
    for text in (before, after, days_later, message.text):
        assert kept in " ".join(text.split())
    for text in (before, after, days_later, message.text, message.html):
        assert [word for word in (REASON, "legal hold", "auditor", "After 24 hours we’ll delete") if word in text] == []


def test_link_to_undo_works_for_as_long_as_we_keep_her_details(client, held):
    request_erasure(held)
    message = Message.objects.get(kind="erasure_requested")

    assert message.expires_at == LegalHold.objects.get().ends_at
    with travel_to(in_days(5)):
        assert "Keep my details" in client.get(link_to("undo_erasure", held)).text


def test_hold_that_ends_before_the_erasure_changes_nothing_that_she_reads(client, booking, auditor):
    place_hold(booking, Hold(until=london.today(), reason=REASON), by=auditor)

    text = client.get(link_to("erase", booking)).text

    assert "We have to keep" not in text
    assert "After 24 hours" in text


def test_neutral_page_says_nothing_about_the_police(client, held):
    held.channel = Channel.DISCREET
    held.save()

    page = link_to("erase", held).replace("/my-walk/", "/r/")
    neutral = {"headers": {"host": settings.DISCREET_HOST}}
    client.post(page.replace("delete/", ""), {"pin": PIN}, **neutral)
    response = client.get(page, **neutral)

    assert "We have to keep your details until" in " ".join(response.text.split())
    assert [word for word in ("police", "officer will", REASON) if word in response.text.lower()] == []


def test_her_copy_has_the_day_and_not_the_reason(held):
    copy = build_copy(held)

    assert copy.request.kept_until == held_until(30)
    assert REASON not in str(copy)


def test_inspector_reads_nothing_of_a_hold(as_inspector, held):
    pages = [f"/staff/bookings/{held.pk}/", "/staff/bookings/"]

    texts = [as_inspector.get(page).text for page in pages]

    assert held.contact.name in texts[0]
    assert [word for text in texts for word in (REASON, "hold on", "Held until", held_until(30)) if word in text] == []
