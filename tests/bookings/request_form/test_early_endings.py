"""Answers that end the form: danger, a requester under 18, and places outside our area."""

import pytest

from bookings.models.drafts import Draft
from tests.support.factories import BoroughFactory
from tests.support.request_form import START, question_address


def test_danger_ends_the_form(at_question):
    client = at_question("contact")

    response = client.post(START, {"danger": "yes"}, follow=True)

    assert response.redirect_chain == [("/request/danger/", 302)]
    assert "press <strong>55</strong>" in response.text
    assert "999bsl.co.uk" in response.text
    assert not Draft.objects.exists()
    assert client.get(question_address("age"))["Location"] == START


def test_under_18_gets_other_help_and_no_further_question(at_question):
    client = at_question("age")

    response = client.post(question_address("age"), {"adult": "no"}, follow=True)

    assert response.redirect_chain == [("/request/accompanied/", 302), ("/request/under-18/", 302)]
    assert "0800 1111" in response.text
    assert client.get(question_address("meeting-place"))["Location"] == question_address("accompanied")


def test_postcode_outside_london_names_the_local_force(at_question):
    client = at_question("area")

    response = client.post(question_address("area"), {"place": "KT22 7TT"}, follow=True)

    assert response.redirect_chain == [("/request/not-london/", 302)]
    assert "Surrey Police" in response.text
    assert client.get(question_address("meeting-place"))["Location"] == question_address("area")


def test_postcode_in_scotland_ends_the_form(at_question):
    client = at_question("area")

    response = client.post(question_address("area"), {"place": "EH1 1YZ"}, follow=True)

    assert response.redirect_chain == [("/request/not-london/", 302)]


@pytest.mark.parametrize("given", [{"place": "EC2V 7HH"}, {"place": "City of London"}])
def test_city_of_london_is_sent_to_its_own_walks(at_question, given):
    BoroughFactory(gss="E09000001", slug="city-of-london", name="City of London", bcu=None)
    client = at_question("area")

    response = client.post(question_address("area"), given, follow=True)

    assert response.redirect_chain == [("/request/city/", 302)]
    assert "City of London Police" in response.text
