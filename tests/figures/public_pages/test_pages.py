"""Everyone can read what women told us in London, each BCU and each borough. Nothing points to a woman or a walk."""

import datetime
import re

import pytest

from feedback.models.improvements import Improvement
from feedback.models.places import ReportedPlace
from feedback.statuses import State
from figures.snapshots.measures import MEASURES
from tests.support.factories import BoroughFactory
from tests.support.published import make_published_improvement, make_snapshot
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

LONDON = "/what-women-told-us/"
BCU = "/what-women-told-us/central-south/"
BOROUGH = "/what-women-told-us/southwark/"
OTHER_BOROUGH = "/what-women-told-us/lambeth/"
PARK = "Peckham Rye Park"
ALL = {measure.code: 15 for measure in MEASURES}


@pytest.fixture
def lambeth(southwark):
    return BoroughFactory(gss="E09000022", name="Lambeth", slug="lambeth", bcu=southwark.bcu)


@pytest.fixture
def city(db):
    return BoroughFactory(gss="E09000001", name="City of London", slug="city-of-london", bcu=None)


@pytest.fixture
def published(southwark):
    """Two quarters with different figures for London and for Central South."""
    make_snapshot(datetime.date(2025, 1, 1), LONDON={**ALL, "requests": 1235}, AS={**ALL, "requests": 55})
    make_snapshot(
        datetime.date(2025, 4, 1), LONDON={**ALL, "requests": 1240, "walks_held": None}, AS={**ALL, "requests": 60}
    )


@pytest.fixture
def make_change(southwark, inspector, lead):
    def make(words="The lamps work again.", borough=southwark, **fields):
        return make_published_improvement(borough, lead=lead, public_words=words, words_by=inspector, **fields)

    return make


def headlines(page):
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd.*?>\s*(.*?)\s*</dd>", page.text, re.DOTALL)
    return dict(found)


def test_london_and_bcu_show_the_newest_quarter(client, published):
    london, bcu = client.get(LONDON), client.get(BCU)

    assert headlines(london)["Requests for a walk"] == "1,240"
    assert (headlines(bcu)["Requests for a walk"], headlines(bcu)["Walks held"]) == ("60", "15")
    assert "April to June 2025" in london.text
    assert "January to March 2025" in london.text  # in the table


def test_number_that_is_not_published_is_said_in_words(client, published):
    assert headlines(client.get(LONDON))["Walks held"] == "too few to say"


def test_group_of_concerns_has_examples_of_its_kinds(client, published):
    rows = re.findall(r"row\">\s*(.*?)</th>", client.get(BCU).text, re.DOTALL)
    shown = [re.sub(r"\s*<.*?>\s*", " ", row).strip() for row in rows[:5]]

    assert shown[0] == "The place itself too dark, or lights not working; blind corners or places I can’t see into"
    assert shown[3].startswith("Help nearby I don’t see police")
    assert shown[4] == "Anything else"


def test_london_leads_to_each_bcu_and_its_boroughs(client, lambeth, city):
    each_part = client.get(LONDON).text.partition("Each part of London")[2]

    links = re.findall(r'href="/what-women-told-us/([a-z-]+)/"', each_part)

    assert links == ["central-south", "lambeth", "southwark"]


@pytest.mark.parametrize(("path", "more"), [(LONDON, "#parts"), (BCU, "#parts"), (BOROUGH, "data/improvements.json")])
def test_more_changes_than_the_page_has_are_one_link_away(client, make_change, monkeypatch, path, more):
    monkeypatch.setattr("figures.public_pages.views.MOST_SHOWN", 1)
    for number in range(2):
        make_change(f"Change {number}")

    notice = re.search(r"This is the newest\..*?</p>", client.get(path).text, re.DOTALL)

    assert notice is not None
    assert more in notice[0]


def test_borough_shows_figures_of_its_bcu_and_says_so(client, published, make_change, lambeth):
    make_change("The lamps work again.")
    make_change("The hedge is cut.", borough=lambeth)

    page = client.get(BOROUGH)

    assert headlines(page)["Requests for a walk"] == "60"
    assert "Southwark has no figures of its own" in page.text
    assert ("The lamps work again." in page.text, "The hedge is cut." in page.text) == (True, False)
    assert "The hedge is cut." in client.get(BCU).text


def test_without_figures_and_changes_the_page_says_when_there_will_be_some(client, southwark):
    page = client.get(LONDON).text

    assert "You’ll read here what they told us" in page
    assert "We’ll publish the first figures four weeks after the end of a quarter." in page
    assert "Nothing to show here yet." in page
    assert "Use the data" not in page


def test_files_of_figures_are_not_offered_while_there_are_none(client, make_change):
    make_change()

    files = re.findall(r'<li>\s*<a[^>]*href="/what-women-told-us/data/([a-z.]+)"', client.get(LONDON).text)

    assert files == ["improvements.json", "improvements.atom", "openapi.json"]


@pytest.mark.parametrize("path", ["/what-women-told-us/atlantis/", "/what-women-told-us/city-of-london/"])
def test_areas_that_are_not_ours_are_not_found(client, southwark, city, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [LONDON, BCU, BOROUGH])
def test_pages_take_three_queries_and_are_kept_by_browsers(client, published, make_change, path):
    for number in range(3):
        make_change(f"Change {number}", map_place=PARK)
    fresh = client.get(path)

    again = client.get(path, headers={"if-none-match": fresh["ETag"]})

    assert count_queries(client, path) <= 3
    assert (fresh["Cache-Control"], again.status_code) == ("public, max-age=300, s-maxage=10", 304)


def test_map_shows_public_places_alone_with_the_number_of_the_list(client, make_change):
    make_change("Not on the map.")
    make_change("In the park.", map_place=PARK, done_date=datetime.date(2026, 9, 1))
    make_change("In the park, too.", map_place=PARK, done_date=datetime.date(2026, 8, 1))

    page = client.get(BOROUGH)

    assert [dot.numbers for dot in page.context["map"].dots] == ["1, 2"]
    assert [change.number for change in page.context["changes"]] == [None, 1, 2]


def test_place_of_a_woman_is_never_on_the_map(client, make_change, southwark):
    spot = ReportedPlace.objects.create(bcu=southwark.bcu, borough=southwark, lat=51.47, lon=-0.07, name="Rye Lane")
    make_change(place=spot)

    assert client.get(BOROUGH).context["map"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"approved_by": None, "approved_at": None},
        {"state": State.ACCEPTED},
        {"state": State.NO_ACTION},
    ],
)
def test_what_is_not_approved_or_not_done_is_on_no_page(client, make_change, change):
    Improvement.objects.filter(pk=make_change("Our secret.").pk).update(**change)

    assert [path for path in (LONDON, BCU, BOROUGH) if "Our secret." in client.get(path).text] == []


def test_what_is_kept_from_a_bcu_is_on_no_page(client, make_change, stranger):
    Improvement.objects.filter(pk=make_change("Our secret.").pk).update(nominated_inspector=stranger)

    assert [path for path in (LONDON, BCU, BOROUGH) if "Our secret." in client.get(path).text] == []


def test_only_the_words_for_the_public_are_shown(client, make_change):
    improvement = make_change(change="Mend lamp 14", where="Behind the bins", lamp_number="14")

    page = client.get(BOROUGH).text

    shown = [text for text in ("Mend lamp 14", "Behind the bins", improvement.reference, "14") if f">{text}" in page]
    assert shown == []
