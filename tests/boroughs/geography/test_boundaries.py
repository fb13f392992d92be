import pytest

from boroughs.geography.boundaries import Shape, borough_at
from boroughs.reference import rows

CAMDEN, LAMBETH, SOUTHWARK, CITY = "E09000007", "E09000022", "E09000028", "E09000001"
SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
HOLE = [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)]


@pytest.mark.parametrize(
    ("lat", "lon", "borough"),
    [
        (51.4700, -0.0695, SOUTHWARK),
        (51.4627, -0.1146, LAMBETH),
        (51.5308, -0.1238, CAMDEN),
        (51.5138, -0.0984, CITY),
        (48.8566, 2.3522, ""),
        (51.2, 0.0, ""),
        (float("nan"), float("nan"), ""),
        (float("inf"), 0.0, ""),
    ],
)
def test_borough_at_finds_the_borough_of_a_point(lat, lon, borough):
    assert borough_at(lat, lon) == borough


def test_borough_at_agrees_with_our_public_places():
    places = rows("stations.csv")[::9] + rows("libraries.csv")[::9]

    errors = [row["name"] for row in places if borough_at(float(row["lat"]), float(row["lon"])) != row["borough"]]

    assert len(places) > 90
    assert errors == []


def test_point_in_a_hole_is_outside():
    shape = Shape({}, [SQUARE, HOLE])

    assert [shape.holds(point) for point in ((0.5, 2), (2, 2), (3.5, 2), (5, 2))] == [True, False, True, False]
