"""Figures are counted on a streaming standby, if it is up and current, and otherwise on the primary."""

import pytest

from tests.support.production import Production
from tests.support.standby import Standby

pytestmark = pytest.mark.stack

ADD_BOOKING = """
from boroughs.models.bcus import BoroughCommandUnit
from outbox.health import record_heartbeat
from tests.support.factories import BookingFactory
bcu = BoroughCommandUnit.objects.get(code="AS")
BookingFactory(borough=bcu.boroughs.first(), bcu=bcu)
record_heartbeat("loop")
"""
ADD_ANOTHER = """
from uuid import uuid4
from bookings.models.bookings import Booking
booking = Booking.objects.get()
booking.pk, booking.draft_uuid, booking.reference = uuid4(), uuid4(), booking.reference[::-1]
booking.save(force_insert=True)
"""
COUNT = """
import datetime
from django.utils import timezone
from figures import replica
from figures.models.tallies import StoredTally
from figures.tallies.jobs import count_figures
replica.MOST_LAG = datetime.timedelta(seconds={most_lag})
count_figures(timezone.now())
print(StoredTally.objects.get(period="28", bcu=None).requested)
"""
WRITE = """
from django.db import InternalError
from bookings.models.bookings import Booking
try:
    Booking.objects.using("replica").update(version=7)
except InternalError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def production():
    with Production() as production:
        production.load_reference_data()
        yield production


@pytest.fixture(scope="module")
def standby(production):
    """A standby that has one booking, and falls behind before the second."""
    standby = Standby(production)
    standby.start()
    run(production, ADD_BOOKING)
    standby.catch_up()
    standby.pause()
    run(production, ADD_ANOTHER)
    production.variables = {"DATABASE_REPLICA_URL": standby.url()}
    return standby


def run(production, code):
    return production.manage("shell", "--verbosity=0", "--command", code).strip()


def test_figures_are_counted_on_the_replica(production, standby):
    assert run(production, COUNT.format(most_lag=3600)) == "1"


def test_figures_are_counted_on_the_primary_while_the_replica_is_late(production, standby):
    assert run(production, COUNT.format(most_lag=0)) == "2"


def test_nothing_can_be_written_to_the_replica(production, standby):
    assert "read-only transaction" in run(production, WRITE)


def test_figures_are_counted_on_the_primary_while_the_replica_is_down(production, standby):
    standby.stop()

    assert run(production, COUNT.format(most_lag=3600)) == "2"
