"""Count the database queries of a page."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(client, address, asked=None):
    """Count the queries of a page at its second request, when the session is saved and caches are filled."""
    client.get(address, asked)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, asked).status_code == 200
    return len(queries)
