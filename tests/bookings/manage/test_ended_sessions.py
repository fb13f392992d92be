"""Sessions that name an erased booking end; others stay."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from bookings.manage.jobs import end_sessions_of_erased_bookings
from bookings.statuses import Channel
from tests.support.data_rights import link_to
from tests.support.factories import BookingFactory
from tests.support.requester_pages import PIN, create_page_link

pytestmark = pytest.mark.django_db


def test_sessions_of_an_erased_booking_end(southwark, as_inspector):
    hers, others = (BookingFactory(borough=southwark, channel=Channel.DISCREET) for _ in range(2))
    copied = BookingFactory(borough=southwark)
    for address in (create_page_link(hers), create_page_link(others), link_to("copy", copied)):
        Client().post(address, {"pin": PIN})
    before = Session.objects.count()
    for booking in (hers, copied):
        booking.erased_at = timezone.now()
        booking.save()

    end_sessions_of_erased_bookings(timezone.now())

    left = [str(session.get_decoded()) for session in Session.objects.all()]
    assert before == 4  # the inspector's too
    assert len(left) == 2
    assert any(str(others.pk) in text for text in left)
    assert not any(str(booking.pk) in text for booking in (hers, copied) for text in left)
