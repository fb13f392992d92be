import pytest
from django.urls import get_urlconf, set_urlconf

from bookings import links
from bookings.statuses import Channel
from tests.support.factories import BookingFactory


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


def test_links_do_not_depend_on_the_requests_host(booking, settings):
    previous_urlconf = get_urlconf()
    set_urlconf(links.DISCREET_URLCONF)
    try:
        assert links.page_url(booking, "token") == f"{settings.PUBLIC_URL}/my-walk/token/"
        assert links.report_url(booking, "token") == f"{settings.PUBLIC_URL}/tell-us/token/"
    finally:
        set_urlconf(previous_urlconf)


def test_links_of_a_discreet_booking_are_neutral(booking, settings):
    booking.channel = Channel.DISCREET

    assert links.page_url(booking, "token") == f"{settings.DISCREET_URL}/r/token/"
    assert links.report_url(booking, "token") == f"{settings.DISCREET_URL}/r/token/tell/"
    assert links.find_booking_url(booking) == f"{settings.DISCREET_URL}/r/"
