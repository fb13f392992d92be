"""How many bookings one person opens, and how often she searches, within an hour (docs/rules.md#need-to-know)."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent, SecurityEventKind
from bookings.models.claims import Claim
from bookings.models.read_log import ReadLog
from bookings.need_to_know import ReadingPaused
from bookings.read_log import record_reason
from bookings.statuses import ReadReason, Status
from bookings.triage.claims.actions import claim_booking
from tests.support.concurrency import run_concurrently
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    WalkFactory,
    WardFactory,
    scheduled_booking,
)
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db
BUDGET = 3
FIND = reverse("triage:find_booking")
SEARCHES = [SecurityEventKind.SEARCHED, SecurityEventKind.SEARCHED_BY_NAME]


@pytest.fixture(autouse=True)
def small_budget(settings):
    settings.BOOKINGS_PER_PERSON_AN_HOUR = settings.SEARCHES_PER_PERSON_AN_HOUR = BUDGET


def hours(number):
    return datetime.timedelta(hours=number)


def page_of(booking):
    return staff_address("triage:booking", booking)


@pytest.fixture
def spent(inspector, southwark):
    """As many bookings as the inspector may open within the hour. She has opened them."""
    bookings = [BookingFactory(borough=southwark) for _each in range(BUDGET)]
    record_reason([booking.pk for booking in bookings], ReadReason.COVER, by=inspector)
    return bookings


def pauses():
    return [(event.kind, event.officer) for event in SecurityEvent.objects.exclude(kind__in=SEARCHES)]


# --- The budget -------------------------------------------------------------------------------------------------------


def test_one_more_booking_is_paused_and_the_auditor_is_told_once(as_inspector, inspector, spent, booking):
    now = timezone.now()

    first, second = as_inspector.get(page_of(booking)), as_inspector.get(page_of(booking))

    assert (first.status_code, second.status_code) == (429, 429)
    assert "Maya" not in first.text
    assert f"You can open others from {london.clock(now + hours(1))}" in first.text
    assert pauses() == [(SecurityEventKind.READING_PAUSED, inspector)]


def test_bookings_of_this_hour_still_open(as_inspector, spent):
    assert [as_inspector.get(page_of(booking)).status_code for booking in spent] == [200] * BUDGET


def test_others_open_an_hour_later(as_inspector, inspector, spent, booking):
    with time_machine.travel(timezone.now() + hours(1) + datetime.timedelta(seconds=1)):
        as_inspector.force_login(inspector)
        assert as_inspector.get(page_of(booking)).status_code == 200


def test_budget_is_one_persons(client, bcu, spent, booking):
    client.force_login(InspectorFactory(bcu=bcu))

    assert client.get(page_of(booking)).status_code == 200


def test_page_names_the_time_at_which_one_more_opens(as_inspector, inspector, southwark, booking):
    now = timezone.now()
    for minutes_ago in (50, 40, 30):
        with time_machine.travel(now - datetime.timedelta(minutes=minutes_ago), tick=False):
            record_reason([BookingFactory(borough=southwark).pk], ReadReason.COVER, by=inspector)

    paused = as_inspector.get(page_of(booking))

    assert f"You can open others from {london.clock(now + datetime.timedelta(minutes=10))}" in paused.text


def test_names_in_lists_count(as_inspector, inspector, southwark, booking):
    for _each in range(BUDGET):
        ClaimFactory(booking__borough=southwark, officer=inspector)

    as_inspector.get(reverse("triage:queue"))

    assert as_inspector.get(page_of(booking)).status_code == 429


# --- What is never paused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins_in", "walk", "status"),
    [
        (hours(23), {}, 200),
        (hours(25), {}, 429),
        (-hours(1), {}, 200),
        (-hours(30), {"status": WalkStatus.UNDER_WAY}, 200),
        (-hours(30), {}, 429),
    ],
)
def test_booking_with_a_walk_within_a_day_or_under_way_always_opens(
    begins_in, walk, status, as_inspector, southwark, team, spent
):
    starts = timezone.now() + begins_in
    started = {"started_at": starts} if walk else {}
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=starts, **walk, **started)
    booking = scheduled_booking(team, borough=southwark, walk=walk)

    assert as_inspector.get(page_of(booking)).status_code == status
    assert as_inspector.get(staff_address("on_the_day:walk", walk)).status_code == status


def test_requester_who_may_go_to_a_cancelled_walk_is_never_paused(as_inspector, southwark, spent):
    soon = timezone.now() + hours(2)
    booking = BookingFactory(borough=southwark, status=Status.CANCELLED_BY_US, walk_needed_at=soon)

    assert as_inspector.get(page_of(booking)).status_code == 200


def test_officers_on_a_walk_are_never_paused(client, officer, southwark):
    walk = WalkFactory(bcu=southwark.bcu, officers=[officer])
    for _each in range(BUDGET + 1):
        scheduled_booking([officer], borough=southwark, walk=walk)

    with time_machine.travel(walk.start_at - hours(30)):
        client.force_login(officer)
        assert client.get(staff_address("on_the_day:walk", walk)).status_code == 200


# --- Claims -----------------------------------------------------------------------------------------------------------


def test_claim_counts_as_a_look(inspector, southwark):
    for _each in range(BUDGET):
        claim_booking(BookingFactory(borough=southwark), by=inspector, claimed_by_id=None)

    with pytest.raises(ReadingPaused):
        claim_booking(BookingFactory(borough=southwark), by=inspector, claimed_by_id=None)
    assert Claim.objects.count() == BUDGET


def test_claim_beyond_the_budget_is_paused(as_inspector, inspector, spent, booking):
    paused = as_inspector.post(staff_address("triage:claim", booking), {"claimed_by_id": ""})

    assert paused.status_code == 429
    assert not Claim.objects.exists()
    assert pauses() == [(SecurityEventKind.READING_PAUSED, inspector)]


@pytest.mark.django_db(transaction=True)
def test_claims_pressed_at_the_same_moment_stay_within_the_budget(inspector, southwark):
    bookings = [BookingFactory(borough=southwark) for _each in range(6)]

    def press(booking):
        try:
            claim_booking(booking, by=inspector, claimed_by_id=None)
        except ReadingPaused:
            return "paused"
        return "claimed"

    outcomes = run_concurrently(*[lambda booking=booking: press(booking) for booking in bookings])

    assert sorted(outcomes) == ["claimed"] * BUDGET + ["paused"] * 3


def test_answer_beyond_the_budget_is_paused(as_inspector, spent, booking):
    paused = as_inspector.post(staff_address("triage:give_reason", booking), {"why": ReadReason.COVER})

    assert (paused.status_code, ReadLog.objects.filter(booking=booking).count()) == (429, 0)


# --- Searches ---------------------------------------------------------------------------------------------------------


def test_search_is_logged_without_what_was_typed(as_inspector, inspector, booking, caplog):
    as_inspector.post(FIND, {"words": booking.reference})
    as_inspector.post(FIND, {"words": "0" * 13})
    as_inspector.get(FIND)

    searches = SecurityEvent.objects.filter(kind=SecurityEventKind.SEARCHED).order_by("pk")
    assert [(event.officer, event.count, event.booking_id) for event in searches] == [
        (inspector, 1, None),
        (inspector, 0, None),
    ]
    assert booking.reference not in caplog.text


def test_text_that_is_refused_is_no_search(as_inspector):
    as_inspector.post(FIND, {"words": "?"})

    assert not SecurityEvent.objects.exists()


@pytest.mark.parametrize(
    ("words", "is_hers", "kind"),
    [
        ("Maya", False, "searched_by_name"),
        ("Peckham", False, "searched_by_name"),
        ("Maya", True, "searched"),
        ("Zebedee", False, "searched_by_name"),
        ("Southwark", False, "searched"),
        ("9QXZ", False, "searched"),
    ],
)
def test_search_beyond_her_own_bookings_by_name_or_place_is_marked_for_the_auditor(
    words, is_hers, kind, as_inspector, inspector, booking, southwark
):
    WardFactory(borough=southwark)
    if is_hers:
        ClaimFactory(booking=booking, officer=inspector)

    as_inspector.post(FIND, {"words": words})

    (event,) = SecurityEvent.objects.all()
    assert (event.kind, event.officer, event.booking_id) == (kind, inspector, None)


def test_searches_beyond_the_budget_are_paused(as_inspector, inspector, booking):
    now = timezone.now()
    for words in (booking.reference, "Maya", "Southwark"):
        as_inspector.post(FIND, {"words": words})

    paused, again = [as_inspector.post(FIND, {"words": booking.reference}) for _each in range(2)]

    assert (paused.status_code, again.status_code) == (429, 429)
    assert f"You can search again from {london.clock(now + hours(1))}" in paused.text
    assert pauses() == [(SecurityEventKind.SEARCHING_PAUSED, inspector)]
