import pytest

from tests.support.factories import BookingFactory


@pytest.fixture
def as_auditor(client, auditor):
    client.force_login(auditor)
    return client


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)
