"""The team's map: what it shows, how exactly, and to whom."""

import pytest
from django.urls import reverse

from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.models.read_log import ReadLog
from bookings.statuses import Need, Status
from boroughs.geography.boundaries import borough_at, borough_middle
from feedback.statuses import State
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    OfficerFactory,
    WalkFactory,
    WardFactory,
    in_days,
    scheduled_booking,
)
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory
from tests.support.page_faults import html_faults, tag_faults
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

MAP = reverse("staff_map:map")
HER_POINT = [51.47004, -0.06944]
WARD_MIDDLE = "51.49053,-0.09043"
"""Of E05011107 in data/wards.csv."""


def shown(client, **asked):
    return client.get(MAP, asked).context["rows"]


def spots(client, **asked):
    return [(row.spot.at, row.spot.is_exact) for row in shown(client, **asked)]


@pytest.fixture
def ward(southwark):
    return WardFactory(borough=southwark)


@pytest.fixture
def nunhead(ward):
    return BookingFactory(
        borough=ward.borough, ward=ward, contact__map_coordinates=HER_POINT, contact__meeting_place="Blue Anchor gate"
    )


# --- Requests ---------------------------------------------------------------------------------------------------------


def test_request_of_nobody_is_in_the_middle_of_its_ward(as_inspector, nunhead):
    page = as_inspector.get(MAP)

    assert spots(as_inspector) == [(WARD_MIDDLE, False)]
    assert "51.47004" not in page.text
    assert "Blue Anchor" not in page.text
    assert "Maya" not in page.text
    assert not ReadLog.objects.exists()


def test_her_own_request_is_where_its_requester_put_it_and_that_is_logged(as_inspector, inspector, nunhead):
    ClaimFactory(booking=nunhead, officer=inspector)

    page = as_inspector.get(MAP)

    assert spots(as_inspector) == [("51.47004,-0.06944", True)]
    assert "Blue Anchor gate" in page.text
    assert {(line.booking_id, line.reason) for line in ReadLog.objects.filter(officer=inspector)} == {
        (nunhead.pk, "list")
    }


@pytest.mark.parametrize(
    ("place", "spot"),
    [("Peckham Rye station, by the clock", ("51.47,-0.07", True)), ("By the clock", ("51.49,-0.09", False))],
)
def test_her_own_request_without_a_point_is_at_the_place_it_names(place, spot, as_inspector, inspector, ward):
    booking = BookingFactory(borough=ward.borough, ward=ward, contact__meeting_place=place)
    ClaimFactory(booking=booking, officer=inspector)

    ((at, is_exact),) = spots(as_inspector)

    assert is_exact is spot[1]
    assert [round(float(part), 2) for part in at.split(",")] == [float(part) for part in spot[0].split(",")]


def test_scheduled_request_is_where_its_walk_begins(as_inspector, inspector, ward, team):
    walk = WalkFactory(bcu=ward.borough.bcu, officers=team, map_coordinates=[51.48, -0.06], meeting_place="The gate")
    booking = scheduled_booking(team, borough=ward.borough, ward=ward, walk=walk, contact__map_coordinates=HER_POINT)
    ClaimFactory(booking=booking, officer=inspector)

    assert spots(as_inspector, state="scheduled") == [("51.48000,-0.06000", True)]


def test_booking_opens_with_the_place_in_the_list(as_inspector, nunhead):
    page = as_inspector.get(MAP, {"ward": "E05011107"})

    assert f'href="/staff/bookings/{nunhead.pk}/?state=open&amp;ward=E05011107"' in page.text


def test_request_without_a_ward_is_in_the_middle_of_its_borough(as_inspector, southwark, ward):
    BookingFactory(borough=southwark, ward=None)

    assert spots(as_inspector) == [(borough_middle(southwark.gss), False)]
    assert borough_at(*map(float, borough_middle(southwark.gss).split(","))) == southwark.gss


@pytest.mark.parametrize("hidden", ["restricted", "frozen", "another BCU", "ended"])
def test_map_hides_what_she_may_not_see(hidden, as_inspector, client, stranger, nunhead):
    if hidden == "restricted":
        Booking.objects.update(nominated_inspector=stranger)
    elif hidden == "frozen":
        freeze_booking(nunhead)
    elif hidden == "ended":
        Booking.objects.update(status=Status.DECLINED)
    elif hidden == "another BCU":
        client.force_login(stranger)

    assert shown(client) == []


def test_restricted_request_of_another_bcu_is_listed_and_not_on_the_map(client, stranger, camden, nunhead):
    Booking.objects.update(nominated_inspector=stranger)
    client.force_login(stranger)
    WardFactory(gss="E05013652", name="Bloomsbury", borough=camden)

    page = client.get(MAP)

    assert [row.spot.at for row in page.context["rows"]] == [""]
    assert "1 of these is in another BCU, so not on the map." in " ".join(page.text.split())


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Here", "Elsewhere"]),
        ({"state": "ready"}, ["Elsewhere"]),
        ({"state": "problems"}, ["Here", "Elsewhere"]),
        ({"ward": "E05011107"}, ["Here"]),
        ({"needs": Need.BSL}, ["Here"]),
        ({"time": "evening"}, ["Here", "Elsewhere"]),
        ({"state": "mine"}, []),
        ({"delivery_problems": "on"}, []),
        ({"unread": "on"}, ["Here", "Elsewhere"]),
    ],
)
def test_filters_of_the_queue(asked, names, as_inspector, ward):
    BookingFactory(
        borough=ward.borough,
        ward=ward,
        confirmed_at=None,
        contact__name="Here",
        contact__needs=["bsl"],
        walk_needed_at=in_days(8),
    )
    BookingFactory(borough=ward.borough, contact__name="Elsewhere", contact__needs=[])

    assert [row.booking.contact.name for row in shown(as_inspector, **asked)] == names


