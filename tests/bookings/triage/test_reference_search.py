"""The search for a booking by its reference."""

import pytest

from bookings.models.bookings import Booking
from tests.support.staff_addresses import staff_address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["{0}", " {1} ", "{2}", "{3}"])
def test_find_accepts_a_reference_however_typed(typed, as_inspector, booking):
    plain = booking.reference
    typed = typed.format(plain, booking.spoken_reference, plain.lower(), " ".join(plain))

    response = as_inspector.post("/staff/bookings/find/", {"reference": typed})

    assert response.status_code == 302
    assert response["Location"] == staff_address("triage:booking", booking)


@pytest.mark.parametrize("kept", [False, True])
def test_find_gives_one_answer_for_hidden_and_unknown_bookings(kept, client, stranger, booking, bcu, inspector):
    if kept:
        Booking.objects.update(nominated_inspector=stranger)
    client.force_login(inspector if kept else stranger)

    answers = [
        client.post("/staff/bookings/find/", {"reference": reference})
        for reference in (booking.reference, "0123456789ABC")
    ]

    said = [each.context["error_summary"][0]["text"] for each in answers]
    assert said[0] == said[1]
    assert "has this reference" in said[0]


def test_find_says_what_a_reference_looks_like(as_inspector):
    response = as_inspector.post("/staff/bookings/find/", {"reference": "K7QX"})

    assert response.status_code == 422
    assert "A reference has 13 letters and numbers" in response.text
