"""The question about the area of the walk."""

import pytest

from bookings.models.drafts import Draft
from tests.support.drafts_and_messages import CHECK
from tests.support.markup import Markup
from tests.support.request_form import answer_question, question_address


def test_postcode_is_not_kept(at_question):
    client = at_question("area")

    response = answer_question(client, "area", {"place": "se1 9sg"})

    area = Draft.objects.get().answers["area"]
    assert response["Location"] == question_address("age")
    assert area["borough"] == "E09000028"
    assert set(area) == {"borough", "ward"}
    assert "9SG" not in client.get(question_address("area")).text.upper()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("", "Enter a place, like Peckham, or a postcode"),
        (" ", "Enter a place, like Peckham, or a postcode"),
        ("SE15 4", "Enter a full postcode, like SE15 4QL"),
        ("ZZ1 1AA", "We can’t find this postcode"),
        ("Xyzzyville", "We can’t find a place with that name in London"),
        ("p" * 10_000, "Place must be 100 characters or fewer"),
    ],
)
def test_area_shows_errors_for_places_it_cannot_find(at_question, place, sentence):
    client = at_question("area")

    response = answer_question(client, "area", {"place": place})

    assert response.status_code == 422
    assert sentence in response.text
    assert place.strip() in response.text
    assert "area" not in Draft.objects.get().answers


@pytest.mark.parametrize("place", ["Southwark", "peckham", "Peckham Rye station", "Rye Lane, Southwark", "SE15 4QL"])
def test_area_accepts_a_place_by_its_name_at_once(at_question, place):
    client = at_question("area")

    response = answer_question(client, "area", {"place": place})

    assert response["Location"] == question_address("age")
    assert Draft.objects.get().answers["area"]["borough"] == "E09000028"


def test_area_asks_which_place_if_several_fit(at_question):
    client = at_question("area")

    search = answer_question(client, "area", {"place": "peck"})
    codes = [tag.attrs["value"] for tag in Markup(search.text).all("button") if tag.attrs.get("name") == "found"]
    response = answer_question(client, "area", {"place": "peck", "found": codes[0]})

    assert search.status_code == 200
    assert "Which of these is it?" in search.text
    assert "Peckham, Southwark" in search.text
    assert response["Location"] == question_address("age")
    assert Draft.objects.get().answers["area"]["borough"] == "E09000028"


def test_area_refuses_a_place_that_is_not_in_its_list(at_question):
    response = answer_question(at_question("area"), "area", {"place": "Peckham", "found": "E99"})

    assert response.status_code == 422
    assert "area" not in Draft.objects.get().answers


def test_area_sends_the_city_to_its_own_force(at_question):
    response = answer_question(at_question("area"), "area", {"place": "City of London"})

    assert response["Location"] == question_address("city")


def test_area_lists_well_known_places_for_browsers_without_javascript(at_question):
    page = Markup(at_question("area").get(question_address("area")).text)

    [box] = [tag for tag in page.all("input") if tag.attrs.get("name") == "place"]

    assert box.attrs["list"] == page.all("datalist")[0].attrs["id"]
    assert {"Southwark", "Peckham, Southwark"} <= {option.attrs["value"] for option in page.all("option")}


def test_same_borough_keeps_the_ward(at_question):
    client = at_question("area")
    answer_question(client, "area", {"place": "SE15 4QL"})
    ward = Draft.objects.get().answers["area"]["ward"]

    answer_question(client, "area", {"place": "Southwark"})

    assert ward
    assert Draft.objects.get().answers["area"]["ward"] == ward


def test_another_borough_asks_for_the_meeting_place_again(at_question, camden):
    client = at_question("contact")

    response = answer_question(client, "area", {"place": "Camden"})

    assert response["Location"] == question_address("meeting-place")
    assert "Peckham" not in client.get(question_address("meeting-place")).text


def test_another_borough_asks_again_for_times_it_does_not_allow(at_question, camden):
    camden.bcu.notice_days = 20
    camden.bcu.save()
    client = at_question("check")
    answer_question(client, "area", {"place": "Camden"})
    answer_question(client, "meeting-place", {"how": "suggest"})

    response = client.get(CHECK, follow=True)

    assert response.redirect_chain == [(question_address("when"), 302)]
    assert "First choice must be between" in response.text
