"""The people of our tests, and the place where they work."""

import pytest
from django.core.cache import cache
from hypothesis import settings

from tests.support import people
from tests.support.factories import BoroughFactory
from tests.support.scheduling import FileScheduling, rank
from tests.support.world import build_world

# `pytest --hypothesis-profile=full`: a part of what a promise asks for, for `make faults`.
settings.register_profile("full", max_examples=500)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return FileScheduling(config, log)


@pytest.fixture(autouse=True)
def clear_caches():
    """What one test kept in memory, the next must not find."""
    cache.clear()


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
def world(inspector, officer, second_officer, stranger, lead, administrator):
    """Something to see and to do behind every address."""
    return build_world(
        inspector=inspector,
        officer=officer,
        second_officer=second_officer,
        stranger=stranger,
        lead=lead,
        administrator=administrator,
    )
