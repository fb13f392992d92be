"""Offering one date of a recurring walk to several requesters at once."""

import datetime

import pytest

from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.models.preferred_times import PreferredTime
from bookings.statuses import Channel, Status
from tests.support.factories import ClaimFactory, PreferredTimeFactory, RecurringWalkFactory
from tests.support.many import do, done, left, open_act
from walkandtalk.lib import london
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

OFFER = "scheduling:offer_recurring_walk_to_many"
NO_NEEDS = {"contact__needs": [], "contact__needs_details": ""}


@pytest.fixture
def recurring_walk(bcu, team):
    return RecurringWalkFactory(bcu=bcu, officers=team)


@pytest.fixture
def make(southwark, inspector):
    def make(**fields):
        fields = {f"booking__{name}": value for name, value in {**NO_NEEDS, **fields}.items()}
        return ClaimFactory(booking__borough=southwark, officer=inspector, **fields).booking

    return make


def dates(recurring_walk):
    first = london.today() + datetime.timedelta(days=2)
    return list(recurring_walk.dates(first, first + datetime.timedelta(days=40)))


def code(recurring_walk, date):
    return f"{recurring_walk.pk}:{date.isoformat()}"


def test_each_gets_an_offer_of_the_same_walk(as_inspector, make, recurring_walk):
    bookings = [make(), make()]
    date = dates(recurring_walk)[0]

    summary = do(as_inspector, OFFER, *bookings, choice=code(recurring_walk, date))

    walk = Walk.objects.get()
    assert done(summary) == {booking.pk for booking in bookings}
    assert {(offer.booking_id, offer.walk_id) for offer in Offer.objects.all()} == {(b.pk, walk.pk) for b in bookings}
    assert {booking.status for booking in Booking.objects.all()} == {Status.OFFERED}


def test_those_who_cannot_are_left_with_the_reason(as_inspector, make, recurring_walk):
    fits, in_private = make(), make(channel=Channel.DISCREET)
    needs = make(contact__needs=["bsl"], contact__adjustments_by=False)
    date = dates(recurring_walk)[0]

    summary = do(as_inspector, OFFER, fits, in_private, needs, choice=code(recurring_walk, date))

    assert done(summary) == {fits.pk}
    assert "She can’t share a walk" in left(summary)[in_private.pk]
    assert "British Sign Language" in left(summary)[needs.pk]


def test_day_for_which_most_asked_comes_first(as_inspector, make, recurring_walk):
    bookings = [make(), make(), make()]
    later = dates(recurring_walk)[2]
    PreferredTime.objects.update(date=later + datetime.timedelta(days=1))  # else on Mondays it's a day of the walk
    for booking in bookings[:2]:
        PreferredTimeFactory(booking=booking, date=later, rank=2)

    page = open_act(as_inspector, OFFER, *bookings)

    first, second = list(page.context["form"].dates.values())[:2]
    assert (first.date, first.asked) == (later, 2)
    assert "2 of 3 asked for that day" in page.text
    assert (second.date, second.why.startswith("0")) == (dates(recurring_walk)[0], False)


def test_page_without_any_date_offers_no_button(as_inspector, make):
    page = open_act(as_inspector, OFFER, make())

    assert "No recurring walk has a free place" in page.text
    assert "Offer them this date" not in page.text
