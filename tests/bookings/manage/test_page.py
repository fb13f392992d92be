import base64
import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.locks import lock_booking
from bookings.manage import jobs
from bookings.manage.actions import open_by_reference
from bookings.manage.page import HEADLINES, WALK_HEADLINES
from bookings.manage.views import CancelPage
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.links import Link, LinkRequest
from bookings.models.offers import Offer
from bookings.statuses import Channel, DeclineReason, Status
from outbox.models import Message
from tests.support.decisions import cancel_now, decline_now
from tests.support.factories import BookingFactory, OfferFactory, WalkFactory, scheduled_booking
from tests.support.lock_waits import press_while_locked
from tests.support.markup import Markup
from tests.support.page_text import page_text
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db


def hidden_of(response):
    fields = [tag.attrs for tag in Markup(response.text).all("input") if tag.attrs.get("type") == "hidden"]
    return {each["name"]: each["value"] for each in fields}


@pytest.fixture
def booked(officer, second_officer):
    return scheduled_booking([officer, second_officer])


def test_page_shows_every_line_of_the_walk_card(client, booked):
    response = client.get(create_page_link(booked))

    text = response.content.decode()
    for line in ("Peckham Rye station, by the flower stall", "Back at the start", "London time", "green lantern"):
        assert line in text
    for officer in booked.walk.live_officers():
        assert officer.name in text
        assert officer.shoulder_number in text
    assert booked.spoken_reference in text


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.WAITING])
def test_page_never_gives_a_number_to_call_alone(status, client, booked):
    """A woman who is deaf, or can't speak where she is, reaches the team by text relay."""
    Booking.objects.update(status=status)

    html = client.get(create_page_link(booked)).text

    assert "18001 020 7946 0101 in the Relay UK app" in page_text(html)
    assert 'href="tel:1800102079460101">18001 020 7946 0101</a>' in html


def test_page_after_nobody_came_gives_the_duty_number_by_text_too(client, booked):
    Walk.objects.update(start_at=timezone.now() - datetime.timedelta(minutes=20))
    page = create_page_link(booked)

    client.post(page + "nobody-came/")

    called = page_text(client.get(page).text).partition("Call this number now")[2]
    assert "Without speaking: dial 18001 020 7946 0101 in the Relay UK app and type." in called


def test_page_reads_the_open_offers_once(client, southwark):
    page = create_page_link(OfferFactory(booking__borough=southwark).booking)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)

    assert len(response.context["open_offers"]) == 1
    assert len([query for query in queries if f'FROM "{Offer._meta.db_table}"' in query["sql"]]) == 1


def test_headlines_name_a_walk_on_the_public_host_alone():
    assert str(WALK_HEADLINES[Status.SCHEDULED]) == "Your walk is booked"
    assert set(WALK_HEADLINES) == set(HEADLINES) == set(Status)
    assert [words for words in map(str, HEADLINES.values()) if "walk" in words.lower()] == []


def test_page_is_never_stored(client, booked):
    assert "no-store" in client.get(create_page_link(booked))["Cache-Control"]


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_page_asks_for_the_pin_without_private_email(client, channel, officer, second_officer):
    page = create_page_link(scheduled_booking([officer, second_officer], channel=channel))

    before = client.get(page).content.decode()
    wrong = client.post(page, {"pin": "111111"})
    right = client.post(page, {"pin": PIN}, follow=True).content.decode()

    assert "flower stall" not in before
    assert wrong.status_code == 422
    assert "flower stall" in right


def test_pin_page_carries_typed_answers_along(client, officer, second_officer):
    booking = scheduled_booking([officer, second_officer], channel=Channel.DISCREET)
    page = create_page_link(booking) + "cancel/"

    asked = client.post(page, {"note": ["<b>one</b>", "two"]})
    wrong = client.post(page, hidden_of(asked) | {"pin": "111111"})
    client.post(page, hidden_of(wrong) | {"pin": PIN})

    assert "What is your PIN?" in asked.text
    assert set(hidden_of(asked)) == {"kept", "csrfmiddlewaretoken"}
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_REQUESTER


def test_pin_page_gives_back_every_typed_value(client, officer, second_officer):
    booking = scheduled_booking([officer, second_officer], channel=Channel.DISCREET)
    page = create_page_link(booking) + "change/"

    asked = client.post(page, {"first_start": "half past", "also": ["weekends", "weekday_evenings"]})
    back = client.post(page, hidden_of(asked) | {"pin": PIN})

    assert back.context["form"]["first_start"].value() == "half past"
    assert back.context["form"]["also"].value() == ["weekends", "weekday_evenings"]


def test_pin_page_reveals_neither_question_nor_answers(client, officer, second_officer):
    booking = scheduled_booking([officer, second_officer], channel=Channel.DISCREET)

    asked = client.post(create_page_link(booking) + "cancel/", {"meeting_place": "By the police station"})

    assert "meeting_place" not in asked.text
    assert "police station" not in asked.text
    assert base64.urlsafe_b64decode(hidden_of(asked)["kept"]).isascii() is False


