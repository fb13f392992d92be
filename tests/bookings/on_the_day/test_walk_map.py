"""The meeting place on our own map: for the requester with her link, and for officers who have signed in."""

import dataclasses

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models.events import Event
from bookings.notices import threads
from bookings.statuses import Channel, EventKind
from outbox.models import Message
from tests.support.decisions import change_now, schedule_now
from tests.support.factories import BookingFactory, WalkFactory, confirmed_adjustments, scheduled_booking
from tests.support.markup import Markup
from tests.support.requester_pages import PIN, create_page_link

pytestmark = pytest.mark.django_db

HERE = [51.47004, -0.06944]
IN_LAMBETH = [51.4627, -0.1146]


def booked(team, southwark, **fields):
    channel = fields.pop("channel", Channel.FULL)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, **fields)
    return scheduled_booking(team, borough=southwark, walk=walk, channel=channel)


def get_map(booking):
    return f"{create_page_link(booking)}map/"


def read_map(response):
    """Return what the page tells the map to draw."""
    [box] = [tag.attrs for tag in Markup(response.text).tags if "data-map" in tag.attrs]
    return {name: box[name] for name in ("data-map", "data-map-point", "data-about", "data-borough")}


def test_map_describes_the_place_and_places_near_the_point(client, team, southwark):
    response = client.get(get_map(booked(team, southwark, map_coordinates=HERE)))

    assert "Peckham Rye station, by the flower stall" in response.text
    assert "The point is near Peckham Rye station, Southwark." in response.text
    assert "Peckham Library, about " in response.text
    assert read_map(response) == {
        "data-map": "/static/map/E09000028.json",
        "data-map-point": "51.47004,-0.06944",
        "data-about": "51.47004,-0.06944",
        "data-borough": "E09000028",
    }


def test_map_names_the_nearest_stations_and_keeps_two_of_them_in_view(client, team, southwark):
    response = client.get(get_map(booked(team, southwark, map_coordinates=HERE)))

    [box] = [tag.attrs for tag in Markup(response.text).tags if "data-map" in tag.attrs]
    stations = [str(each.place) for each in response.context["stations"]]
    assert "Nearest stations" in response.text
    assert stations[0] == "Peckham Rye station"
    assert len(stations) == 3
    assert box["data-first"] == "|".join(stations[:2])
    assert {each.place.kind for each in response.context["nearby"]} <= {"library", "park"}


def test_map_without_a_point_shows_the_named_place(client, team, southwark):
    response = client.get(get_map(booked(team, southwark)))

    assert "There’s no point on the map" in response.text
    assert "The map shows Peckham Rye station." in response.text
    assert "Peckham Library, about " in response.text
    assert read_map(response)["data-map-point"] == ""
    assert read_map(response)["data-about"].startswith("51.4")


def test_map_without_a_point_or_known_place_shows_the_borough(client, team, southwark):
    response = client.get(get_map(booked(team, southwark, meeting_place="The café with the red door")))

    assert "The map shows Southwark." in response.text
    assert "What’s near" not in response.text
    assert (read_map(response)["data-map-point"], read_map(response)["data-about"]) == ("", "")


def test_map_shows_a_point_in_another_borough(client, team, southwark):
    response = client.get(get_map(booked(team, southwark, map_coordinates=IN_LAMBETH)))

    assert "Lambeth" in response.text
    assert read_map(response)["data-map"] == "/static/map/E09000022.json"


def test_map_redirects_before_a_walk_is_scheduled(client, southwark):
    booking = BookingFactory(borough=southwark)

    response = client.get(get_map(booking))

    assert response.status_code == 302
    assert not response["Location"].endswith("map/")


def test_discreet_map_asks_for_the_pin_and_has_a_neutral_title(client, team, southwark):
    path = get_map(booked(team, southwark, map_coordinates=HERE, channel=Channel.DISCREET)).replace("/my-walk/", "/r/")
    host = {"host": settings.DISCREET_HOST}

    previous_response = client.get(path, headers=host)
    client.post(path, {"pin": PIN}, headers=host)
    after = client.get(path, headers=host)

    assert "51.47" not in previous_response.text + previous_response.headers.get("Location", "")
    assert "Peckham" not in previous_response.text
    assert read_map(after)["data-map-point"] == "51.47004,-0.06944"
    assert Markup(after.text).title == "Where we meet"
    assert settings.PUBLIC_URL not in after.text


