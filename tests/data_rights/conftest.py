import pytest

from tests.support.data_rights import remove_pin
from tests.support.factories import BookingFactory, scheduled_booking


@pytest.fixture
def booking(southwark):
    """A confirmed booking that waits for our answer, of a requester with a PIN."""
    return BookingFactory(borough=southwark)


@pytest.fixture
def without_pin(southwark):
    return remove_pin(BookingFactory(borough=southwark))


@pytest.fixture
def booked(southwark, team):
    """A booking with a walk in ten days."""
    return scheduled_booking(team, borough=southwark)
