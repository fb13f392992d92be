"""The question about the area of the walk."""

import pytest

from bookings.models.drafts import Draft
from tests.support.drafts_and_messages import CHECK
from tests.support.request_form import answer_question, question_address


def test_postcode_is_not_kept(at_question):
    client = at_question("area")

    response = answer_question(client, "area", {"how": "postcode", "postcode": "se1 9sg"})

    area = Draft.objects.get().answers["area"]
    assert response["Location"] == question_address("meeting-place")
    assert area["borough"] == "E09000028"
    assert set(area) == {"borough", "ward"}
    assert "9SG" not in client.get(question_address("area")).text.upper()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Choose how you would like to tell us the area"),
        ({"how": "borough"}, "Choose a borough"),
        ({"how": "borough", "borough": "E99"}, "Choose one of the answers shown"),
        ({"how": "postcode"}, "Enter a postcode"),
        ({"how": "postcode", "postcode": "SE15"}, "Enter a full postcode, like SE15 4QL"),
        ({"how": "postcode", "postcode": "ZZ1 1AA"}, "We cannot find this postcode"),
        ({"how": "postcode", "postcode": "x" * 10_000}, "Enter a full postcode, like SE15 4QL"),
    ],
)
def test_area_shows_errors_for_missing_answers(at_question, answers, sentence):
    client = at_question("area")

    response = answer_question(client, "area", answers)

    assert response.status_code == 422
    assert sentence in response.text
    assert "area" not in Draft.objects.get().answers


def test_area_shows_the_typed_postcode_only_with_its_error(at_question):
    client = at_question("area")

    response = answer_question(client, "area", {"how": "postcode", "postcode": "SE15 4"})

    assert 'value="SE15 4"' in response.text


@pytest.mark.parametrize("answers", [{"borough": "E09000028"}, {"postcode": "SE15 4QL"}])
def test_area_accepts_a_filled_box_without_its_radio(at_question, answers):
    client = at_question("area")

    response = answer_question(client, "area", answers)

    assert response["Location"] == question_address("meeting-place")


def test_not_sure_finds_the_borough_by_a_place(at_question):
    client = at_question("area")

    address = answer_question(client, "area", {"how": "not_sure"})["Location"]
    search = client.post(address, {"place": "Peckham Rye", "searched": ""})
    response = client.post(address, {"place": "Peckham Rye", "searched": "Peckham Rye", "found": _first_value(search)})

    assert address == question_address("not-sure")
    assert search.status_code == 200
    assert response["Location"] == question_address("meeting-place")
    assert Draft.objects.get().answers["area"]["borough"] == "E09000028"


def test_not_sure_accepts_a_suggestion_without_another_step(at_question):
    client = at_question("area")
    answer_question(client, "area", {"how": "not_sure"})

    response = client.post(
        question_address("not-sure"), {"place": "Rye Lane, Southwark", "picked": "Rye Lane, Southwark"}
    )

    assert response["Location"] == question_address("meeting-place")
    assert Draft.objects.get().answers["area"]["borough"] == "E09000028"


@pytest.mark.parametrize(
    ("place", "picked"),
    [
        ("Rye Lane, Southwark", ""),  # typed, with nothing picked
        ("Rye Lane", "Rye Lane, Southwark"),  # picked, then changed
        ("Rye", "Rye"),  # not in the list
    ],
)
def test_not_sure_asks_which_place_if_none_was_picked(at_question, place, picked):
    client = at_question("area")
    answer_question(client, "area", {"how": "not_sure"})

    response = client.post(question_address("not-sure"), {"place": place, "picked": picked})

    assert response.status_code == 200
    assert "Which of these is it?" in response.text


def test_not_sure_sends_the_city_to_its_own_force(at_question):
    client = at_question("area")
    answer_question(client, "area", {"how": "not_sure"})

    response = client.post(question_address("not-sure"), {"place": "City of London", "picked": "City of London"})

    assert response["Location"] == question_address("city")


def _first_value(response):
    form = response.context["form"]
    return form.fields["found"].choices[0][0]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"place": ""}, "Enter the name of a place"),
        ({"place": "Xyzzyville"}, "We cannot find a place of that name in London"),
        ({"place": "p" * 10_000}, "Name of the place must be 100 characters or fewer"),
        ({"place": "Peckham", "searched": "Peckham"}, "Choose one of these places"),
        ({"place": "Peckham", "searched": "Peckham", "found": "E09000001:"}, "Choose one of the answers shown"),
    ],
)
def test_not_sure_shows_errors_for_missing_answers(at_question, answers, sentence):
    client = at_question("area")

    response = client.post(question_address("not-sure"), answers)

    assert response.status_code == 422
    assert sentence in response.text


def test_another_borough_asks_for_the_meeting_place_again(at_question, camden):
    client = at_question("name")

    response = answer_question(client, "area", {"how": "borough", "borough": camden.gss})

    assert response["Location"] == question_address("meeting-place")
    assert "Peckham" not in client.get(question_address("meeting-place")).text


def test_another_borough_asks_again_for_times_it_does_not_allow(at_question, camden):
    camden.bcu.notice_days = 20
    camden.bcu.save()
    client = at_question("check")
    answer_question(client, "area", {"how": "borough", "borough": camden.gss})
    answer_question(client, "meeting-place", {"how": "suggest"})

    response = client.get(CHECK, follow=True)

    assert response.redirect_chain == [(question_address("when"), 302)]
    assert "First choice must be between" in response.text
