import pytest

from tests.support.open311_server import Open311Server, running
from tests.support.partners import make_open311_partner


@pytest.fixture
def server(settings):
    settings.OPEN311_LOCAL_SERVER = True
    with running(Open311Server()) as server:
        yield server


@pytest.fixture
def partner(db, server):
    return make_open311_partner(server.url)
