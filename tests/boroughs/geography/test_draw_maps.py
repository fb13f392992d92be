"""The committed maps match the data, and are small."""

import gzip
import json

import pytest
from django.conf import settings

from boroughs.geography import picture
from boroughs.geography.boundaries import borough_at, borough_shapes
from boroughs.management.commands.draw_maps import draw_maps, draw_picture
from boroughs.reference import units

MAPS = settings.BASE_DIR / "static" / "map"
SOUTHWARK = "E09000028"
LARGEST = 20_000
"""Bytes, compressed. With everything else, a page must stay below 130 KB."""


@pytest.fixture(scope="module")
def southwark_map():
    return json.loads((MAPS / f"{SOUTHWARK}.json").read_text("utf-8"))


def test_each_borough_and_each_bcu_has_a_map_that_matches_the_data():
    committed = {path.name: path.read_text("utf-8") for path in MAPS.glob("*.json")}

    assert len(committed) == len(borough_shapes()) + len(units()) == 33 + 12
    assert dict(draw_maps()) == committed


def test_picture_of_london_matches_the_data_and_is_not_large():
    content = (settings.BASE_DIR / "static" / picture.FILE).read_bytes()

    assert content.decode() == draw_picture()
    assert len(gzip.compress(content)) < 3 * LARGEST


def test_no_map_is_large():
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in MAPS.glob("*.json")}

    of_units = {f"{unit.code}.json" for unit in units()}
    assert {name: size for name, size in sizes.items() if size > LARGEST and name not in of_units} == {}
    assert max(sizes[name] for name in of_units) < 2 * LARGEST


def test_map_of_a_bcu_shows_all_its_boroughs():
    content = json.loads((MAPS / "AS.json").read_text("utf-8"))

    shown = {name for _gss, name, lat, _lon, _rings in content["boroughs"] if lat}
    west, south, east, north = content["box"]
    assert {"Lambeth", "Southwark"} <= shown
    assert (west < -0.15, south < 51.42, east > -0.04, north > 51.5) == (True, True, True, True)


def test_map_shows_the_borough_its_neighbours_and_named_places(southwark_map):
    names = [name for name, _kind, _lat, _lon in southwark_map["places"]]

    assert {"Southwark", "Lambeth", "Lewisham"} <= {name for _gss, name, *_more in southwark_map["boroughs"]}
    assert {"Peckham Rye station", "Burgess Park", "Peckham Library", "Peckham"} <= set(names)
    assert all(southwark_map[layer] for layer in ("park", "water", "road"))


def test_map_has_the_outline_of_its_borough(southwark_map):
    west, south, _east, _north = southwark_map["box"]
    rings = next(rings for gss, _name, _lat, _lon, rings in southwark_map["boroughs"] if gss == SOUTHWARK)
    [ring] = rings

    east_of, north_of = sum(ring[0::2]), sum(ring[1::2])
    corner = ring[0] * 1e-5 + west, ring[1] * 1e-5 + south

    assert (east_of, north_of) == (ring[0], ring[1])  # a ring ends where it starts
    assert borough_at(corner[1] + 1e-3, corner[0]) or borough_at(corner[1] - 1e-3, corner[0])
