"""Two concurrent actions on the same officers: scheduling, cancelling, moving, swapping and withdrawing."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.on_the_day import officer_withdrawal
from bookings.read_log import record_reason
from bookings.statuses import ReadReason, Status
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory, InspectorFactory, OfficerFactory, WalkFactory, in_days
from tests.support.form_data import plan_data
from walks.models.walks import Assignment, Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db(transaction=True)


class Scene:
    """A walk with two officers and one booking, a waiting booking, and a replacement officer."""

    def __init__(self, borough):
        self.bcu = borough.bcu
        self.first, self.second, self.third = [OfficerFactory(bcu=self.bcu) for _each in range(3)]
        self.walk = WalkFactory(
            bcu=self.bcu, officers=[self.first, self.second], start_at=in_days(10, hour=19, minute=0)
        )
        no_needs = {"borough": borough, "contact__needs": [], "contact__needs_details": ""}
        self.scheduled = BookingFactory(
            status=Status.SCHEDULED, walk=self.walk, walk_needed_at=self.walk.start_at, **no_needs
        )
        self.waiting = BookingFactory(**no_needs)

    def _post(self, name, row, data):
        client, inspector = Client(), InspectorFactory(bcu=self.bcu)
        client.force_login(inspector)
        record_reason([self.scheduled.pk, self.waiting.pk], ReadReason.COVER, by=inspector)
        return lambda: client.post(reverse(name, args=[row.pk]), data).status_code

    def _plan(self, *officers, days=10, row):
        return {**plan_data(officers, days=days), "version": row.version}

    def approve(self):
        """Schedule the waiting booking with the same officers at the same time, in reverse order."""
        return self._post("scheduling:schedule", self.waiting, self._plan(self.second, self.first, row=self.waiting))

    def cancel(self):
        data = {"reason": "illness", "words": "We are sorry.", "version": self.scheduled.version}
        return self._post("scheduling:cancel", self.scheduled, data)

    def move(self):
        return self._post(
            "scheduling:change_walk", self.walk, self._plan(self.first, self.second, days=11, row=self.walk)
        )

    def swap(self):
        return self._post("scheduling:change_walk", self.walk, self._plan(self.third, self.second, row=self.walk))

    def withdraw_officer(self):
        def press():
            Officer.objects.filter(pk=self.first.pk).update(is_active=False)
            officer_withdrawal.withdraw_officer(Officer.objects.get(pk=self.first.pk), by=self.second)
            return DONE

        return press


ACTIONS = ["approve", "cancel", "move", "swap", "withdraw_officer"]
# test_double_booking.py tests two concurrent scheduling actions. Here both would find the officers on the walk.
PAIRS = [pair for pair in itertools.combinations_with_replacement(ACTIONS, 2) if pair != ("approve", "approve")]
DONE, CONFLICT, INVALID = 302, 409, 422


@pytest.mark.parametrize(("first_action", "second_action"), PAIRS)
def test_two_concurrent_actions_leave_a_consistent_state(first_action, second_action, southwark):
    scene = Scene(southwark)

    statuses = run_concurrently(getattr(scene, first_action)(), getattr(scene, second_action)())

    assert set(statuses) <= {DONE, CONFLICT, INVALID}
    assert DONE in statuses
    live = Assignment.objects.filter(is_live=True).select_related("walk__bcu", "officer")
    assert all(assignment.walk.status == WalkStatus.SCHEDULED for assignment in live)
    assert all(assignment.period == assignment.walk.period() for assignment in live)
    for a, b in itertools.combinations(live, 2):
        assert a.officer_id != b.officer_id or a.period.upper <= b.period.lower or b.period.upper <= a.period.lower
    bookings = Booking.objects.filter(status=Status.SCHEDULED)
    assert {booking.walk_id for booking in bookings} == set(
        Walk.objects.filter(status=WalkStatus.SCHEDULED).values_list("pk", flat=True)
    )
    newly_scheduled = bookings.exclude(pk=scene.scheduled.pk)
    assert Message.objects.filter(kind="scheduled").count() == newly_scheduled.count()
