"""One world for each file of tests: what a test changes is taken back when it ends."""

import pytest

from tests.support.addresses import rolled_back
from tests.support.world import new_world


@pytest.fixture(scope="module", autouse=True)
def world_of_the_file(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        yield new_world()


@pytest.fixture
def world(world_of_the_file, db):
    return world_of_the_file.copy()
