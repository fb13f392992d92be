"""A walk of two women and two officers at half past six, and an operator who is asked about it."""

import datetime

import pytest
import time_machine

from tests.support.control_room import START
from tests.support.factories import WalkFactory, scheduled_booking
from tests.support.people import make_control_room


@pytest.fixture(autouse=True)
def traveller():
    """The walk begins in half an hour. The clock stands still, so no limit's window ends in a test."""
    with time_machine.travel(START - datetime.timedelta(minutes=30), tick=False) as traveller:
        yield traveller


@pytest.fixture
def walk(team, southwark):
    return WalkFactory(bcu=southwark.bcu, officers=team, start_at=START, minutes=60)


@pytest.fixture
def booking(walk, team, southwark):
    return scheduled_booking(team, walk=walk, borough=southwark, contact__pin_hmac="")


@pytest.fixture
def companion(walk, team, southwark):
    """Another booking on the same walk."""
    return scheduled_booking(team, walk=walk, borough=southwark)


@pytest.fixture
def operator(control_room):
    return control_room


@pytest.fixture
def colleague(control_room):
    return make_control_room()


@pytest.fixture
def as_operator(client, operator):
    client.force_login(operator)
    return client
