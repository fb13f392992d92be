"""Email addresses that ask repeatedly are flagged to inspectors, counting only bookings that each can see."""

import datetime

from django.utils import timezone

from tests.support.factories import BookingFactory, InspectorFactory

QUEUE = "/staff/bookings/"


def days_ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def flags(response):
    return sorted(flag.text for row in response.context["rows"] for flag in row.flags if "times" in flag.text)


def test_queue_and_page_show_the_number_of_requests_from_an_address(as_inspector, southwark):
    first = BookingFactory(borough=southwark, asked_at=days_ago(89))
    BookingFactory(borough=southwark, contact__email="MAYA@example.com ")
    BookingFactory(borough=southwark, contact__email="other@example.com")
    BookingFactory(borough=southwark, asked_at=days_ago(91))

    queue = as_inspector.get(QUEUE)
    page = as_inspector.get(f"{QUEUE}{first.pk}/")

    assert flags(queue) == ["Asked 2 times in 90 days"] * 3
    assert "Asked 2 times in 90 days" in page.text


def test_bookings_the_inspector_cannot_see_are_not_counted(as_inspector, southwark, camden):
    own_booking = BookingFactory(borough=southwark)
    BookingFactory(borough=camden)
    BookingFactory(borough=southwark, nominated_inspector=InspectorFactory(bcu=camden.bcu))

    queue = as_inspector.get(QUEUE)

    assert flags(queue) == []
    assert "times in 90 days" not in as_inspector.get(f"{QUEUE}{own_booking.pk}/").text


def test_requesters_without_an_address_are_not_counted_together(as_inspector, southwark):
    for _each in range(2):
        BookingFactory(borough=southwark, contact__email="", contact__email_hmac="")

    assert flags(as_inspector.get(QUEUE)) == []
