"""The page on which an inspector changes a walk."""

import datetime

import pytest

from outbox.models import Message
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from tests.support.form_data import confirmed_adjustments_data
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def change_data(walk, officers, **others):
    start = london.local(walk.start_at)
    return {
        "date_day": start.day,
        "date_month": start.month,
        "date_year": start.year,
        "start": start.strftime("%H:%M"),
        "minutes": walk.minutes,
        "meeting_place": walk.meeting_place,
        "finish_place": walk.finish_place,
        "duty_number": walk.duty_number,
        "officers": [officer.pk for officer in officers],
        "version": walk.version,
        **confirmed_adjustments_data(*walk.bookings.all()),
        **others,
    }


@pytest.fixture
def coming(team):
    """A walk in ten days, at 6:30pm."""
    return scheduled_booking(team, borough__bcu=team[0].bcu).walk


def test_change_page_begins_with_the_walk_as_it_is(client, inspector, coming, team):
    client.force_login(inspector)

    response = client.get(staff_address("scheduling:change_walk", coming))

    initial = response.context["form"].initial
    assert initial["officers"] == [officer.pk for officer in team]
    assert initial["start"] == datetime.time(18, 30)
    assert [each.is_free for each in response.context["form"].suggestions] == [True, True]
    assert "Maya Example asked for" in response.text


def test_change_page_moves_the_walk_and_tells_everybody(client, inspector, coming, team):
    client.force_login(inspector)

    response = client.post(staff_address("scheduling:change_walk", coming), change_data(coming, team, start="7pm"))

    coming.refresh_from_db()
    assert response.status_code == 302
    assert london.clock(coming.start_at) == "7pm"
    assert Message.objects.count() == 3


def test_change_begun_before_an_officer_left_does_not_put_her_back(
    client, inspector, officer, second_officer, coming, team
):
    page = change_data(coming, team, start="7pm")
    client.force_login(officer)
    client.post(staff_address("on_the_day:withdraw", coming))
    client.force_login(inspector)

    response = client.post(staff_address("scheduling:change_walk", coming), page)

    assert response.status_code == 409
    assert "Somebody has changed this" in response.text
    assert coming.live_officers() == [second_officer]


def test_change_refuses_an_officer_on_another_walk(client, inspector, bcu, officer, coming, team):
    busy = OfficerFactory(bcu=bcu, name="Busy")
    WalkFactory(bcu=bcu, officers=[busy], start_at=coming.start_at)
    client.force_login(inspector)

    response = client.post(staff_address("scheduling:change_walk", coming), change_data(coming, [officer, busy]))

    assert response.status_code == 409
    assert "just been given another walk" in response.text
    assert coming.live_officers() == team


def test_change_page_is_closed_once_the_walk_is_under_way(client, inspector, coming):
    Walk.objects.update(status=WalkStatus.UNDER_WAY)
    client.force_login(inspector)

    assert client.get(staff_address("scheduling:change_walk", coming)).status_code == 302
