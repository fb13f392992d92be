"""Walk pages: access to each walk, and the buttons on it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings import read_log
from bookings.models.read_log import ReadLog
from bookings.statuses import EventKind, ReadReason, Status
from outbox.models import Message
from tests.support.factories import (
    BookingFactory,
    InspectorFactory,
    OfficerFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.query_counts import count_queries
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walks.models.walks import Assignment, Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

WALKS = "/staff/walks/"
PERSONAL = ("Maya Example", "green lantern", "silver river", "I use a stick.", "You may text her")


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


def make_booking_in(hours, team, **fields):
    """Return a booking with a walk that starts in this many hours."""
    start_at = timezone.now() + datetime.timedelta(hours=hours)
    return scheduled_booking(
        team, borough__bcu=team[0].bcu, walk=WalkFactory(bcu=team[0].bcu, officers=team, start_at=start_at, **fields)
    )


@pytest.fixture
def booking(team):
    return make_booking_in(0, team)


@pytest.fixture
def walk(booking):
    return booking.walk


def walks_shown(response):
    return [row.walk for day in response.context["days"] for row in day.rows]


def test_walks_page_shows_an_officers_own_walks_soonest_first(as_officer, bcu, officer, second_officer):
    later = WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(3))
    sooner = WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(2))
    WalkFactory(bcu=bcu, officers=[second_officer])

    assert walks_shown(as_officer.get(WALKS)) == [sooner, later]


def test_walks_page_shows_an_inspector_the_walks_of_her_bcu(client, inspector, bcu, team, camden):
    walk = WalkFactory(bcu=bcu, officers=team)
    WalkFactory(bcu=camden.bcu)
    client.force_login(inspector)

    assert walks_shown(client.get(WALKS)) == [walk]


@pytest.mark.parametrize("person", ["lead", "administrator"])
def test_walks_page_refused_to_other_roles(person, client, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(WALKS).status_code == 403


def test_walks_page_says_if_there_are_none(as_officer):
    assert "No walks to come" in as_officer.get(WALKS).text


def test_walks_page_shows_when_and_where_and_nothing_personal(as_officer, booking):
    text = as_officer.get(WALKS).text

    assert london.clock(booking.walk.start_at) in text
    assert "by the flower stall" in text
    assert [word for word in PERSONAL if word in text] == []


def test_walks_page_puts_ended_walks_last(as_officer, booking, bcu, officer):
    Walk.objects.update(status=WalkStatus.COMPLETED, ended_at=timezone.now())
    upcoming = WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(3))

    response = as_officer.get(WALKS)

    assert walks_shown(response) == [upcoming]
    assert [row.walk for row in response.context["ended"]] == [booking.walk]


def test_walks_page_keeps_an_old_walk_until_somebody_ends_it(as_officer, bcu, officer):
    not_ended, _completed, _cancelled = (
        WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(day), status=status)
        for day, status in ((-3, WalkStatus.UNDER_WAY), (-2, WalkStatus.COMPLETED), (1, WalkStatus.CANCELLED))
    )

    assert walks_shown(as_officer.get(WALKS)) == [not_ended]


def test_walks_page_takes_the_same_queries_for_three_walks_as_for_one(as_officer, bcu, team):
    WalkFactory(bcu=bcu, officers=team, start_at=in_days(2))
    query_count = count_queries(as_officer, WALKS)
    for days in (3, 4):
        WalkFactory(bcu=bcu, officers=team, start_at=in_days(days))

    assert count_queries(as_officer, WALKS) == query_count <= 15


@pytest.mark.parametrize(
    ("hours", "shown"), [(49, False), (47, True), (1, True), (-24 * 7, True), (-24 * 7 - 2, False)]
)
def test_walk_page_shows_personal_details_only_around_the_walk(hours, shown, as_officer, team):
    walk = make_booking_in(hours, team).walk

    text = as_officer.get(staff_address("on_the_day:walk", walk)).text

    assert "by the flower stall" in text
    assert "020 7946 0101" in text
    assert [word for word in PERSONAL if word in text] == (list(PERSONAL) if shown else [])


def test_walk_page_shows_an_inspector_everything_at_any_time(client, inspector, team):
    walk = make_booking_in(24 * 20, team).walk
    client.force_login(inspector)

    assert "Maya Example" in client.get(staff_address("on_the_day:walk", walk)).text


def test_walk_page_hides_a_requester_who_cancelled(as_officer, booking, walk, team):
    type(booking).objects.update(status=Status.CANCELLED_BY_REQUESTER)

    assert "Maya Example" not in as_officer.get(staff_address("on_the_day:walk", walk)).text


@pytest.mark.parametrize("person", ["another", "stranger", "lead", "administrator"])
@pytest.mark.parametrize(
    "name",
    [
        "on_the_day:walk",
        "scheduling:change_walk",
        "on_the_day:start_walk",
        "on_the_day:end_walk",
        "on_the_day:withdraw",
    ],
)
def test_walk_pages_are_not_found_by_other_staff(name, person, client, walk, bcu, request):
    client.force_login(OfficerFactory(bcu=bcu) if person == "another" else request.getfixturevalue(person))
    send = client.post if name in ("on_the_day:start_walk", "on_the_day:end_walk") else client.get

    assert send(staff_address(name, walk)).status_code == 404


def test_walk_page_is_not_found_by_an_officer_who_left(as_officer, walk, officer):
    Assignment.objects.filter(officer=officer).update(is_live=False)

    assert as_officer.get(staff_address("on_the_day:walk", walk)).status_code == 404


@pytest.mark.parametrize("name", ["on_the_day:start_walk", "on_the_day:end_walk", "on_the_day:withdraw"])
def test_walk_buttons_refused_to_an_inspector_who_is_not_on_the_walk(name, client, inspector, walk):
    client.force_login(inspector)

    assert client.post(staff_address(name, walk)).status_code == 403


def test_change_page_refused_to_officers(as_officer, walk):
    assert as_officer.get(staff_address("scheduling:change_walk", walk)).status_code == 403


@pytest.mark.parametrize("name", ["on_the_day:start_walk", "on_the_day:end_walk"])
def test_walk_buttons_refuse_get(name, as_officer, walk):
    assert as_officer.get(staff_address(name, walk)).status_code == 405


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        (WalkStatus.SCHEDULED, {"start", "withdraw_from_walk"}),
        (WalkStatus.UNDER_WAY, {"end"}),
        (WalkStatus.COMPLETED, set()),
        (WalkStatus.CANCELLED, set()),
    ],
)
def test_walk_page_offers_the_allowed_actions(status, offered, as_officer, walk):
    Walk.objects.update(status=status)

    context = as_officer.get(staff_address("on_the_day:walk", walk)).context

    assert {name for name in ("start", "end", "withdraw_from_walk", "change") if context[f"offer_{name}"]} == offered


def test_walk_page_offers_an_inspector_the_change(client, inspector, walk):
    client.force_login(inspector)

    context = client.get(staff_address("on_the_day:walk", walk)).context

    assert {name for name in ("start", "end", "withdraw_from_walk", "change") if context[f"offer_{name}"]} == {"change"}


def test_walk_page_does_not_offer_start_on_another_day(as_officer, team):
    walk = make_booking_in(30, team).walk

    assert not as_officer.get(staff_address("on_the_day:walk", walk)).context["offer_start"]


def test_start_and_end_complete_the_walk_and_the_booking(as_officer, walk, booking):
    started = as_officer.post(staff_address("on_the_day:start_walk", walk), follow=True)
    ended = as_officer.post(staff_address("on_the_day:end_walk", walk), follow=True)

    booking.refresh_from_db()
    assert "Walk started" in started.text
    assert "Walk ended safely" in ended.text
    assert (booking.status, booking.walk.status) == (Status.COMPLETED, WalkStatus.COMPLETED)


def test_start_pressed_by_both_officers_starts_once(as_officer, client, walk, second_officer):
    as_officer.post(staff_address("on_the_day:start_walk", walk))
    client.force_login(second_officer)

    response = client.post(staff_address("on_the_day:start_walk", walk))

    assert response.status_code == 302
    assert walk.events.filter(kind=EventKind.STARTED).count() == 1


def test_end_before_the_start_is_refused(as_officer, walk):
    response = as_officer.post(staff_address("on_the_day:end_walk", walk))

    assert response.status_code == 409
    assert "Press “Start the walk” first" in response.text


def test_withdraw_page_asks_first(as_officer, walk, officer):
    response = as_officer.get(staff_address("on_the_day:withdraw", walk))

    assert "She may have to wait alone" in response.text
    assert officer in walk.live_officers()


def test_withdraw_page_takes_the_officer_off_and_tells_the_team(as_officer, walk, second_officer):
    response = as_officer.post(staff_address("on_the_day:withdraw", walk), follow=True)

    assert walk.live_officers() == [second_officer]
    assert Message.objects.get().kind == "team_officer_withdrew"
    assert 'Now ring <a class="govuk-link" href="tel:02079460101">020 7946 0101</a>' in response.text


def test_withdraw_refused_once_the_walk_is_under_way(as_officer, walk):
    Walk.objects.update(status=WalkStatus.UNDER_WAY)

    assert as_officer.get(staff_address("on_the_day:withdraw", walk)).status_code == 302
    assert as_officer.post(staff_address("on_the_day:withdraw", walk)).status_code == 409


def test_reveal_phone_shows_the_number_and_logs_the_officer(as_officer, walk, booking, officer):
    assert "07700 900123" not in as_officer.get(staff_address("on_the_day:walk", walk)).text

    response = as_officer.post(staff_address("on_the_day:reveal_phone", walk, booking))

    log = ReadLog.objects.get(kinds__contains=["phone"])
    assert 'href="tel:07700900123"' in response.text
    assert (log.officer, log.booking) == (officer, booking)


def test_walk_pages_log_each_requester_read(as_officer, walk, booking, team, officer):
    for page in ("on_the_day:walk", "on_the_day:briefing"):
        as_officer.get(staff_address(page, walk))
    as_officer.get(staff_address("on_the_day:walk", make_booking_in(49, team).walk))

    logged = [(log.officer, log.booking, log.reason) for log in ReadLog.objects.exclude(booking=None)]
    assert logged == [(officer, booking, ReadReason.ON_WALK)] * 2


def test_reveal_phone_refused_outside_the_time_around_the_walk(as_officer, team):
    booking = make_booking_in(49, team)

    response = as_officer.post(staff_address("on_the_day:reveal_phone", booking.walk, booking))

    assert response.status_code == 403
    assert not ReadLog.objects.filter(booking=booking).exists()


def test_reveal_phone_of_a_requester_on_another_walk_is_not_found(as_officer, walk, second_officer):
    other_walk = make_booking_in(3, [second_officer])

    assert as_officer.post(staff_address("on_the_day:reveal_phone", walk, other_walk)).status_code == 404


def test_reveal_phone_of_another_officers_walk_is_not_found(client, walk, booking, bcu):
    client.force_login(OfficerFactory(bcu=bcu))

    assert client.post(staff_address("on_the_day:reveal_phone", walk, booking)).status_code == 404


@pytest.mark.parametrize("person", ["stranger", "lead", "another"])
def test_reveal_phone_refused_to_staff_who_are_not_on_the_walk(person, booking, bcu, request):
    by = OfficerFactory(bcu=bcu) if person == "another" else request.getfixturevalue(person)

    with pytest.raises(PermissionDenied):
        read_log.reveal_phone(booking, by=by)
    assert not ReadLog.objects.exists()


def test_inspector_on_a_restricted_walk_has_its_buttons_but_decides_nothing(client, camden, southwark, stranger):
    walking = InspectorFactory(bcu=camden.bcu, leads_walks=True)
    walk = WalkFactory(bcu=camden.bcu, nominated_inspector=stranger, officers=[walking, OfficerFactory(bcu=camden.bcu)])
    Walk.objects.update(start_at=timezone.now())
    BookingFactory(borough=southwark, nominated_inspector=stranger, walk=walk, status=Status.SCHEDULED)
    client.force_login(walking)

    page = client.get(f"/staff/walks/{walk.pk}/")
    change = client.get(f"/staff/walks/{walk.pk}/change/")

    assert (page.status_code, change.status_code) == (200, 403)
    assert "Start the walk" in page.text
    assert Walk.objects.with_actions_open_to(walking, timezone.now()).get() == walk
    assert not Walk.objects.decided_by(walking).exists()


def test_visible_walks_of_an_inspector_who_leads_none_skip_assignments(inspector):
    """Joining assignments to the condition on the BCU would make the list read the walks of all years."""
    assert Assignment._meta.db_table not in str(Walk.objects.visible_to(inspector).query)
