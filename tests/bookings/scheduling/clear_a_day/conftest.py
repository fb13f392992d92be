import pytest

from tests.support.clear_a_day import DAYS, NO_NEEDS
from tests.support.factories import ClaimFactory, OfficerFactory, WalkFactory, in_days, scheduled_booking
from tests.support.staff_client import StaffClient


@pytest.fixture
def as_inspector(inspector):
    client = StaffClient(gives_reasons=False)
    client.force_login(inspector)
    return client


@pytest.fixture
def third(bcu):
    return OfficerFactory(bcu=bcu, name="Thea Third")


@pytest.fixture
def make(southwark, team, inspector):
    """Return a function that makes a walk that day, at this hour, for a requester who is assigned to the inspector."""

    def make(hour=18, *, claimed=True, **fields):
        walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(DAYS, hour=hour))
        booking = scheduled_booking(team, borough=southwark, walk=walk, **{**NO_NEEDS, **fields})
        if claimed:
            ClaimFactory(booking=booking, officer=inspector)
        return booking

    return make
