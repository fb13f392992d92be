"""The page on which an inspector offers a place on an existing walk."""

import datetime

import pytest
from django.urls import reverse

from bookings.scheduling.shared_walks.views import WALKS_SHOWN
from bookings.statuses import Status
from tests.support.factories import SharingConsentFactory, WalkFactory, in_days, scheduled_booking
from tests.support.shared_walks import consent_to_sharing
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

NONE_FREE = "No walk has a free place now"


@pytest.fixture
def page(client, inspector, waiting_booking):
    client.force_login(inspector)
    return reverse("scheduling:offer_place", args=[waiting_booking.pk])


def make_walks(team, southwark, count, first_day=2):
    """Make a walk on each of so many days, whose requester has been asked and has not answered."""
    for day in range(first_day, first_day + count):
        walk = WalkFactory(bcu=southwark.bcu, start_at=in_days(day))
        SharingConsentFactory(booking=scheduled_booking(team, borough=southwark, walk=walk))


def test_a_walk_after_many_that_nobody_may_join_is_offered(client, page, southwark, team, joinable_booking):
    Walk.objects.update(start_at=in_days(50))
    make_walks(team, southwark, WALKS_SHOWN + 1)

    text = client.get(page).text

    assert f'value="{joinable_booking.walk.pk}"' in text
    assert NONE_FREE not in text
    assert 'href="?page=2"' in text  # the last of those whose requester has not answered


def test_walks_beyond_the_first_page_can_be_offered(client, page, southwark, team, waiting_booking):
    bookings = [
        scheduled_booking(team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, officers=team, start_at=start))
        for start in [in_days(2) + datetime.timedelta(days=day) for day in range(WALKS_SHOWN + 1)]
    ]
    for booking in bookings:
        consent_to_sharing(booking)
    last = bookings[-1].walk
    first_page, second_page = client.get(page).text, client.get(f"{page}?page=2").text

    form = client.get(page).context["form"]
    posted = {"walk": last.pk, "place": "Nunhead", "version": waiting_booking.version, **form.initial}
    client.post(f"{page}?page=2", {name: value for name, value in posted.items() if value is not None})

    waiting_booking.refresh_from_db()
    assert f'value="{last.pk}"' not in first_page
    assert f'value="{last.pk}"' in second_page
    assert waiting_booking.status == Status.OFFERED


def test_a_walk_that_filled_up_is_refused_with_the_reason(client, page, waiting_booking, joinable_booking):
    form = client.get(page).context["form"]
    Walk.objects.update(capacity=1)

    refused = client.post(page, {**form.initial, "walk": joinable_booking.walk.pk, "place": "Nunhead"})

    assert refused.status_code == 409
    assert "That walk is full: it takes 1. Choose another one." in refused.text


def test_a_walk_that_is_too_near_is_not_called_full(client, page, waiting_booking, joinable_booking):
    form = client.get(page).context["form"]
    Walk.objects.update(start_at=in_days(0, hour=23))

    refused = client.post(page, {**form.initial, "walk": joinable_booking.walk.pk, "place": "Nunhead"})

    assert "That walk is less than 24 hours away" in refused.text


def test_no_free_place_is_said_only_without_any(client, page, southwark, team):
    make_walks(team, southwark, 2)

    assert NONE_FREE in client.get(page).text
