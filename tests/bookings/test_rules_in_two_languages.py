"""Rules written both as a PostgreSQL condition and as a Python property give the same result."""

import datetime
from uuid import uuid4

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.models import conditions
from bookings.models.acknowledgements import Acknowledgement
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.response_targets import ResponseTarget
from bookings.models.safeguarding import SafeguardingFlag
from bookings.models.walk_queries import PLACE_OFFER_NOTICE, with_free_place
from bookings.permissions import can_decide, can_share_walk, needs_contact
from bookings.response_targets import is_answer_due
from bookings.statuses import Channel, SafeguardingOutcome, Status
from tests.support.addresses import rolled_back
from tests.support.factories import InspectorFactory
from walks.models.walks import Assignment, Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 8, 18, 30, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
ROWS = 25

# Each moment is at a limit of some rule, or a minute before or after it.
moments = st.sampled_from([0, 1, -1, 29, 30, 31, -59, -60, -61, 1439, 1440, 1441, -3000, 9000]).map(
    lambda number: NOW + number * MINUTE
)
maybe = st.none() | moments
yes_or_no = st.booleans()


def many(**parts):
    return st.lists(st.fixed_dictionaries(parts), min_size=ROWS, max_size=ROWS)


many_bookings = many(
    status=st.sampled_from(Status),
    has_walk=yes_or_no,
    was_cut_short=yes_or_no,
    is_restricted=yes_or_no,
    is_elsewhere=yes_or_no,
    channel=st.sampled_from(Channel),
    walk_needed_at=moments,
    answer_due_at=moments,
    answered_at=maybe,
    change_requested_at=maybe,
    times_passed_at=maybe,
    erased_at=maybe,
    erasure_due_at=maybe,
    acknowledged_at=maybe,
    contacted_at=maybe,
    nobody_came_reported_at=maybe,
    messages_stopped_at=maybe,
    flag=st.sampled_from(["none", "open", "closed"]),
)
many_walks = many(
    status=st.sampled_from(WalkStatus),
    start_at=moments,
    minutes=st.sampled_from([10, 60, 240]),
    is_restricted=yes_or_no,
    is_elsewhere=yes_or_no,
    capacity=st.integers(1, 3),
    one_officer_agreed_at=maybe,
    officers=st.integers(0, 2),
    bookings=st.lists(
        st.fixed_dictionaries({"status": st.sampled_from(Status), "channel": st.sampled_from(Channel)}), max_size=3
    ),
)


def booking_rules():
    """Each rule as the rows that PostgreSQL finds, and as the Python property of a row."""
    rows = Booking.objects
    contact_needed = conditions.NOBODY_CAME_NOT_CONTACTED | conditions.CANCELLATION_UNACKNOWLEDGED
    answer_due = conditions.UNANSWERED & Q(times_passed_at=None, answer_due_at__lte=NOW)
    return {
        "is open": (rows.filter(conditions.STATUS_IS_OPEN), lambda booking: booking.is_open),
        "awaits a decision": (rows.awaiting_decision(), lambda booking: booking.awaits_decision),
        "can be emailed": (rows.emailable(), lambda booking: booking.can_be_emailed),
        "awaits our answer": (rows.filter(conditions.UNANSWERED), lambda booking: booking.is_awaiting_answer),
        "answer is due": (rows.filter(answer_due), lambda booking: is_answer_due(booking, NOW)),
        "change requested": (
            rows.filter(conditions.CHANGE_REQUEST_OPEN),
            lambda booking: booking.has_open_change_request,
        ),
        "all times passed": (rows.filter(conditions.ALL_TIMES_PASSED), lambda booking: booking.have_all_times_passed),
        "cut short": (
            rows.filter(conditions.CUT_SHORT_NOT_CONTACTED),
            lambda booking: booking.cut_short_not_contacted,
        ),
        "nobody came": (
            rows.filter(conditions.NOBODY_CAME_NOT_CONTACTED),
            lambda booking: booking.nobody_came_not_contacted,
        ),
        "cancellation unacknowledged": (
            rows.filter(conditions.CANCELLATION_UNACKNOWLEDGED),
            lambda booking: booking.cancellation_unacknowledged,
        ),
        "contact needed": (rows.filter(conditions.CUT_SHORT_NOT_CONTACTED | contact_needed), needs_contact),
        "attendance needed": (
            rows.filter(conditions.attendance_needed(NOW)),
            lambda booking: conditions.needs_attendance(booking, NOW),
        ),
        "open safeguarding": (
            rows.filter(conditions.OPEN_SAFEGUARDING),
            lambda booking: booking.has_open_safeguarding,
        ),
    }


def with_rows(rows):
    """Run a test with 12 sets of generated rows. All share the fixtures, so the test rolls back what it saves."""
    suppressed = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    profile = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=suppressed)
    return lambda test: profile(given(rows=rows)(test))


@pytest.fixture
def nominated(camden):
    """The inspector of another team who gets restricted bookings."""
    return InspectorFactory(bcu=camden.bcu)


@pytest.fixture
def elsewhere(camden):
    return camden


@with_rows(many_bookings)
def test_conditions_of_bookings_agree_with_the_properties(rows, southwark, elsewhere, nominated, officer):
    with rolled_back():
        save_bookings(rows, southwark, elsewhere, nominated, officer)
        every = list(Booking.objects.select_related("acknowledgement", "safeguarding_flag", "contact"))

        matches = {rule: set(rows) for rule, (rows, _holds) in booking_rules().items()}

        assert matches == {
            rule: {booking for booking in every if holds(booking)} for rule, (_rows, holds) in booking_rules().items()
        }


