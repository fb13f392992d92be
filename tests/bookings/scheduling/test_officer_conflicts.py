"""Any two actions on the same officers at once: schedule, cancel, move, swap, and an officer leaving."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.on_the_day import officer_withdrawal
from bookings.statuses import Status
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory, InspectorFactory, OfficerFactory, WalkFactory, in_days
from tests.support.form_data import plan_data
from walks.models.walks import Assignment, Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db(transaction=True)


class Scene:
    """A walk with two officers and one requester, another requester who waits, and an officer to swap in."""

    def __init__(self, borough):
        self.bcu = borough.bcu
        self.first, self.second, self.third = [OfficerFactory(bcu=self.bcu) for _each in range(3)]
        self.walk = WalkFactory(
            bcu=self.bcu, officers=[self.first, self.second], start_at=in_days(10, hour=19, minute=0)
        )
        no_needs = {"borough": borough, "contact__needs": [], "contact__needs_details": ""}
        self.hers = BookingFactory(
            status=Status.SCHEDULED, walk=self.walk, walk_needed_at=self.walk.start_at, **no_needs
        )
        self.waiting = BookingFactory(**no_needs)

    def _post(self, name, row, data):
        client = Client()
        client.force_login(InspectorFactory(bcu=self.bcu))
        return lambda: client.post(reverse(name, args=[row.pk]), data).status_code

    def _plan(self, *officers, days=10, row):
        return {**plan_data(officers, days=days), "version": row.version}

    def approve(self):
        """Schedule the waiting requester with the same officers at the same time, named in the other order."""
        return self._post("scheduling:schedule", self.waiting, self._plan(self.second, self.first, row=self.waiting))

    def cancel(self):
        data = {"reason": "illness", "words": "We are sorry.", "version": self.hers.version}
        return self._post("scheduling:cancel", self.hers, data)

    def move(self):
        return self._post(
            "scheduling:change_walk", self.walk, self._plan(self.first, self.second, days=11, row=self.walk)
        )

    def swap(self):
        return self._post("scheduling:change_walk", self.walk, self._plan(self.third, self.second, row=self.walk))

    def officer_gone(self):
        def press():
            Officer.objects.filter(pk=self.first.pk).update(is_active=False)
            officer_withdrawal.withdraw_officer(Officer.objects.get(pk=self.first.pk), by=self.second)
            return DONE

        return press


ACTS = ["approve", "cancel", "move", "swap", "officer_gone"]
# Two that schedule are in test_double_booking.py: here both would find the officers on the existing walk.
PAIRS = [pair for pair in itertools.combinations_with_replacement(ACTS, 2) if pair != ("approve", "approve")]
DONE, OVERTAKEN, NOT_ON_THE_LIST = 302, 409, 422


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_actions_at_once_leave_a_consistent_state(one, other, southwark):
    scene = Scene(southwark)

    statuses = run_concurrently(getattr(scene, one)(), getattr(scene, other)())

    assert set(statuses) <= {DONE, OVERTAKEN, NOT_ON_THE_LIST}
    assert DONE in statuses
    live = Assignment.objects.filter(is_live=True).select_related("walk__bcu", "officer")
    assert all(each.walk.status == WalkStatus.SCHEDULED for each in live)
    assert all(each.period == each.walk.period() for each in live)
    for a, b in itertools.combinations(live, 2):
        assert a.officer_id != b.officer_id or a.period.upper <= b.period.lower or b.period.upper <= a.period.lower
    women = Booking.objects.filter(status=Status.SCHEDULED)
    assert {booking.walk_id for booking in women} == set(
        Walk.objects.filter(status=WalkStatus.SCHEDULED).values_list("pk", flat=True)
    )
    given = women.exclude(pk=scene.hers.pk)
    assert Message.objects.filter(kind="scheduled").count() == given.count()
