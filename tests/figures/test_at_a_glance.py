"""A lead begins with London in numbers: none that points to a woman, and nothing else."""

import datetime

import pytest
from django.utils import timezone

from bookings.statuses import Status
from tests.support.factories import BookingFactory, WalkFactory, in_days, scheduled_booking
from tests.support.feedback_factories import ConcernFactory
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

PAGE = "/staff/today/london/"


@pytest.fixture
def client(client, lead):
    client.force_login(lead)
    return client


def numbers(client):
    """Return the texts of each row, by its name."""
    context = client.get(PAGE).context
    rows = {"London": context["total"]} | {bcu.name: cells for bcu, cells in context["rows"]}
    return {name: [cell.text for cell in cells] for name, cells in rows.items()}


def test_start_page_of_a_lead_is_london_today(client):
    assert client.get("/staff/").headers["Location"] == PAGE


def test_numbers_of_each_bcu_and_of_london(client, southwark, camden, officer, second_officer):
    late = timezone.now() - datetime.timedelta(hours=1)
    bookings = BookingFactory.create_batch(5, borough=southwark, answer_due_at=late)
    BookingFactory.create_batch(6, borough=camden)
    for booking in bookings:
        ConcernFactory(report__booking=booking)
    for hours in range(5):
        start_at = in_days(2) + datetime.timedelta(hours=hours * 2)
        walk = WalkFactory(bcu=southwark.bcu, officers=[officer, second_officer], start_at=start_at)
        scheduled_booking([officer, second_officer], borough=southwark, walk=walk)

    assert numbers(client) == {
        "London": ["5", "0", "6", "0", "5", "5"],
        southwark.bcu.name: ["5", "0", "0", "0", "5", "5"],
        camden.bcu.name: ["0", "0", "6", "0", "0", "0"],
    }


def test_small_numbers_and_what_would_reveal_them_are_not_shown(client, southwark, camden):
    BookingFactory.create_batch(4, borough=southwark)
    BookingFactory.create_batch(7, borough=camden)

    shown = numbers(client)

    assert (shown[southwark.bcu.name][2], shown[camden.bcu.name][2], shown["London"][2]) == (
        "not shown",
        "not shown",
        "11",
    )


@pytest.mark.parametrize("rest", [{}, {"status": Status.OFFERED}])
def test_no_number_is_part_of_another_so_no_difference_tells_a_small_one(rest, client, southwark, camden):
    now = timezone.now()
    BookingFactory.create_batch(5, borough=southwark, answer_due_at=now - datetime.timedelta(hours=1))
    BookingFactory.create_batch(6, borough=southwark, answer_due_at=now + datetime.timedelta(minutes=5))
    BookingFactory.create_batch(2, borough=southwark, **rest)
    BookingFactory.create_batch(8, borough=camden)

    shown = numbers(client)

    assert shown[southwark.bcu.name][:3] == ["5", "6", "not shown"]
    assert shown["London"][:3] == ["5", "6", "10"]


def test_restricted_rows_are_counted_nowhere(client, southwark, stranger, officer):
    for _ in range(6):
        booking = BookingFactory(borough=southwark, nominated_inspector=stranger)
        ConcernFactory(report__booking=booking)
    WalkFactory(bcu=stranger.bcu, nominated_inspector=stranger, start_at=in_days(2))

    assert {text for texts in numbers(client).values() for text in texts} == {"0"}


def test_page_says_nothing_of_a_requester(client, southwark, officer):
    booking = BookingFactory(borough=southwark)
    ConcernFactory(report__booking=booking, place="Choumert Road")

    page = client.get(PAGE).text

    details = [booking.contact.name, booking.contact.email, booking.reference, booking.spoken_reference]
    assert not [detail for detail in [*details, "Choumert Road", officer.name] if detail in page]


def test_page_takes_no_more_queries_for_more_bcus(client, southwark):
    BookingFactory(borough=southwark)
    one = count_queries(client, PAGE)
    BookingFactory.create_batch(3)

    assert count_queries(client, PAGE) == one <= 15


def test_page_without_bcus_says_what_to_do(client):
    assert "Ask your administrator to add them." in client.get(PAGE).text
