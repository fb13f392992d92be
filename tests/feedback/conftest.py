"""A completed booking, a concern recorded by its officer, and the requester's pages."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models.links import Link
from feedback.models.concerns import Concern
from tests.support.feedback_factories import make_completed_booking
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
