"""Concerns are found by what is not encrypted. Each search is logged, and counts against the budget."""

import pytest

from accounts.models import SecurityEvent, SecurityEventKind
from tests.support.factories import BookingFactory, WardFactory
from tests.support.feedback_factories import ConcernFactory

pytestmark = pytest.mark.django_db

FIND = "/staff/concerns/find/"


@pytest.fixture
def client(client, inspector):
    client.force_login(inspector)
    return client


@pytest.fixture
def concern(southwark):
    ward = WardFactory(borough=southwark, name="Rye Lane")
    found = ConcernFactory(report__booking=BookingFactory(borough=southwark, ward=ward), place="Choumert Road")
    ConcernFactory(kind="followed")
    return found


def found(client, words):
    return [row.concern for row in client.post(FIND, {"words": words}).context["rows"]]


def test_found_by_each_thing_that_can_be_searched(client, concern):
    booking = concern.report.booking
    words = [
        concern.reference,
        concern.reference.lower().replace("-", " "),
        booking.spoken_reference,
        booking.reference.lower(),
        "rye lane",
        " RYE  Lane ",
        "lights",
    ]

    assert [found(client, each) for each in words] == [[concern]] * len(words)


@pytest.mark.parametrize("words", ["Choumert", "Maya", "C-00000000", "K7QX-M2PD-9TRWE", "Kentish Town", "%%%", "___"])
def test_not_found_by_what_is_encrypted_or_not_hers(words, client, concern):
    response = client.post(FIND, {"words": words})

    assert response.context["rows"] == []
    assert "Nothing found" in response.text


def test_search_finds_nothing_that_she_cannot_see(client, concern, stranger, southwark):
    restricted = ConcernFactory(report__booking=BookingFactory(borough=southwark, nominated_inspector=stranger))
    assert found(client, concern.reference) == [concern]

    assert found(client, restricted.reference) == []
    assert found(client, restricted.report.booking.reference) == []
    client.force_login(stranger)
    assert found(client, concern.reference) == []
    assert found(client, restricted.report.booking.reference) == [restricted]


def test_search_is_logged_without_its_words(client, concern, inspector):
    client.post(FIND, {"words": "Rye Lane"})

    event = SecurityEvent.objects.get(kind=SecurityEventKind.SEARCHED)
    assert (event.officer, event.count) == (inspector, 1)
    assert "rye" not in str(vars(event)).lower()


def test_search_pauses_after_too_many(client, concern, settings):
    settings.SEARCHES_PER_PERSON_AN_HOUR = 2

    statuses = [client.post(FIND, {"words": "lights"}).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


@pytest.mark.parametrize(
    ("words", "error"), [("", "Enter what you’re looking for"), ("ry", "Enter at least 3 letters")]
)
def test_search_says_what_to_enter(words, error, client):
    response = client.post(FIND, {"words": words})

    assert (response.status_code, response.context["error_summary"]) == (422, [{"text": error, "href": "#id_words"}])
    assert not SecurityEvent.objects.filter(kind=SecurityEventKind.SEARCHED).exists()


def test_page_says_what_cannot_be_searched(client):
    assert "both are encrypted" in client.get(FIND).text
