"""The people of our tests, and the place where they work."""

import pytest
from django.core.cache import cache
from hypothesis import settings

from boroughs.models import Officer, Rank
from tests.support.factories import BCUFactory, BoroughFactory, InspectorFactory, OfficerFactory
from tests.support.world import build_world

# `pytest --hypothesis-profile=full`: a part of what a promise asks for, for `make faults`.
settings.register_profile("full", max_examples=500)


def pytest_collection_modifyitems(items):
    """A file of tests before the whole stack stays in one process, and each process starts one stack for its files."""
    for item in items:
        if item.get_closest_marker("stack") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(autouse=True)
def nothing_kept():
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
    return BoroughFactory(
        gss="E09000007", slug="camden", name="Camden", bcu=BCUFactory(code="CN", name="Central North")
    )


@pytest.fixture
def inspector(bcu):
    return InspectorFactory(bcu=bcu, name="Ines Inspector")


@pytest.fixture
def officer(bcu):
    return OfficerFactory(bcu=bcu, name="Olive Officer", shoulder_number="11AS")


@pytest.fixture
def second_officer(bcu):
    return OfficerFactory(bcu=bcu, name="Petra Partner", shoulder_number="12AS")


@pytest.fixture
def team(officer, second_officer):
    return [officer, second_officer]


@pytest.fixture
def as_inspector(client, inspector):
    client.force_login(inspector)
    return client


@pytest.fixture
def stranger(camden):
    """An inspector, as the inspector is, of another BCU."""
    return InspectorFactory(bcu=camden.bcu, name="Stella Stranger")


@pytest.fixture
def lead(db):
    return OfficerFactory(
        bcu=None,
        role=Officer.Role.LEAD,
        rank=Rank.SUPERINTENDENT,
        shoulder_number="",
        leads_walks=False,
        name="Lea Lead",
    )


@pytest.fixture
def administrator(db):
    return OfficerFactory(
        bcu=None, role=Officer.Role.ADMINISTRATOR, shoulder_number="", leads_walks=False, name="Anna Administrator"
    )


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
