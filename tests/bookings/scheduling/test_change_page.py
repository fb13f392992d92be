"""The page on which an inspector changes a walk."""

import datetime

import pytest

from outbox.models import Message
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from tests.support.form_data import agreed_data, confirmed_adjustments_data
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def change_data(walk, officers, **others):
    start = london.local(walk.start_at)
    changed_start = others.get("start", london.clock(start))
    return {
        **agreed_data(days=(start.date() - london.today()).days, start=changed_start),
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
def upcoming_walk(team):
    """A walk in ten days, at 6:30pm."""
    return scheduled_booking(team, borough__bcu=team[0].bcu).walk


def test_change_page_starts_with_the_current_walk(client, inspector, upcoming_walk, team):
    client.force_login(inspector)

    response = client.get(staff_address("scheduling:change_walk", upcoming_walk))

    initial = response.context["form"].initial
    assert initial["officers"] == [officer.pk for officer in team]
    assert initial["start"] == datetime.time(18, 30)
    assert [suggestion.is_free for suggestion in response.context["form"].suggestions] == [True, True]
    assert "Maya Example asked for" in response.text


def test_change_page_moves_the_walk_and_tells_everybody(client, inspector, upcoming_walk, team):
    client.force_login(inspector)

    response = client.post(
        staff_address("scheduling:change_walk", upcoming_walk), change_data(upcoming_walk, team, start="7pm")
    )

    upcoming_walk.refresh_from_db()
    assert response.status_code == 302
    assert london.clock(upcoming_walk.start_at) == "7pm"
    assert Message.objects.count() == 3


def test_outdated_change_does_not_reassign_an_officer_who_left(
    client, inspector, officer, second_officer, upcoming_walk, team
):
    page = change_data(upcoming_walk, team, start="7pm")
    client.force_login(officer)
    client.post(staff_address("on_the_day:withdraw", upcoming_walk))
    client.force_login(inspector)

    response = client.post(staff_address("scheduling:change_walk", upcoming_walk), page)

    assert response.status_code == 409
    assert "Someone has changed this" in response.text
    assert upcoming_walk.live_officers() == [second_officer]


def test_change_refuses_an_officer_on_another_walk(client, inspector, bcu, officer, upcoming_walk, team):
    busy = OfficerFactory(bcu=bcu, name="Busy")
    WalkFactory(bcu=bcu, officers=[busy], start_at=upcoming_walk.start_at)
    client.force_login(inspector)

    response = client.post(
        staff_address("scheduling:change_walk", upcoming_walk), change_data(upcoming_walk, [officer, busy])
    )

    assert response.status_code == 409
    assert "just been given another walk" in response.text
    assert upcoming_walk.live_officers() == team


def test_change_page_is_closed_once_the_walk_is_under_way(client, inspector, upcoming_walk):
    Walk.objects.update(status=WalkStatus.UNDER_WAY)
    client.force_login(inspector)

    assert client.get(staff_address("scheduling:change_walk", upcoming_walk)).status_code == 302
