"""Staff pages take few queries, whoever opens them. Each page's own tests show that more rows take no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boroughs.models.officers import Officer
from feedback.models.improvements import Improvement
from feedback.models.places import ReportedPlace
from feedback.statuses import ACTIVE_STATES
from tests.support.access_table import names_of_staff_pages
from tests.support.addresses import every_address
from tests.support.factories import OfficerFactory
from tests.support.feedback_factories import (
    ConcernFactory,
    ImprovementFactory,
    make_completed_booking,
    make_referral,
)
from tests.support.partners import make_partner

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15
ABOUT_PLACES = ("feedback:", "improvements:", "places:", "referrals:", "staff_map:")
# A session is saved when a minute or more has passed, and that can be between two requests.
NO_QUERY = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", 'UPDATE "django_session"')


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


def test_more_concerns_and_improvements_take_no_more_queries(world):
    client = world.enter("inspector")
    pages = sorted(name for name in names_of_staff_pages() if name.startswith(ABOUT_PLACES))
    before = {name: number_of_queries(world, client, name) for name in pages}

    tell_more()

    assert {name: number_of_queries(world, client, name) for name in pages} == before


def tell_more():
    """Add three concerns to every improvement, and three improvements with a referral and a concern at every place."""
    for improvement in list(Improvement.objects.filter(nominated_inspector=None, state__in=ACTIVE_STATES)):
        add_concerns(improvement, number=3)
    for place in ReportedPlace.objects.all():
        owner = Officer.objects.filter(bcu=place.bcu, role=Officer.Role.INSPECTOR).first()
        for _each in range(3):
            improvement = ImprovementFactory(borough=place.borough, place=place, owner=owner)
            make_referral(improvement, make_partner(name=f"Partner of {improvement.reference}"))
            add_concerns(improvement, number=1, reported_place=place)


def add_concerns(improvement, *, number, **fields):
    shared = {"state": improvement.state, "owner": improvement.owner, "review_date": improvement.review_date}
    for _each in range(number):
        booking = make_completed_booking([OfficerFactory(bcu=improvement.bcu)], borough=improvement.borough)
        ConcernFactory(report__booking=booking, improvement=improvement, **shared, **fields)


def number_of_queries(world, client, name):
    """Count the queries of a page at its second request, when the session is saved and caches are filled."""
    world.ask(client, name, "GET")
    with CaptureQueriesContext(connection) as queries:
        world.ask(client, name, "GET")
    return len([query for query in queries if not query["sql"].startswith(NO_QUERY)])
