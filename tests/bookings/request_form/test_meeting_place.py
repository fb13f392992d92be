"""The meeting place: described in words, chosen from nearby places, or marked on our map."""

import pytest

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from tests.support.drafts_and_messages import CHECK, post_send_form
from tests.support.factories import BCUFactory, BoroughFactory
from tests.support.map_points import INVALID_MAP_POINTS
from tests.support.markup import Markup
from tests.support.request_form import answer_question, complete_questions, question_address

pytestmark = pytest.mark.django_db

HERE = "51.47004,-0.06944"
KEPT = [51.47004, -0.06944]
IN_LAMBETH = "51.46270,-0.11460"
WORDS = {"how": "place", "place": "By the flower stall"}
PEOPLE_KNOW = "London Bridge station"


@pytest.fixture
def open_question(client, southwark):
    """A client that has reached this question."""
    complete_questions(client, until="meeting-place")
    return client


def saved_answers():
    return Draft.objects.get().answers["meeting-place"]


def test_suggested_place_can_be_chosen_with_one_press_without_javascript(open_question):
    response = answer_question(open_question, "meeting-place", {"suggested": PEOPLE_KNOW})

    assert response["Location"] == question_address("when")
    assert saved_answers() == {"how": "place", "place": PEOPLE_KNOW, "map_point": None}


@pytest.mark.parametrize("text", ["by the clock", f"{PEOPLE_KNOW}, by the clock"])
def test_typed_details_are_added_to_the_chosen_place(text, open_question):
    answer_question(open_question, "meeting-place", {"how": "place", "suggested": PEOPLE_KNOW, "place": text})

    assert saved_answers()["place"] == f"{PEOPLE_KNOW}, by the clock"


def test_place_that_was_not_suggested_is_refused(open_question):
    response = answer_question(open_question, "meeting-place", {"how": "place", "suggested": "My cellar"})

    assert response.status_code == 422
    assert "meeting-place" not in Draft.objects.get().answers


def test_suggest_a_place_keeps_no_text_and_no_point(open_question):
    answer_question(open_question, "meeting-place", {"how": "suggest", "place": "x", "map_point": HERE})

    assert saved_answers() == {"how": "suggest", "place": "", "map_point": None}


def test_point_is_kept_with_the_typed_place(open_question):
    answer_question(open_question, "meeting-place", {**WORDS, "map_point": HERE})

    assert saved_answers() == {"how": "place", "place": "By the flower stall", "map_point": KEPT}


def test_point_without_text_is_described(open_question):
    answer_question(open_question, "meeting-place", {"how": "place", "map_point": HERE})

    assert saved_answers()["place"] == "At the point on the map, near Peckham Rye station, Southwark"


@pytest.mark.parametrize("map_point", INVALID_MAP_POINTS)
def test_point_outside_london_is_refused_and_the_text_is_kept(map_point, open_question):
    response = answer_question(open_question, "meeting-place", {**WORDS, "map_point": map_point})

    assert response.status_code == 422
    assert "The point must be in London. Put it somewhere else, or remove it" in response.text
    assert "By the flower stall" in Markup(response.text).typed
    assert "meeting-place" not in Draft.objects.get().answers


def test_point_can_be_removed_without_javascript(open_question):
    answer_question(open_question, "meeting-place", {**WORDS, "map_point": HERE})
    page = open_question.get(question_address("meeting-place")).text
    fields = {tag.attrs["name"]: tag.attrs.get("value", "") for tag in Markup(page).all("input")}

    answer_question(open_question, "meeting-place", {**WORDS, "map_point": HERE, "remove_map_point": "on"})

    assert fields["map_point"] == HERE
    assert "remove_map_point" in fields
    assert saved_answers()["map_point"] is None
    assert "remove_map_point" not in open_question.get(question_address("meeting-place")).text


def test_check_page_describes_the_point_and_the_booking_keeps_it(client, southwark):
    complete_questions(client, meeting_place={**WORDS, "map_point": HERE})

    page = client.get(CHECK).text
    post_send_form(client)

    assert "By the flower stall<br>A point on the map, near Peckham Rye station, Southwark." in page
    assert "This point is in" not in page
    assert Booking.objects.get().contact.map_coordinates == KEPT


@pytest.mark.parametrize("is_same_team", [True, False])
def test_point_in_another_borough_is_kept_and_announced(is_same_team, client, southwark):
    bcu = southwark.bcu if is_same_team else BCUFactory(code="XX", name="Elsewhere")
    BoroughFactory(gss="E09000022", slug="lambeth", name="Lambeth", bcu=bcu)
    complete_questions(client, meeting_place={**WORDS, "map_point": IN_LAMBETH})

    page = client.get(CHECK).text
    post_send_form(client)

    assert "This point is in Lambeth, not in Southwark." in page
    assert ("Another team looks after Lambeth" in page) is not is_same_team
    assert Booking.objects.get().contact.map_coordinates == [51.4627, -0.1146]
