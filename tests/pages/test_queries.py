"""Staff pages take few queries, whoever opens them. Each page's own tests show that more rows take no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.addresses import every_address

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15
NO_QUERY = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@pytest.mark.parametrize("who", ["on_it", "inspector", "lead", "administrator", "auditor"])
def test_staff_pages_take_few_queries(who, world):
    client = world.enter(who)

    counted = {
        address.name: number_of_queries(world, client, address.name)
        for address in every_address()
        if address.is_for_staff
    }

    assert {name: number for name, number in counted.items() if number > MOST_QUERIES} == {}
    assert max(counted.values()) > 5


def number_of_queries(world, client, name):
    """Count the queries of a page at its second request, when the session is saved and caches are filled."""
    world.ask(client, name, "GET")
    with CaptureQueriesContext(connection) as queries:
        world.ask(client, name, "GET")
    return len([query for query in queries if not query["sql"].startswith(NO_QUERY)])