@pytest.mark.parametrize("pin", [HERE, None])
def test_officers_see_the_map_of_their_walk(pin, client, officer, team, southwark):
    booking = booked(team, southwark, map_coordinates=pin)
    client.force_login(officer)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("on_the_day:walk_map", args=[booking.walk.pk]))

    assert "Peckham Rye station, by the flower stall" in response.text
    assert read_map(response)["data-map-point"] == ("51.47004,-0.06944" if pin else "")
    assert "Maya" not in response.text
    assert len(queries) <= 11  # one of them counts for the navigation


def test_map_of_an_erased_walk_is_not_found(client, inspector, team, southwark):
    booking = booked(team, southwark, map_coordinates=HERE)
    client.force_login(inspector)
    booking.walk.erased_at = booking.asked_at
    booking.walk.save()

    assert client.get(reverse("on_the_day:walk_map", args=[booking.walk.pk])).status_code == 404


# --- The inspector chooses the point ----------------------------------------------------------------------------------


def test_schedule_page_begins_with_the_requesters_point_and_offers_public_places(client, inspector, southwark):
    booking = BookingFactory(borough=southwark, contact__map_coordinates=HERE)
    client.force_login(inspector)

    page = client.get(reverse("scheduling:schedule", args=[booking.pk]))

    choices = page.context["form"].fields["map_coordinates"].choices
    assert page.context["form"].initial["map_coordinates"] == HERE
    assert choices[:2] == [
        ("", "No point, the words alone"),
        ("51.47004,-0.06944", "Where Maya Example put it, near Peckham Rye station, Southwark"),
    ]
    assert "London Bridge station" in dict(choices).values()
    selected = [tag for tag in Markup(page.text).all("option") if "selected" in tag.attrs]
    assert selected[0].attrs["value"] == "51.47004,-0.06944"


@pytest.mark.parametrize("pin", ["nan,nan", "48.85,2.35", "<script>", "x" * 5000])
def test_schedule_page_refuses_a_point_outside_london_and_keeps_the_rest(pin, client, inspector, southwark):
    booking = BookingFactory(borough=southwark)
    client.force_login(inspector)

    page = client.post(
        reverse("scheduling:schedule", args=[booking.pk]),
        {"map_coordinates": pin, "meeting_place": "The clock", "version": 1},
    )

    assert page.status_code == 422
    assert "The point must be in London" in page.text
    assert "<script>" not in page.text
    assert "The clock" in page.text


def test_schedule_booking_keeps_the_point_and_the_card_links_to_the_map(inspector, team, southwark, plan):
    booking = BookingFactory(borough=southwark)

    schedule_now(booking, inspector, plan=dataclasses.replace(plan, map_coordinates=HERE), officers=team)

    booking.refresh_from_db()
    card = Message.objects.in_thread(threads.requester_thread(booking)).get()
    assert booking.walk.map_coordinates == HERE
    assert "/map/" in card.text


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (None, HERE, "The map now shows another spot."),
        (HERE, IN_LAMBETH, "The map now shows another spot."),
        (HERE, None, "There is no map any more."),
    ],
)
def test_change_walk_tells_the_requester_that_the_point_moved(
    before, after, sentence, inspector, team, southwark, plan
):
    booking = booked(team, southwark, map_coordinates=before)
    same = {"start_at": booking.walk.start_at, "meeting_place": booking.walk.meeting_place}

    change_now(
        booking.walk,
        inspector,
        plan=dataclasses.replace(plan, **same, map_coordinates=after),
        officers=team,
        arranged=confirmed_adjustments(booking),
    )

    assert Event.objects.get(booking=booking, kind=EventKind.CHANGED).note == sentence
    booking.walk.refresh_from_db()
    assert booking.walk.map_coordinates == after
