"""A walk that was held, and what the officer noted for the requester."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models.links import Link
from feedback.models.concerns import Concern
from tests.support.feedback_factories import walked_booking
from tests.support.walk_notes import note_concern


@pytest.fixture
def walked(officer):
    return walked_booking([officer])


@pytest.fixture
def noted_concern(walked, officer):
    """A concern that the officer noted for the requester."""
    note_concern(walked, officer)
    return Concern.objects.get()


@pytest.fixture
def her_pages(walked, client):
    """The requester's browser, and the address of each of her pages."""
    token = Link.objects.mint(walked, Link.Purpose.TELL_US, expires_at=timezone.now() + datetime.timedelta(days=9))

    def address(name, *args):
        return reverse(f"feedback:{name}", args=[token, *args])

    return client, address
