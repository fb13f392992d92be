"""Random actions on bookings, walks and officers end in the state that a model in plain Python predicts.

A small run. `make faults RUNS=moves` takes 2,000 times 50 steps, in four parts.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk, withdraw_officer
from bookings.scheduling.cancellation.actions import Cancellation, cancel_booking_by_requester, cancel_booking_by_us
from bookings.scheduling.changes.actions import WalkChange, change_walk
from bookings.scheduling.offers.actions import OfferedTime, accept_offer, decline_offers, offer_times
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.statuses import CancelReason, DeclineAlternative, DeclineReason
from bookings.triage.decline.actions import Decline, decline_booking
from bookings.triage.handover.actions import Handover, hand_over_booking
from outbox.models import Message
from tests.support.factories import (
    BCUFactory,
    BookingFactory,
    BoroughFactory,
    InspectorFactory,
    OfficerFactory,
    in_days,
)
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Assignment, Walk
from walks.planning.plans import WalkDetails

LENGTH, GAP = 60, 30
LEAST = 2
ROUNDS = 3

any_booking = st.integers(0, 9)
# Indexes into the BCU's team. The last pair includes an officer of another BCU, and the entry before has too few.
any_officers = st.sampled_from([(0, 1), (1, 2), (2, 0), (0, 1, 2), (0,), (0, 3)])
any_start = st.sampled_from([0, 60, 89, 90, 180])  # minutes after 6:30pm, ten days from now

FROM = {
    "scheduled": {"waiting", "offered"},
    "declined": {"waiting", "offered"},
    "offered": {"waiting"},
    "cancelled_by_requester": {"waiting", "offered", "scheduled"},
    "cancelled_by_us": {"scheduled"},
}
"""The statuses from which each status can be reached, by the rules below."""

CAREFUL = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
SMALL = settings(CAREFUL, max_examples=12, stateful_step_count=15, derandomize=True)
FULL = settings(CAREFUL, max_examples=500, stateful_step_count=50)


@dataclass
class ModelWalk:
    start: int
    officers: set
    is_live: bool = True
    key: object = None


@dataclass
class ModelBooking:
    bcu: str
    status: str = "waiting"
    walk: ModelWalk | None = None
    rounds: int = 0
    key: object = None


class Walks(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        boroughs = [BoroughFactory(), BoroughFactory(gss="E09000007", slug="camden", name="Camden", bcu=_camden())]
        self.boroughs = {borough.bcu.code: borough for borough in boroughs}
        self.inspectors = {code: InspectorFactory(bcu=each.bcu) for code, each in self.boroughs.items()}
        codes = ["AS"] * 3 + ["CN"] * 4
        self.officers = [OfficerFactory(bcu=self.boroughs[code].bcu) for code in codes]
        self.codes, self.leads = codes, [True] * len(codes)
        self.bookings, self.walks = [], []
        for code in ("AS", "AS", "CN"):
            self.ask(code)
        self.schedule(0, (0, 1), start=0)
        self.schedule(2, (1, 2), start=0)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # Actions.

    @rule(code=st.sampled_from(["AS", "CN"]))
    def ask(self, code):
        row = BookingFactory(borough=self.boroughs[code], contact__needs=[], contact__needs_details="")
        self.bookings.append(ModelBooking(bcu=code, key=row.pk))

    @precondition(lambda self: self.bookings)
    @rule(which=any_booking, officers=any_officers, start=any_start)
    def schedule(self, which, officers, start):
        booking = self.bookings[which % len(self.bookings)]
        row, by = self._row(booking), self.inspectors[booking.bcu]
        officers = self._team(booking.bcu, officers)
        is_allowed = booking.status in FROM["scheduled"] and self._may_walk(officers, start, booking.bcu)
        decision = Schedule(plan=_plan(start), officers=self._of(officers))
        walk = self._press(is_allowed, schedule_booking, row, decision, by=by, version=row.version)
        if is_allowed:
            booking.status, booking.walk = "scheduled", ModelWalk(start, set(officers), key=walk.pk)
            self.walks.append(booking.walk)

    @precondition(lambda self: self.walks)
    @rule(which=any_booking, start=any_start)
    def move(self, which, start):
        walk = self.walks[which % len(self.walks)]
        self._change(walk, walk.officers, start)

    @precondition(lambda self: self.walks)
    @rule(which=any_booking, officers=any_officers)
    def swap(self, which, officers):
        walk = self.walks[which % len(self.walks)]
        self._change(walk, set(self._team(self._booking_of(walk).bcu, officers)), walk.start)

    @precondition(lambda self: self.bookings)
    @rule(which=any_booking)
    def cancel_by_her(self, which):
        booking = self.bookings[which % len(self.bookings)]
        is_allowed = booking.status in FROM["cancelled_by_requester"]
        self._press(is_allowed, cancel_booking_by_requester, self._row(booking))
        self._end(booking, "cancelled_by_requester", is_allowed)

    @precondition(lambda self: self.bookings)
    @rule(which=any_booking)
    def cancel_by_us(self, which):
        booking = self.bookings[which % len(self.bookings)]
        is_allowed = booking.status in FROM["cancelled_by_us"]
        self._decide(booking, is_allowed, cancel_booking_by_us, Cancellation(reason=CancelReason.values[0]))
        self._end(booking, "cancelled_by_us", is_allowed)

    @precondition(lambda self: self.bookings)
    @rule(which=any_booking)
    def decline(self, which):
        booking = self.bookings[which % len(self.bookings)]
        is_allowed = booking.status in FROM["declined"]
        no = Decline(reason=DeclineReason.values[0], alternatives=(DeclineAlternative.values[0],))
        self._decide(booking, is_allowed, decline_booking, no)
        self._end(booking, "declined", is_allowed)

    @precondition(lambda self: self.bookings)
    @rule(which=any_booking, to=st.sampled_from(["AS", "CN"]))
    def hand_over(self, which, to):
        booking = self.bookings[which % len(self.bookings)]
        is_allowed = booking.status == "waiting" and booking.bcu != to
        self._decide(booking, is_allowed, hand_over_booking, Handover(to=self.boroughs[to].bcu, note=""))
        if is_allowed:
            booking.bcu = to

    @precondition(lambda self: self.bookings)
    @rule(which=any_booking, start=any_start)
    def offer(self, which, start):
        booking = self.bookings[which % len(self.bookings)]
        is_allowed = booking.status in FROM["offered"] and booking.rounds < ROUNDS
        time = OfferedTime(start_at=_at(start), place="Peckham Rye")
        self._decide(booking, is_allowed, offer_times, times=[time])
        if is_allowed:
            booking.status, booking.rounds = "offered", booking.rounds + 1

    @precondition(lambda self: any(booking.rounds for booking in self.bookings))
    @rule(which=any_booking, says_yes=st.booleans())
    def answer(self, which, says_yes):
        offered = [booking for booking in self.bookings if booking.rounds]
        booking = offered[which % len(offered)]
        row = self._row(booking)
        last = row.offers.order_by("round").last()
        is_allowed = booking.status == "offered"
        self._press(is_allowed, accept_offer if says_yes else decline_offers, row, offer=last.pk)
        if is_allowed:
            booking.status = "waiting"

    @precondition(lambda self: all(self.leads))
    @rule(which=st.integers(0, 6))
    def deactivate(self, which):
        officer = self.officers[which]
        officer.is_active = self.leads[which] = False
        officer.save(update_fields=["is_active"])
        on = self._walks_of(which)
        self._press(True, withdraw_officer, officer, by=self.inspectors[self.codes[which]], is_heard=bool(on))
        self._take_off(which, on)

    @precondition(lambda self: not all(self.leads))
    @rule()
    def come_back(self):
        which = self.leads.index(False)
        officer = self.officers[which]
        officer.is_active = self.leads[which] = True
        officer.save(update_fields=["is_active"])

    @precondition(lambda self: any(walk.is_live and walk.officers for walk in self.walks))
    @rule(which=any_booking)
    def cannot_make_it(self, which):
        live_walks = [walk for walk in self.walks if walk.is_live and walk.officers]
        walk = live_walks[which % len(live_walks)]
        officer = min(walk.officers)
        self._press(True, withdraw_from_walk, Walk.objects.get(pk=walk.key), by=self.officers[officer])
        self._take_off(officer, [walk])

    # Checks after each action.

    @invariant()
    def everything_stands_as_the_model_says(self):
        statuses = dict(Booking.objects.values_list("pk", "status"))
        assert statuses == {booking.key: booking.status for booking in self.bookings}
        teams = dict(Booking.objects.values_list("pk", "bcu__code"))
        assert teams == {booking.key: booking.bcu for booking in self.bookings}
        live = set(Assignment.objects.filter(is_live=True).values_list("walk", "officer"))
        expected = {
            (walk.key, self.officers[officer].pk) for walk in self.walks if walk.is_live for officer in walk.officers
        }
        assert live == expected
        walks = dict(Walk.objects.values_list("pk", "status"))
        assert walks == {walk.key: "scheduled" if walk.is_live else "cancelled" for walk in self.walks}

    @invariant()
    def nobody_is_on_two_walks_at_once(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM walks_assignment a JOIN walks_assignment b ON a.officer_id = b.officer_id"
                " AND a.id < b.id AND a.period && b.period AND a.is_live AND b.is_live"
            )
            assert cursor.fetchone() == (0,)

    @invariant()
    def each_copy_of_a_period_is_that_of_its_walk(self):
        for assignment in Assignment.objects.filter(is_live=True).select_related("walk__bcu"):
            assert assignment.period == assignment.walk.period()

    # Parts of the rules.

    def _row(self, booking):
        return Booking.objects.select_related("bcu", "nominated_inspector__bcu").get(pk=booking.key)

    def _of(self, officers):
        return [self.officers[officer] for officer in officers]

    def _decide(self, booking, may, action, *decision, **words):
        row = self._row(booking)
        return self._press(may, action, row, *decision, by=self.inspectors[booking.bcu], version=row.version, **words)

    def _press(self, may, action, *args, is_heard=True, **words):
        """Run the action.

        If allowed, it writes an event and a message; if not, it refuses in a sentence and writes nothing.
        """
        previous_counts = Event.objects.count(), Message.objects.count()
        try:
            with transaction.atomic():
                answer, refused = action(*args, **words), ""
        except ActionError as error:
            answer, refused = None, str(error)
        written = [
            now - then
            for now, then in zip((Event.objects.count(), Message.objects.count()), previous_counts, strict=True)
        ]
        assert may == (not refused), (action, refused)
        assert not refused or refused.endswith(".")
        assert all(written) if may and is_heard else not any(written), (action, written)
        return answer

    def _change(self, walk, officers, start):
        booking = self._booking_of(walk)
        is_allowed = walk.is_live and self._may_walk(officers, start, booking.bcu, except_walk=walk)
        row, by = Walk.objects.get(pk=walk.key), self.inspectors[booking.bcu]
        decision = WalkChange(plan=_plan(start), officers=self._of(officers))
        changes = (walk.start, walk.officers) != (start, officers)
        self._press(is_allowed, change_walk, row, decision, by=by, version=row.version, is_heard=changes)
        if is_allowed:
            walk.start, walk.officers = start, officers

    def _booking_of(self, walk):
        return next(booking for booking in self.bookings if booking.walk is walk)

    def _team(self, code, numbers):
        """Return officers of that BCU by index. The index after the last means an officer of the other BCU."""
        team = [officer for officer, of in enumerate(self.codes) if of == code][:3]
        return [[*team, 6 if code == "AS" else 0][number] for number in numbers]

    def _may_walk(self, officers, start, code, except_walk=None):
        others = [walk for walk in self.walks if walk.is_live and walk is not except_walk]
        is_free = not any(
            abs(walk.start - start) < LENGTH + GAP and not walk.officers.isdisjoint(officers) for walk in others
        )
        may_lead = all(self.leads[officer] and self.codes[officer] == code for officer in officers)
        return len(officers) >= LEAST and may_lead and is_free

    def _walks_of(self, officer):
        return [walk for walk in self.walks if walk.is_live and officer in walk.officers]

    def _take_off(self, officer, walks):
        for walk in walks:
            walk.officers = walk.officers - {officer}

    def _end(self, booking, status, may):
        if may:
            booking.status = status
            if booking.walk:
                booking.walk.is_live = False


def _camden():
    return BCUFactory(code="CN", name="Central North")


def _at(start):
    return in_days(10) + timedelta(minutes=start)


def _plan(start):
    return WalkDetails(
        start_at=_at(start),
        minutes=LENGTH,
        meeting_place="Peckham Rye station",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
    )


@pytest.mark.django_db
def test_actions_in_any_order_end_as_the_model_predicts(request):
    is_full = request.config.getoption("--hypothesis-profile") == "full"
    run_state_machine_as_test(Walks, settings=FULL if is_full else SMALL)
