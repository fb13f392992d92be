"""How often a page asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(client, address, asked=None):
    """How many queries a page takes that was shown before: her session is written, what memory keeps is there."""
    client.get(address, asked)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, asked).status_code == 200
    return len(queries)
