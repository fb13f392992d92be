"""A completed booking, a concern recorded by its officer, the requester's pages, and an improvement with two women."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models.links import Link
from feedback.improvements.actions import make_improvement
from feedback.models.concerns import Concern
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking
from tests.support.improvements import DETAILS, refer
from tests.support.partners import make_partner
from tests.support.walk_notes import record_concern


@pytest.fixture
def completed_booking(officer):
    return make_completed_booking([officer])


@pytest.fixture
def noted_concern(completed_booking, officer):
    """A concern that the officer recorded for the requester."""
    record_concern(completed_booking, officer)
    return Concern.objects.get()


@pytest.fixture
def requester_pages(completed_booking, client):
    """The requester's client, and a function that returns the address of her page."""
    token = Link.objects.create_token(
        completed_booking, Link.Purpose.REPORT, expires_at=timezone.now() + datetime.timedelta(days=9)
    )

    def address(name, *args):
        return reverse(f"feedback:{name}", args=[token, *args])

    return client, address


@pytest.fixture
def maya(officer, inspector):
    """The concern of the first woman, who is called Maya."""
    booking = make_completed_booking([officer])
    accepted = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    return ConcernFactory(report__booking=booking, consent=True, **accepted)


@pytest.fixture
def joan(officer, inspector):
    """The concern of another woman, in other words and of another kind."""
    named = {"contact__name": "Joan", "contact__email": "joan@example.com"}
    booking = make_completed_booking([officer], start_at=in_days(-3), **named)
    accepted = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    told = {"kind": "path", "place": "By the arches", "text": "Her own words.", "reported_at": in_days(-2)}
    return ConcernFactory(report__booking=booking, **told, **accepted)


@pytest.fixture
def improvement(maya, joan, inspector):
    made = make_improvement(
        DETAILS, borough=maya.borough, place=None, concerns=[maya, joan], by=inspector, version=maya.version
    )
    Message.objects.all().delete()
    return made


@pytest.fixture
def council(southwark):
    return make_partner("Southwark Council", boroughs=[southwark], inbox="lights@council.example.com")


@pytest.fixture
def referral(improvement, council, inspector):
    return refer(improvement, council, inspector)
