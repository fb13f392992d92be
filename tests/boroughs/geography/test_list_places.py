"""The committed list of places matches the data, and is small."""

import gzip
import json

from django.conf import settings

from boroughs.geography.places import KINDS, place_with_borough, search_places
from boroughs.management.commands.list_places import FILE, list_places

LIST = settings.BASE_DIR / "static" / FILE
LARGEST = 20_000
"""Bytes, compressed. The list is fetched once, when the search box gets focus."""


def test_list_matches_the_data():
    assert LIST.read_text("utf-8") == list_places()


def test_list_is_small():
    assert len(gzip.compress(LIST.read_bytes())) < LARGEST


def test_list_has_every_kind_of_place_with_its_borough():
    southwark = dict(zip(KINDS, json.loads(LIST.read_text("utf-8"))["Southwark"], strict=True))

    assert southwark["borough"] == ["Southwark"]
    assert "Peckham" in southwark["neighbourhood"]
    assert "Peckham Rye station" in southwark["station"]
    assert "Peckham Library" in southwark["library"]
    assert "Brunswick Park" in southwark["park"]


def test_server_finds_one_place_for_each_line():
    for borough, kinds in json.loads(LIST.read_text("utf-8")).items():
        name = kinds[-1][0] if kinds[-1] else kinds[1][0]

        assert place_with_borough(f"{name}, {borough}").borough_name == borough
    assert place_with_borough("Southwark") == search_places("Southwark")[0]
    assert place_with_borough("") is place_with_borough("Peckham") is None