def test_pin_page_ignores_answers_typed_on_another_booking(client, officer, second_officer):
    hers, other = (scheduled_booking([o], channel=Channel.DISCREET) for o in (officer, second_officer))
    sealed = hidden_of(client.post(create_page_link(other) + "cancel/", {"note": "two"}))

    response = client.post(create_page_link(hers) + "cancel/", sealed | {"pin": PIN})

    hers.refresh_from_db()
    assert response.status_code == 302
    assert hers.status == Status.SCHEDULED


def test_page_pauses_after_five_wrong_pins_from_one_network(client, officer, second_officer):
    page = create_page_link(scheduled_booking([officer, second_officer], channel=Channel.DISCREET))
    for _ in range(5):
        client.post(page, {"pin": "111111"})

    paused = client.post(page, {"pin": PIN})
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(page, {"pin": PIN})

    assert "Wait 15 minutes" in paused.content.decode()
    assert elsewhere.status_code == 302


def test_page_refuses_an_expired_or_revoked_link(client, booked):
    expired = create_page_link(booked, expires_in=-datetime.timedelta(seconds=1))
    revoked = create_page_link(booked)
    Link.objects.filter(expires_at__gt=timezone.now()).update(revoked_at=timezone.now())

    for page in (expired, revoked, reverse("manage:page", args=["made-up"])):
        response = client.get(page)
        assert response.status_code == 404
        assert "This link doesn’t work any more" in response.content.decode()


def test_confirm_needs_a_post(client):
    booking = BookingFactory(confirmed_at=None)
    page = create_page_link(booking)

    client.get(page)
    client.get(page + "confirm/")
    booking.refresh_from_db()
    before = booking.confirmed_at
    client.post(page + "confirm/")
    booking.refresh_from_db()

    assert before is None
    assert booking.confirmed_at is not None


def test_report_not_mine_needs_a_post(client):
    booking = BookingFactory(confirmed_at=None)

    client.post(create_page_link(booking) + "not-me/")

    booking.refresh_from_db()
    assert booking.status == Status.NOT_MINE


def test_cancel_asks_before_it_cancels(client, booked):
    page = create_page_link(booked)

    asked = client.get(page + "cancel/")
    booked.refresh_from_db()
    before = booked.status
    client.post(page + "cancel/")
    booked.refresh_from_db()

    assert asked.status_code == 200
    assert before == Status.SCHEDULED
    assert booked.status == Status.CANCELLED_BY_REQUESTER


