"""The OpenAPI description is valid and complete, and schemathesis finds no answer that differs from it."""

import pytest
import schemathesis
from django.core.signals import request_started
from django.db import close_old_connections
from hypothesis import settings

from figures.open_data.columns import COLUMNS
from figures.open_data.openapi_description import openapi
from figures.open_data.urls import urlpatterns
from tests.support.addresses import rolled_back
from tests.support.factories import BoroughFactory
from tests.support.published import make_published_improvement, make_snapshot_of
from walkandtalk.wsgi import application

DATA = "/what-women-told-us/data/"
schema = schemathesis.openapi.from_dict(openapi())


@pytest.fixture(scope="module")
def published(django_db_setup, django_db_blocker):
    """Something in every file. The application is asked as a web server asks it, so it would close the connection."""
    with django_db_blocker.unblock(), rolled_back():
        borough = BoroughFactory()
        make_snapshot_of("2026-Q3", [borough.bcu.code], LONDON="requests")
        make_published_improvement(borough)
        request_started.disconnect(close_old_connections)
        yield
        request_started.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=10, derandomize=True, database=None, deadline=None)
def test_every_answer_is_as_described(case, published):
    case.call_and_validate(app=application, headers={"Accept-Encoding": "identity"})  # it would not unpack the answer


def test_description_is_valid_openapi_3_1():
    schema.validate()

    assert schema.raw_schema["openapi"] == "3.1.0"


def test_description_that_is_served_has_every_address_and_column(client, db):
    served = client.get(f"{DATA}openapi.json").json()

    components = served["components"]["schemas"]
    described = [name for part in ("Quarter", "Area", "Figures") for name in components[part]["properties"]]
    assert served == openapi()
    assert list(served["paths"]) == [
        f"{DATA}{pattern.pattern}".replace("<str:", "{").replace(">", "}") for pattern in urlpatterns
    ]
    assert {column.name for column in COLUMNS} == set(described) - {"areas", "figures"}
