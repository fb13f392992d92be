import pytest

from boroughs.geography import places as geography_places
from boroughs.geography.places import meeting_places, search_places

SOUTHWARK = "E09000028"
CITY = "E09000001"
RYE_LANE = "E05011113"


def test_search_places_finds_a_place_with_its_borough():
    place = search_places("Peckham")[0]

    assert (place.name, place.kind, place.borough, place.borough_name) == (
        "Peckham",
        "neighbourhood",
        SOUTHWARK,
        "Southwark",
    )


@pytest.mark.parametrize("text", ["kings cross", "King's Cross", "KING’S  CROSS", "kíngs cro", "cross king"])
def test_search_places_ignores_case_accents_apostrophes_and_order(text):
    assert "King's Cross" in [place.name for place in search_places(text)]


def test_search_places_matches_the_start_of_words():
    assert "Peckham Rye station" in [str(place) for place in search_places("peck ry")]
    assert search_places("eckham") == []


def test_search_places_ignores_and():
    assert [str(place) for place in search_places("elephant and castle")] == [
        "Elephant & Castle",
        "Elephant & Castle station",
    ]


def test_search_places_filters_by_borough_name():
    places = search_places("queens park brent")

    assert places
    assert {place.borough_name for place in places} == {"Brent"}


def test_search_places_puts_the_exact_name_first():
    # Stations come before parks, unless the park's exact name was typed.
    assert [str(place) for place in search_places("langdon park")][:2] == ["Langdon Park", "Langdon Park station"]


def test_search_places_puts_names_that_start_with_the_word_first():
    names = [str(place) for place in search_places("southwark")]

    assert names[0] == "Southwark"
    assert names.index("Southwark Park") < names.index("Borough & Southwark Street")


def test_search_places_has_each_name_once_in_a_borough():
    keys = [(str(place), place.borough) for place in search_places("bethnal green", limit=100)]

    assert ("Bethnal Green", "E09000030") in keys
    assert len(keys) == len(set(keys))


def test_search_places_respects_the_limit():
    assert len(search_places("e")) == 20
    assert len(search_places("e", limit=3)) == 3


@pytest.mark.parametrize("text", ["", "  ", "and", "'", "\x00", "\ud800", "🦊", "x" * 10_000])
def test_search_places_finds_nothing_for_other_text(text):
    assert search_places(text) == []


def test_meeting_places_are_stations_libraries_and_parks_in_the_borough():
    places = meeting_places(SOUTHWARK)

    assert [place.kind for place in places] == ["station"] * 6 + ["library"] * 3 + ["park"] * 3
    assert {place.borough for place in places} == {SOUTHWARK}
    assert "London Bridge station" in [str(place) for place in places]


def test_meeting_places_start_with_the_nearest_to_a_ward():
    places = meeting_places(SOUTHWARK, near=RYE_LANE, limit=4)

    assert [str(place) for place in places] == [
        "Peckham Rye station",
        "Queens Road Peckham station",
        "Nunhead Library",
        "Dr Harold Moody Park",
    ]


def test_meeting_places_fill_up_with_other_kinds():
    # The City has no park on the list.
    kinds = [place.kind for place in meeting_places(CITY, limit=12)]

    assert kinds == ["station"] * 9 + ["library"] * 3


def test_meeting_places_are_empty_outside_london():
    assert meeting_places("E06000034") == ()


def test_warm_loads_the_files():
    caches = [geography_places._by_name, geography_places._meeting_places, geography_places._ward_middles]
    for cache in caches:
        cache.cache_clear()

    geography_places.warm()

    assert [cache.cache_info().currsize for cache in caches] == [1, 1, 1]
