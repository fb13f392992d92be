"""While her details are being deleted, and afterwards, staff find no trace of the requester."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import feedback.jobs
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.notices.threads import requester_thread
from bookings.statuses import Status
from data_rights.erasure.actions import request_erasure
from data_rights.erasure.jobs import erase_requested
from feedback.models.concerns import Concern
from outbox.models import Message
from tests.support.factories import BookingFactory, in_days
from tests.support.feedback_factories import ConcernFactory, make_completed_booking
from tests.support.walk_notes import add_walk_note, record_concern

pytestmark = pytest.mark.django_db

NAME = "Edith Canary"


@pytest.fixture
def walked(southwark, team):
    """A requester who walked yesterday, with a concern and notes."""
    booking = make_completed_booking(team, borough=southwark, contact__name=NAME)
    ConcernFactory(report__booking=booking, text="Canary lamp")
    record_concern(booking, team[0], text="Canary path")
    add_walk_note(booking, team[0], words="Canary note")
    return booking


def pages(booking, walk):
    concern = Concern.objects.first()
    return {
        "queue": reverse("triage:queue"),
        "booking": reverse("triage:booking", args=[booking.pk]),
        "walk": reverse("on_the_day:walk", args=[walk.pk]),
        "walks": reverse("on_the_day:walks"),
        "walk note": reverse("feedback:walk_note", args=[walk.pk]),
        "record concern": reverse("feedback:record_concern", args=[walk.pk]),
        "concerns": reverse("feedback:concerns"),
        "concern": reverse("feedback:concern", args=[concern.pk]),
        "calendar": reverse("staff_calendar:calendar"),
        "delivery problems": reverse("delivery_problems:list"),
    }


@pytest.mark.parametrize("who", ["inspector", "officer"])
@pytest.mark.parametrize("is_erased", [False, True])
def test_staff_pages_show_nothing_of_her(client, walked, inspector, team, who, is_erased):
    client.force_login(inspector if who == "inspector" else team[0])
    addresses = pages(walked, walked.walk)
    before = {name: client.get(address) for name, address in addresses.items()}

    request_erasure(walked)
    if is_erased:
        erase_requested(timezone.now() + timedelta(hours=25))

    after = {name: client.get(address) for name, address in addresses.items()}
    said = "".join(page.text for page in before.values())
    assert NAME in said
    assert "Canary note" in said
    assert after["booking"].status_code == 404
    for name, page in after.items():
        assert "Canary" not in page.text, name
        assert walked.spoken_reference not in page.text, name
    if not is_erased:
        assert after["concern"].status_code == 404


def test_search_by_reference_does_not_find_her(as_inspector, walked):
    request_erasure(walked)

    response = as_inspector.post(reverse("triage:find_booking"), {"words": walked.reference}, follow=True)

    assert "Nothing found." in response.text


@pytest.mark.parametrize(
    "name", ["triage:add_note", "triage:mark_safeguarding", "pins:reset_pin", "triage:reveal_phone"]
)
def test_no_decision_finds_her(as_inspector, walked, name):
    request_erasure(walked)

    assert as_inspector.post(reverse(name, args=[walked.pk])).status_code == 404


def test_phone_draft_no_longer_leads_to_her(as_inspector, southwark, inspector):
    booking = BookingFactory(borough=southwark)
    draft = Draft.objects.start_phone_booking(booking.draft_uuid, by=inspector)
    address = reverse("phone_bookings:sent", args=[draft.pk])
    before = as_inspector.get(address).status_code

    request_erasure(booking)

    assert (before, as_inspector.get(address).status_code) == (200, 404)


def test_counts_stay(walked, inspector, lead):
    def counted():
        return [
            Booking.objects.in_figures_for(who).filter(status=Status.COMPLETED).count() for who in (inspector, lead)
        ]

    before = counted()
    request_erasure(walked)
    pending = counted()
    erase_requested(timezone.now() + timedelta(hours=25))

    assert before == pending == counted() == [1, 1]


def test_jobs_write_her_nothing_more(walked, southwark, team):
    other = make_completed_booking(team, borough=southwark, start_at=in_days(-2))
    request_erasure(walked)

    feedback.jobs.send_report_invitations(in_days(1, hour=10))

    invited = Message.objects.filter(kind="report_invitation").values_list("thread", flat=True)
    assert list(invited) == [requester_thread(other)]