@with_rows(many_bookings)
def test_bookings_visible_to_an_officer_are_those_she_may_decide_on(
    rows, southwark, elsewhere, nominated, inspector, officer, lead
):
    officers = [inspector, nominated, officer, lead, InspectorFactory.build(bcu=southwark.bcu, is_active=False)]
    with rolled_back():
        save_bookings(rows, southwark, elsewhere, nominated, officer)
        every = Booking.objects.select_related("bcu")

        for user in officers:
            assert set(Booking.objects.visible_to(user)) == {booking for booking in every if can_decide(user, booking)}


@with_rows(many_walks)
def test_querysets_of_walks_agree_with_the_properties(rows, southwark, elsewhere, nominated, inspector, team):
    officers = [inspector, nominated, team[0]]
    with rolled_back():
        save_walks(rows, southwark, elsewhere, nominated, team)
        every = list(Walk.objects.select_related("bcu").prefetch_related("assignments__officer", "bookings"))

        for user in officers:
            assert set(Walk.objects.decided_by(user)) == {walk for walk in every if can_change_walk(user, walk)}
        assert set(Walk.objects.past_end(NOW)) == {walk for walk in every if walk.is_live and walk.end_at <= NOW}
        assert set(Walk.objects.short_of_officers(NOW)) == {
            walk for walk in every if walk.is_short and walk.is_live and is_not_over(walk)
        }
        counted = Walk.objects.with_officers_counted()
        assert {walk for walk in counted if walk.lacks > 0} == {walk for walk in every if walk.is_short}
        assert set(with_free_place(Walk.objects.all(), NOW)) == {walk for walk in every if has_free_place(walk)}


def is_not_over(walk):
    return walk.end_at > NOW or walk.officer_with_requester_at is not None


def has_free_place(walk):
    on_it = [booking for booking in walk.bookings.all() if booking.status == Status.SCHEDULED]
    is_coming = walk.status == WalkStatus.SCHEDULED and walk.start_at >= NOW + PLACE_OFFER_NOTICE
    may_join = walk.nominated_inspector_id is None and all(map(can_share_walk, on_it))
    return is_coming and may_join and len(on_it) < walk.capacity


# --- Saving what was generated


def save_bookings(rows, borough, elsewhere, nominated, officer):
    walk = Walk.objects.create(bcu=borough.bcu, start_at=NOW, minutes=60)
    bookings = [
        Booking(
            bcu=(elsewhere if row["is_elsewhere"] else borough).bcu,
            borough=borough,
            nominated_inspector=nominated if row["is_restricted"] else None,
            walk=walk if row["has_walk"] or row["status"] in (Status.SCHEDULED, Status.COMPLETED) else None,
            cut_short_walk=walk if row["was_cut_short"] else None,
            draft_uuid=uuid4(),
            **pick(
                row,
                "status",
                "channel",
                "walk_needed_at",
                "answer_due_at",
                "answered_at",
                "change_requested_at",
                "times_passed_at",
                "erased_at",
            ),
        )
        for row in rows
    ]
    pairs = list(zip(bookings, rows, strict=True))
    Booking.objects.bulk_create(bookings)
    ResponseTarget.objects.bulk_create(ResponseTarget(booking=booking) for booking in bookings)
    Acknowledgement.objects.bulk_create(
        Acknowledgement(booking=booking, **pick(row, "acknowledged_at", "contacted_at", "nobody_came_reported_at"))
        for booking, row in pairs
    )
    BookingContact.objects.bulk_create(
        BookingContact(booking=booking, phone_rules=[], needs=[], messages_stopped_at=row["messages_stopped_at"])
        for booking, row in pairs
    )
    closed = {"closed_at": NOW, "outcome": SafeguardingOutcome.KNOWN}
    SafeguardingFlag.objects.bulk_create(
        SafeguardingFlag(booking=booking, by=officer, **(closed if row["flag"] == "closed" else {}))
        for booking, row in pairs
        if row["flag"] != "none"
    )


def save_walks(rows, borough, elsewhere, nominated, team):
    walks = [
        Walk(
            bcu=(elsewhere if row["is_elsewhere"] else borough).bcu,
            nominated_inspector=nominated if row["is_restricted"] else None,
            **pick(row, "status", "start_at", "minutes", "capacity", "one_officer_agreed_at"),
        )
        for row in rows
    ]
    Walk.objects.bulk_create(walks)
    # Assignments are a day apart, so that walks never overlap. No rule depends on the time of an assignment.
    Assignment.objects.bulk_create(
        Assignment(walk=walk, officer=officer, period=day_of_its_own(number))
        for number, (walk, row) in enumerate(zip(walks, rows, strict=True))
        for officer in team[: row["officers"]]
    )
    Booking.objects.bulk_create(
        Booking(
            bcu=walk.bcu,
            borough=borough,
            walk=walk,
            walk_needed_at=NOW,
            answer_due_at=NOW,
            draft_uuid=uuid4(),
            **on_it,
        )
        for walk, row in zip(walks, rows, strict=True)
        for on_it in row["bookings"]
    )


def day_of_its_own(number):
    start = NOW + datetime.timedelta(days=number)
    return (start, start + MINUTE)


def pick(row, *names):
    return {name: row[name] for name in names}
