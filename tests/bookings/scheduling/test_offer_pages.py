"""The pages on which an offer is made, withdrawn and answered."""

import pytest
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.models.offers import Offer
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.scheduling.offers.actions import accept_offer, decline_offers, withdraw_offers
from bookings.statuses import OfferAnswer
from tests.support.concurrency import act_after_first_read
from tests.support.factories import BookingFactory, in_days
from tests.support.form_data import offer_data
from tests.support.offers import make_offers
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def get_address(name, *args):
    return reverse(name, args=args)


def test_offer_page_offers_the_typed_time(as_inspector, booking):
    response = as_inspector.post(
        get_address("scheduling:offer_times", booking.pk), {**offer_data(days=8), "version": booking.version}
    )

    assert response["Location"] == get_address("triage:booking", booking.pk)
    assert (Offer.objects.get().start_at, Offer.objects.get().place) == (in_days(8, 19, 0), "Peckham Rye")


NO_DATE = dict.fromkeys(["first_date_day", "first_date_month", "first_date_year"], "")


@pytest.mark.parametrize(
    ("wrong", "missing"),
    [
        ({"first_start": ""}, {"#id_first_start": "First time must include a time"}),
        ({"first_place": ""}, {"#id_first_place": "First time must include a place"}),
        (
            {"second_start": "7pm", "second_place": "Nunhead"},
            {"#id_second_date_day": "Second time must include a date"},
        ),
        (
            {"third_place": "Nunhead"},
            {
                "#id_third_date_day": "Third time must include a date",
                "#id_third_start": "Third time must include a time",
            },
        ),
        (
            NO_DATE | {"first_start": "soon"},
            {
                "#id_first_date_day": "First time must include a date",
                "#id_first_start": "First time must be a time, like 6:30pm",
            },
        ),
        (
            NO_DATE | {"first_start": "", "first_place": ""},
            {
                "#id_first_date_day": "First time must include a date",
                "#id_first_start": "First time must include a time",
                "#id_first_place": "First time must include a place",
            },
        ),
    ],
)
def test_offer_page_lists_everything_missing_and_links_to_each(wrong, missing, as_inspector, booking):
    response = as_inspector.post(
        get_address("scheduling:offer_times", booking.pk), {**offer_data(days=8), "version": booking.version, **wrong}
    )

    summary = {error["href"]: error["text"] for error in response.context["error_summary"]}
    assert response.status_code == 422
    assert summary == missing


@pytest.mark.parametrize("first_place", ["", "Peckham Rye station, main entrance"])
def test_offer_page_accepts_a_second_time_without_a_first(first_place, as_inspector, booking):
    second = {name.replace("first", "second"): value for name, value in offer_data(days=8).items()}

    as_inspector.post(
        get_address("scheduling:offer_times", booking.pk),
        {**second, "first_place": first_place, "version": booking.version},
    )

    assert [offer.start_at for offer in booking.offers.all()] == [in_days(8, 19, 0)]


def test_offer_page_keeps_the_form_if_the_requester_has_cancelled(as_inspector, booking):
    data = {**offer_data(days=8), "version": booking.version}
    cancel_booking_by_requester(booking)

    response = as_inspector.post(get_address("scheduling:offer_times", booking.pk), data)

    assert response.status_code == 409
    assert "“Cancelled by the requester” at" in response.text
    assert 'value="Peckham Rye"' in response.text


def test_withdraw_explains_what_happened_meanwhile(as_inspector, booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    shown_version = booking.version
    accept_offer(booking, offer=one.pk)

    response = as_inspector.post(get_address("scheduling:withdraw_offer", booking.pk), {"version": shown_version})

    assert response.status_code == 409
    assert "“Accepted an offer” at" in response.text


def test_schedule_page_begins_with_the_accepted_time(as_inspector, booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    accept_offer(booking, offer=one.pk)

    form = as_inspector.get(get_address("scheduling:schedule", booking.pk)).context["form"]

    assert form.initial["date"] == london.local(one.start_at).date()
    assert form.initial["meeting_place"] == "Place 8"


def requester_link_required(booking, name="manage:answer_offer"):
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30))
    return get_address(name, token)


def test_get_shows_the_offers_and_records_no_answer(client, booking, inspector):
    (one,) = make_offers(booking, inspector, 8)

    page = client.get(requester_link_required(booking, "manage:page"))
    form = client.get(requester_link_required(booking))

    assert one.when in page.text
    assert one.when in form.text
    assert Offer.objects.get().is_open


def test_requester_accepts_or_declines_with_one_press(client, southwark, inspector):
    for pick in ("yes", "none"):
        booking = BookingFactory(borough=southwark)
        (one,) = make_offers(booking, inspector, 8)
        client.post(
            requester_link_required(booking), {"choice": str(one.pk) if pick == "yes" else pick, "of": str(one.pk)}
        )

    assert [offer.answer for offer in Offer.objects.order_by("offered_at")] == [OfferAnswer.YES, OfferAnswer.NO]


def test_answer_to_a_withdrawn_offer_is_refused(client, booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    withdraw_offers(booking, by=inspector, version=booking.version)

    response = client.post(requester_link_required(booking), {"choice": str(one.pk), "of": str(one.pk)})

    assert response.status_code == 409
    assert "This offer has ended" in response.text


def test_answer_given_twice_at_the_same_moment_is_refused_the_second_time(client, booking, inspector):
    (one,) = make_offers(booking, inspector, 8)

    with act_after_first_read(Offer, lambda: decline_offers(Booking.objects.get(), offer=one.pk)):
        response = client.post(requester_link_required(booking), {"choice": str(one.pk), "of": str(one.pk)})

    assert response.status_code == 409
    assert "has ended, or you’ve already answered it" in response.text
    assert Offer.objects.get().answer == OfferAnswer.NO


def test_answer_to_an_earlier_round_leaves_the_later_one_open(client, booking, inspector):
    (one,) = make_offers(booking, inspector, 8)
    withdraw_offers(booking, by=inspector, version=booking.version)
    (two,) = make_offers(booking, inspector, 9)

    picked = client.post(requester_link_required(booking), {"choice": str(one.pk), "of": str(one.pk)})
    refused = client.post(requester_link_required(booking), {"choice": "none", "of": str(one.pk)})

    two.refresh_from_db()
    assert (picked.status_code, refused.status_code) == (422, 409)
    assert two.is_open
