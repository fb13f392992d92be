"""The inspectors' queue: its bookings, and access to it."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from bookings.statuses import Channel, Status
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    OfficerFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.query_counts import count_queries
from walkandtalk.lib import paging

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/?state=open"


def names_shown(response):
    return [row.booking.contact.name for row in response.context["rows"]]


def test_queue_shows_the_soonest_needed_first(as_inspector, southwark):
    BookingFactory(borough=southwark, walk_needed_at=in_days(12), contact__name="Later")
    BookingFactory(borough=southwark, walk_needed_at=in_days(8), contact__name="Sooner")

    assert names_shown(as_inspector.get(QUEUE)) == ["Sooner", "Later"]


def test_queue_hides_bookings_of_another_bcu(client, stranger, booking):
    client.force_login(stranger)

    response = client.get(QUEUE)

    assert "Maya" not in response.text
    assert "No open bookings" in response.text


@pytest.mark.parametrize("person", ["officer", "lead", "administrator"])
def test_queue_refused_to_other_roles(person, client, booking, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(QUEUE).status_code == 403


def test_queue_shows_no_contact_details(as_inspector, booking):
    response = as_inspector.get(QUEUE)

    assert "M." in response.text
    assert "07700" not in response.text
    assert "maya@example.com" not in response.text


def assign(booking, inspector):
    ClaimFactory(booking=booking, officer=inspector)


def put_on_walk(booking, inspector):
    booking.walk = WalkFactory(bcu=booking.bcu, officers=[inspector, OfficerFactory(bcu=booking.bcu)])
    booking.status = Status.SCHEDULED
    booking.save()


@pytest.mark.parametrize("get_to_know", [assign, put_on_walk])
def test_queue_names_her_only_to_the_inspector_who_has_her(get_to_know, as_inspector, inspector, booking):
    before = as_inspector.get(QUEUE).text
    get_to_know(booking, inspector)
    colleague = Client()
    colleague.force_login(InspectorFactory(bcu=inspector.bcu))

    assert "Maya" not in before
    assert "Maya Example" in as_inspector.get(QUEUE).text
    assert "Maya" not in colleague.get(QUEUE).text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", ["Waiting"]),
        ("ready", ["Waiting"]),
        ("unconfirmed", ["Unconfirmed"]),
        ("mine", ["Mine"]),
        ("unassigned", ["Unconfirmed", "Waiting", "Scheduled"]),
        ("scheduled", ["Mine", "Scheduled"]),
        ("open", ["Unconfirmed", "Waiting", "Mine", "Scheduled"]),
        ("nonsense", ["Waiting"]),
    ],
)
def test_tabs_of_the_queue(state, shown, as_inspector, inspector, southwark, team):
    BookingFactory(borough=southwark, contact__name="Unconfirmed", walk_needed_at=in_days(2), confirmed_at=None)
    BookingFactory(borough=southwark, contact__name="Waiting", walk_needed_at=in_days(3))
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(4))
    mine = scheduled_booking(team, borough=southwark, contact__name="Mine", walk=walk)
    ClaimFactory(booking=mine, officer=inspector)
    scheduled_booking(team, borough=southwark, contact__name="Scheduled")
    BookingFactory(borough=southwark, contact__name="Declined", status=Status.DECLINED)

    page = as_inspector.get("/staff/bookings/", {"state": state})

    assert names_shown(page) == shown
    assert [tab.count for tab in page.context["tabs"] if tab.is_current] == [str(len(shown))]


def test_queue_flags_each_booking(as_inspector, southwark, officer):
    scheduled_booking([officer], borough=southwark, channel=Channel.DISCREET, confirmed_at=None)

    (row,) = as_inspector.get(QUEUE).context["rows"]

    assert [flag.text for flag in row.flags] == [
        "Not read yet",
        "1 of 2 officers",
        "Not confirmed",
        "Discreet email",
        "Access needs",
    ]


def test_queue_begins_with_walks_short_of_officers(as_inspector, southwark, team, officer, camden):
    soon = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=timezone.now() + datetime.timedelta(hours=5))
    short = scheduled_booking([officer], borough=southwark, walk=soon).walk
    scheduled_booking(team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(5)))
    WalkFactory(bcu=camden.bcu)

    (alert,) = [alert for alert in as_inspector.get(QUEUE).context["alerts"] if alert.kind == "short"]

    assert alert.href == f"/staff/walks/{short.pk}/change/"
    assert alert.about == "1 of 2 can make it."


def test_queue_continues_after_the_last_row_of_a_page(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for name in "ABCDE":
        BookingFactory(borough=southwark, walk_needed_at=in_days(9), contact__name=name)
    seen, response = [], as_inspector.get(QUEUE)

    while True:
        seen += names_shown(response)
        if response.context["last"] is None:
            break
        response = as_inspector.get(QUEUE, {"state": "open", "after": response.context["last"]})

    assert sorted(seen) == list("ABCDE")


def test_queue_does_not_continue_after_a_booking_of_another_bcu(client, stranger, booking, camden):
    BookingFactory(borough=camden, contact__name="Hers")
    client.force_login(stranger)

    assert names_shown(client.get(QUEUE, {"state": "open", "after": booking.pk})) == ["Hers"]


def test_queue_takes_the_same_queries_for_three_bookings_as_for_one(as_inspector, southwark, team):
    scheduled_booking(team, borough=southwark)
    query_count = count_queries(as_inspector, QUEUE)
    for days in (11, 12):
        scheduled_booking(
            team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(days))
        )

    assert count_queries(as_inspector, QUEUE) == query_count <= 15
