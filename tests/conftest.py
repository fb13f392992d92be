"""Fixtures for people and places, and the order of the tests."""

import datetime

import pytest
from django.utils import translation
from hypothesis import settings

from bookings.request_form.booking_request import BookingRequest, RequestedTime
from bookings.statuses import Channel
from tests.support import people
from tests.support.databases import django_db_setup
from tests.support.factories import BoroughFactory
from tests.support.scheduling import FileScheduling, rank
from tests.support.staff_client import StaffClient
from tests.support.world import build_world
from walkandtalk.lib import london
from walkandtalk.lib.database.restores import forget_last_seen
from walkandtalk.lib.local_cache import local_cache

__all__ = ["django_db_setup"]  # pytest finds it here before pytest-django's own

# `pytest --hypothesis-profile=full`, which `make faults` uses for its promises.
settings.register_profile("full", max_examples=500)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return FileScheduling(config, log)


@pytest.fixture(autouse=True)
def clear_caches():
    """Clear the copies in memory. The cache in the database goes back with each test’s transaction."""
    local_cache.clear()


@pytest.fixture(autouse=True)
def forget_the_database_of_the_test():
    """The ledger in memory outlives the test, whose database goes back to what it was before."""
    yield
    forget_last_seen()


@pytest.fixture
def client():
    return StaffClient()


@pytest.fixture
def welsh(settings, monkeypatch):
    """A second language, as settings would turn it on. Django remembers what it found first, so it looks again."""
    settings.USE_I18N, settings.LANGUAGES = True, [("en-gb", "English"), ("cy", "Cymraeg")]
    monkeypatch.setattr(translation, "_trans", type(translation._trans)())
    return "cy"


@pytest.fixture
def southwark(db):
    return BoroughFactory()


@pytest.fixture
def bcu(southwark):
    return southwark.bcu


@pytest.fixture
def camden(db):
    return people.make_camden()


@pytest.fixture
def inspector(bcu):
    return people.make_inspector(bcu)


@pytest.fixture
def officer(bcu):
    return people.make_officer(bcu)


@pytest.fixture
def second_officer(bcu):
    return people.make_second_officer(bcu)


@pytest.fixture
def team(officer, second_officer):
    return [officer, second_officer]


@pytest.fixture
def as_inspector(client, inspector):
    client.force_login(inspector)
    return client


@pytest.fixture
def stranger(camden):
    """An inspector of another BCU."""
    return people.make_stranger(camden.bcu)


@pytest.fixture
def lead(db):
    return people.make_lead()


@pytest.fixture
def administrator(db):
    return people.make_administrator()


@pytest.fixture
def auditor(db):
    return people.make_auditor()


@pytest.fixture
def control_room(db):
    return people.make_control_room()


@pytest.fixture
def world(inspector, officer, second_officer, stranger, lead, administrator, auditor, control_room):
    """Rows that give every address something to show and something to do."""
    return build_world(
        inspector=inspector,
        officer=officer,
        second_officer=second_officer,
        stranger=stranger,
        lead=lead,
        administrator=administrator,
        auditor=auditor,
        control_room=control_room,
    )


@pytest.fixture
def booking_request(southwark):
    """A request for a walk in Southwark."""
    first = london.today() + datetime.timedelta(days=10)
    return BookingRequest(
        borough_gss=southwark.gss,
        ward_gss="",
        meeting_place="Peckham Rye station",
        map_point=[51.47004, -0.06944],
        preferred_times=(
            RequestedTime(date=first, start=datetime.time(18, 30)),
            RequestedTime(date=first + datetime.timedelta(days=1), start=datetime.time(12)),
        ),
        weekday_evenings=True,
        weekends=False,
        name="Maya O'Brien",
        channel=Channel.FULL,
        email="maya@example.com",
        phone="07700 900123",
        phone_rules=("text",),
        phone_times="after 5pm",
        pin="",
        needs=("step_free",),
        needs_details="I use a stick.",
    )