def test_borough_filter_shows_the_map_of_that_borough(as_inspector, ward):
    BookingFactory(borough=ward.borough)

    assert 'data-map="/static/map/AS.json"' in as_inspector.get(MAP).text
    assert 'data-map="/static/map/E09000028.json"' in as_inspector.get(MAP, {"borough": "E09000028"}).text


def test_bcu_that_is_not_in_the_data_gets_some_map(as_inspector, bcu, nunhead):
    bcu.code = "ZZ"
    bcu.save()

    assert 'data-map="/static/map/E09000033.json"' in as_inspector.get(MAP).text


# --- Walks and concerns -----------------------------------------------------------------------------------------------


def test_walk_of_others_is_in_the_middle_of_its_ward(as_inspector, ward, team):
    walk = WalkFactory(bcu=ward.borough.bcu, officers=team, map_coordinates=HER_POINT, meeting_place="Blue Anchor gate")
    scheduled_booking(team, borough=ward.borough, ward=ward, walk=walk)

    page = as_inspector.get(MAP, {"show": "walks"})

    assert spots(as_inspector, show="walks") == [(WARD_MIDDLE, False)]
    assert "Blue Anchor" not in page.text
    assert "51.47004" not in page.text


def test_walk_of_hers_is_where_it_begins(as_inspector, inspector, ward, team):
    walk = WalkFactory(bcu=ward.borough.bcu, officers=team, map_coordinates=HER_POINT, meeting_place="Blue Anchor gate")
    booking = scheduled_booking(team, borough=ward.borough, ward=ward, walk=walk)
    ClaimFactory(booking=booking, officer=inspector)

    assert spots(as_inspector, show="walks") == [("51.47004,-0.06944", True)]
    assert spots(as_inspector, show="walks", ward="E05011107") == spots(as_inspector, show="walks")
    assert spots(as_inspector, show="walks", borough="E09000028") == spots(as_inspector, show="walks")


def test_ward_filter_leaves_out_walks_elsewhere(as_inspector, ward, team):
    scheduled_booking(team, borough=ward.borough, ward=None)

    assert len(shown(as_inspector, show="walks")) == 1
    assert shown(as_inspector, show="walks", ward="E05011107") == []


def test_open_concerns_are_at_the_place_they_name(as_inspector, inspector, ward):
    booking = BookingFactory(borough=ward.borough, ward=ward, status=Status.DECLINED)
    owned = {"owner": inspector, "review_date": REVIEW_DATE}
    ConcernFactory(report__booking=booking, place="Under the bridge")
    ConcernFactory(report__booking=booking, place="Behind Peckham Library", state=State.ACCEPTED, **owned)
    ConcernFactory(report__booking=booking, place="Gone", state=State.RESOLVED, **owned)

    rows = {row.place: row.spot for row in shown(as_inspector, show="concerns")}

    assert {place: spot.is_exact for place, spot in rows.items()} == {
        "Under the bridge": False,
        "Behind Peckham Library": True,
    }
    assert rows["Under the bridge"].at == WARD_MIDDLE


def test_restricted_concern_is_hidden_from_the_team(as_inspector, stranger, ward):
    booking = BookingFactory(borough=ward.borough, ward=ward, nominated_inspector=stranger)
    ConcernFactory(report__booking=booking, nominated_inspector=stranger)

    assert shown(as_inspector, show="concerns") == []


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", ["requests", "walks", "concerns"])
def test_empty_list_says_what_would_be_there(show, as_inspector):
    page = as_inspector.get(MAP, {"show": show})

    assert "data-map" not in page.text
    assert page.context["nothing"] in page.text


@pytest.mark.parametrize("show", ["requests", "walks", "concerns"])
def test_each_tab_is_valid_html(show, as_inspector, inspector, ward, team):
    booking = scheduled_booking(team, borough=ward.borough, ward=ward)
    ConcernFactory(report__booking=booking)

    text = as_inspector.get(MAP, {"show": show}).text

    assert "data-at=" in text
    assert html_faults(text) + tag_faults(text) == []


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/staff/bookings/?state=ready&borough=E09000028", "/staff/map/?state=ready&amp;borough=E09000028"),
        ("/staff/walks/", "/staff/map/?show=walks"),
        ("/staff/concerns/", "/staff/map/?show=concerns"),
    ],
)
def test_lists_lead_to_the_map(page, link, as_inspector, ward):
    assert f'href="{link}"' in as_inspector.get(page).text


@pytest.mark.parametrize("show", ["requests", "walks", "concerns"])
def test_map_makes_as_many_queries_for_four_rows_as_for_one(show, as_inspector, inspector, ward, team):
    def add():
        people = [OfficerFactory(bcu=ward.borough.bcu) for _each in range(2)]
        walk = WalkFactory(bcu=ward.borough.bcu, officers=people)
        booking = scheduled_booking(people, borough=ward.borough, ward=ward, walk=walk)
        ClaimFactory(booking=booking, officer=inspector)
        BookingFactory(borough=ward.borough, ward=ward)
        ConcernFactory(report__booking=booking)

    add()
    one = count_queries(as_inspector, MAP, {"show": show})
    for _each in range(3):
        add()

    assert count_queries(as_inspector, MAP, {"show": show}) == one <= 15
