import pytest

from boroughs.geography.map_points import InvalidMapPoint, MapPoint
from boroughs.geography.places import place_named_in
from tests.support.map_points import INVALID_MAP_POINTS

RYE = "51.47004,-0.06944"
SOUTHWARK, LAMBETH = "E09000028", "E09000022"


def test_map_point_is_parsed_to_the_metre():
    map_point = MapPoint.parse(" 51.4700412345, -0.06944999 ")

    assert map_point.as_list == [51.47004, -0.06945]
    assert MapPoint.parse(str(map_point)) == map_point
    assert MapPoint.from_list(map_point.as_list) == map_point


@pytest.mark.parametrize("text", ["", "  "])
def test_empty_map_point_is_none(text):
    assert MapPoint.parse(text) is None
    assert MapPoint.from_list(None) is None


@pytest.mark.parametrize("text", INVALID_MAP_POINTS)
def test_text_outside_london_is_not_a_map_point(text):
    with pytest.raises(InvalidMapPoint):
        MapPoint.parse(text)


def test_near_names_the_nearest_public_place_and_its_borough():
    assert MapPoint.parse(RYE).near == "near Peckham Rye station, Southwark"


def test_nearby_gives_distance_and_direction_nearest_first():
    nearby = MapPoint(51.4712, -0.0694).nearby(3)

    assert [str(place) for place in nearby] == [
        "Peckham Rye station, about 150 metres to the south",
        "Peckham Library, about 350 metres to the north",
        "Dr Harold Moody Park, about 700 metres to the south-east",
    ]


def test_nearby_uses_kilometres_far_off_and_no_distance_at_the_point():
    station = place_named_in("Peckham Rye station", SOUTHWARK)

    far = MapPoint(51.30, 0.12).nearby(1)[0]
    here = MapPoint(station.lat, station.lon).nearby(1)[0]

    assert str(here) == "Peckham Rye station, here"
    assert " km to the " in str(far)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("By the flower stall, Peckham Rye Station", "Peckham Rye station"),
        ("peckham library’s steps", None),
        ("Peckham Library, steps", "Peckham Library"),
        ("Brixton station", None),
        ("The café", None),
    ],
)
def test_place_named_in_finds_a_public_place_of_the_borough(words, name):
    place = place_named_in(words, SOUTHWARK)

    assert (str(place) if place else None) == name
