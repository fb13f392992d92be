"""A walk of a requester who said “This wasn’t me” goes ahead as it is, and her old team reads nothing of her on it."""

import pytest
from django.urls import reverse

from bookings.manage.freeze.actions import freeze_booking
from bookings.scheduling.cancellation.actions import Cancellation, cancel_walk_of_booking
from bookings.statuses import CancelReason, Status
from tests.support.decisions import change_now
from tests.support.factories import (
    BCUFactory,
    BookingFactory,
    InspectorFactory,
    OfficerFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db

HERS = ["Maya Example", "Step-free route", "I use a stick."]


@pytest.fixture
def walk(southwark, team):
    """A walk tomorrow, when its officers can read the details."""
    return WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(1))


@pytest.fixture
def booking(walk, southwark, team):
    InspectorFactory(bcu=BCUFactory(code="CN", name="Central North"))  # who looks into a freeze
    return scheduled_booking(team, borough=southwark, walk=walk)


@pytest.fixture
def frozen(booking):
    freeze_booking(booking)
    return booking


@pytest.mark.parametrize("name", ["on_the_day:briefing", "scheduling:change_walk"])
def test_old_team_reads_nothing_of_her_on_the_pages_of_the_walk(client, booking, walk, inspector, name):
    client.force_login(inspector)
    page = reverse(name, args=[walk.pk])

    before = client.get(page).text
    freeze_booking(booking)
    after = client.get(page)

    assert [words for words in HERS if words not in before] == []
    assert after.status_code == 200
    assert [words for words in HERS if words in after.text] == []


def test_officers_keep_time_place_and_phrase_and_no_more(client, frozen, walk, officer):
    client.force_login(officer)

    briefing = client.get(reverse("on_the_day:briefing", args=[walk.pk])).text

    assert walk.meeting_place in briefing
    assert walk.officers_phrase in briefing
    assert "Under review: 1" in briefing
    assert [words for words in HERS if words in briefing] == []


@pytest.mark.parametrize(
    "moved",
    [{"start_at": in_days(2)}, {"minutes": 30}, {"meeting_place": "Nunhead"}, {"finish_place": "Nunhead"}],
)
def test_walk_of_a_frozen_request_is_not_moved(frozen, walk, team, inspector, moved):
    """She could not be told, and would wait in the wrong place."""
    with pytest.raises(TransitionNotAllowed, match="under review"):
        change_now(walk, inspector, plan=unchanged(walk, **moved), officers=team)

    walk.refresh_from_db()
    assert walk.version == 1


def test_officer_of_a_frozen_request_is_replaced(frozen, walk, officer, inspector):
    replacement = OfficerFactory(bcu=walk.bcu)

    change_now(walk, inspector, plan=unchanged(walk), officers=[officer, replacement])

    assert set(walk.live_officers()) == {officer, replacement}


def test_walk_is_not_cancelled_over_another_booking_on_it(frozen, walk, southwark, inspector):
    other = BookingFactory(borough=southwark, status=Status.SCHEDULED, walk=walk, walk_needed_at=walk.start_at)

    with pytest.raises(TransitionNotAllowed, match="under review"):
        cancel_walk_of_booking(other, Cancellation(reason=CancelReason.ILLNESS), by=inspector, version=other.version)

    frozen.refresh_from_db()
    assert frozen.status == Status.SCHEDULED


def unchanged(walk, **others):
    names = ("start_at", "minutes", "meeting_place", "finish_place", "duty_number")
    return WalkDetails(**{name: getattr(walk, name) for name in names} | others)