def test_calendar_downloads_the_walk(client, booked):
    response = client.get(create_page_link(booked) + "calendar.ics")

    assert response["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in response.content


def test_calendar_has_an_alarm_only_by_its_own_link(client, booked):
    page = create_page_link(booked)

    assert f'href="{page}calendar.ics?alarm"' in client.get(page).text
    assert b"VALARM" not in client.get(f"{page}calendar.ics").content
    assert b"BEGIN:VALARM" in client.get(f"{page}calendar.ics?alarm").content


def test_page_shows_the_inspectors_reason_and_words(client, inspector):
    booking = BookingFactory(channel=Channel.NONE)
    decline_now(booking, inspector, message="Ask again in January.")

    text = client.post(create_page_link(booking), {"pin": PIN}, follow=True).content.decode()

    assert DeclineReason.OTHER.label in text
    assert "Ask again in January." in text


def test_page_of_a_walk_we_cancelled_says_where_not_to_go(client, booked, inspector):
    cancel_now(booked, inspector, message="We will ring you.")

    text = " ".join(client.get(create_page_link(booked)).content.decode().split())

    assert f"Please do not go to <strong>{booked.walk.meeting_place}</strong>" in text
    assert "We cancelled because an officer is unwell. We’re sorry." in text
    assert "We will ring you." in text


def test_find_opens_the_page_by_reference_and_pin_however_typed(client, booked):
    typed = booked.spoken_reference.lower().replace("-", " ")

    response = client.post(reverse("manage:find_booking"), {"reference": typed, "pin": PIN}, follow=True)

    assert "flower stall" in response.content.decode()


def test_find_gives_one_error_for_a_wrong_reference_and_a_wrong_pin(client, booked):
    wrong_pin = client.post(reverse("manage:find_booking"), {"reference": booked.reference, "pin": "111111"})
    wrong_reference = client.post(reverse("manage:find_booking"), {"reference": "0" * 13, "pin": PIN})

    assert wrong_pin.status_code == wrong_reference.status_code == 422
    assert wrong_pin.context["error_summary"] == wrong_reference.context["error_summary"]


def test_find_with_a_reference_alone_sends_the_link_and_reveals_nothing(client, booked):
    known = client.post(reverse("manage:find_booking"), {"reference": booked.reference})
    unknown = client.post(reverse("manage:find_booking"), {"reference": "0" * 13})
    written = LinkRequest.objects.count()
    jobs.resend_links(timezone.now())

    assert known.content == unknown.content
    assert written == 2
    assert Message.objects.get().recipient == "maya@example.com"
    assert not LinkRequest.objects.exists()


def test_open_by_reference_confirms_the_booking():
    booking = BookingFactory(confirmed_at=None, channel=Channel.NONE)

    open_by_reference(reference=booking.reference, pin=PIN, network="192.0.2.1")

    booking.refresh_from_db()
    assert booking.confirmed_at is not None


def test_discreet_host_serves_the_requesters_page_only(client, booked, settings):
    token = Link.objects.create_token(booked, Link.Purpose.PAGE, expires_at=timezone.now() + datetime.timedelta(days=1))

    hers = client.get(f"/r/{token}/", headers={"host": settings.DISCREET_HOST})
    others = [
        client.get(path, headers={"host": settings.DISCREET_HOST}).status_code
        for path in ("/request/", "/my-walk/", "/staff/sign-in/", "/admin/", "/safety/")
    ]

    assert hers.status_code == 200
    assert Markup(hers.text).title == "Your appointment"
    assert others == [404] * 5


def test_right_pins_are_not_counted_and_may_have_spaces(client, officer, second_officer):
    page = create_page_link(scheduled_booking([officer, second_officer], channel=Channel.DISCREET))

    answers = [Client().post(page, {"pin": "402 817"}).status_code for _ in range(6)]

    assert answers == [302] * 6


def test_pin_pause_counts_an_ipv6_prefix_as_one_network(officer, second_officer):
    page = create_page_link(scheduled_booking([officer, second_officer], channel=Channel.DISCREET))
    for number in range(5):
        Client(REMOTE_ADDR=f"2001:db8:0:1::{number + 1}").post(page, {"pin": "111111"})

    same_line = Client(REMOTE_ADDR="2001:db8:0:1::99").post(page, {"pin": PIN})
    another_line = Client(REMOTE_ADDR="2001:db8:0:2::1").post(page, {"pin": PIN})

    assert "Wait 15 minutes" in same_line.content.decode()
    assert another_line.status_code == 302


@pytest.mark.parametrize("spelt", ["{host}", "{domain}.:{port}"])
def test_discreet_host_is_recognised_however_it_is_spelt(client, settings, spelt):
    domain, _, port = settings.DISCREET_HOST.partition(":")
    host = spelt.format(host=settings.DISCREET_HOST, domain=domain, port=port)

    assert client.get("/request/", headers={"host": host}).status_code == 404


def test_refusal_reads_the_booking_and_its_rows_again(booked):
    assert (booked.version, booked.contact.accompanied, booked.walk.set_off_at) == (1, False, None)
    now = timezone.now()
    Booking.objects.update(version=2)
    BookingContact.objects.update(accompanied=True)
    Walk.objects.update(set_off_at=now)

    again = CancelPage().find_again(booked, ActionError(""))

    assert (again.version, again.contact.accompanied, again.walk.set_off_at) == (2, True, now)


@pytest.mark.django_db(transaction=True)
def test_refusal_is_a_conflict_and_shows_the_booking_as_it_is_now(client, southwark, inspector):
    booking = BookingFactory(borough=southwark)
    page = create_page_link(booking) + "cancel/"

    response = press_while_locked(
        lambda: client.post(page), lock=lambda: lock_booking(booking), act=lambda: decline_now(booking, inspector)
    )

    assert response.status_code == 409
    assert response.context["booking"].status == Status.DECLINED
    assert "This booking is now" in response.context["error_summary"][0]["text"]


def test_page_after_an_unended_walk_asks_about_concerns(client, officer, second_officer):
    long_ago = timezone.now() - datetime.timedelta(days=2)
    walk = WalkFactory(bcu=officer.bcu, officers=[officer, second_officer], start_at=long_ago)
    page = create_page_link(scheduled_booking([officer, second_officer], walk=walk))

    text = client.get(page).content.decode()

    assert "Tell us what worries you" in text
    assert f"{page}cancel/" not in text


def test_resend_links_sends_one_in_ten_minutes(client, booked):
    for _ in range(3):
        client.post(reverse("manage:find_booking"), {"reference": booked.reference})

    jobs.resend_links(timezone.now())

    assert Message.objects.count() == 1
    assert not LinkRequest.objects.exists()


def test_resend_links_skips_an_unreadable_request(client, booked, caplog):
    unreadable = LinkRequest.objects.create(reference="X")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_linkrequest SET reference = 'broken' WHERE uuid = %s", [unreadable.pk])
    client.post(reverse("manage:find_booking"), {"reference": booked.reference})

    jobs.resend_links(timezone.now())

    assert Message.objects.count() == 1
    assert str(unreadable.pk) in caplog.text
