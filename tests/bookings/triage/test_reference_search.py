"""The search for a booking by its reference."""

import pytest

from bookings.models.bookings import Booking
from tests.support.staff_addresses import staff_address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("template", ["{0}", " {1} ", "{2}", "{3}"])
def test_find_accepts_a_reference_in_any_spelling(template, as_inspector, booking):
    reference = booking.reference
    typed_text = template.format(reference, booking.spoken_reference, reference.lower(), " ".join(reference))

    response = as_inspector.post("/staff/bookings/find/", {"reference": typed_text})

    assert response.status_code == 302
    assert response["Location"] == staff_address("triage:booking", booking)


@pytest.mark.parametrize("is_restricted", [False, True])
def test_find_gives_one_answer_for_hidden_and_unknown_bookings(
    is_restricted, client, stranger, booking, bcu, inspector
):
    if is_restricted:
        Booking.objects.update(nominated_inspector=stranger)
    client.force_login(inspector if is_restricted else stranger)

    answers = [
        client.post("/staff/bookings/find/", {"reference": reference})
        for reference in (booking.reference, "0123456789ABC")
    ]

    errors = [answer.context["error_summary"][0]["text"] for answer in answers]
    assert errors[0] == errors[1]
    assert "has this reference" in errors[0]


def test_find_describes_the_form_of_a_reference(as_inspector):
    response = as_inspector.post("/staff/bookings/find/", {"reference": "K7QX"})

    assert response.status_code == 422
    assert "A reference has 13 letters and numbers" in response.text
