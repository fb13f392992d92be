"""One world for each test file. Changes are rolled back after each test."""

import pytest

from tests.support.addresses import rolled_back
from tests.support.world import new_world


@pytest.fixture(scope="module", autouse=True)
def module_world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        yield new_world()


@pytest.fixture
def world(module_world, db):
    return module_world.copy()
