"""A quarter is counted once it may be, published through the rule, and never changed."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.models.bookings import Booking
from bookings.statuses import Status
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent
from feedback.statuses import State
from figures.models.snapshots import Snapshot
from figures.periods import Quarter
from figures.snapshots import jobs
from figures.snapshots.actions import make_snapshot
from figures.snapshots.counting import count_period
from tests.support.factories import BookingFactory, WalkFactory
from tests.support.feedback_factories import ConcernFactory, make_completed_booking
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

SUMMER = Quarter(datetime.date(2026, 7, 1))
AUGUST = london.to_instant(datetime.date(2026, 8, 10), datetime.time(18))
PUBLIC = london.to_instant(datetime.date(2026, 10, 29), datetime.time(9))
DAY = datetime.timedelta(days=1)


def walk_with(officer, number, *, asked_days_before=12, start_at=AUGUST):
    """Make a completed walk of another woman, which she asked for so many days before."""
    start_at += number * datetime.timedelta(hours=2)
    booking = make_completed_booking([officer], start_at=start_at, contact__email=f"woman{number}@example.com")
    Booking.objects.filter(pk=booking.pk).update(asked_at=start_at - asked_days_before * DAY)
    return booking


@pytest.fixture
def walks(officer):
    """Twelve walks of as many women of Southwark, in August, each twelve days after her request."""
    return [walk_with(officer, number) for number in range(12)]


def tell(booking, *, days_after=1, kind="lighting", **fields):
    at = booking.walk.start_at + days_after * DAY
    return ConcernFactory(report__booking=booking, report__reported_at=at, kind=kind, **fields)


def counted(figure, area="LONDON"):
    count = count_period(SUMMER.period)[area, figure]
    return count.number, count.women, count.walks


@pytest.mark.parametrize(
    ("day", "quarter"), [((2026, 1, 1), "2026-Q1"), ((2026, 9, 30), "2026-Q3"), ((2026, 12, 31), "2026-Q4")]
)
def test_quarters_have_codes_and_follow_each_other(day, quarter):
    found = Quarter.of(datetime.date(*day))

    assert (found.code, Quarter.parse(quarter)) == (quarter, found)
    assert found.next.first_day == found.last_day + DAY


def test_code_that_is_no_quarter_is_none():
    assert [Quarter.parse(code) for code in ("2026-Q5", "2026", "0000-Q1", "2026-Q1x")] == [None] * 4


def test_bookings_of_a_quarter(walks, officer, southwark):
    walk_with(officer, 40, start_at=AUGUST - 60 * DAY)  # in June
    shared = BookingFactory(borough=southwark, walk=walks[0].walk, status=Status.COMPLETED, asked_at=AUGUST)
    cancelled = WalkFactory(bcu=southwark.bcu, start_at=AUGUST)
    BookingFactory(borough=southwark, walk=cancelled, status=Status.CANCELLED_BY_US, asked_at=AUGUST)
    for fields in (
        {"status": Status.NOT_MINE},
        {"confirmed_at": None},
        {"confirmed_at": None, "status": Status.EXPIRED},
    ):
        BookingFactory(borough=southwark, asked_at=AUGUST, **fields)

    count = count_period(SUMMER.period)["AS", "median_days_to_walk"]

    assert shared.pk
    assert (count.number, count.days) == (13, 12)
    assert (counted("walks_held")[::2], counted("walks_cancelled_by_us")[::2]) == ((12, 12), (1, 1))
    requests = count_period(SUMMER.period)["LONDON", "requests"]
    assert (requests.number, requests.shown) == (13, 14)  # one of fourteen led to no walk


def test_requests_that_lead_to_no_walk_lift_nothing_over_the_limit(southwark, officer):
    for number in range(4):
        walk_with(officer, number)
    for number in range(40):
        BookingFactory(borough=southwark, asked_at=AUGUST, contact__email=f"fake{number}@example.com")

    assert make_snapshot(SUMMER, now=PUBLIC).number("LONDON", "requests") is None


def test_woman_without_an_address_is_nobody(walks):
    for booking in walks:
        tell(booking, report__has_address=False)

    assert counted("concerns") == (12, 0, 12)


def test_one_woman_who_walks_often_is_one_woman(officer):
    for number in range(12):
        booking = walk_with(officer, number)
        booking.contact.email_hmac = "hers"
        booking.contact.save()

    assert counted("walks_held") == (12, 1, 12)


def test_concerns_by_group_and_what_became_of_them(walks):
    told = [tell(booking) for booking in walks[:6]] + [tell(walks[0], kind="followed")]
    answers = [State.RESOLVED, State.RESOLVED, State.PARTLY_RESOLVED, State.NO_ACTION]
    for concern, state in zip(told, answers, strict=False):
        at = concern.reported_at + 4 * DAY
        ConcernEvent.objects.record(concern, from_state=State.REPORTED, to_state=State.ACCEPTED, at=at)
        ConcernEvent.objects.record(concern, from_state=State.ACCEPTED, to_state=state, at=at + DAY)

    days = count_period(SUMMER.period)["LONDON", "median_days_to_answer"]

    assert (counted("concerns"), counted("concerns_place")) == ((7, 7, 6), (6, 6, 6))
    assert [counted(f"concerns_{name}")[0] for name in ("people", "done", "partly_done", "not_done")] == [1, 2, 1, 1]
    assert (days.number, days.days) == (4, 4)


def test_last_outcome_of_the_quarter_counts(walks):
    concern = tell(walks[0])
    steps = [(State.REPORTED, State.RESOLVED), (State.RESOLVED, State.ACCEPTED), (State.ACCEPTED, State.NO_ACTION)]
    for days, (before, after) in enumerate(steps, start=1):
        at = concern.reported_at + days * DAY
        ConcernEvent.objects.record(concern, from_state=before, to_state=after, at=at)

    assert (counted("concerns_done")[0], counted("concerns_not_done")[0]) == (0, 1)


def test_concerns_without_a_walk_are_apart_and_never_help_to_reach_a_threshold(walks, southwark):
    tell(walks[0])
    for _ in range(20):
        ConcernFactory(report__booking=BookingFactory(borough=southwark), reported_at=AUGUST, state=State.RESOLVED)
    ConcernFactory(report__booking=BookingFactory(borough=southwark), reported_at=AUGUST)  # nobody has looked at it

    snapshot = make_snapshot(SUMMER, now=PUBLIC)

    assert counted("concerns") == (1, 1, 1)
    assert counted("concerns_without_walk") == (20, 1, 1)
    assert snapshot.number("LONDON", "concerns_without_walk") is None
    assert ("AS", "concerns_without_walk") not in count_period(SUMMER.period)


@pytest.mark.parametrize("state", [State.DIVERTED, State.WITHDRAWN])
def test_diverted_and_withdrawn_concerns_are_in_no_figure(walks, state):
    Concern.objects.filter(pk=tell(walks[0]).pk).update(state=state, external_reference="CAD 1")

    assert counted("concerns")[0] == 0


def test_what_is_kept_from_a_bcu_is_in_no_figure(walks, stranger):
    for booking in walks:
        concern = tell(booking)
        ConcernEvent.objects.record(concern, from_state=State.ACCEPTED, to_state=State.RESOLVED, at=AUGUST)
    Booking.objects.update(nominated_inspector=stranger)
    Concern.objects.update(nominated_inspector=stranger)

    assert {count.number for count in count_period(SUMMER.period).values()} == {0}


def test_snapshot_has_every_number_that_may_be_published_and_no_other(walks):
    snapshot = make_snapshot(SUMMER, now=PUBLIC)

    of_london = {figure: number for figure, number in snapshot.numbers["LONDON"].items() if number is not None}
    assert of_london == {"requests": 10, "walks_held": 10, "median_days_to_walk": 12}
    assert set(snapshot.numbers["AS"]) == set(snapshot.numbers["LONDON"]) - {"concerns_without_walk"}


def test_too_early_is_refused_and_the_job_waits(walks):
    early = PUBLIC - DAY

    with pytest.raises(ValueError, match="2026-10-29"):
        make_snapshot(SUMMER, now=early)
    jobs.make_snapshots(early)
    first = [snapshot.quarter.code for snapshot in Snapshot.objects.all()]
    jobs.make_snapshots(PUBLIC)

    assert (first, Snapshot.objects.newest().quarter) == ([], SUMMER)


def test_later_changes_change_nothing(walks):
    jobs.make_snapshots(PUBLIC)
    before = Snapshot.objects.get().numbers

    Booking.objects.update(status=Status.OFFICERS_ABSENT)
    jobs.make_snapshots(PUBLIC + 30 * DAY)

    assert Snapshot.objects.get().numbers == before


@pytest.mark.parametrize("change", ["update", "delete"])
def test_database_refuses_to_change_a_snapshot(walks, change):
    jobs.make_snapshots(PUBLIC)

    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.update(numbers={}) if change == "update" else Snapshot.objects.all().delete()


def test_every_quarter_since_the_first_request_is_made_after_a_long_stop(walks):
    jobs.make_snapshots(PUBLIC + 370 * DAY)

    assert [each.quarter.code for each in Snapshot.objects.order_by("first_day")] == [
        *("2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"),
    ]


def test_counting_takes_as_many_queries_for_more(walks, officer, camden):
    few = queries_of_counting()
    for number in range(20, 26):
        tell(walk_with(officer, number))
        BookingFactory(borough=camden, asked_at=AUGUST)

    assert queries_of_counting() == few


def queries_of_counting():
    with CaptureQueriesContext(connection) as queries:
        count_period(SUMMER.period)
    return len(queries)


def test_nothing_is_made_before_the_first_request():
    jobs.make_snapshots(PUBLIC)

    assert not Snapshot.objects.exists()
