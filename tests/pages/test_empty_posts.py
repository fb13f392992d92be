"""A POST without data, such as a form that was sent again after signing in, never fails with a server error."""

from uuid import UUID

import pytest
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from tests.support.access_table import ALL_PEOPLE
from tests.support.addresses import every_name, rolled_back
from tests.support.booking_situations import SITUATIONS, make_booking
from tests.support.factories import BookingFactory, ClaimFactory
from tests.support.world import token_for
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db


# Their pages are those of a waiting booking.
LIKE_ANOTHER = (
    "waits without messages",
    "waits unconfirmed",
    "waits, discreet",
    "frozen",
    "marked",
    "marked and closed",
)


def press(world, who, address):
    """Return the status of an empty POST to this address, and undo what it did."""
    client = world.enter(who)
    client.raise_request_exception = False
    with rolled_back():
        return client.post(address, {}).status_code


@pytest.mark.parametrize("who", ALL_PEOPLE)
def test_no_empty_post_is_a_server_error(who, module_world):
    client = module_world.enter(who)
    client.raise_request_exception = False

    statuses = {}
    for name in every_name():
        with rolled_back():
            statuses[name] = module_world.ask(client, name, "POST", data={}).status_code

    assert {name: status for name, status in statuses.items() if status >= 500} == {}
    assert len(statuses) > 150


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if name not in LIKE_ANOTHER])
def test_no_empty_post_about_a_booking_is_a_server_error(situation, module_world):
    """A page that is closed in this situation says so, even if it was sent nothing."""
    with rolled_back():
        booking, officer = make_booking(module_world, situation)
        Claim.objects.get_or_create(booking=booking, defaults={"officer": module_world.people["inspector"]})
        module_world.people["situation officer"] = officer

        statuses = {
            (name, who): press(module_world, who, address)
            for name, who, address in addresses_about(module_world, booking)
        }

    assert {line: status for line, status in statuses.items() if status >= 500} == {}
    assert len(statuses) > 40


def addresses_about(world, booking):
    """Yield the name and address of each page about this booking or its walk, with each person who may open it."""
    token = token_for(booking)
    for name, args in world.args.items():
        first = args[0] if args else None
        if name.startswith(("manage:", "feedback:")) and isinstance(first, str):
            yield name, "signed_out", reverse(name, args=[token, *args[1:]])
        elif isinstance(first, UUID) and Booking.objects.filter(pk=first).exists():
            yield name, "inspector", reverse(name, args=[booking.pk, *args[1:]])
        elif isinstance(first, UUID) and booking.walk_id and Walk.objects.filter(pk=first).exists():
            is_about_booking = len(args) == 2 and Booking.objects.filter(pk=args[1]).exists()
            rest = [booking.pk] if is_about_booking else args[1:]
            for who in ("inspector", "situation officer"):
                yield name, who, reverse(name, args=[booking.walk_id, *rest])


def test_empty_post_to_a_closed_page_says_that_nothing_was_saved(module_world):
    with rolled_back():
        inspector = module_world.people["inspector"]
        booking = BookingFactory(borough=inspector.bcu.boroughs.first())
        ClaimFactory(booking=booking, officer=inspector)

        response = module_world.enter("inspector").post(
            reverse("scheduling:cancel", args=[booking.pk]), {}, follow=True
        )

    assert response.redirect_chain == [(reverse("triage:booking", args=[booking.pk]), 302)]
    assert "Nothing was saved" in response.text
