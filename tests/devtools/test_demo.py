"""The demo of `make run`: every BCU staffed, and a week that looks real."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Status
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer, without_acting_nominated_inspector
from devtools.demo.loading import load
from feedback.models.concerns import Concern
from partners.models.partners import Partner
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk
from walks.planning.duty_conflicts import find_duty_conflicts
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference_data():
    call_command("load_reference_data", stdout=StringIO(), stderr=StringIO())


def test_whole_demo_staffs_every_bcu_and_fills_a_week(reference_data):
    assert load()

    officers = Count("officers", filter=Q(officers__leads_walks=True, officers__is_active=True))
    staffed = dict(BoroughCommandUnit.objects.annotate(officers_count=officers).values_list("code", "officers_count"))
    statuses = Counter(Booking.objects.values_list("status", flat=True))
    assert staffed.pop("AS") == 25
    assert len(staffed) == 11
    assert all(5 <= count <= 8 for count in staffed.values())
    assert not without_acting_nominated_inspector(BoroughCommandUnit.objects.all())
    assert not Officer.objects.exclude(ward=None).exclude(ward__borough__bcu=F("bcu"))
    assert set(statuses) == {
        *(Status.WAITING, Status.OFFERED, Status.SCHEDULED, Status.COMPLETED, Status.DECLINED),
        *(Status.CANCELLED_BY_US, Status.CANCELLED_BY_REQUESTER),
    }
    assert Concern.objects.count() > 4
    assert RecurringWalk.objects.count() == 2
    assert set(Partner.objects.exclude(inbox="").values_list("name", "inbox")) == {
        ("Southwark Council", "southwark.council@example.com"),
        ("Transport for London", "tfl@example.com"),
    }
    ahead = list(Walk.objects.filter(status=WalkStatus.SCHEDULED, start_at__gt=timezone.now()))
    assert sum(walk.is_short for walk in ahead) == 2
    assert not find_duty_conflicts(ahead)
    assert not load()


def test_small_demo_for_tests_of_the_whole_stack(reference_data):
    assert load(with_week=False)

    assert set(Officer.objects.exclude(bcu=None).values_list("bcu__code", flat=True)) == {"AS", "CN"}
