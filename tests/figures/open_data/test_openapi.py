"""The OpenAPI description is valid and complete, and schemathesis finds nothing that differs from it."""

import pytest
import schemathesis
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import settings

from tests.support.addresses import rolled_back
from tests.support.factories import BoroughFactory
from tests.support.published import make_published_improvement, make_snapshot_of
from walkandtalk.wsgi import application

ADDRESS = "/what-women-told-us/data/openapi.json"
QUARTER = "2026-Q3"


@pytest.fixture(scope="module")
def description(django_db_setup, django_db_blocker):
    """Rows for every file, and the description, with the application behind it as a web server sees it."""
    with django_db_blocker.unblock(), rolled_back():
        borough = BoroughFactory()
        make_snapshot_of(QUARTER, [borough.bcu.code], LONDON="requests")
        make_published_improvement(borough)
        request_started.disconnect(close_old_connections)  # as Django's own test client does: the test shares one
        yield schemathesis.openapi.from_dict(Client().get(ADDRESS).json())
        request_started.connect(close_old_connections)


schema = schemathesis.pytest.from_fixture("description")


@schema.parametrize()
@settings(max_examples=10, derandomize=True, database=None, deadline=None)
def test_every_answer_is_as_described(case):
    case.call_and_validate(app=application)
